from datetime import date, datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import ormcache

from ..tools.office_hours import PERPRES_WEEK, working_intervals
from ..tools.office_time import BeyondHorizon, OfficeTime

#: Years beyond the year of receipt that are looked at, one after the other.
HORIZONS = (1, 5, 60)


class ResourceCalendar(models.Model):
    """Office hours: how days are counted, and periods with other hours."""

    _inherit = "resource.calendar"
    _lapor_government = "company_id"

    lapor_counting = fields.Selection(
        [
            ("after", "End of the n-th working day after the day of receipt"),
            ("including", "End of the n-th working day, the day of receipt is the first"),
            ("same_hour", "n working days later, at the hour of receipt"),
        ],
        string="Working Days End",
        required=True,
        default="after",
        help="How a time standard in days is counted.",
    )
    lapor_period_ids = fields.One2many(
        "lapor.schedule.period", "calendar_id", string="Periods with Other Hours"
    )

    lapor_unit_ids = fields.One2many(
        "lapor.unit", "resource_calendar_id", string="Used By", help="And by the units below them."
    )
    lapor_company_ids = fields.One2many(
        "res.company", "resource_calendar_id", string="Default of Companies"
    )

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {
            "lapor_counting",
            "attendance_ids",
            "attendance_ids_1st_week",
            "attendance_ids_2nd_week",
            "two_weeks_calendar",
            "active",
        }:
            self._lapor_replan()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_if_no_clock_runs(self):
        # Also clocks of cases that the editor of hours may not read; only whether there is one.
        if self.env["lapor.clock"].sudo().search_count([("calendar_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._("Deadlines were counted by these office hours. Archive them instead.")
            )

    def _lapor_replan(self):
        """Move the open clocks that run by these office hours, also as a period's hours."""
        self.env.registry.clear_cache()
        # Whoever may edit office hours moves clocks of cases that he may not read.
        periods = self.env["lapor.schedule.period"].sudo()
        calendars = self | periods.search([("other_calendar_id", "in", self.ids)]).calendar_id
        names = ", ".join(self.mapped("name"))
        self.env["lapor.clock"]._replan_open(
            [("calendar_id", "in", calendars.ids)],
            self.env._("Office hours changed: %(names)s", names=names[:200]),
        )

    @api.model
    def _lapor_default(self):
        """Office hours of units without any: those of Perpres 21/2023, as shipped.

        :returns: one calendar; empty when it was deleted, then the same hours are built in
        """
        # Asked for every clock: without the query by which env.ref makes sure that it exists.
        calendar_id = self.env["ir.model.data"]._xmlid_to_res_id(
            "lapor_sla.resource_calendar_perpres", raise_if_not_found=False
        )
        return self.sudo().browse(calendar_id or [])

    def _lapor_week(self):
        """Shifts of each weekday, or a pair of weeks (see ``tools/office_hours.py``)."""
        rows = self.attendance_ids.filtered(
            lambda row: not row.display_type and row.day_period != "lunch"
        )
        if not rows:
            return PERPRES_WEEK
        weeks = ({}, {})
        for row in rows:
            shift = (round(row.hour_from * 60), round(row.hour_to * 60))
            for parity in ("0", "1"):
                if not self.two_weeks_calendar or row.week_type in (parity, False):
                    weeks[int(parity)].setdefault(int(row.dayofweek), []).append(shift)
        return weeks if self.two_weeks_calendar else weeks[0]

    @ormcache("self.id")
    def _lapor_weekdays(self):
        """Weekdays with office hours, 0 is Monday."""
        week = self._lapor_week() if self else PERPRES_WEEK
        weeks = (week,) if isinstance(week, dict) else week
        return {weekday for week in weeks for weekday, shifts in week.items() if shifts}

    @api.model
    @ormcache("calendar_id", "company_id", "zone", "first_year", "last_year")
    def _lapor_office_time(self, calendar_id, company_id, zone, first_year, last_year):
        """Office time of a calendar in a zone over whole years, made once and kept.

        :param calendar_id: ``resource.calendar`` id; False for the built-in hours
        :param int company_id: government, for its local holidays
        :rtype: lapor_sla.tools.office_time.OfficeTime
        """
        # Office hours are no secret; whoever reads a case may know when it is due.
        calendar = self.sudo().browse(calendar_id or [])
        first, last = date(first_year, 1, 1), date(last_year, 12, 31)
        week = calendar._lapor_week() if calendar else PERPRES_WEEK
        periods = []
        for period in calendar.lapor_period_ids:
            other = period.other_calendar_id._lapor_week()
            if isinstance(other, dict):
                periods.append((period.date_from, period.date_to, other))
        closings = self.env["lapor.holiday"]._closings(company_id, first, last)
        intervals = working_intervals(
            zone, first, last, week, periods, {day: value[0] for day, value in closings.items()}
        )
        # The first and last local hours of the span are left out: in some zones they
        # belong to the year before or after in UTC.
        margin = timedelta(days=1)
        return OfficeTime(
            intervals,
            zone,
            datetime(first_year, 1, 1) + margin,
            datetime(last_year, 12, 31) - margin,
        )

    def _lapor_ask(self, company, zone, moment, question):
        """Ask office time a question, looking as many years ahead as the answer needs.

        :param moment: naive UTC moment from which it is asked
        :param question: function of an ``OfficeTime``
        :returns: its answer, or None when it lies more than 60 years ahead
        """
        for years in HORIZONS:
            times = self._lapor_office_time(
                self.id, company.id, zone, moment.year - 1, moment.year + years
            )
            try:
                return question(times)
            except BeyondHorizon:
                continue
        return None
