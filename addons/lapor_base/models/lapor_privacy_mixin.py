from odoo import api, fields, models
from odoo.tools import html2plaintext

from ..tools.personal_data import KINDS, find_personal, mask_html, mask_personal

MASKED_FIELDS = ("name", "description", "place")


class LaporPrivacyMixin(models.AbstractModel):
    """Personal data inside the texts of a case.

    What leaves the circle of those who work on a case goes through :meth:`_public_text`. The
    texts of an anonymous case never hold the complainant's own name, numbers and addresses:
    they are masked when they come in, and the original is kept with the identity, which is
    opened with a reason (``lapor.identity.mixin``).
    """

    _name = "lapor.privacy.mixin"
    _description = "Personal Data in Texts"
    _inherit = ["lapor.case.mixin"]

    personal_hint = fields.Char(compute="_compute_personal_hint")

    @api.depends("name", "description", "place")
    @api.depends_context("lang")
    def _compute_personal_hint(self):
        labels = {
            "nik": self.env._("NIK or KK"),
            "npwp": "NPWP",
            "email": self.env._("e-mail address"),
            "phone": self.env._("telephone number"),
            "account": self.env._("account number"),
        }
        for complaint in self:
            text = "\n".join(complaint[name] or "" for name in MASKED_FIELDS)
            kinds = {found.kind for found in find_personal(text)}
            complaint.personal_hint = bool(kinds) and self.env._(
                "The text holds personal data (%(kinds)s). Outside those who work on the "
                "complaint they are masked.",
                kinds=", ".join(label for kind, label in labels.items() if kind in kinds),
            )

    def _own_identity(self):
        """What tells who the complainant is, as texts to look for.

        :rtype: list[str]
        """
        self.ensure_one()
        # As the system: masking is for those who may not know what is masked.
        complainant = self.sudo().complainant_id
        names = ("name", "email", "phone", "nik", "address")
        return [complainant[name] for name in names if complainant[name]]

    def _public_text(self, text):
        """A text of this case as it may leave the circle of those who work on it: without NIK,
        telephone, account numbers, addresses and the complainant's own name.

        :param text: plain text, or HTML as ``Markup``
        :returns: the same type
        """
        self.ensure_one()
        mask = mask_html if hasattr(text, "__html__") else mask_personal
        return type(text or "")(mask(text or "", self._own_identity(), KINDS))

    def _without_identity(self, text):
        """A text without what tells who the complainant is; other numbers, which may be what
        the complaint is about, stay. Plain text, or HTML as ``Markup``."""
        self.ensure_one()
        mask = mask_html if hasattr(text, "__html__") else mask_personal
        return type(text)(mask(text, self._own_identity(), ("own",)))

    def _mask_identity(self):
        """Keep the complainant out of the texts of anonymous cases; the originals go to where
        the identity is."""
        # As the system: whoever writes the text need not know who complained.
        for complaint in self.sudo().filtered(lambda case: case.is_anonymous):
            if not complaint.complainant_id:
                continue
            masked = {
                name: text
                for name in MASKED_FIELDS
                if complaint[name]
                and (text := complaint._without_identity(complaint[name])) != complaint[name]
            }
            if masked:
                complaint.complainant_id._keep_original(complaint[name] for name in masked)
                complaint._engine_write(masked)

    def _message_track(self, fields_iter, initial_values_dict):
        """The thread tells what a title was before; not so of an anonymous complainant's name."""
        # Takes names out of what the thread will tell.
        for complaint in self.sudo().filtered(lambda case: case.is_anonymous):
            before = initial_values_dict.get(complaint.id) or {}
            if before.get("name"):
                before["name"] = complaint._without_identity(before["name"])
        return super()._message_track(fields_iter, initial_values_dict)

    def _mask_thread(self):
        """Keep the complainant out of what a case that becomes anonymous has in its thread: the
        texts and the names of files."""
        # What hides an identity reaches everything, whoever made the case anonymous.
        for complaint in self.sudo().filtered(lambda case: case.complainant_id):
            for message in complaint.message_ids:
                body = complaint._without_identity(message.body)
                if body != message.body:
                    complaint.complainant_id._keep_original([html2plaintext(message.body)])
                    message.body = body
                for value in message.tracking_value_ids:
                    for name in ("old_value_char", "new_value_char"):
                        value[name] = value[name] and complaint._without_identity(value[name])
                if message.subject:
                    message.subject = complaint._without_identity(message.subject)
            files = self.env["ir.attachment"].search(
                [("res_model", "=", self._name), ("res_id", "=", complaint.id)]
            )
            for attachment in files:
                attachment.name = complaint._without_identity(attachment.name)
        held = self.env["lapor.mail.held"].sudo()
        held.search([("complaint_id", "in", self.ids)])._seal()
