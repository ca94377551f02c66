from odoo.tests import HttpCase, tagged

from .common import PaperCase


@tagged("post_install", "-at_install")
class TestReportsEmpty(PaperCase, HttpCase):
    """A report that is called without documents, or with ones that are none, says so."""

    def test_every_report_answers_without_documents(self):
        self.head.write({"password": "kepala-dinas-kominfo"})
        self.authenticate(self.head.login, "kepala-dinas-kominfo")
        reports = self.env["ir.actions.report"].search([("lapor_engine", "=", "weasyprint")])
        self.assertGreater(len(reports), 8)
        for report in reports:
            for converter in ("pdf", "html", "text"):
                for docids in ("", "/", "/x", "/2000000000"):
                    url = f"/report/{converter}/{report.report_name}{docids}"
                    with self.subTest(url):
                        answer = self.url_open(url, timeout=60)
                        if report.lapor_whole and answer.status_code == 200:
                            # A list of nothing.
                            self.assertFalse(docids.strip("/x"))
                            if converter != "pdf":
                                self.assertIn("Nihil", answer.text)
                            continue
                        self.assertIn(answer.status_code, (403, 404, 422))
                        if answer.status_code == 422:
                            self.assertRegex(answer.text, "Nothing was chosen|Tidak ada dokumen")
