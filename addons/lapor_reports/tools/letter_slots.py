"""Slots in the office's own sentences of letters: "pengaduan Saudara nomor {nomor}"."""

import re

SLOTS = ("nomor", "tanggal", "kanal", "hal", "unit", "tempat")
_SLOT = re.compile(r"\{([^{}]*)\}")


def check(text: str) -> None:
    """Refuse a text that could not be filled.

    :raises ValueError: with ``args[0]`` "braces" or "slot"; for "slot", the unknown one in
        ``args[1]``
    """
    for name in _SLOT.findall(text):
        if name not in SLOTS:
            raise ValueError("slot", name)
    if set(_SLOT.sub("", text)) & {"{", "}"}:
        raise ValueError("braces")


def fill(text: str, values: dict[str, str]) -> str:
    """The text with its slots filled; a missing value leaves a dotted line.

    :raises ValueError: as :func:`check`
    """
    check(text)
    return _SLOT.sub(lambda match: values.get(match.group(1)) or "……", text)
