from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import ormcache

from .lapor_schedule_period import day_span


class LaporHoliday(models.Model):
    """A day on which offices are closed, or close early.

    National ones and collective leave (cuti bersama) have no government; a local one belongs
    to one government. Adding, changing or removing one moves the open clocks that it touches.
    """

    _name = "lapor.holiday"
    _description = "Holiday"
    _inherit = ["lapor.yearly.mixin"]
    _order = "date, id"

    date = fields.Date(required=True, index=True)
    name = fields.Char(required=True)
    kind = fields.Selection(
        [
            ("national", "National holiday"),
            ("collective", "Collective leave (cuti bersama)"),
            ("local", "Local holiday"),
        ],
        required=True,
        default="local",
    )
    company_id = fields.Many2one(
        "res.company", string="Government", index=True, help="Empty: for all governments."
    )
    closing_hour = fields.Float(
        string="Closes At",
        help="The hour at which offices close on that day; 0: closed the whole day.",
    )
    source = fields.Char(help="The rule that made it a holiday, such as a joint decree (SKB).")
    is_estimate = fields.Boolean(
        string="Estimate", help="The date still has to be confirmed by the government."
    )
    active = fields.Boolean(default=True)

    _date_uniq = models.UniqueIndex(
        "(date, name, COALESCE(company_id, 0))", "This holiday is in the list already."
    )

    @api.constrains("date")
    def _check_date(self):
        for holiday in self:
            self.env["lapor.unit"]._near_day(holiday.date)

    @api.constrains("closing_hour")
    def _check_closing_hour(self):
        for holiday in self:
            if not 0 <= holiday.closing_hour < 24:
                raise ValidationError(self.env._("The closing hour lies between 0 and 24."))

    @api.model_create_multi
    def create(self, vals_list):
        holidays = super().create(vals_list)
        holidays._replan([holiday._span() for holiday in holidays])
        return holidays

    def write(self, vals):
        before = {holiday: holiday._facts() for holiday in self}
        result = super().write(vals)
        # An update of the program writes all of them, nearly all as they were.
        changed = self.filtered(lambda holiday: before[holiday] != holiday._facts())
        if changed:
            spans = [before[holiday][0] for holiday in changed]
            changed._replan(spans + [holiday._span() for holiday in changed])
        return result

    def unlink(self):
        before = [holiday._span() for holiday in self]
        names = ", ".join(self.mapped("name"))
        result = super().unlink()
        self._replan(before, names)
        return result

    def _span(self):
        """First and last day concerned, and the government or an empty record."""
        self.ensure_one()
        return self.date, self.date, self.company_id

    def _facts(self):
        """What the due dates depend on."""
        self.ensure_one()
        return self._span(), self.closing_hour, self.active

    def _replan(self, spans, names=None):
        """Move the open clocks that run over these days."""
        self.env.registry.clear_cache()
        domain = Domain.OR(
            day_span(first, last)
            & (Domain("company_id", "=", company.id) if company else Domain.TRUE)
            for first, last, company in spans
        )
        names = names or ", ".join(dict.fromkeys(self.mapped("name")))
        self.env["lapor.clock"]._replan_open(
            domain, self.env._("Holidays changed: %(names)s", names=names[:200])
        )

    @api.model
    @ormcache("company_id", "first", "last")
    def _closings(self, company_id, first, last):
        """Holidays of a government between two dates.

        :param int company_id: government
        :returns: dict of date to (minute of the day at which offices close, name)
        """
        closings, own = {}, {}
        # Offices count holidays whoever asks: also a clock of a case that an officer of
        # another government looks at.
        for holiday in self.sudo().search(
            [("date", ">=", first), ("date", "<=", last), ("company_id", "in", [company_id, False])]
        ):
            minute = round(holiday.closing_hour * 60)
            days = own if holiday.company_id else closings
            known = days.get(holiday.date)
            if known is None or minute < known[0]:
                days[holiday.date] = (minute, holiday.name)
        # What the government says itself of a day goes before what is common.
        return closings | own
