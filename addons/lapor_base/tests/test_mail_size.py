import errno
import hashlib
import io
import os
from email.message import EmailMessage
from pathlib import Path
from unittest.mock import patch

from PIL import Image

from odoo.tests import tagged

from ..tools import mail_bounds, mail_reader
from .mail_samples import HEIC
from .mails import MailIntakeCase


def photo(turn, size=(4000, 3000)):
    """A JPEG as large as a phone takes it, with where and by which camera."""
    picture = Image.frombytes("RGB", (64, 48), bytes((turn * 7 + i) % 256 for i in range(9216)))
    heads = Image.Exif()
    heads[0x010F] = "Ponsel"
    heads.get_ifd(0x8825)[1] = "S"
    output = io.BytesIO()
    picture.resize(size).save(output, "JPEG", quality=70, exif=heads)
    return output.getvalue()


@tagged("post_install", "-at_install")
class TestMailSize(MailIntakeCase):
    """Large mails of phones: every file stays as it was taken, and what is too much is
    held whole."""

    def _phone_mail(self, *files, **heads):
        """A mail as a phone sends photos: (name, type, content)."""
        message = EmailMessage()
        message["From"], message["To"] = "Siti <siti@warga.example>", self.office_address
        message["Subject"], message["Message-Id"] = "Foto jalan", "<A1B2C3@ponsel.example>"
        message["X-Mailer"], message["Mime-Version"] = "iPhone Mail (22F76)", "1.0 (1.0)"
        for name, value in heads.items():
            message[name] = value
        message.set_content("Jalan rusak, foto terlampir.\n\nDikirim dari iPhone saya")
        for name, kind, content in files:
            main, _slash, sub = kind.partition("/")
            message.add_attachment(
                content, maintype=main, subtype=sub, disposition="inline", filename=name
            )
        return message.as_bytes()

    def _files(self, complaint):
        return self.env["ir.attachment"].search(
            [("res_model", "=", "lapor.complaint"), ("res_id", "=", complaint.id)], order="id"
        )

    def test_photos_are_kept_byte_for_byte_and_once(self):
        files = [(f"IMG_{turn}.jpg", "image/jpeg", photo(turn)) for turn in range(4)]
        files.append(("IMG_5.HEIC", "image/heic", HEIC + b"\1" * 500_000))
        complaint = self._take_in(self._phone_mail(*files))
        kept = self._files(complaint)
        self.assertEqual(
            [(file.name, file.mimetype, hashlib.sha256(file.raw).digest()) for file in kept],
            [(name, kind, hashlib.sha256(content).digest()) for name, kind, content in files],
        )
        self.assertEqual(self._complainant_posts(complaint).attachment_ids, kept)
        # The mail is not kept once more beside them.
        receipt = self.env["lapor.mail.receipt"].search([("complaint_id", "=", complaint.id)])
        self.assertEqual((receipt.fate, receipt.held_id.id), ("new", False))

    def test_number_of_files_costs_no_questions_each(self):
        few = self._phone_mail(("a.jpg", "image/jpeg", photo(1, (40, 30))))
        self._take_in(few)
        raws = [
            self._phone_mail(
                *((f"{turn}.jpg", "image/jpeg", photo(turn, (40, 30))) for turn in range(count)),
                Date=str(count),
            ).replace(b"A1B2C3", b"A%d" % count)
            for count in (1, 12)
        ]
        counts = []
        for raw in raws:
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["lapor.mail.gateway"]._receive(raw)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 3)

    def test_file_just_over_the_limit_is_left_out_and_told(self):
        self.company.lapor_file_limit = 1
        whole = HEIC + b"\1" * (1024**2 - len(HEIC))
        small = self._phone_mail(("a.heic", "image/heic", whole))
        self.assertEqual(self._files(self._take_in(small)).raw, whole)
        raw = self._phone_mail(
            ("b.heic", "image/heic", whole + b"\1"), ("c.heic", "image/heic", HEIC)
        ).replace(b"A1B2C3", b"B1")
        complaint = self._take_in(raw)
        held = self._held()
        self.assertEqual((held.state, held.detail), ("released", "b.heic"))
        # The rest need not wait for a smaller picture.
        self.assertEqual(self._files(complaint).mapped("name"), ["c.heic"])
        body = self._complainant_posts(complaint).body
        self.assertIn("Not taken in with it: b.heic.", body)
        self.assertIn("kept among the held mails", body)
        self.assertEqual(self._raw(held), raw)

    def test_dangerous_file_is_left_out(self):
        raw = self._phone_mail(("surat.exe", "application/octet-stream", b"MZ" + b"\0" * 99))
        complaint = self._take_in(raw)
        held = self._held()
        self.assertEqual((held.kind, held.detail), ("attachment", "surat.exe"))
        self.assertFalse(self._files(complaint))
        self.assertIn("surat.exe", self._complainant_posts(complaint).body)

    def test_mail_over_the_limit_is_held_unopened_and_replayed_when_that_is_raised(self):
        raw = self._phone_mail(("a.heic", "image/heic", HEIC))
        with patch.object(mail_bounds, "MAX_SIZE", len(raw)):
            self.assertFalse(mail_bounds.excess(raw))
        with patch.object(mail_bounds, "MAX_SIZE", len(raw) - 1):
            self.assertEqual(self._process(raw)["status"], "held")
            held = self._held()
            self.assertIn("more than 0 MB", held.reason)
            with self.assertRefused("cannot be opened"):
                held.with_user(self.operator).action_release_new()
        self.assertEqual(self._files(self._release(held)).raw, HEIC)

    def test_what_would_be_cut_is_held_whole(self):
        files = [(f"{turn}.heic", "image/heic", HEIC) for turn in range(3)]
        raw = self._phone_mail(*files)
        with patch.object(mail_reader, "MAX_FILES", 2):
            self._process(raw)
        held = self._held()
        self.assertEqual((held.kind, held.detail), ("cut", "files"))
        self.assertNotIn("(files)", held.reason)
        with patch.object(mail_reader, "MAX_TEXT", 20):
            self._process(raw.replace(b"A1B2C3", b"C1"))
        self.assertEqual(self._held().detail, "text")
        self.assertEqual(len(self._files(self._release(held))), 3)

    def test_book_is_held_whole_whether_it_is_a_text_or_a_page(self):
        long = "kata " * (mail_reader.MAX_TEXT // 5 + 1)
        for raw in (self._mail(text=long), self._mail(text="x", html=f"<p>{long}</p>")):
            self.assertEqual(self._process(raw)["status"], "held")
            held = self._held()
            self.assertEqual((held.kind, held.detail), ("cut", "text"))
            self.assertIn("100000", held.reason)
            self.assertLessEqual(len(held.preview), 20_000)
            complaint = self._release(held)
            self.assertLessEqual(len(complaint.description), mail_reader.MAX_TEXT)
            self.assertTrue("held mails" in complaint.message_ids[-1].body)
        page = "<p style='margin: 0'>" + "<span></span>" * 10_000 + "Jalan rusak.</p>"
        self.assertEqual(self._process(self._mail(text="x", html=page))["status"], "new")

    def test_long_page_is_shown_by_its_text(self):
        complaint = self._take_in(self._mail())
        picture = "data:image/png;base64," + "A" * 250_000
        html = f"<p>Awal.</p><img src='{picture}'><p>Akhir.</p>"
        raw = self._mail(text="x", html=html, subject=f"Re: [{complaint.number}]")
        self.assertEqual(self._process(raw)["status"], "reply")
        body = complaint.message_ids[0].body
        self.assertIn("Awal.", body)
        self.assertIn("Akhir.", body)
        self.assertLess(len(body), 1000)

    def test_long_subject_is_told_in_the_text(self):
        subject = "Lampu " * 60 + "selesai"
        complaint = self._take_in(self._mail(text="Tolong.", subject=subject))
        self.assertLessEqual(len(complaint.name), 250)
        self.assertIn("selesai\n\nTolong.", complaint.description)

    def test_page_as_a_file_is_shown_as_text(self):
        page = ("surat.html", "text/html", b"<script>x()</script>")
        kept = self._files(self._take_in(self._phone_mail(page)))
        self.assertEqual((kept.raw, kept.mimetype), (page[2], "text/plain"))

    def test_full_disk_takes_nothing_in_and_leaves_nothing_in_the_way(self):
        content = HEIC + os.urandom(5000)
        raw = self._phone_mail(("a.heic", "image/heic", content))
        digest = hashlib.sha1(content).hexdigest()
        Attachment = self.env["ir.attachment"]
        path = Path(Attachment._full_path(f"{digest[:2]}/{digest}"))
        real = open

        def full(name, mode="r", *args, **kwargs):
            if Path(str(name)) == path and "w" in mode:
                path.write_bytes(content[:100])
                raise OSError(errno.ENOSPC, "No space left on device")
            return real(name, mode, *args, **kwargs)

        with (
            patch("builtins.open", full),
            self.assertRaises(OSError),
            self.env.cr.savepoint(),
        ):
            self._process(raw)
        self.env.invalidate_all()
        self.assertFalse(path.exists())
        self.assertEqual(self._files(self._take_in(raw)).raw, content)
