from odoo.exceptions import UserError
from odoo.tests import BaseCase, tagged

from odoo.addons.lapor_base.tests.chains import ChainCase

from ..tools.addressee import addressed, copies
from .common import PaperCase

GOOD = "<p>Lampu sudah kami ganti.</p>"
PROOF = {"delivery": {"note": "Diterima sendiri oleh pelapor"}}


@tagged("post_install", "-at_install")
class TestLeftPapers(PaperCase, ChainCase):
    """What nobody signed is no letter, and prints the same bytes for ever once it has left."""

    def setUp(self):
        super().setUp()
        self.head.write({"lapor_nip": "196704031994032008", "lapor_rank": "Pembina (IV/a)"})

    def _commit(self):
        """What the end of a transaction does."""
        self.env.cr.precommit.run()
        self.env.invalidate_all()

    def _change_all(self):
        """Another head, letterhead, template and style."""
        self.head_position.user_id = self.outsider
        self.manager.write({"letterhead": "LAIN\nDINAS LAIN", "name": "Dinas Lain"})
        self.opd.write({"letterhead": "LAIN\nDINAS LAIN", "name": "Dinas Lain Lagi"})
        self.head.name = "Nama Lain"
        self.env.ref("lapor_reports.paper_style_a4").font_size = 10
        templates = self.env["lapor.letter.template"].search([])
        templates.write({"opening": "Pembuka lain {nomor}.", "closing": "Penutup lain."})

    def _left(self):
        """Every kind of unsigned text that leaves, each in a case of its own.

        :returns: list of responses, before the end of the transaction
        """
        responses = self.env["lapor.response"].sudo()
        self._make_chain("publish")
        case = self._make_complaint()
        self._do(case, response={"body": GOOD}, **PROOF)
        responses |= case.sudo().response_ids
        self._make_chain("register", "publish", demands=["interim"])
        case = self._make_complaint()
        self._do(case, response={"kind": "interim", "body": GOOD}, **PROOF)
        responses |= case.sudo().response_ids
        case = self._make_complaint()
        items = self.env["lapor.missing.item"].search([], limit=1)
        case.with_user(self.operator).action_hold(items.ids, delivery_note="Ditelepon")
        responses |= case.sudo().response_ids
        case = self._make_complaint()
        case.with_user(self.operator).action_withdraw("Datang ke loket")
        responses |= case.sudo().response_ids
        case = self._make_complaint()
        case.with_user(self.operator).action_close_outside(
            "PLN",
            "<p>Ini wewenang PLN.</p>",
            body="PLN",
            delivery_note="Ditelepon",
            handover={"letter": "<p>Yth. PLN</p><p>Mohon ditangani.</p>", "note": "Surat 5"},
        )
        responses |= case.sudo().response_ids
        kinds = {"final", "interim", "request", "notice", "out_of_authority", "handover"}
        self.assertEqual(set(responses.mapped("kind")), kinds)
        return responses

    def test_whatever_left_unsigned_is_no_letter_and_stays(self):
        responses = self._left()
        self.assertFalse(responses.paper_ids)
        self._commit()
        self.assertEqual(len(responses.paper_ids), len(responses))
        first = {response: self._print("letter", response) for response in responses}
        for response, content in first.items():
            text = self._text(content)
            with self.subTest(response.kind):
                self.assertIn("MELALUI SISTEM", text)
                self.assertIn("Pengirim : Dinas Kominfo", text)
                self.assertIn("bukan surat dinas", text)
                for words in ("Kepala Kominfo", "19670403", "Pembina", "NIP", "Nomor :", "KONSEP"):
                    self.assertNotIn(words, text)
        handover = responses.filtered(lambda response: response.kind == "handover")
        self.assertNotIn("Budi", self._text(first[handover]))
        self.assertIn("Yth. PLN", self._text(first[handover]))
        self._change_all()
        self.env.invalidate_all()
        for response, content in first.items():
            self.assertEqual(self._print("letter", response), content, response.kind)
        broken = [item for item in self.env["lapor.paper"].sudo()._broken_evidence()]
        self.assertFalse(broken)

    def test_a_notice_that_somebody_has_yet_to_bring_has_left(self):
        case = self._make_complaint()
        case.with_user(self.operator).action_withdraw("Datang ke loket")
        notice = case.sudo().response_ids
        self.assertEqual(notice.delivery_ids.state, "waiting")
        self._commit()
        first = self._print("letter", notice)
        self.assertNotIn("KONSEP", self._text(first))
        notice.with_user(self.operator).action_deliver_otherwise(
            case.channel_id.id, "Diberikan di loket"
        )
        self._commit()
        self._change_all()
        self.assertEqual(self._print("letter", notice), first)

    def test_forged_bytes_are_not_printed(self):
        self._make_chain("publish")
        case = self._make_complaint()
        self._do(case, response={"body": GOOD}, **PROOF)
        self._commit()
        paper = case.sudo().response_ids.paper_ids
        file = self.env["ir.attachment"].search(
            [("res_model", "=", "lapor.paper"), ("res_id", "=", paper.id), ("res_field", "!=", 0)]
        )
        file.sudo().raw = b"%PDF-1.7 other"
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "differs"):
            self._print("letter", case.sudo().response_ids)

    def test_what_left_before_is_frozen_by_its_first_print(self):
        self._make_chain("publish")
        case = self._make_complaint()
        self._do(case, response={"body": GOOD}, **PROOF)
        self.env.cr.precommit.data.pop("lapor_reports.left")
        self.env.cr.precommit.clear()
        first = self._print("letter", case.sudo().response_ids)
        self._change_all()
        self.assertEqual(self._print("letter", case.sudo().response_ids), first)

    def test_a_draft_of_a_letter_says_so_until_it_is_signed(self):
        self._make_chain("draft", "sign", "publish")
        case = self._make_complaint()
        self._do(case, response={"body": GOOD})
        text = self._printed("letter", case.sudo().response_ids)
        self.assertIn("KONSEP", text)
        self.assertNotIn("MELALUI SISTEM", text)
        self._do(case, sign=True)
        text = self._printed("letter", case.sudo().response_ids)
        self.assertNotIn("KONSEP", text)
        for words in ("Kepala Kominfo", "19670403 199403 2 008", "Pembina"):
            self.assertIn(words, text)

    def test_the_addressee_does_not_depend_on_who_signs(self):
        self._make_chain("draft", "sign", "publish")
        case = self._make_complaint()
        self._do(case, response={"body": GOOD})
        Complainant = type(self.env["lapor.complainant"])
        real = Complainant._filtered_access

        def blind(records, operation):
            return records[:0] if records.env.user == self.head else real(records, operation)

        self.patch(Complainant, "_filtered_access", blind)
        self._do(case, sign=True)
        paper = case.sudo().response_ids.paper_ids
        self.assertTrue(paper.names_complainant)
        self.assertIn("Yth. Sdr. Budi Santoso", self._text(paper._bytes()))


@tagged("post_install", "-at_install")
class TestAddressee(BaseCase):
    """Who is Saudara, and lists of copies."""

    def test_people_are_saudara_and_bodies_are_not(self):
        for name in ("Budi Santoso", "Siti", "Kepalawati", "Tokoh Masyarakat", "H. Ahmad"):
            self.assertEqual(addressed(name), f"Sdr. {name}")
        for name in ("Kepala Desa Lampihong", "Toko Berkah", "PT Maju", "CV. Jaya", "RT 05"):
            self.assertEqual(addressed(name), name)

    def test_copies_have_the_list_s_own_numbers(self):
        for text, lines in (
            ("1. Bupati\n2. Inspektur", ["Bupati", "Inspektur"]),
            ("1) Bupati\n\n - Sekda\n• Arsip", ["Bupati", "Sekda", "Arsip"]),
            ("3 Dinas terkait", ["3 Dinas terkait"]),
            (None, []),
        ):
            self.assertEqual(copies(text), lines)
