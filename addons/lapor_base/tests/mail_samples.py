"""Mails as people, machines and broken programs send them, each with the fate that it must have."""

import base64
import quopri
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

from .winmail import TEXT, winmail

HEIC = b"\x00\x00\x00\x18ftypheic" + b"\x01" * 40
# Words that these charsets can write, and what they look like when read well.
CHARSETS = {
    "utf-8": "Lampu “mati” – RT 03 💡",
    "us-ascii": "Lampu mati",
    "iso-8859-1": "Lampu mati à côté",
    "iso-8859-15": "Biaya 50 € diminta",
    "windows-1252": "Lampu “mati” – gelap",
    "utf-16": "Lampu “mati” – RT 03",
    "utf-16-le": "Lampu mati",
    "utf-32": "Lampu mati 💡",
    "utf-7": "Lampu mati à côté",
    "iso-2022-jp": "街灯が消えた",
    "shift_jis": "街灯が消えた",
    "euc-jp": "街灯が消えた",
    "gb2312": "路灯不亮了",
    "gbk": "路燈不亮了",
    "gb18030": "路灯不亮了",
    "big5": "路燈不亮了",
    "euc-kr": "가로등이 꺼졌어요",
    "koi8-r": "Фонарь не горит",
    "windows-1251": "Фонарь не горит",
    "iso-8859-5": "Фонарь не горит",
    "windows-1256": "المصباح لا يعمل",
    "iso-8859-6": "المصباح لا يعمل",
    "iso-8859-7": "Ο λαμπτήρας έσβησε",
    "windows-1255": "הפנס כבוי",
    "iso-8859-9": "Işık sönmüş",
    "tis-620": "ไฟถนนดับ",
    "windows-1250": "Lampa nesvítí ž",
    "mac-roman": "Lampu mati à côté",
    "cp850": "Lampu mati à côté",
}
AUTOMATIC = {
    "Auto-Submitted": (
        "auto-replied",
        "auto-generated",
        "auto-notified; owner=x",
        "AUTO-REPLIED (x)",
    ),
    "Precedence": ("bulk", "junk", "auto_reply", "BULK"),
    "X-Autoreply": ("yes",),
    "X-Autorespond": ("Cuti",),
    "X-MS-Exchange-Generated-Message-Source": ("Mailbox Rules Agent",),
    "Subject": (
        "Automatic reply: Aduan Anda kami terima",
        "Out of Office: cuti bersama",
        "Balasan otomatis: sedang dinas luar",
        "Di luar kantor: sampai Senin",
        "Auto: Terima kasih",
        "Automatische Antwort: Aduan Anda kami terima",
        "Abwesenheitsnotiz: Aduan Anda",
        "Réponse automatique : Aduan Anda",
        "Automatisch antwoord: Aduan Anda",
        "Respuesta automática: Aduan Anda",
        "Automatyczna odpowiedź: Aduan Anda",
    ),
}
LISTS = {
    "List-Id": "<warga.milis.example>",
    "List-Post": "<mailto:warga@milis.example>",
    "Mailing-List": "list warga@milis.example",
    "Precedence": "list",
}
MACHINES = ("no-reply", "noreply", "do-not-reply", "tidak-balas", "bounce-123")
DANGEROUS = (
    "surat.exe",
    "surat.pdf.exe",
    "SURAT.EXE",
    "surat.exe. ",
    "surat.scr",
    "foto.jpg.js",
    "foto\u202egpj.exe",
    "makro.docm",
    "pintasan.lnk",
    "laman.hta",
    "skrip.vbs",
    "skrip.ps1",
)
TAILS = {
    "gmail": "On Mon, Nov 2, 2026 at 8:15 AM Dinas <d@kab.example> wrote:\n> Lama",
    "gmail folded": "On Mon, Nov 2, 2026 at 8:15 AM Dinas Komunikasi dan Informatika\n"
    "<d@kab.example> wrote:\n> Lama",
    "gmail id": "Pada Sen, 2 Nov 2026 pukul 08.15 Dinas <d@kab.example> menulis:\n> Lama",
    "outlook": "-----Original Message-----\nFrom: Dinas\nSent: Senin\nLama",
    "outlook id": "Dari: Dinas <d@kab.example>\nDikirim: Senin\nPerihal: x\n\nLama",
    "yahoo": "________________________________\nDari: Dinas\nDikirim: Senin\nKepada: Budi\n\nLama",
    "marks only": "> Lama\n> Lama juga",
}


