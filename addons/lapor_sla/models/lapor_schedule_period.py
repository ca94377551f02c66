from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


def day_span(first, last):
    """Domain of clocks that may be touched by a change of these local dates.

    :param datetime.date first: first date
    :param datetime.date last: last date
    """
    # A day's margin on both sides covers every time zone.
    return Domain("started_at", "<", datetime.combine(last, time.min) + timedelta(days=2)) & (
        Domain("due_at", "=", False)
        | Domain("due_at", ">=", datetime.combine(first, time.min) - timedelta(days=1))
    )


class LaporSchedulePeriod(models.Model):
    """Dates between which an office keeps other hours, such as Ramadan."""

    _name = "lapor.schedule.period"
    _description = "Period with Other Office Hours"
    _inherit = ["lapor.yearly.mixin"]
    _lapor_government = "calendar_id.company_id"
    _order = "date_from desc, id"

    name = fields.Char(required=True)
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Instead Of",
        required=True,
        ondelete="cascade",
        index=True,
        help="The ordinary office hours.",
    )
    other_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Office Hours",
        required=True,
        ondelete="restrict",
        help="The office hours in this period.",
    )
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="To", required=True)
    source = fields.Char(help="The rule that fixed the dates.")
    is_estimate = fields.Boolean(
        string="Estimate", help="The dates still have to be confirmed by the government."
    )

    active = fields.Boolean(default=True)

    _dates_check = models.Constraint(
        "CHECK (date_from <= date_to)", "The period's last day lies before the first."
    )

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for period in self:
            self.env["lapor.unit"]._near_day(period.date_from)
            self.env["lapor.unit"]._near_day(period.date_to)

    @api.constrains("calendar_id", "other_calendar_id")
    def _check_calendars(self):
        for period in self:
            if period.calendar_id == period.other_calendar_id:
                raise ValidationError(
                    self.env._("A period needs other office hours than the ordinary ones.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        periods = super().create(vals_list)
        periods._replan(periods._spans())
        return periods

    def write(self, vals):
        before = self._spans()
        result = super().write(vals)
        after = self._spans()
        if before != after:
            self._replan(before + after)
        return result

    def unlink(self):
        before = self._spans()
        result = super().unlink()
        self._replan(before)
        return result

    def _spans(self):
        """What the due dates depend on."""
        return [
            (
                period.calendar_id.id,
                period.date_from,
                period.date_to,
                period.other_calendar_id.id,
                period.active,
            )
            for period in self
        ]

    def _replan(self, spans):
        self.env.registry.clear_cache()
        domain = Domain.OR(
            Domain("calendar_id", "=", calendar_id) & day_span(first, last)
            for calendar_id, first, last, *_rest in spans
        )
        self.env["lapor.clock"]._replan_open(domain, self.env._("Office hours of a period changed"))
