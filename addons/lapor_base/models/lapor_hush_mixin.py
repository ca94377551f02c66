from markupsafe import Markup

from odoo import models
from odoo.tools import html2plaintext


class LaporHushMixin(models.AbstractModel):
    """What leaves the program about a hidden case (confidential, anonymous, misconduct) for staff,
    by mail or to their devices: the number of the case and a link, whatever was to be said.

    The words wait inside, for whoever may read the case then.
    """

    _name = "lapor.hush.mixin"
    _description = "Mails about Hidden Cases"
    _inherit = ["lapor.case.mixin"]

    def _is_hushed(self):
        """Whether mails to staff about this case may tell its number only."""
        return any(case.is_restricted or case.is_anonymous for case in self)

    def _hushed_mail(self, partner, headers):
        """What a mail to staff about this case becomes.

        :param partner: ``res.partner`` to whom it goes
        :param dict headers: those that it had
        :returns: values for ``_prepare_outgoing_list``
        """
        self.ensure_one()
        env = self.with_context(lang=partner.lang or self.env.lang).env
        body = Markup("<p>%s</p><p><a href='%s'>%s</a></p>") % (
            env._("There is news about complaint %s. It is read in the program only.", self.number),
            f"{self.get_base_url()}/odoo/pengaduan/{self.id}",
            env._("Open the Complaint"),
        )
        return {
            "subject": self.number,
            "body": body,
            "body_alternative": html2plaintext(body),
            "attachments": [],
            # Where a mail that cannot be delivered goes; the others speak of record and thread.
            "headers": {name: value for name, value in headers.items() if name == "Return-Path"},
            "message_id": False,
            "object_id": "",
            "references": False,
        }

    def _notify_by_web_push_prepare_payload(self, message, msg_vals=False, force_record_name=False):
        payload = super()._notify_by_web_push_prepare_payload(
            message, msg_vals=msg_vals, force_record_name=force_record_name
        )
        # Whether the case is hidden; what is told of it is less than the user may read.
        if self.sudo()._is_hushed():
            number = ", ".join(self.sudo().mapped("number"))
            payload["title"] = number
            payload["options"]["body"] = self.env._("There is news about complaint %s.", number)
        return payload
