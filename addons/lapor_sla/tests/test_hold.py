from odoo.tests import tagged

from . import common


@tagged("post_install", "-at_install")
class TestHold(common.SlaCase):
    """A held case (tunda): the office's clocks stand still until it is resumed."""

    def test_time_on_hold_is_not_the_office_s(self):
        with self.at("2026-02-02 08:00"):
            complaint = self._make_complaint()
            clocks = complaint.sudo().clock_ids.filtered(lambda clock: not clock.on_complainant)
            due = {clock: clock.due_at for clock in clocks}
        self.assertTrue(clocks)
        with self.at("2026-02-02 08:20"):
            complaint.with_user(self.operator).action_hold(
                self.env.ref("lapor_base.missing_item_kapan").ids, delivery_note="Ditelepon"
            )
        self.assertEqual(set(clocks.mapped("state")), {"paused"})
        self.assertEqual(complaint.due_state, "paused")
        with self.at("2026-02-05 08:20"):
            complaint.with_user(self.operator).action_resume()
        self.assertEqual(set(clocks.mapped("state")), {"running"})
        for clock in clocks:
            self.assertGreater(clock.due_at, due[clock])
        self.assertDue(self.clock(complaint), "2026-02-05 09:00")
        with self.at("2026-02-05 08:30"):
            self._advance(complaint, self.operator)
        step = clocks.filtered(lambda clock: clock.kind == "step")
        self.assertEqual(step.used_minutes, 30)
        self.assertEqual(step.result, "on_time")
