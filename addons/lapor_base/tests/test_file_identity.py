import io
import zipfile

import pypdf
from PIL import Image, WebPImagePlugin
from PIL.PngImagePlugin import PngInfo

from odoo.exceptions import AccessError
from odoo.tests import BaseCase, tagged

from ..tools.file_identity import without_identity
from .mails import MailIntakeCase

NAME = "Zulkifli Zainal"
# Odoo loads only the commonest formats by itself.
Image.register_save("WEBP", WebPImagePlugin._save)
Image.register_open("WEBP", WebPImagePlugin.WebPImageFile, WebPImagePlugin._accept)

GPS, ARTIST, OWNER, MAKER_TIME = 0x8825, 0x013B, 0xA430, 0x9003


def jpeg(orientation=6):
    exif = Image.Exif()
    exif[ARTIST], exif[0x0112], exif[0x0132] = NAME, orientation, "2026:11:23 08:15:00"
    exif.get_ifd(0x8769)[OWNER] = NAME
    exif.get_ifd(0x8769)[MAKER_TIME] = "2026:11:23 08:15:00"
    exif.get_ifd(GPS)[1], exif.get_ifd(GPS)[2] = "S", (3.0, 19.0, 1.0)
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(
        out, "JPEG", exif=exif, comment=NAME.encode(), progressive=True
    )
    return out.getvalue()


def picture(kind):
    out = io.BytesIO()
    exif = Image.Exif()
    exif[ARTIST] = NAME
    more = {"exif": exif}
    if kind == "PNG":
        info = PngInfo()
        info.add_text("Author", NAME)
        more["pnginfo"] = info
    Image.new("RGB", (64, 48), "blue").save(out, kind, **more)
    return out.getvalue()


def pdf():
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_metadata({"/Author": NAME})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def packed(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            # The same bytes whenever it is made.
            entry = zipfile.ZipInfo(name.replace("__", "/"))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text)
    return out.getvalue()


def docx():
    return packed(
        **{
            "[Content_Types].xml": "<Types/>",
            "docProps__core.xml": f"<cp:coreProperties xmlns:dc='x'><dc:creator>{NAME}"
            "</dc:creator></cp:coreProperties>",
            "docProps__app.xml": f"<Properties><Company>{NAME}</Company></Properties>",
            "word__document.xml": f'<w:p><w:ins w:author="{NAME}">'
            "<w:t>Jalan rusak</w:t></w:ins></w:p>",
        }
    )


def odt():
    return packed(
        mimetype="application/vnd.oasis.opendocument.text",
        **{
            "meta.xml": f"<office:document-meta><dc:creator>{NAME}</dc:creator>"
            "</office:document-meta>",
            "content.xml": f"<a><dc:creator>{NAME}</dc:creator>Jalan rusak</a>",
        },
    )


def box(kind, body):
    return (len(body) + 8).to_bytes(4, "big") + kind + body


def film():
    place = box(b"\xa9xyz", b"+03.19+115.01" + NAME.encode())
    return (
        box(b"ftyp", b"isom0000")
        + box(b"moov", box(b"mvhd", b"0" * 20) + box(b"udta", place))
        + box(b"mdat", b"film")
    )


CARD = f"BEGIN:VCARD\nVERSION:3.0\nFN:{NAME}\nEND:VCARD\n".encode()
MAIL = f"From: {NAME} <z@warga.example>\nSubject: Jalan\n\nJalan rusak.\n".encode()
SEALED = {
    "kontak.vcf": CARD,
    "kontak.txt": CARD,
    "surat.eml": MAIL,
    "surat.txt": MAIL,
    "undangan.ics": f"BEGIN:VCALENDAR\nORGANIZER:{NAME}\nEND:VCALENDAR".encode(),
    "smime.p7s": b"\x30\x82\x01\x00\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02" + NAME.encode(),
    "tanda.bin": b"\x30\x82\x01\x00\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02" + NAME.encode(),
    "surat.msg": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + NAME.encode("utf-16-le"),
    "berkas": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + NAME.encode("utf-16-le"),
    "arsip.zip": packed(**{"kontak.vcf": CARD.decode()}),
    "foto.heic": b"\x00\x00\x00\x18ftypheic" + NAME.encode(),
    "rusak.jpg": b"\xff\xd8\xff\xe1" + NAME.encode(),
}
STRIPPED = {
    "foto.jpg": jpeg(),
    "foto.png": picture("PNG"),
    "foto.webp": picture("WEBP"),
    "surat.pdf": pdf(),
    "surat.docx": docx(),
    "surat.odt": odt(),
    "film.mp4": film(),
    "suara.mp3": b"ID3\x03\x00\x00\x00\x00\x00\x0f" + NAME.encode() + b"\xff\xfbsuara",
    "foto.dat": jpeg(),
}
KEPT = {
    "catatan.txt": b"Jalan rusak: sejak Senin.",
    "polos.zip": packed(**{"catatan.txt": "Jalan rusak."}),
}


