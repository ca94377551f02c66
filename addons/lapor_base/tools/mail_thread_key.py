"""How a mail says to which complaint it belongs, when its thread headers are gone.

Three ways: the extra part of the address (``aduan+UJI-2026-00012.4f1c09a2be77@…``), where the
signature shows that the writer got a mail of ours; the number in the subject, as our mails have
it; number and tracking code anywhere in the mail, as in our acknowledgement.
"""

import hmac
import re

# Numbers of complaints: a government's code, the year, the running number.
NUMBER = re.compile(r"\b([A-Z][A-Z0-9]{1,9}-\d{4}-\d{4,8})\b", re.IGNORECASE)
_EXTRA = re.compile(r"^([A-Z][A-Z0-9]{1,9}-\d{4}-\d{4,8})(?:\.([0-9a-f]{12}))?$", re.IGNORECASE)
# Our subjects begin so; replies and forwards put marks before it.
_IN_SUBJECT = re.compile(r"\[\s*([A-Z][A-Z0-9]{1,9}-\d{4}-\d{4,8})\s*\]", re.IGNORECASE)


def split_extra(address: str) -> tuple[str, str]:
    """Part ``name+extra@domain`` into (``name@domain``, ``extra``)."""
    local, at, domain = address.rpartition("@")
    name, _plus, extra = local.partition("+")
    return f"{name}{at}{domain}", extra


def add_extra(address: str, number: str, signature: str) -> str:
    """An address of an office to which replies on one complaint come."""
    local, at, domain = address.rpartition("@")
    return f"{local}+{number.lower()}.{signature}{at}{domain}"


def read_extra(extra: str) -> tuple[str, str]:
    """(number, signature) that the extra part of an address names; each "" when missing."""
    found = _EXTRA.match(extra)
    return (found.group(1).upper(), (found.group(2) or "").lower()) if found else ("", "")


def sign(key: bytes, number: str) -> str:
    """Twelve hexadecimal digits that only our own mails carry."""
    return hmac.new(key, f"lapor-mail:{number.upper()}".encode(), "sha256").hexdigest()[:12]


def same_signature(given: str, expected: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(given.encode(), expected.encode())


def numbers_in_subject(subject: str) -> list[str]:
    """Numbers of complaints in a subject, those in brackets first."""
    found = _IN_SUBJECT.findall(subject[:500]) + NUMBER.findall(subject[:500])
    return list(dict.fromkeys(number.upper() for number in found))[:5]


def numbers_in_text(text: str) -> list[str]:
    """Numbers of complaints in a text, the first ones."""
    found = NUMBER.findall(text[:50_000])
    return list(dict.fromkeys(number.upper() for number in found))[:5]


def codes_in_text(text: str) -> list[str]:
    """What looks like a tracking code in a text."""
    return _CODE.findall(text[:50_000].upper())[:20]


_CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
