"""What servers say about mails that they could not deliver, in the forms of the programs that write
it and in the languages of their servers. Written for these tests; only the forms are real."""

import base64
from dataclasses import dataclass


@dataclass
class Bounce:
    """One report: ``raw`` is the mail, ``action`` what it says, as in RFC 3464."""

    name: str
    raw: bytes
    action: str


# Name; From; Subject; further heads; text; how the mail is returned; what is said of it.
_WORDS = (
    # Exim, also with the languages that hosting panels give it
    (
        "exim",
        "Mail Delivery System <Mailer-Daemon@h.example>",
        "Mail delivery failed: returning message to sender",
        "X-Failed-Recipients: {to}\nAuto-Submitted: auto-replied",
        "This message was created automatically by mail delivery software.\n\n  {to}\n"
        "    host mx.example [192.0.2.1]\n"
        "    SMTP error from remote mail server after RCPT TO:<{to}>:\n"
        "    550 5.1.1 No such mailbox",
        "copy",
        "failed",
    ),
    (
        "exim, no envelope",
        "Mail Delivery System <Mailer-Daemon@h.example>",
        "Mail delivery failed: returning message to sender",
        "Auto-Submitted: auto-replied",
        "A message that you sent could not be delivered to all of its recipients.\n\n  {to}\n"
        "    Unrouteable address",
        "copy",
        "failed",
    ),
    (
        "exim frozen",
        "Mail Delivery System <Mailer-Daemon@h.example>",
        "Mail delivery failed: returning message to sender",
        "Auto-Submitted: auto-replied",
        "  {to}\n    retry timeout exceeded",
        "copy",
        "failed",
    ),
    (
        "exim delay",
        "Mail Delivery System <Mailer-Daemon@h.example>",
        "Warning: message 1kAbCd-0001 delayed 24 hours",
        "Auto-Submitted: auto-replied",
        "A message that you sent has not yet been delivered to one or more recipients after\n"
        "more than 24 hours on the queue. The message identifier is: 1kAbCd-0001\n  {to}\n"
        "    Delay reason: mailbox is full",
        "head",
        "delayed",
    ),
    (
        "exim indonesia",
        "Sistem Pengiriman <Mailer-Daemon@h.example>",
        "Pengiriman surat gagal: pesan dikembalikan ke pengirim",
        "X-Failed-Recipients: {to}\nAuto-Submitted: auto-replied",
        "Pesan yang Anda kirim tidak dapat disampaikan kepada penerimanya.\n\n  {to}",
        "copy",
        "failed",
    ),
    # Gmail, before it kept to the standard and since
    (
        "gmail old",
        "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        "Delivery Status Notification (Failure)",
        "X-Failed-Recipients: {to}",
        "Delivery to the following recipient failed permanently:\n\n     {to}\n\nThe email account "
        "that you tried to reach does not exist.",
        "original",
        "failed",
    ),
    (
        "gmail old delay",
        "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        "Delivery Status Notification (Delay)",
        "",
        "This is an automatically generated Delivery Status Notification\n\nTHIS IS A WARNING "
        "MESSAGE ONLY.\n\nDelivery to the following recipient has been delayed:\n\n     {to}",
        "original",
        "delayed",
    ),
    # qmail and its children
    (
        "qmail",
        "MAILER-DAEMON@q.example",
        "failure notice",
        "",
        "Hi. This is the qmail-send program at q.example.\nI'm afraid I could not deliver your "
        "message to the following addresses.\n\n<{to}>:\n"
        "Sorry, no mailbox here by that name. (#5.1.1)",
        "below",
        "failed",
    ),
    (
        "qmail full",
        "MAILER-DAEMON@q.example",
        "failure notice",
        "",
        "Hi. This is the qmail-send program at q.example.\n\n<{to}>:\nuser is over quota",
        "below",
        "failed",
    ),
    (
        "qmail yahoo",
        "MAILER-DAEMON@yahoo.example",
        "Failure Notice",
        "X-Yahoo: 1",
        "Sorry, we were unable to deliver your message to the following address.\n\n<{to}>:\n"
        "554: delivery error: dd This user doesn't have an account",
        "below",
        "failed",
    ),
    (
        "vpopmail indonesia",
        "MAILER-DAEMON@q.example",
        "surat tidak terkirim",
        "",
        "Maaf, surat Anda untuk alamat di bawah ini tidak dapat dikirim.\n\n<{to}>:\n"
        "Kotak surat penuh",
        "below",
        "failed",
    ),
    # Exchange 2003, and Lotus
    (
        "exchange 2003",
        "System Administrator <postmaster@ex.example>",
        "Undeliverable: {subject}",
        "In-Reply-To: {id}",
        "Your message\n\n  To: {to}\n  Subject: {subject}\n\ndid not reach the following "
        "recipient(s):\n\n{to} on Mon, 23 Nov 2026\n    The e-mail account does not exist at the "
        "organization this message was sent to.\n            <ex.example #5.1.1>",
        "none",
        "failed",
    ),
    (
        "notes",
        "postmaster@notes.example",
        "DELIVERY FAILURE: User {to} not listed in Directory",
        "Return-Path: <>",
        "Your message\n\n  Subject: {subject}\n\nwas not delivered to:\n\n  {to}\n\nbecause:\n\n"
        "  User not listed in public Name & Address Book",
        "head",
        "failed",
    ),
    (
        "mdaemon",
        "Postmaster@md.example",
        "Permanent Delivery Failure",
        "Return-Path: <>\nX-MDaemon-Deliver-To: x",
        "The attached message had PERMANENT fatal delivery errors!\n\n{to}: User unknown",
        "head",
        "failed",
    ),
    (
        "courier",
        "MAILER-DAEMON@c.example",
        "NOTICE: mail delivery status.",
        "",
        "This is a delivery status notification from c.example.\n\nUNDELIVERABLE MAIL\n\n<{to}>:\n"
        "    550 User unknown",
        "head",
        "failed",
    ),
    (
        "sendmail old",
        "Mail Delivery Subsystem <MAILER-DAEMON@s.example>",
        "Returned mail: User unknown",
        "Auto-Submitted: auto-generated (failure)",
        "   ----- The following addresses had permanent fatal errors -----\n<{to}>\n\n"
        "   ----- Transcript of session follows -----\n550 5.1.1 <{to}>... User unknown",
        "head",
        "failed",
    ),
    (
        "sendmail old delay",
        "Mail Delivery Subsystem <MAILER-DAEMON@s.example>",
        "Warning: could not send message for past 4 hours",
        "Auto-Submitted: auto-generated (warning-timeout)",
        "    **  THIS IS A WARNING MESSAGE ONLY  **\n\n<{to}>... Deferred: Connection timed out\n"
        "Warning: message still undelivered after 4 hours\n"
        "Will keep trying until message is 5 days old",
        "head",
        "delayed",
    ),
    (
        "pipe with flags=R",
        "Mail Delivery System <MAILER-DAEMON@p.example>",
        "Undelivered Mail Returned to Sender",
        "Return-Path: <MAILER-DAEMON>\nAuto-Submitted: auto-replied",
        'This is the mail system at host p.example.\n\n<{to}>: unknown user: "warga"',
        "head",
        "failed",
    ),
    (
        "opensmtpd words",
        "Mailer Daemon <MAILER-DAEMON@o.example>",
        "Delivery status notification: error",
        "",
        "Hi!\n\nThis is the MAILER-DAEMON, please DO NOT REPLY to this email.\n\nAn error has "
        "occurred while attempting to deliver a message for the following list of recipients:\n\n"
        "{to}: 550 Invalid recipient",
        "below",
        "failed",
    ),
    (
        "opensmtpd delay",
        "Mailer Daemon <MAILER-DAEMON@o.example>",
        "Delivery status notification: warning",
        "",
        "Hi!\n\nThis is the MAILER-DAEMON, please DO NOT REPLY to this email.\n\nA message is "
        "delayed for more than 4 hours for the following list of recipients:\n\n{to}: Connection "
        "refused",
        "below",
        "delayed",
    ),
    (
        "zimbra quota",
        "MAILER-DAEMON@z.example (Mail Delivery System)",
        "Undelivered Mail Returned to Sender",
        "Auto-Submitted: auto-replied",
        "<{to}>: host z.example[192.0.2.5] said: 552 5.2.2 Over quota (in reply to end of DATA)",
        "head",
        "failed",
    ),
    (
        "mail of a challenge to the empty sender",
        "Postmaster <postmaster@dest.example>",
        "Message could not be delivered",
        "Return-Path: <>\nReferences: {id}",
        "Your message to {to} could not be delivered: mailbox unavailable",
        "none",
        "failed",
    ),
)