@dataclass
class Sample:
    """A mail and its fate.

    ``status`` as ``lapor.mail.held.process_raw`` gives it ("new or held" where both are right),
    ``kind`` of what is held, ``says`` in the complaint's text and ``hides`` not in it, ``files``
    names of its files.
    """

    name: str
    raw: bytes
    status: str = "new"
    kind: str = ""
    says: str = ""
    hides: str = ""
    files: list[str] = field(default_factory=list)


class Samples:
    """Builds the samples for one office's address."""

    def __init__(self, address):
        self.address, self.made = address, []

    def heads(self, message=None, **values):
        """Give a message its heads; each mail has a sender of its own."""
        turn = len(self.made) + 1
        message = EmailMessage() if message is None else message
        heads = {
            "From": f"Warga {turn} <warga{turn}@contoh.example>",
            "To": self.address,
            "Subject": "Aduan jalan",
            "Message-Id": f"<contoh-{turn}@contoh.example>",
            "Date": "Mon, 02 Nov 2026 08:15:00 +0700",
            **{name.replace("_", "-"): value for name, value in values.items()},
        }
        for name, value in heads.items():
            if value is not None and name not in message:
                message[name] = value
        return message

    def add(self, name, raw, **expected):
        """Add a sample: a message, or bytes."""
        raw = raw if isinstance(raw, bytes) else raw.as_bytes()
        self.made.append(Sample(name, raw, **expected))

    def plain(self, text=TEXT, **heads):
        """A plain mail."""
        message = self.heads(**heads)
        message.set_content(text)
        return message

    def typed(self, kind, body, encoding="8bit", **heads):
        """A mail whose body is given as bytes, with heads that say so or lie."""
        head = self.heads(MIMEText(""), **heads)
        del head["Content-Type"], head["Content-Transfer-Encoding"], head["MIME-Version"]
        lines = "".join(f"{name}: {value}\n" for name, value in head.items())
        lines += f"MIME-Version: 1.0\nContent-Type: {kind}\nContent-Transfer-Encoding: {encoding}\n"
        return lines.encode() + b"\n" + body

    def multipart(self, subtype, *parts, **heads):
        """A multipart mail of finished parts."""
        message = MIMEMultipart(subtype)
        for part in parts:
            message.attach(part)
        return self.heads(message, **heads)


def build(address):
    """All samples, for the office with this address.

    :rtype: list[Sample]
    """
    samples = Samples(address)
    for part in (_charsets, _structures, _machines, _routes, _dangers, _tails, _broken):
        part(samples)
    return samples.made


def _charsets(samples):
    for charset, words in CHARSETS.items():
        body = base64.encodebytes(words.encode(charset))
        kind = f'text/plain; charset="{charset}"'
        samples.add(f"charset {charset}", samples.typed(kind, body, "base64"), says=words)
    words = "Lampu “mati” à côté"
    for charset in ("us-ascii", "iso-8859-1", "windows-1252", "x-unknown", "", "base64", "idna"):
        kind = f'text/plain; charset="{charset}"'
        raw = samples.typed(kind, words.encode())
        samples.add(f"utf-8 that says {charset or 'nothing'}", raw, says=words)
    raw = samples.typed("text/plain; charset=utf-8", words.encode("cp1252"))
    samples.add("cp1252 that says utf-8", raw, says=words)
    raw = samples.typed(
        "text/plain; charset=utf-8", quopri.encodestring(words.encode()), "quoted-printable"
    )
    samples.add("quoted-printable", raw, says=words)
    raw = samples.typed("text/plain; charset=utf-8", b"%%% bukan base64 %%%", "base64")
    samples.add("bad base64", raw, status="new or held")
    raw = samples.typed("text/plain", b"Lampu\x00 mati\x1b[31m")
    samples.add("controls", raw, says="Lampu mati")
    raw = samples.typed("text/plain; format=flowed", b"Lampu jalan di \ndepan pasar.")
    samples.add("flowed", raw, says="Lampu jalan di depan pasar.")
    for subject in (
        "=?utf-8?q?Jalan_rusak?=",
        "=?iso-8859-1?b?SmFsYW4=?=",
        "=?x?q?a?=",
        "=?utf-8?b?@?=",
    ):
        samples.add(
            f"subject {subject}", samples.typed("text/plain", TEXT.encode(), Subject=subject)
        )


