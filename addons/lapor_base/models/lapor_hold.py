import logging
from datetime import timedelta

from babel.dates import format_date as format_letter_date

from odoo import api, fields, models

_logger = logging.getLogger(__name__)

#: Local hour before which nothing is sent or closed by itself: nobody is written to at night.
FIRST_HOUR = 7


class LaporHold(models.Model):
    """A time in which a case waits for its complainant (tunda): what is missing, until when.

    Written by the acts of ``lapor.hold.mixin`` and by the job that watches the window only.
    """

    _name = "lapor.hold"
    _description = "Hold of a Complaint"
    _check_company_auto = True
    _inherit = ["lapor.evidence.mixin"]
    _order = "complaint_id, id"
    _rec_name = "complaint_id"
    _lapor_proved = (
        "complaint_id",
        "visit_id",
        "item_ids",
        "note",
        "response_id",
        "started_at",
        "started_by_id",
        "date_until",
        "extension_count",
        "reminder_count",
        "replied_at",
        "expired_at",
        "ended_at",
        "ended_by_id",
    )

    complaint_id = fields.Many2one(
        "lapor.complaint", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, precompute=True, index=True
    )
    visit_id = fields.Many2one("lapor.complaint.step", required=True, ondelete="restrict")
    item_ids = fields.Many2many("lapor.missing.item", string="Missing", check_company=True)
    note = fields.Text()
    response_id = fields.Many2one("lapor.response", string="Request", ondelete="restrict")
    started_at = fields.Datetime(string="Held Since", required=True, default=fields.Datetime.now)
    started_by_id = fields.Many2one("res.users", string="Held By", required=True)
    date_until = fields.Date(
        string="Complete By", required=True, help="Until when the complainant may complete it."
    )
    extension_count = fields.Integer(string="Extended", help="How many times.")
    next_reminder_on = fields.Date(string="Next Reminder", index="btree_not_null")
    reminder_count = fields.Integer(string="Reminders")
    replied_at = fields.Datetime(
        string="Last Reply", help="When a message of the complainant came in during the hold."
    )
    reply_waits_at = fields.Datetime(
        string="Reply to Check Since",
        help="When the first message came of which nobody has said that it is not what was asked "
        "for. From then on it is the office that is waited for.",
    )
    expired_at = fields.Datetime(
        string="Window Noticed", help="When somebody was told that the window has passed."
    )
    ended_at = fields.Datetime(string="Ended On")
    ended_by_id = fields.Many2one("res.users")

    _open_uniq = models.UniqueIndex(
        "(complaint_id) WHERE ended_at IS NULL", "A complaint is held once at a time."
    )
    _watch_idx = models.Index("(date_until) WHERE ended_at IS NULL")

    def _plan_reminder(self):
        """Set the day of the next reminder, as the managing office wants them."""
        for hold in self:
            unit = hold.complaint_id.managing_unit_id
            today = unit._local_now().date()
            days = [
                unit._add_workdays(hold.date_until, -count) for count in unit._reminder_counts()
            ]
            hold.next_reminder_on = min((day for day in days if day > today), default=False)

    def _letter_date(self):
        """The last day, as letters to citizens write it."""
        self.ensure_one()
        return format_letter_date(self.date_until, "d MMMM y", locale="id")

    def _request_failed(self):
        """Whether the mail that asked the complainant is known not to have arrived."""
        self.ensure_one()
        response = self.response_id
        return response.delivery_failed or response.mail_id.state == "exception"

    # ------------------------------------------------------------
    # THE JOB THAT WATCHES
    # ------------------------------------------------------------

    @api.model
    def _cron_watch(self):
        """Send reminders and notice passed windows: each case in a transaction of its own, so
        that a killed or doubled run does nothing twice."""
        cron = self.env["ir.cron"]
        # East of Greenwich the local day is up to one ahead.
        tomorrow = fields.Date.today() + timedelta(days=1)
        holds = self.search(
            [
                ("ended_at", "=", False),
                "|",
                ("next_reminder_on", "<=", tomorrow),
                "&",
                ("expired_at", "=", False),
                ("date_until", "<=", tomorrow),
            ],
            order="id",
        )
        cron._commit_progress(remaining=len(holds))
        for hold in holds:
            try:
                with self.env.cr.savepoint():
                    hold._watch()
            except Exception:
                # One case must not keep the others waiting; the next run tries it again.
                _logger.exception("Hold %s could not be watched.", hold.id)
                self.env.invalidate_all()
            if not cron._commit_progress(1):
                return

    def _watch(self):
        """Do what is due for one hold now, if anything; safe to call again.

        :returns: what was done: "reminded", "expired", "deemed" or False
        """
        self.ensure_one()
        if not self.complaint_id.try_lock_for_update():
            # Somebody works on it; the next run looks again.
            return False
        self.invalidate_recordset()
        case = self.complaint_id
        case.invalidate_recordset()
        unit = case.managing_unit_id
        now = unit._local_now()
        if self.ended_at or case.hold_id != self or now.hour < FIRST_HOUR:
            return False
        if now.date() > self.date_until:
            return self._expire()
        if self.next_reminder_on and self.next_reminder_on <= now.date():
            return self._remind()
        return False

    def _remind(self):
        """Remind the complainant of what is missing; not while a reply waits to be looked at."""
        case = self.complaint_id
        if case._reply_waits():
            self._plan_reminder()
            return False
        self.reminder_count += 1
        self._plan_reminder()
        case._log_hold("hold_reminded", self, {"count": self.reminder_count})
        case._notify_complainant(
            f"Pengingat: kelengkapan aduan {case.number}",
            "lapor_base.reminder_of_request",
            {"items": self.item_ids, "note": self.note, "until": self._letter_date()},
            kind="reminder",
        )
        return "reminded"

    def _expire(self):
        """The window has passed: tell whoever has the step, or close where the office wants it.

        A case whose complainant has written meanwhile, or was never reached, is not closed by
        itself.
        """
        if self.expired_at:
            return False
        case = self.complaint_id
        self.next_reminder_on = False
        by_itself = case.managing_unit_id.deems_by_itself
        replied = self.replied_at or case._reply_waits()
        # A misconduct case is ended only when the inspectorate agrees.
        agreed = not case.is_misconduct or case.end_agreed_at
        if by_itself and agreed and not replied and not self._request_failed():
            case._deem_withdrawn()
            return "deemed"
        self.expired_at = fields.Datetime.now()
        case._log_hold("hold_expired", self, {})
        case._add_task(
            "hold_expired",
            case._task_owner(),
            self.env._("The complainant's window has passed: resume, give more time, or close"),
        )
        return "expired"
