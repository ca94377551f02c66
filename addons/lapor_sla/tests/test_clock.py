from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..hooks import start_clocks
from ..tools.office_time import Allowance
from .common import SlaCase, wib


@tagged("post_install", "-at_install")
class TestClock(SlaCase):
    """Clocks of a case: what starts, stops and pauses them. Rivals' defects by name."""

    def test_new_case_has_a_clock_for_step_sop_and_rules(self):
        with self.at("2026-02-02 09:00"):
            case = self._make_complaint().sudo()
        self.assertEqual(sorted(case.clock_ids.mapped("kind")), ["rule", "rule", "sop", "step"])
        self.assertDue(self.clock(case), "2026-02-02 10:00")
        self.assertDue(self.clock(case, "rule", "verification"), "2026-02-05 16:00")
        self.assertDue(self.clock(case, "rule", "complaint"), "2026-02-24 15:00")
        self.assertDue(self.clock(case, "sop"), "2026-02-12 10:00")
        self.assertEqual(case.due_clock_id, self.clock(case))
        self.assertDue(case, "2026-02-02 10:00")
        self.assertDue(case.current_step_id, "2026-02-02 10:00")
        self.assertEqual(str(case.current_step_id.activity_ids.date_deadline), "2026-02-02")

    def test_step_clock_stops_with_the_step(self):
        with self.at("2026-02-02 09:00"):
            case = self._make_complaint()
        with self.at("2026-02-02 09:40"):
            self._advance(case, self.operator)
        first = case.sudo().clock_ids.filtered(lambda clock: clock.kind == "step")[0]
        self.assertRecordValues(
            first, [{"state": "stopped", "result": "on_time", "used_minutes": 40}]
        )
        self.assertDue(self.clock(case), "2026-02-02 10:40")

    def test_late_step_is_late_and_used_is_office_time(self):
        with self.at("2026-02-06 16:00"):
            case = self._make_complaint()
        with self.at("2026-02-09 09:30"):
            self._advance(case, self.operator)
        first = case.sudo().clock_ids.filtered(lambda clock: clock.kind == "step")[0]
        self.assertDue(first, "2026-02-09 08:00")
        self.assertRecordValues(
            first, [{"state": "stopped", "result": "late", "used_minutes": 150}]
        )

    def test_whole_way_stops_everything(self):
        with self.at("2026-02-02 09:00"):
            case = self._make_complaint()
        with self.at("2026-02-03 09:00"):
            self._walk_to(case, None)
        clocks = case.sudo().clock_ids
        self.assertEqual(set(clocks.mapped("state")), {"stopped"})
        self.assertFalse(case.sudo().due_at)
        self.assertFalse(case.sudo().due_clock_id)
        sop = self.clock(case, "sop")
        self.assertEqual((sop.result, sop.used_minutes), ("on_time", 450))
        self.assertEqual(self.clock(case, "rule", "follow_up").result, "on_time")

    def test_first_follow_up_runs_from_the_disposition(self):
        with self.at("2026-02-02 09:00"):
            case = self._make_complaint()
        with self.at("2026-02-03 09:00"):
            self._walk_to(case, "3")
        self.assertEqual(self.clock(case, "rule", "verification").result, "on_time")
        self.assertDue(self.clock(case, "rule", "follow_up"), "2026-02-10 16:00")
        with self.at("2026-02-04 10:00"):
            self._walk_to(case, "4")
        self.assertEqual(self.clock(case, "rule", "follow_up").state, "stopped")

    def test_information_and_misconduct_have_their_own_rules(self):
        with self.at("2026-02-02 09:00"):
            question = self._make_complaint(classification="information")
            secret = self._make_complaint(is_misconduct=True)
        self.assertDue(self.clock(question, "rule", "information"), "2026-02-09 16:00")
        self.assertFalse(self.clock(question, "rule", "complaint"))
        self.assertTrue(self.clock(secret, "rule", "misconduct"))
        self.assertFalse(self.clock(secret, "rule", "complaint"))

    def test_changed_class_changes_the_rule_at_once(self):
        """Rival: changed category keeps the old SLA until somebody presses a button."""
        with self.at("2026-02-02 09:00"):
            case = self._make_complaint()
        with self.at("2026-02-03 09:00"):
            case.write({"classification": "information"})
        self.assertEqual(self.clock(case, "rule", "complaint").result, "void")
        # Counted from receipt, not from the change.
        self.assertDue(self.clock(case, "rule", "information"), "2026-02-09 16:00")

    def test_hold_then_close_is_stopped_and_not_late(self):
        """Rival: put on hold, closed from hold after the old deadline: expired for ever."""
        with self.at("2026-02-02 09:00"):
            case = self._make_complaint()
        with self.at("2026-02-02 09:20"):
            case._pause_clocks("Menunggu data pelapor")
        self.assertTrue(case.sudo().is_paused)
        self.assertFalse(case.sudo().due_at)
        with self.at("2026-02-10 09:00"):
            self._advance(case, self.operator)
        first = case.sudo().clock_ids.filtered(lambda clock: clock.kind == "step")[0]
        self.assertRecordValues(
            first, [{"state": "stopped", "result": "on_time", "used_minutes": 20}]
        )
        self.assertTrue(first.pause_ids.ended_at)

    def test_pause_and_resume_move_the_deadline(self):
        with self.at("2026-02-02 09:00"):
            case = self._make_complaint()
        with self.at("2026-02-02 09:20"):
            case._pause_clocks("Menunggu data pelapor")
        with self.at("2026-02-04 13:00"):
            case._resume_clocks()
        self.assertDue(self.clock(case), "2026-02-04 13:40")
        self.assertDue(case.sudo(), "2026-02-04 13:40")
        self.assertEqual(str(case.sudo().current_step_id.activity_ids.date_deadline), "2026-02-04")
        # 17 hours and 40 minutes of office time were paused, so much is given back.
        self.assertDue(self.clock(case, "rule", "verification"), "2026-02-10 10:10")
        codes = case.sudo().event_ids.mapped("code")
        self.assertIn("clock_paused", codes)
        self.assertIn("clock_resumed", codes)

    def test_tunda_pauses_the_office_and_resuming_gives_the_time_back(self):
        item = self.env["lapor.missing.item"].search([], limit=1)
        with self.at("2026-02-02 09:00"):
            case = self._make_complaint()
        with self.at("2026-02-02 09:20"):
            case.with_user(self.operator).action_hold(item.ids, delivery_note="Lewat telepon")
        clock = self.clock(case)
        self.assertEqual(clock.state, "paused")
        self.assertIn("Tunda", clock.pause_ids.reason)
        self.assertFalse(case.sudo().due_at)
        with self.at("2026-02-09 09:00"):
            case.with_user(self.operator).action_resume()
        self.assertDue(clock, "2026-02-09 09:40")
        self.assertIn("Tunda", clock.explanation)

    def test_unit_without_calendar_never_crashes(self):
        """Rival: no calendar, ValueError Expected singleton."""
        self.env["resource.calendar"]._lapor_default().attendance_ids.unlink()
        with self.at("2026-02-02 11:30"):
            case = self._make_complaint()
        self.assertDue(self.clock(case), "2026-02-02 13:30")

    def test_zone_of_the_unit(self):
        self.manager.tz = "Asia/Makassar"
        with self.at("2026-02-02 14:30"):  # 15:30 in Makassar
            case = self._make_complaint()
        self.assertDue(self.clock(case), "2026-02-03 07:00")

    def test_huge_allowance_has_no_date_and_no_crash(self):
        """Rival: plan_hours gives False after 1,400 days, then TypeError."""
        plan = self.env["lapor.clock"]._plan(
            self.manager, wib("2026-02-02 09:00"), Allowance(working_days=100_000)
        )
        self.assertFalse(plan["due_at"])
        far = self.env["lapor.clock"]._plan(
            self.manager, wib("2026-02-02 09:00"), Allowance(working_days=2000)
        )
        self.assertEqual(far["due_at"].year, 2033)

    def test_stopped_clock_never_changes(self):
        with self.at("2026-02-02 09:00"):
            case = self._make_complaint()
        with self.at("2026-02-02 09:40"):
            self._advance(case, self.operator)
        first = case.sudo().clock_ids.filtered(lambda clock: clock.kind == "step")[0]
        with self.assertRaises(UserError):
            first.due_at = wib("2027-01-01 00:00")
        with self.assertRaises(UserError):
            first.unlink()

    def test_nobody_writes_clocks_or_due_dates(self):
        case = self._make_complaint()
        with self.assertRaises(AccessError):
            self.clock(case).with_user(self.operator).write({"due_at": False})
        with self.assertRaises(UserError):
            case.write({"due_at": "2030-01-01 00:00:00"})

    def test_clocks_follow_the_case(self):
        case = self._make_complaint()
        self._walk_to(case, "3")
        Clock = self.env["lapor.clock"]
        domain = [("complaint_id", "=", case.id)]
        self.assertTrue(Clock.with_user(self.engineer).search(domain))
        self.assertFalse(Clock.with_user(self.outsider).search(domain))
        self.assertTrue(Clock.with_user(self.overseer).search(domain))

    def test_why_this_date(self):
        with self.at("2026-03-13 09:00"):
            case = self._make_complaint()
        clock = self.clock(case, "rule", "verification")
        self.assertDue(clock, "2026-03-25 16:00")
        self.assertIn("Hari Suci Nyepi", clock.explanation)
        self.assertIn("3 working days", clock.explanation)
        self.assertIn("25-03-2026 16:00", clock.explanation)

    def test_extension_has_reason_and_approver(self):
        step = self.sop.step_ids[2]
        self.env.cr.execute(
            "UPDATE lapor_sop_step SET extension_amount = 14, extension_unit = 'working_day' "
            "WHERE id = %s",
            [step.id],
        )
        step.invalidate_recordset()
        with self.at("2026-02-02 09:00"):
            case = self._make_complaint()
            self._walk_to(case, "3")
        clock = self.clock(case)
        self.assertDue(clock, "2026-02-09 16:00")
        with self.at("2026-02-03 09:00"):
            with self.assertRaises(UserError):
                clock.with_user(self.engineer).action_extend("Tinjauan lapangan")
            with self.assertRaises(UserError):
                clock.with_user(self.opd_head).action_extend(" ")
            clock.with_user(self.opd_head).action_extend("Tinjauan lapangan")
        self.assertDue(clock, "2026-02-24 15:00")
        self.assertEqual(clock.extended_by_id, self.opd_head)
        self.assertIn("clock_extended", case.sudo().event_ids.mapped("code"))
        self.assertEqual(str(case.sudo().current_step_id.activity_ids.date_deadline), "2026-02-24")

    def test_words_for_the_due_date(self):
        words = {
            "2026-02-02 09:40": "20 minutes left",
            "2026-02-02 10:10": "late by 10 minutes",
            "2026-02-02 14:05": "late by 3 working hours",
            "2026-02-05 09:00": "late by 3 working days",
        }
        with self.at("2026-02-02 09:00"):
            case = self._make_complaint().sudo()
        for moment, text in words.items():
            with self.at(moment):
                self.assertEqual(case.due_text, text)
        with self.at("2026-02-02 09:50"):
            self.assertEqual(case.due_state, "soon")
        with self.at("2026-02-02 09:10"):
            self.assertEqual(case.due_state, "fine")

    def test_cases_open_at_installation_get_their_clocks(self):
        with self.at("2026-02-02 09:00"):
            case = self._make_complaint().sudo()
            due = case.clock_ids.sorted("due_at").mapped("due_at")
            case._engine_write({"due_clock_id": False, "due_at": False})
            self.env.flush_all()
            self.env.cr.execute("DELETE FROM lapor_clock WHERE complaint_id = %s", [case.id])
            self.env.invalidate_all()
        with self.at("2026-02-02 09:30"):
            start_clocks(self.env)
        self.assertEqual(case.clock_ids.sorted("due_at").mapped("due_at"), due)
        self.assertDue(case, "2026-02-02 10:00")
        self.assertDue(case.current_step_id, "2026-02-02 10:00")
