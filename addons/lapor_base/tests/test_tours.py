from odoo.tests import HttpCase, tagged

from . import common


@tagged("post_install", "-at_install")
class TestTours(HttpCase, common.LaporCase):
    """The screens in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator.password = "lapor_uji_123"

    def test_board(self):
        """A card moves along an arrow and nowhere else."""
        # Operator and head of the office in one person, who can so drag twice.
        self.head_position.user_id = self.operator
        complaint = self._make_complaint()
        self.start_tour("/odoo/pengaduan", "lapor_complaint_board", login=self.operator.login)
        self.assertEqual(complaint.phase, "disposition")
        self.assertEqual(complaint.sudo().step_ids.mapped("state"), ["done", "open"])

    def test_counter(self):
        """A complaint is keyed in and registered."""
        before = self.env["lapor.complaint"].search([])
        self.start_tour("/odoo/pengaduan", "lapor_complaint_counter", login=self.operator.login)
        complaint = self.env["lapor.complaint"].search([]) - before
        self.assertEqual(complaint.name, "Lampu jalan padam")
        self.assertEqual(complaint.category_id, self.category)
        self.assertEqual(complaint.phase, "disposition")

    def test_hold(self):
        """What is missing is asked for, and the case goes on once it has come."""
        complaint = self._make_complaint()
        self.start_tour(
            f"/odoo/pengaduan/{complaint.id}", "lapor_complaint_hold", login=self.operator.login
        )
        hold = complaint.sudo().hold_ids
        self.assertTrue(hold.item_ids)
        self.assertEqual(hold.response_id.state, "delivered")
        self.assertTrue(hold.ended_at)
        self.assertFalse(complaint.is_on_hold)
