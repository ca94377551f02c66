from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from . import common


@tagged("post_install", "-at_install")
class TestOutside(common.LaporCase):
    """Nobody in this government has the authority: told, forwarded, closed."""

    NOTICE = "<p>Jalan ini jalan nasional, wewenang BBPJN.</p>"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.body = cls._make_unit("BBPJN Kalimantan", "BBPJN", "outside", email="bbpjn@pu.example")

    def _close(self, complaint, user=None, **values):
        values = {"reason": "Jalan nasional", "notice": self.NOTICE, **values}
        values.setdefault("delivery_note", "Ditelepon")
        own = complaint.with_user(user or self.operator)
        own.action_close_outside(**values)
        if complaint.sudo().phase != "closed":
            # Whoever signs has to agree first; then the complainant is told.
            self.assertFalse(complaint.sudo().response_ids.delivery_ids)
            self._agree(complaint)
        if complaint.sudo().phase != "closed":
            own.action_close_outside(**values)
        self.env.invalidate_all()

    def test_complainant_is_told_and_the_case_is_closed(self):
        complaint = self._make_complaint()
        self._close(complaint, body="BBPJN")
        self.assertEqual((complaint.phase, complaint.outcome), ("closed", "out_of_authority"))
        notice = complaint.sudo().response_ids
        self.assertEqual((notice.kind, notice.state), ("out_of_authority", "delivered"))
        self.assertEqual(notice.delivery_note, "Ditelepon")
        self.assertIn("BBPJN", notice.body)
        visit = complaint.sudo().step_ids
        self.assertEqual((visit.state, visit.note), ("stopped", "Jalan nasional (BBPJN)"))
        self.assertTrue(complaint.sudo().closing_ids.beside_sop)
        self.assertFalse(visit.activity_ids.filtered("active"))
        self.assertEqual(complaint.event_ids.mapped("code")[-1], "closed")

    def test_by_mail_where_the_complaint_came_by_mail(self):
        complaint = self._make_complaint(channel_id=self.env.ref("lapor_base.channel_email").id)
        complaint.sudo().complainant_id.email = "budi@warga.example"
        self._close(complaint, delivery_note=None)
        mail = complaint.sudo().response_ids.mail_id
        self.assertEqual(mail.email_to, '"Budi Santoso" <budi@warga.example>')

    def test_forwarded_complaint_leaves_without_the_identity(self):
        complaint = self._make_complaint(
            description="Saya Budi Santoso, 0812-3456-7890. Jalan nasional berlubang."
        )
        action = complaint.with_user(self.operator).action_open_outside()
        wizard = self.env["lapor.outside.ask"].with_user(self.operator)
        wizard = wizard.with_context(action["context"]).create(
            {
                "reason": "Jalan nasional",
                "unit_id": self.body.id,
                "forward": True,
                "delivery_note": "Ditelepon",
            }
        )
        self.assertIn("BBPJN Kalimantan", wizard.notice)
        self.assertIn("berlubang", wizard.letter)
        self.assertTrue(wizard.approver)
        self.assertFalse(wizard.asks_proof)
        wizard.action_confirm()
        self._agree(complaint)
        self.assertEqual(complaint.sudo().phase, "intake")
        # Opened again, the dialog has what was agreed, and asks for the proof only.
        again = Form(
            self.env["lapor.outside.ask"].with_user(self.operator).with_context(**action["context"])
        )
        self.assertEqual(
            (again.reason, again.unit_id, again.forward), ("Jalan nasional", self.body, True)
        )
        self.assertTrue(again.agreed)
        self.assertTrue(again.asks_proof)
        self.assertFalse(again.approver)
        again.delivery_note = "Ditelepon"
        again.save().action_confirm()
        letter = complaint.sudo().response_ids.filtered(lambda item: item.kind == "handover")
        self.assertEqual(letter.mail_id.email_to, '"BBPJN Kalimantan" <bbpjn@pu.example>')
        for secret in ("Budi", "0812", "3456"):
            self.assertNotIn(secret, f"{letter.body} {letter.mail_id.body_html} {letter.subject}")
        event = complaint.event_ids.filtered(lambda item: item.code == "handed_outside")
        self.assertEqual(event.data["unit"], self.body.id)

    def test_mail_to_the_body_that_fails_is_somebody_s_business(self):
        complaint = self._make_complaint()
        self._close(
            complaint, unit_id=self.body.id, handover={"letter": "<p>Mohon ditindaklanjuti.</p>"}
        )
        letter = complaint.sudo().response_ids.filtered(lambda item: item.kind == "handover")
        self.assertEqual(letter.delivery_ids.state, "sending")
        letter.mail_id.write({"state": "exception", "failure_reason": "550 unknown"})
        self.env["lapor.delivery"]._cron_follow_mails()
        activity = complaint.sudo().activity_ids.filtered("lapor_turn_model")
        self.assertEqual(activity.user_id, self.operator)
        self.assertIn("body outside", activity.summary)
        self.body.email = "baru@pu.example"
        letter.with_user(self.operator).action_send_again()
        self.assertIn("baru@pu.example", letter.mail_id.email_to)
        self.assertIn("Mohon ditindaklanjuti", letter.mail_id.body_html)
        self.assertFalse(complaint.sudo().activity_ids.filtered("lapor_turn_model"))

    def test_body_without_an_address_needs_a_proof_of_forwarding(self):
        complaint = self._make_complaint()
        letter = {"letter": "<p>Mohon ditindaklanjuti.</p>"}
        with self.assertRefused("number and date of the letter"):
            self._close(complaint, body="PLN", handover=letter)
        with self.assertRefused("to which body"):
            self._close(complaint, handover=letter)
        with self.assertRefused("Write the letter"):
            self._close(complaint, body="PLN", handover={"note": "Surat 1"})
        self.assertEqual(complaint.phase, "intake")
        self.assertFalse(complaint.sudo().response_ids)
        self._close(complaint, body="PLN", handover={**letter, "note": "Surat 12, diantar"})
        self.assertEqual(
            complaint.sudo()
            .response_ids.filtered(lambda item: item.kind == "handover")
            .mapped("delivery_note"),
            ["Surat 12, diantar"],
        )

    def test_what_an_office_proposed_is_proposed_to_whoever_closes(self):
        complaint = self._walk_to(self._make_complaint(), "3")
        with self.assertRefused("gives it back first"):
            self._close(complaint, self.engineer)
        complaint.with_user(self.engineer).action_refuse_authority(
            "Jalan nasional", unit_id=self.body.id
        )
        self.assertEqual(complaint.misroute_id.proposed_unit_id, self.body)
        wizard = (
            self.env["lapor.outside.ask"]
            .with_user(self.head)
            .create({"complaint_id": complaint.id})
        )
        self.assertEqual(wizard.unit_id, self.body)
        self._close(complaint, self.head, unit_id=self.body.id)
        self.assertEqual(complaint.misroute_ids.state, "accepted")

    def test_what_does_not_close(self):
        complaint = self._make_complaint()
        for values, words in (
            ({"reason": " "}, "Say why"),
            ({"notice": "<p><br></p>"}, "Write what"),
            ({"unit_id": self.opd.id}, "outside this government"),
            ({"delivery_note": ""}, "how the complainant received"),
        ):
            with self.subTest(words), self.assertRefused(words), self.env.cr.savepoint():
                self._close(complaint, **values)
        for user in (self.head, self.outsider):
            with self.assertRaises(AccessError):
                self._close(complaint, user)
        items = self.env["lapor.missing.item"].search([], limit=1)
        complaint.with_user(self.operator).action_hold(items.ids, delivery_note="Telepon")
        with self.assertRefused("Resume it"):
            self._close(complaint)
        self.assertEqual(complaint.phase, "intake")

    def test_supporters_are_told_the_same(self):
        complaint, other = self._make_complaint(), self._make_complaint()
        other.with_user(self.operator).action_merge(complaint.id)
        self._close(complaint)
        other.with_user(self.operator).action_pass_answer("Ditelepon")
        self.assertEqual(other.outcome, "duplicate")
        self.assertEqual(other.sudo().response_ids.kind, "out_of_authority")

    def test_nothing_leaves_before_whoever_signs_has_agreed(self):
        """By mail the case is closed with the agreement, by whoever agreed."""
        self.operator_position.parent_id = self.head_position
        complaint = self._make_complaint(channel_id=self.env.ref("lapor_base.channel_email").id)
        complaint.sudo().complainant_id.email = "budi@warga.example"
        letter = {"letter": "<p>Mohon ditindaklanjuti.</p>"}
        own = complaint.with_user(self.operator)
        own.action_close_outside(
            "Jalan nasional", self.NOTICE, unit_id=self.body.id, handover=letter
        )
        case = complaint.sudo()
        texts = case.response_ids.filtered(lambda text: text.kind != "ack")
        self.assertEqual(set(texts.mapped("state")), {"submitted"})
        self.assertFalse(texts.mail_id | texts.delivery_ids.mail_id)
        self.assertEqual(texts.next_paraf_id.position_id, self.head_position)
        self.assertIn(
            "waits for the agreement",
            complaint.with_user(self.engineer).sudo().act_state["message"],
        )
        notice = texts.filtered(lambda text: text.kind == "out_of_authority")
        with self.assertRefused("whoever signs answers has agreed"):
            notice._deliver(case.current_step_id, False)
        self._agree(complaint)
        self.assertEqual((case.phase, case.outcome), ("closed", "out_of_authority"))
        self.assertEqual(set(texts.mapped("state")), {"delivered"})
        self.assertIn("BBPJN", notice.mail_id.body_html)
        self.assertEqual(case.closing_ids.closed_by_id, self.head)

    def test_what_is_returned_comes_back_to_its_author_and_both_texts_are_put_away(self):
        complaint = self._make_complaint()
        own = complaint.with_user(self.operator)
        values = {"body": "PLN", "handover": {"letter": "<p>Mohon.</p>", "note": "Surat 1"}}
        own.action_close_outside("Bukan wewenang", self.NOTICE, **values)
        case = complaint.sudo()
        asked = case.response_ids.filtered("next_paraf_id")[:1]
        holder = asked.next_paraf_id.position_id.holder_id
        asked.with_user(holder).action_refuse_paraf("Sebutkan alamatnya")
        self.assertEqual(set(case.response_ids.mapped("state")), {"draft"})
        self.assertFalse(case.response_ids.next_paraf_id)
        self.assertEqual(case._tasks(["interim_returned"]).user_id, self.operator)
        dialog = Form(
            self.env["lapor.outside.ask"]
            .with_user(self.operator)
            .with_context(default_complaint_id=complaint.id)
        )
        self.assertIn("Sebutkan alamatnya", dialog.return_note)
        self.assertEqual(dialog.body, "PLN")
        dialog.notice = self.NOTICE + "<p>Alamatnya di Paringin.</p>"
        dialog.save().action_confirm()
        self.assertFalse(case._tasks(["interim_returned"]))
        self._agree(complaint)
        with self.assertRefused("how the complainant received"), self.env.cr.savepoint():
            own.action_close_outside("Bukan wewenang", dialog.notice, **values)
        dialog = Form(
            self.env["lapor.outside.ask"]
            .with_user(self.operator)
            .with_context(default_complaint_id=complaint.id)
        )
        dialog.delivery_note = "Ditelepon"
        dialog.save().action_confirm()
        self.assertEqual(case.phase, "closed")

    def test_whoever_goes_on_with_the_case_closes_it_no_more(self):
        complaint = self._make_complaint()
        complaint.with_user(self.operator).action_close_outside("Bukan wewenang", self.NOTICE)
        text = complaint.sudo().response_ids
        self._walk_to(complaint, "2")
        self.assertEqual(text.state, "draft")
        self.assertFalse(text.next_paraf_id)
        self._walk_to(complaint, None)
        self.assertEqual(complaint.sudo().outcome, "handled")
        self.assertFalse(text.delivery_ids)
