"""What the entries about a position say: who is appointed to it, and who acts in it.

Two things are kept apart. *Appointed* is whoever was named, also for days to come; *acting* is the
one who holds the position at a moment. Entries are only added: a later one ends an earlier one.
"""

from typing import NamedTuple


class Assignment(NamedTuple):
    """Somebody in a position. Days are ISO dates, None where there is no limit."""

    capacity: str
    user: int
    role: int
    unit: int
    date_from: str | None = None
    date_to: str | None = None

    def is_over(self, today: str) -> bool:
        return bool(self.date_to and self.date_to < today)


def replay(entries):
    """Go through the entries of one position in their order.

    :param entries: iterable of (code, :class:`Assignment`, entry), the entry being anything
    :returns: a dict of who is appointed (assignment to its entry), and the pair of who acts
        (assignment and its newest entry, or twice None)
    """
    appointed, acting = {}, (None, None)
    for code, assignment, entry in entries:
        if code == "appointed":
            appointed[assignment] = entry
        elif code == "revoked":
            appointed.pop(assignment, None)
        elif code == "ended":
            acting = (None, None)
        else:
            acting = (assignment, entry)
    return appointed, acting


def changes(known, known_acting, appointed, acting, today):
    """What has to be entered so that the entries say what is now so.

    :param known: assignments that the entries know
    :param known_acting: the one that acts by the entries, or None
    :param appointed: assignments as they are now, without those that are over
    :param acting: the one that acts now, or None
    :param str today: ISO date; what is over by then ends without an entry
    :returns: list of (code, assignment)
    """
    found = []
    if known_acting and known_acting != acting:
        found.append(("ended", known_acting))
    found += [("revoked", one) for one in known if one not in appointed and not one.is_over(today)]
    found += [("appointed", one) for one in appointed if one not in known]
    if acting and acting != known_acting:
        found.append(("begun", acting))
    return found
