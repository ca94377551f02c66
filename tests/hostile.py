"""Texts, pages and mails that are meant to make a program work: so many of each kind, as long as
one likes; and how much dearer a function gets when they get longer."""

import base64
import contextlib
import gc
import itertools
import random
import re
import struct
import time

#: What a text is repeated of. Each has once been, or could be, the reason why a pattern begins
#: anew at each place and reads to the end, or a loop does.
TOKENS = {
    "quotes": ">",
    "quoted lines": ">\n",
    "quoted words": "> a\n",
    "digits": "8",
    "digits and blanks": "8 ",
    "digits and dots": "8.",
    "digits and dashes": "0-",
    "telephones": "0812 ",
    "NIK": "6311014101900001 ",
    "spaces": " ",
    "tabs": "\t",
    "lines": "\n",
    "lines with a blank": " \n",
    "carriage returns": "\r",
    "wide blanks": "\u3000",
    "letters": "a",
    "capitals": "A",
    "words": "kata ",
    "short lines": "a\n",
    "round brackets": "(",
    "closing brackets": ")",
    "square brackets": "[",
    "braces": "{",
    "closing braces": "}",
    "empty braces": "{}",
    "slots": "{{ ",
    "slots of words": "{{isi: ",
    "less than": "<",
    "greater than": "<>",
    "tags": "<b>",
    "tags not closed": "<a ",
    "deep": "<div>",
    "deep words": "<p>a",
    "closing tags": "</div>",
    "attributes": ' a="1"',
    "declarations": "<?xml",
    "comments": "<!--",
    "cells": "<table><tr><td>",
    "list items": "<ul><li>",
    "line breaks": "<br>",
    "spans": "<span>a</span>",
    "pictures": "<img>a",
    "scripts": "<script></script>a",
    "whole comments": "<!---->a",
    "paragraphs": "<p>a</p>",
    "empty paragraphs": "<p></p>",
    "unknown tags": "<o:p>a</o:p>",
    "links": "<a href='http://a'>a</a>",
    "divisions": "<div>a</div>",
    "ampersands": "&",
    "entities": "&amp;",
    "hard blanks": "&nbsp;",
    "at signs": "@",
    "letters at signs": "a@",
    "addresses": "a@b.id,",
    "domains": "a@b.",
    "dots": ".",
    "letters and dots": "a.",
    "dashes": "-",
    "letters and dashes": "a-",
    "listed": " - a",
    "underscores": "_",
    "apostrophes": "'",
    "letters and apostrophes": "a'",
    "double quotes": '"',
    "commas": ",",
    "colons": ":",
    "semicolons": ";",
    "slashes": "/",
    "back slashes": "\\",
    "addresses of pages": "http://",
    "stars": "*",
    "senders": "Dari: ",
    "lines of senders": "Dari:\n",
    "dates of mails": "On 8.08 ",
    "lines of dates": "Pada 8.08 a\n",
    "replies": "re: ",
    "tabs and replies": "re\t:",
    "original messages": "--- original ",
    "armour": "-----BEGIN PGP SIGNED MESSAGE-----\n",
    "armour with blanks": "-----BEGIN PGP SIGNED MESSAGE-----\n\n",
    "armour hashes": "Hash: x\n",
    "message ids": "Message-Id: <",
    "ids": "<a@b> ",
    "angles": "<a",
    "failed": "5.1.",
    "codes of servers": "550 ",
    "encoded words": "=?utf-8?q?a?= ",
    "encoded words not closed": "=?utf-8?q?",
    "base64": "QUJD",
    "uuencode": "begin 644 a\n",
    "accounts": "no rek ",
    "banks": "bank",
    "numbers of tax": "npwp ",
    "words of NIK": "nik ",
    "called": "pak a ",
    "numbers of cases": "AAA-2026-",
    "codes": "AAAA-",
    "zero width": "\u200b",
    "marks": "a\u0301",
    "only marks": "\u0301",
    "marks of two orders": "\u0323\u0301",
    "ligatures": "\ufdfa",
    "overrides": "\u202e",
    "emoji": "\U0001f468\u200d",
    "surrogates": "\udc80",
    "null": "\0",
    "controls": "\x07",
}


