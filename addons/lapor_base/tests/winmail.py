"""A winmail.dat as Outlook makes it, for samples: text and a file inside MAPI properties."""

import struct

TEXT = "Jalan di depan pasar rusak parah."


def _object(level, kind, number, value):
    checksum = struct.pack("<H", sum(value) % 65536)
    return struct.pack("<BHHI", level, number, kind, len(value)) + value + checksum


def _property(number, kind, raw):
    padded = raw + b"\0" * (-len(raw) % 4)
    return struct.pack("<HHII", kind, number, 1, len(raw)) + padded


def _properties(*properties):
    return struct.pack("<I", len(properties)) + b"".join(properties)


def winmail(text=TEXT, name="Foto lampu jalan.jpg", content=b"\xff\xd8\xff\xe0foto", html=""):
    """The bytes of a winmail.dat with one file."""
    said = [_property(0x1000, 31, f"{text}\0".encode("utf-16-le"))] if text else []
    if html:
        said.append(struct.pack("<HHI", 3, 0x3FDE, 65001))
        said.append(_property(0x1013, 258, html.encode()))
    return (
        b"\x78\x9f\x3e\x22\x01\x00"
        + _object(1, 8, 0x9006, struct.pack("<I", 0x10000))
        + _object(1, 6, 0x9007, struct.pack("<II", 1252, 0))
        + _object(1, 6, 0x9003, _properties(*said))
        + _object(2, 6, 0x9002, b"\0" * 14)
        + _object(2, 1, 0x8010, b"FOTOLA~1.JPG\0")
        + _object(2, 6, 0x800F, content)
        + _object(2, 6, 0x9005, _properties(_property(0x3707, 31, f"{name}\0".encode("utf-16-le"))))
    )
