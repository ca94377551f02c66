from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

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
