from datetime import datetime, time, timedelta

from odoo import models


class LaporUnit(models.Model):
    """Office hours and zone of a unit, from itself or the nearest unit above it."""

    _inherit = "lapor.unit"

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"resource_calendar_id", "tz", "parent_id"}:
            self.env["lapor.clock"]._replan_open(
                [("unit_id", "child_of", self.ids)],
                self.env._(
                    "Office hours of %(units)s changed", units=", ".join(self.mapped("code"))[:200]
                ),
            )
        return result

    def _get_office_hours(self):
        """Office hours of this unit.

        :returns: ``resource.calendar`` of the nearest unit with one, else the default; may be
            empty (built-in hours)
        """
        # Units above and calendars may be out of the reader's companies.
        for unit in self.sudo()._lineage():
            calendar = unit.resource_calendar_id
            if calendar.active and calendar.attendance_ids:
                return calendar
        return self.env["resource.calendar"]._lapor_default()

    def _ask_office_time(self, moment, question):
        """As ``resource.calendar._lapor_ask``, for this unit."""
        self.ensure_one()
        # Office hours are no secret to whoever sees the unit's dates.
        unit = self.sudo()
        return unit._get_office_hours()._lapor_ask(
            unit.company_id, unit._get_tz(), moment, question
        )

    def _is_workday(self, day):
        """Whether this unit works on a local date, by its office hours and holidays."""
        noon = datetime.combine(day, time(12))
        closed = self._ask_office_time(noon, lambda times: times.closed_dates(day, day))
        return not closed if closed is not None else super()._is_workday(day)

    def _due_text(self, due_at, now):
        """What a person says of a due date: "due today 16:00 WITA", "2 hours left", "late by 3
        working hours".

        :param due_at: naive UTC
        :param now: naive UTC
        :rtype: str
        """
        self.ensure_one()
        clock = self.env["lapor.clock"]
        zone = self._get_tz()
        due, today = clock._local(due_at, zone), clock._local(now, zone)
        first, last = sorted((due_at, now))

        def answer(times):
            begin, end = sorted((due.date(), today.date()))
            days = (end - begin).days
            if days:
                days -= times.closed_dates(begin + timedelta(days=1), end)
            return times.elapsed(first, last), days

        seconds, days = self._ask_office_time(first, answer) or (0, 0)
        minutes = seconds // 60
        if due_at < now:
            if days > 1:
                return self.env._("late by %s working days", days)
            if minutes >= 60:
                return self.env._("late by %s working hours", minutes // 60)
            return self.env._("late by %s minutes", max(minutes, 1))
        if due.date() == today.date():
            if minutes < 60:
                return self.env._("%s minutes left", minutes)
            if minutes < 180:
                return self.env._("%s hours left", minutes // 60)
            return self.env._("due today %s", f"{due:%H:%M %Z}")
        if (due.date() - today.date()).days == 1:
            return self.env._("due tomorrow %s", f"{due:%H:%M %Z}")
        return (
            self.env._("%(days)s working days left", days=days)
            if days > 1
            else f"{due:%d-%m-%Y %H:%M %Z}"
        )
