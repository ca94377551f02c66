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

from .file_check import clean_name
from .mail_html import html_text, parse_html
from .mail_quotes import is_answer, is_forward
from .mail_text import decode_text, html_charset, is_weak, unflow, without_uuencoded
from .mail_wrappers import signed_content
from .tnef import unpack_tnef

#: Bytes of one header's value; what is longer is cut (an address list of 500 people fits).
MAX_HEADER = 32 * 1024
#: Characters of text (fifty pages), of HTML, and files, that are read. A mail with more is never
#: taken in by itself (``ReadMail.cut``): nobody would know what is missing.
MAX_TEXT = 100_000
MAX_PAGE = 1_000_000
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
_ANGLE = re.compile(r"<\s{0,5}([^\s@<>,;\"()]{1,128}@[^\s@<>,;\"()]{1,255})\s{0,5}>")
# What programs for other screens show instead of the text.
_OTHER_SCREENS = {"text/x-amp-html", "text/watch-html"}
# Kinds of text that are read where a mail has no other text.
_TEXT_KINDS = {
    "text/plain": "plain",
    "text/html": "html",
    "text/enriched": "html",
    "text/richtext": "html",
    "text/markdown": "plain",
    "text/x-markdown": "plain",
}
_SEALED = "-----BEGIN PGP MESSAGE-----"
_ARMOR_HEAD = re.compile(r"-----BEGIN PGP SIGNED MESSAGE-----[ \t\r]*\n(?:Hash:[^\n]*\n)*\s*\n")
_ARMOR_TAIL = "\n-----BEGIN PGP SIGNATURE-----"
_ARMOR_END = "-----END PGP SIGNATURE-----"


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
    """A file that came with a mail; ``cid`` names the picture that the HTML shows, ``charset``
    is what the mail says of a text's."""

    name: str
    content: bytes
    mimetype: str
    cid: str = ""
    charset: str = ""


@dataclass
class MailBlock:
    """A part of a mail's text: ``kind`` is "plain" or "html"."""

    kind: str
    content: str
    # A page is read once.
    _plain: str | None = None

    def plain(self) -> str:
        """Its words as plain text."""
        if self.kind == "plain":
            return self.content
        if self._plain is None:
            root = parse_html(self.content)
            self._plain = "" if root is None else html_text(root)
        return self._plain


