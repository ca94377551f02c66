"""A mail as sent, read into what a complaint needs: heads, text, files.

Reads what real programs send, not only what the standards allow, and never fails on a part:
what cannot be read becomes a file. Its cost is bounded (see ``mail_bounds`` for what must be
checked before).
"""

import email
import hashlib
import re
from dataclasses import dataclass, field
from email._policybase import Compat32
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses

from .mail_text import decode_text, unflow
from .mail_wrappers import signed_content
from .tnef import unpack_tnef

#: Bytes of one header's value; what is longer is cut (an address list of 500 people fits).
MAX_HEADER = 32 * 1024
#: Characters of text or HTML, and files, that are read. A mail with more is never taken in by
#: itself (``ReadMail.cut``): nobody would know what is missing.
MAX_TEXT = 1_000_000
MAX_FILES = 200

RECIPIENTS = (
    "Delivered-To",
    "X-Original-To",
    "Envelope-To",
    "X-Envelope-To",
    "X-Forwarded-To",
    "To",
    "Cc",
    "Resent-To",
    "Resent-Cc",
)
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,900}>")
_ADDRESS = re.compile(r"[^\s@<>,;\"()]{1,128}@[^\s@<>,;\"()]{1,255}")
_ARMOR = re.compile(
    r"-----BEGIN PGP SIGNED MESSAGE-----\s*?\n(?:Hash:.*\n)*\s*\n(.*?)"
    r"\n-----BEGIN PGP SIGNATURE-----.*?-----END PGP SIGNATURE-----",
    re.DOTALL,
)


class _BoundedHeaders(Compat32):
    """Cuts each header as it is read: the parser itself is slow on very long ones."""

    def header_source_parse(self, sourcelines):
        name, value = super().header_source_parse(sourcelines)
        limit = 2048 if name.casefold().startswith("content-") else MAX_HEADER
        return name, value[:limit]

    def header_fetch_parse(self, name, value):
        # As it came, eight-bit bytes as surrogates: decoded by this module.
        return value


POLICY = _BoundedHeaders()


@dataclass
class MailFile:
    """A file that came with a mail; ``cid`` names the picture that the HTML shows."""

    name: str
    content: bytes
    mimetype: str
    cid: str = ""


@dataclass
class ReadMail:
    """What a mail says. Addresses are in lower case; ``message_id`` and ``references`` keep
    their angle brackets; ``encrypted`` says that its text is for a key that we lack, ``cut`` that
    not all of its "text" or "files" is here;
    ``raw_hash`` is the SHA-256 of its bytes as received."""

    message: Message
    message_id: str = ""
    references: list[str] = field(default_factory=list)
    subject: str = ""
    sender: str = ""
    sender_name: str = ""
    recipients: list[str] = field(default_factory=list)
    text: str = ""
    html: str = ""
    files: list[MailFile] = field(default_factory=list)
    encrypted: bool = False
    cut: str = ""
    raw_hash: str = ""

    def shown_sender(self) -> str:
        """Name and address of the writer, as far as they are known."""
        address = f"<{self.sender}>" if self.sender and self.sender_name else self.sender
        return f"{self.sender_name} {address}".strip()

    def fingerprint(self) -> str:
        """SHA-256 of what the writer sent, whatever servers added on the way."""
        digest = hashlib.sha256()
        for part in (
            self.sender,
            self.subject,
            header(self.message, "Date"),
            re.sub(r"\s+", " ", self.text),
            re.sub(r"\s+", " ", self.html),
        ):
            digest.update(part.encode(errors="replace") + b"\0")
        for file in self.files:
            digest.update(hashlib.sha256(file.content).digest())
        return digest.hexdigest()


