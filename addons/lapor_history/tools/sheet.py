"""A table out of a file that an office hands in: XLSX or CSV, read as texts within bounds.

Nothing in it runs: of a formula only the value that was saved with it is read, links and macros are
not looked at. The bounds are checked while reading, so a small file that unfolds to a large one
costs no more than they allow.
"""

import codecs
import csv
import io
import re
import zipfile
from datetime import datetime, timedelta
from typing import NamedTuple
from xml.parsers import expat

#: Bytes of the file, and of all that its parts may unfold to.
LARGEST_FILE = 10 * 1024 * 1024
LARGEST_UNFOLDED = 100 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 60
#: Characters of one cell, and of all cells that are read.
LONGEST_CELL = 32_767
MOST_CHARACTERS = 20_000_000
MOST_SHEETS = 100
_MOST_STRINGS = 400_000
_MOST_PARTS = 2_000
_CHUNK = 65_536
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
#: Excel's own numbers of formats that show a day.
_DAY_FORMATS = frozenset((*range(14, 18), 22, *range(27, 37), *range(50, 59)))


class SheetFault(Exception):
    """Why a file cannot be read.

    :ivar code: "empty", "large", "unfolds", "old", "kind", "broken", "rows", "columns",
        "characters", or "sheet" (it has no such sheet)
    """

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


class Table(NamedTuple):
    """What was read: the names of all sheets ([] of a CSV), and the rows of one that hold
    something, as (number of the row in the file, texts of its cells)."""

    sheets: list[str]
    rows: list[tuple[int, list[str]]]


def read_table(content: bytes, sheet: int = 1) -> Table:
    """Read a table.

    :param content: the file
    :param sheet: which sheet of a workbook, the first is 1
    :raises SheetFault: when it cannot be read, or is larger than the bounds
    """
    if not content.strip():
        raise SheetFault("empty")
    if len(content) > LARGEST_FILE:
        raise SheetFault("large")
    if content.startswith(_OLD_EXCEL):
        raise SheetFault("old")
    if content.startswith(b"PK"):
        table = _read_workbook(content, sheet)
    elif content.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"{\\rtf")):
        raise SheetFault("kind")
    else:
        table = Table([], _bounded(_csv_rows(content)))
    if not table.rows:
        raise SheetFault("empty")
    return table


def _bounded(rows):
    """The rows that hold something, as a list, if there are not too many."""
    kept, characters = [], 0
    for number, cells in rows:
        cells = [cell.strip()[:LONGEST_CELL] for cell in cells]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        if len(cells) > MOST_COLUMNS:
            raise SheetFault("columns")
        if len(kept) >= MOST_ROWS:
            raise SheetFault("rows")
        characters += sum(map(len, cells))
        if characters > MOST_CHARACTERS:
            raise SheetFault("characters")
        kept.append((number, cells))
    return kept


# ------------------------------------------------------------
# CSV
# ------------------------------------------------------------


def _csv_rows(content):
    text = _decoded(content).replace("\0", "")
    head = text[:20_000]
    # Excel writes semicolons where a comma stands in numbers, as in Indonesia.
    delimiter = max(";,\t|", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for number, cells in enumerate(reader, 1):
            if number > 10 * MOST_ROWS:
                raise SheetFault("rows")
            yield number, cells
    except csv.Error as error:
        raise SheetFault("broken") from error


def _decoded(content):
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    if b"\0" in content[:4096]:
        raise SheetFault("kind")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


# ------------------------------------------------------------
# XLSX
# ------------------------------------------------------------


def _read_workbook(content, sheet):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            parts = {info.filename.lstrip("/"): info for info in book.infolist()}
            if len(parts) > _MOST_PARTS:
                raise SheetFault("unfolds")
            # A part is never read beyond the size that it claims.
            if sum(info.file_size for info in parts.values()) > LARGEST_UNFOLDED:
                raise SheetFault("unfolds")
            if "xl/workbook.xml" not in parts:
                raise SheetFault("kind")
            return _read_parts(book, parts, sheet)
    except SheetFault:
        raise
    except (
        *(zipfile.BadZipFile, expat.ExpatError, KeyError, ValueError, IndexError, EOFError),
        *(OSError, OverflowError, NotImplementedError, RuntimeError, zipfile.zlib.error),
    ) as error:
        raise SheetFault("broken") from error


def _read_parts(book, parts, sheet):
    names, targets, from_1904 = _sheets(book, parts)
    if not 1 <= sheet <= len(names):
        raise SheetFault("sheet")
    strings = _strings(book, parts)
    days = _day_styles(book, parts)
    epoch = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)
    rows = _SheetReader(strings, days, epoch)
    target = targets[sheet - 1]
    if target not in parts:
        raise SheetFault("sheet")
    return Table(names, _bounded(rows.rows_of(book, parts[target])))


