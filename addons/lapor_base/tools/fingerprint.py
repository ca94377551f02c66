"""The fingerprint of a piece of evidence, as events keep it.

Canonical JSON of its values, hashed: the same values always give the same digits, and the digits
tell nothing of the words.
"""

import hashlib
import json


def fingerprint(values: dict) -> str:
    """Fingerprint of named values.

    :param values: JSON-serialisable values by name; what is not given says nothing, so a value
        that is None, False or "" is the same as one that is missing
    :returns: 64 hexadecimal digits (SHA-256)
    :raises TypeError: when a value cannot be written as JSON
    """
    said = {name: value for name, value in values.items() if value not in (None, False, "", [])}
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
