"""Whether a letter says anything of its own, beside the frame that it was begun with.

A frame is what the program or a template gives a writer: salutation, thanks, sentences with slots,
closing. An answer that is nothing but its frame answers nothing, whatever was changed of its white
space, its HTML, its order or a word of courtesy.
"""

import html
import re
import unicodedata
from difflib import SequenceMatcher

from .plain_text import normal_form

#: A text with so many words beyond known sentences is no frame; comparing it closer takes time.
MOST_WORDS = 600
#: From which share of its words on a sentence of the frame counts as still there.
STILL_THERE = 0.6
#: A sentence of the frame with fewer words is found only as it stands.
LEAST_WORDS = 5
#: A line that begins with a salutation and has at most so many words is one, with its name.
LONGEST_SALUTATION = 10
#: Words of courtesy, which say nothing whatever their order.
COURTESY = frozenset(
    [
        "agar",
        "anda",
        "assalamualaikum",
        "atas",
        "bapak",
        "bpk",
        "banyak",
        "dapat",
        "demikian",
        "demikianlah",
        "dengan",
        "dihaturkan",
        "disampaikan",
        "diucapkan",
        "hormat",
        "ibu",
        "ini",
        "kami",
        "kasih",
        "kasihnya",
        "kepada",
        "kerja",
        "kerjasama",
        "kerjasamanya",
        "dan",
        "malam",
        "nya",
        "om",
        "pagi",
        "pelapor",
        "pengertian",
        "pengertiannya",
        "perhatian",
        "perhatiannya",
        "sama",
        "samanya",
        "sampaikan",
        "salam",
        "saudara",
        "saudari",
        "sdr",
        "sdri",
        "sebesar",
        "selamat",
        "siang",
        "sore",
        "swastiastu",
        "terhormat",
        "terima",
        "untuk",
        "ucapkan",
        "wabarakatuh",
        "wassalam",
        "wassalamualaikum",
        "warahmatullahi",
        "wb",
        "wr",
        "yang",
        "yth",
        "haturkan",
    ]
)
_BREAKS = re.compile(
    r"</?(?:p|div|br|li|ul|ol|tr|td|th|table|h[1-6]|hr|blockquote|section|pre)\b[^<>]*>",
    re.IGNORECASE,
)
#: What no reader sees, by where it begins and ends.
_HIDDEN = [
    (re.compile(begin, re.IGNORECASE), re.compile(end, re.IGNORECASE))
    for begin, end in (
        ("<!--", "-->"),
        (r"<style\b", "</style"),
        (r"<script\b", "</script"),
    )
]
_TAGS = re.compile(r"<[^<>]*>")
_WORDS = re.compile(r"\w+")
_SALUTATION = ("yth", "kepada", "hormat", "salam", "wassalam")
#: Where a line of a frame is parted: at a slot of a person, and at the end of a sentence.
_PIECES = re.compile(r"\{\{.*?\}\}|[.;:!?](?=\s|$)")
_PICTURES = re.compile(r"<(?:img|svg|picture|video|audio|canvas|object|embed|iframe)\b", re.I)


def has_pictures(text: str) -> bool:
    """Whether something is in the HTML of a letter that paper does not show."""
    return bool(_PICTURES.search(text or ""))


def plain_lines(text: str) -> list[str]:
    """The lines that a reader sees of a text or of its HTML; inline tags part no word."""
    text = _TAGS.sub("", _BREAKS.sub("\n", _visible(text or "")))
    text = normal_form("NFKC", html.unescape(text))
    text = "".join(char for char in text if unicodedata.category(char) != "Cf")
    return [line.strip() for line in text.split("\n") if line.strip()]


def says_nothing(text: str, frames: list[str], known: list[str] = ()) -> bool:
    """Whether a text has no words of its own.

    :param text: HTML of the letter
    :param frames: HTML of the frames, with what the program fills in filled in; a slot that a
        person fills in or chooses stands for nothing
    :param known: what the program knows and fills in itself: number, title, date, office
    """
    words = []
    for line in plain_lines(text):
        line_words = _words(line)
        greets = len(line_words) <= LONGEST_SALUTATION and _is_salutation(line_words)
        words += [(word, greets) for word in line_words]
    sentences = {
        tuple(_words(part))
        for frame in frames
        for line in plain_lines(frame)
        for part in _PIECES.split(line)
    }
    sentences = sorted(filter(None, sentences), key=len, reverse=True)
    for sentence in sentences:
        words = _without(words, sentence)
    if len(words) <= MOST_WORDS:
        for sentence in sentences:
            if len(sentence) >= LEAST_WORDS:
                words = _without_most(words, sentence)
    for value in sorted(known, key=lambda value: len(value or ""), reverse=True):
        words = _without(words, tuple(_words(value or "")))
    return not any(_says(word) for word, greets in words if not greets)


def _visible(text):
    """HTML without what no reader sees; a part that is not closed is looked for once."""
    for begin, end in _HIDDEN:
        kept, done = [], 0
        while (first := begin.search(text, done)) and (last := end.search(text, first.end())):
            kept.append(text[done : first.start()])
            done = last.end()
        text = "".join([*kept, text[done:]])
    return text


def _words(line):
    return _WORDS.findall(line.casefold())


def _says(word):
    """Whether a word says something: no word of courtesy, and no letter or line alone."""
    if word in COURTESY or not word.strip("_"):
        return False
    return len(word) > 1 or word.isdigit() or not word.isascii()


def _is_salutation(words):
    return bool(words) and words[0] in _SALUTATION


def _without(words, sentence):
    """A text without a sentence, wherever it stands as it is."""
    size = len(sentence)
    if not size:
        return words
    kept, start = [], 0
    while start < len(words):
        if words[start][0] == sentence[0] and sentence == tuple(
            word for word, _greets in words[start : start + size]
        ):
            start += size
        else:
            kept.append(words[start])
            start += 1
    return kept


def _without_most(words, sentence):
    """A text without a sentence of the frame of which a word was changed or left out."""
    plain = [word for word, _greets in words]
    blocks = SequenceMatcher(None, plain, sentence, autojunk=False).get_matching_blocks()
    blocks = [block for block in blocks if block.size > 1]
    if sum(block.size for block in blocks) < STILL_THERE * len(sentence):
        return words
    gone = {index for block in blocks for index in range(block.a, block.a + block.size)}
    return [word for index, word in enumerate(words) if index not in gone]
