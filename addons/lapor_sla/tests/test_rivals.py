import importlib
from datetime import date, datetime

from odoo.tests import tagged

from ..tools.office_hours import PERPRES_WEEK, working_intervals
from ..tools.office_time import Allowance, OfficeTime
from .common import SlaCase

#: What other systems get wrong in time, and the tests that would fail if Lapor did. The numbers are
#: those of their trackers; "OCA 1" to "OCA 13" is a list of what helpdesk_mgmt_sla 19 does.
DEFECTS = {
    "OCA 1, Frappe PR 3776: held, then closed, and late for ever": (
        "test_clock.TestClock.test_hold_then_close_is_stopped_and_not_late"
    ),
    "OCA 2: whole hours only": "test_office_time.TestOfficeTime.test_minutes_can_be_entered",
    "OCA 3: a day is an average of hours": (
        "test_office_time.TestOfficeTime.test_one_day_ends_at_the_close_of_office"
    ),
    "OCA 4, Alaveteli 7292: holidays added later": (
        "test_replan.TestReplan.test_holiday_added_later"
    ),
    "OCA 4: changed hours": "test_replan.TestReplan.test_edited_hours",
    "OCA 4, Zammad 534: changed rule": "test_replan.TestReplan.test_edited_rule",
    "OCA 4: changed category": "test_clock.TestClock.test_changed_class_changes_the_rule_at_once",
    "OCA 5, OCA project 73: no calendar": (
        "test_clock.TestClock.test_unit_without_calendar_never_crashes"
    ),
    "OCA 6: the day of closing stays after reopening": (
        "test_rivals.TestRivals.test_reopened_case_is_no_longer_closed"
    ),
    "OCA 7: late and not late at once": (
        "test_rivals.TestRivals.test_late_and_not_late_are_never_the_same_case"
    ),
    "OCA 8: no category, no deadline": (
        "test_rivals.TestRivals.test_case_without_category_has_its_deadlines"
    ),
    "OCA 13: clocks of merged cases run on": (
        "test_merge.TestMerge.test_step_and_sop_stand_still_and_the_rules_run_on"
    ),
    "OCA 157: closed cases count on": ("test_rivals.TestRivals.test_closed_case_counts_no_longer"),
    "OCA 436: the time begins at the wrong moment": (
        "test_clock.TestClock.test_first_follow_up_runs_from_the_disposition"
    ),
    "OCA, Odoo, Chatwoot 6889: no escalation": ("test_escalation.TestEscalation.test_levels_climb"),
    "OCA: hours are counted over the whole age": (
        "test_office_time.TestOfficeTime.test_elapsed_does_not_walk_the_age"
    ),
    "Frappe 2212, Chatwoot 14009: lunch counts": (
        "test_office_time.TestOfficeTime.test_lunch_is_no_office_time"
    ),
    "osTicket 6739: a weekday's hours on another day": (
        "test_office_time.TestOfficeTime.test_friday_has_its_own_break"
    ),
    "Frappe 1554, GLPI 10594, osTicket 3034: pauses do not give the time back": (
        "test_clock.TestClock.test_pause_and_resume_move_the_deadline"
    ),
    "ERPNext PR 38745: the zone of the server": "test_clock.TestClock.test_zone_of_the_unit",
    "Zammad 4432, GLPI PR 22678: escalation at midnight": (
        "test_escalation.TestEscalation.test_only_in_office_hours"
    ),
    "Zammad 5177: one deadline overrules another": (
        "test_rivals.TestRivals.test_one_deadline_does_not_overrule_another"
    ),
    "Zammad 5076: a holiday counts twice": (
        "test_rivals.TestRivals.test_holiday_that_is_listed_twice_counts_once"
    ),
    "Zammad 3706: a holiday a day early": ("test_rivals.TestRivals.test_holiday_is_a_local_date"),
    "DIGIT: a comment begins the time anew": (
        "test_rivals.TestRivals.test_a_comment_does_not_reset_the_clock"
    ),
    "DIGIT: only the first hundred are escalated": (
        "test_escalation.TestEscalation.test_the_hundred_and_first_is_served"
    ),
    "DIGIT: what nobody has is not escalated": (
        "test_escalation.TestEscalation.test_vacant_position_has_somebody_who_watches"
    ),
    "DIGIT: one failure stops the others": (
        "test_escalation.TestEscalation.test_broken_one_does_not_stop_the_others"
    ),
    "osTicket 5955: an alarm at reopening": ("test_rivals.TestRivals.test_reopening_is_no_alarm"),
    "Odoo 44115: no date found, then a crash": (
        "test_clock.TestClock.test_huge_allowance_has_no_date_and_no_crash"
    ),
    "Chatwoot 9747: the share on time is wrong": (
        "test_report.TestReport.test_on_time_and_late_by_step"
    ),
    "OCA 12: an activity knows a day, not an hour": ("test_menu.TestMenu.test_menu_tells_the_hour"),
}