# Language: (subject, text) of servers that keep to the standard; the text says it, too.
_LANGUAGES = {
    "id": (
        "Tidak dapat terkirim: {subject}",
        "Pesan Anda ke {to} tidak dapat disampaikan. Alamat tidak ditemukan.",
    ),
    "en": ("Undeliverable: {subject}", "Your message to {to} couldn't be delivered."),
    "de": ("Unzustellbar: {subject}", "Ihre Nachricht an {to} konnte nicht zugestellt werden."),
    "fr": ("Non remis : {subject}", "Votre message à {to} n'a pas pu être remis."),
    "es": ("No se puede entregar: {subject}", "No se pudo entregar el mensaje a {to}."),
    "nl": ("Onbestelbaar: {subject}", "Uw bericht aan {to} kan niet worden bezorgd."),
    "it": ("Non recapitabile: {subject}", "Il messaggio per {to} non è stato recapitato."),
    "pt": ("Não foi possível entregar: {subject}", "A mensagem para {to} não pôde ser entregue."),
    "pl": ("Niedostarczone: {subject}", "Wiadomości do {to} nie udało się dostarczyć."),
    "ru": ("Недоставлено: {subject}", "Не удалось доставить сообщение для {to}."),
    "ja": ("配信不能: {subject}", "{to} への配信に失敗しました。"),
    "zh": ("无法传递: {subject}", "无法将邮件发送到 {to}。"),
    "ms": ("Tidak dapat dihantar: {subject}", "Mesej anda kepada {to} tidak dapat dihantar."),
    "ko": ("배달되지 않음: {subject}", "{to}(으)로 메시지를 배달할 수 없습니다."),
    "tr": ("Teslim Edilemeyen: {subject}", "{to} adresine iletiniz teslim edilemedi."),
    "ar": ("تعذر التسليم: {subject}", "تعذر تسليم رسالتك إلى {to}."),
}
# Program: (From, further heads, fields of the status)
_PROGRAMS = {
    "exchange 2010": (
        "Microsoft Exchange <postmaster@ex.example>",
        "X-MS-Exchange-Message-Is-Ndr:",
        "Original-Envelope-Id: 1",
    ),
    "exchange 365": (
        "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@dinas.example>",
        "Return-Path: <>\nAuto-Submitted: auto-replied",
        "X-Display-Name: Warga",
    ),
    "postfix": (
        "MAILER-DAEMON@p.example (Mail Delivery System)",
        "Auto-Submitted: auto-replied",
        "X-Postfix-Queue-ID: 4AB",
    ),
}
# What one recipient's fields say, how the mail comes back, and what it means.
_STATUS = (
    ("gmail new", "failed", "5.1.1", "rfc822", "failed"),
    ("gmail new delay", "delayed", "4.4.1", "rfc822", "delayed"),
    ("postfix delay", "delayed", "4.4.1", "heads", "delayed"),
    ("postfix heads", "failed", "5.4.4", "heads", "failed"),
    ("opensmtpd", "failed", "5.0.0", "heads", "failed"),
    ("zimbra", "failed", "5.2.2", "rfc822", "failed"),
    ("sendmail", "failed", "5.1.1", "rfc822", "failed"),
    ("exim dsn", "failed", "5.0.0", "rfc822", "failed"),
    ("workmail", "failed", "5.1.1", "heads", "failed"),
    ("upper case", "Failed (bad destination)", "5.1.1 (unknown)", "rfc822", "failed"),
    ("relayed", "relayed", "2.0.0", "heads", "delivered"),
    ("delivered", "delivered", "2.0.0", "heads", "delivered"),
    ("base64", "failed", "5.1.1", "encoded", "failed"),
    ("base64 status", "failed", "5.1.1", "encoded status", "failed"),
    ("returned in a file", "failed", "5.1.1", "file", "failed"),
)


