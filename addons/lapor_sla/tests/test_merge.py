from odoo.tests import tagged

from . import common


@tagged("post_install", "-at_install")
class TestMerge(common.SlaCase):
    """The work on a supporter stands still; the time that its complainant is owed does not."""

    def test_step_and_sop_stand_still_and_the_rules_run_on(self):
        with self.at("2026-02-02 08:00"):
            main, other = self._make_complaint(), self._make_complaint()
            clocks = other.sudo().clock_ids.filtered(lambda clock: not clock.on_complainant)
            rules = clocks.filtered(lambda clock: clock.kind == "rule")
            due = {clock: clock.due_at for clock in clocks}
        self.assertTrue(rules)
        with self.at("2026-02-02 08:20"):
            other.with_user(self.operator).action_merge(main.id)
        self.assertEqual(set((clocks - rules).mapped("state")), {"paused"})
        self.assertEqual(set(rules.mapped("state")), {"running"})
        self.assertIn(other.due_clock_id, rules)
        self.assertIn(main.number, (clocks - rules)[0].pause_ids.reason)
        with self.at("2026-02-04 08:20"):
            other.with_user(self.operator).action_separate()
        self.assertEqual(set(clocks.mapped("state")), {"running"})
        self.assertDue(self.clock(other), "2026-02-04 09:00")
        for clock in rules:
            self.assertEqual(clock.due_at, due[clock])

    def test_clocks_of_a_supporter_end_with_its_answer(self):
        with self.at("2026-02-02 08:00"):
            main, other = self._make_complaint(), self._make_complaint()
            other.with_user(self.operator).action_merge(main.id)
            self._walk_to(main, None)
        self.assertEqual(other.phase, "intake")
        self.assertFalse(main.clock_ids.filtered(lambda clock: clock.state != "stopped"))
        with self.at("2026-02-03 08:00"):
            other.with_user(self.operator).action_pass_answer("Ditelepon")
        self.assertFalse(other.sudo().clock_ids.filtered(lambda clock: clock.state != "stopped"))
