from odoo.tests import HttpCase, tagged

from .test_disposition_parts import DispositionCase
from .test_reveal import REASON

PASSWORD = "lapor_uji_123"


class ActTours(HttpCase, DispositionCase):
    """What goes sideways, walked by its officers in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.operator | cls.head | cls.opd_head).password = PASSWORD

    def _tour(self, path, name, user):
        self.start_tour(path, name, login=user.login)
        self.env.invalidate_all()


class FormTours(ActTours):
    """Walked twice: at a desk and on a phone."""

    def walk_signing(self):
        complaint = self._walk_to(self._make_complaint(), "4")
        self._tour("/odoo/tugas-saya", "lapor_signing", self.opd_head)
        response = complaint.sudo()._final_response("signed")
        self.assertEqual(response.signed_by_id, self.opd_head)
        self.assertTrue(response.number)

    def walk_returning(self):
        complaint = self._walk_to(self._make_complaint(), "4")
        self._tour("/odoo/tugas-saya", "lapor_signing_return", self.opd_head)
        response = complaint.sudo()._final_response("draft")
        self.assertEqual(
            (response.state, response.return_note), ("draft", "Sebutkan tanggal penambalan")
        )
        self.assertEqual(complaint.current_user_id, self.engineer)

    def walk_holding(self):
        complaint = self._make_complaint()
        self._tour(f"/odoo/pengaduan/{complaint.id}", "lapor_complaint_hold", self.operator)
        self.assertEqual(len(complaint.sudo().hold_ids.item_ids), 1)
        self.assertFalse(complaint.is_on_hold)

    def _two_cases(self):
        cases = self._make_complaint(name="Lubang di pasar", received_at="2026-01-05 02:00:00")
        return cases | self._make_complaint(name="Jalan rusak pasar")

    def walk_merging(self, path, name):
        main, other = self._two_cases()
        self._tour(path, name, self.operator)
        self.assertIn("merged", other.sudo().event_ids.mapped("code"))
        self.assertIn("supporters_added", main.sudo().event_ids.mapped("code"))
        return main, other

    def walk_disposing(self, path, name):
        cases = self._two_cases()
        for case in cases:
            self._walk_to(case, "2")
        self._tour(path, name, self.head)
        self.assertEqual(cases.current_user_id, self.engineer)
        self.assertEqual(len(cases.sudo().disposition_ids), 2)

    def walk_revealing(self):
        complaint = self._make_complaint(is_anonymous=True)
        complaint.sudo().complainant_id.phone = "081298765432"
        self._tour(f"/odoo/pengaduan/{complaint.id}", "lapor_reveal", self.operator)
        self.assertEqual(complaint.sudo().reveal_ids.reason, REASON)


@tagged("post_install", "-at_install")
class TestActsAtADesk(FormTours):
    def test_signing(self):
        self.walk_signing()

    def test_returning(self):
        self.walk_returning()

    def test_merging_from_the_list(self):
        _main, other = self.walk_merging("/odoo/pengaduan?view_type=list", "lapor_list_merge")
        self.assertIn("separated", other.sudo().event_ids.mapped("code"))
        self.assertFalse(other.main_id)

    def test_disposing_from_the_list(self):
        self.walk_disposing("/odoo/pengaduan?view_type=list", "lapor_list_disposition")


@tagged("post_install", "-at_install")
class TestActsOnAPhone(FormTours):
    browser_size = "390x844"
    touch_enabled = True

    def test_signing(self):
        self.walk_signing()

    def test_returning(self):
        self.walk_returning()

    def test_holding(self):
        self.walk_holding()

    def test_revealing(self):
        self.walk_revealing()

    def test_merging_from_the_cards(self):
        main, other = self.walk_merging("/odoo/tugas-saya", "lapor_cards_merge")
        self.assertEqual(other.main_id, main)

    def test_disposing_from_the_cards(self):
        self.walk_disposing("/odoo/tugas-saya", "lapor_cards_disposition")
