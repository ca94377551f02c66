"""Tell one complainant the answer that was written to another, without telling who that is."""

import re
from html import escape

NEUTRAL = "Pelapor"


def retold(html: str, known: dict[str, str], hidden: list[str], date: tuple[str, str]) -> str:
    """The text of an answer, for the complainant of another complaint.

    :param html: the answer as it was sent
    :param known: what is said of the one complaint to what holds for the other: number, title
    :param hidden: what tells who the one complainant is: name, address, telephone; each becomes
        "Pelapor"
    :param date: the day on which the one came in and that of the other, as letters print it; it is
        replaced only right after the number, elsewhere it may mean something else
    """
    for old in known:
        if not old:
            continue
        if date[0]:
            near = rf"({_words(old)}(?:\s|&nbsp;|<[^<>]*>|tanggal){{0,6}}){_words(date[0])}"
            html = re.sub(near, lambda found: found[1] + escape(date[1]), html)
    # Longer texts first: a title may contain the number, a full name one of its parts.
    pairs = {**dict.fromkeys(filter(None, hidden), NEUTRAL), **known}
    for old in sorted(filter(None, pairs), key=len, reverse=True):
        html = re.sub(
            _words(old), lambda _found, new=pairs[old]: escape(new, quote=False), html, flags=re.I
        )
    return html


def _words(text: str) -> str:
    """Pattern of a text as HTML prints it, whole words only, whatever the white space."""
    parts = [re.escape(escape(part, quote=False)) for part in text.split()]
    return r"(?<!\w)" + r"(?:\s|&nbsp;)+".join(parts) + r"(?!\w)"
