"""Personal data in free text: NIK and KK, NPWP, telephone and bank account numbers, e-mail
addresses, and the names and numbers of one known person.

Found as Indonesians write them: with blanks, dots and hyphens, full-width digits, zero-width
characters in between, O for 0. What is found too much is masked for a reader who need not know
it; what is found too little is a leak. Sources: structure of the NIK (province 11 to 96, day of
birth plus 40 for women), PMK 112/2022 (NPWP of 16 digits is the NIK).
"""

import re
import unicodedata
from typing import NamedTuple

import lxml.html
from lxml import etree

from .mail_html import few_attributes

MASK = "••••••"
KINDS = ("nik", "npwp", "email", "phone", "account", "own")

_DIGITS_16 = r"(?<![\d/])\d(?:[ .\-]{0,2}\d){15}(?![\d/])"
_NPWP = re.compile(
    r"(?<!\d)\d{2}\.\d{3}\.\d{3}\.\d-\d{3}\.\d{3}(?!\d)"
    r"|(?i:npwp)\W{0,12}(?P<bare>\d(?:[ .\-]?\d){14,15})(?!\d)"
)
_NIK = re.compile(_DIGITS_16)
_NIK_WORD = re.compile(r"(?i:\b(?:nik|ktp|kk|kartu keluarga)\b)\D{0,25}$")
# Characters in which that can stand, and one before them.
_BEFORE_NIK = 41
_EMAIL = re.compile(r"[\w.+\-]{1,64}@[\w\-]+(?:\.[\w\-]+)*\.[A-Za-z]{2,}")
_MOBILE = re.compile(r"(?<![\w/])(?:\+?62|0)[ .\-()]{0,3}8\d(?:[ .\-]?\d){6,10}(?![\d/])")
_LANDLINE = re.compile(
    r"(?<![\w/.,])(?:\(0[2-79]\d{1,2}\) ?|(?:\+62|0)[ \-]?[2-79]\d{1,2}[ \-])"
    r"\d{3,4}[ \-]?\d{2,4}(?![\d/])"
)
_ACCOUNT = re.compile(
    r"(?i:\b(?:no(?:mor)?\.? ?rek(?:ening)?|norek|rek(?:ening)?|bank|bri|bca|bni|btn|bsi|mandiri"
    r"|bank kalsel|dana|ovo|gopay|va)\b)[^\d\n]{0,40}?(?P<number>\d(?:[ .\-]?\d){7,15})(?!\d)"
)
# O and I between digits, and an O that begins a mobile number, are digits.
_LOOK_ALIKE = re.compile(r"(?<=\d)[OoIl](?=[ .\-]?[\dOoIl])|(?<![A-Za-z0-9])[Oo](?=[ .\-]?8\d)")
_AS_DIGIT = str.maketrans("OoIl", "0011")
#: So much of a name or an address is looked for.
LONGEST_OWN = 500
_NOT_NAMES = {
    *("bapak", "ibu", "saudara", "saudari", "haji", "hajah", "binti", "warga", "anonim"),
    *("anonymous", "unknown", "masyarakat", "pelapor"),
}
_CALLED = (
    r"(?:pak|bu|bapak|ibu|sdr|sdri|saudara|saudari|nama saya|saya|a\.?n\.?|h\.|hj\.)[ .:]{1,3}"
)


class Found(NamedTuple):
    """Where personal data stand in a text: ``text[start:end]``."""

    kind: str
    start: int
    end: int


def find_personal(text: str, own=()) -> list[Found]:
    """Find personal data.

    :param own: names, numbers and addresses of the person who wrote the text
    :returns: without overlaps, in the order of the text; ``kind`` is one of ``KINDS``
    """
    plain, places = _normal(text or "")
    spans: list[tuple[str, int, int]] = []
    for match in _NPWP.finditer(plain):
        spans.append(("npwp", *match.span("bare" if match.group("bare") else 0)))
    for match in _NIK.finditer(plain):
        before = plain[max(0, match.start() - _BEFORE_NIK) : match.start()]
        if _is_nik(match.group()) or _NIK_WORD.search(before):
            spans.append(("nik", *match.span()))
    for kind, pattern in (("email", _EMAIL), ("phone", _MOBILE), ("phone", _LANDLINE)):
        spans += [(kind, *match.span()) for match in pattern.finditer(plain)]
    spans += [("account", *match.span("number")) for match in _ACCOUNT.finditer(plain)]
    for value in own:
        spans += [("own", *span) for span in _find_own(plain, value)]
    found: list[Found] = []
    for kind, start, end in sorted(spans, key=lambda span: (span[1], -span[2])):
        first, last = places[start], places[end - 1] + 1
        if found and first < found[-1].end:
            before = found[-1]
            both = "own" if "own" in (kind, before.kind) else before.kind
            found[-1] = Found(both, before.start, max(last, before.end))
            continue
        found.append(Found(kind, first, last))
    return found


