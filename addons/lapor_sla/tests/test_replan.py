from unittest.mock import patch

from odoo.tests import tagged

from ..models import lapor_clock_plan_mixin
from .common import SlaCase


@tagged("post_install", "-at_install")
class TestReplan(SlaCase):
    """Open deadlines follow calendars, rules and units; closed ones never do.

    Rivals: a new holiday, changed hours or a changed rule leave open deadlines where they were.
    """

    def setUp(self):
        super().setUp()
        with self.at("2026-02-02 09:00"):
            self.case = self._make_complaint()
        with self.at("2026-02-02 09:30"):
            self._walk_to(self.case, "3")
        self.assertDue(self.clock(self.case), "2026-02-09 16:00")
        self.stopped = self.case.sudo().clock_ids.filtered(lambda clock: clock.state == "stopped")
        self.before = self.stopped.mapped("due_at")

    def assertMoved(self, text):
        self.assertDue(self.clock(self.case), text)
        self.assertDue(self.case.sudo().current_step_id, text)
        self.assertEqual(
            str(self.case.sudo().current_step_id.activity_ids.date_deadline), text[:10]
        )
        self.assertEqual(self.stopped.mapped("due_at"), self.before)
        moved = self.case.sudo().event_ids.filtered(lambda event: event.code == "clock_moved")
        self.assertTrue(moved)
        self.assertFalse(self.env["lapor.event"]._verify_chains(self.case))
        return moved

    def _holiday(self, **values):
        return self.env["lapor.holiday"].create(
            {"date": "2026-02-05", "name": "Hari Jadi Kabupaten", **values}
        )

    def test_holiday_added_later(self):
        with self.at("2026-02-04 08:00"):
            self._holiday(company_id=self.company.id)
        events = self.assertMoved("2026-02-10 16:00")
        self.assertIn("Hari Jadi", events[-1].data["reason"])
        self.assertIn("Hari Jadi", self.clock(self.case).explanation)

    def test_holiday_moved_and_removed(self):
        with self.at("2026-02-04 08:00"):
            holiday = self._holiday()
            holiday.date = "2026-03-05"
        self.assertMoved("2026-02-09 16:00")
        with self.at("2026-02-04 09:00"):
            holiday.date = "2026-02-06"
            holiday.unlink()
        self.assertMoved("2026-02-09 16:00")

    def test_holiday_while_paused_counts_after_resuming(self):
        with self.at("2026-02-04 08:00"):
            self.case._pause_clocks("Menunggu pelapor")
            self._holiday(date="2026-02-10")
        with self.at("2026-02-05 08:00"):
            self.case._resume_clocks()
        # Wed 4 Feb ended in the pause, Tue 10 Feb is a holiday.
        self.assertMoved("2026-02-11 16:00")

    def test_half_day(self):
        with self.at("2026-02-04 08:00"):
            self._holiday(date="2026-02-09", closing_hour=11.5)
        self.assertMoved("2026-02-09 11:30")

    def test_holiday_of_another_government_moves_nothing(self):
        other = self.env["res.company"].create({"name": "Pemkab Lain"})
        with self.at("2026-02-04 08:00"):
            self._holiday(company_id=other.id)
        self.assertDue(self.clock(self.case), "2026-02-09 16:00")

    def test_edited_hours(self):
        calendar = self.clock(self.case).calendar_id
        monday = calendar.attendance_ids.filtered(
            lambda row: row.dayofweek == "0" and row.hour_from == 13
        )
        with self.at("2026-02-04 08:00"):
            monday.hour_to = 15
        self.assertMoved("2026-02-09 15:00")

    def test_other_way_of_counting(self):
        with self.at("2026-02-04 08:00"):
            self.clock(self.case).calendar_id.lapor_counting = "including"
        self.assertMoved("2026-02-06 16:30")

    def test_period_with_other_hours(self):
        with self.at("2026-02-04 08:00"):
            period = self.env["lapor.schedule.period"].create(
                {
                    "name": "Ramadan",
                    "calendar_id": self.clock(self.case).calendar_id.id,
                    "other_calendar_id": self.env.ref(
                        "lapor_sla.resource_calendar_perpres_ramadan"
                    ).id,
                    "date_from": "2026-02-08",
                    "date_to": "2026-02-12",
                }
            )
        self.assertMoved("2026-02-09 15:00")
        with self.at("2026-02-04 09:00"):
            period.unlink()
        self.assertMoved("2026-02-09 16:00")

    def test_unit_gets_its_own_hours_and_zone(self):
        with self.at("2026-02-04 08:00"):
            self.opd.resource_calendar_id = self.env.ref("lapor_sla.resource_calendar_six")
        # Saturday is a working day there; Sunday is none.
        self.assertMoved("2026-02-07 12:30")
        with self.at("2026-02-04 09:00"):
            self.opd.tz = "Asia/Jayapura"
        self.assertMoved("2026-02-07 10:30")

    def test_step_goes_to_another_unit(self):
        self.other_opd.resource_calendar_id = self.env.ref("lapor_sla.resource_calendar_six")
        with self.at("2026-02-04 08:00"):
            self.case.sudo().current_step_id.unit_id = self.other_opd
        self.assertMoved("2026-02-07 12:30")

    def test_edited_rule(self):
        with self.at("2026-02-04 08:00"):
            self.env.ref("lapor_sla.time_rule_follow_up").amount = 3
        self.assertDue(self.clock(self.case, "rule", "follow_up"), "2026-02-05 16:00")
        self.assertDue(self.case.sudo(), "2026-02-05 16:00")

    def test_many_are_left_to_the_background_job(self):
        with (
            self.at("2026-02-04 08:00"),
            patch.object(lapor_clock_plan_mixin, "REPLAN_AT_ONCE", 0),
            self.capture_triggers("lapor_sla.ir_cron_replan") as triggers,
        ):
            self._holiday()
            self.assertTrue(triggers.records)
            self.assertDue(self.clock(self.case), "2026-02-09 16:00")
            self.env.flush_all()
            with self.enter_registry_test_mode():
                self.env.ref("lapor_sla.ir_cron_replan").method_direct_trigger()
        self.assertMoved("2026-02-10 16:00")
        self.assertFalse(self.env["lapor.clock"].search_count([("replan_reason", "!=", False)]))
