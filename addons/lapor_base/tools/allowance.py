"""Mutu baku "waktu": amounts with a unit, and their totals as the documents print them.

Pure functions: no ORM, no clock, no calendar. What an allowance means in office
time is the business of lapor_sla; here it is only added up and printed.
"""

from collections.abc import Iterable

MINUTE, HOUR, WORKING_DAY, CALENDAR_DAY = "minute", "hour", "working_day", "calendar_day"
UNITS = (MINUTE, HOUR, WORKING_DAY, CALENDAR_DAY)

_WORDS = {
    "id": {"minute": "menit", "hour": "jam", "day": "hari", "calendar": "hari kalender"},
    "en": {"minute": "minutes", "hour": "hours", "day": "days", "calendar": "calendar days"},
}


def format_allowance(amount: int, unit: str, lang: str = "id") -> str:
    """Print one allowance the way the SOPs do ("60 menit", "5 hari").

    :param amount: whole number of ``unit``; 0 prints as an empty string
    :param unit: one of :data:`UNITS`
    :param lang: "id" or "en"
    :raises ValueError: for an unknown unit
    """
    if unit not in UNITS:
        raise ValueError(f"unknown unit of time: {unit!r}")
    if not amount:
        return ""
    words = _WORDS[lang]
    word = {
        MINUTE: words["minute"],
        HOUR: words["hour"],
        WORKING_DAY: words["day"],
        CALENDAR_DAY: words["calendar"],
    }[unit]
    return f"{amount} {word}"


def format_total(allowances: Iterable[tuple[int, str]], style: str, lang: str = "id") -> str:
    """Add allowances in the document's own manner.

    Bantul adds a single column of minutes ("1060"); Balangan adds days to days and
    minutes to minutes, and carries minutes into hours but never hours into days
    ("7 hari 8 jam 30 menit"): how many hours a day has is not for the total to say.

    :param allowances: pairs of (amount, unit)
    :param style: "minutes" (one number of minutes, as in Bantul) or "carried"
    :param lang: "id" or "en"
    :raises ValueError: when style "minutes" meets a unit that is not minutes or hours
    """
    minutes = hours = days = calendar_days = 0
    for amount, unit in allowances:
        if unit == MINUTE:
            minutes += amount
        elif unit == HOUR:
            hours += amount
        elif unit == WORKING_DAY:
            days += amount
        elif unit == CALENDAR_DAY:
            calendar_days += amount
        else:
            raise ValueError(f"unknown unit of time: {unit!r}")
    if style == "minutes":
        if days or calendar_days:
            raise ValueError("a total in minutes cannot hold days")
        return str(hours * 60 + minutes)
    if style != "carried":
        raise ValueError(f"unknown style of total: {style!r}")
    hours, minutes = hours + minutes // 60, minutes % 60
    parts = [
        format_allowance(days, WORKING_DAY, lang),
        format_allowance(calendar_days, CALENDAR_DAY, lang),
        format_allowance(hours, HOUR, lang),
        format_allowance(minutes, MINUTE, lang),
    ]
    return " ".join(filter(None, parts))
