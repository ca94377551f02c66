"""Where lines of paper break."""

import math
import re

# Share of the letters' height that a bold capital is wide on average, with some room.
WIDTH_OF_CAPITAL = 0.68
CM_PER_POINT = 2.54 / 72


def balanced(text: str, width: float, size: float) -> list[str]:
    """A heading in capitals, in as few lines of like length as fit.

    :param text: the heading
    :param width: of the space, in centimetres
    :param size: of the letters, in points
    """
    words = text.split()
    fits = max(1, int(width / (size * WIDTH_OF_CAPITAL * CM_PER_POINT)))
    count = min(len(words), math.ceil(len(" ".join(words)) / fits))
    if count <= 1:
        return [" ".join(words)] if words else []
    goal = len(" ".join(words)) / count
    lines = [""]
    for word in words:
        longer = f"{lines[-1]} {word}".strip()
        # A line takes the word as long as that brings it nearer to its share.
        nearer = len(longer) - goal <= goal - len(lines[-1])
        if lines[-1] and len(lines) < count and not nearer:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def points(text: str | None) -> list[str]:
    """The points of a text that lists them with dashes, each with its dash; else its lines."""
    parts = re.split(r"(?:^|\s)- (?=\S)", (text or "").strip())
    if len(parts) > 1 and not parts[0]:
        return [f"- {part.strip()}" for part in parts[1:]]
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
