"""Numbers of letters by an office's own pattern.

A pattern is text with slots in braces. ``555/03/IKP/XII/2018`` (the number on the Kapuas
SOP) is ``{code}/{seq:02}/{unit}/{roman}/{year}``. The slots are few on purpose: a
pattern is typed by an administrator, and a typo must be found when it is typed.
"""

import re

SLOTS = ("code", "seq", "unit", "month", "roman", "year", "year2", "security")
_SLOT = re.compile(r"\{(\w*)(?::0?(\d))?\}")
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def check_pattern(pattern: str) -> None:
    """Refuse a pattern that cannot make unique numbers.

    :raises ValueError: with ``args[0]`` one of "braces", "slot", "seq", "year" and, for
        "slot", the unknown slot in ``args[1]``
    """
    rest = _SLOT.sub("", pattern)
    if "{" in rest or "}" in rest:
        raise ValueError("braces")
    names = [match.group(1) for match in _SLOT.finditer(pattern)]
    for name in names:
        if name not in SLOTS:
            raise ValueError("slot", name)
    if "seq" not in names:
        raise ValueError("seq")
    # The running number begins again every year.
    if "year" not in names and "year2" not in names:
        raise ValueError("year")


def format_number(
    pattern: str, *, seq: int, year: int, month: int, code="", unit="", security="B"
) -> str:
    """Write one number.

    :param pattern: checked by :func:`check_pattern`
    :param seq: running number in the office's agenda of that year, from 1
    :param year: four digits
    :param month: 1 to 12
    :param code: classification code of the archive ("555")
    :param unit: short name of the unit ("IKP")
    :param security: degree of security, B, T, R or SR (PerANRI 5/2021)
    :raises ValueError: as :func:`check_pattern`
    """
    check_pattern(pattern)
    values = {
        "code": code,
        "seq": seq,
        "unit": unit,
        "month": month,
        "roman": _ROMAN[month - 1],
        "year": year,
        "year2": year % 100,
        "security": security,
    }

    def fill(match):
        name, width = match.groups()
        return str(values[name]).zfill(int(width)) if width else str(values[name])

    return _SLOT.sub(fill, pattern)
