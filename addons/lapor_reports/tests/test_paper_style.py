import io

import pypdf

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import PaperCase


@tagged("post_install", "-at_install")
class TestPaperStyle(PaperCase):
    """Sheet, letterhead and signature are the office's own."""

    def _size(self, content):
        box = pypdf.PdfReader(io.BytesIO(content)).pages[0].mediabox
        return tuple(round(float(side) / 72 * 25.4) for side in (box.width, box.height))

    def test_sheet_of_the_unit_and_of_the_unit_above(self):
        sample = "letterhead_sample"
        self.assertEqual(self._size(self._print(sample, self.bidang)), (210, 297))
        self.opd.paper_style_id = self.env.ref("lapor_reports.paper_style_f4")
        self.assertEqual(self._size(self._print(sample, self.bidang)), (215, 330))
        self.bidang.paper_style_id = self.env["lapor.paper.style"].create(
            {"name": "Kartu", "paper": "custom", "width": 148, "height": 210}
        )
        self.assertEqual(self._size(self._print(sample, self.bidang)), (148, 210))
        self.assertEqual(self._size(self._print(sample, self.opd)), (215, 330))

    def test_pages_are_numbered_from_the_second_on(self):
        complaint = self._make_complaint(description="Jalan rusak.\n" * 150)
        style = self.manager._paper_style()
        for place, second in (("top", "- 2 -"), ("bottom", "2 / ")):
            style.page_numbers = place
            pages = pypdf.PdfReader(io.BytesIO(self._print("receipt", complaint))).pages
            texts = [page.extract_text() for page in pages]
            self.assertGreater(len(texts), 1)
            self.assertIn(second, texts[1])
            self.assertNotIn(second.replace("2", "1"), texts[0])

    def test_letterhead_comes_from_the_nearest_unit_that_has_one(self):
        self.opd.letterhead = "PEMERINTAH KABUPATEN UJI\nDINAS PUPR UJI"
        self.assertEqual(self.bidang._letterhead()["office"], "DINAS PUPR UJI")
        self.bidang.letterhead = "PEMERINTAH KABUPATEN UJI\nDINAS PUPR UJI\nUPT BINA MARGA"
        head = self.bidang._letterhead()
        self.assertEqual(head["lines"], ["PEMERINTAH KABUPATEN UJI", "DINAS PUPR UJI"])
        self.assertEqual(head["office"], "UPT BINA MARGA")
        self.assertEqual(
            self.other_opd._letterhead(),
            {"lines": ["PEMKAB UJI"], "office": "DINAS KESEHATAN", "contact": "", "logo": False},
        )

    def test_sizes_are_checked(self):
        style = self.env.ref("lapor_reports.paper_style_a4")
        for values in (
            {"paper": "custom", "width": 20},
            {"margin_left": 9},
            {"font_size": 40},
            {"letterhead_ratio": 2},
        ):
            with self.assertRaises(ValidationError):
                style.write(values)

    def test_only_administrators_change_styles(self):
        common = self.env.ref("lapor_reports.paper_style_a4").with_user(self.administrator)
        style = common.copy()
        style.margin_left = 2.5
        with self.assertRaises(AccessError):
            common.margin_left = 3
        with self.assertRaises(AccessError):
            style.with_user(self.operator).margin_left = 3

    def test_signature_blocks(self):
        self.head.write({"lapor_nip": "196704031994032008", "lapor_rank": "Pembina (IV/a)"})
        block = self.head_position._signature()
        self.assertEqual(
            block,
            {
                "titles": ["Kepala Dinas Kominfo,"],
                "name": "Kepala Kominfo",
                "rank": "Pembina (IV/a)",
                "nip": "19670403 199403 2 008",
            },
        )
        self.operator_position.sign_mode = "an"
        self.assertEqual(
            self.operator_position._signature()["titles"],
            ["a.n. Kepala Dinas Kominfo", "Admin Layanan,"],
        )
        with self.assertRaises(ValidationError):
            self.head_position.sign_mode = "an"

    def test_acting_holder_is_on_the_block(self):
        self.head_position.write(
            {
                "user_id": False,
                "acting_user_id": self.operator2.id,
                "acting_kind": "plt",
                "acting_from": "2020-01-01",
                "printed_title": "Kepala Dinas Kominfo Uji",
            }
        )
        block = self.head_position._signature()
        self.assertEqual(block["titles"], ["Plt. Kepala Dinas Kominfo Uji,"])
        self.assertEqual(block["name"], "Operator Dua")
