"""Text of complaints: from mail and forms to something safe to store and to read."""

import re
import unicodedata

# Gmail and Apple tell when, and mostly from which address, the quoted mail was written; a
# sentence of a complaint ("Pada papan itu petugas menulis:") does not. Outlook prints bold
# labels, which come as *From:* out of HTML, and inside one organisation names only.
_REPLY_HEAD = re.compile(
    r"""^\s*(
        (on|pada)\s(?=.*(\S@\S|\d[.:]\d\d)).{5,200}\s(wrote|menulis)\s*:\s*$
        |-{2,}\s*(original\s+message|pesan\s+asli|forwarded\s+message)\s*-{2,}
        |_{10,}\s*$
        |\*?(from|dari)\s*:\*?\s.+\S@\S+
        |\*?(from|dari)\s*:\*?\s.+\s\*?(sent|dikirim|date|tanggal)\s*:\*?\s
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_SUBJECT_MARKS = re.compile(r"^\s*((re|fw|fwd|bls|balas|trs|terusan)\s*:\s*)+", re.IGNORECASE)
_KEPT_CONTROLS = {"\n", "\t"}


def clean_text(text: str) -> str:
    """Drop what no reader can see and no database can keep.

    NUL and control characters go, line ends become ``\\n``, bidirectional overrides go
    (they can make a text read differently from what it says), runs of more than two
    empty lines shrink. Right-to-left letters and emoji stay.
    """
    text = unicodedata.normalize("NFC", (text or "").replace("\r\n", "\n").replace("\r", "\n"))
    text = "".join(
        char
        for char in text
        if char in _KEPT_CONTROLS
        or (unicodedata.category(char) not in ("Cc", "Cs") and char not in _BIDI_OVERRIDES)
    )
    return re.sub(r"\n[ \t]*(\n[ \t]*){2,}", "\n\n", text).strip()


_BIDI_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean_line(text: str, limit: int) -> str:
    """One line of at most ``limit`` characters, cut at a word with an ellipsis."""
    text = re.sub(r"\s+", " ", clean_text(text))
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    return (head.rsplit(" ", 1)[0] if " " in head[limit // 2 :] else head) + "…"


def bare_subject(subject: str) -> str:
    """A mail's subject without the marks of replying and forwarding before it."""
    return _SUBJECT_MARKS.sub("", subject)


def split_quoted(text: str) -> tuple[str, str]:
    """Part a mail into what its writer says and the quoted tail below it.

    :returns: (own words, quoted tail); the tail is "" when nothing is quoted. When
        everything is quoted (a mail that only forwards), all of it counts as own words.
    """
    lines = text.split("\n")
    for index, line in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else ""
        # A head may be folded, or its second line may tell what the first is.
        folded = len(line) > 8 and not _REPLY_HEAD.match(following)
        if _REPLY_HEAD.match(line) or (folded and _REPLY_HEAD.match(f"{line} {following}")):
            return _parted(lines, index)
        if line.startswith(">") and all(not rest or rest.startswith(">") for rest in lines[index:]):
            return _parted(lines, index)
    return text.strip(), ""


def _parted(lines, index):
    own, tail = "\n".join(lines[:index]).strip(), "\n".join(lines[index:]).strip()
    return (own, tail) if own else (tail, "")
