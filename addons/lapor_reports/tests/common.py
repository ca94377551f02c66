import io

import pypdf

from odoo.addons.lapor_base.tests.common import LaporCase


class PaperCase(LaporCase):
    """A small government whose papers are printed and read back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager.write(
            {
                "letterhead": "PEMERINTAH KABUPATEN UJI\nDINAS KOMINFO UJI",
                "street": "Jalan Merdeka 1",
                "city": "Kota Uji",
            }
        )

    def _print(self, report, records, user=None):
        """The PDF of records as a user, through the print action."""
        reports = self.env["ir.actions.report"].with_user(user or self.operator)
        content, kind = reports._render_qweb_pdf(f"lapor_reports.{report}", records.ids)
        self.assertEqual(kind, "pdf")
        return content

    def _text(self, content):
        """The words of a PDF, with single spaces."""
        pages = pypdf.PdfReader(io.BytesIO(content)).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())

    def _printed(self, report, records, user=None):
        return self._text(self._print(report, records, user))
