"""Delivery reports (RFC 3464, and those of servers that do not keep to it): what came back."""

import email
import re
from dataclasses import dataclass, field
from email.message import Message

from .mail_reader import POLICY, header

_MESSAGE_ID = re.compile(r"<[^<>\s]{1,900}>")
_ID_LINE = re.compile(r"(?im)^\W{0,3}message-id\s*:\s*(<[^<>\s]{1,900}>)")
_RECIPIENT = re.compile(r"[^\s@<>,;\"()]{1,128}@[^\s@<>,;\"()]{1,255}")
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_CODE = re.compile(r"(?m)\b([45]\d\d)[ -]")
_FAILED_WORDS = re.compile(
    r"undeliver|delivery (?:has |to the following recipient )?failed|failure notice"
    r"|returned to sender"
    r"|could not be delivered|couldn't be delivered|wasn't delivered|was not delivered"
    r"|delivery incomplete|permanent(?:ly)? (?:error|fail)|failed permanently|fatal error"
    r"|user unknown|unknown user|no such user|does not exist|mailbox (?:is )?(?:full|unavailable)"
    r"|over quota|quota exceeded|address (?:couldn't be|not) found|unroutable address"
    r"|tidak (?:dapat|bisa|berhasil|dapat )?\s?(?:dikirim|disampaikan|terkirim)|gagal (?:ter)?kirim"
    r"|kotak surat penuh|alamat tidak ditemukan|pengguna tidak dikenal"
    r"|unzustellbar|nicht zugestellt werden|konnte nicht|empf[äa]nger unbekannt"
    r"|non remis|n'a pas pu [êe]tre (?:remis|distribu)|no se pudo entregar|no se puede entregar"
    r"|onbestelbaar|non consegnato|n[ãa]o p[ôo]de ser entregue|nie dostarczono",
    re.IGNORECASE,
)
_DELAYED_WORDS = re.compile(
    r"delivery (?:has been |is )?delayed|message is delayed|delayed mail|delivery delay"
    r"|message delayed"
    r"|still being retried|will (?:be retried|keep trying|continue trying)|not been delivered yet"
    r"|has not yet been delivered"
    r"|warning: (?:could not send|message)|temporary (?:failure|problem)|\(delay\)"
    r"|pengiriman (?:ter)?tunda|belum (?:dapat )?terkirim|akan dicoba (?:lagi|kembali)"
    r"|verz[öo]gert|retard[ée]|retrasad",
    re.IGNORECASE,
)


# Some servers return the mail as a file of no kind.
_RETURNED = (
    *("message/rfc822", "message/rfc822-headers", "text/rfc822-headers"),
    "application/octet-stream",
)


@dataclass
class DeliveryReport:
    """What a server says about a mail of ours.

    ``action`` is "failed", "delayed", "delivered" or "" (unknown); ``status`` as in RFC 3463,
    such as "5.1.1"; ``reason`` what the far server said; ``message_ids`` of the returned mail;
    ``numbers_in`` is text in which the number of its complaint may stand;
    ``recipients`` are the addresses that it did not reach.
    """

    action: str = ""
    status: str = ""
    reason: str = ""
    message_ids: list[str] = field(default_factory=list)
    numbers_in: str = ""
    recipients: list[str] = field(default_factory=list)


