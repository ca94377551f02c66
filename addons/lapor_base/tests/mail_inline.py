"""What the inline texts of a mail say, by another parser than the product's."""

import re
from email import policy
from email.parser import BytesParser

WORD = re.compile(r"[^\W\d_]{3,}")


def inline_texts(raw):
    """What each inline text part of a mail says, by another parser than the product's."""
    message = BytesParser(policy=policy.default).parsebytes(raw.lstrip(b"\r\n"))
    for part in message.walk():
        if part.get_content_type() not in ("text/plain", "text/html"):
            continue
        if part.get_content_disposition() == "attachment" or part.get_filename():
            continue
        try:
            text = part.get_content()
        except (LookupError, UnicodeError, ValueError, KeyError, AssertionError):
            continue
        if part.get_content_type() == "text/html":
            text = re.sub(r"(?is)<(script|style|head|title)\b.*?</\1\s*>|<!--.*?-->", " ", text)
            text = re.sub(r"<[^<>]*(>|$)", " ", text)
            text = re.sub(r"&[#\w]{1,10};", " ", text)
        yield text


def lost_words(raw, said):
    """Words of the inline texts of a mail that a text has not.

    Of two renderings of the same the richer one is kept: a few words of the other may be missing,
    never its matter.

    :param bytes raw: the mail
    :param str said: plain text
    :rtype: set[str]
    """
    said = set(WORD.findall(said.casefold()))
    alternatives = "multipart/alternative" in raw.decode("latin-1").lower()
    lost = set()
    for text in inline_texts(raw):
        words = set(WORD.findall(text.casefold()))
        missing = words - said
        if missing and not (alternatives and len(missing) <= max(3, len(words) // 5)):
            lost |= missing
    return lost