def bounces(message_id, number_subject, recipient, office):
    """All reports about one mail of ours.

    :param str message_id: that of our mail
    :param str number_subject: its subject
    :param str recipient: whom it did not reach
    :param str office: the address that it was from
    :rtype: list[Bounce]
    """
    facts = {"id": message_id, "subject": number_subject, "to": recipient, "office": office}
    found = [_in_words(form, facts) for form in _WORDS]
    for program, (sender, heads, fields) in _PROGRAMS.items():
        for language, (subject, text) in _LANGUAGES.items():
            name = f"{program} {language}"
            status = ("failed", "5.1.1", "rfc822", "failed")
            found.append(_report(name, sender, subject, heads, text, fields, status, facts))
    for name, *status in _STATUS:
        sender = f"Mail Delivery System <mailer-daemon@{name.split()[0]}.example>"
        text = "Delivery report for {to}"
        found.append(_report(name, sender, "Delivery report", "", text, "X-Id: 1", status, facts))
    return found


def _returned(facts):
    return (
        "Received: from office by mx.example; Mon, 23 Nov 2026 08:00:00 +0800\n"
        f"Message-Id: {facts['id']}\nDate: Mon, 23 Nov 2026 08:00:00 +0800\n"
        f"From: {facts['office']}\nTo: {facts['to']}\nSubject: {facts['subject']}\n"
    )