def read_report(message: Message, text: str) -> DeliveryReport:
    """Read a delivery report.

    :param message: the parsed mail
    :param str text: its text, as read
    """
    report = DeliveryReport(numbers_in=header(message, "Subject"))
    returned = []
    for part in _walk(message):
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            _read_status(part, report)
        elif kind == "message/disposition-notification":
            for block in _blocks(part):
                report.message_ids += _MESSAGE_ID.findall(header(block, "Original-Message-ID"))
            if report.action != "failed":
                # Read, or deleted unread: in the mailbox it was.
                report.action = "delivered"
        elif kind in _RETURNED or header(part, "Content-Disposition").startswith("attachment"):
            returned.append(_returned_head(part))
    for head in returned:
        report.message_ids += _ID_LINE.findall(head)
        subject = re.search(r"(?im)^subject\s*:(.*)$", head)
        report.numbers_in += f" {subject.group(1)}" if subject else ""
    # Servers that return the mail, or its head, as plain text in theirs.
    report.message_ids += _ID_LINE.findall(text[:200_000])
    for name in ("In-Reply-To", "References", "X-Original-Message-Id", "Original-Message-Id"):
        report.message_ids += _MESSAGE_ID.findall(header(message, name))
    report.message_ids = list(dict.fromkeys(report.message_ids))[:40]
    report.recipients += _RECIPIENT.findall(header(message, "X-Failed-Recipients").casefold())[:20]
    if not report.action:
        _guess(report, f"{header(message, 'Subject')}\n{text[:20_000]}", message)
    return report


def _walk(message, limit=200):
    """The parts of a mail, also of one returned in it, but not without end."""
    queue = [message]
    while queue and limit:
        part = queue.pop(0)
        limit -= 1
        yield part
        # What came back is evidence of itself only: its own parts say nothing of delivery.
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            queue.extend(part.get_payload())


def _blocks(part):
    """The groups of fields of a status or disposition."""
    blocks = part.get_payload()
    if header(part, "Content-Transfer-Encoding").casefold() in ("base64", "quoted-printable"):
        # The parser takes the fields apart without decoding them.
        return _decoded_blocks(part, blocks)
    if isinstance(blocks, list):
        return [block for block in blocks if isinstance(block, Message)]
    # A parser that does not know the type leaves the fields as text.
    return [part, email.message_from_string(str(blocks)[:20_000], policy=POLICY)]


def _decoded_blocks(part, blocks):
    whole = Message()
    whole["Content-Transfer-Encoding"] = header(part, "Content-Transfer-Encoding")
    whole.set_payload("\n".join(map(str, blocks)) if isinstance(blocks, list) else str(blocks))
    raw = whole.get_payload(decode=True) or b""
    text = raw[:20_000].decode("utf-8", "replace").replace("\r\n", "\n")
    return [
        email.message_from_string(block, policy=POLICY)
        for block in text.split("\n\n")[:50]
        if block.strip()
    ]


def _read_status(part, report):
    for block in _blocks(part):
        if not isinstance(block, Message):
            continue
        action = header(block, "Action").casefold().split(" ")[0]
        action = {"relayed": "delivered", "expanded": "delivered"}.get(action, action)
        if action not in ("failed", "delayed", "delivered"):
            continue
        report.recipients += _RECIPIENT.findall(
            f"{header(block, 'Final-Recipient')} {header(block, 'Original-Recipient')}".casefold()
        )[:20]
        # One recipient that failed makes the report one of failure.
        if report.action != "failed":
            report.action = action
            status = _STATUS.search(header(block, "Status"))
            report.status = status.group(1) if status else ""
            reason = header(block, "Diagnostic-Code")
            report.reason = re.sub(r"^(smtp|x-\w+)\s*;\s*", "", reason, flags=re.IGNORECASE)


def _returned_head(part):
    payload = part.get_payload()
    if isinstance(payload, list):
        return "\n".join(
            f"{name}: {str(value)[:2000]}"
            for item in payload[:1]
            if isinstance(item, Message)
            for name, value in item.items()[:100]
        )
    raw = part.get_payload(decode=True) or b""
    return raw[:65_536].decode("utf-8", "replace")


def _guess(report, text, message):
    """Servers that report in words only."""
    status = _STATUS.search(text)
    code = _CODE.search(text)
    if status or code:
        report.status = status.group(1) if status else ""
        first = (status or code).group(1)[0]
        report.action = {"5": "failed", "4": "delayed", "2": "delivered"}[first]
        line = text[text.rfind("\n", 0, (status or code).start()) + 1 :]
        report.reason = line.partition("\n")[0].strip()
    elif _DELAYED_WORDS.search(text):
        report.action = "delayed"
    elif header(message, "X-Failed-Recipients") or _FAILED_WORDS.search(text):
        report.action = "failed"
