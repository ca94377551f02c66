"""Words that people wrote into a mail, counted apart from how the mail is read: whatever
``mail_reader`` and the pages of the thread do, none may be missing in the end.

Only the bytes of the parts and their charset are had by the same way; parts, tags and lines are
gone through by another one.
"""

import re
from collections import Counter
from email.message import Message
from html import unescape

from .mail_html import without_unseen
from .mail_reader import part_text
from .mail_text import without_uuencoded
from .plain_text import clean_text

_WORD = re.compile(r"[^\W\d_]{2,}")
# Addresses of links and pictures, and what stands for pictures in the plain rendering of a page,
# are no words; neither is the armour of a signature.
_NO_WORDS = re.compile(
    r"""<?(?:https?://|www\.|mailto:|tel:|cid:)[^\s<>"]{1,4000}
        |\[(?:image|cid|inline|gambar)[^\]\n]{0,300}\]
        |^-----(?:BEGIN|END)\ PGP[^\n]{0,60}|^Hash:\ [\w, ]{1,40}$
        |^-----BEGIN\ PGP\ SIGNATURE-----[^-]{0,5000}""",
    re.VERBOSE | re.MULTILINE,
)
_TAG = re.compile(r"<[^<>]*>")
_MOST_PARTS = 500


def written_words(message: Message) -> Counter:
    """How often each word stands in the inline texts of a mail; of alternatives the rendering that
    has it most often counts.

    :param message: the parsed mail, within the bounds of ``mail_bounds``
    """
    room = [_MOST_PARTS]
    return _written(message, room, 0)


def missing_words(message: Message, *kept: str) -> Counter:
    """The words of a mail that stand in none of these texts as often as in the mail.

    :param kept: plain texts; each may have all of them
    """
    missing = written_words(message)
    for text in kept:
        there = _words(text)
        missing = Counter({word: count for word, count in missing.items() if there[word] < count})
    if not missing:
        return missing
    # A tag or the end of a line within a word divides it on one side only.
    bare = [re.sub(r"\W+", "", clean_text(text).casefold()) for text in kept]
    short = {word: count for word, count in list(missing.items())[:200]}
    return missing - Counter(
        {
            word: count
            for word, count in short.items()
            if any(text.count(word) >= count for text in bare)
        }
    )


def _written(part, room, depth):
    kind = part.get_content_type()
    room[0] -= 1
    if room[0] < 0:
        return Counter()
    if part.is_multipart():
        if not kind.startswith("multipart/") or depth > 100:
            # A mail in a mail is a file.
            return Counter()
        words = Counter()
        for inner in part.get_payload():
            found = _written(inner, room, depth + 1)
            words = words | found if kind == "multipart/alternative" else words + found
        return words
    if kind not in ("text/plain", "text/html"):
        return Counter()
    text = part_text(part)
    if text is None:
        return Counter()
    if kind == "text/html":
        text = unescape(_TAG.sub(" ", without_unseen(text)))
    else:
        text = without_uuencoded(text)[0]
    return _words(text)


def _words(text):
    return Counter(_WORD.findall(_NO_WORDS.sub(" ", clean_text(text)).casefold()))
