import random
from datetime import date, datetime, timedelta
from unittest import TestCase

import pytest

from odoo.tests import tagged

from ..tools.office_hours import PERPRES_WEEK, week_minutes, working_intervals
from ..tools.office_time import (
    AFTER,
    INCLUDING,
    SAME_HOUR,
    Allowance,
    BeyondHorizon,
    OfficeTime,
)
from .office_reference import DAYS, RAMADAN, Office, random_question

#: Weekdays off in the golden dates' months (SKB 3 Menteri 2026 and 2027).
HOLIDAYS = [
    *("2026-03-18", "2026-03-19", "2026-03-20", "2026-03-23", "2026-03-24", "2026-04-03"),
    *("2026-05-01", "2026-05-14", "2026-05-15", "2026-05-27", "2026-05-28", "2026-06-01"),
    *("2026-06-16", "2026-12-24", "2026-12-25", "2027-01-01", "2027-01-05", "2027-02-05"),
    *("2027-03-08", "2027-03-09", "2027-03-10", "2027-03-11", "2027-03-12", "2027-03-15"),
    *("2027-03-25", "2027-03-26"),
]


def office(zone="Asia/Jakarta", week=None, holidays=None, periods=(), years=(2026, 2028)):
    week = PERPRES_WEEK if week is None else week
    holidays = HOLIDAYS if holidays is None else holidays
    first, last = date(years[0], 1, 1), date(years[1], 12, 31)
    closings = {date.fromisoformat(day): 0 for day in holidays}
    return OfficeTime(
        working_intervals(zone, first, last, week, periods, closings),
        zone,
        datetime(years[0], 1, 1, 0, 0) - timedelta(hours=7),
        datetime(years[1] + 1, 1, 1, 0, 0) - timedelta(hours=7),
    )


def wib(text):
    """A naive UTC moment from a local one in Jakarta."""
    return datetime.fromisoformat(text) - timedelta(hours=7)


