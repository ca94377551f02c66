"""Files that tell who sent them, beside what they are about: address cards, mails, signatures,
invitations, and what cameras and office programs write into pictures and documents.

Judged by name and by content, as either may lie. Nothing here depends on who the person is.
"""

import io
import re
import struct
import zipfile
import zlib

import pypdf
from PIL import Image, UnidentifiedImageError
from pypdf.errors import PyPdfError

#: Endings of files that are about a person, or that nobody can look into.
TELLING = {
    *("vcf", "vcard", "ics", "ifb", "eml", "emlx", "mht", "mhtml", "mbox", "msg", "pst", "oft"),
    *("p7s", "p7m", "p7c", "p7b", "p12", "pfx", "cer", "crt", "pem", "der", "asc", "sig", "pgp"),
    *("gpg", "rar", "7z", "tar", "gz", "tgz", "bz2", "xz", "doc", "xls", "ppt", "rtf", "pub"),
    *("heic", "heif", "tif", "tiff", "dng", "raw", "psd", "contact", "rdp", "url", "webloc"),
}
_HEADS = (
    b"BEGIN:VCARD",
    b"BEGIN:VCALENDAR",
    b"-----BEGIN ",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
    b"II*\x00",
    b"MM\x00*",
    b"{\\rtf",
    b"From ",
)
_SIGNED_DATA = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
_MAIL = re.compile(
    rb"(?:from|to|received|return-path|message-id|delivered-to|mime-version|date|subject|"
    rb"dkim-signature|x-[\w-]{1,40}):[ \t]",
    re.IGNORECASE,
)
#: Parts of office documents that say who wrote them.
_OFFICE_PARTS = re.compile(
    r"(?:docProps/.*|meta\.xml|customXml/.*|word/people\.xml|xl/persons/.*|Thumbnails/.*"
    r"|ppt/commentAuthors\.xml|.*/people\.xml|META-INF/documentsignatures\.xml"
    r"|_xmlsignatures/.*)",
    re.IGNORECASE,
)
_AUTHORS = re.compile(
    rb"""(\b(?:w|w15|w16[a-z]*|p|p15|a):(?:author|initials|userId|providerId)=)("[^"]*"|'[^']*')"""
)
_CREATORS = re.compile(
    rb"<((?:dc:creator|meta:initial-creator|meta:creator-initials|text:sender-[a-z-]+|author))"
    rb"(?:\s[^>]*)?>[^<]*</\1>"
)
#: Bytes of an office document or archive that are unpacked.
MOST = 200 * 1024**2
_TIMES = (0x0132, 0x9003, 0x9004, 0x9010, 0x9011, 0x9012)
_ORIENTATION, _EXIF_IFD = 0x0112, 0x8769


def without_identity(name: str, content: bytes) -> bytes | None:
    """A file without what tells who made it.

    :returns: the content as it is, or a copy without those marks; None for a file that is itself
        such a mark, or of which nobody knows what it tells
    """
    ending = name.rpartition(".")[2].casefold() if "." in name else ""
    head = content[:4096].lstrip(b"\xef\xbb\xbf\r\n\t ")
    if ending in TELLING or head.startswith(_HEADS) or _SIGNED_DATA in content[:64]:
        return None
    if _MAIL.match(head) and head.count(b":") > 1:
        return None
    try:
        if content.startswith(b"\xff\xd8\xff"):
            return _jpeg(content)
        if content.startswith(b"\x89PNG\r\n\x1a\n"):
            return _png(content)
        if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
            return _webp(content)
        if content[4:8] == b"ftyp":
            return _video(content)
        if content.startswith(b"ID3") or content[-128:-125] == b"TAG":
            return _sound(content)
        if b"%PDF" in content[:1024]:
            return _pdf(content)
        if content.startswith(b"PK\x03\x04"):
            return _packed(content)
    except (ValueError, IndexError, KeyError, TypeError, AttributeError, OSError, struct.error):
        return None
    except (PyPdfError, zipfile.BadZipFile, zlib.error, RecursionError, NotImplementedError):
        return None
    return content


def _jpeg(content):
    """Segments of the picture itself stay, byte for byte; of Exif its turn and its times."""
    kept, place = [content[:2]], 2
    exif = _kept_exif(content)
    if exif:
        kept.append(b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif)
    found = False
    while place + 4 <= len(content):
        if content[place] != 0xFF:
            raise ValueError("segment")
        kind = content[place + 1]
        if kind == 0xFF:
            place += 1
            continue
        size = 2 + struct.unpack(">H", content[place + 2 : place + 4])[0]
        # JFIF, colour profile and Adobe's colour transform say how to show the picture.
        profile = kind == 0xE2 and content[place + 4 :].startswith(b"ICC_PROFILE")
        if kind == 0xFE or (0xE1 <= kind <= 0xEF and kind != 0xEE and not profile):
            found = True
        else:
            kept.append(content[place : place + size])
        place += size
        if kind == 0xDA:
            end = content.find(b"\xff\xd9", place)
            # A second picture behind the first one, such as of a phone's, has marks of its own.
            tail = content[place:] if end < 0 else content[place : end + 2]
            found = found or len(tail) < len(content) - place
            kept.append(tail)
            return b"".join(kept) if found else content
    raise ValueError("end")


