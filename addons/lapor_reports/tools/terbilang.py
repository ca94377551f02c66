"""Numbers and dates in Indonesian words, as letters and minutes spell them."""

import datetime

_ONES = (
    "nol",
    "satu",
    "dua",
    "tiga",
    "empat",
    "lima",
    "enam",
    "tujuh",
    "delapan",
    "sembilan",
    "sepuluh",
    "sebelas",
)
_SCALES = ((10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"), (1000, "ribu"), (100, "ratus"))
LARGEST = 10**15 - 1
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)


def terbilang(number: int) -> str:
    """Spell a whole number ("seribu dua ratus tiga").

    :param number: from -:data:`LARGEST` to :data:`LARGEST`
    :raises ValueError: beyond that
    """
    if abs(number) > LARGEST:
        raise ValueError(f"too large to be spelled: {number}")
    if number < 0:
        return f"minus {terbilang(-number)}"
    if number < 12:
        return _ONES[number]
    if number < 20:
        return f"{_ONES[number - 10]} belas"
    if number < 100:
        tens, rest = divmod(number, 10)
        return _joined(f"{_ONES[tens]} puluh", rest)
    for scale, word in _SCALES:
        if number >= scale:
            count, rest = divmod(number, scale)
            # only hundred and thousand swallow their "satu"
            head = f"se{word}" if count == 1 and scale <= 1000 else f"{terbilang(count)} {word}"
            return _joined(head, rest)
    raise AssertionError


def _joined(head: str, rest: int) -> str:
    return f"{head} {terbilang(rest)}" if rest else head


def date_in_words(date: datetime.date) -> str:
    """The date as a berita acara begins ("Senin, tanggal dua bulan November tahun …")."""
    return (
        f"{DAYS[date.weekday()]}, tanggal {terbilang(date.day)} bulan {MONTHS[date.month - 1]} "
        f"tahun {terbilang(date.year)}"
    )


def long_date(date: datetime.date | None) -> str:
    """The date as letters write it ("22 November 2026"); an empty text for none."""
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}" if date else ""


def counted(number: int, noun: str) -> str:
    """How many enclosures, as letters say it ("2 (dua) berkas", "-" for none)."""
    return f"{number} ({terbilang(number)}) {noun}" if number else "-"


def figure(value: float | None) -> str:
    """A number as Indonesian reports write it ("1.234,5"); an empty text for none."""
    if value is None or value is False:
        return ""
    text = f"{int(value):,}" if float(value).is_integer() else f"{value:,.1f}"
    return text.translate({ord(","): ".", ord("."): ","})
