from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from . import pdfa
from .common import PaperCase


@tagged("post_install", "-at_install")
class TestLetters(PaperCase):
    """Surat tanggapan and its kin."""

    def _drafted(self, **values):
        complaint = self._make_complaint(**values)
        self._walk_to(complaint, "4")
        return complaint, complaint.sudo().response_ids.filtered(lambda item: item.kind == "final")

    def test_draft_has_every_part_and_says_that_it_is_one(self):
        complaint, response = self._drafted()
        self.opd_head.write({"lapor_nip": "196704031994032008", "lapor_rank": "Pembina (IV/a)"})
        text = self._printed("letter", response, self.opd_head)
        for words in (
            "KONSEP",
            "Nomor",
            "Sifat",
            "Lampiran",
            "Hal",
            f"Hal : Tanggapan atas aduan {complaint.number}",
            "Yth. Sdr. Budi Santoso",
            f"pengaduan Saudara nomor {complaint.number}",
            "Sudah kami tambal.",
            "Demikian disampaikan",
            "Kepala DPUPR,",
            "Kepala DPUPR",
            "Pembina (IV/a)",
            "NIP 19670403 199403 2 008",
        ):
            self.assertIn(words, text)
        order = [
            text.index(part) for part in ("Nomor", "Sifat", "Lampiran", "Hal", "Yth.", "Sudah")
        ]
        self.assertEqual(order, sorted(order))

    def test_letter_names_the_superior_who_signed_for_a_vacant_position(self):
        self.head.write({"lapor_nip": "196704031994032008", "lapor_rank": "Pembina (IV/a)"})
        self.opd_head_position.parent_id = self.head_position
        for mode, titles in (
            ("own", "Kepala Dinas Kominfo,"),
            ("an", "a.n. Kepala DPUPR"),
        ):
            with self.subTest(mode):
                self.head_position.write(
                    {"sign_mode": mode, "signs_for_id": self.opd_head_position.id}
                )
                complaint, response = self._drafted()
                self.opd_head_position.user_id = False
                self._advance(complaint, self.head, sign=True)
                response.invalidate_recordset()
                text = self._printed("letter", response, self.operator)
                self.assertIn(titles, text)
                self.assertIn("Kepala Kominfo", text)
                self.assertIn("NIP 19670403 199403 2 008", text)
                self.opd_head_position.user_id = self.opd_head

    def test_signed_letter_is_frozen_and_reprints_the_same_bytes(self):
        complaint, response = self._drafted()
        self._advance(complaint, self.opd_head, sign=True)
        response.invalidate_recordset()
        first = self._print("letter", response, self.operator)
        self.assertEqual(pdfa.faults(first), [])
        text = self._text(first)
        self.assertIn(response.number, text)
        self.assertNotIn("KONSEP", text)
        self.assertNotIn("Paraf", text)
        self.opd.letterhead = "PEMERINTAH LAIN\nDINAS LAIN"
        self.opd_head.name = "Nama Lain"
        self.env.ref("lapor_reports.paper_style_a4").font_size = 10
        self.assertEqual(self._print("letter", response, self.engineer), first)

    def test_frozen_letter_of_a_hidden_case_is_hidden_with_it(self):
        complaint, response = self._drafted()
        self._advance(complaint, self.opd_head, sign=True)
        paper = response.sudo().paper_ids
        file = self.env["ir.attachment"].search(
            [("res_model", "=", paper._name), ("res_id", "=", paper.id), ("res_field", "!=", False)]
        )
        self.assertTrue(file)
        for flag, readers in (
            ("is_secret", {self.operator, self.head, self.engineer}),
            ("is_misconduct", {self.operator, self.head, self.inspector}),
        ):
            complaint.with_user(self.operator)[flag] = True
            people = readers | {self.engineer, self.outsider, self.overseer, self.administrator}
            for user in people | {self.inspector}:
                self.env.invalidate_all()
                for record in (paper, file):
                    self.assertEqual(
                        record.with_user(user).has_access("read"),
                        user in readers,
                        f"{flag}: {user.login}",
                    )

    def test_changed_bytes_are_not_printed(self):
        complaint, response = self._drafted()
        self._advance(complaint, self.opd_head, sign=True)
        paper = response.sudo().paper_ids
        with self.assertRaises(UserError):
            paper.content = False
        with self.assertRaises(UserError):
            paper.unlink()
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "lapor.paper"),
                    ("res_id", "=", paper.id),
                    ("res_field", "=", "content"),
                ]
            )
        )
        attachment.raw = b"%PDF-1.7 other"
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "differs"):
            self._print("letter", response, self.operator)

    def test_changed_text_is_not_frozen_later(self):
        complaint, response = self._drafted()
        self._advance(complaint, self.opd_head, sign=True)
        self.env.cr.execute("DELETE FROM lapor_paper WHERE response_id = %s", [response.id])
        self.env.cr.execute("UPDATE lapor_response SET body = 'lain' WHERE id = %s", [response.id])
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "differs"):
            self._print("letter", response, self.operator)

    def test_letter_to_an_anonymous_complainant_names_nobody(self):
        complaint, response = self._drafted(is_anonymous=True)
        for user in (self.operator, self.engineer):
            text = self._printed("letter", response, user)
            self.assertIn(f"Yth. Sdr. Pelapor Pengaduan nomor {complaint.number}", text)
            self.assertNotIn("Budi", text)

    def test_addressee_does_not_depend_on_who_signs(self):
        """Whoever coordinates reads it; the signer may be one who does not learn who complained."""
        superior = self.overseer.lapor_position_ids
        self.opd_head_position.parent_id = superior
        texts = []
        for signer in (self.opd_head, self.overseer):
            complaint, response = self._drafted()
            self.opd_head_position.user_id = signer if signer == self.opd_head else False
            readable = complaint.sudo().complainant_id.with_user(signer).has_access("read")
            self.assertEqual(readable, signer == self.opd_head)
            self._advance(complaint, signer, sign=True)
            self.assertEqual(response.sudo().signed_by_id, signer)
            texts.append(self._printed("letter", response, self.operator))
            self.assertTrue(response.sudo().paper_ids.names_complainant)
        for text in texts:
            self.assertIn("Yth. Sdr. Budi Santoso", text)

    def test_identity_hidden_later_is_hidden_in_the_frozen_letter(self):
        complaint, response = self._drafted()
        self._advance(complaint, self.opd_head, sign=True)
        paper = response.sudo().paper_ids
        self.assertTrue(paper.names_complainant)
        complaint.with_user(self.operator).is_anonymous = True
        self.env.invalidate_all()
        for user in (self.engineer, self.operator):
            self.assertNotIn("Budi", self._printed("letter", response, user))
        with self.assertRaises(AccessError):
            paper.with_user(self.engineer).read(["content"])
        with self.assertRaises(AccessError):
            paper.with_user(self.administrator).read(["content"])
        attachments = (
            self.env["ir.attachment"]
            .with_user(self.engineer)
            .search([("res_model", "=", "lapor.paper"), ("res_field", "=", "content")])
        )
        self.assertFalse(attachments)

    def test_nothing_of_a_text_is_fetched(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, "3")
        body = (
            '<p>Jawaban <img src="file:///etc/passwd"/><img src="http://127.0.0.1:1/x.png"/>'
            '<img src="../../etc/hostname"/><img src="data:image/png;base64,AAAA"/></p>'
        )
        with self.assertRefused("picture in the text is not printed"):
            self._advance(complaint, self.engineer, response={"body": body})
        self._advance(complaint, self.engineer, response={"body": "<p>Jawaban</p>"})
        response = complaint.sudo().response_ids.filtered(lambda item: item.kind == "final")
        # As one that was written before pictures were refused.
        response.body = body
        content = self._print("letter", response, self.engineer)
        self.assertIn("Jawaban", self._text(content))
        for words in (b"root:", b"127.0.0.1", b"/Subtype /Image", b"EmbeddedFile"):
            self.assertNotIn(words, content)

    # Particulars

    def test_particulars_are_set_by_whoever_has_the_step(self):
        complaint, response = self._drafted()
        wizard = (
            self.env["lapor.letter.edit"]
            .with_user(self.opd_head)
            .create(
                {
                    "response_id": response.id,
                    "letter_security": "secret",
                    "letter_urgency": "urgent",
                    "enclosures": 2,
                    "copies_to": "Bupati Uji\nInspektur",
                }
            )
        )
        wizard.action_confirm()
        text = self._printed("letter", response, self.opd_head)
        for words in ("Rahasia / Segera", "2 (dua) berkas", "Tembusan:", "Bupati Uji", "Inspektur"):
            self.assertIn(words, text)
        with self.assertRaises(AccessError):
            response.with_user(self.operator).action_open_letter()
        self._advance(complaint, self.opd_head, sign=True)
        with self.assertRaisesRegex(UserError, "signed"):
            wizard.action_confirm()

    def test_draft_has_boxes_for_initials_and_the_signed_letter_has_none(self):
        role = self.env.ref("lapor_base.role_admin_opd").id
        self.opd.write(
            {"paraf_source": "list", "paraf_rule_ids": [Command.create({"role_id": role})]}
        )
        complaint, response = self._drafted()
        self.assertIn(
            "Paraf Admin DPUPR Admin DPUPR", self._printed("letter", response, self.opd_head)
        )
        response.with_user(self.opd_admin).action_paraf()
        self._advance(complaint, self.opd_head, sign=True)
        self.assertNotIn("Paraf", self._printed("letter", response, self.opd_head))

    def test_letter_signed_electronically_says_so_and_leads_to_its_check(self):
        complaint, response = self._drafted()
        self._advance(complaint, self.opd_head, sign=True)
        known = response.with_user(self.opd_head)._letter()
        address = "https://lapor.example/periksa/1"
        Response = self.env.registry["lapor.response"]
        with patch.object(Response, "_letter", lambda _self: {**known, "electronic": address}):
            report = self.env.ref("lapor_reports.action_report_letter")
            reports = self.env["ir.actions.report"].with_user(self.opd_head)
            text = self._text(reports._lapor_write_pdf(report, response.ids, {}))
        for words in ("Ditandatangani secara elektronik", "sertifikat elektronik", "Kepala DPUPR"):
            self.assertIn(words, text)
        self.assertNotIn("secara elektronik", self._printed("letter", response, self.opd_head))

    def test_letter_to_another_body(self):
        _complaint, response = self._drafted()
        response.with_user(self.opd_head)._set_letter(
            {"addressee": "Kepala PLN Uji\nJalan Listrik 2"}
        )
        text = self._printed("letter", response, self.opd_head)
        self.assertIn("Yth. Kepala PLN Uji Jalan Listrik 2", text)
        self.assertNotIn("Budi", text)

    # Sentences

    def test_sentences_of_the_nearest_unit_win(self):
        Template = self.env["lapor.letter.template"]
        mine = Template.create(
            {
                "name": "DPUPR",
                "unit_id": self.opd.id,
                "company_id": self.company.id,
                "opening": "Terkait {nomor} dari {kanal}.",
                "copies_to": "Sekda {unit}",
            }
        )
        self.assertEqual(Template._find(self.bidang, "final"), mine)
        self.assertEqual(
            Template._find(self.other_opd, "final"),
            self.env.ref("lapor_reports.letter_template_final"),
        )
        complaint, response = self._drafted()
        text = self._printed("letter", response, self.opd_head)
        self.assertIn(f"Terkait {complaint.number} dari", text)
        self.assertIn("Sekda Dinas PUPR", text)

    def test_broken_sentences_are_refused_and_the_last_good_ones_stay(self):
        # A government's own: the common ones are the system administrator's.
        common = self.env.ref("lapor_reports.letter_template_final")
        template = common.with_user(self.administrator).copy()
        before = template.opening
        for text, reason in (("Nomor {nomer}", "nomer"), ("Nomor {nomor", "braces")):
            with self.assertRaisesRegex(ValidationError, reason), self.env.cr.savepoint():
                template.with_user(self.administrator).opening = text
        template.invalidate_recordset()
        self.assertEqual(template.opening, before)
        self.assertIn(
            "XXX-2026-00001", self._printed("letter_sample", template, self.administrator)
        )

    def test_request_for_data_is_a_letter_too(self):
        complaint = self._make_complaint()
        items = self.env["lapor.missing.item"].search([], limit=1)
        complaint.with_user(self.operator).action_hold(items.ids, delivery_note="Ditelepon")
        response = complaint.sudo().response_ids.filtered(lambda item: item.kind == "request")
        text = self._printed("letter", response, self.operator)
        self.assertIn(items.question, text)
        self.assertNotIn("Yth. Bapak/Ibu Pelapor", text)
        self.assertNotIn("KONSEP", text)
