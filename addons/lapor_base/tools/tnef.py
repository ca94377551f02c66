"""Outlook's winmail.dat ([MS-OXTNEF]): the text, the HTML and the files in it.

Read within bounds: counts inside the file are believed only as far as its bytes go, whatever they
say. Libraries for this format loop and copy as often as a hostile file tells them to.
"""

import struct

from .mail_text import decode_text

SIGNATURE = b"\x78\x9f\x3e\x22"
#: Objects and values in one file; a mail with twenty photos has a few hundred.
MAX_ITEMS = 5000

# Attributes of the outer structure.
_BODY, _FILE_DATA, _FILE_TITLE = 0x800C, 0x800F, 0x8010
_FILE_BEGINS, _PROPERTIES, _FILE_PROPERTIES, _CODEPAGE = 0x9002, 0x9003, 0x9005, 0x9007
# MAPI properties ([MS-OXPROPS]).
_TEXT, _HTML, _HTML_CODEPAGE = 0x1000, 0x1013, 0x3FDE
_NAME, _SHORT_NAME, _LONG_NAME, _OBJECT = 0x3001, 0x3704, 0x3707, 0x3701
# Bytes of the values of each type that has a fixed size, with what fills them up to four.
_FIXED = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 20: 8, 64: 8, 72: 16}
_OBJECT_TYPE, _STRING, _UNICODE, _BINARY = 13, 30, 31, 258
_MULTIPLE, _NAMED = 0x1000, 0x8000


def unpack_tnef(data: bytes):
    """Text, HTML and files of a winmail.dat.

    :returns: (text, html, [(name, content)], whole), or None when nothing of it can be read; where
        ``whole`` is False it was cut off, and is to be kept as well
    """
    if not data.startswith(SIGNATURE):
        return None
    text, html, charset, files, whole = "", "", "", [], True
    try:
        for number, value in _objects(data):
            if number == _CODEPAGE:
                charset = f"cp{struct.unpack_from('<I', value)[0]}"
            elif number == _BODY:
                text = text or _string(bytes(value), charset)
            elif number == _PROPERTIES:
                found = _properties(value, charset)
                text = found.get(_TEXT) or text
                html = _html(found) or html
            elif number == _FILE_BEGINS:
                files.append({})
            elif number == _FILE_TITLE:
                files[-1]["title"] = _string(bytes(value), charset)
            elif number == _FILE_DATA:
                files[-1]["content"] = bytes(value)
            elif number == _FILE_PROPERTIES:
                files[-1]["properties"] = _properties(value, charset)
    except (struct.error, ValueError, IndexError, TypeError, UnicodeError):
        whole = False
    named = [_file(file) for file in files]
    complete = [(name, content) for name, content in named if content]
    whole = whole and len(complete) == len(named)
    return (text, html, complete, whole) if text or html or complete else None


def _objects(data):
    """The (number, value) pairs of the outer structure.

    :raises ValueError: when it is cut off, or has too many
    """
    view, offset, count = memoryview(data), 6, 0
    # The head of an object and its checksum are eleven bytes; what servers add behind the end is
    # less.
    while len(data) - offset >= 11:
        count += 1
        _level, number, _kind, length = struct.unpack_from("<BHHI", data, offset)
        end = offset + 9 + length
        if count > MAX_ITEMS or end + 2 > len(data):
            raise ValueError("cut off, or too many objects")
        yield number, view[offset + 9 : end]
        # Two bytes of a checksum that not even Outlook always gets right.
        offset = end + 2


def _properties(view, charset):
    """The first value of each MAPI property.

    :returns: dict of property number to str or bytes (int for the code page of the HTML)
    """
    (count,) = struct.unpack_from("<I", view)
    offset, items, found = 4, 0, {}
    for _property in range(min(count, MAX_ITEMS)):
        kind, number = struct.unpack_from("<HH", view, offset)
        offset += 4
        if number >= _NAMED:
            offset = _after_name(view, offset)
        multiple, kind = kind & _MULTIPLE, kind & ~_MULTIPLE
        values = 1
        if multiple or kind not in _FIXED:
            (values,) = struct.unpack_from("<I", view, offset)
            offset += 4
        if kind in _FIXED:
            if number == _HTML_CODEPAGE:
                found[number] = struct.unpack_from("<I", view, offset)[0]
            offset += _FIXED[kind] * values
            continue
        if kind not in (_OBJECT_TYPE, _STRING, _UNICODE, _BINARY):
            raise ValueError("unknown type")
        items += values
        if items > MAX_ITEMS:
            raise ValueError("too many values")
        for _value in range(values):
            (length,) = struct.unpack_from("<I", view, offset)
            raw = view[offset + 4 : offset + 4 + length]
            if len(raw) < length:
                raise ValueError("cut off")
            found.setdefault(number, _value_of(kind, bytes(raw), charset))
            offset += 4 + length + -length % 4
    return found


def _after_name(view, offset):
    """Past the name of a property that has one: a GUID and a number or a string."""
    (kind,) = struct.unpack_from("<I", view, offset + 16)
    if not kind:
        return offset + 24
    (length,) = struct.unpack_from("<I", view, offset + 20)
    return offset + 24 + length + -length % 4


def _value_of(kind, raw, charset):
    if kind == _UNICODE:
        return raw.decode("utf-16-le", "replace").rstrip("\0")
    return _string(raw, charset) if kind == _STRING else raw


def _string(raw, charset):
    return decode_text(raw.split(b"\0", 1)[0], charset)


def _html(found):
    html = found.get(_HTML) or ""
    if isinstance(html, bytes):
        codepage = found.get(_HTML_CODEPAGE)
        html = decode_text(html.rstrip(b"\0"), f"cp{codepage}" if codepage != 65001 else "utf-8")
    return html


def _file(file):
    found = file.get("properties", {})
    name = next(
        (
            name
            for name in (
                found.get(_LONG_NAME),
                file.get("title"),
                found.get(_SHORT_NAME),
                found.get(_NAME),
            )
            if isinstance(name, str) and name
        ),
        "lampiran",
    )
    content = file.get("content") or found.get(_OBJECT) or b""
    return name, content
