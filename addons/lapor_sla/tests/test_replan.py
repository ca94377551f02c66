from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..models import lapor_clock_plan_mixin, lapor_time_rule
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
        # Events hold no free words: which they were shows in the clock.
        self.assertEqual(set(events[-1].data["reason"]), {"hash", "length"})
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

    def test_rule_that_ends_earlier_no_longer_applies(self):
        rule = self.env.ref("lapor_sla.time_rule_complaint")
        with self.at("2026-02-04 08:00"):
            rule.valid_to = "2026-01-31"
        self.assertEqual(self.clock(self.case, "rule", "complaint").result, "void")
        moved = self.case.sudo().event_ids.filtered(lambda event: event.code == "clock_moved")
        self.assertEqual(set(moved.data["reason"]), {"hash", "length"})
        with self.at("2026-02-04 09:00"):
            rule.valid_to = False
        # Counted from receipt again, not from the change.
        self.assertDue(self.clock(self.case, "rule", "complaint"), "2026-02-24 15:00")
        with self.at("2026-02-04 10:00"):
            rule.active = False
        self.assertEqual(self.clock(self.case, "rule", "complaint").result, "void")

    def test_new_rule_for_a_category_starts_at_once(self):
        below = self.category.create({"name": "Lubang", "parent_id": self.category.id})
        with self.at("2026-02-04 08:00"):
            other = self._make_complaint(category_id=False)
            self.case.with_user(self.operator).category_id = below
            self.env["lapor.time.rule"].create(
                {
                    "name": "Jalan: 7 hari",
                    "code": "road",
                    "amount": 7,
                    "category_ids": self.category.ids,
                    "source": "Perbup Uji 1/2026",
                }
            )
        self.assertDue(self.clock(self.case, "rule", "road"), "2026-02-11 16:00")
        self.assertFalse(self.clock(other, "rule", "road"))
        with self.at("2026-02-04 09:00"):
            self.case.with_user(self.operator).category_id = False
        self.assertEqual(self.clock(self.case, "rule", "road").result, "void")

    def test_where_a_rule_begins_does_not_change_under_its_clocks(self):
        with self.assertRaises(ValidationError):
            self.env.ref("lapor_sla.time_rule_complaint").start_event = "forwarded"

    def test_rule_over_many_cases_is_left_to_the_background_job(self):
        with self.at("2026-02-04 07:50"):
            others = [self._make_complaint() for _turn in range(3)]
        rule = self.env.ref("lapor_sla.time_rule_complaint")
        with (
            self.at("2026-02-04 08:00"),
            patch.object(lapor_time_rule, "SYNC_AT_ONCE", 0),
            patch.object(lapor_time_rule, "SYNC_PAGE", 2),
        ):
            rule.misconduct = "yes"
            self.assertTrue(rule.sync_reason)
            self.assertEqual(self.clock(self.case, "rule", "complaint").state, "running")
            self.env.flush_all()
            with self.enter_registry_test_mode():
                self.env.ref("lapor_sla.ir_cron_replan").method_direct_trigger()
            rule.invalidate_recordset()
        for case in [self.case, *others]:
            self.assertEqual(self.clock(case, "rule", "complaint").result, "void")
        self.assertFalse(rule.sync_reason)

    def test_case_that_goes_to_another_managing_office(self):
        other = self._make_unit("Dinas Kominfo Timur", "KOMTIM", "manager", tz="Asia/Jayapura")
        self.assertDue(self.clock(self.case, "rule", "complaint"), "2026-02-24 15:00")
        with self.at("2026-02-04 08:00"):
            self.case.sudo()._engine_write({"managing_unit_id": other.id})
        self.assertDue(self.clock(self.case, "rule", "complaint"), "2026-02-24 13:00")

    def test_yearly_update_keeps_what_the_office_corrected(self):
        holiday = self.env.ref("lapor_sla.holiday_2027_03_10")
        update = {"install_module": "lapor_sla"}
        holiday.with_context(**update).date = "2027-03-10"
        self.assertFalse(self._is_kept(holiday))
        holiday.date = "2027-03-09"
        self.assertTrue(self._is_kept(holiday))
        with self.assertRaises(ValidationError):
            holiday.unlink()

    def _is_kept(self, record):
        data = self.env["ir.model.data"].search(
            [("model", "=", record._name), ("res_id", "=", record.id)]
        )
        return data.noupdate

    def test_update_of_the_program_moves_nothing(self):
        with self.at("2026-02-04 08:00"):
            holiday = self._holiday()
            with patch.object(type(self.env["lapor.clock"]), "_replan_open") as moving:
                holiday.write({"date": "2026-02-05", "name": "Hari Jadi", "source": "Perbup"})
        moving.assert_not_called()

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
