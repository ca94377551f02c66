"""Bytes of a mail's text to characters, also when what the mail says of them is wrong."""

import binascii
import codecs
import contextlib
import re

_ALIASES = {
    "x-unknown": "",
    "unknown": "",
    "unknown-8bit": "",
    "default": "",
    "ansi": "cp1252",
    "x-ansi": "cp1252",
    "utf8mb4": "utf-8",
    "iso-8859-8-i": "iso-8859-8",
    "cp-850": "cp850",
    "x-sjis": "shift_jis",
    "x-gbk": "gbk",
    "gb2312": "gb18030",
    "ks_c_5601-1987": "cp949",
    "windows-874": "cp874",
}
# Mails that say so mostly mean what their program's default is.
_WEAK = {"", "ascii", "iso8859-1", "cp1252", "iso8859-15"}
# Codecs of Python that do not make text of bytes as a charset does.
_NO_CHARSETS = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "rot13"}


def decode_text(raw: bytes, charset: str) -> str:
    """Text of ``raw``.

    :param charset: what the mail says, which may be unknown, missing or a lie
    """
    name = _codec(charset)
    if name in _WEAK:
        for bom, codec in _BOMS:
            if raw.startswith(bom):
                return raw.decode(codec, "replace").lstrip("\ufeff")
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            if _mostly_utf8(raw):
                # A damaged byte or two do not make another charset of it.
                return raw.decode("utf-8", "replace")
            # Text of one byte per character: cp1252 is Latin-1 with the quotes of Windows.
            return raw.decode(name) if name == "iso8859-15" else _one_byte(raw)
    for codec in (name, "utf-8"):
        with contextlib.suppress(UnicodeError, ValueError):
            return raw.decode(codec).lstrip("\ufeff")
    if name == "utf-8" and not _mostly_utf8(raw):
        return _one_byte(raw)
    return raw.decode(name, "replace")


_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def is_weak(charset: str) -> bool:
    """Whether a charset that a mail names says little: programs write their default."""
    return _codec(charset) in _WEAK


def html_charset(raw: bytes) -> str:
    """The charset that a page names itself, in its first bytes; "" for none."""
    found = _META.search(raw[:4096])
    return found.group(1).decode("ascii", "replace") if found else ""


_META = re.compile(
    rb"""<meta[^<>]{0,200}?charset\s{0,5}=\s{0,5}["']?([\w.:-]{2,40})""", re.IGNORECASE
)
_UU_BEGIN = re.compile(r"begin(?:-base64)? [0-7]{3,4} (\S.{0,200})")


def without_uuencoded(text: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Take files that old programs write into the text out of it.

    :returns: the text without them, and (name, content) of each; what is no file stays text
    """
    if "begin " not in text:
        return text, []
    kept, files, block, name = [], [], [], ""
    for line in text.split("\n"):
        bare = line.rstrip("\r")
        begin = _UU_BEGIN.fullmatch(bare)
        if begin:
            kept += block
            name, block = begin.group(1), [line]
        elif not name:
            kept.append(line)
        elif bare == "end":
            content = _uudecoded(block[1:])
            if content is None:
                kept += [*block, line]
            else:
                files.append((name.strip(), content))
            name, block = "", []
        else:
            block.append(line)
    return "\n".join(kept + block), files[:50]


def _uudecoded(lines):
    content = bytearray()
    for line in lines:
        try:
            content += binascii.a2b_uu(line.rstrip("\r").encode("ascii"))
        except (binascii.Error, UnicodeEncodeError):
            return None
    return bytes(content) or None


def unflow(text: str, delete_space: bool = False) -> str:
    """Join the lines of ``format=flowed`` (RFC 3676), quoted ones of the same depth too.

    :param delete_space: ``DelSp=yes``: the blank before a soft line end is none of the text
    """
    lines = []
    for line in text.replace("\r\n", "\n").split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        body = line[depth:]
        body = body[1:] if body.startswith(" ") else body
        if lines and lines[-1][0] == depth and _goes_on(lines[-1][1]):
            if delete_space:
                lines[-1][1][-1] = lines[-1][1][-1][:-1]
            lines[-1][1].append(body)
        else:
            lines.append((depth, [body]))
    texts = ((depth, "".join(pieces)) for depth, pieces in lines)
    return "\n".join(f"{'>' * depth} {body}" if depth else body for depth, body in texts)


def _goes_on(pieces):
    """Whether a line ends softly; "-- " alone begins a signature."""
    return pieces[-1].endswith(" ") and not (len(pieces) == 1 and pieces[0] == "-- ")


def _codec(charset):
    charset = re.sub(r"[^a-z0-9_.:-]", "", charset.casefold())
    charset = _ALIASES.get(charset, charset)
    if not charset:
        return ""
    try:
        name = codecs.lookup(charset).name
    except (LookupError, ValueError):
        return ""
    found = codecs.lookup(name)
    if name in _NO_CHARSETS or not getattr(found, "_is_text_encoding", True):
        return ""
    return name


def _one_byte(raw):
    return raw.decode("cp1252", "replace") if b"\x81" not in raw else raw.decode("latin-1")


def _mostly_utf8(raw):
    """Whether more non-ASCII bytes form UTF-8 characters than do not."""
    text = raw.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    right = sum(1 for char in text if ord(char) > 127) - wrong
    return right >= wrong
