from datetime import date, datetime, timedelta
from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from ..tools.office_hours import PERPRES_WEEK, working_intervals
from ..tools.office_time import COUNTINGS, Allowance, OfficeTime
from . import common

ZERO = datetime(2026, 1, 31, 17)  # midnight in Jakarta


def _office():
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    closed = {date(2026, 2, 17): 0, date(2026, 2, 20): 690}
    return OfficeTime(
        working_intervals("Asia/Jakarta", first, last, PERPRES_WEEK, (), closed),
        "Asia/Jakarta",
        datetime(2025, 12, 31, 17),
        datetime(2026, 12, 31, 17),
    )


MINUTES = st.integers(0, 30 * 1440)
PAUSES = st.lists(st.tuples(MINUTES, st.integers(1, 5000)), max_size=4)
ALLOWANCES = st.builds(
    Allowance,
    calendar_days=st.integers(0, 9),
    working_days=st.integers(0, 9),
    minutes=st.integers(0, 900),
)


def _at(minute):
    return ZERO + timedelta(minutes=minute)


@tagged("post_install", "-at_install")
class TestPauses(TestCase):
    """What a pause gives back is what it took: no more, no less."""

    times = _office()

    def _spans(self, pauses):
        return [(_at(start), _at(start + length)) for start, length in pauses]

    @settings(max_examples=300, deadline=None, database=None)
    @given(MINUTES, st.integers(0, 9), st.integers(0, 900), PAUSES, st.sampled_from(COUNTINGS))
    def test_office_time_without_the_pauses_is_always_the_same(
        self, start, days, minutes, pauses, counting
    ):
        allowance, spans = Allowance(working_days=days, minutes=minutes), self._spans(pauses)
        start = _at(start)
        plain = self.times.advance(start, allowance, (), counting)
        due = self.times.advance(start, allowance, spans, counting)
        self.assertGreaterEqual(due, plain)
        self.assertEqual(
            self.times.elapsed(start, due, spans), self.times.elapsed(start, plain), (due, plain)
        )

    @settings(max_examples=200, deadline=None, database=None)
    @given(MINUTES, ALLOWANCES, PAUSES, st.sampled_from(COUNTINGS), st.integers(1, 900))
    def test_a_longer_pause_never_brings_an_earlier_end(
        self, start, allowance, pauses, counting, more
    ):
        longer = [(begin, length + more) for begin, length in pauses]
        self.assertLessEqual(
            self.times.advance(_at(start), allowance, self._spans(pauses), counting),
            self.times.advance(_at(start), allowance, self._spans(longer), counting),
        )

    def test_minutes_at_closing_time_gain_minutes(self):
        def due(*pause):
            allowance = Allowance(working_days=2)
            span = [tuple(common.wib(f"2026-02-03 {hour}") for hour in pause)] if pause else []
            at = self.times.advance(common.wib("2026-02-02 09:00"), allowance, span)
            return f"{at + timedelta(hours=7):%d %H:%M}"

        self.assertEqual(due(), "04 16:00")
        self.assertEqual(due("15:59", "16:01"), "05 07:31")
        self.assertEqual(due("07:30", "15:59"), "05 15:59")
        self.assertEqual(due("16:00", "23:59"), "04 16:00", "no office time, nothing to give back")

    def test_end_on_a_closed_day_moves_where_the_rule_says_so(self):
        def due(days, **options):
            at = self.times.advance(
                common.wib("2026-02-02 09:00"), Allowance(calendar_days=days), **options
            )
            return f"{at + timedelta(hours=7):%d %H:%M}"

        self.assertEqual(due(5), "07 23:59")
        self.assertEqual(due(5, ends_open=True), "09 23:59")
        self.assertEqual(due(4, ends_open=True), "06 23:59")
        # 17 February is a holiday.
        self.assertEqual(due(15, ends_open=True), "18 23:59")
        # Sunday's end moves to Monday, Monday is on hold.
        pause = [(common.wib("2026-02-09 00:00"), common.wib("2026-02-10 00:00"))]
        self.assertEqual(due(5, ends_open=True, pauses=pause), "10 23:59")

    @settings(max_examples=200, deadline=None, database=None)
    @given(MINUTES, st.integers(1, 30), PAUSES, st.sampled_from(COUNTINGS))
    def test_moved_ends_are_on_open_days(self, start, days, pauses, counting):
        allowance, spans = Allowance(calendar_days=days), self._spans(pauses)
        plain = self.times.advance(_at(start), allowance, spans, counting)
        moved = self.times.advance(_at(start), allowance, spans, counting, ends_open=True)
        self.assertGreaterEqual(moved, plain)
        day = self.times.local(moved).date()
        self.assertEqual(self.times.closed_dates(day, day), 0)


