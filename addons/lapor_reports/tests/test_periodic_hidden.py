import io

import openpyxl
from freezegun import freeze_time

from odoo.tests import tagged

from .common import PaperCase

WORD = "Zqxbocor"


@tagged("post_install", "-at_install")
class TestPeriodicHidden(PaperCase):
    """A final report tells nothing of a case that is hidden after the report was frozen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        maker = cls("test_case_that_becomes_a_misconduct_case")
        with freeze_time("2026-01-05 03:00:00"):
            complainant = maker.env["lapor.complainant"].create({"name": f"{WORD} Sari"})
            cls.case = maker._make_complaint(
                name=f"Jalan rusak, {WORD} Sari",
                received_at="2026-01-05 02:00:00",
                complainant_id=complainant.id,
            )
        with freeze_time("2026-02-02 03:00:00"):
            cls.report = (
                cls.env["lapor.periodic"]
                .with_user(cls.head)
                .create(
                    {
                        "kind": "monthly",
                        "unit_id": cls.manager.id,
                        "date_from": "2026-01-01",
                        "date_to": "2026-01-31",
                    }
                )
            )
            cls.report.action_compute()
            cls.report.action_finalize()

    def _told(self):
        """What the report says on paper and in its spreadsheet."""
        self.env.invalidate_all()
        paper = self._printed("periodic", self.report, self.head)
        book = openpyxl.load_workbook(io.BytesIO(self.report._xlsx_bytes()))
        cells = " ".join(str(cell.value) for sheet in book for row in sheet for cell in row)
        return paper, cells

    def _hide(self, field):
        before = self._told()
        self.assertIn(WORD, before[1])
        with freeze_time("2026-02-03 03:00:00"):
            self.case.with_user(self.operator).write({field: True})
            self.env.flush_all()
        paper, cells = self._told()
        self.assertNotIn(WORD, paper)
        self.assertNotIn(WORD, cells)
        self.assertNotIn("sementara", paper.lower())
        amounts = {line.label: line.amount for line in self.report.line_ids}
        self.assertEqual(amounts["Aduan masuk"], 1, "its figures stay")

    def test_case_that_becomes_a_misconduct_case(self):
        self._hide("is_misconduct")

    def test_case_that_becomes_confidential(self):
        self._hide("is_secret")

    def test_complainant_who_becomes_anonymous(self):
        self._hide("is_anonymous")

    def test_other_changes_leave_it_as_it_was(self):
        before = self.report._xlsx_bytes()
        with freeze_time("2026-02-03 03:00:00"):
            self.case.with_user(self.operator).place = "Pasar"
            self.env.flush_all()
        self.assertEqual(self.report._xlsx_bytes(), before)
