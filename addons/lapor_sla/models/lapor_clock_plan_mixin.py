import logging

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.office_time import Allowance

_logger = logging.getLogger(__name__)

#: Share of a clock's office time after which it is shown as urgent.
WARN_SHARE = 0.75
#: More open clocks than this are moved by the background job.
REPLAN_AT_ONCE = 200
REPLAN_BATCH = 500


class LaporClockPlanMixin(models.AbstractModel):
    """When clocks are due, and why; moving them when calendars or rules change."""

    _name = "lapor.clock.plan.mixin"
    _description = "Planning of Clocks"

    # ------------------------------------------------------------
    # PLANNING
    # ------------------------------------------------------------

    @api.model
    def _plan(self, unit, started_at, allowance, pauses=(), fixed_due_at=None, ends_open=False):
        """Due date of one clock, with everything that explains it.

        :param unit: ``lapor.unit`` whose office hours count
        :param started_at: naive UTC
        :param allowance: ``Allowance``
        :param pauses: list of (from, to)
        :param fixed_due_at: naive UTC moment that somebody set instead of a time standard; the
            office time of the pauses is added to it
        :param bool ends_open: whether an end on a closed day moves to the next open one
        :returns: values of ``lapor.clock``; ``due_at`` is False when the time standard is
            longer than the program looks ahead (60 years)
        """
        calendar = unit._get_office_hours()
        # An empty calendar stands for the built-in hours, which count the usual way.
        counting = calendar.lapor_counting or "after"

        def answer(times):
            if fixed_due_at:
                due_at = _after_pauses(times, fixed_due_at, pauses)
            else:
                due_at = times.advance(started_at, allowance, pauses, counting, ends_open)
            total = times.elapsed(started_at, due_at, pauses)
            warn_at = due_at
            if total:
                warn_at = times.after_seconds(due_at, -round(total * (1 - WARN_SHARE)))
            return due_at, max(warn_at, started_at), total

        planned = unit._ask_office_time(started_at, answer)
        due_at, warn_at, total = planned or (False, False, 0)
        zone = unit._get_tz()
        basis = {"zone": zone, "calendar": calendar.name or "", "counting": counting, "closed": []}
        if due_at:
            Holiday = self.env["lapor.holiday"]
            first = self._local(started_at, zone).date()
            last = self._local(due_at, zone).date()
            closings = Holiday._closings(
                unit.company_id.id,
                first.replace(month=1, day=1),
                last.replace(month=12, day=31),
            )
            weekdays = calendar._lapor_weekdays()
            basis["closed"] = [
                [day.isoformat(), name]
                for day, (_minute, name) in sorted(closings.items())
                if first <= day <= last and day.weekday() in weekdays
            ][:30]
        return {
            "calendar_id": calendar.id,
            "due_at": due_at,
            "warn_at": warn_at,
            "total_minutes": total // 60,
            "basis": basis,
        }

    @api.model
    def _local(self, moment, zone):
        return fields.Datetime.context_timestamp(self.with_context(tz=zone), moment)

    def _plan_again(self):
        """As :meth:`_plan`, for a clock there is."""
        self.ensure_one()
        allowance = self._allowance()
        return self._plan(
            self.unit_id,
            self.started_at,
            allowance,
            self._spans(),
            self.fixed_due_at,
            self.rule_id.ends_open,
        )

    def _allowance(self):
        """The clock's time standard, from the fields in which it is kept."""
        self.ensure_one()
        return Allowance(self.calendar_days, self.working_days, self.minutes)

    @api.model
    def _allowance_values(self, allowance):
        return {
            "calendar_days": allowance.calendar_days,
            "working_days": allowance.working_days,
            "minutes": allowance.minutes,
        }

    # ------------------------------------------------------------
    # MOVING OPEN CLOCKS
    # ------------------------------------------------------------

    @api.model
    def _replan_open(self, domain, reason):
        """Move the open clocks of a domain; many are left to the background job.

        :param str reason: for the events, in words
        """
        # Whoever may change a calendar moves clocks of cases that he may not read.
        clocks = self.sudo()
        open_clocks = Domain("state", "!=", "stopped") & Domain(domain)
        found = clocks.search(open_clocks, limit=REPLAN_AT_ONCE + 1)
        if len(found) <= REPLAN_AT_ONCE:
            found._replan(reason)
            return
        clocks.search(open_clocks).write({"replan_reason": reason})
        self._wake_job("ir_cron_replan")

    def _replan(self, reason):
        """Compute open clocks anew; move what hangs on them; one event per moved complaint.

        Clocks of complaints that somebody else is writing are left to the background job.

        """
        locked = self.complaint_id.try_lock_for_update()
        left = self.filtered(lambda clock: clock.complaint_id not in locked)
        if left:
            left.filtered(lambda clock: not clock.replan_reason).write({"replan_reason": reason})
            self._replan_later()
        clocks = self - left
        clocks.invalidate_recordset()
        clocks = clocks.filtered(lambda clock: clock.state != "stopped")
        moves = {}
        for clock in clocks:
            if clock.rule_id and not clock._is_late():
                clock.write(self._allowance_values(clock.rule_id._allowance()))
            before = clock.due_at
            plan = clock._plan_again()
            if clock._is_late() and not clock._was_closed_after_all(plan):
                # What was late stays late, whatever is corrected later.
                plan = {}
            clock.write({**plan, "replan_reason": False})
            if before != clock.due_at:
                moves.setdefault(clock.complaint_id, []).append((clock, before))
        clocks._follow_due(escalations_too=True)
        self.env["lapor.event"]._log(
            [
                {
                    "complaint": complaint,
                    "code": "clock_moved",
                    "data": {
                        "reason": reason,
                        "clocks": [
                            {
                                "clock": clock.id,
                                "from": fields.Datetime.to_string(before) or None,
                                "to": fields.Datetime.to_string(clock.due_at) or None,
                            }
                            for clock, before in moved
                        ],
                    },
                }
                for complaint, moved in moves.items()
            ]
        )

    def _was_closed_after_all(self, plan):
        """Whether a day before this clock was due has become known as a holiday: then the office
        was not late on it.

        :param dict plan: of :meth:`_plan_again`
        """
        self.ensure_one()
        last = self._local(self.due_at, plan["basis"]["zone"]).date().isoformat()
        known = {day for day, _name in (self.basis or {}).get("closed", ())}
        return any(day <= last and day not in known for day, _name in plan["basis"]["closed"])

    @api.model
    def _replan_later(self):
        """Wake the background job when whoever writes a case now will have finished."""
        self._wake_job("ir_cron_replan", fields.Datetime.add(fields.Datetime.now(), minutes=1))

    @api.model
    def _wake_job(self, name, at=None):
        """Have a background job of this addon run.

        :param str name: its external identifier, without the addon
        :param at: naive UTC; now without
        """
        # Clocks start in every act on a case: not with env.ref, which asks each time whether the
        # job exists.
        job_id = self.env["ir.model.data"]._xmlid_to_res_id(
            f"lapor_sla.{name}", raise_if_not_found=False
        )
        if job_id:
            # Whoever moves a case, or edits hours or rules, needs no right on jobs.
            self.env["ir.cron"].sudo().browse(job_id)._trigger(at=at)

    def _follow_due(self, escalations_too=False):
        """Bring what mirrors the clocks up to date: visits, activities, complaints."""
        moved = self.env["lapor.complaint.step"]
        for clock in self.filtered(lambda clock: clock.kind == "step"):
            visit = clock.visit_id
            if visit.due_at != clock.due_at or visit.warn_at != clock.warn_at:
                visit.write({"due_at": clock.due_at, "warn_at": clock.warn_at})
                moved |= visit
        moved._follow_deadline()
        self.line_id._follow_deadline()
        self.complaint_id._refresh_due()
        if escalations_too:
            self._schedule_escalation()

    @api.model
    def _cron_replan(self):
        """Move what a change left behind, in pages, each committed."""
        domain = [("replan_reason", "!=", False), ("state", "!=", "stopped")]
        cron = self.env["ir.cron"]
        remaining = self.search_count(domain)
        cron._commit_progress(remaining=remaining)
        done_to = 0
        while clocks := self.search(
            [*domain, ("id", ">", done_to)], limit=REPLAN_BATCH, order="id"
        ):
            done_to = clocks[-1].id
            remaining = max(remaining - len(clocks), 0)
            for reason, group in clocks.grouped("replan_reason").items():
                group._replan(reason)
            if not cron._commit_progress(len(clocks), remaining=remaining):
                return
        changed = [("sync_reason", "!=", False)]
        rules = self.env["lapor.time.rule"].with_context(active_test=False)
        for rule in rules.search(changed):
            while done := rule._sync_page():
                if not cron._commit_progress(done, remaining=rules.search_count(changed)):
                    return
        if rules.search_count(changed, limit=1):
            self._replan_later()


def _after_pauses(times, due_at, pauses):
    """A date that was set, moved on by the office time of the ended pauses before it."""
    for start, stop in sorted(span for span in pauses if span[1]):
        if start < due_at:
            due_at = times.after_seconds(due_at, times.elapsed(start, stop))
    return due_at
