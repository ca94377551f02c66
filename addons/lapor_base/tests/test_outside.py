from odoo.exceptions import AccessError
from odoo.tests import tagged

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
        complaint.with_user(user or self.operator).action_close_outside(**values)
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
        wizard.action_confirm()
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
            with self.subTest(words), self.assertRefused(words):
                self._close(complaint, **values)
        for user in (self.head, self.outsider):
            with self.assertRaises(AccessError):
                self._close(complaint, user)
        complaint.with_user(self.operator).action_hold([], note="Foto?", delivery_note="Telepon")
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