def _kept_exif(content):
    try:
        with Image.open(io.BytesIO(content)) as image:
            before = image.getexif()
            details = before.get_ifd(_EXIF_IFD)
    except (UnidentifiedImageError, SyntaxError, Image.DecompressionBombError):
        return b""
    after = Image.Exif()
    if before.get(_ORIENTATION) in range(1, 9):
        after[_ORIENTATION] = before[_ORIENTATION]
    for tag in _TIMES:
        value = before.get(tag) or details.get(tag)
        if isinstance(value, str) and re.fullmatch(r"[\d:+\- .\x00]{4,30}", value):
            (after if tag == 0x0132 else after.get_ifd(_EXIF_IFD))[tag] = value
    return after.tobytes() if len(after) or len(after.get_ifd(_EXIF_IFD)) else b""


def _png(content):
    kept, place = [content[:8]], 8
    while place + 12 <= len(content):
        size = struct.unpack(">I", content[place : place + 4])[0]
        kind = content[place + 4 : place + 8]
        if kind not in (b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"):
            kept.append(content[place : place + size + 12])
        place += size + 12
        if kind == b"IEND":
            return b"".join(kept)
    raise ValueError("end")


def _webp(content):
    kept, place = [], 12
    while place + 8 <= len(content):
        kind, size = (
            content[place : place + 4],
            struct.unpack("<I", content[place + 4 : place + 8])[0],
        )
        part = content[place : place + 8 + size + size % 2]
        if kind == b"VP8X":
            part = part[:8] + bytes([part[8] & ~0x0C]) + part[9:]
        if kind not in (b"EXIF", b"XMP "):
            kept.append(part)
        place += len(part)
    body = b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _video(content):
    """Films and sounds of telephones: where and by whom they were taken is blanked in place."""
    if content[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"avif", b"hevc"):
        return None
    changed = bytearray(content)
    _blank_boxes(changed, 0, len(changed), 0)
    return bytes(changed) if changed != content else content


def _blank_boxes(data, place, end, depth):
    while place + 8 <= end:
        size = struct.unpack(">I", data[place : place + 4])[0]
        kind, head = bytes(data[place + 4 : place + 8]), 8
        if size == 1:
            size, head = struct.unpack(">Q", data[place + 8 : place + 16])[0], 16
        size = size or end - place
        if size < head or place + size > end:
            raise ValueError("box")
        if kind in (b"udta", b"meta", b"uuid", b"\xa9xyz", b"loci"):
            data[place + 4 : place + 8] = b"free"
            data[place + head : place + size] = bytes(size - head)
        elif kind in (b"moov", b"trak", b"mdia", b"moof", b"traf") and depth < 6:
            _blank_boxes(data, place + head, place + size, depth + 1)
        place += size


def _sound(content):
    start, end = 0, len(content)
    if content.startswith(b"ID3"):
        size = 0
        for byte in content[6:10]:
            size = size << 7 | byte & 0x7F
        start = 10 + size + (10 if content[5] & 0x10 else 0)
    if content[end - 128 : end - 125] == b"TAG":
        end -= 128
    return content[start:end] or None


def _pdf(content):
    reader = pypdf.PdfReader(io.BytesIO(content))
    if reader.is_encrypted:
        return None
    root = reader.trailer["/Root"]
    attached = "/EmbeddedFiles" in (root.get("/Names") or {})
    signed = "/Perms" in root or b"/ByteRange" in content
    if attached or signed:
        return None
    if not reader.metadata and "/Metadata" not in content.decode("latin-1"):
        return content
    writer = pypdf.PdfWriter(clone_from=reader)
    writer.metadata = None
    for item in (writer.root_object, *writer.pages):
        item.pop("/Metadata", None)
        item.pop("/PieceInfo", None)
        for note in item.get("/Annots") or ():
            note.get_object().pop("/T", None)
    for item in writer._objects:
        if isinstance(item, dict) and item.get("/Type") != "/Catalog":
            item.pop("/Metadata", None)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _packed(content):
    """An office document without its authors; an archive only when nothing in it tells."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        infos = archive.infolist()
        if sum(info.file_size for info in infos) > MOST or any(
            info.flag_bits & 1 for info in infos
        ):
            return None
        names = {info.filename for info in infos}
        office = "[Content_Types].xml" in names or "mimetype" in names
        out, changed = io.BytesIO(), False
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copy:
            for info in infos:
                part = archive.read(info)
                after = (
                    _office_part(info.filename, part)
                    if office
                    else (part if info.is_dir() else without_identity(info.filename, part))
                )
                if not office and after != part:
                    return None
                changed = changed or after != part
                mark = zipfile.ZipInfo(info.filename)
                mark.compress_type = info.compress_type
                copy.writestr(mark, after)
    return out.getvalue() if changed else content


def _office_part(name, part):
    if _OFFICE_PARTS.fullmatch(name):
        return _emptied(part) if name.endswith((".xml", ".rels")) else b""
    if name.casefold().endswith((".jpg", ".jpeg", ".png", ".webp")):
        return without_identity(name, part) or part
    if name.endswith(".xml"):
        part = _AUTHORS.sub(rb'\1""', part)
        part = _CREATORS.sub(rb"<\1></\1>", part)
    return part


def _emptied(part):
    """An XML part with its root alone: programs expect it to be there."""
    declaration = re.match(rb"\s*(<\?xml[^>]*\?>)?\s*<([\w.:-]+)([^>]*?)/?>", part)
    if not declaration:
        return b""
    head, tag, attributes = declaration[1] or b"", declaration[2], declaration[3]
    return head + b"<" + tag + attributes + b"></" + tag + b">"
