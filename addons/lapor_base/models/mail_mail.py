from odoo import SUPERUSER_ID, models

from ..tools.mail_html import html_text, parse_html


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
        they are no files of the thread, where everybody who reads the case would find them. One
        to staff about a hidden case tells its number, and nothing else of it."""
        emails = super()._prepare_outgoing_list(
            mail_server=mail_server, doc_to_followers=doc_to_followers
        )
        if self.model != "lapor.complaint" or not self.res_id:
            return emails
        # As the system: the queue is run by whoever sends. Asked for now, not when the mail was
        # queued: a case may have been hidden since.
        case = self.env["lapor.complaint"].sudo().browse(self.res_id).exists()
        # Nor to whoever may read it no more.
        emails = [
            values
            for values in emails
            if not values["partner_id"] or case._reading_partners(values["partner_id"])
        ]
        if case._is_hushed():
            for values in emails:
                if values["partner_id"]:
                    values.update(case._hushed_mail(values["partner_id"], values["headers"]))
        for values in emails:
            # Beside the whole chain the mail that this one answers (RFC 3834, 3.1.5); told when it
            # leaves, since of an anonymous case it is kept nowhere else.
            answered = (values["references"] or "").split()[-1:]
            if values["partner_id"]:
                continue
            if answered:
                values["headers"].setdefault("In-Reply-To", answered[0])
            page = parse_html(str(values["body"] or ""))
            if page is not None:
                # The core marks bold text by asterisks and puts links into notes at the end.
                values["body_alternative"] = html_text(page)
        files = self._response_files()
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
