from odoo import fields, models

from ..tools.office_time import Allowance

#: How a part ends that nobody can have been late with.
NOT_DONE = ("returned", "passed", "dropped")


class LaporDispositionLine(models.Model):
    """A required part of a disposition has a clock of its own, in the hours of its unit."""

    _inherit = "lapor.disposition.line"

    clock_ids = fields.One2many("lapor.clock", "line_id", string="Clocks")

    def _open_parts(self):
        # First the clocks: the activities are born with their days.
        self._start_clocks()
        return super()._open_parts()

    def _close_part(self, state, **vals):
        result = super()._close_part(state, **vals)
        # Who gave it back or on was never in charge; a part that is dropped may have been late.
        self._open_clocks()._stop(void=state in NOT_DONE, keep_late=state == "dropped")
        # Due dates are the engine's, whoever ends the part.
        self.complaint_id.sudo()._refresh_due()
        return result

    def _restore(self):
        for line in self:
            # Clocks are the system's, whoever undoes the closing.
            clock = line.sudo().clock_ids.filtered("stopped_at").sorted("id")[-1:]
            if clock and line.done_at and clock.stopped_at >= line.done_at:
                case = line.complaint_id
                clock._go_on(case._waited_until(case.closing_ids.sorted("id")[-1:]))
                clock._follow_due(escalations_too=True)
        return super()._restore()

    def _open_clocks(self):
        # Clocks are the system's, whoever ends the part.
        return self.sudo().clock_ids.filtered(lambda clock: clock.state != "stopped")

    def _start_clocks(self):
        """Start the clocks of required parts: until the date of the disposition, else as long as
        the SOP gives to the step that the disposition leads to."""
        # Clocks are the system's, and the SOP's standards no secret, whoever disposes.
        Clock = self.env["lapor.clock"].sudo()
        now = fields.Datetime.now()
        starting = []
        for line in self.filtered(lambda line: line.required and not line._open_clocks()):
            visit = line.disposition_id.visit_id.sudo()
            step = visit._main_transition().to_step_id or visit.sop_step_id
            allowance = Allowance.of([(step.allowance_amount, step.allowance_unit)])
            fixed = line.date_due and max(line.date_due, now)
            if fixed or any(allowance):
                unit = line.position_id.unit_id
                starting.append(
                    Clock._values(
                        line.complaint_id,
                        "part",
                        unit,
                        now,
                        Allowance() if fixed else allowance,
                        Clock._plan(unit, now, allowance, fixed_due_at=fixed),
                        line_id=line.id,
                        role_id=line.position_id.role_id.id,
                        fixed_due_at=fixed,
                    )
                )
        started = Clock.create(starting)
        if started:
            started._schedule_escalation()
            started.complaint_id._refresh_due()

    def _activity_values(self):
        """The day of the activity is the clock's; the exact time stays with the clock."""
        values = super()._activity_values()
        clock = self._open_clocks()[:1]
        if clock.due_at:
            zone = clock.unit_id._get_tz()
            values["date_deadline"] = clock._local(clock.due_at, zone).date()
        return values

    def _follow_deadline(self):
        """Move the activities of these parts to their due dates."""
        for line in self.filtered(lambda line: line._open_clocks()):
            day = line._activity_values()["date_deadline"]
            activities = line.activity_ids.filtered(
                lambda activity, day=day: activity.active and activity.date_deadline != day
            )
            if activities:
                activities.write({"date_deadline": day})