def _walk(book, part, start, end=None, text=None):
    """Read one part as XML, a piece at a time; yields after each piece."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda tag, attrs: start(tag.rpartition(":")[2], attrs)
    if end:
        parser.EndElementHandler = lambda tag: end(tag.rpartition(":")[2])
    if text:
        parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    with book.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk, False)
            yield
    parser.Parse(b"", True)
    yield


def _refuse_doctype(*_declaration):
    # Entities that unfold stand there; no spreadsheet program writes one.
    raise SheetFault("broken")


def _sheets(book, parts):
    """Names and parts of the sheets that hold cells, and whether days count from 1904."""
    named, targets, settings = [], {}, {}

    def in_book(tag, attrs):
        if tag == "sheet" and len(named) < MOST_SHEETS:
            ref = next((value for key, value in attrs.items() if key.endswith(":id")), "")
            named.append((attrs.get("name", ""), ref))
        elif tag == "workbookPr":
            settings["1904"] = attrs.get("date1904") in ("1", "true")

    def in_relations(tag, attrs):
        if tag == "Relationship" and attrs.get("Type", "").endswith("/worksheet"):
            target = attrs.get("Target", "")
            targets[attrs.get("Id")] = (
                target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            )

    for _piece in _walk(book, parts["xl/workbook.xml"], in_book):
        pass
    for _piece in _walk(book, parts["xl/_rels/workbook.xml.rels"], in_relations):
        pass
    found = [(name, targets[ref]) for name, ref in named if ref in targets]
    return [name for name, _t in found], [target for _n, target in found], settings.get("1904")


def _strings(book, parts):
    strings, state = [], {"inside": False, "aside": False, "parts": []}

    def start(tag, _attrs):
        if tag == "si":
            state["parts"] = []
        elif tag == "rPh":
            state["aside"] = True
        elif tag == "t":
            state["inside"] = not state["aside"]

    def end(tag):
        if tag == "t":
            state["inside"] = False
        elif tag == "rPh":
            state["aside"] = False
        elif tag == "si":
            if len(strings) >= _MOST_STRINGS:
                raise SheetFault("characters")
            strings.append("".join(state["parts"])[:LONGEST_CELL])

    def text(data):
        if state["inside"]:
            state["parts"].append(data)

    if "xl/sharedStrings.xml" in parts:
        for _piece in _walk(book, parts["xl/sharedStrings.xml"], start, end, text):
            pass
    return strings


def _day_styles(book, parts):
    """Which styles of cells show a day."""
    formats, styles, state = {}, [], {"cells": False}

    def start(tag, attrs):
        if tag == "numFmt":
            formats[attrs.get("numFmtId")] = attrs.get("formatCode", "")[:255]
        elif tag == "cellXfs":
            state["cells"] = True
        elif tag == "xf" and state["cells"]:
            styles.append(attrs.get("numFmtId", "0"))

    def end(tag):
        if tag == "cellXfs":
            state["cells"] = False

    if "xl/styles.xml" in parts:
        for _piece in _walk(book, parts["xl/styles.xml"], start, end):
            pass
    return {
        str(index)
        for index, number in enumerate(styles)
        if (number in formats and _shows_day(formats[number]))
        or (number not in formats and number.isdigit() and int(number) in _DAY_FORMATS)
    }


def _shows_day(code):
    plain = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", code).lower()
    return "y" in plain or "d" in plain


class _SheetReader:
    """Rows of one sheet, read a piece at a time."""

    def __init__(self, strings, days, epoch):
        self.strings, self.days, self.epoch = strings, days, epoch
        self.number, self.cells, self.column = 0, [], -1
        self.kind, self.style, self.taken, self.inside = "n", "", [], False
        self.done = []

    def rows_of(self, book, part):
        for _piece in _walk(book, part, self._start, self._end, self._text):
            yield from self.done
            self.done = []

    def _start(self, tag, attrs):
        if tag == "row":
            self.number = int(attrs["r"]) if "r" in attrs else self.number + 1
            self.cells, self.column = [], -1
        elif tag == "c":
            place = re.match(r"[A-Z]{1,3}", attrs.get("r", ""))
            self.column = _column(place.group()) if place else self.column + 1
            self.kind, self.style, self.taken = attrs.get("t", "n"), attrs.get("s", ""), []
        elif tag in ("v", "t"):
            self.inside = True
        elif tag == "f":
            self.inside = False

    def _end(self, tag):
        if tag in ("v", "t"):
            self.inside = False
        elif tag == "c":
            value = self._value("".join(self.taken))
            if value:
                if self.column >= MOST_COLUMNS:
                    raise SheetFault("columns")
                self.cells += [""] * (self.column + 1 - len(self.cells))
                self.cells[self.column] = value
        elif tag == "row":
            self.done.append((self.number, self.cells))

    def _text(self, data):
        if self.inside:
            self.taken.append(data)

    def _value(self, text):
        if self.kind == "s":
            return self.strings[int(text)] if text else ""
        if self.kind in ("str", "inlineStr", "d", "e"):
            return text
        if self.kind == "b":
            return "ya" if text == "1" else "tidak"
        try:
            amount = float(text)
        except ValueError:
            return text
        if self.style in self.days:
            return serial_day(amount, self.epoch) or text
        return f"{amount:.0f}" if abs(amount) < 1e15 and amount.is_integer() else text


def _column(letters):
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def serial_day(amount: float, epoch: datetime = datetime(1899, 12, 30)) -> str:
    """A day that Excel keeps as a number, as ISO; "" where it is none of our time.

    :param amount: days since ``epoch``
    """
    if not 10_000 <= amount < 80_000:
        return ""
    return (epoch + timedelta(days=int(amount))).date().isoformat()
