from datetime import date, datetime

from odoo.exceptions import UserError
from odoo.tests import tagged

from . import common


@tagged("post_install", "-at_install")
class TestSopInForce(common.LaporCase):
    """Which document a complaint follows: by office, class, category and date."""

    def _sop_of(self, **values):
        return self._make_complaint(**values).sop_id

    def test_most_specific_document_wins(self):
        by_class = self._make_sop(name="Kelas", classification="information")
        by_category = self._make_sop(name="Kategori", category_ids=[self.category.id])
        both = self._make_sop(
            name="Keduanya", classification="information", category_ids=[self.category.id]
        )
        other = self.category.copy({"name": "Lain"})
        self.assertEqual(self._sop_of(category_id=other.id), self.sop)
        self.assertEqual(self._sop_of(category_id=False), self.sop)
        self.assertEqual(self._sop_of(category_id=other.id, classification="information"), by_class)
        self.assertEqual(self._sop_of(), by_category)
        self.assertEqual(self._sop_of(classification="information"), both)

    def test_category_counts_more_than_class_and_class_more_than_newness(self):
        by_category = self._make_sop(name="Kategori", category_ids=[self.category.id])
        by_class = self._make_sop(name="Kelas", classification="information")
        self._make_sop(name="Umum", valid_from="2020-01-01")
        self.assertEqual(self._sop_of(classification="information"), by_category)
        other = {"category_id": False, "classification": "information"}
        self.assertEqual(self._sop_of(**other), by_class)

    def test_document_of_another_class_or_category_is_never_taken(self):
        self.sop.action_retire()
        self._make_sop(name="Kelas", classification="information")
        self._make_sop(name="Kategori", category_ids=[self.category.copy({"name": "Lain"}).id])
        self.assertFalse(self._sop_of())

    def test_first_and_last_day_count_and_the_newest_wins(self):
        self.sop.valid_to = "2026-03-31"
        spring = self._make_sop(name="April", valid_from="2026-04-01", valid_to="2026-04-30")

        def find(day):
            return self.env["lapor.sop"]._in_force(self.manager, day, "complaint")

        self.assertEqual(find(date(2026, 3, 31)), self.sop)
        self.assertEqual(find(date(2026, 4, 1)), spring)
        self.assertEqual(find(date(2026, 4, 30)), spring)
        self.assertFalse(find(date(2026, 5, 1)))
        self.sop.valid_to = False
        self.assertEqual(find(date(2026, 4, 1)), spring)
        self.assertEqual(find(date(2026, 5, 1)), self.sop)

    def test_day_of_receipt_is_the_office_s_not_utc(self):
        self.sop.valid_to = "2025-03-31"
        april = self._make_sop(name="April", valid_from="2025-04-01")
        before, after = datetime(2025, 3, 31, 16, 59), datetime(2025, 3, 31, 17, 0)
        self.assertEqual(self._sop_of(received_at=before), self.sop)
        self.assertEqual(self._sop_of(received_at=after), april)
        self.manager.tz = "Asia/Jayapura"
        self.assertEqual(self._sop_of(received_at=before), april)

    def test_draft_retired_and_archived_documents_are_not_in_force(self):
        self._make_sop(name="Konsep", activate=False, valid_from="2026-01-01")
        self.assertEqual(self._sop_of(), self.sop)
        self.sop.active = False
        self.assertFalse(self._sop_of())
        self.sop.active = True
        self.sop.action_retire()
        self.assertFalse(self._sop_of())

    def test_document_of_another_office_or_government_is_not_taken_nor_seen(self):
        self.sop.action_retire()
        other = self._make_unit("Kantor Lain", "LAIN", "manager", sequence=99)
        self._make_sop(name="Kantor Lain", unit_id=other.id)
        self.assertFalse(self._sop_of())
        company = self.env["res.company"].create({"name": "Pemkab Sebelah", "lapor_code": "SBL"})
        unit = self.env["lapor.unit"].create(
            {"name": "Kominfo", "code": "KS", "kind": "manager", "company_id": company.id}
        )
        foreign = self._make_sop(name="Sebelah", unit_id=unit.id, company_id=company.id)
        self.assertFalse(self._sop_of())
        seen = self.env["lapor.sop"].with_user(self.administrator).search([])
        self.assertIn(self.sop, seen)
        self.assertNotIn(foreign, seen)
        for part in (foreign.step_ids, foreign.actor_ids, foreign.transition_ids):
            self.assertFalse(part.with_user(self.administrator)._filtered_access("read"))
        with self.assertRaises(UserError):
            self.env["lapor.sop"].create(
                {"name": "Salah", "unit_id": unit.id, "company_id": self.company.id}
            )

    def test_filing_step_is_done_by_the_filing(self):
        self.sop.action_retire()
        sop = self._make_sop(name="Dengan Masyarakat", activate=False)
        citizen = self._make_actor(sop, "Masyarakat", "masyarakat", "citizen")
        filing = self._make_step(
            sop, "0", "Lapor", citizen, "intake", "intake", 10, "minute", sequence=1
        )
        self._make_arrow(filing, (sop.step_ids - filing)[0], "Diterima")
        sop.action_activate()
        complaint = self._make_complaint()
        self.assertEqual(complaint.step_ids.mapped("sop_step_id.number"), ["0", "1"])
        self.assertEqual(complaint.step_ids[0].state, "done")
        self.assertEqual(complaint.current_user_id, self.operator)

    def test_filing_step_that_leads_on_only_by_choice_waits_for_it(self):
        """No complaint may be lost because its SOP is drawn in an unusual way."""
        self.sop.action_retire()
        sop = self._make_sop(name="Pilihan", activate=False)
        citizen = self._make_actor(sop, "Masyarakat", "masyarakat", "citizen")
        filing = self._make_step(
            sop, "0", "Lapor", citizen, "intake", "intake", 10, "minute", sequence=1
        )
        self._make_arrow(filing, (sop.step_ids - filing)[0], "Jalan singkat", kind="quick")
        sop.action_activate()
        complaint = self._make_complaint()
        self.assertEqual(complaint.current_step_id.sop_step_id, filing)
