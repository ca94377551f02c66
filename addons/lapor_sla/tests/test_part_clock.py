from odoo.tests import tagged

from odoo.addons.lapor_base.tests.soundness import unsound

from .common import SlaCase


@tagged("post_install", "-at_install")
class TestPartClock(SlaCase):
    """A unit's required part of a disposition has a clock of its own."""

    def dispose(self, **values):
        """A case that the head gives to the engineer, with the health office for a part."""
        with self.at("2026-02-02 09:00"):
            case = self._make_complaint()
        with self.at("2026-02-02 09:30"):
            self._walk_to(case, "2")
            self._advance(
                case,
                self.head,
                disposition={
                    "lead_position_id": self.engineer_position.id,
                    "note": "Tinjau",
                    "parts": [{"position_id": self.outsider_position.id}],
                    **values,
                },
            )
        return case

    def line(self, case):
        lines = case.sudo().disposition_line_ids
        return lines.filtered(lambda line: line.position_id == self.outsider_position)

    def test_date_of_the_disposition(self):
        case = self.dispose(date_due="2026-02-04 07:00:00")
        clock = self.clock(case, "part")
        self.assertDue(clock, "2026-02-04 14:00")
        self.assertEqual(clock.unit_id, self.other_opd)
        # The earliest of all is the one that is shown.
        self.assertEqual(case.sudo().due_clock_id, clock)
        self.assertIn("04-02-2026 14:00", clock.explanation)
        # A date that somebody set is no working time: a new holiday leaves it where it is.
        with self.at("2026-02-02 10:00"):
            self.env["lapor.holiday"].create({"date": "2026-02-03", "name": "Libur"})
        self.assertDue(clock, "2026-02-04 14:00")
        with self.at("2026-02-03 09:00"):
            self.line(case).with_user(self.outsider).sudo(False).action_report("Sudah.")
        self.assertRecordValues(clock, [{"state": "stopped", "result": "on_time"}])
        self.assertNotEqual(case.sudo().due_clock_id, clock)

    def test_without_a_date_it_has_the_step_s_time_in_its_own_hours(self):
        self.other_opd.tz = "Asia/Jayapura"
        case = self.dispose()
        clock = self.clock(case, "part")
        # Five working days, as the step of whoever is in charge; 16:00 there is 14:00 here.
        self.assertDue(clock, "2026-02-09 14:00")
        self.assertEqual(str(self.line(case).activity_ids.date_deadline), "2026-02-09")
        with self.at("2026-02-03 09:00"):
            self.env["lapor.holiday"].create({"date": "2026-02-05", "name": "Libur"})
        self.assertDue(clock, "2026-02-10 14:00")
        self.assertEqual(str(self.line(case).activity_ids.date_deadline), "2026-02-10")

    def test_hold_moves_the_ordered_date(self):
        case = self.dispose(date_due="2026-02-04 07:00:00")
        with self.at("2026-02-03 09:00"):
            case.with_user(self.engineer).action_hold(self._items(), delivery_note="Telepon")
        self.assertEqual(self.clock(case, "part").state, "paused")
        with self.at("2026-02-03 11:00"):
            case.with_user(self.engineer).action_resume()
        self.assertDue(self.clock(case, "part"), "2026-02-04 16:00")

    def test_returned_part_was_nobody_s_lateness(self):
        case = self.dispose(date_due="2026-02-04 07:00:00")
        with self.at("2026-02-05 09:00"):
            self.line(case).with_user(self.outsider).sudo(False).action_return("Bukan tugas kami")
        self.assertEqual(self.clock(case, "part").result, "void")

    def test_late_part_is_told_to_its_own_position(self):
        case = self.dispose(date_due="2026-02-04 07:00:00")
        with self.at("2026-02-04 14:30"):
            self.env.flush_all()
            with self.enter_registry_test_mode():
                self.env.ref("lapor_sla.ir_cron_escalate").method_direct_trigger()
        fired = self.clock(case, "part").escalation_ids
        self.assertEqual(fired.rule_id, self.env.ref("lapor_sla.escalation_rule_due"))
        self.assertIn(self.outsider, fired.user_ids)
        self.assertNotIn(self.engineer, fired.user_ids)

    def test_closing_the_case_stops_it(self):
        case = self.dispose()
        with self.at("2026-02-03 09:00"):
            case.sudo()._close("archived")
        self.assertEqual(self.clock(case, "part").state, "stopped")

    def test_part_goes_on_when_the_closing_was_a_mistake(self):
        case = self.dispose(date_due="2026-02-04 07:00:00")
        line, lead = self.line(case), case.sudo().disposition_line_ids[:1]
        with self.at("2026-02-02 11:00"):
            line.with_user(self.outsider).sudo(False).action_accept()
        due = self.clock(case, "part").due_at
        with self.at("2026-02-03 09:00"):
            case.with_user(self.operator).action_withdraw("Dicabut lewat telepon.")
            self.assertEqual(set(case.sudo().disposition_line_ids.mapped("state")), {"dropped"})
        with self.at("2026-02-03 15:00"):
            case.with_user(self.operator).action_reopen("Keliru nomor", mistake=True)
        self.assertEqual((line.state, line.done_at, line.reason), ("accepted", False, False))
        self.assertEqual(lead.state, "open")
        clock = self.clock(case, "part")
        self.assertEqual((clock.state, clock.due_at, clock.result), ("running", due, False))
        self.assertEqual(len(clock.line_id.clock_ids), 1)
        activity = line.activity_ids.filtered("active")
        self.assertEqual(activity.user_id, self.outsider)
        codes = case.sudo().event_ids.sorted("sequence").mapped("code")
        self.assertEqual(codes.count("part_restored"), 2)
        self.assertEqual(unsound(case.sudo()), [])
        with self.at("2026-02-05 09:00"), self.assertRefused("part"):
            self._advance(case, self.engineer, response={"body": "<p>Sudah.</p>"})
        with self.at("2026-02-05 09:00"):
            line.with_user(self.outsider).sudo(False).action_report("Sudah.")
        self.assertEqual(clock.result, "late")

    def test_part_stays_dropped_otherwise(self):
        for mistake, number in ((False, "3"), (True, "1"), (True, "2")):
            case = self.dispose()
            step = self.sop.step_ids.filtered(lambda step, number=number: step.number == number)
            with self.at("2026-02-03 09:00"):
                case.with_user(self.operator).action_withdraw("Dicabut lewat telepon.")
            with self.at("2026-02-03 15:00"):
                case.with_user(self.operator).action_reopen("Masih rusak", step.id, mistake)
            self.assertEqual(self.line(case).state, "dropped", (mistake, number))