@tagged("post_install", "-at_install")
class TestOfficeTime(TestCase):
    """Office time without the ORM; defects of rivals (peers.md 3 and 5) by name."""

    def due(self, start, unit, amount, pauses=(), counting=AFTER, **kwargs):
        due = office(**kwargs).advance(wib(start), Allowance.of([(amount, unit)]), pauses, counting)
        return (due + timedelta(hours=7)).strftime("%Y-%m-%d %H:%M")

    def test_week_of_perpres_21_2023(self):
        self.assertEqual(week_minutes(PERPRES_WEEK), 37.5 * 60)
        self.assertEqual(week_minutes(RAMADAN), 32.5 * 60)

    def test_golden_dates(self):
        golden = {
            "2026-03-13": ["2026-03-25", "2026-03-27", "2026-04-06", "2026-04-10", "2026-06-24"],
            "2026-12-21": ["2026-12-28", "2026-12-30", "2027-01-08", "2027-01-14", "2027-04-01"],
        }
        for received, days in golden.items():
            for amount, day in zip((3, 5, 10, 14, 60), days, strict=True):
                due = self.due(f"{received} 09:00", "working_day", amount)
                self.assertEqual(due[:10], day, (received, amount))

    def test_minutes_can_be_entered(self):
        """Rival: whole hours only; Bantul has steps of 10 and 30 minutes."""
        self.assertEqual(self.due("2026-02-02 09:00", "minute", 10), "2026-02-02 09:10")

    def test_lunch_is_no_office_time(self):
        """Rival: one slot a day, lunch counts."""
        self.assertEqual(self.due("2026-02-02 11:30", "hour", 1), "2026-02-02 13:30")

    def test_friday_has_its_own_break(self):
        self.assertEqual(self.due("2026-02-06 11:00", "hour", 1), "2026-02-06 13:30")
        self.assertEqual(self.due("2026-02-06 16:00", "hour", 1), "2026-02-09 08:00")

    def test_one_day_ends_at_the_close_of_office(self):
        """Rival: a day is the average of 7.1 hours, due at 09:06 on the next."""
        self.assertEqual(self.due("2026-02-02 09:00", "working_day", 1), "2026-02-03 16:00")
        self.assertEqual(self.due("2026-02-05 09:00", "working_day", 1), "2026-02-06 16:30")

    def test_day_of_receipt_may_count(self):
        self.assertEqual(
            self.due("2026-02-02 09:00", "working_day", 1, counting=INCLUDING), "2026-02-02 16:00"
        )
        self.assertEqual(
            self.due("2026-02-02 17:00", "working_day", 1, counting=INCLUDING), "2026-02-03 16:00"
        )

    def test_same_hour(self):
        self.assertEqual(
            self.due("2026-02-02 09:12", "working_day", 2, counting=SAME_HOUR), "2026-02-04 09:12"
        )
        self.assertEqual(
            self.due("2026-02-02 22:00", "working_day", 1, counting=SAME_HOUR), "2026-02-03 16:00"
        )
        # Sunday's counts as come when the office opens on Monday: it has a day like any other.
        self.assertEqual(
            self.due("2026-02-01 10:00", "working_day", 1, counting=SAME_HOUR), "2026-02-03 07:30"
        )

    def test_calendar_days(self):
        self.assertEqual(self.due("2026-03-19 09:00", "calendar_day", 3), "2026-03-22 23:59")

    def test_ends_at_the_close_not_at_the_next_opening(self):
        self.assertEqual(self.due("2026-02-02 07:30", "minute", 450), "2026-02-02 16:00")

    def test_receipt_at_night_and_on_a_holiday(self):
        self.assertEqual(self.due("2026-02-01 23:50", "minute", 30), "2026-02-02 08:00")
        self.assertEqual(self.due("2026-03-19 08:00", "minute", 30), "2026-03-25 08:00")

    def test_nothing_allowed_is_due_at_once(self):
        self.assertEqual(self.due("2026-02-01 23:50", "minute", 0), "2026-02-01 23:50")

    def test_zones(self):
        start = datetime(2026, 2, 2, 0, 0)  # 07:00 WIB, 08:00 WITA, 09:00 WIT
        hour = Allowance(minutes=60)
        self.assertEqual(office("Asia/Jakarta").advance(start, hour), datetime(2026, 2, 2, 1, 30))
        self.assertEqual(office("Asia/Makassar").advance(start, hour), datetime(2026, 2, 2, 1, 0))
        self.assertEqual(office("Asia/Jayapura").advance(start, hour), datetime(2026, 2, 2, 1, 0))

    def test_ramadan_hours(self):
        period = [(date(2026, 2, 19), date(2026, 3, 20), RAMADAN)]
        self.assertEqual(
            self.due("2026-02-19 14:30", "hour", 1, periods=period), "2026-02-20 08:30"
        )

    def test_pause_gives_its_time_back(self):
        """Rival: held and resumed, the deadline stays where it was."""
        pause = [(wib("2026-02-02 10:00"), wib("2026-02-04 10:00"))]
        self.assertEqual(self.due("2026-02-02 09:00", "hour", 2, pause), "2026-02-04 11:00")
        # Two days of office time were paused, two days of it are given back.
        self.assertEqual(self.due("2026-02-02 09:00", "working_day", 2, pause), "2026-02-06 16:30")

    def test_due_never_falls_into_a_pause(self):
        pause = [(wib("2026-02-03 14:00"), wib("2026-02-05 10:00"))]
        self.assertEqual(self.due("2026-02-02 09:00", "working_day", 1, pause), "2026-02-05 12:00")

    def test_parts_of_a_mixed_standard_follow_each_other(self):
        """Balangan's total: 7 hari 8 jam 30 menit."""
        total = Allowance.of([(7, "working_day"), (8, "hour"), (30, "minute")])
        self.assertEqual(total, (0, 7, 510))
        due = office(zone="Asia/Makassar").advance(datetime(2026, 2, 2, 1), total)
        # 7 working days end on Wed 11 Feb 16:00 WITA; 510 minutes more: Fri 13 Feb 08:30.
        self.assertEqual(due, datetime(2026, 2, 13, 0, 30))

    def test_a_whole_grows_with_its_part(self):
        hour, three_days = Allowance(minutes=60), Allowance(working_days=3)
        whole = Allowance(working_days=5, minutes=90)
        once = whole.grown(hour, three_days)
        self.assertEqual(once, Allowance(working_days=8, minutes=30))
        self.assertEqual(once.grown(hour, three_days), Allowance(working_days=11))

    def test_elapsed_does_not_walk_the_age(self):
        """Rival: hours counted day by day over the whole age of a ticket."""
        times = office()
        start, stop = wib("2026-01-01 00:00"), wib("2027-12-31 23:00")
        hours = times.elapsed(start, stop) / 3600
        self.assertGreater(hours, 3000)
        self.assertEqual(times.elapsed(stop, start), 0)

    def test_open_pause_counts_until_now(self):
        times = office()
        pauses = [(wib("2026-02-02 10:00"), None)]
        self.assertEqual(
            times.elapsed(wib("2026-02-02 09:00"), wib("2026-02-02 15:00"), pauses), 3600
        )

    def test_beyond_what_is_known(self):
        times = office()
        with self.assertRaises(BeyondHorizon):
            times.advance(wib("2026-02-02 09:00"), Allowance(working_days=5000))
        with self.assertRaises(BeyondHorizon):
            times.advance(wib("2024-02-02 09:00"), Allowance(minutes=5))
        with self.assertRaises(BeyondHorizon):
            times.advance(wib("2026-02-02 09:00"), Allowance(calendar_days=10**9))

    def test_wrong_questions(self):
        times = office()
        with self.assertRaises(ValueError):
            times.advance(wib("2026-02-02 09:00"), Allowance(minutes=-1))
        with self.assertRaises(ValueError):
            times.advance(wib("2026-02-02 09:00"), Allowance(minutes=1), (), "sometimes")
        with self.assertRaises(ValueError):
            Allowance.of([(1, "fortnight")])

    def test_opening(self):
        times = office()
        self.assertTrue(times.is_open(wib("2026-02-02 07:30")))
        self.assertFalse(times.is_open(wib("2026-02-02 16:00")))
        self.assertEqual(times.next_open(wib("2026-02-02 12:30")), wib("2026-02-02 13:00"))
        self.assertEqual(times.next_open(wib("2026-02-06 16:30")), wib("2026-02-09 07:30"))
        self.assertEqual(times.next_open(wib("2026-02-02 08:30")), wib("2026-02-02 08:30"))

    def test_backwards(self):
        times = office()
        self.assertEqual(
            times.after_seconds(wib("2026-02-03 08:30"), -7200), wib("2026-02-02 15:00")
        )
        self.assertEqual(
            times.after_seconds(wib("2026-02-03 08:30"), 3600), wib("2026-02-03 09:30")
        )

    def compare(self, cases, per_office, seed):
        """Ask both; answers must be the same, also where they must be refused."""
        rng = random.Random(seed)
        place = None
        for case in range(cases):
            if case % per_office == 0:
                place = Office(rng)
            start, allowance, pauses, counting = random_question(rng)
            moments = [(place.moment(a), place.moment(b)) for a, b in pauses if b < DAYS * 1440]
            pauses = [(a, b) for a, b in pauses if b < DAYS * 1440]
            expected = place.advance(start, allowance, pauses, counting)
            try:
                due = place.office_time.advance(place.moment(start), allowance, moments, counting)
            except BeyondHorizon:
                due = None
            self.assertEqual(
                due,
                None if expected is None else place.moment(expected),
                (seed, case, place.zone, place.first, start, allowance, pauses, counting),
            )
            stop = min(start + rng.randrange(2 * 1440), DAYS * 1440 - 1)
            used = place.office_time.elapsed(place.moment(start), place.moment(stop), moments)
            self.assertEqual(used, 60 * place.elapsed(start, stop, pauses), (seed, case))

    def test_five_thousand_random_cases(self):
        self.compare(5_000, per_office=500, seed=6)

    @pytest.mark.slow
    def test_hundred_thousand_random_cases(self):
        self.compare(100_000, per_office=2_500, seed=2026)
