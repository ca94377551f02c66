from pathlib import Path

from odoo.tests import TransactionCase, tagged

from odoo.addons.lapor_base.tests.sop_document import (
    SopDocumentChecks,
    read_document,
    stored_arrows,
    stored_doers,
)


@tagged("post_install", "-at_install")
class TestBalanganSop(SopDocumentChecks, TransactionCase):
    """The stored SOP of Balangan says what the office's document says, word for word."""

    addon = "lapor_balangan"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.document = read_document(Path(__file__).parent / "fixtures" / "sop.txt")
        cls.sop = cls.env.ref("lapor_balangan.sop")

    def test_header(self):
        self.check_header()
        sop = self.sop
        self.assertEqual(
            f"{sop.endorsement}  {sop.signatory_name} NIP.{sop.signatory_nip}",
            self.document.header["Pengesahan"],
        )
        self.assertFalse(self.document.signature)
        self.assertFalse(sop.signatory_title or sop.place_signed or sop.date_signed)

    def test_table(self):
        self.check_table()

    def test_total(self):
        self.assertEqual(self.sop.printed_total, self.document.total)
        self.assertEqual(self.sop.computed_total, self.document.total)

    def test_extension(self):
        step = self.env.ref("lapor_balangan.sop_step_draft")
        self.assertEqual((step.extension_amount, step.extension_unit), (14, "working_day"))
        self.assertEqual(step.extension_reason, self.document.rows[6]["remark"])
        self.assertFalse([other for other in self.sop.step_ids - step if other.extension_amount])

    def test_oddities(self):
        self.check_oddities([])

    def test_runs(self):
        self.check_runs()

    def test_revision(self):
        self.check_revision()

    def test_doers(self):
        self.assertEqual(
            stored_doers(self.sop),
            [
                ("register", "intake", "admin_layanan", False, "managing"),
                ("verify", "verification", "kasi_pelayanan", False, "managing"),
                ("report", "verification", "kabid_ikp", False, "managing"),
                ("direct", "disposition", "kepala_dinas", False, "managing"),
                ("receive", "disposition", "admin_opd", False, "handling"),
                ("direct", "disposition", "kepala_opd", False, "handling"),
                ("draft", "handling", "unit_teknis", "admin_opd", "handling"),
                ("sign", "response", "kepala_opd", False, "handling"),
                ("send", "response", "admin_opd", False, "handling"),
                ("receive", "response", "kabid_ikp", False, "managing"),
                ("publish", "response", "admin_layanan", False, "managing"),
            ],
        )

    def test_arrows(self):
        self.assertEqual(
            stored_arrows(self.sop),
            [
                (1, "forward", 2, [], False),
                (2, "forward", 3, [], False),
                (2, "quick", 5, ["direct"], False),
                (2, "return", 1, [], True),
                (3, "forward", 4, [], False),
                (4, "forward", 5, [], False),
                (5, "forward", 6, [], False),
                (6, "forward", 7, [], False),
                (7, "forward", 8, [], False),
                (8, "forward", 9, [], False),
                (8, "return", 7, [], True),
                (9, "forward", 10, [], False),
                (10, "forward", 11, ["direct"], False),
                (11, "close", "handled", ["publish"], False),
                (11, "close", "answered", ["publish"], False),
            ],
        )