def read_mail(raw: bytes) -> ReadMail | None:
    """Read one mail.

    :param raw: the mail as received (RFC 5322), within the bounds of ``mail_bounds``
    :returns: None when this is no mail: nobody sent it and it is for nobody
    """
    raw_hash = hashlib.sha256(raw).hexdigest()
    raw = _without_envelope(raw)
    message = email.message_from_bytes(raw, policy=POLICY)
    mail = ReadMail(message=message, raw_hash=raw_hash)
    mail.subject = header(message, "Subject")
    senders = addresses(message, "From") or addresses(message, "Sender")
    if senders:
        mail.sender_name, mail.sender = senders[0]
    mail.recipients = recipients(message)
    if not raw.strip() or not (mail.sender or mail.recipients):
        return None
    identity = header(message, "Message-Id")
    found = _MESSAGE_ID.search(identity)
    # Some programs leave the brackets out; the bare word is the same in every copy.
    mail.message_id = found.group() if found else (f"<{identity}>" if identity else "")[:900]
    mail.references = references(message)
    _read_parts(message, mail)
    return mail


def header(message: Message, name: str) -> str:
    """A header as one line of text, its encoded words and raw bytes decoded."""
    value = message.get(name)
    if value is None:
        return ""
    return _one_line(_decoded(str(value)))


def addresses(message: Message, name: str) -> list[tuple[str, str]]:
    """The (display name, address) pairs of all headers of this name; addresses lowered."""
    found = []
    for value in message.get_all(name, [])[:20]:
        value = re.sub(r"[\r\n\0]+", " ", str(value))
        pairs = [
            (shown, address.strip().strip("<>"))
            for shown, address in getaddresses([value])
            if _ADDRESS.fullmatch(address.strip().strip("<>"))
        ]
        # Where the list is malformed, whatever looks like an address is one.
        pairs = pairs or [("", address) for address in _ADDRESS.findall(value)]
        for shown, address in pairs[:500]:
            found.append((_one_line(_decoded(shown)), _one_line(_text(address)).casefold()))
    return found


def recipients(message: Message) -> list[str]:
    """Addresses that a mail is for, as far as its headers tell; those of the envelope first."""
    found = (address for name in RECIPIENTS for _name, address in addresses(message, name))
    return list(dict.fromkeys(found))


def _one_line(value):
    """Without control characters: the database keeps none, and no header has any use of them."""
    return re.sub(r"[\s\x00-\x1f\x7f]+", " ", value).strip()


def _bytes(value):
    try:
        return value.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return value.encode("utf-8", "replace")


def _text(value):
    """Eight-bit headers are guessed as UTF-8 before anything else."""
    return decode_text(_bytes(value), "")


def _decoded(value):
    value = _text(value)
    if "=?" not in value:
        return value
    try:
        parts = decode_header(re.sub(r"\r?\n\s?", " ", value))
    except (MessageError, ValueError, LookupError, TypeError):
        return value
    return "".join(
        part if isinstance(part, str) else decode_text(part, charset or "")
        for part, charset in parts
    )


def _without_envelope(raw):
    """Without the "From " line of mailbox files and the blank lines before the headers."""
    raw = raw.lstrip(b"\r\n")
    if raw.startswith((b"From ", b">From ")):
        raw = raw.partition(b"\n")[2]
    return raw


def references(message: Message) -> list[str]:
    """Message-Ids that a mail answers, nearest first; only so many as threads need."""
    answered = _MESSAGE_ID.findall(header(message, "In-Reply-To"))
    thread = _MESSAGE_ID.findall(header(message, "References"))
    return list(dict.fromkeys(answered[:4] + thread[::-1][:32]))


def _read_parts(message, mail, depth=0):
    kind = message.get_content_type()
    if kind == "multipart/encrypted" or _smime_type(message) == "enveloped-data":
        mail.encrypted = True
    if message.is_multipart() and message.get_content_maintype() == "multipart":
        parts = message.get_payload()
        if kind == "multipart/alternative":
            _read_alternative(parts, mail, depth)
            return
        for part in parts:
            _read_parts(part, mail, depth + 1)
        return
    _read_leaf(message, mail, kind, depth)


def _read_alternative(parts, mail, depth):
    """The same said in several ways: plain text and HTML are kept apart, not added up."""
    before = (mail.text, mail.html)
    texts, pages = [], []
    for part in parts:
        mail.text, mail.html = "", ""
        _read_parts(part, mail, depth + 1)
        texts.append(mail.text)
        pages.append(mail.html)
    text = next((text for text in texts if text.strip()), "")
    html = next((html for html in reversed(pages) if html.strip()), "")
    mail.text, mail.html = _joined(before[0], text), before[1] + html


