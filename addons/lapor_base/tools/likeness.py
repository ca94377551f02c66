"""How much two complaints resemble each other: for a hint, never for a decision."""

import re

# What a text must have in common with another one to be looked at; PostgreSQL's own limit.
TEXT_LIMIT = 0.3
# From this score on a complaint is worth a hint.
SCORE_LIMIT = 0.4
PLACE_WEIGHT = 0.25
CATEGORY_WEIGHT = 0.1
TIME_WEIGHT = 0.1


def trigrams(text: str) -> set[str]:
    """The three-letter parts of the words of a text, as PostgreSQL's ``pg_trgm`` makes them."""
    found = set()
    for word in re.findall(r"\w+", text.lower().replace("_", " ")):
        padded = f"  {word} "
        found.update(padded[start : start + 3] for start in range(len(padded) - 2))
    return found


def similarity(one: str, other: str) -> float:
    """Share of common trigrams, from 0 (nothing in common) to 1 (the same words)."""
    first, second = trigrams(one), trigrams(other)
    return len(first & second) / len(first | second) if first and second else 0.0


def score(text: float, places: tuple[str, str], days: float, same_category: bool) -> float:
    """How much one complaint resembles another.

    :param text: similarity of title and text, from 0 to 1
    :param places: where the two happened; "" where it is not said
    :param days: time between them, as a share of the time in which duplicates are looked for
    :param same_category: whether both have the same category
    """
    place = similarity(*places) if all(places) else 0.0
    return (
        text
        + PLACE_WEIGHT * place
        + CATEGORY_WEIGHT * same_category
        - TIME_WEIGHT * min(1.0, max(0.0, days))
    )
