"""HTML of mails: nothing in it may load from elsewhere or act by itself, and no word is lost."""

import re
from html import unescape

import lxml.html
from lxml import etree

# Gone with what is in them: nothing that a reader sees.
_UNSEEN = ("script", "style", "title", "meta", "link", "base", "head", "source", "track", "embed")
# What acts or frames goes, what is written in it stays, in a plain box.
_FRAMES = {
    **dict.fromkeys(
        (
            *("form", "fieldset", "legend", "button", "select", "optgroup", "option", "datalist"),
            *("textarea", "object", "applet", "iframe", "frame", "frameset", "noframes"),
            *("noscript", "template", "dialog", "audio", "video", "canvas", "marquee"),
        ),
        "div",
    ),
    **dict.fromkeys(
        ("label", "input", "output", "slot", "picture", "map", "area", "svg", "math", "param"),
        "span",
    ),
}
_LOADING = ("background", "poster", "srcset", "lowsrc", "dynsrc", "longdesc", "ping")
#: A picture inside the page itself may be so many characters long.
_MAX_INLINE = 300_000
_MAX_DEPTH = 200
_ACTS = re.compile(r"url\s{0,20}\(|expression|@import|\\", re.IGNORECASE)
# A page may be made of several documents (Apple Mail, forwarders), or go on behind its own end:
# without the marks of documents it is one.
_DOCUMENT = re.compile(
    r"<!doctype[^<>]{0,2000}>|</?(?:html|body)(?:\s[^<>]{0,5000})?>|<\?xml[^<>]{0,500}>",
    re.IGNORECASE,
)
# What no tree can hold.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TAG = re.compile(r"<[^<>]*>")
_UNSEEN_START = re.compile(r"<!--|<(script|style|head|title)\b", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s{0,5}:\s{0,5}none|mso-hide\s{0,5}:\s{0,5}all", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f\u200b]+")

_BLOCKS = {
    *("address", "article", "aside", "blockquote", "center", "dd", "div", "dl", "dt", "fieldset"),
    *("figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr"),
    *("li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "tfoot", "thead", "tr"),
    *("ul", "caption", "option", "textarea", "button"),
}
_SPACED = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "pre", "dl"}


def parse_html(html: str):
    """The tree of a page, or None when there is none worth the name."""
    # lxml takes no NUL.
    html = _DOCUMENT.sub("\n", (html or "").replace("\0", "")).strip()
    html = few_attributes(html)
    if not html:
        return None
    try:
        parser = lxml.html.HTMLParser(huge_tree=True)
        root = lxml.html.fragment_fromstring(html, create_parent="div", parser=parser)
    except (etree.ParserError, ValueError, AssertionError, RecursionError, TypeError):
        return None
    return _whole(_shallow(root), html)


def _whole(root, html):
    """The tree, or a plain one of all that stands between the tags where the parser gave up in
    the middle (it does so below a few thousand levels)."""
    bare = _TAG.sub(" ", without_unseen(html))
    kept = sum(len(text.split()) for text in root.itertext())
    # Words that tags divide count more than once on one side only.
    if kept * 2 >= len(bare.split()):
        return root
    plain = lxml.html.Element("div")
    plain.text = _NO_XML.sub("", unescape(bare))
    return plain


def without_unseen(html: str) -> str:
    """The source of a page without comments, heads, scripts and styles."""
    parts, end, unclosed = [], 0, set()
    for start in _UNSEEN_START.finditer(html):
        closing = f"</{start.group(1).lower()}" if start.group(1) else "-->"
        if start.start() < end or closing in unclosed:
            continue
        close = re.compile(re.escape(closing), re.IGNORECASE).search(html, start.end())
        if not close:
            unclosed.add(closing)
            continue
        parts.append(html[end : start.start()])
        end = close.end()
    return " ".join((*parts, html[end:]))


def few_attributes(html: str) -> str:
    """The page without what a tag has beyond so many attributes: parsers compare each attribute
    of a tag with all before it, and take a minute for a megabyte of them."""
    kept, done, place = [], 0, 0
    while tag := _START_TAG.search(html, place):
        place, count, full = tag.end(), 0, None
        while (found := _ATTRIBUTE.match(html, place)) and found.end() > place:
            place = found.end()
            count += 1
            if count == MOST_ATTRIBUTES:
                full = place
        if full and full < place:
            kept.append(html[done:full])
            done = place
    return "".join([*kept, html[done:]])


#: Attributes of one tag.
MOST_ATTRIBUTES = 200
_START_TAG = re.compile(r"<[A-Za-z][^\s/>]*")
# Nothing at the end of a tag, and where a quote is not closed.
_ATTRIBUTE = re.compile(
    r"""[\s/]*+(?:[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|(?!["'])[^\s>]*+)|(?!\s*+=)))?+"""
)