def texts(seed=None, count=0):
    """Families of texts: (name, function of the number of characters).

    :param seed: of the dice that put tokens together; None for the plain ones only
    :param count: how many put together
    """
    found = {name: repeated(token) for name, token in TOKENS.items()}
    found["one word, then blanks"] = lambda size: "a" + " " * size + "a"
    found["quoted, then a word"] = lambda size: "a\n" + ">\n" * (size // 2) + "a"
    found["different words"] = lambda size: " ".join(f"kata{n}" for n in range(size // 8))
    found["different lines"] = lambda size: "\n".join(f"baris {n}." for n in range(size // 10))
    found["growing depth"] = lambda size: "<div>" * (size // 11) + "</div>" * (size // 11)
    found["many attributes"] = lambda size: (
        "<p " + " ".join(f"a{n}=1" for n in range(size // 8)) + ">"
    )
    found["many columns"] = lambda size: (
        "<table><tr>" + "<td colspan=9>a" * (size // 15) + "</table>"
    )
    dice = random.Random(seed)
    tokens = list(TOKENS.values())
    for number in range(count):
        parts = dice.choices(tokens, k=dice.choice((2, 2, 3)))
        if dice.random() < 0.5:
            found[f"dice {seed}.{number} {parts!r}"] = repeated("".join(parts))
        else:
            found[f"dice {seed}.{number} {parts!r} in a row"] = in_a_row(parts)
    return found


def repeated(token):
    """So many characters of the same token."""
    return lambda size: (token * (size // len(token) + 1))[:size]


def in_a_row(parts):
    """First the one, then the other, each for its share."""
    return lambda size: "".join(repeated(part)(size // len(parts)) for part in parts)


HEADS = b"From: Siti <siti@warga.example>\r\nTo: aduan@kantor.example\r\nSubject: Jalan\r\n"


#: What headers are made of in the short run; with dice, all.
IN_HEADERS = {
    *("spaces", "letters", "round brackets", "closing brackets", "less than", "angles"),
    *("at signs", "letters at signs", "addresses", "domains", "dots", "double quotes", "commas"),
    *("colons", "semicolons", "back slashes", "encoded words", "encoded words not closed"),
    *("zero width", "marks of two orders", "emoji", "short lines", "ids"),
}


def _in_mail(kind, text):
    head = f"MIME-Version: 1.0\r\nContent-Type: {kind}; charset=utf-8\r\n\r\n".encode()
    return HEADS + head + text.encode("utf-8", "replace")


def mails(seed=None, count=0):
    """Families of mails: the texts as text, HTML and headers, and what only mails have."""
    found = {}
    for name, text in texts(seed, count).items():
        found[f"text: {name}"] = lambda size, text=text: _in_mail("text/plain", text(size))
        found[f"html: {name}"] = lambda size, text=text: _in_mail("text/html", text(size))
        if name not in IN_HEADERS and seed is None:
            continue
        found[f"subject: {name}"] = lambda size, text=text: header("Subject", text(size))
        found[f"sender: {name}"] = lambda size, text=text: header("From", text(size))
        found[f"type: {name}"] = lambda size, text=text: header("Content-Type", text(size))
        found[f"name: {name}"] = lambda size, text=text: header(
            "Content-Disposition", "attachment; filename=" + text(size)
        )
    found |= {
        "flowed": lambda size: (
            HEADS + b"Content-Type: text/plain; format=flowed\r\n\r\n" + b"a \n" * (size // 3)
        ),
        "parts": lambda size: _multipart("mixed", b"\r\n\r\na\r\n", size),
        "alternatives": lambda size: _multipart("alternative", b"\r\n\r\na\r\n", size),
        "files": lambda size: _multipart(
            "mixed", b'\r\nContent-Disposition: attachment; filename="a"\r\n\r\na\r\n', size
        ),
        "pages": lambda size: _multipart(
            "mixed", b"\r\nContent-Type: text/html\r\n\r\n<p>a\r\n", size
        ),
        "boundaries": lambda size: _multipart("mixed", b"\r\n", size),
        "reports": lambda size: _multipart(
            "report", b"\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed\r\n", size
        ),
        "mails in mails": lambda size: (
            HEADS + b"Content-Type: message/rfc822\r\n\r\n" * (size // 32)
        ),
        "deep multiparts": _deep,
        "deep multiparts of a Macintosh": lambda size: _deep(size).replace(b"\r\n", b"\r"),
        "headers": lambda size: HEADS + b"X-A: b\r\n" * (size // 8) + b"\r\na",
        "recipients": lambda size: HEADS + b"To: a@b.id\r\n" * (size // 12) + b"\r\na",
        "folded": lambda size: HEADS + b"X-A: b\r\n" + b" c\r\n" * (size // 4) + b"\r\na",
        "base64 file": lambda size: (
            HEADS
            + b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            + base64.encodebytes(b"\x89PNG" * (size // 6))
        ),
        "base64 junk": lambda size: (
            HEADS
            + b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            + b"=*A" * (size // 3)
        ),
        "printable junk": lambda size: (
            HEADS
            + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
            + b"=\r\n=A" * (size // 5)
        ),
        "uuencoded": lambda size: (
            HEADS
            + b"Content-Transfer-Encoding: x-uuencode\r\n\r\n"
            + b"begin 644 a\r\n" * (size // 13)
        ),
        "winmail": lambda size: (
            HEADS + b"Content-Type: application/ms-tnef\r\n\r\n" + tnefs()["objects"](size)
        ),
    }
    return found


def header(name, text):
    """A mail with a header of this text."""
    value = text.encode("utf-8", "replace").replace(b"\r", b" ").replace(b"\n", b"\r\n ")
    return HEADS + name.encode() + b": " + value + b"\r\n\r\nJalan rusak."


def _multipart(kind, part, size):
    head = f'Content-Type: multipart/{kind}; boundary="x"\r\n\r\n'.encode()
    return HEADS + head + (b"--x" + part) * (size // (len(part) + 3)) + b"--x--\r\n"


def _deep(size):
    heads = (
        f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in itertools.count()
    )
    taken = "".join(itertools.islice(heads, size // 54))
    return HEADS + taken.encode() + b"\r\na"


def tnefs():
    """Families of winmail.dat."""
    head = b"\x78\x9f\x3e\x22\0\0"

    def attribute(number, value):
        return struct.pack("<BHHI", 1, number, 0, len(value)) + value + b"\0\0"

    def properties(count, one):
        return head + attribute(0x9003, struct.pack("<I", count) + one * count)

    return {
        "objects": lambda size: head + attribute(0x800C, b"a") * (size // 12),
        "files": lambda size: (
            head + (attribute(0x9002, b"") + attribute(0x800F, b"a")) * (size // 23)
        ),
        "one text": lambda size: head + attribute(0x800C, b"a" * size),
        "properties": lambda size: properties(size // 8, struct.pack("<HHI", 3, 0x1000, 7)),
        "strings": lambda size: properties(
            size // 16, struct.pack("<HHIII", 30, 0x1000, 1, 4, 0x61616161)
        ),
        "many values": lambda size: properties(1, struct.pack("<HHI", 3 | 0x1000, 1, size)),
        "lying": lambda size: head + attribute(0x9003, b"\xff" * size),
        "pages": lambda size: properties(
            1, struct.pack("<HHII", 258, 0x1013, 1, size) + b"<" * size
        ),
    }


def blobs():
    """Families of bytes of no kind."""
    found = {
        name: (lambda size, text=text: text(size).encode("utf-8", "surrogatepass"))
        for name, text in texts().items()
    }
    found["zeros"] = bytes
    found["bytes above 127"] = lambda size: b"\x81\xff" * (size // 2)
    found["half UTF-8"] = lambda size: b"\xc3" * size
    found["UTF-16"] = lambda size: b"\xff\xfe" + b"a\0" * (size // 2)
    found["sequences"] = lambda size: b"\x30\x80" * (size // 2)
    found["PNG"] = lambda size: b"\x89PNG\r\n\x1a\n" + b"\0\0\0\0tEXt\0\0\0\0" * (size // 12)
    found["JPEG"] = lambda size: b"\xff\xd8" + b"\xff\xe1\0\x02" * (size // 4)
    found["many EXIF"] = lambda size: b"\xff\xd8" + b"\xff\xe1\0\x09Exif\0\0a" * (size // 11)
    found["GIF"] = lambda size: b"GIF89a\x01\0\x01\0\0\0\0" + b"\x21\xfe\x01a\0" * (size // 5)
    return found | {f"winmail: {name}": make for name, make in tnefs().items()}


#: A cost below this many seconds is not looked at: it may be anything.
WORTH = 0.02
#: Nothing longer is measured: what is cheap here and grows with the square would have to do
#: a hundred thousand characters in a microsecond.
LONGEST = 32 * 1024
#: How much dearer twice as much may be.
BOUND = 2.5


#: How many times it is doubled before a suspicion is said: one doubling may be dear by chance,
#: three in a row are the text's doing (a square grows 64-fold, a line 8-fold).
DOUBLINGS = 3


def growth(call, make, longest=LONGEST):
    """How much dearer a call gets when its text gets twice as long.

    Time of this thread's own work, so what else the machine does counts little; the least of
    several runs. What seems to grow too fast is measured over several doublings, and the mean of
    those is told.

    :returns: (factor, size, seconds), the factor 0.0 for what is always cheap
    """
    size, seconds = 512, 0.0
    while seconds < WORTH and size < longest:
        size *= 4
        seconds = spent(call, make(size))
    if seconds < WORTH:
        return 0.0, size, seconds
    factor = _dearer(call, make(size), make(2 * size), tries=1)
    for tries in (2, 4):
        if factor <= BOUND:
            break
        longer = _dearer(call, make(size), make(size * 2**DOUBLINGS), tries)
        factor = longer ** (1 / DOUBLINGS)
    return factor, size, seconds


def _dearer(call, once, more, tries):
    """How much dearer the one is than the other, each at its best of so many runs."""
    best = min(spent(call, once) for _time in range(tries))
    return min(spent(call, more) for _time in range(tries)) / best


def spent(call, argument):
    """Seconds of this thread's work in one call; what it refuses is refused."""
    # Patterns that are made of the text are made in each call.
    re.purge()
    was_enabled = gc.isenabled()
    # What else the process holds would be searched for garbage at any moment.
    gc.disable()
    try:
        begun = time.thread_time()
        with contextlib.suppress(ValueError):
            call(argument)
        return time.thread_time() - begun
    finally:
        if was_enabled:
            gc.enable()
