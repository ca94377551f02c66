import lxml.html
from lxml import etree
from markupsafe import Markup

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessError
from odoo.tools import email_normalize, html2plaintext, parse_contact_from_email

from ..tools.plain_text import bare_subject, clean_line, clean_text, split_quoted


class LaporIntakeMixin(models.AbstractModel):
    """Mail becomes a complaint, or a message in the thread of one.

    The complainant's address is stored with the complainant only: messages in the thread
    carry the neutral author "Pelapor", so that hiding an identity later leaves no trace of
    it in the chatter.
    """

    _name = "lapor.intake.mixin"
    _description = "Mail Intake of Complaints"

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Make a complaint of a mail to an office's alias."""
        values = dict(custom_values or {})
        unit = self.env["lapor.unit"].browse(values.get("intake_unit_id"))
        text = self._mail_text(msg_dict)
        name, address = parse_contact_from_email(msg_dict.get("email_from") or "")
        company = unit.company_id or self.env.company
        complainant = self.env["lapor.complainant"].create(
            {
                "name": clean_line(name, 120) or address or self.env._("Unknown"),
                "email": address or False,
                "company_id": company.id,
            }
        )
        subject = clean_line(bare_subject(msg_dict.get("subject") or ""), 250)
        text = text or subject or self.env._("(No text; see the attached files.)")
        values.update(
            name=subject or clean_line(text, 80),
            description=text,
            channel_id=self.env.ref("lapor_base.channel_email").id,
            complainant_id=complainant.id,
            company_id=company.id,
        )
        return self.create([values])

    def message_update(self, msg_dict, update_vals=None):
        """Note that a message came in; the thread keeps its text."""
        # The gateway runs as the system; anybody else would feign the complainant's message.
        if not self.env.su:
            raise AccessError(self.env._("Messages of complainants come in by mail only."))
        self.env["lapor.event"]._log(
            [{"complaint": complaint, "code": "message_received"} for complaint in self]
        )
        return super().message_update(msg_dict, update_vals)

    def message_post(self, **kwargs):
        # Only the mail gateway posts as the superuser with the type of a received mail.
        if kwargs.get("message_type") != "email" or self.env.uid != SUPERUSER_ID:
            return super().message_post(**kwargs)
        message = super().message_post(**self._hide_sender(kwargs))
        # Acknowledged after its own message, so that the thread tells the story in order.
        if self.env.context.get("lapor_automatic_mail") is False and not self.response_ids:
            self._acknowledge()
        return message

    def _hide_sender(self, kwargs):
        """Replace the writer's address by the neutral author of the complaint's thread.

        A colleague's mail becomes an internal note; a stranger's is marked as such.
        """
        self.ensure_one()
        sender = email_normalize(kwargs.get("email_from"))
        known = self.complainant_id.email_normalized
        kwargs = dict(kwargs, incoming_email_to=False, incoming_email_cc=False)
        staff = self.env["res.users"].search(
            [("email_normalized", "=", sender), ("share", "=", False)], limit=1
        )
        if sender and sender != known and staff:
            kwargs.update(
                author_id=staff.partner_id.id,
                subtype_id=self.env.ref("mail.mt_note").id,
                partner_ids=[],
            )
            return kwargs
        if sender and sender != known:
            kwargs["body"] = (
                Markup("<p><em>%s</em></p>")
                % self.env._("Sent from another address than the complainant's.")
            ) + (kwargs.get("body") or "")
        kwargs.update(
            author_id=self.env.ref("lapor_base.partner_complainant").id,
            email_from=self.managing_unit_id._mail_sender() or self.company_id.email_formatted,
            subtype_id=self.env.ref("lapor_base.mt_complainant").id,
            partner_ids=[],
        )
        return kwargs

    @api.model
    def _mail_text(self, msg_dict):
        """What the writer says: the mail's text without pictures, emphasis and quoted tail."""
        body = str(msg_dict.get("body") or "").strip()
        if not body:
            return ""
        root = lxml.html.fromstring(body)
        etree.strip_elements(root, "img", "style", "script", with_tail=False)
        etree.strip_tags(root, "b", "strong", "i", "em", "u")
        if root.tag == "pre":
            text = root.text_content()
        else:
            text = html2plaintext(
                etree.tostring(root, encoding="unicode"), include_references=False
            )
        return split_quoted(clean_text(text))[0]

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        # The core looks for a field with the sender's address on the complaint itself.
        return [("complainant_id.email_normalized", "=", email_from_normalized)]

    def _notify_get_reply_to(self, default=None, author_id=False):
        replies = super()._notify_get_reply_to(default=default, author_id=author_id)
        for complaint in self.sudo():
            address = complaint.managing_unit_id.alias_email
            if address:
                replies[complaint.id] = address
        return replies

    def _acknowledge(self):
        """Tell new complainants who can be reached by mail their number and tracking code."""
        for complaint in self:
            if complaint.channel_id.delivery == "email" and complaint.complainant_id.email:
                self.env["lapor.response"]._acknowledge(complaint)