@tagged("post_install", "-at_install")
class TestRivals(SlaCase):
    """Mistakes of other systems that no other test here is about; and that each has its test."""

    def test_each_defect_has_its_test(self):
        package = __name__.rpartition(".")[0]
        for defect, path in DEFECTS.items():
            module, case, test = path.split(".")
            found = importlib.import_module(f"{package}.{module}")
            self.assertTrue(hasattr(getattr(found, case), test), defect)

    def test_reopened_case_is_no_longer_closed(self):
        """OCA 6: ``closed_date`` stays, and the next close overwrites it."""
        with self.at("2026-02-02 09:00"):
            case = self._make_complaint()
            self._walk_to(case, None)
        first = self.clock(case, "sop")
        stopped_at = first.stopped_at
        with self.at("2026-02-04 10:00"):
            case.with_user(self.operator).action_reopen("Masih berlubang")
        self.assertFalse(case.sudo().closed_at)
        with self.at("2026-02-05 10:00"):
            self._walk_to(case, "5")
            self._advance(case, self.operator, "close", delivery={"note": "Diantar"})
        self.assertDue(case.sudo(), "2026-02-05 10:00", "closed_at")
        # The first time's proof stays as it was.
        self.assertEqual(first.stopped_at, stopped_at)

    def test_reopening_is_no_alarm(self):
        """osTicket 5955: what is opened again is overdue at once."""
        with self.at("2026-02-02 09:00"):
            case = self._make_complaint()
        with self.at("2026-02-20 09:00"):
            case.with_user(self.operator).action_archive_case(
                self.env.ref("lapor_base.archive_reason_general").id
            )
        with self.at("2026-03-02 09:00"):
            case.with_user(self.operator).action_reopen("Keliru diarsipkan")
            self.assertEqual(case.due_state, "fine")
            clocks = case.sudo().clock_ids.filtered(lambda clock: clock.state == "running")
            self.assertTrue(clocks)
            self.assertFalse(clocks.filtered(lambda clock: clock.due_at < self.env.cr.now()))
            clocks._escalate_page(self.env.cr.now())
            self.assertFalse(clocks.escalation_ids)

    def test_late_and_not_late_are_never_the_same_case(self):
        """OCA 7: a ticket with one missed and one open deadline is in both lists."""
        with self.at("2026-02-02 09:00"):
            late = self._make_complaint()
        with self.at("2026-02-02 10:30"):
            fresh = self._make_complaint()
            Complaint = self.env["lapor.complaint"]
            mine = [("id", "in", (late | fresh).ids)]
            passed = Complaint.search([*mine, ("due_at", "<", "2026-02-02 03:30:00")])
            others = Complaint.search([*mine, "!", ("due_at", "<", "2026-02-02 03:30:00")])
            self.assertEqual((passed, others), (late.sudo(), fresh.sudo()))
            self.assertEqual((late.due_state, fresh.due_state), ("late", "fine"))

    def test_case_without_category_has_its_deadlines(self):
        """OCA 8: rules match on tags and categories only; without a team there is no deadline."""
        with self.at("2026-02-02 09:00"):
            case = self._make_complaint(category_id=False)
        self.assertEqual(
            sorted(case.sudo().clock_ids.mapped("kind")), ["rule", "rule", "sop", "step"]
        )

    def test_a_comment_does_not_reset_the_clock(self):
        """DIGIT: time since the last change, so that every comment begins it anew."""
        with self.at("2026-02-02 09:00"):
            case = self._make_complaint()
        with self.at("2026-02-02 09:50"):
            case.with_user(self.operator).message_post(body="Masih dicek.")
            case.with_user(self.operator).place = "Pasar Uji"
        self.assertDue(self.clock(case), "2026-02-02 10:00")
        with self.at("2026-02-02 10:05"):
            self.assertEqual(case.due_state, "late")

    def test_one_deadline_does_not_overrule_another(self):
        """Zammad 5177: the later of two deadlines replaced the earlier one."""
        with self.at("2026-02-02 09:00"):
            case = self._make_complaint()
        with self.at("2026-02-02 09:30"):
            self._walk_to(case, "3")
        clocks = case.sudo().clock_ids.filtered(lambda clock: clock.state == "running")
        self.assertGreater(len(clocks), 2)
        self.assertEqual(case.sudo().due_at, min(clocks.mapped("due_at")))
        self.assertEqual(case.sudo().due_clock_id.due_at, case.sudo().due_at)

    def test_holiday_that_is_listed_twice_counts_once(self):
        """Zammad 5076: a holiday of two feeds moved deadlines by two days."""
        with self.at("2026-02-02 09:00"):
            case = self._make_complaint()
            Holiday = self.env["lapor.holiday"]
            Holiday.create({"date": "2026-02-04", "name": "Libur", "kind": "national"})
        self.assertDue(self.clock(case, "rule", "verification"), "2026-02-06 16:30")
        with self.at("2026-02-02 10:00"):
            Holiday.create(
                {"date": "2026-02-04", "name": "Hari Jadi", "company_id": self.company.id}
            )
        self.assertDue(self.clock(case, "rule", "verification"), "2026-02-06 16:30")

    def test_holiday_is_a_local_date(self):
        """Zammad 3706: a holiday began a day early, because it was kept in UTC."""
        times = OfficeTime(
            working_intervals(
                "Asia/Jayapura",
                date(2026, 2, 1),
                date(2026, 2, 28),
                PERPRES_WEEK,
                closings={date(2026, 2, 4): 0},
            ),
            "Asia/Jayapura",
            datetime(2026, 2, 1),
            datetime(2026, 2, 27),
        )
        # Tue 3 Feb, 15:30 in Jayapura: half an hour is left before the holiday.
        due = times.advance(datetime(2026, 2, 3, 6, 30), Allowance(minutes=60))
        self.assertEqual(due, datetime(2026, 2, 4, 23, 0))
        # Wed 4 Feb, 00:30 in Jayapura is still Tuesday in UTC, and a holiday there.
        self.assertEqual(
            times.advance(datetime(2026, 2, 3, 15, 30), Allowance(working_days=1)),
            datetime(2026, 2, 5, 7, 0),
        )

    def test_closed_case_counts_no_longer(self):
        """OCA 157: the clock of a closed ticket went on."""
        with self.at("2026-02-02 09:00"):
            case = self._make_complaint()
        with self.at("2026-02-02 09:20"):
            case.sudo()._close("archived")
        with self.at("2026-03-02 09:00"):
            self.assertFalse(case.due_state)
            self.assertEqual(set(case.sudo().clock_ids.mapped("result")), {"on_time"})
            self.env["lapor.holiday"].create({"date": "2026-02-03", "name": "Libur"})
        self.assertFalse(case.sudo().event_ids.filtered(lambda event: event.code == "clock_moved"))
