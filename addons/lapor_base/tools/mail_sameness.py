"""Whether two mails of one sender say the same: the mark of a machine that answers each mail."""

import hashlib
import re


def gist(subject: str, text: str) -> str:
    """SHA-256 of what a mail says without what changes from one automatic mail to the next:
    numbers, codes, times, marks of replying, case and spacing."""
    said = f"{subject[:500]} {text[:2000]}".casefold()
    words = re.findall(r"[^\W\d_]{3,}", said)
    # Codes and links mix letters with digits or signs; what is left of them is no word.
    mixed = set(re.findall(r"[^\W\d_]{3,}", " ".join(filter(_is_mixed, said.split()))))
    kept = [word for word in words if word not in mixed][:120]
    return hashlib.sha256(" ".join(kept).encode()).hexdigest()


def _is_mixed(word):
    return bool(re.search(r"\d|://|.@.", word))
