"""Slots in the templates of letters: what the program fills in, and what a person must.

``{{nomor_aduan}}`` is filled in by the program; the names are few and fixed, nothing of a
template is ever executed. ``{{isi: tanggal perbaikan}}`` must be written by a person, of
``{{pilih: sudah | belum}}`` one must be chosen. A text in which one of these is left cannot leave,
nor one with the slots that people type themselves: ``[isi tanggal]``, ``[…]``, the dots of a form.
"""

import html as entities
import re

from markupsafe import Markup, escape

AUTOMATIC = (
    "nomor_aduan",
    "tanggal_aduan",
    "judul_aduan",
    "kanal",
    "tempat",
    "kantor",
    "tanggal_hari_ini",
)
_TAGS = re.compile(r"<[^<>]*>")
_BREAKS = re.compile(r"</?(?:p|div|br|li|tr|td|th|h[1-6])\b[^<>]*>", re.IGNORECASE)
_BRACKETS = re.compile(
    r"\[\s*(?:(?:di)?isi(?:kan|lah)?|pilih|tulis|nama|tanggal|tgl|nomor|no\.|jumlah|alamat|sebutkan"
    r"|lengkapi|uraikan|jelaskan)\b[^\[\]\n]{0,200}\]|\[[\s….]{0,20}\]",
    re.IGNORECASE,
)
#: Dots or lines of a form; three dots, and one ellipsis, are prose, but not in a salutation.
_DOTS = re.compile(r"(?:[…_] ?){2}…|…{2}|(?:[._…][ \xa0]?){4}|_{3}|\bYth\.?\s{0,3}…", re.IGNORECASE)


def find_slots(text: str) -> list[tuple[str, str]]:
    """Slots of a text or of its HTML, in order.

    :returns: list of (kind, words) with kind "auto", "fill", "choose" or "unknown"
    """
    slots = []
    for _start, _end, inner in _slots(_TAGS.sub("", text or "")):
        inner = re.sub(r"\s+", " ", inner.replace("&nbsp;", " "))
        head, colon, rest = inner.partition(":")
        if not colon:
            slots.append(("auto" if inner in AUTOMATIC else "unknown", inner))
        elif head.strip() == "isi" and rest.strip():
            slots.append(("fill", rest.strip()))
        elif head.strip() == "pilih" and "|" in rest:
            slots.append(("choose", rest.strip()))
        else:
            slots.append(("unknown", inner))
    return slots


def open_slots(text: str, known: tuple[str, ...] = ()) -> list[str]:
    """What is still to be filled in or chosen in a text or its HTML, in the words of its slots.

    :param known: what others wrote and the program filled in, such as a complaint's title; what is
        in it is no slot
    :returns: words of each slot; "…" for the dots of a form, and the braces where a slot is broken
    """
    plain = entities.unescape(_TAGS.sub("", _BREAKS.sub("\n", text or "")))
    for value in filter(None, known):
        plain = plain.replace(value, "")
    missing = [words for _kind, words in find_slots(plain)]
    rest, done = "", 0
    for start, end, _words in _slots(plain):
        rest, done = rest + plain[done:start], end
    rest += plain[done:]
    missing += [braces for braces in ("{{", "}}") if braces in rest]
    missing += [re.sub(r"\s+", " ", found) for found in _BRACKETS.findall(rest)]
    return [*missing, "…"] if _DOTS.search(rest) else missing


def fill_automatic(html: str, values: dict[str, str]) -> Markup:
    """Fill in what the program knows; values are text and are escaped.

    :param html: the template's HTML
    :param values: text for each name of ``AUTOMATIC``
    """
    html, filled, done = html or "", [], 0
    for start, end, name in _slots(html):
        if name in AUTOMATIC:
            filled += [html[done:start], str(escape(values.get(name) or "–"))]
            done = end
    return Markup("".join([*filled, html[done:]]))


def _slots(text):
    """(start, end, words) of each slot. Braces that are not closed are looked for once, not from
    each place where some are opened."""
    start = text.find("{{")
    while start >= 0 and (end := text.find("}}", start + 2)) >= 0:
        yield start, end + 2, text[start + 2 : end].strip()
        start = text.find("{{", end + 2)
