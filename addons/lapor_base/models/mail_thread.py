from odoo import api, models

from .lapor_mail_sorter import UNREADABLE


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_process(
        self,
        model,
        message,
        custom_values=None,
        save_original=False,
        strip_attachments=False,
        thread_id=None,
    ):
        """Mails for an office, or about a complaint, go through Lapor's own gateway, whoever
        hands them over: the core would answer machines, drop what it knows, and lose what it
        cannot read."""
        raw = getattr(message, "data", message)
        raw = raw.encode(errors="surrogateescape") if isinstance(raw, str) else bytes(raw)
        if model in (None, False, "", "lapor.complaint") and self._is_for_lapor(raw):
            Held = self.env["lapor.mail.held"]
            result = Held.process_raw(raw)
            # The number of the complaint that the mail just went to, for the mail server.
            complaint = self.env["lapor.complaint"].sudo()
            return complaint.search([("number", "=", result["number"])], limit=1).id or False
        return super().message_process(
            model,
            message,
            custom_values=custom_values,
            save_original=save_original,
            strip_attachments=strip_attachments,
            thread_id=thread_id,
        )

    @api.model
    def _is_for_lapor(self, raw):
        """Whether a mail is for an office, or answers a message of a complaint."""
        # Only whether a mail is for an office; what is done with it is checked.
        sorter = self.env["lapor.mail.sorter"].sudo()
        try:
            return sorter._is_ours(raw)
        except UNREADABLE:
            return False
