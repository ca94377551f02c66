"""Arithmetic of office time: when something is due, and how much office time has passed.

Pure functions over working intervals: no ORM, no clock of its own. Moments are naive
datetimes in UTC, as Odoo stores them, with whole seconds. The meaning of the units:

- minutes and hours run in office time only; the moment due is the earliest at which the
  amount has run, so that eight hours from 07:30 end at the close of office, not at the next
  opening.
- working days are counted by their closes: the n-th close of office after the day of
  receipt. A working day is a local date with office time.
- calendar days likewise, by local dates, each ending at 23:59.
- a pause moves the end by what it took, to the second: of a standard in minutes, hours or
  working days its office time, of one in calendar days all of its time. So the time that an
  office has from start to end, without the pauses, is always the same.
- where a rule says so, an end on a date without office time moves to the next working day.

Proved against a minute-by-minute reference (tests/office_reference.py).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple
from zoneinfo import ZoneInfo

AFTER, INCLUDING, SAME_HOUR = "after", "including", "same_hour"
COUNTINGS = (AFTER, INCLUDING, SAME_HOUR)
EPOCH = datetime(1970, 1, 1)
DAY_END = time(23, 59)

Pause = tuple[datetime, datetime | None]


class BeyondHorizon(Exception):
    """The answer lies outside the period for which working intervals are known."""


class Allowance(NamedTuple):
    """A time standard. Its parts run one after the other: days first, then the minutes."""

    calendar_days: int = 0
    working_days: int = 0
    minutes: int = 0

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, str]]) -> "Allowance":
        """Add up (amount, unit) pairs; units as in lapor_base's ``tools/allowance.py``.

        :raises ValueError: for an unknown unit or a negative amount
        """
        total = {"minute": 0, "hour": 0, "working_day": 0, "calendar_day": 0}
        for amount, unit in pairs:
            if unit not in total or amount < 0:
                raise ValueError(f"no time standard: {amount!r} {unit!r}")
            total[unit] += amount
        return cls(
            total["calendar_day"], total["working_day"], total["hour"] * 60 + total["minute"]
        )

    def grown(self, before: "Allowance", after: "Allowance") -> "Allowance":
        """The time standard of a whole, of which a part got ``after`` instead of ``before``.

        No unit falls below nothing: a step that is done again may be given its longer time again,
        and its minutes can be taken out of the whole only once.
        """
        return Allowance(
            *(max(had + new - old, 0) for had, new, old in zip(self, after, before, strict=True))
        )


def to_seconds(moment: datetime) -> int:
    """Whole seconds since 1970, of a naive UTC datetime."""
    return int((moment - EPOCH).total_seconds())


def to_moment(seconds: int) -> datetime:
    """Inverse of :func:`to_seconds`."""
    return EPOCH + timedelta(seconds=seconds)


class OfficeTime:
    """The office hours of one calendar in one time zone, over some years.

    Made once and asked often: every answer is a few binary searches.
    """

    def __init__(
        self,
        intervals: Iterable[tuple[datetime, datetime]],
        zone: str,
        start: datetime,
        stop: datetime,
    ):
        """
        :param intervals: working intervals (naive UTC), sorted, not overlapping
        :param zone: name of the time zone that says which local date an interval is on
        :param start: first moment that the intervals describe (naive UTC)
        :param stop: first moment that they do not describe any more
        """
        self.zone = ZoneInfo(zone)
        self.start, self.stop = to_seconds(start), to_seconds(stop)
        self._starts, self._stops = [], []
        # Working days in order: local date, opening and close.
        self._dates, self._opens, self._closes = [], [], []
        for opening, closing in intervals:
            self._starts.append(to_seconds(opening))
            self._stops.append(to_seconds(closing))
            day = self.local(opening).date()
            if self._dates and self._dates[-1] == day:
                self._closes[-1] = self._stops[-1]
            else:
                self._dates.append(day)
                self._opens.append(self._starts[-1])
                self._closes.append(self._stops[-1])

    @cached_property
    def _worked(self) -> Sequence[int]:
        """Seconds of office time at the end of each interval, counted from the first."""
        return list(accumulate(b - a for a, b in zip(self._starts, self._stops, strict=True)))

    def local(self, moment: datetime) -> datetime:
        """A naive UTC moment as an aware one in this office's zone."""
        return moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(self.zone)

    def to_utc(self, day: date, hour: time) -> datetime:
        """A local date and time as a naive UTC moment."""
        return (
            datetime.combine(day, hour, self.zone).astimezone(ZoneInfo("UTC")).replace(tzinfo=None)
        )

    # What has run

    def _run_until(self, at: int) -> int:
        """Seconds of office time from the first interval until a moment."""
        if not self.start <= at < self.stop:
            raise BeyondHorizon
        index = bisect_right(self._starts, at) - 1
        if index < 0:
            return 0
        return self._worked[index] - max(0, self._stops[index] - at)

    def elapsed(self, start: datetime, stop: datetime, pauses: Iterable[Pause] = ()) -> int:
        """Seconds of office time between two moments, without the pauses.

        :param pauses: (from, to) pairs in any order, may overlap; ``to`` None: still paused
        :raises BeyondHorizon: when a moment lies outside the known period
        """
        begin, end = to_seconds(start), to_seconds(stop)
        if end <= begin:
            return 0
        total = self._run_until(end) - self._run_until(begin)
        for a, b in _merged(pauses, begin, end):
            total -= self._run_until(b) - self._run_until(a)
        return total

    def is_open(self, moment: datetime) -> bool:
        """Whether the office works at this moment."""
        at = to_seconds(moment)
        index = bisect_right(self._starts, at) - 1
        return index >= 0 and at < self._stops[index]

    def next_open(self, moment: datetime) -> datetime:
        """The first moment from here on at which the office works.

        :raises BeyondHorizon: when no opening is known
        """
        if self.is_open(moment):
            return moment
        index = bisect_left(self._starts, to_seconds(moment))
        if index == len(self._starts):
            raise BeyondHorizon
        return to_moment(self._starts[index])

    def closed_dates(self, first: date, last: date) -> int:
        """Number of local dates without office time, both ends included."""
        working = bisect_right(self._dates, last) - bisect_left(self._dates, first)
        return (last - first).days + 1 - working

    # When it is due

    def advance(
        self,
        start: datetime,
        allowance: Allowance,
        pauses: Iterable[Pause] = (),
        counting: str = AFTER,
        ends_open: bool = False,
    ) -> datetime:
        """The moment at which a time standard has run out.

        :param start: receipt, naive UTC
        :param pauses: as for :meth:`elapsed`; one that is still open is ignored, because
            nobody knows when it ends
        :param counting: :data:`AFTER` (end of the n-th day after the day of receipt),
            :data:`INCLUDING` (the day of receipt is the first, unless it is over already) or
            :data:`SAME_HOUR` (n days later at the hour of receipt, brought into office hours;
            what comes on a date without office time counts as come at the next opening)
        :param ends_open: whether an end on a date without office time moves to the same hour of
            the next working day
        :returns: naive UTC; ``start`` itself for an empty standard
        :raises BeyondHorizon: when it lies outside the known period
        :raises ValueError: for a negative standard or an unknown counting
        """
        if min(allowance) < 0 or counting not in COUNTINGS:
            raise ValueError(f"cannot count {allowance} by {counting!r}")
        at = to_seconds(start)
        known = _merged(((a, b) for a, b in pauses if b is not None), at, None)
        if allowance.calendar_days:
            opens = ends_open and not allowance.working_days and not allowance.minutes
            end = self._after_calendar_days(at, allowance.calendar_days, counting)
            end = _after_pauses(at, self._to_open(end) if opens else end, known)
            if end >= self.stop:
                raise BeyondHorizon
            at = self._to_open(end) if opens else end
        if allowance.working_days:
            end = self._after_working_days(at, allowance.working_days, counting)
            if any(a < end and at < b for a, b in known):
                # As much office time as there would have been without the pauses.
                run = self._run_until(end) - self._run_until(at)
                end = max(end, self._after_seconds(at, run, known))
            at = end
        if allowance.minutes:
            at = self._after_seconds(at, allowance.minutes * 60, known)
        return to_moment(at)

    def after_seconds(self, start: datetime, seconds: int) -> datetime:
        """The earliest moment by which so much office time has run since ``start``.

        :param seconds: negative: the latest moment after which so much ran until ``start``
        :raises BeyondHorizon: when it lies outside the known period
        """
        at = to_seconds(start)
        if seconds < 0:
            wanted = self._run_until(at) + seconds
            if wanted < 0:
                raise BeyondHorizon
            index = bisect_right(self._worked, wanted)
            return to_moment(self._stops[index] - (self._worked[index] - wanted))
        return to_moment(self._after_seconds(at, seconds, []))

    def _after_seconds(self, at: int, seconds: int, pauses: list[tuple[int, int]]) -> int:
        left = seconds
        if not left:
            return at
        for a, b in pauses:
            if b <= at:
                continue
            if a > at:
                available = self._run_until(a) - self._run_until(at)
                if available >= left:
                    break
                left -= available
            at = b
        wanted = self._run_until(at) + left
        index = bisect_left(self._worked, wanted)
        if index == len(self._worked):
            raise BeyondHorizon
        return self._stops[index] - (self._worked[index] - wanted)

    def _to_open(self, at):
        """The same hour of the next working day, where a moment is on a date without office
        time."""
        local = self.local(to_moment(at))
        index = bisect_left(self._dates, local.date())
        if index == len(self._dates):
            raise BeyondHorizon
        if self._dates[index] == local.date():
            return at
        return to_seconds(self.to_utc(self._dates[index], local.time()))

    def _next_opening(self, at):
        """A moment, or the next opening where it is on a date without office time."""
        day = self.local(to_moment(at)).date()
        index = bisect_left(self._dates, day)
        if index == len(self._dates):
            raise BeyondHorizon
        return at if self._dates[index] == day else self._opens[index]

    def _after_working_days(self, at, count, counting):
        self._run_until(at)  # inside the known period
        if counting == SAME_HOUR:
            at = self._next_opening(at)
        day = self.local(to_moment(at)).date()
        first = bisect_left(self._dates, day) if counting == INCLUDING else None
        index = bisect_right(self._dates, day) if first is None else first
        if counting == INCLUDING and index < len(self._dates) and self._closes[index] <= at:
            index += 1
        hour = self.local(to_moment(at)).time()
        while index < len(self._dates):
            end = self._closes[index]
            if counting == SAME_HOUR:
                there = to_seconds(self.to_utc(self._dates[index], hour))
                end = min(max(there, self._opens[index]), end)
            count -= 1
            if not count:
                return end
            index += 1
        raise BeyondHorizon

    def _after_calendar_days(self, at, count, counting):
        local = self.local(to_moment(at))
        hour = local.time() if counting == SAME_HOUR else DAY_END
        day = local.date()
        if counting != INCLUDING or to_seconds(self.to_utc(day, hour)) <= at:
            day += timedelta(days=1)
        if count > (self.stop - at) // 86400 + 2:
            raise BeyondHorizon
        end = to_seconds(self.to_utc(day + timedelta(days=count - 1), hour))
        if end >= self.stop:
            raise BeyondHorizon
        return end


def _after_pauses(start: int, end: int, pauses: list[tuple[int, int]]) -> int:
    """An end moved by all of the time of the pauses between start and end."""
    for a, b in pauses:
        if a < end and start < b:
            end += b - max(a, start)
    return end


def _merged(pauses: Iterable[Pause], start: int, stop: int | None) -> list[tuple[int, int]]:
    """Pauses in seconds, sorted, merged, cut to [start, stop]."""
    cut = []
    for a, b in pauses:
        begin = max(to_seconds(a), start)
        end = stop if b is None else to_seconds(b)
        if stop is not None:
            end = min(end, stop)
        if end > begin:
            cut.append((begin, end))
    merged = []
    for a, b in sorted(cut):
        if merged and a <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(b, merged[-1][1]))
        else:
            merged.append((a, b))
    return merged
