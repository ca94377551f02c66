from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .chains import ChainCase

BODY = "<p>Lampu sudah kami ganti.</p>"
DRAFT = {"response": {"body": BODY}}
INTERIM = {"response": {"kind": "interim", "body": "<p>Sedang kami teruskan.</p>"}}
PROOF = {"delivery": {"note": "Diterima sendiri oleh pelapor"}}


@tagged("post_install", "-at_install")
class TestResponses(ChainCase):
    """An answer leaves only as the SOP says: drafted, signed by another, sent with a proof."""

    def _signed(self):
        complaint = self._make_complaint()
        self._do(complaint, **DRAFT)
        self._do(complaint, sign=True)
        return complaint

    def _revised(self):
        """A draft of the next version of the SOP in force."""
        active = self.env["lapor.sop"].search(
            [("state", "=", "active"), ("unit_id", "=", self.manager.id)]
        )
        return self.env["lapor.sop"].browse(active.action_revise()["res_id"])

    # Drafting

    def test_empty_text_is_no_response(self):
        self._make_chain("draft")
        complaint = self._make_complaint()
        for body in ("", "<p><br></p>", "<p> &nbsp;</p>", "<div></div>", None):
            with self.subTest(body=body), self.assertRaises(UserError):
                self._do(complaint, response={"body": body})
        self.assertFalse(complaint.response_ids)

    def test_only_interim_and_final_responses_are_written_in_a_step(self):
        self._make_chain("draft")
        complaint = self._make_complaint()
        for kind in ("ack", "request", "out_of_authority", "handover", "surprise"):
            with self.assertRaises(UserError):
                self._do(complaint, response={"body": BODY, "kind": kind})

    def test_text_of_a_response_carries_no_program(self):
        self._make_chain("draft")
        complaint = self._make_complaint()
        self._do(
            complaint,
            response={"body": f"{BODY}<script>alert(1)</script><p onclick='x()'>Ya</p>"},
        )
        self.assertNotIn("script", complaint.response_ids.body)
        self.assertNotIn("onclick", complaint.response_ids.body)

    def test_interim_response_is_no_final_one(self):
        self._make_chain("draft", "publish")
        complaint = self._make_complaint()
        with self.assertRefused("Draft the response"):
            self._do(complaint, **INTERIM)

    # Signing

    def test_author_does_not_sign_the_own_draft(self):
        self._make_chain("draft", "sign", draft="head")
        complaint = self._make_complaint()
        self._do(complaint, **DRAFT)
        with self.assertRefused("somebody else has to sign"):
            self._do(complaint, sign=True)
        self.assertEqual(complaint.response_ids.state, "submitted")

    def test_signer_who_rewrites_the_text_is_its_author(self):
        self._make_chain("draft", "sign", "sign")
        sop = self._revised()
        sop.step_ids[1].transition_ids.demand_ids = self.env.ref("lapor_base.kind_draft")
        sop.action_activate()
        complaint = self._make_complaint()
        self._do(complaint, **DRAFT)
        with self.assertRefused("somebody else has to sign"):
            self._do(complaint, sign=True, response={"body": "<p>Lain sama sekali</p>"})

    def test_signing_in_another_step_is_refused(self):
        self._make_chain("draft", "verify", "sign", demands=["sign"])
        complaint = self._make_complaint()
        # Even where an arrow is drawn so that it demands a signature.
        with self.assertRefused("step that the SOP names"):
            self._do(complaint, sign=True, **DRAFT)

    def test_signature_of_another_step_does_not_count(self):
        self._make_chain("draft", "sign", "sign")
        complaint = self._signed()
        with self.assertRefused("Sign the response"):
            self._do(complaint)

    def test_nothing_to_sign_is_said(self):
        self._make_chain("sign")
        with self.assertRefused("no submitted response"):
            self._do(self._make_complaint(), sign=True)

    def test_signature_freezes_text_and_says_who_and_as_what(self):
        self._make_chain("draft", "sign", "publish")
        self.head_position.write(
            {
                "acting_user_id": self.outsider.id,
                "acting_kind": "plh",
                "acting_from": "2020-01-01",
            }
        )
        complaint = self._signed()
        response = complaint.response_ids
        self.assertEqual(response.signed_by_id, self.outsider)
        self.assertEqual(response.signer_title, "Plh. Kepala Dinas")
        self.assertEqual(response.signer_position_id, self.head_position)
        self.assertEqual(response.author_id, self.operator)
        self.assertRegex(response.text_hash, r"^[0-9a-f]{64}$")
        with self.assertRefused("can no longer be changed"):
            self._do(complaint, response={"body": "<p>Lain</p>"}, **PROOF)
        self.assertEqual(response.body, BODY)

    def test_text_changed_behind_the_signature_is_not_sent(self):
        self._make_chain("draft", "sign", "publish")
        complaint = self._signed()
        response = complaint.response_ids
        self.env.flush_all()
        self.env.cr.execute(
            SQL("UPDATE lapor_response SET body = '<p>Lain</p>' WHERE id = %s", response.id)
        )
        self.env.invalidate_all()
        with self.assertRefused("differs from what was signed"):
            self._do(complaint, **PROOF)

    def test_letters_are_numbered_by_the_office_without_gaps(self):
        self.manager.write({"archive_code": "555", "letter_pattern": "{code}/{seq:02}/{year}"})
        self._make_chain("draft", "sign")
        year = self.manager._local_now().year
        numbers = [self._signed().response_ids.number for _turn in range(2)]
        refused = self._make_complaint()
        self._do(refused, **DRAFT)
        with self.assertRaises(UserError):
            self._do(refused, sign=True, response={"body": "<p>Lain</p>"})
        numbers.append(self._signed().response_ids.number)
        self.assertEqual(numbers, [f"555/0{seq}/{year}" for seq in (1, 2, 3)])

    def test_two_offices_may_use_the_same_numbers(self):
        """Each office numbers its own letters; their patterns may well be alike."""
        clinic_head = self._make_officer("clinic", "Kepala Dinkes")
        self._make_position("Kepala Dinkes", self.other_opd, "kepala_opd", clinic_head)
        for pattern in ("800/{seq}/{year}", False):
            (self.other_opd | self.opd).letter_pattern = pattern
            first, second = self._make_complaint(), self._make_complaint()
            self._walk_to(first, "5")
            self._walk_to(second, "2")
            lead = {"lead_position_id": self.outsider_position.id, "note": "Tinjau"}
            self._advance(second, self.head, disposition=lead)
            self._advance(second, self.outsider, **DRAFT)
            self._advance(second, clinic_head, sign=True)
            self.assertEqual(first.response_ids.signing_office_id, self.opd)
            self.assertEqual(second.response_ids.signing_office_id, self.other_opd)
            self.assertEqual(first.response_ids.number, second.response_ids.number)

    # Sending

    def test_final_response_does_not_leave_before_the_signature_the_sop_asks_for(self):
        self._make_chain("draft", "publish", "sign")
        complaint = self._make_complaint()
        self._do(complaint, **DRAFT)
        with self.assertRefused("before it is signed"):
            self._do(complaint, **PROOF)
        self.assertEqual(complaint.response_ids.state, "submitted")

    def test_quick_answer_needs_the_signature_too(self):
        self._make_chain("verify", "sign")
        sop = self._revised()
        self._make_arrow(sop.step_ids[0], None, "Jawab", kind="quick", demands="publish")
        sop.action_activate()
        complaint = self._make_complaint()
        with self.assertRefused("before it is signed"):
            self._advance(complaint, self.operator, "quick", **DRAFT, **PROOF)

    def test_sop_without_signature_sends_at_once(self):
        self._make_chain("publish")
        complaint = self._make_complaint()
        self._do(complaint, **DRAFT, **PROOF)
        self.assertEqual(complaint.response_ids.state, "delivered")
        self.assertFalse(complaint.response_ids.number)

    def test_delivery_by_staff_needs_a_proof(self):
        self._make_chain("publish")
        complaint = self._make_complaint()
        for proof in ({}, {"note": ""}, {"note": "  \n"}, None):
            with self.subTest(proof=proof), self.assertRaises(UserError):
                self._do(complaint, delivery=proof, **DRAFT)
        self._do(complaint, **DRAFT, **PROOF)
        response = complaint.response_ids
        self.assertEqual(response.delivery_note, PROOF["delivery"]["note"])
        self.assertEqual(response.channel_id, self.env.ref("lapor_base.channel_counter"))
        self.assertFalse(response.mail_id)

    def test_mail_needs_no_proof_but_an_address(self):
        self._make_chain("publish")
        channel = self.env.ref("lapor_base.channel_email").id
        without = self._make_complaint(channel_id=channel)
        with self.assertRefused("with which proof"):
            self._do(without, delivery={}, **DRAFT)
        complaint = self._make_complaint(channel_id=channel)
        complaint.complainant_id.email = "budi@warga.example"
        self._do(complaint, delivery={}, **DRAFT)
        mail = complaint.response_ids.mail_id
        self.assertEqual(mail.email_to, '"Budi Santoso" <budi@warga.example>')
        self.assertIn("Lampu sudah kami ganti", mail.body_html)
        self.assertIn(complaint.number, mail.subject)
        self.assertIn("uji-aduan@", mail.email_from)
        self.assertNotIn("Operator", mail.email_from + mail.body_html)
        self.assertFalse(mail.recipient_ids)

    def test_interim_response_goes_out_before_the_forward_move(self):
        self._make_chain("register", demands=["interim"])
        complaint = self._make_complaint()
        with self.assertRefused("interim response first"):
            self._do(complaint)
        with self.assertRefused("interim response first"):
            self._do(complaint, **INTERIM)
        with self.assertRefused("no response to send"):
            self._do(complaint, **DRAFT, **PROOF)
        self.assertFalse(complaint.response_ids)
        self._do(complaint, **INTERIM, **PROOF)
        self.assertEqual(complaint.response_ids.kind, "interim")
        self.assertEqual(complaint.response_ids.state, "delivered")

    def test_interim_response_needs_no_signature(self):
        self._make_chain("register", "draft", "sign", demands=["interim"])
        complaint = self._make_complaint()
        self._do(complaint, **INTERIM, **PROOF)
        self.assertEqual(self._kind(complaint), "draft")

    def test_interim_response_does_not_count_as_the_answer(self):
        self._make_chain("register", "publish", demands=["interim"])
        complaint = self._make_complaint()
        self._do(complaint, **INTERIM, **PROOF)
        with self.assertRefused("Deliver the response"):
            self._do(complaint)

    def test_answer_sent_before_a_return_does_not_count_for_the_next_one(self):
        """The complainant was not content, the case went back: a new answer has to leave."""
        self._make_chain("draft", "publish", "confirm")
        sop = self._revised()
        draft, _publish, confirm = sop.step_ids[:3]
        self._make_arrow(confirm, draft, "Belum puas", kind="return")
        sop.action_activate()
        complaint = self._make_complaint()
        self._do(complaint, **DRAFT)
        self._do(complaint, **PROOF)
        self._advance(complaint, self.head, "return", note="Lampu mati lagi")
        with self.assertRefused("Draft the response"):
            self._do(complaint)
        self._do(complaint, response={"body": "<p>Kabel kami ganti.</p>"})
        with self.assertRefused("Deliver the response"):
            self._do(complaint)
        self._do(complaint, **PROOF)
        self.assertEqual(self._kind(complaint), "confirm")
        self.assertEqual(complaint.response_ids.mapped("state"), ["delivered", "delivered"])

    def test_response_is_sent_once(self):
        self._make_chain("publish", "publish")
        complaint = self._make_complaint()
        self._do(complaint, **DRAFT, **PROOF)
        with self.assertRefused("no response to send"):
            self._do(complaint, **PROOF)

    def test_sent_response_is_told_in_the_thread(self):
        self._make_chain("publish")
        complaint = self._make_complaint()
        self._do(complaint, **DRAFT, **PROOF)
        message = complaint.message_ids.filtered(
            lambda post: post.subtype_id == self.env.ref("lapor_base.mt_response")
        )
        self.assertIn("Lampu sudah kami ganti", message.body)
        self.assertEqual(message.author_id, self.operator.partner_id)
        self.assertEqual(message.message_type, "comment")

    def test_papers_are_written_by_acts_only(self):
        self._make_chain("draft", "direct", "inspect")
        complaint = self._make_complaint()
        self._do(complaint, **DRAFT)
        response = complaint.response_ids
        for user in (self.operator, self.head, self.administrator):
            with self.assertRaises(Exception) as caught:
                response.with_user(user).write({"body": "<p>Lain</p>"})
            self.assertEqual(type(caught.exception).__name__, "AccessError")
            with self.assertRaises(Exception) as caught:
                complaint.with_user(user).write(
                    {"response_ids": [Command.update(response.id, {"body": "<p>Lain</p>"})]}
                )
            self.assertIn(type(caught.exception).__name__, ("AccessError", "UserError"))
