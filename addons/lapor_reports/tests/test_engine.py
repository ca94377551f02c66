import io
import json
from urllib.parse import urlencode

import pypdf

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from . import pdfa
from .common import PaperCase


@tagged("post_install", "-at_install")
class TestEngine(PaperCase):
    """Printing through Odoo's own report action."""

    def test_paper_is_tagged_pdfa_with_text_and_fonts(self):
        content = self._print("receipt", self._make_complaint())
        self.assertEqual(pdfa.faults(content), [])
        fonts = {
            str(font["/BaseFont"]).split("+")[-1]
            for page in pypdf.PdfReader(io.BytesIO(content)).pages
            for font in (ref.get_object() for ref in page["/Resources"]["/Font"].values())
        }
        self.assertTrue(fonts and all("Liberation" in font for font in fonts), fonts)

    def test_the_checks_find_what_is_no_pdfa(self):
        writer = pypdf.PdfWriter()
        writer.add_blank_page(100, 100)
        output = io.BytesIO()
        writer.write(output)
        self.assertGreater(len(pdfa.faults(output.getvalue())), 3)

    def test_same_record_prints_the_same_bytes(self):
        complaint = self._make_complaint()
        self.assertEqual(self._print("receipt", complaint), self._print("receipt", complaint))

    def test_several_records_are_one_action(self):
        complaints = self.env["lapor.complaint"].union(
            *(self._make_complaint(name=f"Aduan ke-{number}") for number in range(3))
        )
        content = self._print("receipt", complaints)
        self.assertEqual(len(pypdf.PdfReader(io.BytesIO(content)).pages), 3)
        for number in range(3):
            self.assertIn(f"Aduan ke-{number}", self._text(content))

    def test_record_that_may_not_be_read_is_not_printed(self):
        complaint = self._make_complaint()
        with self.assertRaises(AccessError):
            self._print("receipt", complaint, self.outsider)

    def test_other_reports_keep_their_engine(self):
        report = self.env.ref("web.action_report_externalpreview")
        self.assertEqual(report.lapor_engine, "wkhtmltopdf")
        self.assertNotIn("lapor_engine", report.report_action([]))

    def test_the_client_knows_the_engine(self):
        report = self.env.ref("lapor_reports.action_report_receipt")
        self.assertEqual(report.report_action([])["lapor_engine"], "weasyprint")
        self.assertIn("lapor_engine", report._get_readable_fields())

    def test_mail_template_takes_the_paper(self):
        complaint = self._make_complaint()
        template = self.env["mail.template"].create(
            {
                "name": "Tanda terima",
                "model_id": self.env["ir.model"]._get_id("lapor.complaint"),
                "subject": "Tanda terima",
                "report_template_ids": self.env.ref("lapor_reports.action_report_receipt").ids,
            }
        )
        values = template._generate_template(
            complaint.ids, {"subject", "attachment_ids", "report_template_ids"}
        )
        ((name, content),) = values[complaint.id]["attachments"]
        self.assertEqual(name, f"Tanda terima - {complaint.number}.pdf")
        self.assertTrue(content)

    def test_attachment_is_kept_and_used_again(self):
        complaint = self._make_complaint()
        report = self.env.ref("lapor_reports.action_report_receipt")
        report.write({"attachment": "'tanda-%s.pdf' % object.number", "attachment_use": True})
        first = self._print("receipt", complaint)
        kept = self.env["ir.attachment"].search(
            [("res_model", "=", "lapor.complaint"), ("res_id", "=", complaint.id)]
        )
        self.assertEqual(kept.mapped("name"), [f"tanda-{complaint.number}.pdf"])
        self.assertEqual(kept.raw, first)
        complaint.with_user(self.operator).name = "Judul lain"
        self.assertEqual(self._print("receipt", complaint), first)
        report.attachment_use = False
        self.assertIn("Judul lain", self._printed("receipt", complaint))

    def test_page_that_prints_as_the_system_shows_what_its_visitor_may_know(self):
        """As the portal's pages print: as the system, for whoever asks."""
        complaint = self._make_complaint()
        reports = self.env["ir.actions.report"].with_user(self.env.ref("base.public_user")).sudo()
        content, kind = reports._render_qweb_pdf(
            "lapor_reports.receipt", complaint.ids, data={"report_type": "pdf"}
        )
        self.assertEqual(kind, "pdf")
        text = self._text(content)
        self.assertIn(complaint.number, text)
        for words in ("Budi", "081234567890", complaint.sudo().tracking_code):
            self.assertNotIn(words, text)

    def test_html_preview_works(self):
        reports = self.env["ir.actions.report"].with_user(self.operator)
        html, _kind = reports._render_qweb_html("lapor_reports.receipt", self._make_complaint().ids)
        self.assertIn(b"TANDA TERIMA", html)


@tagged("post_install", "-at_install")
class TestAddresses(HttpCase, PaperCase):
    """Odoo's own addresses of reports."""

    def test_print_menu_and_preview_answer_with_the_paper(self):
        complaint = self._make_complaint()
        preview = f"/report/pdf/lapor_reports.receipt/{complaint.id}"
        asked = json.dumps([preview, "qweb-pdf"])
        self.authenticate(self.operator.login, self.operator.login)
        for answer in (
            self.url_open(preview),
            self.url_open(f"/report/download?{urlencode({'data': asked, 'context': '{}'})}"),
        ):
            self.assertEqual(answer.headers["Content-Type"], "application/pdf")
            self.assertIn(complaint.number, self._text(answer.content))
        self.assertIn(complaint.number, answer.headers["Content-Disposition"])
        self.authenticate(self.outsider.login, self.outsider.login)
        with mute_logger("odoo.http"):
            answer = self.url_open(preview)
        self.assertEqual(answer.status_code, 403)
        self.assertNotIn(b"%PDF", answer.content)


@tagged("post_install", "-at_install")
class TestReceipt(PaperCase):
    """Tanda terima."""

    def test_words(self):
        complaint = self._make_complaint(place="Pasar Lama", channel_reference="SP-77")
        text = self._printed("receipt", complaint)
        for words in (
            "PEMERINTAH KABUPATEN UJI",
            "DINAS KOMINFO UJI",
            "Jalan Merdeka 1",
            "TANDA TERIMA PENGADUAN",
            complaint.number,
            "Budi Santoso",
            "081234567890",
            "Jalan berlubang",
            "Pasar Lama",
            "SP-77",
            complaint.sudo().tracking_code,
            "Kota Uji,",
            "Operator Uji",
        ):
            self.assertIn(words, text)

    def test_tracking_code_is_for_the_intake_only(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, "3")
        text = self._printed("receipt", complaint, self.engineer)
        self.assertNotIn(complaint.sudo().tracking_code, text)
        self.assertIn(complaint.number, text)

    def test_anonymous_identity_is_not_on_the_paper_of_handlers(self):
        complaint = self._make_complaint(is_anonymous=True)
        self._walk_to(complaint, "3")
        for user in (self.operator, self.engineer):
            text = self._printed("receipt", complaint, user)
            self.assertNotIn("Budi", text)
            self.assertNotIn("081234567890", text)
            self.assertIn("Dirahasiakan", text)
