from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .chains import ChainCase

ASKS = (
    "asks_disposition",
    "asks_response",
    "asks_signature",
    "asks_delivery",
    "asks_proof",
    "asks_category",
)


@tagged("post_install", "-at_install")
class TestAdvanceDialog(ChainCase):
    """The dialog of a move asks for what the arrow demands, and for nothing else."""

    def _dialog(self, complaint, user=None, kind="forward"):
        visit = complaint.sudo().current_step_id
        user = user or visit.user_id
        own = complaint.with_user(user)
        action = own.action_start_transition(self._arrow(complaint, kind).id)
        self.assertEqual(action["res_model"], "lapor.advance")
        return Form(self.env["lapor.advance"].with_user(user).with_context(**action["context"]))

    def _confirm(self, dialog):
        self.assertEqual(dialog.save().action_confirm(), {"type": "ir.actions.act_window_close"})

    def _asked(self, dialog):
        return {name for name in ASKS if dialog[name]}

    def test_each_kind_asks_for_its_own_evidence(self):
        for kind, asked in (
            ("register", set()),
            ("verify", set()),
            ("receive", set()),
            ("handle", set()),
            ("direct", {"asks_disposition"}),
            ("draft", {"asks_response"}),
            ("publish", {"asks_response", "asks_delivery", "asks_proof"}),
        ):
            with self.subTest(kind):
                self._make_chain(kind)
                dialog = self._dialog(self._make_complaint())
                self.assertEqual(self._asked(dialog), asked)
                self.assertFalse(dialog.open_parts)
                self.assertEqual(dialog.requires_note, kind in ("verify", "handle"))
                self.assertEqual(dialog.next_step, "2. Receive")

    def test_interim_response_is_asked_for_beside_the_step_s_own_kind(self):
        self._make_chain("register", demands=["interim"])
        complaint = self._make_complaint()
        dialog = self._dialog(complaint)
        self.assertEqual(self._asked(dialog), {"asks_response", "asks_delivery", "asks_proof"})
        self.assertIn("sedang kami teruskan", dialog.body)
        dialog.delivery_note = "Ditelepon pukul 9"
        dialog.body = str(dialog.body).replace("{{isi: unit yang berwenang}}", "Dinas PUPR")
        self._confirm(dialog)
        self.assertEqual(complaint.response_ids.kind, "interim")

    def test_mail_is_sent_without_asking_for_a_proof(self):
        self._make_chain("publish")
        complaint = self._make_complaint(channel_id=self.env.ref("lapor_base.channel_email").id)
        complaint.complainant_id.email = "budi@warga.example"
        dialog = self._dialog(complaint)
        self.assertEqual(self._asked(dialog), {"asks_response", "asks_delivery"})
        dialog.body = "<p>Kantor buka pukul 8.</p>"
        self._confirm(dialog)
        self.assertTrue(complaint.response_ids.mail_id)

    def test_category_is_asked_for_where_it_is_missing_and_kept(self):
        self._make_chain("register")
        complaint = self._make_complaint(category_id=False)
        dialog = self._dialog(complaint)
        self.assertEqual(self._asked(dialog), {"asks_category"})
        dialog.category_id = self.category
        self._confirm(dialog)
        self.assertEqual(complaint.category_id, self.category)
        self.assertEqual(self._kind(complaint), "receive")

    def test_whole_way_by_the_dialog(self):
        complaint = self._make_complaint()
        self._confirm(self._dialog(complaint))
        dialog = self._dialog(complaint)
        # Proposed: whoever the SOP would give the next step to, in the category's office.
        self.assertEqual(dialog.lead_position_id, self.engineer_position)
        self.assertEqual(dialog.unit_id, self.opd)
        dialog.disposition_note = "Mohon ditangani"
        self._confirm(dialog)
        self.assertEqual(complaint.sudo().disposition_ids.note, "Mohon ditangani")
        dialog = self._dialog(complaint)
        self.assertIn(complaint.number, dialog.body)
        dialog.body = "<p>Sudah kami tambal.</p>"
        self._confirm(dialog)
        dialog = self._dialog(complaint)
        self.assertEqual(self._asked(dialog), {"asks_signature"})
        self.assertIn("Sudah kami tambal", dialog.response_body)
        self._confirm(dialog)
        dialog = self._dialog(complaint, kind="close")
        self.assertEqual(self._asked(dialog), {"asks_delivery", "asks_proof"})
        self.assertIn("Closed", dialog.next_step)
        dialog.delivery_note = "Diambil sendiri"
        self._confirm(dialog)
        self.assertEqual((complaint.phase, complaint.outcome), ("closed", "handled"))

    def test_returned_draft_is_shown_again_with_the_reason(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, "4")
        dialog = self._dialog(complaint, kind="return")
        self.assertTrue(dialog.requires_note)
        with self.assertRaises(AssertionError):
            dialog.save()  # the reason is missing
        dialog.note = "Sebutkan tanggal"
        self._confirm(dialog)
        dialog = self._dialog(complaint)
        self.assertEqual(dialog.return_note, "Sebutkan tanggal")
        self.assertIn("Sudah kami tambal", dialog.body)

    def test_several_complaints_are_moved_by_one_dialog(self):
        self._make_chain("verify")
        complaints = self._make_complaint() | self._make_complaint()
        dialog = self._dialog(complaints[0])
        own = complaints.with_user(self.operator)
        action = own.action_start_transition(self._arrow(complaints[0]).id)
        dialog = Form(
            self.env["lapor.advance"].with_user(self.operator).with_context(**action["context"])
        )
        self.assertEqual(dialog.complaint_count, 2)
        dialog.note = "Benar"
        self._confirm(dialog)
        self.assertEqual(set(complaints.step_ids.mapped("state")), {"done", "open"})
        self.assertEqual(set(complaints.mapped("current_step_id.kind")), {"receive"})

    def test_dialog_is_opened_for_the_one_whose_step_it_is(self):
        complaint = self._make_complaint()
        arrow = self._arrow(complaint).id
        for user in (self.head, self.outsider):
            with self.subTest(user.login), self.assertRaises(AccessError):
                complaint.with_user(user).action_start_transition(arrow)

    def test_dialog_that_was_left_open_too_long_says_who_was_faster(self):
        complaint = self._make_complaint()
        dialog = self._dialog(complaint)
        self._advance(complaint, self.operator2)
        with self.assertRefused("Operator Dua", UserError):
            dialog.save().action_confirm()
