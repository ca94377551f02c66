"""The three founding SOPs, printed back."""

import io

import pypdf

from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestSopSheets(TransactionCase):
    def _pages(self, addon):
        reports = self.env["ir.actions.report"]
        sop = self.env.ref(f"{addon}.sop")
        content, _kind = reports._render_qweb_pdf("lapor_reports.sop_sheet", sop.ids)
        pages = pypdf.PdfReader(io.BytesIO(content)).pages
        return sop, [" ".join(page.extract_text().split()) for page in pages]

    def test_signature_of_bantul_stands_below_its_table(self):
        sop, pages = self._pages("lapor_bantul")
        self.assertEqual(len(pages), 2)
        end = pages[-1]
        for words in (sop.step_ids.sorted("sequence")[-1].name.split()[-1], "1060"):
            self.assertIn(words, end)
        self.assertIn(sop.signatory_name, end)

    def test_sheets_are_few_and_tell_every_step(self):
        for addon, most in (("lapor_balangan", 3), ("lapor_kapuas", 2)):
            sop, pages = self._pages(addon)
            self.assertLessEqual(len(pages), most, addon)
            text = "".join("".join(pages).split())
            for step in sop.step_ids:
                self.assertIn("".join((step.name or "").split()), text, addon)
            self.assertIn("".join(sop.signatory_name.split()), text)
