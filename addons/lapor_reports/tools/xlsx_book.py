"""Spreadsheets that are written row by row, in constant memory, and that run nothing.

Every text is written as text, whatever it begins with; numbers, dates and moments are typed.
"""

import datetime
import re

import xlsxwriter

# What XML 1.0 cannot hold, and Excel's own limit of a cell.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LONGEST_TEXT = 32_767
MOST_ROWS = 1_048_576


class Column:
    """One column: heading, width in characters, and whether its texts wrap."""

    def __init__(self, heading: str, width: int = 14, wrap: bool = True):
        self.heading, self.width, self.wrap = heading, width, wrap


class Book:
    """A workbook whose sheets are written one after the other.

    :param target: path of the file
    :param title: of the document's properties
    """

    def __init__(self, target: str, title: str):
        self._book = xlsxwriter.Workbook(
            target,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self._book.set_properties({"title": title, "author": "Lapor"})
        base = {"valign": "top", "border": 1, "font_name": "Arial", "font_size": 9}
        add = self._book.add_format
        self._formats = {
            "text": add({**base, "text_wrap": True}),
            "line": add(base),
            "number": add({**base, "num_format": "#,##0"}),
            "share": add({**base, "num_format": "0.0"}),
            "date": add({**base, "num_format": "dd/mm/yyyy", "align": "left"}),
            "moment": add({**base, "num_format": "dd/mm/yyyy hh:mm", "align": "left"}),
        }
        self._head = add(
            {**base, "bold": True, "bg_color": "#E7E6E6", "text_wrap": True, "align": "center"}
        )
        self._title = add({"bold": True, "font_size": 13, "font_name": "Arial"})
        self._note = add({"italic": True, "font_size": 9, "font_name": "Arial"})
        self._names = set()

    def sheet(self, name: str, title: str, columns: list[Column], note: str = "") -> "Sheet":
        """Begin a sheet: title, note, headings that stay in view, A4 lying, one page wide."""
        sheet = self._book.add_worksheet(self._sheet_name(name))
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(0.5, 0.5, 0.6, 0.6)
        sheet.set_footer("&L&8&F&R&8&P / &N")
        for index, column in enumerate(columns):
            sheet.set_column(index, index, column.width)
        sheet.write_string(0, 0, clean(title), self._title)
        if note:
            sheet.write_string(1, 0, clean(note), self._note)
        for index, column in enumerate(columns):
            sheet.write_string(3, index, clean(column.heading), self._head)
        sheet.repeat_rows(3)
        sheet.freeze_panes(4, 0)
        return Sheet(sheet, columns, self._formats)

    def close(self) -> None:
        """Write the file."""
        self._book.close()

    def _sheet_name(self, name):
        name = re.sub(r"[\[\]:*?/\\']", " ", clean(name))[:28].strip() or "Lembar"
        unique, count = name, 1
        while unique.lower() in self._names:
            count += 1
            unique = f"{name} {count}"
        self._names.add(unique.lower())
        return unique


class Sheet:
    """Rows of one sheet, from the top down."""

    def __init__(self, sheet, columns, formats):
        self._sheet, self._columns, self._formats = sheet, columns, formats
        self._row = 4

    def add(self, values: list) -> None:
        """Write one row; None leaves a cell empty.

        :raises OverflowError: when the sheet is full
        """
        if self._row >= MOST_ROWS:
            raise OverflowError("the sheet is full")
        for index, value in enumerate(values):
            self._write(index, value)
        self._row += 1

    def _write(self, index, value):
        row, sheet, formats = self._row, self._sheet, self._formats
        if value is None or value is False or value == "":
            sheet.write_blank(row, index, None, formats["text"])
        elif isinstance(value, bool):
            sheet.write_boolean(row, index, value, formats["text"])
        elif isinstance(value, int):
            sheet.write_number(row, index, value, formats["number"])
        elif isinstance(value, float):
            sheet.write_number(row, index, value, formats["share"])
        elif isinstance(value, datetime.datetime):
            sheet.write_datetime(row, index, value.replace(tzinfo=None), formats["moment"])
        elif isinstance(value, datetime.date):
            sheet.write_datetime(row, index, value, formats["date"])
        else:
            style = formats["text" if self._columns[index].wrap else "line"]
            sheet.write_string(row, index, clean(str(value)), style)


def clean(text: str) -> str:
    """A text as a cell can hold it."""
    return _CONTROL.sub("", text or "")[:LONGEST_TEXT]
