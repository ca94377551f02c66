"""What a mail may cost before it is read: checked on the bytes, in one pass over them.

Parsers can be made to work for minutes by a mail of a few kilobytes (headers of megabytes,
hundreds of nested parts). Such a mail is kept, not parsed.
"""

import re

#: Bytes of a whole mail. A phone's 25 MB of photos are 34 MB in base64.
MAX_SIZE = 60 * 1024 * 1024
#: Bytes of the headers. Those of real mails with many hops stay below a quarter of it.
MAX_HEADERS = 256 * 1024
#: How many multiparts, and mails within a mail, are opened.
MAX_CONTAINERS = 60
#: Parts in all.
MAX_PARTS = 2000

_CONTAINER = re.compile(rb"(?i)(?:^|[\r\n])content-type\s*:\s*(?:multipart/|message/)")
_PART = re.compile(rb"(?i)(?:^|[\r\n])content-type\s*:")
_BOUNDARY = re.compile(rb"[\r\n]--")
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n|\r\r")


def excess(raw: bytes) -> str:
    """Which bound a mail exceeds.

    :returns: "size", "headers", "depth", "parts", or "" when it may be parsed
    """
    if len(raw) > MAX_SIZE:
        return "size"
    end = _END_OF_HEADERS.search(raw, 0, MAX_HEADERS + 4)
    if not end and len(raw) > MAX_HEADERS:
        return "headers"
    if _more(_CONTAINER, raw, MAX_CONTAINERS):
        return "depth"
    if _more(_PART, raw, MAX_PARTS) or (
        # A part need not say what it is.
        _CONTAINER.search(raw) and _more(_BOUNDARY, raw, 2 * MAX_PARTS)
    ):
        return "parts"
    return ""


def _more(pattern, raw, limit):
    return any(count > limit for count, _match in enumerate(pattern.finditer(raw), 1))