def _structures(samples):
    html = f"<p>{TEXT}</p><img src='https://jejak.example/x.gif'><script>x()</script>"
    samples.add("plain", samples.plain(), says=TEXT)
    samples.add("html", samples.typed("text/html", html.encode()), says=TEXT, hides="jejak")
    both = (MIMEText(TEXT), MIMEText(html, "html"))
    samples.add("alternative", samples.multipart("alternative", *both), says=TEXT, hides="jejak")
    photo = MIMEApplication(HEIC, "octet-stream", Name="IMG_1.HEIC")
    photo.add_header("Content-Disposition", "attachment", filename="IMG_1.HEIC")
    raw = samples.multipart("mixed", MIMEText(TEXT), photo)
    samples.add("photo of a phone", raw, says=TEXT, files=["IMG_1.HEIC"])
    inline = MIMEApplication(b"GIF89a", "gif")
    inline.add_header("Content-Id", "<a@b>")
    inline.add_header("Content-Disposition", "inline", filename="a.gif")
    page = MIMEText(f"<p>{TEXT}</p><img src='cid:a@b'>", "html")
    samples.add(
        "inline picture", samples.multipart("related", page, inline), says=TEXT, files=["a.gif"]
    )
    inner = MIMEText("Tolong perbaiki lampu kami.")
    inner["Subject"], inner["From"] = "Lampu", "tetangga@contoh.example"
    forwarded = samples.multipart("mixed", MIMEMessage(inner))
    samples.add("forwarded as a file", forwarded, says="perbaiki lampu kami", files=["Lampu.eml"])
    day = MIMEText("BEGIN:VCALENDAR\nEND:VCALENDAR", "calendar")
    samples.add("calendar", samples.multipart("mixed", MIMEText(TEXT), day), files=["undangan.ics"])
    for kind, name in (("pkcs7-signature", "smime.p7s"), ("pgp-signature", "signature.asc")):
        signature = MIMEApplication(b"x", kind)
        raw = samples.multipart("signed", MIMEText(TEXT), signature)
        samples.add(f"signed {kind}", raw, says=TEXT, files=[name])
    armor = (
        f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{TEXT}\n"
        "-----BEGIN PGP SIGNATURE-----\n\nx\n-----END PGP SIGNATURE-----"
    )
    samples.add("signed inside", samples.plain(armor), says=TEXT, hides="PGP")
    secret = samples.multipart("encrypted", MIMEApplication(b"Version: 1", "pgp-encrypted"))
    samples.add("encrypted pgp", secret, status="held", kind="encrypted")
    kind = "application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m"
    samples.add("encrypted s/mime", samples.typed(kind, b"x"), status="held", kind="encrypted")
    tnef = MIMEApplication(winmail(), "ms-tnef", Name="winmail.dat")
    raw = samples.multipart("mixed", tnef)
    samples.add("winmail.dat", raw, says=TEXT, files=["Foto lampu jalan.jpg"])
    raw = samples.multipart("mixed", MIMEText(TEXT), tnef)
    samples.add("winmail.dat beside text", raw, says=TEXT, files=["Foto lampu jalan.jpg"])
    tnef = MIMEApplication(winmail(name="lampu.exe"), "ms-tnef", Name="winmail.dat")
    raw = samples.multipart("mixed", MIMEText(TEXT), tnef)
    samples.add("program in winmail.dat", raw, says=TEXT)
    tnef = MIMEApplication(winmail()[:-20], "ms-tnef", Name="winmail.dat")
    raw = samples.multipart("mixed", MIMEText(TEXT), tnef)
    samples.add("winmail.dat cut off", raw, says=TEXT, files=["winmail.dat"])
    tnef = MIMEApplication(b"\x78\x9f\x3e\x22rusak", "ms-tnef", Name="winmail.dat")
    raw = samples.multipart("mixed", MIMEText(TEXT), tnef)
    samples.add("broken winmail.dat", raw, says=TEXT, files=["winmail.dat"])
    # Found by damaging mails at random.
    word = b"Subject: =?iso-8859-1?b?SmFmFsYW4=?= "
    raw = samples.plain(TEXT).as_bytes().replace(b"Subject: ", word, 1)
    samples.add("encoded word cut off", raw, says=TEXT)
    raw = samples.plain(TEXT).as_bytes().replace(b"<contoh-", b"<contoh-\0", 1)
    samples.add("nul in the message id", raw, says=TEXT)
    raw = (
        samples.plain(TEXT)
        .as_bytes()
        .replace(b"<contoh-", b"<" + "ö".encode() * 1500 + b"contoh-", 1)
    )
    samples.add("monstrous message id", raw, says=TEXT)
    report = MIMEApplication(b"%PDF", "pdf")
    raw = samples.multipart("mixed", MIMEText(TEXT), report)
    samples.add("file without a name", raw, files=["lampiran.pdf"])
    samples.add("subject only", samples.plain("", Subject="Jembatan putus"), says="Jembatan putus")
    samples.add("nothing", samples.plain("", Subject=""), status="held", kind="no_text")
    raw = samples.multipart("mixed", report, Subject="")
    samples.add("file only", raw, status="held", kind="no_text")
    deep = "<div>" * 5000 + TEXT + "</div>" * 5000
    samples.add("deep html", samples.typed("text/html", deep.encode()), status="new or held")
    samples.add(
        "broken html", samples.typed("text/html", b"<p><table><b>Lampu <mati"), says="Lampu"
    )
    # More than a complaint's text may be is held whole.
    raw = samples.plain(f"{TEXT}\n" * 20_000)
    samples.add("long text", raw, status="held", kind="cut")


