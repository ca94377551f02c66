"""Whether the office's own mail server has proved who sent a mail (RFC 8601)."""

import re
from email.message import Message

_RESULT = re.compile(r"^\s*(dkim|dmarc)\s*=\s*pass\b(.*)$", re.IGNORECASE | re.DOTALL)
_COMMENT = re.compile(r"\([^()]{0,500}\)")
_DOMAIN = re.compile(
    r"\b(?:header\.from|header\.d|header\.i)\s*=\s*\"?[^\s;\"@]{0,200}?@?([\w.\-]{1,255})", re.I
)
#: Headers of one mail that are read.
MOST = 20


def is_authentic(message: Message, server: str, sender: str) -> bool:
    """Whether a mail has a passed DKIM or DMARC of its sender's domain, from this server.

    :param message: the mail as received
    :param server: the name by which the office's server signs its results (``authserv-id``);
        what other servers say, or the sender himself, is no proof
    :param sender: address of the sender
    """
    name = (server or "").strip().casefold()
    domain = (sender or "").rpartition("@")[2].casefold()
    if not name or not domain:
        return False
    for value in message.get_all("Authentication-Results", [])[:MOST]:
        identity, *results = _COMMENT.sub(" ", str(value)).split(";")
        if (identity.split() or [""])[0].casefold() != name:
            continue
        # Only the topmost is the server's own: it takes away what comes in under its name.
        return any(
            domain == proved or domain.endswith(f".{proved}")
            for result in results
            if (match := _RESULT.match(result))
            for proved in (found.casefold().strip(".") for found in _DOMAIN.findall(match[2]))
            if "." in proved
        )
    return False
