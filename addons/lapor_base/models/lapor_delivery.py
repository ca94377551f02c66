from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import LockError
from odoo.fields import Domain

from ..tools.plain_text import clean_line


class LaporDelivery(models.Model):
    """One attempt to bring a response to the complainant: by which channel, with which proof,
    and what became of it.

    A mail that fails or comes back is the business of whoever sent it, until the response has
    reached the complainant in another attempt. The address is with the complainant only.
    """

    _name = "lapor.delivery"
    _description = "Delivery of a Response"
    _inherit = ["lapor.turn.mixin", "lapor.evidence.mixin"]
    _order = "response_id, attempt"
    _rec_name = "attempt"
    _check_company_auto = True
    _lapor_proved = (
        "response_id",
        "complaint_id",
        "visit_id",
        "attempt",
        "channel_id",
        "state",
        "user_id",
        "at",
        "proof",
        "attachment_ids",
        "failure",
        "has_bounced",
        "address_proof",
    )

    response_id = fields.Many2one("lapor.response", required=True, ondelete="restrict", index=True)
    complaint_id = fields.Many2one(
        "lapor.complaint", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, precompute=True, index=True
    )
    visit_id = fields.Many2one("lapor.complaint.step", ondelete="restrict")
    attempt = fields.Integer(required=True)
    channel_id = fields.Many2one(
        "lapor.channel", required=True, check_company=True, ondelete="restrict"
    )
    state = fields.Selection(
        [
            ("waiting", "Still to Be Delivered"),
            ("sending", "Being Sent"),
            ("delivered", "Delivered"),
            ("failed", "Failed"),
            ("given_up", "Given Up"),
        ],
        required=True,
        index=True,
    )
    user_id = fields.Many2one("res.users", string="Delivered By", ondelete="restrict")
    at = fields.Datetime(string="Time", required=True)
    proof = fields.Text(help="When, to whom, with which proof.")
    attachment_ids = fields.Many2many("ir.attachment", string="Files of Proof")
    failure = fields.Text(help="Why it did not reach the complainant, without the address.")
    mail_id = fields.Many2one("mail.mail", ondelete="set null", index="btree_not_null")
    address_proof = fields.Char(
        groups=fields.NO_ACCESS,
        copy=False,
        help="Proves to which address it went, without telling it (tools/fingerprint.py).",
    )
    has_bounced = fields.Boolean(help="The mail came back.")

    _attempt_uniq = models.UniqueIndex("(response_id, attempt)")

    def _turn_user(self):
        self.ensure_one()
        latest = self.response_id.delivery_ids.sorted("attempt")[-1:]
        if self.state not in ("failed", "waiting") or latest != self:
            return self.env["res.users"]
        sender = self.user_id.filtered(
            lambda user: user.active and user.id != SUPERUSER_ID and not user.share
        )
        if sender and self.complaint_id.with_user(sender).has_access("read"):
            return sender
        # The program sent it, or its sender has left: it is the managing office's.
        positions = self.complaint_id._coordinating_positions().filtered("holder_id")
        intake = positions.filtered(
            lambda position: position.holder_id.has_group("lapor_base.group_lapor_intake")
        )
        return (intake or positions)[:1].holder_id

    def _turn_summary(self):
        if self.state == "waiting":
            return self.env._("Deliver the response")
        if self.response_id.kind == "handover":
            return self.env._("The letter to the body outside did not arrive: send it again")
        return self.env._("The response did not reach the complainant: send it again")

    @api.model
    def _follow_holders(self, users, positions):
        """Ask somebody else to pass on what waits with people who have left a position, and whoever
        coordinates now for what nobody was there to pass on.

        :param users: ``res.users`` who held one of the positions until now
        :param positions: ``lapor.position`` whose holders have changed
        """
        undelivered = Domain("response_id.delivery_waits", "=", True) | Domain(
            "response_id.delivery_failed", "=", True
        )
        asked = Domain("turn_activity_id.user_id", "in", users.ids)
        if positions.filtered("role_id.coordinates"):
            asked |= Domain("turn_activity_id", "=", False)
            asked |= Domain("turn_activity_id.active", "=", False)
        company = Domain("company_id", "in", positions.company_id.ids)
        # Activities that are put away count, too.
        found = self.with_context(active_test=False).search(undelivered & asked & company)
        found._sync_turns()

    @api.model
    def _cron_follow_mails(self):
        """Take over what became of the mails; those of cases that somebody is writing at this
        moment are taken over in the next run."""
        deliveries = self.search(
            [
                ("mail_id", "!=", False),
                "|",
                "&",
                ("state", "=", "sending"),
                ("mail_id.state", "in", ("sent", "received", "exception", "cancel")),
                "&",
                ("state", "=", "delivered"),
                ("has_bounced", "=", True),
            ]
        )
        for delivery in deliveries:
            try:
                delivery.complaint_id.lock_for_update()
            except LockError:
                self.env.ref("lapor_base.ir_cron_follow_deliveries")._trigger()
                continue
            delivery._follow_mail()

    def _note_report(self, report):
        """Take down what another mail server says about this attempt's mail.

        :param DeliveryReport report: the report
        """
        self.ensure_one()
        if report.action in ("delayed", "delivered"):
            return
        reason = clean_line(f"{report.status} {report.reason}", 250)
        reason = reason or self.env._("The mail came back.")
        self.write({"has_bounced": True, "failure": self.complaint_id._without_secrets(reason)})
        self.mail_id._order_follow_up()

    def _next_way(self):
        """What to try when a mail failed, by what is known of the complainant."""
        if self.response_id.kind == "handover":
            return self.env._("Check the address of the body outside, or send it by letter.")
        return {
            "whatsapp": self.env._("Try by telephone, WhatsApp or SMS."),
            "letter": self.env._("Try by letter."),
        }.get(
            self._next_channel().code,
            self.env._("No other way to reach the complainant is known."),
        )

    def _next_channel(self):
        """The channel to try when a mail failed; empty when no other way is known.

        :rtype: lapor.channel
        """
        complainant = self.complaint_id.complainant_id
        code = "whatsapp" if complainant.phone else "letter" if complainant.address else False
        if self.response_id.kind == "handover":
            code = "letter"
        channels = self.env["lapor.channel"].search(
            [("code", "=", code), ("company_id", "in", [self.company_id.id, False])]
        )
        # The government's own way goes before the common one.
        return channels.sorted(lambda channel: not channel.company_id)[:1]

    def _follow_mail(self):
        """Take over what became of the mail of one delivery."""
        self.ensure_one()
        mail = self.mail_id
        if mail.state in ("sent", "received") and not self.has_bounced:
            self.state = "delivered"
            return
        if self.has_bounced:
            reason = self.failure or self.env._("The mail came back.")
        elif mail.state == "cancel":
            reason = self.env._("The mail was cancelled.")
        else:
            reason = mail.failure_reason or self.env._("The mail could not be sent.")
        self._fail(reason)

    def _fail(self, reason):
        """Note that an attempt failed, and whose business it is now."""
        self.ensure_one()
        complaint = self.complaint_id
        reason = f"{complaint._without_secrets(reason).rstrip('. ')}. {self._next_way()}"
        self.write({"state": "failed", "failure": reason})
        self.response_id.delivery_ids._sync_turns()
        self.env["lapor.event"]._log(
            [
                {
                    "complaint": complaint,
                    "code": "delivery_failed",
                    "visit": self.visit_id,
                    "data": {"response": self.response_id.id, "attempt": self.attempt},
                }
            ]
        )
        facts = {"subject": self.response_id.subject, "channel": self.channel_id.name}
        complaint._message_log(
            author_id=complaint._acting_partner().id,
            body=self.env._(
                "The letter “%(subject)s” did not reach the body outside (%(channel)s).", **facts
            )
            if self.response_id.kind == "handover"
            else self.env._(
                "The response “%(subject)s” did not reach the complainant (%(channel)s).", **facts
            ),
        )
