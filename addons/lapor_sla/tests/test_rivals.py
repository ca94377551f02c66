from datetime import date, datetime

from odoo.tests import tagged

from ..tools.office_hours import PERPRES_WEEK, working_intervals
from ..tools.office_time import Allowance, OfficeTime
from .common import SlaCase


@tagged("post_install", "-at_install")
class TestRivals(SlaCase):
    """Mistakes of other systems that no other test here is named after."""

    def test_late_and_not_late_are_never_the_same_case(self):
        """OCA #7: a ticket with one missed and one open deadline is in both lists."""
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
        """OCA #8: rules match on tags and categories only; without a team there is no deadline."""
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
        """Zammad #5177: the later of two deadlines replaced the earlier one."""
        with self.at("2026-02-02 09:00"):
            case = self._make_complaint()
        with self.at("2026-02-02 09:30"):
            self._walk_to(case, "3")
        clocks = case.sudo().clock_ids.filtered(lambda clock: clock.state == "running")
        self.assertGreater(len(clocks), 2)
        self.assertEqual(case.sudo().due_at, min(clocks.mapped("due_at")))
        self.assertEqual(case.sudo().due_clock_id.due_at, case.sudo().due_at)

    def test_holiday_that_is_listed_twice_counts_once(self):
        """Zammad #5076: a holiday of two feeds moved deadlines by two days."""
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
        """Zammad #3706: a holiday began a day early, because it was kept in UTC."""
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
        """OCA #157: the clock of a closed ticket went on."""
        with self.at("2026-02-02 09:00"):
            case = self._make_complaint()
        with self.at("2026-02-02 09:20"):
            case.sudo()._close("archived")
        with self.at("2026-03-02 09:00"):
            self.assertFalse(case.due_state)
            self.assertEqual(set(case.sudo().clock_ids.mapped("result")), {"on_time"})
            self.env["lapor.holiday"].create({"date": "2026-02-03", "name": "Libur"})
        self.assertFalse(case.sudo().event_ids.filtered(lambda event: event.code == "clock_moved"))
