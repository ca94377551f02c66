from datetime import date, datetime

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

# Nobody plans further ahead; what lies beyond is a slip in the year.
YEARS_AHEAD = 10
# What a paper or a witness tells of may be old, but not of another age.
YEARS_BACK = 100


class LaporEnteredDateMixin(models.AbstractModel):
    """Dates that a person enters, judged by the calendar of the unit that they are meant for.

    A year such as 0206 or 2206 is a slip that no field notices by itself: a clock would be late
    at once, or never.
    """

    _name = "lapor.entered.date.mixin"
    _description = "Judges Dates That Are Entered"

    def _coming_day(self, value):
        """A day until which something is to be done: today or later.

        :param value: a date, a text, or a moment in UTC
        :rtype: datetime.date
        :raises UserError: when it is no date, is over, or lies too far ahead
        """
        day, today = self._entered_day(value), self._today()
        if day and day < today:
            raise UserError(
                self.env._(
                    "%(date)s is over already. Choose today (%(today)s) or a later day.",
                    date=format_date(self.env, day),
                    today=format_date(self.env, today),
                )
            )
        return self._near_day(day)

    def _past_day(self, value):
        """A day on which something happened: today or earlier.

        :param value: as for :meth:`_coming_day`
        :rtype: datetime.date
        :raises UserError: when it is no date, has not come yet, or lies too far back
        """
        day = self._entered_day(value)
        if day and day > self._today():
            raise UserError(
                self.env._(
                    "%(date)s has not come yet. Choose today or an earlier day.",
                    date=format_date(self.env, day),
                )
            )
        return self._near_day(day)

    def _near_day(self, value):
        """A day in a time that can be meant, past or to come.

        :param value: as for :meth:`_coming_day`
        :rtype: datetime.date
        :raises UserError: when it is no date, or lies too far back or ahead
        """
        day, today = self._entered_day(value), self._today()
        if not day:
            return day
        if day.year - today.year > YEARS_AHEAD:
            raise UserError(
                self.env._(
                    "%(date)s lies more than %(years)s years ahead. Check the year.",
                    date=format_date(self.env, day),
                    years=YEARS_AHEAD,
                )
            )
        if today.year - day.year > YEARS_BACK:
            raise UserError(
                self.env._(
                    "%(date)s lies more than %(years)s years back. Check the year.",
                    date=format_date(self.env, day),
                    years=YEARS_BACK,
                )
            )
        return day

    def _today(self):
        """The date at this unit; where no unit is meant, the reader's."""
        return self._local_now().date() if self else fields.Date.context_today(self)

    @api.model
    def _entered_date(self, value):
        """A date or a moment from what RPC, an import or a dialog gave.

        :param value: a date, a moment, or one of them as text; empty gives False
        :returns: ``datetime.date``, or a naive ``datetime.datetime``, or False
        :raises UserError: when it is neither
        """
        if not value or isinstance(value, date):
            return value or False
        try:
            text = value.strip()
            long = len(text) > 10
            return fields.Datetime.to_datetime(text) if long else fields.Date.to_date(text)
        except (ValueError, TypeError, AttributeError) as error:
            raise UserError(self.env._("“%s” is not a date.", value)) from error

    def _entered_day(self, value):
        """The local day of a date or moment."""
        value = self._entered_date(value)
        if not isinstance(value, datetime):
            return value
        try:
            return pytz.utc.localize(value).astimezone(pytz.timezone(self._get_tz())).date()
        except OverflowError:
            # At the very ends of the calendar; too far away in any zone.
            return value.date()
