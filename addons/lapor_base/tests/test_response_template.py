from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tests.common import BaseCase

from ..tools.letter_slots import fill_automatic, find_slots, open_slots
from ..tools.text_similarity import own_words, similarity
from .chains import ChainCase


@tagged("post_install", "-at_install")
class TestSlots(BaseCase):
    """Slots are words, nothing of a template is executed."""

    def test_slots_are_found_also_in_formatted_text(self):
        html = (
            "<p>{{nomor_aduan}} {{isi: <b>tanggal</b> selesai}} {{pilih: a | b}} {{x}} {{isi:}}</p>"
        )
        self.assertEqual(
            find_slots(html),
            [
                ("auto", "nomor_aduan"),
                ("fill", "tanggal selesai"),
                ("choose", "a | b"),
                ("unknown", "x"),
                ("unknown", "isi:"),
            ],
        )
        self.assertFalse(open_slots("<p>Tanpa isian { x } {y}</p>"))

    def test_values_are_escaped_and_code_stays_text(self):
        filled = fill_automatic(
            "<p>{{ judul_aduan }} {{object.env}} {{isi: 1+1}}</p>", {"judul_aduan": "<b>x</b>"}
        )
        self.assertEqual(filled, "<p>&lt;b&gt;x&lt;/b&gt; {{object.env}} {{isi: 1+1}}</p>")

    def test_likeness_looks_at_own_words_only(self):
        given = ["Yth. Bapak. Demikian disampaikan."]
        first = own_words(
            "Yth. Bapak. Lampu di jalan Merdeka nomor 5 sudah kami ganti kemarin sore oleh "
            "petugas. Demikian disampaikan.",
            given,
        )
        self.assertNotIn("demikian", first)
        second = first.replace("kemarin", "tadi")
        other = own_words(
            "Saluran air di pasar kami keruk dengan dua alat berat selama sehari", given
        )
        self.assertEqual(similarity(first, first), 1)
        self.assertGreater(similarity(first, second), 0.5)
        self.assertEqual(similarity(first, other), 0)
        self.assertEqual(similarity("sudah kami ganti", "sudah kami ganti"), 0)


@tagged("post_install", "-at_install")
class TestResponseTemplate(ChainCase):
    """A template begins a response; what a person must write cannot be left out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_chain("draft")
        cls.template = cls.env.ref("lapor_base.response_template_final_done")

    def _dialog(self, complaint, user=None):
        user = user or self.operator
        action = complaint.with_user(user).action_start_transition(self._arrow(complaint).id)
        return Form(self.env["lapor.advance"].with_user(user).with_context(**action["context"]))

    def test_shipped_templates_suit_and_are_sound(self):
        templates = self.env["lapor.response.template"].search([("company_id", "=", False)])
        self.assertLessEqual(
            {"ack", "interim", "final", "out_of_authority", "request"},
            set(templates.mapped("kind")),
        )
        templates._check_slots()

    def test_template_fills_the_text_and_open_slots_stop_it(self):
        complaint = self._make_complaint(name="Lampu <b>mati</b>")
        dialog = self._dialog(complaint)
        dialog.template_id = self.template
        self.assertIn(complaint.number, dialog.subject)
        self.assertIn("Lampu &lt;b&gt;mati", dialog.body)
        self.assertIn("fakta yang ditemukan", dialog.missing_slots)
        wizard = dialog.save()
        with self.assertRefused("Fill in or choose"):
            wizard.action_confirm()
        self.assertFalse(complaint.response_ids)
        text = dialog.body
        for words in open_slots(text):
            text = text.replace(f"{{{{isi: {words}}}}}", "sudah diperbaiki tanggal 5")
        dialog.body = text
        self.assertFalse(dialog.missing_slots)
        dialog.save().action_confirm()
        self.assertEqual(complaint.response_ids.state, "submitted")

    def test_open_slot_is_refused_by_rpc_too(self):
        with self.assertRefused("hasil pemeriksaan"):
            self._do(self._make_complaint(), response={"body": "<p>{{isi: hasil pemeriksaan}}</p>"})
        with self.assertRefused("Fill in or choose"):
            self._do(
                self._make_complaint(),
                response={"subject": "{{isi: x}}", "body": "<p>Sudah</p>"},
            )

    def test_unknown_slot_is_found_when_it_is_typed(self):
        for body in ("<p>{{nama_pelapor}}</p>", "<p>{{object.complainant_id.name}}</p>"):
            with self.assertRefused("Unknown slots", ValidationError):
                self.template.copy({"body": body})

    def test_templates_are_offered_by_kind_category_and_office(self):
        other = self.env["lapor.category"].create({"name": "Lain", "company_id": self.company.id})
        mine = self.template.copy({"category_ids": self.category.ids})
        foreign = self.template.copy({"category_ids": other.ids})
        office = self.template.copy({"unit_id": self.other_opd.id})
        dialog = self._dialog(self._make_complaint())
        offered = dialog.template_ids[:]
        self.assertIn(mine, offered)
        self.assertNotIn(foreign, offered)
        self.assertNotIn(office, offered)
        self.assertEqual(set(offered.mapped("kind")), {"final"})

    def test_answers_alike_are_pointed_out_and_not_stopped(self):
        text = (
            "<p>Lampu jalan di depan pasar sudah kami ganti dengan lampu baru dan kami periksa "
            "kabelnya bersama petugas kecamatan pada malam hari.</p>"
        )
        first = self._make_complaint()
        self._do(first, response={"body": text})
        second = self._make_complaint()
        dialog = self._dialog(second)
        dialog.body = text.replace("malam", "sore")
        self.assertEqual(dialog.similar_ids[:], first.response_ids)
        dialog.save().action_confirm()
        third = self._dialog(self._make_complaint())
        third.body = "<p>Saluran air kami keruk dengan dua alat berat selama sehari penuh.</p>"
        self.assertFalse(third.similar_ids[:])
