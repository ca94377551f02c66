"""Files of registers as offices have them, made by hand so that also what no program would write
can be."""

import io
import zipfile
from xml.sax.saxutils import escape

HEADINGS = (
    *("No", "Tgl Masuk", "Nama Pelapor", "Isi Aduan", "Lokasi", "Kategori", "Media", "OPD"),
    *("Status", "Tgl Tindak Lanjut", "Tindak Lanjut", "Keterangan"),
)


def line(number="1", day="3 Januari 2022", **other):
    """A row of a register below HEADINGS."""
    values = {
        "No": number,
        "Tgl Masuk": day,
        "Nama Pelapor": "Siti Rahmah",
        "Isi Aduan": f"Lampu jalan mati nomor {number}",
        "Lokasi": "Jl. Ahmad Yani",
        "Kategori": "Penerangan",
        "Media": "SMS",
        "OPD": "Dinas PUPR",
        "Status": "Selesai",
        "Tgl Tindak Lanjut": "10/01/2022",
        "Tindak Lanjut": "Lampu sudah diganti",
        "Keterangan": "",
    }
    values.update({key.replace("_", " "): value for key, value in other.items()})
    return [values[heading] for heading in HEADINGS]


def csv_file(rows, headings=HEADINGS, delimiter=";"):
    """A CSV file."""
    lines = [headings, *rows] if headings else rows
    quoted = (
        delimiter.join('"' + str(cell).replace('"', '""') + '"' for cell in cells)
        for cells in lines
    )
    return "\r\n".join(quoted).encode()


def xlsx_file(rows, styles="", prolog="", sheets=None):
    """A workbook. A cell that is a number is one; a tuple is (style, number); ("f", formula,
    value) is a formula; the rest are inline texts."""
    sheets = sheets or {"Register": rows}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as book:
        names = "".join(
            f'<sheet name="{escape(name)}" sheetId="{n}" r:id="r{n}"/>'
            for n, name in enumerate(sheets, 1)
        )
        book.writestr(
            "xl/workbook.xml",
            '<workbook xmlns="m" xmlns:r="r"><workbookPr/><sheets>'
            + names
            + "</sheets></workbook>",
        )
        relations = "".join(
            f'<Relationship Id="r{n}" Type="x/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in range(1, len(sheets) + 1)
        )
        book.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{relations}</Relationships>")
        if styles:
            book.writestr("xl/styles.xml", styles)
        for n, lines in enumerate(sheets.values(), 1):
            body = "".join(
                f'<row r="{r}">{"".join(map(_cell, cells))}</row>'
                for r, cells in enumerate(lines, 1)
            )
            book.writestr(
                f"xl/worksheets/sheet{n}.xml",
                f"{prolog}<worksheet><sheetData>{body}</sheetData></worksheet>",
            )
    return target.getvalue()


def _cell(value):
    if isinstance(value, tuple) and value[0] == "f":
        return f"<c><f>{escape(value[1])}</f><v>{value[2]}</v></c>"
    if isinstance(value, tuple):
        return f'<c s="{value[0]}"><v>{value[1]}</v></c>'
    if isinstance(value, (int, float)):
        return f"<c><v>{value}</v></c>"
    return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'
