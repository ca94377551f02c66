"""The hash chain of a case's events.

Each event's hash covers its own facts and the hash before it, so that a changed,
removed or inserted event shows at the first link that no longer fits. The text that
is hashed is canonical JSON: the same facts always give the same hash, on any machine.

A chain alone does not show that its last events were cut off, nor that all of it was written
anew by somebody who knows how: that shows by an anchor, which keeps the newest hash elsewhere.
"""

import hashlib
import json
from datetime import datetime, timedelta


def event_hash(previous: str, facts: dict) -> str:
    """Hash of one event.

    :param previous: hash of the event before, "" for the first of a case
    :param facts: JSON-serialisable facts of the event (numbers, strings, lists, dicts)
    :returns: 64 hexadecimal digits (SHA-256)
    :raises TypeError: when a fact cannot be written as JSON
    """
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def _minute_after(at: str | None) -> str:
    """A moment plus what the clock of a server may be put back by; "" has none."""
    if not at:
        return "9999"
    moment = datetime.fromisoformat(at) + timedelta(minutes=1)
    return moment.isoformat(" ", "seconds")


def broken_links(links):
    """Find the first broken link of each chain. One pass, one chain's head in memory.

    :param links: iterable of (chain, sequence, previous hash, hash, facts), the links of each
        chain together and in the order of their sequence
    :returns: iterable of (chain, expected sequence, reason) with the reason "gap" (an event is
        missing or was put in), "order" (it does not follow the one before), "facts" (they
        are not those that were hashed), or "time" (it is older than the one before)
    """
    chain, previous, expected, broken, before = None, "", 1, False, ""
    for key, sequence, claimed_previous, claimed, facts in links:
        if key != chain:
            chain, previous, expected, broken, before = key, "", 1, False, ""
        if broken:
            continue
        reason = None
        if sequence != expected:
            reason = "gap"
        elif claimed_previous != previous:
            reason = "order"
        elif claimed != event_hash(previous, facts):
            reason = "facts"
        elif _minute_after(facts.get("at")) < before:
            reason = "time"
        if reason:
            broken = True
            yield chain, expected, reason
        previous, expected, before = claimed, expected + 1, facts.get("at") or before
