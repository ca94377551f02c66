from odoo import SUPERUSER_ID, models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def unlink(self):
        """A mail goes; what was said by it stays in the thread of its case."""
        # As the system: old mails are removed by a job.
        ours = self.sudo().filtered(lambda mail: (mail.model or "").startswith("lapor."))
        # The core removes the messages of mails that are no notifications.
        ours.is_notification = True
        return super().unlink()

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        """A mail to a complainant takes its files along when it leaves, not when it is queued:
        they are no files of the thread, where everybody who reads the case would find them."""
        emails = super()._prepare_outgoing_list(
            mail_server=mail_server, doc_to_followers=doc_to_followers
        )
        files = self._response_files() if self.model == "lapor.complaint" else []
        for values in emails if files else ():
            values["attachments"] = [*values["attachments"], *files]
        return emails

    def _response_files(self):
        # As the system: the queue is run by whoever sends.
        deliveries = self.env["lapor.delivery"].with_user(SUPERUSER_ID)
        delivery = deliveries.search([("mail_id", "=", self.id)], limit=1)
        return delivery.response_id._mail_files() if delivery else []

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        result = super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )
        # Only a job is ordered here: an error in this place would send the mail once more.
        self.exists()._order_follow_up()
        return result

    def _order_follow_up(self):
        """Let the deliveries of these mails follow them soon."""
        # As the system: the queue is run by whoever sends.
        deliveries = self.env["lapor.delivery"].sudo()
        if deliveries.search_count([("mail_id", "in", self.ids)], limit=1):
            self.env.ref("lapor_base.ir_cron_follow_deliveries").sudo()._trigger()
