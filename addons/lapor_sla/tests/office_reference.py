"""A slow and obvious second answer to what ``tools/office_time.py`` computes.

Time is a row of minutes. Each minute is asked whether the office works, by looking at the
week; those in which it does stand in a list, pauses are cut out of it, and the n-th is the answer.
Days are counted one by one. Zones are plain offsets: Indonesia has no
summer time. Random offices and questions come from here as well.
"""

import random
from bisect import bisect_left
from datetime import date, datetime, timedelta

from ..tools.office_hours import PERPRES_WEEK, working_intervals
from ..tools.office_time import AFTER, COUNTINGS, INCLUDING, Allowance, OfficeTime

ZONES = {"Asia/Jakarta": 7, "Asia/Makassar": 8, "Asia/Jayapura": 9}
RAMADAN = {
    **dict.fromkeys(range(4), ((480, 720), (750, 900))),
    4: ((480, 690), (750, 930)),
}
SIX_DAYS = {**dict.fromkeys(range(4), ((450, 840),)), 4: ((450, 660),), 5: ((450, 780),)}
DAYS = 80


class Office:
    """One office for :data:`DAYS` days, minute by minute."""

    def __init__(self, rng: random.Random):
        self.zone = rng.choice(sorted(ZONES))
        self.offset = timedelta(hours=ZONES[self.zone])
        self.first = date(2025, 1, 1) + timedelta(days=rng.randrange(700))
        self.week = rng.choice([PERPRES_WEEK, PERPRES_WEEK, SIX_DAYS, _random_week(rng)])
        begin = self.first + timedelta(days=rng.randrange(-10, DAYS))
        self.period = (begin, begin + timedelta(days=rng.randrange(30)), RAMADAN)
        self.closings = {
            self.first + timedelta(days=rng.randrange(DAYS)): rng.choice([0, 0, 0, 690, 720])
            for _n in range(rng.randrange(12))
        }
        self.zero = datetime.combine(self.first, datetime.min.time()) - self.offset
        self.minutes = []
        for day in range(DAYS):
            shifts, closing = self.hours(self.first + timedelta(days=day))
            for clock in range(1440):
                for start, stop in shifts:
                    if start <= clock < stop and clock < closing:
                        self.minutes.append(day * 1440 + clock)
                        break
        self.opening, self.closing = {}, {}
        for minute in self.minutes:
            self.opening.setdefault(minute // 1440, minute)
            self.closing[minute // 1440] = minute + 1
        last = self.first + timedelta(days=DAYS - 1)
        self.office_time = OfficeTime(
            working_intervals(self.zone, self.first, last, self.week, [self.period], self.closings),
            self.zone,
            self.zero,
            self.zero + timedelta(days=DAYS),
        )

    def hours(self, day: date):
        """Shifts of a local date, and the minute at which the office closes in any event."""
        begin, end, ramadan = self.period
        week = ramadan if begin <= day <= end else self.week
        return week.get(day.weekday(), ()), self.closings.get(day, 1440)

    def moment(self, minute: int) -> datetime:
        """The naive UTC moment of a minute."""
        return self.zero + timedelta(minutes=minute)

    def advance(self, start, allowance, pauses, counting):
        """As ``OfficeTime.advance``, in minutes; None beyond the last day."""
        at = start
        if allowance.calendar_days:
            end = self._count_days(at, allowance.calendar_days, counting, False)
            at = self._give_back(at, end, range(DAYS * 1440), pauses)
        if at is not None and allowance.working_days:
            end = self._count_days(at, allowance.working_days, counting, True)
            at = self._give_back(at, end, self.minutes, pauses)
        if at is None or not allowance.minutes:
            return at
        running = self._running(at, DAYS * 1440, pauses)
        if len(running) < allowance.minutes:
            return None
        return running[allowance.minutes - 1] + 1

    def _running(self, start, stop, pauses):
        """The office minutes from ``start`` to before ``stop`` that no pause takes out."""
        minutes = self.minutes[bisect_left(self.minutes, start) : bisect_left(self.minutes, stop)]
        for begin, end in pauses:
            del minutes[bisect_left(minutes, begin) : bisect_left(minutes, end)]
        return minutes

    def _give_back(self, start, end, minutes, pauses):
        """The end of what has as many minutes of a row from ``start``, without the pauses, as there
        are from ``start`` to ``end``."""
        if end is None:
            return None
        wanted = sum(start <= minute < end for minute in minutes)
        for minute in minutes:
            if not wanted:
                break
            if minute >= start and not _in(minute, pauses):
                wanted -= 1
                last = minute + 1
                if not wanted:
                    return max(end, last)
        return end if not wanted else None

    def _count_days(self, start, wanted, counting, working):
        today, clock = divmod(start, 1440)
        if counting == "same_hour" and working and today not in self.closing:
            # What comes on a closed day counts as come when the office opens.
            today = next((day for day in range(today, DAYS) if day in self.closing), DAYS)
            clock = self.opening.get(today, 0) % 1440 if today < DAYS else 0
        count = 0
        for day in range(today, DAYS):
            if working and day not in self.closing:
                continue
            end = self.closing[day] if working else day * 1440 + 1439
            if counting == "same_hour":
                end = day * 1440 + clock
                if working:
                    end = min(max(end, self.opening[day]), self.closing[day])
            if day == today and not (counting == INCLUDING and end > start):
                continue
            count += 1
            if count == wanted:
                return end
        return None

    def elapsed(self, start, stop, pauses):
        """Office minutes between two minutes."""
        return len(self._running(start, stop, pauses))


def random_question(rng: random.Random):
    """Start, time standard, pauses and counting of one case, in minutes."""
    # Now and then exactly on an edge of office hours, where mistakes live.
    if rng.random() < 0.3:
        start = rng.randrange(DAYS // 2) * 1440 + rng.choice([0, 450, 690, 720, 780, 960, 990])
    else:
        start = rng.randrange(DAYS // 2 * 1440)
    kind = rng.randrange(10)
    allowance = Allowance(
        calendar_days=rng.choice([1, 3, 10]) if kind in (0, 1) else 0,
        working_days=rng.choice([1, 2, 3, 5, 14]) if kind in (1, 2, 3, 4) else 0,
        minutes=rng.choice([0, 1, 10, 30, 60, 120, 450, 660, rng.randrange(2500)])
        if kind in (3, 5, 6, 7, 8)
        else 0,
    )
    if kind == 9 and rng.random() < 0.2:
        allowance = Allowance(minutes=10**7)
    pauses = []
    for _n in range(rng.choice([0, 0, 0, 1, 1, 2, 3])):
        begin = start + rng.randrange(-600, 8000)
        pauses.append((begin, begin + rng.choice([1, 90, 600, rng.randrange(6000)])))
    return start, allowance, pauses, rng.choice([AFTER, *COUNTINGS])


def _in(minute, pauses):
    return any(begin <= minute < end for begin, end in pauses)


def _random_week(rng):
    week = {}
    for weekday in range(7):
        edges = sorted(rng.sample(range(0, 1441, 15), 4))
        week[weekday] = rng.choice([(), (edges[:2],), (edges[:2], edges[2:])])
    week[rng.randrange(7)] = ((450, 720), (780, 960))
    return week
