"""What changed between two versions of a letter, word by word."""

import re

from markupsafe import Markup, escape

from odoo.tools import html2plaintext

from .mail_html import few_attributes

_WORDS = re.compile(r"\n+|[^\s]+")
#: With more differences than these a text counts as written anew: it is shown as a whole.
MOST_CHANGES = 400


def compare_texts(before: str, after: str) -> Markup:
    """Show the later of two HTML texts with what was taken out and put in.

    :param before: HTML of the earlier version
    :param after: HTML of the later version
    :returns: plain text as HTML, with ``<del>`` and ``<ins>``
    """
    # Within an element: what is a comment alone has no body.
    old, new = (
        _WORDS.findall(html2plaintext(f"<div>{few_attributes(text or '')}</div>"))
        for text in (before, after)
    )
    parts = []
    for same, removed, added in _changes(old, new):
        if same:
            parts.append(_join(same))
        if removed:
            parts.append(Markup('<del class="text-danger">%s</del>') % _join(removed))
        if added:
            parts.append(Markup('<ins class="text-success">%s</ins>') % _join(added))
    return Markup("<p>%s</p>") % Markup(" ").join(parts)


def _changes(old, new):
    """(words kept, words removed, words added) in the order of the text, each possibly empty."""
    first, rest = 0, min(len(old), len(new))
    while first < rest and old[first] == new[first]:
        first += 1
    last = 0
    while last < rest - first and old[-1 - last] == new[-1 - last]:
        last += 1
    yield old[:first], [], []
    old_part, new_part = old[first : len(old) - last], new[first : len(new) - last]
    pairs = _same_words(old_part, new_part)
    old_at = new_at = 0
    for old_from, new_from, length in [*_runs(pairs), (len(old_part), len(new_part), 0)]:
        yield [], old_part[old_at:old_from], new_part[new_at:new_from]
        yield old_part[old_from : old_from + length], [], []
        old_at, new_at = old_from + length, new_from + length
    yield old[len(old) - last :], [], []


def _same_words(old, new):
    """Places of the words that stay, (in the old text, in the new), by the fewest changes (Myers
    1986); none when there are too many of these. Its work is the length of the texts and the
    square of the changes, which are bounded."""
    if not set(old) & set(new):
        return []
    ends, trace = {1: 0}, []
    for changes in range(min(len(old) + len(new), MOST_CHANGES) + 1):
        trace.append(dict(ends))
        for diagonal in range(-changes, changes + 1, 2):
            down = diagonal == -changes or (
                diagonal != changes and ends[diagonal - 1] < ends[diagonal + 1]
            )
            x = ends[diagonal + 1] if down else ends[diagonal - 1] + 1
            y = x - diagonal
            while x < len(old) and y < len(new) and old[x] == new[y]:
                x, y = x + 1, y + 1
            ends[diagonal] = x
            if x >= len(old) and y >= len(new):
                return _way_back(trace, len(old), len(new))
    return []


def _way_back(trace, x, y):
    pairs = []
    for changes in range(len(trace) - 1, -1, -1):
        ends, diagonal = trace[changes], x - y
        down = diagonal == -changes or (
            diagonal != changes and ends[diagonal - 1] < ends[diagonal + 1]
        )
        before = diagonal + 1 if down else diagonal - 1
        before_x = ends[before]
        before_y = before_x - before
        while x > before_x and y > before_y and x > 0 and y > 0:
            x, y = x - 1, y - 1
            pairs.append((x, y))
        x, y = before_x, before_y
    return pairs[::-1]


def _runs(pairs):
    """Pairs that follow each other as (place in the old, place in the new, length)."""
    runs = []
    for x, y in pairs:
        if runs and runs[-1][0] + runs[-1][2] == x and runs[-1][1] + runs[-1][2] == y:
            runs[-1][2] += 1
        else:
            runs.append([x, y, 1])
    return runs


def _join(words):
    return Markup(" ").join(
        Markup("<br>") if word.startswith("\n") else escape(word) for word in words
    )
