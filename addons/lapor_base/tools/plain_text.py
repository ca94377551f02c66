"""Text of complaints: from mail and forms to something safe to store and to read."""

import re
import unicodedata

_SUBJECT_MARKS = re.compile(
    r"^\s*(?:(?:re|fw|fwd|bls|balas|trs|terusan|aw|wg|tr|sv|antw|odp)\s*(?:\[\d{1,3}\])?\s*:\s*){1,50}",
    re.IGNORECASE,
)
_KEPT_CONTROLS = {"\n", "\t"}


def clean_text(text: str) -> str:
    """Drop what no reader can see and no database can keep.

    NUL and control characters go, line ends become ``\\n``, bidirectional overrides go
    (they can make a text read differently from what it says), runs of more than two
    empty lines shrink. Right-to-left letters and emoji stay.
    """
    text = normal_form("NFC", (text or "").replace("\r\n", "\n").replace("\r", "\n"))
    text = "".join(
        char
        for char in text
        if char in _KEPT_CONTROLS
        or (unicodedata.category(char) not in ("Cc", "Cs") and char not in _BIDI_OVERRIDES)
    )
    return re.sub(r"\n[ \t]*(\n[ \t]*){2,}", "\n\n", text).strip()


def normal_form(form: str, text: str) -> str:
    """Unicode's normal form of a text ("NFC", "NFKC"), with at most so many marks upon one letter
    as Unicode allows a stream (UAX 15): to put thousands of them in order takes minutes."""
    if not text.isascii() and _MARKS.search(text):
        kept, run = [], 0
        for char in text:
            run = run + 1 if unicodedata.combining(char) else 0
            if run <= MOST_MARKS:
                kept.append(char)
        text = "".join(kept)
    return unicodedata.normalize(form, text)


#: Marks upon one letter; Vietnamese has two, Biblical Hebrew up to four.
MOST_MARKS = 30
# What is neither a letter, a digit, a blank nor a plain sign may be a mark.
_MARKS = re.compile(rf"[^\w\s\x00-\u02ff]{{{MOST_MARKS + 1}}}")
_BIDI_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean_line(text: str, limit: int) -> str:
    """One line of at most ``limit`` characters, cut at a word with an ellipsis."""
    text = re.sub(r"\s+", " ", clean_text(text))
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    return (head.rsplit(" ", 1)[0] if " " in head[limit // 2 :] else head) + "…"


def bulleted(sentences: list[str]) -> str:
    """Sentences for one message: one as it is, several as a list."""
    if len(sentences) == 1:
        return sentences[0]
    return "\n".join(f"• {sentence}" for sentence in sentences)


def bare_subject(subject: str) -> str:
    """A mail's subject without the marks of replying and forwarding before it."""
    return _SUBJECT_MARKS.sub("", subject)
