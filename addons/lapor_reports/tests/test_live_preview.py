import base64

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import PaperCase


@tagged("post_install", "-at_install")
class TestLivePreview(PaperCase):
    """Paper beside the form, before anything is saved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.env["lapor.letter.template"].create(
            {
                "name": "Uji",
                "company_id": cls.opd.company_id.id,
                "unit_id": cls.opd.id,
                "opening": "Pembuka lama.",
            }
        )

    def _shown(self, model, res_id, values, user=None):
        answer = self.env[model].with_user(user or self.administrator).preview_paper(res_id, values)
        return self._text(base64.b64decode(answer["pdf"])) if "pdf" in answer else answer["error"]

    def test_unsaved_sentences_are_shown_and_not_stored(self):
        values = {"opening": "Pembuka baru {nomor}."}
        text = self._shown("lapor.letter.template", self.template.id, values)
        self.assertIn("Pembuka baru XXX-2026-00001.", text)
        self.assertIn("CONTOH", text)
        self.env.invalidate_all()
        self.assertEqual(self.template.opening, "Pembuka lama.")

    def test_broken_sentence_says_what_is_wrong(self):
        values = {"opening": "Nomor {salah}"}
        self.assertIn("{salah}", self._shown("lapor.letter.template", self.template.id, values))
        self.env.invalidate_all()
        self.assertEqual(self.template.opening, "Pembuka lama.")

    def test_new_template_is_shown_and_not_made(self):
        count = self.env["lapor.letter.template"].search_count([])
        company = self.opd.company_id.id
        values = {"name": "Baru", "company_id": company, "closing": "Penutup baru."}
        self.assertIn("Penutup baru.", self._shown("lapor.letter.template", False, values))
        self.assertEqual(self.env["lapor.letter.template"].search_count([]), count)

    def test_letterhead_and_style(self):
        values = {"letterhead": "PEMERINTAH BARU\nDINAS BARU"}
        self.assertIn("DINAS BARU", self._shown("lapor.unit", self.manager.id, values))
        # The common style is the system administrator's; the office has a copy of its own.
        common = self.env.ref("lapor_reports.paper_style_a4")
        self.assertTrue(self._shown("lapor.paper.style", common.id, {}))
        style = common.with_user(self.administrator).copy()
        self.assertIn("13", self._shown("lapor.paper.style", style.id, {"font_size": 13}))
        self.assertTrue(self._shown("lapor.paper.style", style.id, {"margin_top": 60}))
        self.env.invalidate_all()
        self.assertEqual((style.font_size, style.margin_top), (12, 2))
        self.assertNotIn("BARU", self.manager.letterhead)

    def test_other_fields_are_not_written_even_for_the_moment(self):
        text = self._shown("lapor.unit", self.manager.id, {"kind": "opd", "active": False})
        self.assertIn("KOMINFO", text.upper())

    def test_particulars_of_a_letter(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, "4")
        response = complaint.sudo().response_ids.filtered(lambda item: item.kind == "final")
        Edit = self.env["lapor.letter.edit"].with_user(self.opd_head)
        answer = Edit.with_context(default_response_id=response.id).preview_paper(
            False, {"copies_to": "Bupati Uji"}
        )
        self.assertIn("Bupati Uji", self._text(base64.b64decode(answer["pdf"])))
        self.env.invalidate_all()
        self.assertFalse(response.copies_to)

    def test_who_may_not_change_it_previews_no_change(self):
        with self.assertRaises(AccessError):
            self._shown("lapor.letter.template", self.template.id, {"opening": "x"}, self.engineer)
        self.assertIn(
            "Pembuka lama.",
            self._shown("lapor.letter.template", self.template.id, {}, self.engineer),
        )
