"""What the columns of an office's own register of complaints mean, and what a row of it says.

Registers are kept as each office likes: the words below are those that are found in them
(Permenparekraf 2/2015 Pasal 7: nomor dan tanggal agenda, pelapor, lokasi; agenda books of
Kominfo offices). What a row says is judged by :func:`judge`, without a database.
"""

import hashlib
import json
import re
from datetime import date
from typing import NamedTuple

from odoo.addons.lapor_base.tools.plain_text import clean_line, clean_text

from .sheet import serial_day

#: The earliest day of receipt that is taken for one.
FIRST_DAY = date(1990, 1, 1)
LINE_LENGTH = 250
TEXT_LENGTH = 10_000

#: Headings, in the order in which they are tried; each is a whole heading, in plain words.
_HEADINGS = [
    ("is_misconduct", r"(?:berkadar )?pengawasan|berkadar"),
    ("is_secret", r"rahasia|sifat"),
    ("is_anonymous", r"anonim|(?:pelapor )?anonim.*|kerahasiaan(?: identitas)?"),
    (
        "answered_on",
        r"(?:tgl|tanggal)\b.*\b(?:jawab\w*|di ?jawab|tanggap\w*|tanggapan|balas\w*|tindak lanjut"
        r"|ditindaklanjuti|tl)\b.*",
    ),
    (
        "closed_on",
        r"(?:tgl|tanggal)\b.*\b(?:selesai|diselesaikan|penyelesaian|tutup|ditutup)\b.*",
    ),
    (
        "received_on",
        r"(?:tgl|tanggal)(?: (?:masuk|terima|diterima|penerimaan|aduan|pengaduan|laporan|lapor"
        r"|surat|surat masuk|agenda|register|registrasi|aduan masuk|pengaduan masuk))?"
        r"|hari (?:dan )?(?:tgl|tanggal)|waktu (?:masuk|lapor)",
    ),
    (
        "number",
        r"(?:no|nomor|nomer) (?:reg|register|registrasi|agenda|aduan|pengaduan|laporan|tiket|id"
        r"|tracking|tracking id)|tracking id|id (?:aduan|laporan|pengaduan)|kode aduan",
    ),
    ("complainant", r"(?:nama )?(?:pelapor|pengadu|pemohon)|nama|identitas pelapor"),
    (
        "description",
        r"(?:isi|uraian|materi|substansi|rincian|detail|deskripsi|ringkasan)"
        r"(?: (?:singkat|aduan|pengaduan|laporan|keluhan|permasalahan|masalah))*"
        r"|aduan|pengaduan|laporan|keluhan|permasalahan|masalah",
    ),
    ("name", r"judul(?: \w+)?|perihal|hal|pokok (?:aduan|masalah|permasalahan)"),
    ("place", r"lokasi(?: \w+)?|tempat(?: kejadian)?|alamat kejadian|tkp"),
    ("category", r"kategori(?: \w+)?|jenis (?:aduan|pengaduan|masalah)|bidang|topik"),
    ("channel", r"kanal(?: \w+)?|media(?: \w+)?|sumber(?: \w+)?|saluran(?: \w+)?|via"),
    ("classification", r"klasifikasi(?: \w+)?|jenis laporan|kelas"),
    (
        "unit",
        r"opd(?: .*)?|skpd(?: .*)?|perangkat daerah(?: .*)?|instansi(?: .*)?|dinas(?: .*)?"
        r"|disposisi|unit kerja|penanggung jawab|tujuan(?: .*)?|terdisposisi",
    ),
    ("outcome", r"status(?: .*)?|hasil(?: akhir)?"),
    (
        "answer",
        r"(?:isi |uraian )?(?:tindak lanjut|tindaklanjut|jawaban|tanggapan|penyelesaian|respon"
        r"|balasan|tl)(?: .*)?|hasil tindak lanjut",
    ),
    ("remark", r"keterangan|ket|catatan"),
    ("number", r"no|nomor|nomer|no urut"),
]
_HEADINGS = [(name, re.compile(pattern)) for name, pattern in _HEADINGS]
FIELDS = tuple(dict.fromkeys(name for name, _pattern in _HEADINGS))