@tagged("post_install", "-at_install")
class TestClockTruth(common.SlaCase):
    """Clocks follow what happened, not who pressed a button when."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sop.action_retire()
        cls.sop = cls._make_sop(activate=False, name="SOP dengan perpanjangan")
        direct, draft = cls.sop.step_ids[1:3]
        draft.write({"extension_amount": 14, "extension_unit": "working_day"})
        cls._make_arrow(draft, direct, "Kembali", kind="return", requires_note=True)
        cls.sop.action_activate()

    def _new(self, step="3"):
        with self.at("2026-02-02 09:00"):
            return self._walk_to(self._make_complaint(), step)

    def _hold(self, case, text):
        with self.at(text):
            user = case.sudo().current_step_id.user_id
            case.with_user(user).action_hold(self._items(), delivery_note="Telepon")

    def _reply(self, case, text):
        with self.at(text):
            case.sudo()._note_reply(self.env["mail.message"])

    def _open(self, case):
        return case.sudo().clock_ids.filtered(lambda clock: clock.state != "stopped")

    def _dues(self, case):
        return {
            (clock.kind, clock.rule_id.code, clock.sop_step_id): (clock.due_at, clock.state)
            for clock in self._open(case)
        }

    # The reply's moment

    def test_pause_ends_when_the_reply_came(self):
        case, other = self._new(), self._new()
        for held in (case, other):
            self._hold(held, "2026-02-03 09:00")
        self._reply(case, "2026-02-04 09:00")
        with self.at("2026-02-04 09:00"):
            other.with_user(self.engineer).action_resume()
        with self.at("2026-02-06 15:00"):
            case.with_user(self.engineer).action_resume()
        self.assertEqual(self._dues(case), self._dues(other))
        pauses = self._open(case).pause_ids
        self.assertEqual(set(pauses.mapped("ended_at")), {common.wib("2026-02-04 09:00")})

    def test_reply_that_is_not_what_was_asked_for_ends_no_pause(self):
        case = self._new()
        self._hold(case, "2026-02-03 09:00")
        self._reply(case, "2026-02-04 09:00")
        with self.at("2026-02-05 09:00"):
            case.with_user(self.engineer).action_refuse_reply("Bukan itu")
        self._reply(case, "2026-02-06 09:00")
        self._reply(case, "2026-02-06 10:00")
        with self.at("2026-02-09 09:00"):
            case.with_user(self.engineer).action_resume()
        pauses = self._open(case).pause_ids
        self.assertEqual(set(pauses.mapped("ended_at")), {common.wib("2026-02-06 09:00")})

    def test_office_that_lets_a_reply_lie_is_late_when_the_case_ends(self):
        case = self._new()
        self._hold(case, "2026-02-03 09:00")
        self._reply(case, "2026-02-04 09:00")
        with self.at("2026-03-30 09:00"):
            case.with_user(self.engineer).action_withdraw("Pelapor menelepon")
        step = self.clock(case)
        self.assertEqual(step.result, "late")
        self.assertEqual(step.pause_ids.ended_at, common.wib("2026-02-04 09:00"))

    # A closing by mistake

    def test_closing_by_mistake_never_was(self):
        reason = self.env["lapor.archive.reason"].search([], limit=1)
        ends = {
            "archived": lambda case: case.with_user(self.operator).action_archive_case(reason.id),
            "withdrawn": lambda case: case.with_user(self.operator).action_withdraw("Telepon"),
            "end": lambda case: case.sudo()._end("no_response"),
        }
        for name, end in ends.items():
            for at_step in ("1", "2", "3", "4"):
                case, twin = self._new(at_step), self._new(at_step)
                with self.at("2026-02-03 10:00"):
                    end(case)
                    self.assertFalse(self._open(case))
                with self.at("2026-02-05 09:00"):
                    case.with_user(self.operator).action_reopen("Keliru", mistake=True)
                with self.subTest(name, step=at_step):
                    self.assertEqual(self._dues(case), self._dues(twin))
                    self.assertEqual(case.sudo().due_at, twin.sudo().due_at)
                    visit, same = case.sudo().current_step_id, twin.sudo().current_step_id
                    self.assertEqual(visit.due_at, same.due_at)
                    self.assertEqual(
                        visit.activity_ids.date_deadline, same.activity_ids.date_deadline
                    )
                    undone = (case.sudo().clock_ids - self._open(case)).mapped("result")
                    kept = (twin.sudo().clock_ids - self._open(twin)).mapped("result")
                    self.assertEqual(sorted(undone), sorted([*kept, "void"]))

    def test_case_closed_by_its_last_arrow_by_mistake(self):
        case = self._new("5")
        due = self._dues(case)
        with self.at("2026-02-03 10:00"):
            self._advance(case, self.operator, "close", delivery={"note": "Diantar"})
        with self.at("2026-02-04 10:00"):
            case.with_user(self.operator).action_reopen("Keliru", mistake=True)
        now = self._dues(case)
        # Answered is answered: only the clock of the answer is over.
        for key in now:
            if key in due:
                self.assertEqual(now[key], due[key])
        self.assertEqual(self.clock(case, "rule", "complaint").result, "on_time")
        self.assertEqual(self.clock(case, "sop").state, "running")

    def test_hold_that_ended_with_the_mistake_goes_on_until_it_is_undone(self):
        case, twin = self._new(), self._new()
        for held in (case, twin):
            self._hold(held, "2026-02-03 09:00")
        with self.at("2026-02-04 10:00"):
            case.sudo()._end("no_response")
        with self.at("2026-02-06 09:00"):
            case.with_user(self.operator).action_reopen("Keliru", mistake=True)
            twin.with_user(self.engineer).action_resume()
        self.assertEqual(self._dues(case), self._dues(twin))

    # Lateness that happened

    def test_lateness_stays_whatever_is_corrected_later(self):
        rule = self.env.ref("lapor_sla.time_rule_complaint")

        def hours(case):
            self.env["resource.calendar"]._lapor_default().lapor_counting = "same_hour"

        corrections = {
            "class": lambda case: case.with_user(self.operator).write(
                {"classification": "aspiration"}
            ),
            "misconduct": lambda case: case.sudo().write({"is_misconduct": True}),
            "longer rule": lambda case: rule.write({"amount": 60}),
            "archived rule": lambda case: rule.write({"active": False}),
            "rule of another class": lambda case: rule.write({"classification": "information"}),
            "rule that ended": lambda case: rule.write({"valid_to": "2026-01-01"}),
            "rule until something else": lambda case: rule.write({"stop_event": "closed"}),
            "counting": hours,
            "zone": lambda case: self.manager.write({"tz": "Asia/Jayapura"}),
        }
        for name, correct in corrections.items():
            case = self._new()
            clock = self.clock(case, "rule", "complaint")
            with self.at("2026-03-16 09:00"):
                self.assertTrue(clock._is_late())
                due = clock.due_at
                with self.subTest(name), self.env.cr.savepoint() as point:
                    correct(case)
                    self.assertTrue(clock.result == "late" or clock._is_late())
                    self.assertEqual(clock.due_at, due)
                    with self.at("2026-03-16 10:00"):
                        case.sudo().clock_ids.filtered(
                            lambda clock: clock.state != "stopped"
                        )._stop()
                    self.assertEqual(clock.result, "late")
                    self.assertIn("late", case.sudo().clock_ids.mapped("result"))
                    point.rollback()
                self.env.invalidate_all()

    def test_holiday_that_becomes_known_later_is_no_lateness(self):
        case = self._new("3")
        step = self.clock(case)
        self.assertDue(step, "2026-02-09 16:00")
        with self.at("2026-02-10 09:00"):
            self.assertTrue(step._is_late())
            self.env["lapor.holiday"].create({"date": "2026-02-05", "name": "Hari Jadi"})
        self.assertDue(step, "2026-02-10 16:00")

    # A longer time

    def _back_to_draft(self, case):
        self._advance(case, self.engineer, "return", note="Lengkapi")
        self._walk_to(case, "3")

    def test_longer_time_once_across_returns(self):
        for times in (1, 2):
            # As data of the SOP: an SOP in force is not edited.
            self.env.cr.execute(
                "UPDATE lapor_sop_step SET extension_count = %s WHERE sop_id = %s",
                [times, self.sop.id],
            )
            self.env.invalidate_all()
            case = self._new("3")
            for _turn in range(times):
                with self.at("2026-02-03 09:00"):
                    case.with_user(self.engineer).action_ask_extension("Tiga desa")
                    case.with_user(self.opd_head).action_decide_extension(True)
                    self._back_to_draft(case)
            whole = self.clock(case, "sop").due_at
            with self.at("2026-02-03 10:00"):
                ids = [act["id"] for act in case.with_user(self.engineer).act_state["acts"]]
                self.assertNotIn("ask_extension", ids)
                with self.subTest(times), self.assertRefused("given already"):
                    case.with_user(self.engineer).action_ask_extension("Lagi")
                with self.subTest(times), self.assertRefused(f"{times} times"):
                    self.clock(case).with_user(self.opd_head).action_extend("Lagi")
            self.assertEqual(self.clock(case, "sop").due_at, whole)

    def test_nobody_extends_what_is_over(self):
        case = self._new("3")
        with self.at("2026-02-20 09:00"):
            for user in (self.opd_head, self.operator):
                with self.subTest(user.login), self.assertRefused("time is over"):
                    self.clock(case).with_user(user).action_extend("Terlambat")

    # A due that is over

    def test_disposition_due_earlier_today_is_refused(self):
        case = self._new("2")
        with self.at("2026-02-03 10:00"):
            for due in ("2026-02-03 02:59:00", "2026-02-03 03:00:00", "2026-02-02"):
                with self.subTest(due), self.assertRefused("over already"):
                    self._advance(
                        case,
                        self.head,
                        disposition={
                            "lead_position_id": self.engineer_position.id,
                            "note": "Tinjau",
                            "date_due": due,
                        },
                    )
            self._advance(
                case,
                self.head,
                disposition={
                    "lead_position_id": self.engineer_position.id,
                    "note": "Tinjau",
                    "date_due": "2026-02-03 03:01:00",
                },
            )
