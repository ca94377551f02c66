import io

import openpyxl
from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.lapor_history.tests.books import HEADINGS, csv_file, line
from odoo.addons.lapor_history.tests.common import HistoryCase
from odoo.addons.lapor_reports.tests.common import PaperCase

from ..models.lapor_periodic import RECEIVED, TOTAL

FLAGGED = [*HEADINGS, "Berkadar Pengawasan", "Rahasia"]
ROWS = [
    [*line("1", "3/1/2022"), "", ""],
    [*line("2", "31/1/2022", Tgl_Tindak_Lanjut="2/2/2022", OPD="Dinas Lama"), "", ""],
    [*line("3", "1/2/2022", Tgl_Tindak_Lanjut=""), "", ""],
    [*line("4", "4/1/2022", Status="Dicabut", Tgl_Tindak_Lanjut="5/1/2022"), "", ""],
    [*line("5", "5/1/2022"), "Ya", ""],
    [*line("6", "6/1/2022", Tgl_Tindak_Lanjut=""), "", "Ya"],
    [*line("7", "31/12/2021", Tgl_Tindak_Lanjut="2/1/2022"), "", ""],
]


@tagged("post_install", "-at_install")
class TestPeriodicHistory(HistoryCase, PaperCase):
    """Reports of an office that wants it tell of its old register, and nothing else changes."""

    def setUp(self):
        super().setUp()
        self.record = self._import(csv_file(ROWS, FLAGGED))
        self.record.action_import()

    def _report(self, first="2022-01-01", last="2022-01-31", kind="monthly"):
        report = (
            self.env["lapor.periodic"]
            .with_user(self.head)
            .create({"kind": kind, "unit_id": self.manager.id, "date_from": first, "date_to": last})
        )
        report.action_compute()
        return report

    def _lines(self, report, section="history"):
        return report.line_ids.filtered(lambda line: line.section == section)

    def _amounts(self, report, section="history"):
        return {line.label: line.amount for line in self._lines(report, section)}

    def _others(self, report):
        return [
            (line.section, line.label, line.amount, line.complaint_ids_json)
            for line in report.line_ids
            if not line.section.startswith("history")
        ]

    def test_nothing_is_told_unless_the_office_wants_it(self):
        self.assertFalse(self._lines(self._report()))

    def test_figures_of_the_period(self):
        before = self._others(self._report())
        self.manager.history_in_reports = True
        report = self._report()
        self.assertEqual(self._others(report), before)
        self.assertEqual(
            list(self._amounts(report).items()),
            [
                (RECEIVED, 4),
                ("Selesai dalam periode menurut register lama", 2),
                ("Berakhir tanpa ditangani menurut register lama", 1),
                ("Masuk dalam periode, hari selesainya tidak tercatat", 1),
                (TOTAL, 4),
            ],
        )
        self.assertEqual(self._amounts(report, "history_unit"), {"Dinas PUPR": 3, "Dinas Lama": 1})
        self.assertEqual(self._amounts(report, "history_category"), {"Penerangan": 4})

    def test_total_adds_the_complaints_of_today(self):
        self.manager.history_in_reports = True
        with freeze_time("2022-01-20 03:00:00"):
            self._make_complaint(received_at="2022-01-20 02:00:00")
        self.assertEqual(self._amounts(self._report())[TOTAL], 5)

    def test_each_figure_is_the_length_of_its_list(self):
        self.manager.history_in_reports = True
        report = self._report()
        for section in ("history", "history_unit", "history_category"):
            for line_ in self._lines(report, section):
                action = line_.action_open_complaints()
                if line_.label == TOTAL:
                    self.assertNotIn("domain", action)
                    continue
                found = self.env["lapor.history"].with_user(self.head).search(action["domain"])
                self.assertEqual(len(found), line_.amount, line_.label)

    def test_paper_and_spreadsheet_tell_it_marked(self):
        self.manager.history_in_reports = True
        for kind, last in (("monthly", "2022-01-31"), ("yearly", "2022-12-31")):
            report = self._report(last=last, kind=kind)
            text = self._printed("periodic", report, self.head)
            self.assertIn("Register lama (tidak termasuk dalam angka lain)", text)
        book = openpyxl.load_workbook(io.BytesIO(self._report()._xlsx_bytes()))
        cells = [cell for row in book["Register lama"].values for cell in row]
        self.assertIn("(rahasia)", cells)
        self.assertEqual({"1", "2", "4", "6"} - set(cells), set())
        self.assertNotIn("5", cells)

    def test_what_was_taken_back_is_counted_no_more_and_final_reports_stay(self):
        self.manager.history_in_reports = True
        final = self._report()
        final.action_finalize()
        before = final._xlsx_bytes()
        self.record.withdraw_reason = "Salah"
        self.record.action_withdraw()
        self.assertEqual(self._amounts(self._report())[RECEIVED], 0)
        self.assertEqual(self._amounts(final)[RECEIVED], 4)
        self.assertEqual(final._xlsx_bytes(), before)
