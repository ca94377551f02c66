import gc
import io
import tracemalloc

import pypdf

from odoo.tests import TransactionCase, tagged

from ..tools import pdf, pdf_join
from . import pdfa


@tagged("post_install", "-at_install")
class TestPdfJoin(TransactionCase):
    """Many sheets as one file."""

    def _sheet(self, words, pages=1):
        body = "".join(
            f'<h1 style="break-before: page">{words} {number}</h1><p>Isi {words}</p>'
            for number in range(pages)
        )
        return pdf.write_pdf(
            f'<!DOCTYPE html><html lang="id"><title>{words}</title><body>{body}</body></html>',
            pdf.Assets(),
        )

    def _joined(self, *sheets):
        target = io.BytesIO()
        joiner = pdf_join.Joiner(target, "Gabungan – naskah")
        for sheet in sheets:
            joiner.add(sheet)
        joiner.close()
        return target.getvalue()

    def test_whole_is_what_each_sheet_is(self):
        content = self._joined(self._sheet("satu"), self._sheet("dua", 3), self._sheet("tiga"))
        self.assertEqual(pdfa.faults(content), [])
        reader = pypdf.PdfReader(io.BytesIO(content))
        words = [page.extract_text().split()[0] for page in reader.pages]
        self.assertEqual(words, ["satu", "dua", "dua", "dua", "tiga"])
        self.assertEqual([item.title for item in reader.outline], ["satu", "dua", "tiga"])
        places = [page.indirect_reference.idnum for page in reader.pages]
        marked = [item["/Page"].get_object().indirect_reference.idnum for item in reader.outline]
        self.assertEqual([places.index(number) for number in marked], [0, 1, 4])
        self.assertEqual(reader.metadata.title, "Gabungan – naskah")
        xmp = reader.trailer["/Root"]["/Metadata"].get_data().decode()
        self.assertIn("Gabungan – naskah", xmp)
        self.assertNotIn(">satu<", xmp)

    def test_tags_lead_to_their_page(self):
        content = self._joined(self._sheet("satu", 2), self._sheet("dua", 2))
        reader = pypdf.PdfReader(io.BytesIO(content))
        nums = reader.trailer["/Root"]["/StructTreeRoot"]["/ParentTree"]["/Nums"]
        entries = {nums[index]: nums[index + 1] for index in range(0, len(nums), 2)}
        for page in reader.pages:
            elements = [item.get_object() for item in entries[page["/StructParents"]].get_object()]
            self.assertTrue(elements)
            for element in elements:
                self.assertEqual(element.raw_get("/Pg").idnum, page.indirect_reference.idnum)

    def test_same_sheets_give_the_same_bytes_and_share_their_letters(self):
        sheet = self._sheet("satu")
        twice = self._joined(sheet, sheet)
        self.assertEqual(twice, self._joined(sheet, sheet))
        self.assertLess(len(twice), 1.5 * len(sheet))

    def test_what_is_kept_of_a_sheet_is_a_few_numbers(self):
        sheets = [self._sheet(f"naskah {number}", 2) for number in range(4)]
        joiner, kept = pdf_join.Joiner(_Nowhere(), "Gabungan"), []
        own = tracemalloc.Filter(True, pdf_join.__file__)
        tracemalloc.start()
        try:
            for number in range(61):
                joiner.add(sheets[number % len(sheets)])
                if number in (20, 60):
                    gc.collect()
                    shot = tracemalloc.take_snapshot().filter_traces([own])
                    kept.append(sum(item.size for item in shot.statistics("filename")))
        finally:
            tracemalloc.stop()
        self.assertLess((kept[1] - kept[0]) / 40, 3000)

    def test_other_files_and_nothing_are_refused(self):
        writer, other = pypdf.PdfWriter(), io.BytesIO()
        writer.add_blank_page(100, 100)
        writer.write(other)
        with self.assertRaises(pdf_join.NotOurs):
            self._joined(other.getvalue())
        with self.assertRaises(ValueError):
            self._joined()


class _Nowhere:
    """A file that keeps nothing."""

    def write(self, data):  # pylint: disable=method-required-super
        return len(data)