#: How a case ended, by the words of a status; tried in this order, the first that is found counts.
_OPEN = re.compile(
    r"\b(?:belum|proses|diproses|berjalan|pending|tertunda|tunda|menunggu|on progress"
    r"|terdisposisi|didisposisikan|baru|open)\b"
)
_NOT_DONE = re.compile(r"\btidak (?:selesai|di\w+|dapat|bisa)\b")
_OUTCOMES = [
    ("out_of_authority", r"bukan (?:wewenang|kewenangan)|di ?luar kewenangan"),
    ("not_proven", r"tidak (?:ter)?bukti\w*|tidak benar|hoa(?:ks|x)"),
    ("insufficient", r"tidak lengkap|kurang lengkap|data kurang"),
    ("no_response", r"(?:pelapor )?tidak (?:merespon\w*|menjawab|membalas)|dianggap dicabut"),
    ("withdrawn", r"dicabut|cabut|dibatalkan|batal"),
    ("duplicate", r"duplikat|ganda|dobel"),
    ("scheduled", r"dijadwalkan|dianggarkan|menjadi usulan|diusulkan"),
    ("archived", r"arsip|diarsipkan|ditolak"),
    ("answered", r"dijawab|terjawab|sudah dijawab|ditanggapi"),
    (
        "handled",
        r"selesai|tuntas|closed|close|sudah ditindaklanjuti|telah ditindaklanjuti"
        r"|ditindaklanjuti|tertangani|ditangani|done|^ok$|^sudah$",
    ),
]
_OUTCOMES = [(code, re.compile(rf"\b(?:{pattern})\b")) for code, pattern in _OUTCOMES]
_CLASSES = {
    "complaint": r"pengaduan|aduan|keluhan",
    "aspiration": r"aspirasi|saran|masukan|usul\w*",
    "information": r"permintaan informasi|informasi|pertanyaan|permohonan informasi",
}
_MONTHS = {
    **{name[:3]: index for index, name in enumerate(
        ("januari", "februari", "maret", "april", "mei", "juni", "juli", "agustus", "september",
         "oktober", "november", "desember"), 1)},
    **{"peb": 2, "mrt": 3, "may": 5, "agt": 8, "ags": 8, "aug": 8, "oct": 10, "nop": 11},
    **{"dec": 12},
}  # fmt: skip
_MONTH_NAMES = re.compile(
    r"jan(?:uari|uary)?|[fp]eb(?:ruari|ruary)?|mar(?:et|ch)?|mrt|apr(?:il)?|mei|may|juni?|june"
    r"|juli?|july|agu(?:stus)?|agt|ags|aug(?:ust)?|sep(?:t|tember)?|okt(?:ober)?|oct(?:ober)?"
    r"|no[vp](?:ember)?|des(?:ember)?|dec(?:ember)?"
)
_YES = {"ya", "y", "yes", "true", "1", "x", "v", "√", "✓", "benar"}
_NO = {"", "tidak", "t", "n", "no", "false", "0", "-", "biasa", "umum", "terbuka", "tidak ada"}
_ANONYMOUS = re.compile(r"(?:anonim\w*|anonymous|n\.?n\.?|hamba allah|tanpa nama|rahasia|-)")


class Judged(NamedTuple):
    """What a row says.

    :ivar values: by field; days as ISO
    :ivar refused: why it cannot be taken in: list of (code, the cell's words); empty when it can
    :ivar noted: what is taken in with less than it says: list as of ``refused``
    """

    values: dict
    refused: list
    noted: list


def plain(text: str) -> str:
    """Words in small letters with one blank between, for comparing."""
    return " ".join(re.sub(r"[^\w]+", " ", (text or "").lower().replace("_", " ")).split())


def guess_columns(headings) -> dict[int, str]:
    """Which column means what, by its heading: {column: field}; each field once."""
    words = [plain(heading)[:100] for heading in headings]
    found: dict[int, str] = {}
    for name, pattern in _HEADINGS:
        if name in found.values():
            continue
        for column, heading in enumerate(words):
            if column not in found and heading and pattern.fullmatch(heading):
                found[column] = name
                break
    return found


