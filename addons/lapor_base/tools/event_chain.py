"""The hash chain of a case's events.

Each event's hash covers its own facts and the hash before it, so that a changed,
removed or inserted event shows at the first link that no longer fits. The text that
is hashed is canonical JSON: the same facts always give the same hash, on any machine.
"""

import hashlib
import json


def event_hash(previous: str, facts: dict) -> str:
    """Hash of one event.

    :param previous: hash of the event before, "" for the first of a case
    :param facts: JSON-serialisable facts of the event (numbers, strings, lists, dicts)
    :returns: 64 hexadecimal digits (SHA-256)
    :raises TypeError: when a fact cannot be written as JSON
    """
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def first_broken_link(links) -> int | None:
    """Find the first event whose hash or sequence does not follow from the one before.

    :param links: iterable of (sequence, previous hash, hash, facts) in order of sequence
    :returns: the sequence number at which the chain breaks, or None when it holds
    """
    previous, expected = "", 1
    for sequence, claimed_previous, claimed, facts in links:
        if (
            sequence != expected
            or claimed_previous != previous
            or claimed != event_hash(previous, facts)
        ):
            return expected
        previous, expected = claimed, expected + 1
    return None