def _shallow(root):
    """The tree without what is nested deeper than people nest: cleaners recurse."""
    stack = [(root, 0)]
    while stack:
        node, depth = stack.pop()
        if depth >= _MAX_DEPTH:
            # The parser takes what the tree does not.
            text = _NO_XML.sub("", "".join(node.itertext()))
            for child in list(node):
                node.remove(child)
            node.text = text
            continue
        stack.extend((child, depth + 1) for child in node)
    return root


def without_remote(root, pictures) -> str:
    """The page as HTML, without anything that loads from elsewhere or acts; its words stay.

    :param root: tree of :func:`parse_html`; changed
    :param set pictures: Content-Ids of the pictures that came with the mail
    """
    _drop_unseen(root)
    for node in root.iter(*_FRAMES):
        node.tag = _FRAMES[node.tag]
        node.attrib.clear()
    for node in root.iter("img"):
        source = re.sub(r"\s", "", node.get("src") or "")
        if source.casefold().startswith("cid:"):
            # Some programs write the @ of a Content-Id as %40.
            name = source[4:].replace("%40", "@")
            if name in pictures:
                node.set("src", f"cid:{name}")
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


def without_quote_marks(root) -> None:
    """Take the marks off by which a thread would fold quoted parts away: the writer's words go on
    below them."""
    for node in root.iter():
        for name in ("class", "id"):
            node.attrib.pop(name, None)
        if node.tag == "blockquote":
            node.attrib.pop("type", None)


def html_text(root) -> str:
    """What a page says, as a reader would copy it: paragraphs and lists on lines of their own, the
    cells of a row apart, links with their targets, quoted parts marked by ">".

    :param root: tree of :func:`parse_html`; changed
    """
    _drop_unseen(root)
    for node in list(root.iter()):
        if _is_hidden(node) and node is not root:
            node.drop_tree()
    return _Writer().text_of(root)


def _drop_unseen(root):
    etree.strip_elements(
        root, *_UNSEEN, etree.Comment, etree.ProcessingInstruction, with_tail=False
    )


def _is_hidden(node):
    # Newsletters hide a first line for the list of mails; people hide nothing.
    return isinstance(node.tag, str) and bool(_HIDDEN.search(node.get("style", "")[:500]))


class _Writer:
    """Writes a tree as lines of plain text."""

    def __init__(self):
        self.lines = []
        self.line = []
        self.quotes = 0
        self.lists = []

    def text_of(self, root):
        for event, node in etree.iterwalk(root, events=("start", "end")):
            if event == "start":
                self._open(node)
            else:
                self._close(node, node is root)
        self._break()
        return "\n".join(self.lines).strip("\n")

    def _open(self, node):
        tag = node.tag
        if tag in _BLOCKS:
            self._break()
        if tag in _SPACED:
            self._space()
        if tag == "blockquote":
            self._space()
            self.quotes += 1
        elif tag in ("ul", "ol"):
            self.lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            self._bullet()
        elif tag in ("td", "th"):
            if any(part.strip() for part in self.line):
                self.line.append(" | ")
        elif tag == "br":
            self._break(even_empty=True)
        elif tag == "hr":
            self.line.append("-----")
            self._break()
        self._say(node.text, tag == "pre" or tag == "textarea")

    def _close(self, node, last):
        tag = node.tag
        if tag == "a":
            self._target(node)
        if tag in _BLOCKS:
            self._break()
        if tag in _SPACED:
            self._space()
        if tag == "blockquote":
            self.quotes -= 1
            self._space()
        elif tag in ("ul", "ol") and self.lists:
            self.lists.pop()
        if not last:
            parent = node.getparent()
            self._say(node.tail, parent is not None and parent.tag == "pre")

    def _say(self, text, as_is=False):
        if not text:
            return
        if not as_is:
            self.line.append(_SPACE.sub(" ", text))
            return
        first, *rest = text.replace("\r\n", "\n").split("\n")
        self.line.append(first)
        for line in rest:
            self._break(even_empty=True)
            self.line.append(line)

    def _bullet(self):
        number = self.lists[-1] if self.lists else None
        if number is None:
            self.line.append("- ")
        else:
            self.lists[-1] = number + 1
            self.line.append(f"{number + 1}. ")

    def _target(self, node):
        """The address behind a link, unless it is what the link says."""
        target = (node.get("href") or "").strip()[:2000]
        if not re.match(r"(?:https?|tel|geo):", target, re.IGNORECASE):
            return
        said = "".join(node.itertext()).strip()
        bare = re.sub(r"^(?:https?://|tel:)|/$", "", target, flags=re.IGNORECASE)
        if said and bare != re.sub(r"^https?://|/$", "", said):
            self.line.append(f" ({target})")
        elif not said:
            self.line.append(target)

    def _break(self, even_empty=False):
        text = _SPACE.sub(" ", "".join(self.line)).replace("\xa0", " ").strip()
        self.line = []
        if text or even_empty:
            self.lines.append(f"{'>' * self.quotes} {text}".rstrip() if self.quotes else text)

    def _space(self):
        """An empty line, once."""
        empty = ">" * self.quotes
        if self.lines and self.lines[-1] != empty:
            self.lines.append(empty)
