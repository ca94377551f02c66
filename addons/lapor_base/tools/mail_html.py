"""HTML of mails: nothing in it may load from elsewhere or act by itself."""

import re

import lxml.html
from lxml import etree

_ACTIVE = (
    "script",
    "style",
    "link",
    "meta",
    "base",
    "iframe",
    "frame",
    "frameset",
    "object",
    "embed",
    "applet",
    "form",
    "input",
    "button",
    "select",
    "textarea",
    "audio",
    "video",
    "source",
    "track",
    "svg",
    "math",
    "template",
    "noscript",
    "title",
)
_LOADING = ("background", "poster", "srcset", "lowsrc", "dynsrc", "longdesc", "ping")
#: A picture inside the page itself may be so many characters long.
_MAX_INLINE = 300_000
_MAX_DEPTH = 200
_ACTS = re.compile(r"url\s*\(|expression|@import|\\", re.IGNORECASE)


def parse_html(html: str):
    """The tree of a page, or None when there is none worth the name."""
    # lxml takes no text with an encoding declared, and no NUL.
    html = re.sub(r"<\?xml[^>]*\?>", "", html or "").replace("\0", "").strip()
    if not html:
        return None
    try:
        root = lxml.html.fromstring(html)
    except (etree.ParserError, ValueError, AssertionError, RecursionError):
        return None
    if not isinstance(root, lxml.html.HtmlElement):
        return None
    return _shallow(root)


def _shallow(root):
    """The tree without what is nested deeper than people nest: cleaners recurse."""
    stack = [(root, 0)]
    while stack:
        node, depth = stack.pop()
        if depth >= _MAX_DEPTH:
            text = "".join(node.itertext())
            for child in list(node):
                node.remove(child)
            node.text = text
            continue
        stack.extend((child, depth + 1) for child in node)
    return root


def without_remote(root, pictures) -> str:
    """The page as text, without anything that loads from elsewhere.

    :param root: tree of :func:`parse_html`; changed
    :param set pictures: Content-Ids of the pictures that came with the mail
    """
    etree.strip_elements(
        root, *_ACTIVE, etree.Comment, etree.ProcessingInstruction, with_tail=False
    )
    for node in root.iter("img"):
        source = re.sub(r"\s", "", node.get("src") or "")
        if source.casefold().startswith("cid:") and source[4:] in pictures:
            continue
        if (
            re.match(r"data:image/(png|jpe?g|gif|webp);base64,", source)
            and len(source) < _MAX_INLINE
        ):
            continue
        alt = (node.get("alt") or "").strip()
        node.attrib.clear()
        node.tag = "span"
        node.text = f"[{alt[:100]}]" if alt else ""
    for node in root.iter():
        for name in list(node.attrib):
            value = node.attrib[name]
            if (
                name in _LOADING
                or name.startswith("on")
                or (name == "style" and _ACTS.search(value))
            ):
                del node.attrib[name]
    return etree.tostring(root, encoding="unicode", method="html")
