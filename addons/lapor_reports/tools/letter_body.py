"""Texts of letters as paper takes them: paragraphs, lists, plain tables and emphasis, no more.

What an editor or a mail left in a text (pictures, links, styles, scripts) has no place in a
signed letter, and must not reach the printer.
"""

from lxml import html

from odoo.addons.lapor_base.tools.mail_html import few_attributes

KEPT = frozenset(
    {
        "p",
        "br",
        "b",
        "strong",
        "i",
        "em",
        "u",
        "s",
        "sub",
        "sup",
        "ol",
        "ul",
        "li",
        "table",
        "thead",
        "tbody",
        "tr",
        "td",
        "th",
        "blockquote",
        "h3",
        "h4",
        "hr",
    }
)
RENAMED = {"div": "p", "h1": "h3", "h2": "h3", "h5": "h4", "h6": "h4"}
DROPPED_WITH_CONTENT = frozenset(
    {
        "script",
        "style",
        "template",
        "head",
        "title",
        "object",
        "embed",
        "svg",
        "math",
        "iframe",
        "video",
        "audio",
        "canvas",
        "img",
        "link",
        "meta",
        "base",
        "form",
        "input",
        "button",
        "select",
        "textarea",
        "noscript",
        "source",
        "picture",
    }
)
KEPT_ATTRIBUTES = {"td": ("colspan", "rowspan"), "th": ("colspan", "rowspan"), "ol": ("start",)}
DEEPEST = 40
VOID = frozenset({"br", "hr"})


def clean_body(text: str) -> str:
    """The text of a letter, reduced to what paper shows.

    :param text: HTML from an editor, already stored
    :returns: HTML with the elements of :data:`KEPT` only; empty paragraphs are gone
    """
    if not (text or "").strip():
        return ""
    body = _Body()
    body.add(html.fragment_fromstring(few_attributes(text), create_parent="section"), 0)
    return "".join(body.pieces)


class _Body:
    """What is kept of a text, put together in one walk over it."""

    def __init__(self):
        self.pieces = []
        self._words = 0

    def add(self, element, depth):
        """Add what is in an element.

        :returns: whether a paragraph is in it
        """
        self._say(element.text)
        has_paragraph = False
        for child in element:
            if (
                isinstance(child.tag, str)
                and child.tag not in DROPPED_WITH_CONTENT
                and depth <= DEEPEST
            ):
                has_paragraph |= self._add_child(child, depth + 1)
            self._say(child.tail)
        return has_paragraph

    def _add_child(self, child, depth):
        tag = RENAMED.get(child.tag, child.tag)
        if tag not in KEPT:
            return self.add(child, depth)
        start, words = len(self.pieces), self._words
        self.pieces.append(f"<{tag}{_attributes(child)}>")
        has_paragraph = self.add(child, depth)
        if tag == "p" and has_paragraph:
            # A paragraph holds none; those within it stand for themselves.
            self.pieces[start] = ""
        elif tag == "p" and self._words == words:
            del self.pieces[start:]
        elif tag not in VOID:
            self.pieces.append(f"</{tag}>")
        return has_paragraph or tag == "p"

    def _say(self, text):
        if text:
            self.pieces.append(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
            self._words += bool(text.strip("\xa0 \n\t\r\u200b"))


def _attributes(element):
    kept = ""
    for name in KEPT_ATTRIBUTES.get(element.tag, ()):
        value = element.get(name, "")
        if value.isdecimal():
            kept += f' {name}="{min(int(value[:9]), 50)}"'
    return kept
