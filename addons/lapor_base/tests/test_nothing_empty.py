import re

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..tools.letter_slots import fill_automatic
from . import chains

GOOD = "<p>Lampu sudah kami ganti.</p>"
PROOF = {"delivery": {"note": "Diterima sendiri oleh pelapor"}}
PICTURE = "<p><img src='data:image/png;base64,AAAA'></p>"
NEEDED = {"date": "2026-01-05", "place": "Pasar", "findings": "Benar", "conclusion": "Terbukti"}


@tagged("post_install", "-at_install")
class TestNothingEmpty(chains.ChainCase):
    """Nothing empty leaves, by whatever door it comes and at whatever stage it is."""

    def _said(self, call, *args, **kwargs):
        """What a refused call says; nothing of it stays."""
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            call(*args, **kwargs)
        self.env.invalidate_all()
        return caught.exception.args[0]

    def _silent_bodies(self, complaint):
        """Texts that say nothing, and what has to be said of each."""
        case = complaint.sudo()
        frames = [str(case._response_frame(kind)) for kind in ("final", "interim", "progress")]
        templates = self.env["lapor.response.template"].search([("company_id", "=", False)])
        values = templates._values(case)
        frames += [str(fill_automatic(str(template.body), values)) for template in templates]
        for frame in frames:
            if "{{" in frame:
                yield frame, "Fill in or choose"
            bare = re.sub(r"{{.*?}}", "", frame)
            yield bare, "says nothing"
            yield bare.replace("<p>", "<div>\n ").replace("</p>", "&nbsp;</div>"), "says nothing"
        for text in ("", None, "<p><br></p>", "<div>&nbsp;</div>", "<p>\u200b</p>"):
            yield text, "no text"
        yield "<p>Yth. Bapak Budi Santoso,</p><p>Terima kasih.</p>", "says nothing"
        yield PICTURE, "no text"
        yield GOOD + PICTURE, "not printed"
        for slot in ("[isi tanggal]", "……", "{{isi: tanggal}}", "........", "____", "{{pilih: a|b"):
            yield GOOD + f"<p>Selesai pada {slot}.</p>", "Fill in or choose"

    def _doors(self):
        """Every door by which a written text comes in: name, complaint, call with a text."""
        self._make_chain("draft", "sign")
        case = self._make_complaint()
        yield "draft", case, lambda body: self._do(case, response={"body": body})
        answered = self._make_complaint()
        yield (
            "interim beside the SOP",
            answered,
            lambda body: answered.with_user(self.operator).action_interim(body),
        )
        other = self._make_complaint()

        def asked(body):
            other.with_user(self.operator).action_close_outside(
                "PLN", body, body="PLN", delivery_note="Ditelepon"
            )

        yield "out of authority", other, asked
        third = self._make_complaint()

        def forwarded(body):
            third.with_user(self.operator).action_close_outside(
                "PLN",
                str(third.sudo()._draft_outside("lapor_base.notice_forwarded", "PLN")),
                body="PLN",
                delivery_note="Ditelepon",
                handover={"letter": body, "note": "Surat 5"},
            )

        yield "letter to a body outside", third, forwarded
        self._make_chain("publish")
        quick = self._make_complaint()
        yield (
            "answer at once",
            quick,
            lambda body: self._do(quick, response={"body": body}, **PROOF),
        )

        shown = self._make_complaint()

        def dialog(body):
            action = shown.with_user(self.operator).action_start_transition(
                self._arrow(shown, "forward").id
            )
            ask = Form(
                self.env["lapor.advance"].with_user(self.operator).with_context(**action["context"])
            )
            ask.body, ask.delivery_note = body or "<p><br></p>", "Diterima"
            ask.save().action_confirm()

        yield "dialog", shown, dialog
        self._make_chain("register", demands=["interim"])
        first = self._make_complaint()
        yield (
            "interim of the SOP",
            first,
            lambda body: self._do(first, response={"kind": "interim", "body": body}, **PROOF),
        )

    def test_no_door_lets_an_empty_text_in(self):
        for door, complaint, call in self._doors():
            for body, words in self._silent_bodies(complaint):
                with self.subTest(door=door, body=body):
                    said = self._said(call, body)
                    if words == "no text" and door in (
                        "out of authority",
                        "letter to a body outside",
                    ):
                        words = "Write (what the complainant is told|the letter)"
                    self.assertRegex(said, words)
            self.assertFalse(complaint.sudo().response_ids, door)
            self.assertNotEqual(complaint.sudo().phase, "closed")
            call(GOOD)
            self.assertTrue(complaint.sudo().response_ids, door)

    def _written(self, response, body):
        """As an older version left it: no act writes such a text any more."""
        response.sudo().body = body

    def test_no_stage_lets_an_empty_text_pass(self):
        self._make_chain("draft", "sign", "publish")
        self.manager.write(
            {
                "paraf_source": "list",
                "paraf_rule_ids": [Command.create({"position_id": self.operator2_position.id})],
            }
        )
        complaint = self._make_complaint()
        case = complaint.sudo()
        self._do(complaint, response={"body": GOOD})
        response = case.response_ids
        frame = re.sub(r"{{.*?}}", "", str(case._response_frame("final")))
        self._written(response, frame)
        self.assertIn("says nothing", self._said(response.with_user(self.operator2).action_paraf))
        self.assertRegex(
            self._said(self._do, complaint, sign=True), "says nothing(.|\n)*initials of"
        )
        self._written(response, GOOD)
        response.with_user(self.operator2).action_paraf()
        self._written(response, GOOD + "<p>[isi tanggal]</p>")
        self.assertIn("[isi tanggal]", self._said(self._do, complaint, sign=True))
        self._written(response, GOOD)
        self._do(complaint, sign=True)
        for body, words in ((frame, "says nothing"), (GOOD + "……", "Fill in")):
            response.write({"body": body})
            response.text_hash = response._text_hash(response.number)
            self.assertIn(words, self._said(self._do, complaint, **PROOF))
        response.write({"body": GOOD})
        response.text_hash = response._text_hash(response.number)
        self._do(complaint, **PROOF)
        # What failed on its way is not sent again either.
        response.body = frame
        response.text_hash = response._text_hash(response.number)
        response.delivery_ids._fail("x")
        case.complainant_id.email = "budi@warga.example"
        own = response.with_user(self.operator)
        self.assertIn("says nothing", self._said(own.action_send_again))
        channel = self.env.ref("lapor_base.channel_counter")
        self.assertIn("says nothing", self._said(own.action_deliver_otherwise, channel.id, "Ya"))

    def test_a_supporter_s_answer_is_none_either(self):
        self._make_chain("draft", "publish")
        main, other = self._make_complaint(), self._make_complaint()
        other.with_user(self.operator).action_merge(main.id)
        self._do(main, response={"body": GOOD})
        answer = main.sudo()._retell(main.sudo().response_ids, other.sudo())
        self._written(answer, re.sub(r"{{.*?}}", "", str(other.sudo()._response_frame("final"))))
        own = other.with_user(self.operator)
        self.assertIn("says nothing", self._said(own.action_pass_answer, "Ditelepon"))

    def test_what_the_complainant_wrote_is_no_slot(self):
        self._make_chain("publish")
        complaint = self._make_complaint(name="Lampu mati ....... [isi alamat] {{x}}")
        frame = str(complaint.sudo()._response_frame("final"))
        self._do(complaint, response={"body": re.sub(r"{{isi.*?}}", "Diganti", frame)}, **PROOF)
        self.assertEqual(complaint.response_ids.state, "delivered")

    def test_all_that_is_missing_is_said_at_once(self):
        self._make_chain("publish")
        sop = self.env["lapor.sop"].search(
            [("state", "=", "active"), ("unit_id", "=", self.manager.id)]
        )
        sop = self.env["lapor.sop"].browse(sop.action_revise()["res_id"])
        sop.step_ids[0].transition_ids.write(
            {
                "requires_note": True,
                "demand_ids": [
                    Command.link(self.env.ref(f"lapor_base.kind_{kind}").id)
                    for kind in ("inspect", "direct", "register")
                ],
            }
        )
        sop.action_activate()
        complaint = self._make_complaint(category_id=False)
        said = self._said(
            self._do,
            complaint,
            response={"body": "<p>Terima kasih.</p>" + PICTURE, "subject": "[isi hal]"},
            delivery={},
            disposition={"note": "…………"},
            inspection={"findings": " ", "place": "[nama tempat]"},
        )
        for words in (
            "Give the reason",
            "Choose the category",
            "says nothing",
            r"Fill in or choose in the text: \[isi hal\]",
            "not printed",
            "how the complainant received",
            "to whom the disposition goes",
            "Tick an instruction",
            "Fill in or choose in the note",
            "lacks: .*Findings.*Conclusion",
            r"report: \[nama tempat\]",
        ):
            self.assertRegex(said, words)
        # What is demanded and was not given at all is said with the rest.
        said = self._said(self._do, complaint, delivery={})
        for words in ("Give the reason", "category", "disposition", "inspection report", "how the"):
            self.assertIn(words, said)

    def test_disposition_without_instruction_or_note(self):
        self._make_chain("direct")
        complaint = self._make_complaint()
        lead = {"lead_position_id": self.opd_head_position.id}
        for values in ({}, {"note": " "}, {"note": "-"}, {"note": "Yth. Bapak,"}, {"note": "…"}):
            with self.subTest(values):
                self.assertIn(
                    "Tick an instruction",
                    self._said(self._do, complaint, disposition={**lead, **values}),
                )
        self.assertIn(
            "Fill in",
            self._said(self._do, complaint, disposition={**lead, "note": "Cek [isi apa]"}),
        )
        instruction = self.env["lapor.instruction"].search([], limit=1)
        self._do(complaint, disposition={**lead, "instruction_ids": instruction.ids})
        self.assertEqual(complaint.disposition_ids.instruction_ids, instruction)

    def test_inspection_without_a_finding(self):
        self._make_chain("inspect")
        complaint = self._make_complaint()
        for values in (
            {"findings": ""},
            {"findings": " \n"},
            {"findings": "-"},
            {"findings": "…………"},
            {"conclusion": "[isi kesimpulan]"},
            {"findings": False, "conclusion": False},
        ):
            with self.subTest(values):
                said = self._said(self._do, complaint, inspection={**NEEDED, **values})
                self.assertRegex(said, "lacks|Fill in")
        # The form of the report lets nothing else through.
        report = complaint.sudo().inspection_ids._begin(complaint.sudo().current_step_id)
        report.write({**NEEDED, "findings": "-"})
        self.assertIn("lacks: Findings", self._said(report.with_user(self.operator).action_submit))

    def test_a_hold_says_what_is_missing(self):
        self._make_chain("draft")
        own = self._make_complaint().with_user(self.operator)
        said = self._said(own.action_hold, [], note="……", date_until="2020-01-01")
        for words in ("Say what is missing", "Fill in or choose", "how the complainant"):
            self.assertIn(words, said)
