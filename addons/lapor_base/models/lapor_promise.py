import logging
from datetime import timedelta

from babel.dates import format_date as format_letter_date

from odoo import api, fields, models

_logger = logging.getLogger(__name__)


class LaporPromise(models.Model):
    """What an office promised to do later (dijadwalkan / menunggu anggaran), and until when.

    Budget is the main reason why something is not mended at once; the date brings it back.
    Written by the acts of ``lapor.promise.mixin`` and by the job that watches the dates only.
    """

    _name = "lapor.promise"
    _description = "Promise to a Complainant"
    _inherit = ["lapor.evidence.mixin", "lapor.readdress.mixin"]
    _order = "state desc, date_promised, id"
    _rec_name = "complaint_id"
    _lapor_proved = (
        "complaint_id",
        "position_id",
        "visit_id",
        "what",
        "date_promised",
        "first_date",
        "moved_count",
        "state",
        "made_at",
        "made_by_id",
        "reminded_at",
        "ended_at",
        "ended_by_id",
        "end_note",
        "attachment_ids",
    )

    complaint_id = fields.Many2one(
        "lapor.complaint", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, precompute=True, index=True
    )
    complaint_title = fields.Char(related="complaint_id.name", string="Complaint Title")
    unit_id = fields.Many2one(related="complaint_id.unit_id")
    phase = fields.Selection(related="complaint_id.phase")
    position_id = fields.Many2one(
        "lapor.position",
        string="Responsible",
        required=True,
        ondelete="restrict",
        index=True,
        help="Its holder is reminded on the day.",
    )
    visit_id = fields.Many2one("lapor.complaint.step", ondelete="restrict")
    what = fields.Text(string="Promised", required=True)
    date_promised = fields.Date(string="Until", required=True, index=True)
    first_date = fields.Date(required=True)
    moved_count = fields.Integer(string="Times Moved", aggregator="sum")
    state = fields.Selection(
        [("open", "Not Yet Kept"), ("kept", "Kept"), ("dropped", "Dropped")],
        required=True,
        default="open",
        index=True,
    )
    is_overdue = fields.Boolean(compute="_compute_is_overdue", search="_search_is_overdue")
    made_at = fields.Datetime(required=True, default=fields.Datetime.now)
    made_by_id = fields.Many2one("res.users", required=True)
    reminded_at = fields.Datetime(help="When the responsible position was reminded.")
    ended_at = fields.Datetime(string="Kept or Dropped On")
    ended_by_id = fields.Many2one("res.users", string="Kept or Dropped By")
    end_note = fields.Text(string="Result")
    attachment_ids = fields.Many2many("ir.attachment", string="Proof")

    _open_uniq = models.UniqueIndex(
        "(complaint_id) WHERE state = 'open'", "A complaint has one open promise at a time."
    )

    @api.depends("date_promised", "state")
    def _compute_is_overdue(self):
        for promise in self:
            # The office's own day.
            promise.is_overdue = promise.state == "open" and promise.date_promised < (
                promise.complaint_id.sudo().managing_unit_id._local_now().date()
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        overdue = [("state", "=", "open"), ("date_promised", "<", "today")]
        return overdue if True in value else ["!", "&", *overdue]

    def _is_open_turn(self):
        self.ensure_one()
        return self.state == "open"

    def _after_readdress(self):
        tasks = self.complaint_id._tasks(["promise_due"])
        tasks.write(
            {"lapor_position_id": self.position_id.id, "user_id": self.position_id.holder_id.id}
        )

    def _letter_date(self):
        """The date, as letters to citizens write it."""
        self.ensure_one()
        return format_letter_date(self.date_promised, "d MMMM y", locale="id")

    def action_open_complaint(self):
        """The case of this promise."""
        self.ensure_one()
        return self.complaint_id._get_form_action()

    def action_open_keep(self):
        """The dialog by which it is kept."""
        return self.complaint_id.action_open_keep_promise()

    def action_open_move(self):
        """The dialog by which its date is moved."""
        return self.complaint_id.action_open_move_promise()

    # ------------------------------------------------------------
    # THE JOB THAT WATCHES
    # ------------------------------------------------------------

    @api.model
    def _cron_watch(self):
        """Remind of promises on their day: each in a transaction of its own, once."""
        cron = self.env["ir.cron"]
        promises = self.search(
            [
                ("state", "=", "open"),
                ("reminded_at", "=", False),
                # East of Greenwich the local day is up to one ahead.
                ("date_promised", "<=", fields.Date.today() + timedelta(days=1)),
            ],
            order="id",
        )
        cron._commit_progress(remaining=len(promises))
        for promise in promises:
            try:
                with self.env.cr.savepoint():
                    promise._remind()
            except Exception:
                # One case must not keep the others waiting; the next run tries it again.
                _logger.exception("Promise %s could not be watched.", promise.id)
                self.env.invalidate_all()
            if not cron._commit_progress(1):
                return

    def _remind(self):
        """Give the responsible position the task on the promised day; safe to call again.

        :returns: whether it was given now
        """
        self.ensure_one()
        case = self.complaint_id
        if not case.try_lock_for_update():
            # Somebody works on it; the next run looks again.
            return False
        self.invalidate_recordset()
        today = case.managing_unit_id._local_now().date()
        if self.state != "open" or self.reminded_at or today < self.date_promised:
            return False
        self.reminded_at = fields.Datetime.now()
        able = self.position_id.holder_id and case._is_open_to(self.position_id)
        case._add_task(
            "promise_due",
            self.position_id if able else case._task_owner(),
            self.env._("A promise to the complainant is due: record that it is kept, or move it"),
        )
        case._log_promise("promise_due", self, {})
        return True
