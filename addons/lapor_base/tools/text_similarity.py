"""How alike two answers are in what their writers wrote themselves."""

import re

from .plain_text import normal_form

_WORD = re.compile(r"[^\W\d_]+")
SHINGLE = 3
#: Fewer own words say nothing.
MIN_WORDS = 8


def normal_words(text: str) -> list[str]:
    """Words without case, accents of typing, numbers and signs."""
    return _WORD.findall(normal_form("NFKC", text or "").lower())


def own_words(text: str, given: list[str]) -> str:
    """A text without the sentences that a template or the program gave it.

    :param given: plain texts of templates, with slots or filled
    :returns: normalized words, joined by single spaces
    """
    known = {tuple(normal_words(line)) for text_given in given for line in _lines(text_given)}
    words = []
    for line in _lines(text):
        line_words = normal_words(line)
        if tuple(line_words) not in known:
            words += line_words
    return " ".join(words)


def similarity(first: str, second: str) -> float:
    """Share of three-word runs that two normalized texts have in common, 0 to 1."""
    one, two = _shingles(first), _shingles(second)
    if not one or not two:
        return 0.0
    return len(one & two) / len(one | two)


def _lines(text):
    return [line for line in re.split(r"[\n.;!?]+", text or "") if line.strip()]


def _shingles(text):
    words = text.split()
    if len(words) < MIN_WORDS:
        return set()
    return {tuple(words[index : index + SHINGLE]) for index in range(len(words) - SHINGLE + 1)}
