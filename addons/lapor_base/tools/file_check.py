"""Files that people hand in: what cannot be kept, and why.

Judged by name and by content, as either may lie. Nothing here opens a file.
"""

import re
import unicodedata

# What a computer or telephone runs when it is opened.
BLOCKED = (
    "ade adp apk app application appx bat cab chm cmd com cpl dll dmg docm dotm exe gadget "
    "hlp hta htc inf ins iso isp jar js jse lnk mde msc msh msi msix msp mst nsh pif pptm "
    "ps1 ps2 psc1 reg scf scr sct sh shb sys vb vbe vbs vhd vhdx vxd wsc wsf wsh xbap xlam "
    "xll xlsm"
)
NAME_LENGTH = 150

_PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"dex\n",
)
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
_PICTURE_NAMES = {"jpg", "jpeg", "png", "gif", "webp", "heic", "heif", "bmp", "tif", "tiff"}


def file_fault(name: str, content: bytes, limit: int, blocked: str = BLOCKED) -> str | None:
    """What is wrong with a file.

    :param limit: bytes that are still taken
    :param blocked: endings of names that are not taken, with blanks or commas between them
    :returns: "empty", "big", "blocked" (by its name), "program" (by its content), "false" (a
        picture or PDF that is none), or None
    """
    head = content[:1024]
    if not content:
        return "empty"
    if len(content) > limit:
        return "big"
    if is_blocked(name, blocked):
        return "blocked"
    if head.startswith(_PROGRAMS) and not (head.startswith(b"MZ") and len(content) < 64):
        return "program"
    ending = file_ending(name)
    if ending in _PICTURE_NAMES and not _is_picture(head):
        return "false"
    if ending == "pdf" and b"%PDF" not in head:
        return "false"
    return None


def is_blocked(name: str, blocked: str = BLOCKED) -> bool:
    """Whether a file of this name is not taken.

    Windows takes what follows a colon for a stream of the file: ``surat.exe:x`` is a program.
    """
    endings = set(re.split(r"[\s,;.]+", blocked.lower())) - {""}
    return not endings.isdisjoint({file_ending(name), file_ending(name.partition(":")[0])})


def file_ending(name: str) -> str:
    """The ending by which a computer decides what to do with a file; "" for none."""
    stem, dot, ending = clean_name(name).rstrip(". ").rpartition(".")
    return ending.strip().lower() if stem and dot else ""


def clean_name(name: str) -> str:
    """A file's name as it can be shown and stored: no path, no control or direction characters
    (which make ``exe.jpg`` of ``gpj.exe``), not too long; its ending stays."""
    name = unicodedata.normalize("NFC", name or "")
    name = "".join(
        char for char in name if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    name = re.sub(r"\s+", " ", re.split(r"[/\\]", name)[-1]).strip()
    if len(name) > NAME_LENGTH:
        stem, dot, ending = name.rpartition(".")
        ending = dot + ending if stem and len(ending) <= 10 else ""
        name = name[: NAME_LENGTH - len(ending) - 1] + "…" + ending
    return name


def _is_picture(head):
    return (
        head.startswith(_PICTURES)
        or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
        or head[4:8] == b"ftyp"
    )
