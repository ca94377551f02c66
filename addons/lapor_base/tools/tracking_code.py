"""The public tracking code: what a complainant keeps to ask after a complaint.

It must not be guessable from the number, and must survive being read over the
telephone and copied by hand from a paper receipt: no I, L, O, U; no lower case.
"""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12


def new_tracking_code() -> str:
    """Make a code of 60 random bits, written in three groups ("7KQ2-9FXM-04TZ")."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(code[i : i + 4] for i in range(0, LENGTH, 4))


def normal_tracking_code(text: str) -> str:
    """Bring what a person typed into the stored form; "" when it cannot be a code.

    Forgives case, spaces, missing dashes and the look-alikes O→0, I and L→1.
    """
    code = re.sub(r"[^0-9A-Z]", "", (text or "").upper())
    code = code.translate(str.maketrans("OIL", "011"))
    if len(code) != LENGTH or set(code) - set(ALPHABET):
        return ""
    return "-".join(code[i : i + 4] for i in range(0, LENGTH, 4))