_COPIES = {
    "copy": "\n\n------ This is a copy of the message, with its headers. ------\n\n{}\nIsi\n",
    "original": "\n\n----- Original message -----\n\n{}\nIsi\n",
    "below": "\n\n--- Below this line is a copy of the message.\n\n"
    "Return-Path: <a@b.example>\n{}\nIsi\n",
    "head": "\n\n   ----- Message header follows -----\n\n{}",
    "none": "{}",
}


def _in_words(form, facts):
    name, sender, subject, heads, text, returned, action = form
    head = f"From: {sender}\nTo: {facts['office']}\nSubject: {subject}\n{heads}\n".format(**facts)
    copy = "" if returned == "none" else _returned(facts)
    body = text.format(**facts) + _COPIES[returned].format(copy)
    return Bounce(name, _mail(name, head, "text/plain; charset=utf-8", body), action)


def _report(name, sender, subject, heads, text, fields, status, facts):
    action, code, returned, means = status
    head = f"From: {sender}\nTo: {facts['office']}\nSubject: {subject}\n{heads}\n".format(**facts)
    told = (
        f"Reporting-MTA: dns;mx.example\n{fields}\n\nFinal-Recipient: rfc822;{facts['to']}\n"
        f"Action: {action}\nStatus: {code}\nDiagnostic-Code: smtp;{code[:1]}50 {code} said so\n"
    )
    kinds = {
        "rfc822": "Content-Type: message/rfc822\n\n",
        "heads": "Content-Type: text/rfc822-headers\n\n",
        "file": 'Content-Type: application/octet-stream; name="surat.eml"\n'
        'Content-Disposition: attachment; filename="surat.eml"\n\n',
    }
    part = kinds.get(returned, kinds["rfc822"]) + _returned(facts)
    if returned == "encoded":
        part = (
            "Content-Type: text/rfc822-headers\nContent-Transfer-Encoding: base64\n\n"
            + _encoded(_returned(facts))
        )
    status_part = f"Content-Type: message/delivery-status\n\n{told}"
    if returned == "encoded status":
        status_part = (
            "Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n"
            + _encoded(told)
        )
    body = (
        f"--x\nContent-Type: text/plain; charset=utf-8\n\n{text.format(**facts)}\n"
        f"--x\n{status_part}\n--x\n{part}\n--x--\n"
    )
    kind = "multipart/report; report-type=delivery-status; boundary=x"
    return Bounce(name, _mail(name, head, kind, body), means)


def _encoded(text):
    return base64.encodebytes(text.encode()).decode()


def _mail(name, head, kind, body):
    identity = f"Message-Id: <{name.replace(' ', '-')}@daemon.example>\n"
    heads = "\n".join(line for line in head.split("\n") if line)
    return f"{heads}\n{identity}MIME-Version: 1.0\nContent-Type: {kind}\n\n{body}".encode()