@dataclass
class ReadMail:
    """What a mail says. Addresses are in lower case; ``message_id`` and ``references`` keep
    their angle brackets; ``blocks`` are the parts of its text in their order; ``reply_to`` is where
    answers are asked to go; ``encrypted`` says that its text is for a key that we lack, ``cut``
    that not all of its "text" or "files" is here; ``raw_hash`` is the SHA-256 of its bytes as
    received."""

    message: Message
    message_id: str = ""
    references: list[str] = field(default_factory=list)
    subject: str = ""
    sender: str = ""
    sender_name: str = ""
    reply_to: str = ""
    reply_name: str = ""
    recipients: list[str] = field(default_factory=list)
    blocks: list[MailBlock] = field(default_factory=list)
    files: list[MailFile] = field(default_factory=list)
    encrypted: bool = False
    cut: str = ""
    raw_hash: str = ""
    # Characters that may still be read, of each kind.
    _room: dict[str, int] = field(default_factory=lambda: {"plain": MAX_TEXT, "html": MAX_PAGE})

    @property
    def text(self) -> str:
        """Its parts of plain text, joined."""
        texts = (block.content for block in self.blocks if block.kind == "plain")
        return "\n\n".join(text.strip("\n") for text in texts if text.strip())

    @property
    def html(self) -> str:
        """Its parts of HTML, joined."""
        return "".join(block.content for block in self.blocks if block.kind == "html")

    def words(self) -> str:
        """All that it says, as plain text, in order."""
        texts = (block.plain() for block in self.blocks)
        return "\n\n".join(text.strip("\n") for text in texts if text.strip())

    def is_cut(self) -> bool:
        """Whether not all that it says is taken in; of a page that is known when it is read."""
        if not self.cut and len(self.words()) > MAX_TEXT:
            self.cut = "text"
        return bool(self.cut)

    def is_answer(self) -> bool:
        """Whether it says that it answers another mail."""
        return bool(self.references) or is_answer(self.subject)

    def is_forward(self) -> bool:
        """Whether it says that it passes another mail on."""
        return is_forward(self.subject, self.words())

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
    senders = writers(message, "From") or writers(message, "Sender")
    if senders:
        mail.sender_name, mail.sender = senders[0]
    for mail.reply_name, mail.reply_to in writers(message, "Reply-To")[:1]:
        pass
    mail.recipients = recipients(message)
    if not raw.strip() or not (mail.sender or mail.recipients):
        return None
    identity = header(message, "Message-Id")
    found = _MESSAGE_ID.search(identity)
    # Some programs leave the brackets out; the bare word is the same in every copy.
    mail.message_id = found.group() if found else (f"<{identity}>" if identity else "")[:900]
    mail.references = references(message)
    _read_parts(message, mail)
    if not any(block.content.strip() for block in mail.blocks):
        _read_text_file(mail)
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
        try:
            given = getaddresses([value])
        except RecursionError:
            # Brackets in brackets in brackets.
            given = []
        pairs = [
            (shown, address.strip().strip("<>"))
            for shown, address in given
            if _ADDRESS.fullmatch(address.strip().strip("<>"))
        ]
        # Where the list is malformed, whatever looks like an address is one.
        pairs = pairs or [("", address) for address in _ADDRESS.findall(value)]
        for shown, address in pairs[:500]:
            found.append((_one_line(_decoded(shown)), _one_line(_text(address)).casefold()))
    return found


def writers(message: Message, name: str) -> list[tuple[str, str]]:
    """The (display name, address) pairs of who wrote a mail: the address is what stands between
    the angle brackets, the name all that stands before them, as people and their programs write
    it ("Santoso, Budi, S.Pd. <...>", "lama@x.example <baru@y.example>"); addresses lowered."""
    found = []
    for value in message.get_all(name, [])[:20]:
        value = re.sub(r"[\r\n\0]+", " ", str(value))[:MAX_HEADER]
        # A quoted name may hold anything, brackets too.
        blank = re.sub(r'"[^"]*"', lambda quoted: "_" * len(quoted.group()), value)
        end = 0
        for match in list(_ANGLE.finditer(blank))[:50]:
            shown = value[end : match.start()].strip(" ,;").replace('"', "")
            found.append((_one_line(_decoded(shown)), _one_line(_text(match.group(1))).casefold()))
            end = match.end()
    return found or addresses(message, name)


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
    """The same said in several ways: the last one that says it is taken, with all that another
    one says besides."""
    outside, found = mail.blocks, []
    for part in parts:
        if part.get_content_type() in _OTHER_SCREENS:
            continue
        mail.blocks = []
        _read_parts(part, mail, depth + 1)
        words = _words(block.plain() for block in mail.blocks)
        if words:
            found.append((mail.blocks, words))
    mail.blocks = outside
    if not found:
        return
    blocks, words = found[-1]
    others = [(other, said) for other, said in found[:-1] if _says_more(said, words)]
    for other, said in others:
        # A page that only refers to the text, or a mere disclaimer, is no rendering of it.
        if not _missing(words, said):
            blocks = other
            break
        blocks = other + blocks
    mail.blocks = outside + blocks


def _words(texts):
    return set(re.findall(r"[^\W_]{2,}", " ".join(texts).casefold()))


def _says_more(some, others):
    """Whether one rendering has words that matter and that the other lacks: addresses of links
    and of pictures are many words and say nothing."""
    missing = _missing(some, others)
    return len(missing) > 3 and len(missing) * 5 > len(some)