def guess_heading_row(rows) -> int:
    """Which of the first rows holds the headings: its index in ``rows``.

    :param rows: list of (number, cells)
    """
    best, most = 0, 1
    for index, (_number, cells) in enumerate(rows[:15]):
        count = len(guess_columns(cells))
        if count > most:
            best, most = index, count
    return best


def read_day(text: str, year: int | None = None) -> str | None:
    """A day as Indonesian offices write it, as ISO.

    12/03/2024, 12-3-24, 12.03.2024, 2024-03-12, “Selasa, 12 Maret 2024”, “12 Mar 24 10.15”, or
    Excel's number of a day. The day always stands before the month.

    :param year: of days that are written without one
    :returns: None where it is no day
    """
    words = " ".join((text or "").lower().replace(",", " ").split())[:60]
    if re.fullmatch(r"\d{5}(?:\.\d+)?", words):
        return serial_day(float(words)) or None
    match = re.match(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)", words)
    if match:
        return _day(*map(int, match.groups()))
    words = re.sub(
        r"^(?:hari )?(?:senin|selasa|rabu|kamis|jum.?at|sabtu|minggu|ahad)\b\W*", "", words
    )
    match = re.match(r"(\d{1,2})\s?[-/.\s]\s?(\d{1,2})\s?[-/.\s]\s?(\d{4}|\d{2})(?![\d])", words)
    if match:
        day, month, given = match.groups()
        return _day(_year(given), int(month), int(day))
    match = re.match(
        rf"(\d{{1,2}})[-/.\s]*({_MONTH_NAMES.pattern})(?![a-z])[-/.\s]*(\d{{4}}|\d{{2}})?(?![\d])",
        words,
    )
    if match:
        day, month, given = match.groups()
        given_year = _year(given) if given else year
        return _day(given_year, _MONTHS[month[:3]], int(day)) if given_year else None
    match = re.fullmatch(r"(\d{1,2})\s?[-/.]\s?(\d{1,2})", words)
    if match and year:
        return _day(year, int(match.group(2)), int(match.group(1)))
    return None


def _year(text):
    return int(text) + (2000 if len(text) == 2 else 0)


def _day(year, month, day):
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def read_outcome(text: str) -> str | None:
    """How a case ended, by the words of its status: a code of ``lapor.sop.transition``; "open"
    where it has not, None where the words are none that we know."""
    words = plain(text)[:200]
    for code, pattern in _OUTCOMES[:-2]:
        if pattern.search(words):
            return code
    if _OPEN.search(words):
        return "open"
    if _NOT_DONE.search(words):
        return None
    for code, pattern in _OUTCOMES[-2:]:
        if pattern.search(words):
            return code
    return None


def is_numbering(cells) -> bool:
    """Whether a row only numbers the columns ((1), (2), … below the headings)."""
    numbers = [re.sub(r"[()\s]", "", cell) for cell in cells if cell]
    return len(numbers) > 2 and numbers == [str(n) for n in range(1, len(numbers) + 1)]


def judge(cells, columns, today, *, year=None, outcome=None, mask=None) -> Judged:
    """What a row of a register says, and whether it can be taken in as history.

    :param cells: texts
    :param dict columns: {column: field}
    :param datetime.date today: no day lies after it
    :param year: of days that are written without one
    :param outcome: of rows that say none
    :param mask: called with a text and the complainant's name where he is anonymous
    """
    said = {name: _clean(_cell(cells, column)) for column, name in columns.items()}
    refused: list[tuple[str, str]] = []
    noted: list[tuple[str, str]] = []
    values = {
        "number": _line(said.get("number")),
        "description": said.get("description", "").strip(),
        "place": _line(said.get("place")),
        "answer": said.get("answer", "").strip(),
        "remark": said.get("remark", "").strip(),
        "category": _line(said.get("category")),
        "channel": _line(said.get("channel")),
        "unit": _line(said.get("unit")),
        "outcome_words": _line(said.get("outcome")),
    }
    values["name"] = _line(said.get("name")) or _title(values["description"] or values["answer"])
    if not values["description"]:
        values["description"] = said.get("name", "").strip()
    if not values["description"]:
        refused.append(("no_text", ""))
    for name in ("description", "answer", "remark"):
        if len(values[name]) > TEXT_LENGTH:
            refused.append(("long", name))
    _judge_days(said, values, today, year, refused)
    _judge_flags(said, values, refused)
    _judge_end(said, values, outcome, refused)
    values["classification"] = _class(said.get("classification", ""), noted)
    _judge_complainant(said, values, mask)
    return Judged(values, refused, noted)


