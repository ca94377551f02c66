from pathlib import Path

from odoo.tests import TransactionCase, tagged

from odoo.addons.lapor_base.tests.sop_document import (
    SopDocumentChecks,
    read_document,
    stored_arrows,
    stored_doers,
)


@tagged("post_install", "-at_install")
class TestKapuasSop(SopDocumentChecks, TransactionCase):
    """The stored SOP of Kapuas says what the office's document says, word for word."""

    addon = "lapor_kapuas"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.document = read_document(Path(__file__).parent / "fixtures" / "sop.txt")
        cls.sop = cls.env.ref("lapor_kapuas.sop")

    def test_header(self):
        self.check_header()
        sop = self.sop
        rank = sop.signatory_rank.removesuffix(" (IV/d)")
        self.assertEqual(
            f"{sop.endorsement}  {sop.signatory_name} {rank} NIP. {sop.signatory_nip}",
            self.document.header["Disahkan Oleh"],
        )
        self.assertEqual(
            [
                sop.signatory_title,
                sop.signatory_name,
                sop.signatory_rank,
                f"NIP. {sop.signatory_nip}",
            ],
            self.document.signature,
        )

    def test_table(self):
        self.check_table()

    def test_total(self):
        self.assertFalse(self.document.total)
        self.assertFalse(self.sop.printed_total)
        self.assertEqual(self.sop.computed_total, "9 hari")

    def test_oddities(self):
        self.check_oddities(
            [
                "total_not_printed",
                "rejects_incomplete",
                "superseded",
                "superseded",
                "superseded",
            ]
        )

    def test_runs(self):
        self.check_runs()

    def test_revision(self):
        self.check_revision()

    def test_doers(self):
        self.assertEqual(
            stored_doers(self.sop),
            [
                ("direct", "intake", "unit_pengelola", False, "managing"),
                ("verify", "verification", "pejabat_penghubung", False, "handling"),
                ("inspect", "handling", "pejabat_penghubung", False, "handling"),
            ],
        )

    def test_arrows(self):
        self.assertEqual(
            stored_arrows(self.sop),
            [
                (1, "forward", 2, [], False),
                (2, "forward", 3, [], False),
                (2, "close", "answered", ["publish"], True),
                (2, "close", "insufficient", [], True),
                (3, "close", "handled", ["inspect", "publish"], False),
            ],
        )
