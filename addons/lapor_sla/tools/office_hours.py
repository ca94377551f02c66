"""Working intervals of an office from its week, its dated periods and its holidays.

Pure functions: no ORM. A week is a dict of weekday (0 is Monday) to a list of shifts, each a
pair of minutes of the day (450 is 07:30).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

Shift = tuple[int, int]
Week = Mapping[int, Sequence[Shift]]

#: Office hours of Perpres 21/2023 as most local governments fix them: 37.5 hours a week
#: without the breaks. For offices that have no calendar at all.
PERPRES_WEEK: Week = {
    **dict.fromkeys(range(4), ((450, 720), (780, 960))),
    4: ((450, 690), (780, 990)),
}


def week_minutes(week: Week) -> int:
    """Working minutes in a week."""
    return sum(stop - start for shifts in week.values() for start, stop in _joined(shifts))


def working_intervals(
    zone: str,
    first: date,
    last: date,
    week: Week | tuple[Week, Week],
    periods: Iterable[tuple[date, date, Week]] = (),
    closings: Mapping[date, int] | None = None,
) -> Iterator[tuple[datetime, datetime]]:
    """Working intervals of every local date from ``first`` to ``last``, naive UTC, in order.

    :param week: the ordinary week; a pair of weeks alternates by the number of weeks since
        the year 1, as Odoo's two-week calendars do
    :param periods: (first day, last day, week) in which another week applies, such as Ramadan
    :param closings: local date to the minute of the day at which the office closes; 0 on a
        whole holiday
    """
    to_utc = _converter(zone)
    periods = list(periods)
    closings = closings or {}
    day = first
    while day <= last:
        ruling = week if isinstance(week, Mapping) else week[(day.toordinal() - 1) // 7 % 2]
        for start, stop, other in periods:
            if start <= day <= stop:
                ruling = other
        closing = closings.get(day, 24 * 60)
        for start, stop in _joined(ruling.get(day.weekday(), ())):
            if start < min(stop, closing):
                yield to_utc(day, start), to_utc(day, min(stop, closing))
        day += timedelta(days=1)


def _joined(shifts: Sequence[Shift]) -> list[Shift]:
    """Shifts in order, those that touch or overlap made one."""
    joined: list[Shift] = []
    for start, stop in sorted(shifts):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        elif stop > start:
            joined.append((start, stop))
    return joined


def _converter(zone: str):
    place, utc = ZoneInfo(zone), ZoneInfo("UTC")

    @cache
    def offset(day):
        noon = datetime.combine(day, datetime.min.time(), place) + timedelta(hours=12)
        return noon.astimezone(utc).replace(tzinfo=None) - noon.replace(tzinfo=None)

    def to_utc(day, minute):
        # Indonesia's zones have no summer time: one offset holds for the whole day.
        return datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute) + offset(day)

    return to_utc
