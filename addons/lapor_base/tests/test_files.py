import base64
from email.message import EmailMessage

from odoo.exceptions import UserError, ValidationError
from odoo.tests import BaseCase, tagged

from ..tools.file_check import clean_name, file_fault
from . import common
from .samples import JPEG

MB = 1024**2
EXE = b"MZ\x90\x00" + b"x" * 100


@tagged("post_install", "-at_install")
class TestFileCheck(BaseCase):
    def test_faults(self):
        for name, content, fault in (
            ("foto.jpg", JPEG, None),
            ("foto.JPG", JPEG, None),
            ("foto.heic", b"\x00\x00\x00\x18ftypheic", None),
            ("foto.jpg", b"\x89PNG....", None),
            ("surat.pdf", b"\r\n%PDF-1.7 ...", None),
            ("catatan.txt", b"Halo", None),
            ("tanpa ekstensi", b"Halo", None),
            (".profil", b"Halo", None),
            ("foto.jpg", b"", "empty"),
            ("foto.jpg", JPEG + b"x" * MB, "big"),
            ("setup.exe", b"Halo", "blocked"),
            ("foto.jpg.exe", JPEG, "blocked"),
            ("foto.jpg.EXE. ", JPEG, "blocked"),
            ("foto\u202egpj.exe", JPEG, "blocked"),
            ("makro.xlsm", b"PK\x03\x04", "blocked"),
            ("foto.jpg", EXE, "program"),
            ("data", b"\x7fELF" + b"x" * 90, "program"),
            ("skrip.txt", b"#!/bin/sh\nrm", "program"),
            ("foto.jpg", b"<html><script>", "false"),
            ("surat.pdf", JPEG, "false"),
        ):
            with self.subTest(name, content=content[:8]):
                self.assertEqual(file_fault(name, content, MB), fault)
        self.assertIsNone(file_fault("alat.exe", b"Halo", MB, blocked="bat"))

    def test_names(self):
        for name, clean in (
            ("foto.jpg", "foto.jpg"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Foto\\jalan.jpg", "jalan.jpg"),
            ("a\x00b\u202ec\n.jpg", "abc.jpg"),
            ("😡 rusak.jpg", "😡 rusak.jpg"),
            ("", ""),
        ):
            self.assertEqual(clean_name(name), clean)
        long = clean_name("x" * 500 + ".jpeg")
        self.assertEqual((len(long), long[-6:]), (150, "….jpeg"))


@tagged("post_install", "-at_install")
class TestFiles(common.LaporCase):
    """A file that cannot be evidence is refused with a sentence, by every way, and nothing is
    half done; what comes by mail is not lost."""

    BAD = (
        ("kosong.jpg", b"", "empty"),
        ("besar.jpg", JPEG + b"x" * (2 * MB), "too large"),
        ("alat.exe", b"Halo", "can do harm"),
        ("foto.jpg", EXE, "program"),
        ("foto.jpg", b"<html>", "not what its name says"),
    )

    def setUp(self):
        super().setUp()
        self.company.lapor_file_limit = 1
        self.complaint = self._make_complaint()

    def _upload(self, name, content, model, record_id=0):
        return (
            self.env["ir.attachment"]
            .with_user(self.operator)
            .create([{"name": name, "raw": content, "res_model": model, "res_id": record_id}])
        )

    def test_uploads_to_the_case_and_to_dialogs_are_refused(self):
        for name, content, words in self.BAD:
            for model, record_id in (("lapor.complaint", self.complaint.id), ("lapor.advance", 0)):
                with self.subTest(name, model=model), self.assertRefused(words, ValidationError):
                    self._upload(name, content, model, record_id)
        self.assertFalse(self.complaint.message_attachment_count)

    def test_messages_with_bad_files_are_refused_as_a_whole(self):
        before = self.complaint.message_ids
        for name, content, words in self.BAD:
            with self.subTest(name), self.assertRefused(words), self.env.cr.savepoint():
                self.complaint.with_user(self.operator).message_post(
                    body="Lihat", attachments=[(name, content)]
                )
        self.assertEqual(self.complaint.message_ids, before)

    def test_files_handed_in_as_evidence_are_refused_and_the_step_stays(self):
        step = self.complaint.sudo().current_step_id
        for name, content, words in self.BAD:
            loose = (
                self.env["ir.attachment"]
                .with_user(self.operator)
                .create({"name": name, "raw": content})
            )
            with self.subTest(name), self.assertRefused(words), self.env.cr.savepoint():
                self._advance(self.complaint, self.operator, attachment_ids=loose.ids)
        self.assertEqual(self.complaint.sudo().current_step_id, step)

    def test_good_file_is_not_turned_into_a_bad_one(self):
        file = self._upload("foto.jpg", JPEG, "lapor.complaint", self.complaint.id)
        for values in ({"raw": EXE}, {"datas": base64.b64encode(EXE)}, {"name": "foto.exe"}):
            with self.subTest(values), self.assertRaises(UserError), self.env.cr.savepoint():
                file.write(values)

    def test_names_are_cleaned(self):
        file = self._upload("fo\u202eto\x07.jpg", JPEG, "lapor.complaint", self.complaint.id)
        self.assertEqual(file.name, "foto.jpg")

    def test_limits_are_the_governments_own(self):
        self.company.lapor_file_limit = 3
        self.company.lapor_file_blocked = "bat"
        self._upload("besar.jpg", JPEG + b"x" * (2 * MB), "lapor.complaint", self.complaint.id)
        self._upload("alat.exe", b"Halo", "lapor.complaint", self.complaint.id)

    def test_mail_with_bad_files_is_taken_in_without_them_and_kept_whole(self):
        for name, content in (("gratis.jpg.exe", b"Halo"), ("foto.jpg", EXE), ("foto.jpg", b"<")):
            before = self.env["lapor.mail.held"].search([])
            raw = self._mail(("baik.jpg", JPEG), (name, content))
            result = self.env["lapor.mail.held"].process_raw(raw)
            held = self.env["lapor.mail.held"].search([]) - before
            with self.subTest(name, content=content):
                self.assertEqual(result["status"], "new")
                self.assertEqual(held.state, "released")
                self.assertIn(name, held.detail)
                self.assertEqual(held._raw_bytes(), raw)
                files = self.env["ir.attachment"].search(
                    [
                        ("res_model", "=", "lapor.complaint"),
                        ("res_id", "=", held.complaint_id.id),
                    ]
                )
                self.assertEqual(files.mapped("name"), ["baik.jpg"])

    def test_mail_with_an_empty_file_becomes_a_complaint_with_the_others(self):
        raw = self._mail(("foto.jpg", JPEG), ("kosong.txt", b""))
        result = self.env["lapor.mail.held"].process_raw(raw)
        complaint = self.env["lapor.complaint"].search([("number", "=", result["number"])])
        files = self.env["ir.attachment"].search(
            [("res_model", "=", "lapor.complaint"), ("res_id", "=", complaint.id)]
        )
        self.assertEqual(files.mapped("name"), ["foto.jpg"])

    def _mail(self, *files):
        message = EmailMessage()
        message["From"] = "Budi <budi@warga.example>"
        message["To"] = self.manager.alias_email
        self.mails = getattr(self, "mails", 0) + 1
        message["Subject"] = "Jalan rusak"
        message["Message-Id"] = f"<berkas-{self.mails}@warga.example>"
        message.set_content("Jalan rusak parah.")
        for name, content in files:
            message.add_attachment(
                content, maintype="application", subtype="octet-stream", filename=name
            )
        return message.as_bytes()
