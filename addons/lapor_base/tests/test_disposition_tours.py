from odoo.tests import HttpCase, tagged

from .test_disposition_parts import DispositionCase

PASSWORD = "lapor_uji_123"


class TourCase(HttpCase, DispositionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.head | cls.outsider).password = PASSWORD

    def _tour(self, path, name, user):
        """Its officer walks a tour; the page's errors fail it."""
        self.start_tour(path, name, login=user.login)
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestDispositionTours(TourCase):
    """Dispositions on the screen of an office."""

    def test_disposing(self):
        complaint = self._walk_to(self._make_complaint(), "2")
        self._tour(f"/odoo/pengaduan/{complaint.id}", "lapor_disposition", self.head)
        disposition = complaint.sudo().disposition_ids
        self.assertEqual(disposition.lead_position_id, self.opd_admin_position)
        self.assertEqual(disposition.note, "Tinjau dan laporkan")
        # The usual one is ticked already.
        self.assertEqual(len(disposition.instruction_ids), 2)
        part = disposition.line_ids.filtered("required")
        self.assertEqual(part.position_id, self.outsider_position)
        self.assertEqual(complaint.current_user_id, self.opd_admin)

    def test_inbox(self):
        complaint = self._dispose()
        self._tour("/odoo/disposisi-masuk", "lapor_disposition_inbox", self.outsider)
        line = self._line(complaint, self.outsider_position)
        self.assertEqual((line.state, line.result_note), ("done", "Sudah disemprot"))
        self.assertTrue(line.read_at)


@tagged("post_install", "-at_install")
class TestDispositionOnPhone(TourCase):
    """A head of an office reads and disposes on a phone, with four taps."""

    browser_size = "390x844"
    touch_enabled = True

    def test_disposing(self):
        complaint = self._walk_to(self._make_complaint(), "2")
        self._tour("/odoo/tugas-saya", "lapor_disposition_phone", self.head)
        self.assertEqual(complaint.sudo().disposition_ids.lead_position_id, self.engineer_position)
