import smtplib
import sys
from datetime import timedelta

from odoo import api, fields, models

from ..tools.smtp_failure import connection_fault, fault_of, pause


class MailMail(models.Model):
    """A mail that a server does not take now is sent later: with growing pauses, and at once when
    mails leave again. Only a refusal for good, or the end of the pauses, is a failure.

    The core tries each mail once; an hour without a mail server would be as many letters to send
    anew by hand.
    """

    _inherit = "mail.mail"

    lapor_tries = fields.Integer(readonly=True, copy=False, help="Attempts that did not succeed.")
    lapor_put_off = fields.Selection(
        [("outage", "The mail server was away"), ("later", "The server asked to try later")],
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    lapor_put_off_at = fields.Datetime(
        string="Waits Since", readonly=True, copy=False, help="When the first attempt failed."
    )

    @api.model_create_multi
    def create(self, vals_list):
        mails = super().create(vals_list)
        mails._send_soon()
        return mails

    def _send_soon(self):
        """Let the queue run right after the commit, once a transaction."""
        hooks = self.env.cr.precommit
        if hooks.data.get("lapor_mail_queue"):
            return
        hooks.data["lapor_mail_queue"] = True

        # As the system: whoever writes a letter does not run the jobs.
        env = self.sudo().env

        @hooks.add
        def trigger():
            hooks.data.pop("lapor_mail_queue", None)
            job = env["ir.model.data"]._xmlid_to_res_id("mail.ir_cron_mail_scheduler_action")
            env["ir.cron"].browse(job)._trigger()

    def _send(self, *args, **kwargs):
        raises = kwargs.get("raise_exception") or args[1:2] == (True,)
        waiting = self.filtered(lambda mail: mail.state == "outgoing")
        try:
            return super()._send(*args, **kwargs)
        except smtplib.SMTPServerDisconnected as error:
            if raises:
                raise
            # The core leaves the mail on which the connection broke without a reason, and those
            # behind it in the queue.
            broken = waiting.exists().filtered(lambda mail: mail.state == "exception")[-1:]
            broken._put_off(connection_fault(error))
            broken._order_follow_up()
            return True

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        # The core calls this while it handles what was raised; it hands on the words only.
        raised = sys.exc_info()[1]
        fault = connection_fault(raised) if failure_type == "mail_smtp" else fault_of(raised)
        result = super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )
        mails = self.exists()
        failed = mails.filtered(lambda mail: mail.state == "exception")
        # Who has got a mail must not get it again.
        if fault and not success_pids and not success_emails:
            failed._put_off(fault)
        # Only a job is ordered here: an error in this place would send the mail once more.
        if self._waiting_for_server(limit=1):
            self.env.ref("lapor_base.ir_cron_follow_deliveries").sudo()._trigger()
        return result

    def _put_off(self, fault):
        """Queue mails again after a fault that may pass, or say why they have failed.

        :param SmtpFault fault: what happened to these mails
        """
        now = fields.Datetime.now()
        for mail in self:
            minutes = pause(mail.lapor_tries + 1) if fault.temporary else None
            vals = {"lapor_tries": mail.lapor_tries + 1}
            if minutes:
                vals.update(
                    state="outgoing",
                    failure_reason=fault.words,
                    failure_type=False,
                    scheduled_date=now + timedelta(minutes=minutes),
                    lapor_put_off="outage" if fault.outage else "later",
                    lapor_put_off_at=mail.lapor_put_off_at or now,
                )
            elif fault.temporary:
                reason = self.env._(
                    "It could not be handed to the mail server for %(days)s days; its last words: "
                    "%(words)s",
                    days=max(1, (now - (mail.lapor_put_off_at or now)).days),
                    words=fault.words,
                )
                vals.update(failure_reason=reason, lapor_put_off=False)
            else:
                reason = self.env._("The mail server refused it: %s", fault.words)
                vals.update(failure_reason=reason, lapor_put_off=False)
            mail.write(vals)
        planned = [
            fields.Datetime.to_datetime(mail.scheduled_date)
            for mail in self
            if mail.lapor_put_off and mail.scheduled_date
        ]
        if planned:
            # As the system: the queue is run by whoever sends.
            queue = self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()
            queue._trigger(min(planned) + timedelta(seconds=1))

    @api.model
    def _waiting_for_server(self, limit=None):
        # As the system: the queue is run by whoever sends.
        return self.sudo().search(
            [("lapor_put_off", "=", "outage"), ("state", "=", "outgoing")], limit=limit
        )

    @api.model
    def _wake_put_off(self):
        """Send what waited for the server now, if a mail has left since they were tried last."""
        waiting = self._waiting_for_server()
        if not waiting:
            return
        last = max(waiting.mapped("write_date"))
        # As the system: whether anything has left is asked, nothing of it told.
        if not self.sudo().search_count(
            [("state", "in", ("sent", "received")), ("write_date", ">", last)], limit=1
        ):
            return
        waiting.write({"scheduled_date": False, "lapor_put_off": False})
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
