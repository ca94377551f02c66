"""What changed between two versions of a letter, word by word."""

import difflib
import re

from markupsafe import Markup, escape

from odoo.tools import html2plaintext

_WORDS = re.compile(r"\n+|[^\s]+")


def compare_texts(before: str, after: str) -> Markup:
    """Show the later of two HTML texts with what was taken out and put in.

    :param before: HTML of the earlier version
    :param after: HTML of the later version
    :returns: plain text as HTML, with ``<del>`` and ``<ins>``
    """
    old, new = (_WORDS.findall(html2plaintext(text or "")) for text in (before, after))
    parts = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for operation, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if operation == "equal":
            parts.append(_join(new[new_from:new_to]))
            continue
        if old_to > old_from:
            parts.append(Markup('<del class="text-danger">%s</del>') % _join(old[old_from:old_to]))
        if new_to > new_from:
            parts.append(Markup('<ins class="text-success">%s</ins>') % _join(new[new_from:new_to]))
    return Markup("<p>%s</p>") % Markup(" ").join(part for part in parts if part)


def _join(words):
    return Markup(" ").join(
        Markup("<br>") if word.startswith("\n") else escape(word) for word in words
    )