def _judge_days(said, values, today, year, refused):
    for name in ("received_on", "answered_on", "closed_on"):
        text = said.get(name, "").strip()
        day = read_day(text, year) if text and text != "-" else None
        values[name] = day
        if not day:
            if text and text != "-":
                refused.append(("no_day", text[:60]))
            elif name == "received_on":
                refused.append(("no_received", ""))
        elif day > today.isoformat():
            refused.append(("future", text[:60]))
        elif day < FIRST_DAY.isoformat():
            refused.append(("too_old", text[:60]))
        elif name != "received_on" and values["received_on"] and day < values["received_on"]:
            refused.append(("before", text[:60]))
    if values["closed_on"] is None:
        values["closed_on"] = values["answered_on"]


def _judge_flags(said, values, refused):
    for name in ("is_anonymous", "is_misconduct", "is_secret"):
        words = plain(said.get(name, "")) or said.get(name, "").strip().lower()
        word = words.removeprefix("sangat ")
        known = {"is_anonymous": ("anonim", "rahasia"), "is_secret": ("rahasia",)}
        known["is_misconduct"] = ("berkadar", "berkadar pengawasan")
        values[name] = word in _YES or word in known[name]
        # What may have to be hidden is not guessed.
        if not values[name] and word not in _NO and not word.startswith("tidak "):
            refused.append(("no_flag", words[:60]))


def _judge_end(said, values, outcome, refused):
    text = said.get("outcome", "").strip()
    if text in ("", "-"):
        code = outcome
        if not code:
            refused.append(("no_outcome", ""))
    else:
        code = read_outcome(text)
        if code is None:
            refused.append(("unknown_outcome", text[:60]))
        elif code == "open":
            refused.append(("open", text[:60]))
    values["outcome"] = code if code != "open" else None


def _judge_complainant(said, values, mask):
    name = _line(said.get("complainant"))
    if name and _ANONYMOUS.fullmatch(name.lower()):
        values["is_anonymous"], name = True, ""
    values["complainant"] = "" if values["is_anonymous"] else name
    if values["is_anonymous"] and mask:
        for key in ("name", "description", "place", "answer", "remark"):
            values[key] = mask(values[key], name)


def _class(text, noted):
    words = plain(text)
    if not words:
        return "complaint"
    for code, pattern in _CLASSES.items():
        if re.search(rf"\b(?:{pattern})\b", words):
            return code
    noted.append(("class", text[:60]))
    return "complaint"


def _cell(cells, column):
    text = cells[column] if column < len(cells) else ""
    # So a cell that begins like a formula is written into our own lists.
    return text[1:] if re.match(r"'[=+\-@]", text) else text


def _clean(text):
    # Most cells are plain words of one line; there is nothing to take out of them.
    return text.strip() if text.isascii() and text.isprintable() else clean_text(text)


def _line(text):
    return clean_line(text or "", LINE_LENGTH) if text else ""


def _title(text):
    return clean_line(text.split("\n", 1)[0], 120)


def row_key(values: dict) -> str:
    """What tells one row of an office's register from all others: its number and day of receipt,
    or, without a number, its day and text. Many registers begin their numbers anew each month."""
    if values["number"]:
        said = ["number", plain(values["number"]), values["received_on"]]
    else:
        said = ["text", values["received_on"], plain(values["description"])]
    return _digest(said)


def content_key(values: dict) -> str:
    """A fingerprint of all that a row says."""
    return _digest({key: value for key, value in values.items() if value})


def _digest(said):
    text = json.dumps(said, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