def _machines(samples):
    for name, values in AUTOMATIC.items():
        for value in values:
            raw = samples.plain(**{name.replace("-", "_"): value})
            samples.add(f"{name}: {value}", raw, status="held", kind="automatic")
    for name, value in LISTS.items():
        raw = samples.plain(**{name.replace("-", "_"): value})
        samples.add(f"{name}: {value}", raw, status="held", kind="list")
    for name in MACHINES:
        raw = samples.plain(From=f"{name}@contoh.example")
        samples.add(f"from {name}", raw, status="held", kind="noreply")
    raw = samples.plain(From="MAILER-DAEMON@contoh.example")
    samples.add("from MAILER-DAEMON", raw, status="held", kind="report")
    raw = samples.plain(From="postmaster@contoh.example", Subject="Undeliverable: Aduan Anda")
    samples.add("report of postmaster", raw, status="held", kind="report")
    raw = samples.plain(Return_Path="<MAILER-DAEMON>")
    samples.add("returned by a daemon", raw, status="held", kind="report")
    # Words of a subject that need a second sign, with one.
    for subject in ("Dibaca: Aduan Anda", "Undeliverable: Aduan Anda", "Read: Aduan Anda"):
        raw = samples.plain(Subject=subject, In_Reply_To="<surat@uji.example>")
        samples.add(f"second sign, {subject}", raw, status="held", kind="automatic")
    raw = samples.multipart("report", MIMEText("gagal"))
    samples.add("report", raw, status="held", kind="report")
    samples.add("from ourselves", samples.plain(From=samples.address), status="held", kind="own")
    for name, value in (
        ("Auto-Submitted", "no"),
        ("Precedence", "normal"),
        ("X-Auto-Response-Suppress", "None"),
        ("X-Auto-Response-Suppress", "DR, OOF, AutoReply"),
        ("X-Loop", "budi@warga.example"),
        ("Feedback-ID", "17485103:user:proton"),
        ("Feedback-ID", "i12345:Fastmail"),
        ("List-Unsubscribe", "<mailto:keluar@milis.example>"),
        ("From", "postmaster@desa.example"),
        ("Subject", "Di luar kantor kelurahan ada parkir liar"),
        ("Subject", "Jawaban otomatis Disdukcapil tidak membantu"),
        ("Subject", "Undelivered bansos di RT 5"),
        ("Subject", "Dibaca: surat edaran camat salah isi"),
        ("Subject", "Read: edaran salah"),
        ("Subject", "Kantor di luar kota tidak ada balasan"),
        ("Subject", "Auto rickshaw melawan arus"),
    ):
        raw = samples.plain(f"{TEXT} {value}", **{name.replace("-", "_"): value})
        samples.add(f"person with {name}: {value}", raw)


