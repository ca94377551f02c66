from markupsafe import Markup

from odoo.tests import tagged

from ..tools.mail_reader import read_mail
from ..tools.personal_data import MASK
from . import common

TEXT = "Saya Siti Aminah (WA 0812-9876-5432). Kades minta uang ke rek BRI 001201000123501."


@tagged("post_install", "-at_install")
class TestPrivacy(common.LaporCase):
    """Personal data in the texts of a case stay inside the circle, and an anonymous
    complainant's own stay with the identity."""

    def _file(self, **values):
        complainant = (
            self.env["lapor.complainant"]
            .with_user(self.operator)
            .create({"name": "Siti Aminah", "phone": "081298765432"})
        )
        return self._make_complaint(
            **{
                "name": "Laporan Siti Aminah",
                "description": TEXT,
                "complainant_id": complainant.id,
                **values,
            }
        ).sudo()

    def test_public_text_has_no_personal_data_and_the_case_keeps_them(self):
        complaint = self._file()
        self.assertEqual(complaint.description, TEXT)
        public = complaint._public_text(complaint.description)
        self.assertEqual(public, f"Saya {MASK} (WA {MASK}). Kades minta uang ke rek BRI {MASK}.")
        html = complaint._public_text(Markup("<p>Yth. <b>Siti</b>, 081298765432</p>"))
        self.assertEqual(html, f"<p>Yth. <b>{MASK}</b>, {MASK}</p>")
        self.assertIsInstance(html, Markup)
        self.assertEqual(complaint._public_text(False), "")

    def test_hint_names_what_was_found(self):
        complaint = self._file()
        self.assertIn("telephone number, account number", complaint.personal_hint)
        complaint.description = "Lampu padam."
        self.assertFalse(complaint.personal_hint)

    def test_texts_of_an_anonymous_case_do_not_hold_the_complainant(self):
        complaint = self._file(is_anonymous=True)
        self.assertEqual(complaint.name, f"Laporan {MASK}")
        self.assertEqual(
            complaint.description,
            f"Saya {MASK} (WA {MASK}). Kades minta uang ke rek BRI 001201000123501.",
        )
        self.assertIn(TEXT, complaint.complainant_id.original_text)
        self.assertIn("Laporan Siti Aminah", complaint.complainant_id.original_text)
        complaint.with_user(self.operator).description = "Tambahan dari Siti, 085211112222."
        self.assertEqual(complaint.description, f"Tambahan dari Siti, {MASK}.")
        # Who knows the name is kept from telling it by mistake.
        complaint.with_user(self.head).action_reveal_identity(
            "Menelepon pelapor hari ini", self.operator.id
        )
        complaint.with_user(self.operator).description = "Tambahan dari Siti."
        self.assertEqual(complaint.description, f"Tambahan dari {MASK}.")

    def test_case_that_becomes_anonymous_is_masked_with_its_thread_and_files(self):
        complaint = self._file()
        self.flush_tracking()
        complaint.with_user(self.operator).name = "Jalan rusak, lapor Siti"
        self.flush_tracking()
        complaint.with_user(self.operator).message_post(
            body="Ibu Siti menelepon", attachments=[("Foto Siti.txt", b"isi")]
        )
        complaint.with_user(self.operator).is_anonymous = True
        self.flush_tracking()
        self.env.invalidate_all()
        thread = complaint.message_ids
        told = [
            complaint.name,
            complaint.description,
            *thread.mapped("body"),
            *thread.attachment_ids.mapped("name"),
            *thread.tracking_value_ids.mapped("old_value_char"),
            *thread.tracking_value_ids.mapped("new_value_char"),
        ]
        self.assertTrue(thread.tracking_value_ids)
        self.assertNotIn("Siti", str(told))
        self.assertIn("Ibu Siti menelepon", complaint.complainant_id.original_text)

    def test_mail_of_an_anonymous_complainant_is_signed_by_nobody(self):
        complaint = self._file(is_anonymous=True)
        complaint.complainant_id.email = "siti@warga.example"
        raw = (
            b"From: siti@warga.example\nSubject: Re: Siti\nMessage-Id: <a@warga.example>\n\n"
            b"Sudah diperbaiki. Salam, Siti\n"
        )
        post = complaint.sudo()._post_mail(read_mail(raw))
        self.assertEqual(post.body, f"<p>Sudah diperbaiki. Salam, {MASK}</p>")
        self.assertNotIn("Siti", post.subject)
        self.assertIn("Salam, Siti", complaint.complainant_id.original_text)
