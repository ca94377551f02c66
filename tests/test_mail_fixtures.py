"""Real-looking mails of citizens become the complaints that an operator expects."""

import pathlib

from odoo.tests import tagged

from . import offices

MAILS = pathlib.Path(__file__).parent / "fixtures" / "mail"


@tagged("post_install", "-at_install")
class TestMailFixtures(offices.OfficesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        manager = cls.env.ref("lapor_balangan.unit_diskominfo")
        domain = cls.env["mail.alias.domain"].create({"name": "balangan.example"})
        manager.company_id.alias_domain_id = domain
        manager.sudo().alias_domain_id = domain

    def take_in(self, name):
        with self.mock_mail_gateway():
            result = self.env["lapor.mail.held"].process_raw((MAILS / name).read_bytes())
        self.assertEqual(result["status"], "new", result["reason"])
        return self.env["lapor.complaint"].search([("number", "=", result["number"])])

    def test_plain_text(self):
        complaint = self.take_in("plain.eml")
        self.assertEqual(complaint.name, "Jalan rusak di Desa Paringin Timur")
        self.assertEqual(
            complaint.description.split("\n\n")[0],
            "Selamat pagi,",
        )
        self.assertIn("dua bulan berlubang.\nKalau hujan", complaint.description)
        self.assertEqual(complaint.complainant_id.name, "Siti Rahmah")
        self.assertEqual(complaint.complainant_id.email, "siti.rahmah@warga.example")
        self.assertEqual(complaint.channel_id.code, "email")
        # Preformatted text is cut off in the thread; paragraphs are not.
        self.assertNotIn("<pre", complaint.message_ids.sorted("id")[0].body)
        self.assertEqual(complaint.current_step_id.sop_step_id.number, "1")

    def test_html_with_a_photo(self):
        complaint = self.take_in("photo.eml")
        self.assertEqual(complaint.name, "Lampu jalan padam di Batumandi 💡")
        self.assertEqual(
            " ".join(complaint.description.split()),
            "Lampu jalan di depan pasar Batumandi padam sejak Senin. Foto terlampir.",
        )
        photo = self.env["ir.attachment"].search(
            [("res_model", "=", "lapor.complaint"), ("res_id", "=", complaint.id)]
        )
        self.assertEqual(photo.mapped("name"), ["IMG_20261122_2035.jpg"])
        self.assertEqual(photo.mimetype, "image/jpeg")

    def test_outlook_with_a_quoted_tail(self):
        complaint = self.take_in("outlook.eml")
        self.assertEqual(complaint.name, "Sampah menumpuk di TPS Lampihong")
        self.assertIn("Baunya masuk ke ruang kelas.", complaint.description)
        self.assertNotIn("rt03", complaint.description)
        self.assertNotIn("0812", complaint.description)
        self.assertIn("0812 0000 0000", complaint.message_ids.sorted("id")[0].body)
