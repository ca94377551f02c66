"""Who is behind a mail that an office's own machine sent for somebody: a form of its site, a
mailbox that passes mails on, a scanner.

The office names its machines (``lapor.mail.address``); of all others the sender is whoever the
From header names.
"""

import re

from .mail_reader import ReadMail, read_mail, writers

#: Kinds of addresses from which an office's own machines send what somebody else wrote.
MACHINES = ("form", "scanner", "forwarder")

_ADDRESS = re.compile(
    r"[^\s@<>,;:\"'()\[\]]{1,128}@[^\s@<>,;:\"'()\[\]]{1,255}[^\s@<>,;:\"'()\[\].]"
)
_NAME_LINES = ("nama", "nama lengkap", "nama pelapor", "name", "your name", "full name")
# The head of a mail that was passed on, in the words of mail programs.
_FROM = re.compile(
    r"(?im)^[>\s*]{0,6}(?:From|Dari|Von|De|Van|Da)\s?\*?\s?:\*?[ \t]*(?P<who>[^\n]{1,500})$"
)
_HEAD = re.compile(
    r"(?i)^[>\s*]{0,6}(?:date|sent|to|subject|tanggal|dikirim|kepada|perihal|subjek|hal|datum"
    r"|gesendet|an|betreff|envoy[ée]|objet|à)\s?\*?\s?:"
)
#: Characters of a text in which lines are looked for.
_TEXT = 20_000


def person_behind(kind: str, line: str, mail: ReadMail) -> tuple[str, str] | None:
    """Who wrote what a machine sent.

    :param kind: "form", "scanner" or "forwarder"
    :param line: of a form, the label of the line of its text that holds the writer's address, such
        as "E-mail"; "" where the form puts it into Reply-To
    :returns: (name, address); of a scanner, and of a form that names nobody, both are ""; None
        where a forwarder passes nothing on, and wrote himself
    """
    if kind == "scanner":
        return "", ""
    if kind == "forwarder":
        return _passed_on(mail)
    words = mail.words()[:_TEXT]
    found = _ADDRESS.search(_line(words, line)) if line else None
    name = next((said for said in (_line(words, label) for label in _NAME_LINES) if said), "")
    if found:
        return name or mail.reply_name, found.group().casefold()
    if mail.reply_to and mail.reply_to != mail.sender:
        return mail.reply_name or name, mail.reply_to
    return name, ""


def _line(words, label):
    """What stands behind a label, or in the line below it; "" where it does not stand there."""
    label = re.escape(label.strip().rstrip(":").strip())
    found = re.search(
        rf"(?im)^[>\s*•-]{{0,6}}{label}\s?\*?\s?[:=]\*?[ \t]*\n?([^\n]{{1,300}})$", words
    )
    return found.group(1).strip(" *\t") if found else ""


def _passed_on(mail):
    for file in mail.files[:5]:
        if file.mimetype == "message/rfc822":
            inner = read_mail(file.content)
            if inner and inner.sender:
                return inner.sender_name, inner.sender
    words = mail.words()[:_TEXT]
    for head in list(_FROM.finditer(words))[:20]:
        below = words[head.end() :].lstrip("\n").split("\n")[:3]
        found = _ADDRESS.search(head["who"])
        if found and any(_HEAD.match(row) for row in below):
            name = re.split(r"[<\[(]", head["who"])[0].strip(" \t\"'*")
            return ("" if "@" in name else name), found.group().casefold()
    for name in ("X-Original-From", "X-Original-Sender", "Resent-From"):
        for shown, address in writers(mail.message, name)[:1]:
            if address != mail.sender:
                return shown, address
    return None
