from odoo.tests import Form, tagged

from .test_disposition_parts import DispositionCase


@tagged("post_install", "-at_install")
class TestDispositionMass(DispositionCase):
    """Many complaints are disposed by one dialog, each whole or not at all."""

    def _dialog(self, complaints, user=None):
        user = user or self.head
        action = complaints.with_user(user).action_open_mass_disposition()
        return Form(self.env[action["res_model"]].with_user(user).with_context(**action["context"]))

    def _ready(self, count=3):
        complaints = self.env["lapor.complaint"]
        for _number in range(count):
            complaints |= self._walk_to(self._make_complaint(), "2")
        return complaints

    def test_each_case_gets_a_disposition_of_its_own(self):
        complaints = self._ready()
        dialog = self._dialog(complaints)
        self.assertEqual(dialog.ready_count, 3)
        self.assertFalse(dialog.refused)
        dialog.lead_position_id = self.engineer_position
        dialog.disposition_note = "Tinjau semua"
        with dialog.addressee_ids.new() as item:
            item.position_id = self.outsider_position
        dialog.save().action_confirm()
        dispositions = complaints.sudo().disposition_ids
        self.assertEqual(len(dispositions), 3)
        self.assertEqual(sorted(dispositions.mapped("agenda_number")), ["1", "2", "3"])
        self.assertEqual(dispositions.mapped("note"), ["Tinjau semua"] * 3)
        self.assertEqual(set(complaints.sudo().mapped("current_step_id.user_id")), {self.engineer})
        self.assertEqual(len(dispositions.line_ids.filtered("required")), 3)

    def test_what_cannot_be_disposed_is_said_before_and_after(self):
        ready = self._ready(2)
        early = self._make_complaint()
        held = self._ready(1)
        items = self.env["lapor.missing.item"].search([], limit=1)
        held.with_user(self.head).action_hold(items.ids, delivery_note="Ditelepon")
        dialog = self._dialog(ready | early | held)
        self.assertEqual(dialog.ready_count, 2)
        self.assertIn(early.number, dialog.refused)
        self.assertIn(held.number, dialog.refused)
        self.assertIn("waits for its complainant", dialog.refused)
        dialog.lead_position_id = self.engineer_position
        dialog.disposition_note = "Tinjau"
        wizard = dialog.save()
        # Meanwhile somebody else was faster with one of them.
        self._dispose(ready[0], parts=[])
        wizard.action_confirm()
        self.assertEqual(len(ready.sudo().disposition_ids), 2)
        self.assertFalse((early | held).sudo().disposition_ids)
        self.assertIn("1 complaints disposed, 3 left out", str(wizard.result))
        self.assertIn(ready[0].number, wizard.result)

    def test_case_that_fails_leaves_nothing_behind(self):
        """A misconduct case among them cannot go to this addressee: the others still do."""
        ready = self._ready(2)
        secret = self._make_complaint(is_misconduct=True)
        self._walk_to(secret, "2")
        dialog = self._dialog(ready | secret)
        dialog.lead_position_id = self.engineer_position
        dialog.disposition_note = "Tinjau"
        wizard = dialog.save()
        wizard.action_confirm()
        case = secret.sudo()
        self.assertFalse(case.disposition_ids)
        self.assertEqual(case.current_step_id.sop_step_id.number, "2")
        self.assertIn("misconduct", wizard.result)
        # Nor a gap in the agenda.
        later = self._dispose(parts=[]).sudo().disposition_ids
        self.assertEqual(
            sorted((ready.sudo().disposition_ids | later).mapped("agenda_number")),
            ["1", "2", "3"],
        )

    def test_nothing_to_dispose_is_refused_with_a_reason(self):
        complaint = self._make_complaint()
        wizard = (
            self.env["lapor.disposition.mass"]
            .with_user(self.operator)
            .create(
                {
                    "complaint_ids": complaint.ids,
                    "lead_position_id": self.engineer_position.id,
                }
            )
        )
        with self.assertRefused("None of these"):
            wizard.action_confirm()
        complaint = self._ready(1)
        wizard = (
            self.env["lapor.disposition.mass"]
            .with_user(self.head)
            .create({"complaint_ids": complaint.ids})
        )
        with self.assertRefused("to whom"):
            wizard.action_confirm()
