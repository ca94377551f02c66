from odoo.tests import tagged

from .common import SlaCase


@tagged("post_install", "-at_install")
class TestRules(SlaCase):
    """Each rule of the state by a golden date: received or begun on Friday 13 March 2026, in
    Ramadan, before Nyepi, Idul Fitri and their collective leave.

    The dates were computed apart from the program, from the joint decree's list of holidays.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # As in SOPs that wait for the complainant's word before they close.
        cls.sop.action_retire()
        cls.sop = cls._make_sop(activate=False)
        publish = cls.sop.step_ids.filtered(lambda step: step.number == "5")
        publish.transition_ids.unlink()
        wait = cls._make_step(
            cls.sop,
            "6",
            "Tunggu",
            cls.sop.actor_ids.filtered(lambda actor: actor.name == "Admin"),
            "receive",
            "response",
            60,
            "working_day",
        )
        cls._make_arrow(publish, wait, "Kirim", demands="publish")
        cls._make_arrow(wait, None, "Tutup", kind="close")
        cls.sop.action_activate()

    def received(self, **values):
        with self.at("2026-03-13 09:00"):
            return self._make_complaint(**values)

    def answered(self):
        """A case whose answer was delivered on 13 March, and that waits for the complainant."""
        with self.at("2026-03-13 09:00"):
            case = self._make_complaint()
            self._walk_to(case, "5")
            self._advance(case, self.operator, delivery={"note": "Diambil sendiri"})
        return case

    def assertRule(self, case, code, due):
        clock = self.clock(case, "rule", code)
        self.assertEqual(clock.state, "running")
        self.assertDue(clock, due)
        return clock

    def test_verification_in_three_working_days(self):
        self.assertRule(self.received(), "verification", "2026-03-25 16:00")

    def test_first_follow_up_in_five_working_days(self):
        case = self.received()
        self.assertFalse(self.clock(case, "rule", "follow_up"))
        with self.at("2026-03-13 10:00"):
            self._walk_to(case, "3")
        self.assertRule(case, "follow_up", "2026-03-27 16:30")

    def test_information_in_five_working_days(self):
        case = self.received(classification="information")
        self.assertRule(case, "information", "2026-03-27 16:30")
        self.assertFalse(self.clock(case, "rule", "complaint"))

    def test_complaint_without_misconduct_in_fourteen_working_days(self):
        self.assertRule(self.received(), "complaint", "2026-04-10 16:30")

    def test_misconduct_in_sixty_working_days(self):
        case = self.received(is_misconduct=True)
        self.assertRule(case, "misconduct", "2026-06-24 16:00")
        self.assertFalse(self.clock(case, "rule", "complaint"))

    def test_complainant_has_ten_working_days_to_reply(self):
        self.assertFalse(self.clock(self.received(), "rule", "reply"))
        case = self.answered()
        clock = self.assertRule(case, "reply", "2026-04-06 16:00")
        # It is no time of the office: not what is due first, and nobody is reminded.
        self.assertEqual(case.sudo().due_clock_id, self.clock(case))
        self.assertFalse(clock.next_escalation_at)
        self.assertEqual(self.clock(case, "rule", "complaint").result, "on_time")

    def test_office_that_pauses_does_not_lengthen_the_complainants_time(self):
        case = self.answered()
        with self.at("2026-03-16 09:00"):
            case._pause_clocks("Menunggu berkas")
        self.assertEqual(self.clock(case).state, "paused")
        with self.at("2026-03-27 09:00"):
            case._resume_clocks()
        self.assertRule(case, "reply", "2026-04-06 16:00")
        self.assertFalse(self.clock(case, "rule", "reply").pause_ids)

    def test_complainant_who_does_not_reply_makes_no_office_late(self):
        case = self.answered()
        clock = self.clock(case, "rule", "reply")
        with self.at("2026-04-07 09:00"):
            self.assertEqual(case.due_state, "fine")
            self._advance(case, self.operator, "close")
            self.assertRecordValues(clock, [{"state": "stopped", "result": "late"}])
            self.assertFalse(clock.escalation_ids)
            self.env.flush_all()
            report = self.env["lapor.clock.report"].search([("complaint_id", "=", case.id)])
            self.assertNotIn(clock.rule_id, report.rule_id)
            self.assertNotIn(1, report.mapped("late"))
            indicators = self.env["lapor.kpi.report"].search([("complaint_id", "=", case.id)])
            self.assertEqual(indicators.rule_result, "on_time")

    def test_reply_in_time_ends_the_complainants_time(self):
        case = self.answered()
        with self.at("2026-03-30 09:00"):
            self._advance(case, self.operator, "close")
        self.assertEqual(self.clock(case, "rule", "reply").result, "on_time")

    def test_every_rule_of_the_state_has_its_source(self):
        rules = self.env["lapor.time.rule"].search([("company_id", "=", False)])
        codes = {"verification", "follow_up", "information", "complaint", "misconduct", "reply"}
        self.assertLessEqual(codes, set(rules.mapped("code")))
        self.assertTrue(all(rules.mapped("source")))