def _routes(samples):
    address, (local, _at, domain) = samples.address, samples.address.partition("@")
    elsewhere = "warga@contoh.example"
    for name in ("Cc", "Delivered-To", "X-Original-To", "Envelope-To", "Resent-To"):
        raw = samples.plain(To=elsewhere, **{name.replace("-", "_"): address})
        samples.add(f"only in {name}", raw)
    samples.add("capitals", samples.plain(To=address.upper()))
    samples.add("plus", samples.plain(To=f"{local}+apa.saja@{domain}"))
    samples.add(
        "many", samples.plain(To=", ".join(f"w{n}@x.example" for n in range(99)) + f", {address}")
    )
    for name, to in (
        ("nobody's", elsewhere),
        ("misspelt", f"x{address}"),
        ("hidden", "undisclosed-recipients:;"),
    ):
        samples.add(f"to {name}", samples.plain(To=to), status="held", kind="unrouted")


def _dangers(samples):
    for name in DANGEROUS:
        message = samples.plain()
        message.add_attachment(b"MZ", maintype="application", subtype="octet-stream", filename=name)
        # The file stays outside, the words come in.
        samples.add(f"file {name!r}", message, says=TEXT)
    heads = samples.plain().as_bytes()
    samples.add(
        "megabyte header", b"X-A: " + b"a" * 10**6 + b"\n" + heads, status="held", kind="excess"
    )
    samples.add("many headers", b"X-A: b\n" * 60_000 + heads, status="held", kind="excess")
    inner = MIMEText(TEXT)
    for _level in range(80):
        outer = MIMEMultipart()
        outer.attach(inner)
        inner = outer
    samples.add("depth", samples.heads(inner), status="held", kind="excess")
    many = MIMEMultipart()
    for _part in range(2100):
        many.attach(MIMEText("x"))
    samples.add("many parts", samples.heads(many), status="held", kind="excess")
    quotes = samples.typed('text/plain; x="' + ';"' * 20_000, TEXT.encode())
    samples.add("long parameters", quotes, status="new or held")
    injected = samples.typed(
        "text/plain", TEXT.encode(), Subject="=?utf-8?q?a=0ABcc:_x@y.example?="
    )
    samples.add("injected header", injected, says=TEXT)
    bomb = MIMEApplication(b"PK\x03\x04" + b"\0" * 999, "zip", Name="bom.zip")
    bomb.add_header("Content-Disposition", "attachment", filename="bom.zip")
    samples.add(
        "zip is kept closed", samples.multipart("mixed", MIMEText(TEXT), bomb), files=["bom.zip"]
    )


def _tails(samples):
    for name, tail in TAILS.items():
        raw = samples.plain(f"{TEXT}\n\n{tail}", Subject="Re: Jalan rusak")
        samples.add(f"tail of {name}", raw, says=TEXT, hides="Lama")


def _broken(samples):
    for name, raw in (("empty", b""), ("blank", b"\n\n"), ("noise", bytes(range(256)))):
        samples.add(name, raw, status="held", kind="unreadable")
    good = samples.plain().as_bytes()
    samples.add("mailbox line", b"From warga Mon Nov  2 08:15:00 2026\n" + good, says=TEXT)
    # Mail 15286 of the bench with seed 2: whom it is for stands below the heads that it tore.
    torn = good.replace(b"To: ", b"jalan rusak\n<<To: ", 1).replace(b"<contoh-", b"<robek-", 1)
    samples.add("torn heads", torn, status="held", kind="unrouted")
    samples.add("carriage returns", samples.plain().as_bytes().replace(b"\n", b"\r\n"), says=TEXT)
    samples.add("no message id", samples.plain(Message_Id=None), says=TEXT)
    samples.add("bare message id", samples.typed("text/plain", b"a b", Message_Id="x@y"))
    samples.add("no date", samples.plain(Date=None), says=TEXT)
    samples.add("no sender", samples.plain(From=None), status="new or held")
    raw = samples.plain().as_bytes().replace(b"Subject: Aduan", b"Subject: \xff\xfeAduan")
    samples.add("bytes in the subject", raw, says=TEXT)
    cut = samples.multipart("mixed", MIMEText(TEXT), MIMEText("b")).as_bytes()[:-60]
    samples.add("cut off", cut, status="new or held")
    nowhere = samples.typed('multipart/mixed; boundary="tidak ada"', TEXT.encode())
    samples.add("boundary that never comes", nowhere, status="new or held")
