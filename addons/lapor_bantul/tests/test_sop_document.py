from pathlib import Path

from odoo.tests import TransactionCase, tagged

from odoo.addons.lapor_base.tests.sop_document import (
    SopDocumentChecks,
    printed_date,
    read_document,
    stored_arrows,
    stored_doers,
)


@tagged("post_install", "-at_install")
class TestBantulSop(SopDocumentChecks, TransactionCase):
    """The stored SOP of Bantul says what the office's document says, word for word."""

    addon = "lapor_bantul"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.document = read_document(Path(__file__).parent / "fixtures" / "sop.txt")
        cls.sop = cls.env.ref("lapor_bantul.sop")

    def test_header(self):
        self.check_header()
        sop = self.sop
        self.assertEqual(sop.endorsement, self.document.header["Disahkan oleh"])
        self.assertEqual(
            [
                f"{sop.place_signed}, {printed_date(sop.date_signed)}",
                sop.signatory_title,
                sop.signatory_name,
                f"NIP. {sop.signatory_nip}",
            ],
            self.document.signature,
        )

    def test_table(self):
        self.check_table()

    def test_total(self):
        self.assertEqual(self.sop.printed_total, self.document.total)
        self.assertEqual(self.sop.computed_total, self.document.total)

    def test_oddities(self):
        self.check_oddities(["number_double", "number_double", "number_missing", "number_order"])

    def test_runs(self):
        self.check_runs()

    def test_revision(self):
        self.check_revision()

    def test_doers(self):
        self.assertEqual(
            stored_doers(self.sop),
            [
                ("intake", "intake", "masyarakat", "operator", "citizen"),
                ("register", "intake", "operator", False, "handling"),
                ("verify", "disposition", "sekretaris_dinas", False, "handling"),
                ("handle", "handling", "kepala_bidang_seksi", False, "handling"),
                ("verify", "response", "sekretaris_dinas", False, "handling"),
                ("publish", "response", "operator", False, "handling"),
                ("confirm", "response", "masyarakat", "operator", "citizen"),
            ],
        )

    def test_arrows(self):
        self.assertEqual(
            stored_arrows(self.sop),
            [
                (1, "forward", 2, [], False),
                (2, "forward", 3, ["direct", "interim"], False),
                (2, "quick", 7, ["publish"], False),
                (3, "forward", 4, ["direct"], False),
                (3, "branch", 7, ["publish"], False),
                (4, "forward", 5, [], False),
                (5, "forward", 6, ["report"], False),
                (5, "return", 4, [], True),
                (6, "forward", 7, [], False),
                (7, "close", "handled", ["confirm"], False),
                (7, "close", "answered", ["confirm"], False),
            ],
        )