def _read_leaf(part, mail, kind, depth):
    name = _file_name(part)
    content = _content(part)
    attached = header(part, "Content-Disposition").casefold().startswith("attachment")
    if kind in ("text/plain", "text/html") and not name and not attached:
        text = _bounded(decode_text(content[: MAX_TEXT * 4 + 4], _charset(part)), mail)
        if kind == "text/html":
            mail.html += text
        else:
            flowed = str(part.get_param("format") or "").casefold() == "flowed"
            text = unflow(text) if flowed else text
            mail.text = _joined(mail.text, _ARMOR.sub(r"\1", text))
        return
    if kind == "application/ms-tnef" or name.casefold() == "winmail.dat":
        unpacked = unpack_tnef(content)
        if unpacked:
            text, html, files = unpacked
            mail.text = mail.text or _bounded(text, mail)
            mail.html = mail.html or _bounded(html, mail)
            for file_name, data in files:
                _add_file(mail, _clean_name(file_name), data, "application/octet-stream")
            return
    if _smime_type(part) == "signed-data" and depth < 10:
        inner = signed_content(content)
        if inner:
            _read_parts(email.message_from_bytes(inner, policy=POLICY), mail, depth + 1)
            return
    cid = header(part, "Content-Id").strip("<> ")
    _add_file(mail, name or _default_name(part, kind), content, kind, cid)


def _bounded(text, mail):
    if len(text) > MAX_TEXT:
        mail.cut = "text"
    return text[:MAX_TEXT]


def _add_file(mail, name, content, mimetype, cid=""):
    if len(mail.files) < MAX_FILES:
        mail.files.append(MailFile(name[:200] or "lampiran", content, mimetype, cid[:200]))
    else:
        mail.cut = "files"


def _content(part):
    if part.is_multipart():
        # A mail in a mail: kept as a file that mail programs open.
        inner = part.get_payload()
        try:
            return b"\n".join(item.as_bytes() for item in inner)
        except (ValueError, LookupError, TypeError, AttributeError):
            return b"\n".join(str(item).encode(errors="replace") for item in inner)
    try:
        return part.get_payload(decode=True) or b""
    except (ValueError, LookupError, TypeError, AssertionError):
        return b""


def _charset(part):
    charset = part.get_param("charset") or ""
    # RFC 2231 gives a triple.
    return str(charset[2] if isinstance(charset, tuple) else charset).strip("'\" ")


def _file_name(part):
    try:
        name = part.get_filename("") or ""
    except (ValueError, LookupError, TypeError):
        name = ""
    return _clean_name(_decoded(str(name)))


def _clean_name(name):
    return re.sub(r"[\x00-\x1f\x7f/\\]+", "_", name).strip(" .")


def _default_name(part, kind):
    if kind == "message/rfc822":
        inner = part.get_payload()
        inner = inner[0] if isinstance(inner, list) and inner else None
        subject = header(inner, "Subject") if isinstance(inner, Message) else ""
        return (
            re.sub(r"[^\w .-]+", "_", subject)[:80].strip(" ._") + ".eml"
            if subject
            else "surat.eml"
        )
    names = {
        "text/calendar": "undangan.ics",
        "text/html": "lampiran.html",
        "text/plain": "lampiran.txt",
        "application/pdf": "lampiran.pdf",
        "application/pgp-signature": "signature.asc",
        "application/pkcs7-signature": "smime.p7s",
        "application/pkcs7-mime": "smime.p7m",
    }
    if kind in names:
        return names[kind]
    main, _slash, sub = kind.partition("/")
    sub = re.sub(r"[^a-z0-9]+", "", sub)
    return f"lampiran.{sub}" if main in ("image", "audio", "video") and sub else "lampiran"


def _smime_type(part):
    if part.get_content_type() not in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
        return ""
    return str(part.get_param("smime-type") or "enveloped-data").casefold()


def _joined(first, second):
    return (
        f"{first.rstrip()}\n\n{second.lstrip()}"
        if first.strip() and second.strip()
        else first + second
    )
