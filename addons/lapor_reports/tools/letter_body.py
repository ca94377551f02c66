"""Texts of letters as paper takes them: paragraphs, lists, plain tables and emphasis, no more.

What an editor or a mail left in a text (pictures, links, styles, scripts) has no place in a
signed letter, and must not reach the printer.
"""

from lxml import etree, html

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


def clean_body(text: str) -> str:
    """The text of a letter, reduced to what paper shows.

    :param text: HTML from an editor, already stored
    :returns: HTML with the elements of :data:`KEPT` only; empty paragraphs are gone
    """
    if not (text or "").strip():
        return ""
    root = html.fragment_fromstring(text, create_parent="section")
    _clean(root, 0)
    for paragraph in list(root.iter("p")):
        blank = not (paragraph.text_content() or "").strip("\xa0 \n\t\r\u200b")
        if blank and paragraph.getparent() is not None:
            paragraph.drop_tree()
    body = (html.tostring(child, encoding="unicode") for child in root)
    return _escaped(root.text) + "".join(body)


def _escaped(text):
    return (text or "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _clean(element, depth):
    for child in list(element):
        if not isinstance(child.tag, str) or child.tag in DROPPED_WITH_CONTENT or depth > DEEPEST:
            child.drop_tree() if isinstance(child, html.HtmlElement) else _remove(child)
            continue
        _clean(child, depth + 1)
        child.tag = RENAMED.get(child.tag, child.tag)
        if child.tag not in KEPT or (child.tag == "p" and child.find(".//p") is not None):
            child.drop_tag()
            continue
        for name in list(child.attrib):
            value = child.attrib[name]
            if name not in KEPT_ATTRIBUTES.get(child.tag, ()) or not value.isdigit():
                del child.attrib[name]
            elif int(value) > 50:
                child.attrib[name] = "50"


def _remove(node):
    """Take out a comment or a processing instruction; what follows it stays."""
    parent, tail = node.getparent(), node.tail
    if tail:
        previous = node.getprevious()
        if previous is not None:
            previous.tail = (previous.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
    etree.ElementBase.remove(parent, node)