def mask_personal(text: str, own=(), kinds=KINDS, stands: str = "") -> str:
    """The text with each finding of these kinds replaced by ``MASK``.

    :param stands: a text whose findings may stay
    """
    known = _values(stands)
    pieces, rest = [], 0
    for found in find_personal(text, own):
        if found.kind in kinds and not (known and _value(text, found) in known):
            pieces += [text[rest : found.start], MASK]
            rest = found.end
    return "".join(pieces) + text[rest:] if pieces else text


def count_personal(text: str, stands: str = "") -> int:
    """How many different personal data a text holds beside those of another text."""
    return len(_values(text) - _values(stands))


def _values(text):
    return {_value(text, found) for found in find_personal(text)}


def _value(text, found):
    """What was found, whatever way it is written."""
    plain = _normal(text[found.start : found.end])[0].casefold()
    return plain if found.kind == "email" else re.sub(r"\D", "", plain) or plain


def _normal(text):
    """The text as it reads, with the place of each of its characters in the original."""
    if text.isascii():
        return _with_digits(text), range(len(text))
    chars, places = [], []
    for place, char in enumerate(text):
        if char < "\x80":
            chars.append(char)
            places.append(place)
            continue
        if unicodedata.category(char) in ("Cf", "Mn") and char not in "\n\t":
            continue
        parts = unicodedata.normalize("NFKC", char)
        # Some letters are whole sentences.
        for part in parts if len(parts) <= 4 else char:
            # Hyphens and blanks come in many forms.
            category = unicodedata.category(part)
            part = "-" if category == "Pd" else " " if category == "Zs" else part
            chars.append(part)
            places.append(place)
    return _with_digits("".join(chars)), places


def _with_digits(text):
    return _LOOK_ALIKE.sub(lambda match: match.group().translate(_AS_DIGIT), text)


def _is_nik(text):
    """Whether 16 digits can be a NIK or a KK: province and date are plausible."""
    digits = re.sub(r"\D", "", text)
    day, month = int(digits[6:8]), int(digits[8:10])
    return 11 <= int(digits[:2]) <= 96 and 1 <= day % 40 <= 31 and day < 72 and 1 <= month <= 12


def _find_own(plain, value):
    """Where a known value stands: numbers in any grouping, names in any case and spacing, and
    each longer word of a name where it is written or used as a name."""
    value = _normal((value or "")[:LONGEST_OWN])[0].strip()
    digits = re.sub(r"\D", "", value)
    if len(digits) >= 6 and len(digits) > len(re.sub(r"[\W\d]", "", value)):
        national = re.sub(r"^(62|0)(?=\d{6})", "", digits)
        # Its first digits may be a country code: +62 812 and 0812 are the same number.
        pattern = r"(?:\+?62|0)?[ .\-()]{0,3}" if national != digits else ""
        pattern += r"[ .\-()]{0,2}".join(national)
        return [match.span() for match in re.finditer(rf"(?<!\d){pattern}(?!\d)", plain)]
    words = re.findall(r"[^\W\d_]+(?:['’.\-][^\W\d_]+)*|\d+", value)
    if not words or len(value) < 3:
        return []
    whole = r"[\W_]{1,3}".join(map(re.escape, words))
    spans = [match.span() for match in re.finditer(rf"(?i)(?<!\w){whole}(?!\w)", plain)]
    if len(words) > 4 or digits:
        return spans
    for word in words:
        if len(word) < 3 or word.lower() in _NOT_NAMES:
            continue
        called = rf"(?i:\b{_CALLED})(?P<called>(?i:{re.escape(word)}))(?!\w)"
        spans += [match.span("called") for match in re.finditer(called, plain)]
        if len(word) > 3:
            written = rf"(?<!\w)(?:{re.escape(word.capitalize())}|{re.escape(word.upper())})(?!\w)"
            spans += [match.span() for match in re.finditer(written, plain)]
    return spans


def mask_html(html: str, own=(), kinds=KINDS, stands: str = "") -> str:
    """As :func:`mask_personal`, for a fragment of HTML: its texts; links and titles that hold
    personal data go. What is spread over several elements is not seen."""
    if not html:
        return html
    root = lxml.html.fragment_fromstring(few_attributes(html), create_parent="div")
    changed = False
    for element in root.iter(etree.Element):
        for place in ("text", "tail"):
            text = getattr(element, place)
            masked = mask_personal(text, own, kinds, stands) if text and text.strip() else text
            if masked != text:
                setattr(element, place, masked)
                changed = True
        for name, value in element.items():
            if name in ("href", "title", "alt") and mask_personal(value, own, kinds) != value:
                del element.attrib[name]
                changed = True
    if not changed:
        return html
    return etree.tostring(root, encoding="unicode", method="html")[len("<div>") : -len("</div>")]
