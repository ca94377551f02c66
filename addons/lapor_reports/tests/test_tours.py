from odoo.tests import HttpCase, tagged

from .common import PaperCase

BOARD = "/odoo/papan-pimpinan"


@tagged("post_install", "-at_install")
class TestTours(HttpCase, PaperCase):
    """The board and the dialog of large prints, in the browser."""

    def test_numbers_of_the_board_open_their_lists(self):
        self._make_complaint()
        self._make_complaint(name="Kedua")
        self.start_tour(BOARD, "lapor_reports_board", login=self.operator.login)

    def test_other_numbers_and_views(self):
        self._make_complaint(name="Terlambat", received_at="2020-01-01 03:00:00")
        self.start_tour(BOARD, "lapor_reports_board_numbers", login=self.operator.login)

    def test_empty_board(self):
        self.start_tour(BOARD, "lapor_reports_board_empty", login=self.operator.login)

    def test_many_sheets_show_their_progress(self):
        for number in range(26):
            self._make_complaint(name=f"Aduan ke-{number}")
        self.start_tour(
            "/odoo/pengaduan?view_type=list", "lapor_reports_print_job", login=self.operator.login
        )
        job = self.env["lapor.print.job"].search([("user_id", "=", self.operator.id)])
        self.assertEqual((job.kind, job.total, job.state), ("report", 26, "waiting"))
