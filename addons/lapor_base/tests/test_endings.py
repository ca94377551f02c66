from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, LockError, UserError
from odoo.tests import Form, tagged

from . import common
from .soundness import unsound


@tagged("post_install", "-at_install")
class TestEndings(common.LaporCase):
    """Dicabut and arsip: ends beside the SOP, told to the complainant and kept in evidence."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env.ref("lapor_base.archive_reason_general")
        cls.email = cls.env.ref("lapor_base.channel_email")

    def _mailed(self):
        complaint = self._make_complaint(channel_id=self.email.id)
        complaint.complainant_id.email = "budi@warga.example"
        return complaint

    def _codes(self, complaint, count):
        return complaint.sudo().event_ids.sorted("sequence").mapped("code")[-count:]

    # Withdrawn

    def test_withdrawn_case_leaves_its_step_undone(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, "3")
        complaint.with_user(self.engineer).action_withdraw("Datang ke kantor, sudah baik")
        self.assertEqual((complaint.phase, complaint.outcome), ("closed", "withdrawn"))
        self.assertEqual(complaint.sp4n_status, "archived")
        visit = complaint.step_ids[-1:]
        self.assertEqual((visit.state, visit.done_by_id), ("stopped", self.engineer))
        self.assertFalse(visit.transition_id)
        closing = complaint.closing_ids
        self.assertRecordValues(
            closing,
            [
                {
                    "outcome": "withdrawn",
                    "visit_id": visit.id,
                    "closed_by_id": self.engineer.id,
                    "beside_sop": True,
                    "note": "Datang ke kantor, sudah baik",
                    "reopened_at": False,
                }
            ],
        )
        self.assertEqual(self._codes(complaint, 3), ["step_stopped", "closed", "part_dropped"])
        self.assertEqual(unsound(complaint.sudo()), [])

    def test_proof_of_a_withdrawal_belongs_to_the_case(self):
        complaint = self._make_complaint().with_user(self.operator)
        letter = (
            self.env["ir.attachment"]
            .with_user(self.operator)
            .create({"name": "surat.txt", "raw": b"Saya cabut", "res_model": "lapor.end.ask"})
        )
        complaint.action_withdraw("Surat tanggal 5", attachment_ids=letter.ids)
        proof = complaint.closing_ids.attachment_ids
        self.assertEqual((proof.res_model, proof.res_id), ("lapor.complaint", complaint.id))
        self.assertTrue(proof.with_user(self.head).has_access("read"))

    def test_withdrawal_is_recorded_by_the_step_or_the_coordinator(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, "3")
        for user in (self.opd_head, self.overseer, self.outsider):
            with self.subTest(user.login), self.assertRaises(AccessError):
                complaint.with_user(user).action_withdraw("Lewat telepon")
        complaint.with_user(self.operator).action_withdraw("Lewat telepon")
        self.assertEqual(complaint.outcome, "withdrawn")

    def test_withdrawal_needs_words(self):
        complaint = self._make_complaint().with_user(self.operator)
        for note in (None, "", " \n\x00 "):
            with self.assertRefused("how and why"):
                complaint.action_withdraw(note)
        self.assertEqual(complaint.phase, "intake")

    # Archived

    def test_archived_case_keeps_its_reason(self):
        complaint = self._make_complaint()
        complaint.with_user(self.operator).action_archive_case(self.reason.id, note="Tanpa lokasi")
        self.assertEqual((complaint.outcome, complaint.sp4n_status), ("archived", "archived"))
        self.assertEqual(complaint.closing_ids.reason_id, self.reason)
        self.assertEqual(unsound(complaint.sudo()), [])

    def test_only_whoever_coordinates_archives(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, "3")
        for user in (self.engineer, self.opd_head, self.overseer, self.outsider):
            with self.subTest(user.login), self.assertRaises(AccessError):
                complaint.with_user(user).action_archive_case(self.reason.id)
            offered = [act["id"] for act in complaint.with_user(user)._get_act_state()["acts"]]
            self.assertNotIn("archive", offered)
        complaint.with_user(self.head).action_archive_case(self.reason.id)
        self.assertEqual(complaint.outcome, "archived")

    def test_archiving_needs_a_reason_of_the_list(self):
        complaint = self._make_complaint().with_user(self.operator)
        for reason in (None, False, 0, 10**6):
            with self.assertRefused("Choose the reason"):
                complaint.action_archive_case(reason)
        self.assertFalse(complaint.outcome)

    def test_several_are_archived_at_once_or_none(self):
        cases = self._make_complaint() | self._make_complaint()
        closed = self._make_complaint()
        self._walk_to(closed, None)
        with self.assertRefused("closed already"):
            (cases | closed).with_user(self.operator).action_archive_case(self.reason.id)
        self.assertEqual(set(cases.mapped("phase")), {"intake"})
        wizard = (
            self.env["lapor.end.ask"]
            .with_user(self.operator)
            .with_context(active_model="lapor.complaint", active_ids=cases.ids)
            .create({"reason_id": self.reason.id})
        )
        self.assertEqual(wizard.complaint_count, 2)
        wizard.action_confirm()
        self.assertEqual(set(cases.mapped("outcome")), {"archived"})

    def test_duplicates_that_are_archived_together_are_no_longer_answered_together(self):
        cases = self._make_complaint() | self._make_complaint()
        cases[1].with_user(self.operator).action_merge(cases[0].id)
        cases.with_user(self.operator).action_archive_case(self.reason.id)
        self.assertEqual(set(cases.mapped("outcome")), {"archived"})
        self.assertFalse(cases.sudo().main_id)
        for case in cases.sudo():
            self.assertEqual(unsound(case), [])

    def test_case_without_sop_can_be_archived_and_comes_back(self):
        self.sop.action_retire()
        complaint = self._make_complaint()
        complaint.with_user(self.operator).action_archive_case(self.reason.id)
        self.assertEqual(complaint.outcome, "archived")
        complaint.with_user(self.operator).action_reopen("Keliru")
        self.assertEqual((complaint.phase, complaint.outcome), ("intake", False))

    def test_second_click_and_second_user_are_told(self):
        complaint = self._make_complaint()
        complaint.with_user(self.operator).action_withdraw("Lewat telepon")
        for act in (
            lambda: complaint.with_user(self.operator).action_withdraw("Lewat telepon"),
            lambda: complaint.with_user(self.head).action_archive_case(self.reason.id),
        ):
            with self.assertRefused("closed already"):
                act()
        self.assertEqual(len(complaint.closing_ids), 1)
        other = self._make_complaint()
        locked = patch.object(
            type(other), "lock_for_update", side_effect=LockError("locked"), autospec=True
        )
        with locked, self.assertRefused("Somebody else is working"):
            other.with_user(self.operator).action_withdraw("Lewat telepon")
        self.assertEqual(other.phase, "intake")

    def test_held_case_that_is_withdrawn_waits_no_longer(self):
        complaint = self._make_complaint()
        complaint.with_user(self.operator).action_hold(self._items(), delivery_note="Telepon")
        complaint.with_user(self.operator).action_withdraw("Lewat telepon")
        self.assertFalse(complaint.is_on_hold)
        self.assertTrue(complaint.hold_ids.ended_at)

    # What the complainant is told

    def test_complainant_is_told_by_mail(self):
        complaint = self._mailed()
        with self.mock_mail_gateway():
            complaint.with_user(self.operator).action_archive_case(
                self.reason.id, note="Catatan internal"
            )
        notice = complaint.response_ids.filtered(lambda response: response.kind == "notice")
        self.assertEqual(notice.state, "delivered")
        self.assertIn(self.reason.notice, notice.body)
        self.assertNotIn("internal", str(notice.mail_id.body_html))

    def test_other_channels_wait_for_a_person_with_the_text(self):
        complaint = self._make_complaint()
        complaint.with_user(self.operator).action_archive_case(self.reason.id)
        notice = complaint.response_ids.filtered(lambda response: response.kind == "notice")
        self.assertTrue(notice.delivery_waits)
        self.assertIn(self.reason.notice, notice.copy_text)
        own = complaint.with_user(self.operator)
        self.assertIn("deliver", [act["id"] for act in own._get_act_state()["acts"]])
        notice.with_user(self.operator).action_deliver_otherwise(
            complaint.channel_id.id, "Dibacakan lewat telepon pukul 10"
        )
        self.assertEqual(notice.state, "delivered")
        self.assertFalse(complaint.has_undelivered)

    def test_complainant_who_cannot_be_reached_is_recorded_as_such(self):
        complaint = self._make_complaint(is_anonymous=True)
        complaint.with_user(self.operator).action_archive_case(self.reason.id)
        notice = complaint.response_ids.filtered(lambda response: response.kind == "notice")
        with self.assertRaises(AccessError):
            notice.with_user(self.overseer).action_give_up("Tidak ada alamat")
        with self.assertRefused("Say why"):
            notice.with_user(self.operator).action_give_up("  ")
        action = complaint.with_user(self.operator).action_open_deliver()
        dialog = Form(
            self.env["lapor.deliver"].with_user(self.operator).with_context(**action["context"])
        )
        dialog.give_up_reason = "Tidak ada alamat"
        dialog.save().action_give_up()
        attempt = notice.delivery_ids.sorted("attempt")[-1:]
        self.assertEqual((attempt.state, attempt.failure), ("given_up", "Tidak ada alamat"))
        self.assertEqual(notice.state, "submitted")
        self.assertFalse(complaint.has_undelivered)
        self.assertFalse(complaint.activity_ids)
        self.assertEqual(self._codes(complaint, 1), ["delivery_given_up"])

    def test_no_closing_is_written_by_hand(self):
        complaint = self._make_complaint()
        complaint.with_user(self.operator).action_archive_case(self.reason.id)
        closing = complaint.closing_ids.with_user(self.operator)
        for attempt in (
            lambda: closing.write({"note": "palsu"}),
            lambda: closing.unlink(),
            lambda: closing.create({"complaint_id": complaint.id}),
        ):
            with self.assertRaises(AccessError):
                attempt()
        with self.assertRaises(UserError):
            complaint.sudo().write({"closing_ids": [(5, 0, 0)]})

    def test_misconduct_case_is_ended_with_the_inspectorate_only(self):
        complaint = self._make_complaint(is_misconduct=True)
        with self.assertRefused("inspectorate agrees"):
            complaint.with_user(self.operator).action_archive_case(self.reason.id)
        complaint.with_user(self.inspector).action_archive_case(self.reason.id)
        self.assertFalse(self.env["lapor.closing"].with_user(self.engineer).search([]))
        self.assertTrue(complaint.closing_ids.with_user(self.inspector).has_access("read"))

    def test_dialogs_show_nothing_of_a_case_that_one_may_not_see(self):
        complaint = self._walk_to(self._make_complaint(), "3")
        complaint.with_user(self.engineer).action_promise(
            "Rahasia dapur", fields.Date.today() + timedelta(days=90)
        )
        shown = {
            "lapor.promise.ask": ["promised", "date_before", "position_id"],
            "lapor.reopen.ask": ["reopen_count", "step_ids"],
            "lapor.hold.extend": ["hold_until", "date_until"],
            "lapor.end.ask": ["tells"],
        }
        for model, names in shown.items():
            own = self.env[model].with_user(self.outsider)
            key = "complaint_ids" if model == "lapor.end.ask" else "complaint_id"
            for name in names:
                self.env.invalidate_all()
                with self.subTest(model=model, field=name):
                    try:
                        values = {key: complaint.ids if key[-1] == "s" else complaint.id}
                        dialog = own.create({**values, **self._reason_of(own)})
                        value = dialog.read([name])[0][name]
                    except AccessError:
                        continue
                    self.assertFalse(value)

    def _reason_of(self, dialog):
        required = "note" in dialog._fields and dialog._fields["note"].required
        return {"note": "Uji"} if required else {}
