import io
import zipfile
from unittest.mock import patch

from odoo.tests import BaseCase, tagged

from ..tools import sheet
from ..tools.sheet import SheetFault, read_table
from .books import csv_file, xlsx_file

DAYS = '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'


@tagged("post_install", "-at_install")
class TestSheet(BaseCase):
    """Files are read as texts, within bounds, and nothing in them runs."""

    def _fault(self, content, number=1):
        with self.assertRaises(SheetFault) as raised:
            read_table(content, number)
        return raised.exception.code

    def test_csv_of_any_delimiter_and_encoding(self):
        for delimiter in ";,\t":
            content = csv_file([["1", 'Jalan "A"; rusak, parah\nsekali']], ["No", "Isi"], delimiter)
            table = read_table(content)
            self.assertEqual(table.rows[1], (2, ["1", 'Jalan "A"; rusak, parah\nsekali']))
        text = "No;Isi\n1;“Jalan” é"
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
            self.assertEqual(read_table(text.encode(encoding)).rows[1][1], ["1", "“Jalan” é"])

    def test_empty_rows_keep_the_numbers_of_the_others(self):
        self.assertEqual(
            read_table(b"No;Isi\n\n;;\n1;Jalan\n").rows, [(1, ["No", "Isi"]), (4, ["1", "Jalan"])]
        )

    def test_workbook_with_days_numbers_and_formulas(self):
        rows = [["No", "Tgl"], [1, (1, 44564)], [2.5, ("f", 'HYPERLINK("http://x")', 7)]]
        self.assertEqual(
            read_table(xlsx_file(rows, DAYS)).rows,
            [(1, ["No", "Tgl"]), (2, ["1", "2022-01-03"]), (3, ["2.5", "7"])],
        )

    def test_each_sheet_of_a_workbook(self):
        content = xlsx_file(None, sheets={"Januari": [["a"]], "Februari": [["b"]]})
        table = read_table(content, 2)
        self.assertEqual((table.sheets, table.rows), (["Januari", "Februari"], [(1, ["b"])]))
        self.assertEqual(self._fault(content, 3), "sheet")

    def test_what_is_no_table_is_refused(self):
        for content, code in (
            (b"", "empty"),
            (b" \n\n", "empty"),
            (b"%PDF-1.7", "kind"),
            (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old"),
            (b"PK\x03\x04broken", "broken"),
            (b"a" * (sheet.LARGEST_FILE + 1), "large"),
            (xlsx_file([]), "empty"),
        ):
            self.assertEqual(self._fault(content), code)

    def test_workbook_cut_off_anywhere_is_refused_not_fatal(self):
        content = xlsx_file([["No", "Tgl"], [1, 2]])
        for end in range(2, len(content), 7):
            self.assertIn(self._fault(content[:end]), ("broken", "kind"))

    def test_bounds(self):
        many = b"x\n" * (sheet.MOST_ROWS + 1)
        self.assertEqual(self._fault(many), "rows")
        wide = ";".join("x" * (sheet.MOST_COLUMNS + 1)).encode()
        self.assertEqual(self._fault(wide), "columns")
        far = xlsx_file([["x"] * (sheet.MOST_COLUMNS + 1)])
        self.assertEqual(self._fault(far), "columns")
        with patch.object(sheet, "MOST_CHARACTERS", 100):
            self.assertEqual(self._fault(b"aaaaaaaaaaaaaaaaaaaa\n" * 6), "characters")

    def test_a_bomb_is_not_unfolded(self):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as book:
            book.writestr("xl/workbook.xml", "<workbook/>")
            with book.open("xl/sharedStrings.xml", "w") as part:
                for _ in range(sheet.LARGEST_UNFOLDED // 1_048_576 + 1):
                    part.write(b" " * 1_048_576)
        self.assertLess(len(target.getvalue()), 1_000_000)
        self.assertEqual(self._fault(target.getvalue()), "unfolds")

    def test_entities_are_refused(self):
        prolog = '<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
        self.assertEqual(self._fault(xlsx_file([["x"]], prolog=prolog)), "broken")
