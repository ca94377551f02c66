"""The fingerprint of a piece of evidence, as events keep it.

Canonical JSON of its values, hashed: the same values always give the same digits, and the digits
tell nothing of the words. A *proof* is a fingerprint with random digits before it that went into
it: nobody can try out what the words might have been without having them.
"""

import hashlib
import json
import secrets

SALT = 16


def fingerprint(values: dict) -> str:
    """Fingerprint of named values.

    :param values: JSON-serialisable values by name; a value that is None, False, 0, "" or empty
        says the same as one that is missing
    :returns: 64 hexadecimal digits (SHA-256)
    :raises TypeError: when a value cannot be written as JSON
    """
    said = {name: value for name, value in values.items() if value}
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def of_bytes(content: bytes) -> str:
    """Fingerprint of a file."""
    return hashlib.sha256(content).hexdigest()


def proof(values: dict) -> str:
    """A proof of named values; see :func:`fingerprint`."""
    salt = secrets.token_hex(SALT // 2)
    return salt + fingerprint({**values, "": salt})


def fits(given: str, values: dict) -> bool:
    """Whether a proof is one of these values."""
    salt = given[:SALT]
    return given == salt + fingerprint({**values, "": salt})