def tells(content):
    """Whether the name stands in a file, however it is packed."""
    words = [NAME.encode(), NAME.encode("utf-16-le"), NAME.encode("utf-16-be")]
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return any(tells(archive.read(info)) for info in archive.infolist())
    if content.startswith(b"%PDF"):
        reader = pypdf.PdfReader(io.BytesIO(content))
        return NAME in str(reader.metadata)
    return any(word in content for word in words)


@tagged("post_install", "-at_install")
class TestFileIdentity(BaseCase):
    """What cameras, office and mail programs write into files about their owner."""

    def test_files_that_tell_are_recognised_by_name_or_content(self):
        for name, content in SEALED.items():
            with self.subTest(name):
                self.assertIsNone(without_identity(name, content))

    def test_files_lose_the_marks_of_who_made_them_and_nothing_else(self):
        for name, content in STRIPPED.items():
            with self.subTest(name):
                self.assertTrue(tells(content))
                after = without_identity(name, content)
                self.assertFalse(tells(after))
                # Done once, nothing is left to do.
                self.assertEqual(without_identity(name, after), after)
        photo = without_identity("foto.jpg", jpeg())
        with Image.open(io.BytesIO(photo)) as after, Image.open(io.BytesIO(jpeg())) as before:
            self.assertEqual(after.tobytes(), before.tobytes())
            self.assertEqual(after.getexif()[0x0112], 6)
            self.assertEqual(after.getexif().get_ifd(0x8769)[MAKER_TIME], "2026:11:23 08:15:00")
            self.assertFalse(after.getexif().get_ifd(GPS))
        for kind in ("PNG", "WEBP"):
            with Image.open(io.BytesIO(without_identity("x", picture(kind)))) as after:
                self.assertEqual(after.size, (64, 48))
                after.load()
        text = zipfile.ZipFile(io.BytesIO(without_identity("a.docx", docx())))
        self.assertIn("Jalan rusak", text.read("word/document.xml").decode())
        self.assertEqual(len(pypdf.PdfReader(io.BytesIO(without_identity("a", pdf()))).pages), 1)

    def test_other_files_stay_byte_for_byte(self):
        for name, content in KEPT.items():
            with self.subTest(name):
                self.assertEqual(without_identity(name, content), content)


@tagged("post_install", "-at_install")
class TestFilesOfAnonymousCases(MailIntakeCase):
    """Files of an anonymous complainant: stripped for those who handle the case, the originals
    with the identity."""

    def _files_of(self, complaint):
        return self.env["ir.attachment"].search(
            [("res_model", "=", "lapor.complaint"), ("res_id", "=", complaint.id)]
        )

    def _assert_hidden(self, complaint, originals):
        files = self._files_of(complaint).with_user(self.operator)
        self.assertTrue(files)
        for file in files:
            self.assertFalse(tells(file.raw), file.name)
        kept = complaint.sudo().complainant_id.file_ids
        self.assertEqual({file.raw for file in kept}, set(originals))
        with self.assertRaises(AccessError):
            kept.with_user(self.operator).read(["raw"])
        with self.assertRaises(AccessError):
            kept.with_user(self.operator).read(["name"])

    def test_case_that_becomes_anonymous(self):
        raw = self._mail(sender=f"{NAME} <zulkifli.z@perusahaan.example>", photo=jpeg())
        complaint = self._take_in(raw)
        received = self._complainant_posts(complaint)
        before = received.message_id
        message = complaint.with_user(self.operator).message_post(
            body="Berkas", attachments=[("kontak.vcf", CARD), ("surat.docx", docx())]
        )
        complaint.with_user(self.operator).is_anonymous = True
        self._assert_hidden(complaint, [CARD, docx(), jpeg()])
        self.assertIn("kontak.vcf.txt", message.attachment_ids.mapped("name"))
        self.assertEqual(
            [
                one
                for one in self.env["lapor.event"]._verify()["broken"]
                if one["complaint_id"] == complaint.id
            ],
            [],
        )
        # Message-Ids tell nothing, and answers find their case still.
        self.assertNotEqual(received.message_id, before)
        self.assertIn("lapor.invalid", received.message_id)
        reply = self._mail(answers=before, sender="zulkifli.z@perusahaan.example")
        self.assertEqual(self._process(reply)["status"], "reply")
        self.assertRegex(self._acknowledgement(complaint)._mail_references(), r"^<uji-\d+@mail")
        complaint.with_user(self.head).action_reveal_identity("Menelepon pelapor hari ini")
        own = complaint.complainant_id.with_user(self.head)
        self.assertIn(CARD, own.file_ids.mapped("raw"))

    def test_files_that_come_later(self):
        complaint = self._take_in(self._mail())
        complaint.with_user(self.operator).is_anonymous = True
        answers = self._acknowledgement(complaint).mail_id.message_id
        self.assertEqual(
            self._process(self._mail(answers=answers, photo=jpeg()))["status"], "reply"
        )
        complaint.with_user(self.operator).message_post(
            body="Berkas", attachments=[("kontak.vcf", CARD)]
        )
        self._assert_hidden(complaint, [CARD, jpeg()])
        self.assertEqual(
            [
                one
                for one in self.env["lapor.event"]._verify()["broken"]
                if one["complaint_id"] == complaint.id
            ],
            [],
        )