def _missing(some, others):
    return {word for word in some - others if word.isalpha() and len(word) > 2}


def _read_leaf(part, mail, kind, depth):
    name = _file_name(part)
    content = _content(part)
    text = part_text(part)
    if text is not None:
        _read_text(part, mail, kind, text)
        return
    if kind == "application/ms-tnef" or name.casefold() == "winmail.dat":
        unpacked = unpack_tnef(content)
        if unpacked:
            _add_unpacked(mail, unpacked, content)
            return
    if _smime_type(part) == "signed-data" and depth < 10:
        inner = signed_content(content)
        if inner:
            _read_parts(email.message_from_bytes(inner, policy=POLICY), mail, depth + 1)
            return
    cid = header(part, "Content-Id").strip("<> ") or header(part, "Content-Location")
    _add_file(mail, name or _default_name(part, kind), content, kind, cid, _charset(part))


def part_text(part: Message) -> str | None:
    """What a part of inline text says, as it came; None for a part that is a file."""
    kind = part.get_content_type()
    attached = header(part, "Content-Disposition").casefold().startswith("attachment")
    if kind not in ("text/plain", "text/html") or attached or _file_name(part):
        return None
    content, charset = _content(part), _charset(part)
    if kind == "text/html" and is_weak(charset):
        charset = html_charset(content)
    return decode_text(content[: MAX_PAGE * 4 + 4], charset)


def _read_text(part, mail, kind, text):
    if kind == "text/html":
        _add_block(mail, "html", text)
        return
    if str(part.get_param("format") or "").casefold() == "flowed":
        text = unflow(text, str(part.get_param("delsp") or "").casefold() == "yes")
    if _SEALED in text:
        mail.encrypted = True
    text, files = without_uuencoded(text)
    for file_name, data in files:
        _add_file(mail, _clean_name(file_name), data, "application/octet-stream")
    _add_block(mail, "plain", _without_armor(text))


def _read_text_file(mail):
    """Where a mail has no text, the first file of text is its text; one that was sent as an
    attachment stays among the files, too."""
    for file in mail.files:
        kind = _TEXT_KINDS.get(file.mimetype)
        if kind and file.content.strip():
            text = decode_text(file.content[: MAX_PAGE * 4 + 4], file.charset)
            _add_block(mail, kind, text)
            return


def _add_block(mail, kind, text):
    """Add what a part says, as long as there is room for it."""
    taken = text[: mail._room[kind]]
    if len(taken) < len(text):
        mail.cut = "text"
    mail._room[kind] -= len(taken)
    mail.blocks.append(MailBlock(kind, taken))


def _add_unpacked(mail, unpacked, content):
    """What a winmail.dat held; where it was cut off, it is kept as well."""
    text, html, files, whole = unpacked
    if not any(block.content.strip() for block in mail.blocks):
        if html.strip():
            _add_block(mail, "html", html)
        elif text.strip():
            _add_block(mail, "plain", text)
    for file_name, data in files:
        _add_file(mail, _clean_name(file_name), data, "application/octet-stream")
    if not whole:
        _add_file(mail, "winmail.dat", content, "application/ms-tnef")


def _without_armor(text):
    """The words of a text that is signed in the manner of PGP."""
    kept, done, place = [], 0, 0
    while head := _ARMOR_HEAD.search(text, place):
        tail = text.find(_ARMOR_TAIL, head.end())
        end = text.find(_ARMOR_END, tail) if tail >= 0 else -1
        if end < 0:
            break
        kept += [text[done : head.start()], text[head.end() : tail]]
        done = place = end + len(_ARMOR_END)
    return "".join([*kept, text[done:]])


def _add_file(mail, name, content, mimetype, cid="", charset=""):
    if len(mail.files) < MAX_FILES:
        name = clean_name(name) or "lampiran"
        mail.files.append(MailFile(name, content, mimetype, cid[:200], charset))
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
