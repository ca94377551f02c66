"""Files that people hand in: what cannot be kept, and why.

Judged by name and by content, as either may lie. Nothing here opens a file; archives are looked
into within bounds.
"""

import io
import re
import unicodedata
import zipfile
import zlib

from .plain_text import normal_form

# What a computer or telephone runs, or what leads it elsewhere, when it is opened: whole families,
# not the one member that somebody has met.
_FAMILIES = (
    # programs and libraries of Windows, and what its shell runs
    "exe com bat cmd pif scr cpl dll sys ocx drv gadget msc msi msp mst msu msix msixbundle "
    "appx appxbundle appinstaller application xbap cab inf ins isp job scf lnk url website "
    "desktop library-ms search-ms searchconnector-ms settingcontent-ms appref-ms contact theme "
    "themepack deskthemepack diagcab rdp reg grp chm hlp hta htc xnk shb shs wsb msh msh1 msh2 "
    # scripts
    "js jse vb vbe vbs vba ws wsc wsf wsh sct ps1 ps1xml ps2 ps2xml psc1 psc2 psm1 psd1 cdxml "
    "py pyw pyc pyo pyz pyzw rb pl php php3 phtml jsp asp aspx cgi sh bash csh ksh zsh fish nsh "
    "tcl lua ahk "
    # documents with macros, and what loads into them
    "docm dotm docb xlsm xltm xlsb xlam xla xlw xll pptm potm ppam ppsm ppa sldm ade adp mde "
    "mdb accde accdr accda one onepkg vsto slk iqy oqy dqy rqy "
    # images of disks, which open like a folder past all marks
    "iso img vhd vhdx vmdk udf nrg dmg "
    # other systems
    "app pkg mpkg command workflow deb rpm run appimage snap flatpakref elf apk apks xapk aab "
    "ipa jar jnlp class dex xap vxd crx xpi swf "
)
BLOCKED = " ".join(dict.fromkeys(sorted(_FAMILIES.split())))
# How far archives are looked into.
MAX_NAMES, MAX_DEPTH, MAX_INNER = 2000, 2, 20 * 1024 * 1024
NAME_LENGTH = 150
# Of what is handed in as a name.
LONGEST_NAME = 1000

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
    if is_blocked(name, blocked) or _holds_blocked(content, blocked):
        return "blocked"
    if head.startswith(_PROGRAMS) and not (head.startswith(b"MZ") and len(content) < 64):
        return "program"
    ending = file_ending(name)
    if ending in _PICTURE_NAMES and not _is_picture(head):
        return "false"
    if ending == "pdf" and b"%PDF" not in head:
        return "false"
    return None


def _holds_blocked(content, blocked, depth=0):
    """Whether an archive, or a mail that was passed on as a file, holds what is not taken. Looked
    at within bounds: of archives the list of names, of archives in them those that are small."""
    if content.startswith(b"PK\x03\x04"):
        return _zip_holds_blocked(content, blocked, depth)
    if _MAIL_HEAD.match(content):
        names = _MAIL_NAME.findall(content[:MAX_INNER])[:MAX_NAMES]
        return any(is_blocked(one.decode("utf-8", "replace").strip(), blocked) for one in names)
    return False


def _zip_holds_blocked(content, blocked, depth):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            items = archive.infolist()
            if len(items) > MAX_NAMES:
                return False
            if any(is_blocked(item.filename, blocked) for item in items):
                return True
            if any(item.filename.lower().endswith("vbaproject.bin") for item in items):
                # A document with macros under the name of one without.
                return True
            inner = [
                item
                for item in items
                if file_ending(item.filename) in ("zip", "eml")
                and item.file_size <= MAX_INNER // 4
                and not item.flag_bits & 1
            ]
            return depth < MAX_DEPTH and any(
                _holds_blocked(archive.read(item), blocked, depth + 1) for item in inner[:5]
            )
    except _UNOPENED:
        # What cannot be opened here opens nowhere by itself.
        return False


_UNOPENED = (
    *(zipfile.BadZipFile, zlib.error, ValueError, OSError, RuntimeError, EOFError, KeyError),
)
_MAIL_HEAD = re.compile(
    rb"\s{0,20}(?:from|to|cc|subject|date|received|return-path|message-id|mime-version|"
    rb"delivered-to|content-type|x-[a-z-]{1,40})\s{0,5}:",
    re.IGNORECASE,
)
_MAIL_NAME = re.compile(rb"""\bname\*?\s{0,5}=\s{0,5}"?([^"\r\n;]{1,300})""", re.IGNORECASE)


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
    name = name or ""
    if len(name) > 4 * LONGEST_NAME:
        # The path before it goes anyway, the ending counts.
        name = name[: 2 * LONGEST_NAME] + name[-2 * LONGEST_NAME :]
    name = normal_form("NFC", name)
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
