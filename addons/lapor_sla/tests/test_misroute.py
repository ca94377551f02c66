from odoo.tests import tagged

from . import common


@tagged("post_install", "-at_install")
class TestMisroute(common.SlaCase):
    """A wrong address is the office's own mistake: its time runs on."""

    def test_given_back_case_has_a_new_step_and_the_old_deadline(self):
        with self.at("2026-02-02 08:00"):
            complaint = self._walk_to(self._make_complaint(), "3")
            whole, step = self.clock(complaint, "sop"), self.clock(complaint)
            due = whole.due_at
        with self.at("2026-02-03 08:00"):
            complaint.with_user(self.engineer).action_refuse_authority("Jalan nasional")
        self.assertEqual((step.state, step.result), ("stopped", "on_time"))
        self.assertEqual((whole.state, whole.due_at), ("running", due))
        self.assertFalse(whole.pause_ids)
        self.assertDue(self.clock(complaint), "2026-02-03 09:00")
        self.assertEqual(self.clock(complaint).unit_id, self.manager)

    def test_begun_anew_it_has_the_time_of_the_new_sop_from_the_day_it_came_in(self):
        with self.at("2026-02-02 08:00"):
            complaint = self._walk_to(self._make_complaint(), "3")
            whole = self.clock(complaint, "sop")
            started, due = whole.started_at, whole.due_at
        with self.at("2026-02-03 08:00"):
            sop = self._make_sop(name="SOP Informasi", classification="information", activate=False)
            sop.step_ids.filtered(lambda step: step.number == "3").allowance_amount = 1
            sop.action_activate()
            complaint.with_user(self.engineer).action_dispute_category(
                "Hanya bertanya", classification="information"
            )
            complaint.with_user(self.head).action_confirm_category()
        self.assertEqual(complaint.sop_id, sop)
        self.assertEqual(self.clock(complaint, "sop"), whole)
        self.assertEqual((whole.sop_id, whole.started_at), (sop, started))
        self.assertLess(whole.due_at, due)
        self.assertIn("clock_moved", complaint.event_ids.mapped("code"))
        self.assertDue(self.clock(complaint), "2026-02-03 09:00")
