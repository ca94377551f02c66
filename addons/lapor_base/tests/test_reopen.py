from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, LockError
from odoo.tests import Form, tagged

from . import common
from .soundness import unsound


@tagged("post_install", "-at_install")
class TestReopen(common.LaporCase):
    """Buka kembali: within a window, counted, at the step that makes sense."""

    def _closed(self, **values):
        return self._walk_to(self._make_complaint(**values), None)

    def _step(self, complaint):
        return complaint.sudo().current_step_id.sop_step_id.number

    def test_case_goes_on_at_its_last_follow_up(self):
        complaint = self._closed()
        complaint.with_user(self.operator).action_reopen("Pelapor: masih berlubang")
        self.assertEqual((complaint.phase, complaint.outcome), ("handling", False))
        self.assertFalse(complaint.closed_at)
        self.assertEqual(complaint.reopen_count, 1)
        visit = complaint.current_step_id
        self.assertEqual((self._step(complaint), visit.visit), ("3", 2))
        # With whom it was before.
        self.assertEqual(visit.user_id, self.engineer)
        self.assertEqual(unsound(complaint.sudo()), [])

    def test_earlier_closing_stays_in_evidence(self):
        complaint = self._closed()
        closed_at = complaint.closed_at
        complaint.with_user(self.operator).action_reopen("Masih berlubang")
        closing = complaint.closing_ids
        self.assertRecordValues(
            closing,
            [
                {
                    "outcome": "handled",
                    "closed_at": closed_at,
                    "reopened_by_id": self.operator.id,
                    "reopen_note": "Masih berlubang",
                    "was_mistake": False,
                    "beside_sop": False,
                }
            ],
        )
        event = complaint.event_ids.sorted("sequence")[-2:][0]
        event = complaint.event_ids.filtered(lambda event: event.code == "reopened")
        self.assertEqual((event.data["closing"], event.data["count"]), (closing.id, 1))
        self._walk_to(complaint, None)
        self.assertEqual(len(complaint.closing_ids), 2)
        complaint.with_user(self.operator).action_reopen("Lagi")
        self.assertEqual(complaint.reopen_count, 2)

    def test_answer_sent_before_says_nothing_about_the_next(self):
        complaint = self._closed()
        complaint.with_user(self.operator).action_reopen("Masih berlubang")
        with self.assertRefused("Draft the response"):
            self._advance(complaint, self.engineer)
        self._walk_to(complaint, "5")
        with self.assertRefused("Deliver the response"):
            self._advance(complaint, self.operator, "close")
        self._walk_to(complaint, None)
        finals = complaint.response_ids.filtered(lambda response: response.kind == "final")
        self.assertEqual(finals.mapped("state"), ["delivered", "delivered"])

    def test_mistaken_closing_is_undone_where_it_stood_and_answers_stay(self):
        complaint = self._closed()
        complaint.with_user(self.operator).action_reopen("Salah tutup", mistake=True)
        self.assertEqual(self._step(complaint), "5")
        self._advance(complaint, self.operator, "close")
        self.assertEqual(complaint.outcome, "handled")
        finals = complaint.response_ids.filtered(lambda response: response.kind == "final")
        self.assertEqual(len(finals), 1)

    def test_withdrawn_case_goes_on_where_it_stood(self):
        complaint = self._walk_to(self._make_complaint(), "4")
        complaint.with_user(self.operator).action_withdraw("Telepon")
        complaint.with_user(self.operator).action_reopen("Tidak jadi dicabut")
        self.assertEqual(self._step(complaint), "4")
        # The draft of before is still there to sign.
        self._advance(complaint, self.opd_head, sign=True)
        self.assertEqual(self._step(complaint), "5")

    def test_sop_says_where_reopened_cases_go(self):
        self.sop.action_retire()
        sop = self._make_sop(activate=False, name="SOP Baru")
        sop.step_ids[1].is_reopen_target = True
        sop.action_activate()
        complaint = self._closed()
        complaint.with_user(self.operator).action_reopen("Masih berlubang")
        self.assertEqual(self._step(complaint), "2")
        other = self._closed()
        third = sop.step_ids[2]
        other.with_user(self.operator).action_reopen("Masih", step_id=third.id)
        self.assertEqual(self._step(other), "3")

    def test_it_goes_on_only_where_it_was(self):
        complaint = self._walk_to(self._make_complaint(), "3")
        complaint.with_user(self.operator).action_withdraw("Telepon")
        for step in (self.sop.step_ids[4], self._make_sop(False, name="Lain").step_ids[0]):
            with self.assertRefused("where it was before"):
                complaint.with_user(self.operator).action_reopen("Lanjut", step_id=step.id)
        self.assertEqual(complaint.phase, "closed")

    def test_only_whoever_coordinates_reopens_and_says_why(self):
        complaint = self._closed()
        for user in (self.engineer, self.opd_head, self.overseer, self.outsider):
            with self.subTest(user.login), self.assertRaises(AccessError):
                complaint.with_user(user).action_reopen("Lanjut")
        with self.assertRefused("Say why"):
            complaint.with_user(self.operator).action_reopen("  ")
        with self.assertRefused("is not closed"):
            self._make_complaint().with_user(self.operator).action_reopen("Lanjut")

    def test_window_is_the_offices_own(self):
        complaint = self._closed()
        now = self.manager._local_now()
        last = self.manager._add_workdays(now.date(), 10)
        Unit = type(self.manager)
        later = last + timedelta(days=1)
        moment = now.replace(year=later.year, month=later.month, day=later.day)
        with patch.object(Unit, "_local_now", lambda unit: moment):
            with self.assertRefused("could be reopened until"):
                complaint.with_user(self.operator).action_reopen("Lanjut")
            acts = complaint.with_user(self.operator)._get_act_state()["acts"]
            self.assertNotIn("reopen", [act["id"] for act in acts])
            self.manager.reopen_days = 60
            complaint.with_user(self.operator).action_reopen("Lanjut")
        self.assertEqual(complaint.phase, "handling")

    def test_second_click_and_second_user_are_told(self):
        complaint = self._closed()
        complaint.with_user(self.operator).action_reopen("Lanjut")
        with self.assertRefused("is not closed"):
            complaint.with_user(self.head).action_reopen("Lanjut")
        self.assertEqual(complaint.reopen_count, 1)
        other = self._closed()
        locked = patch.object(
            type(other), "lock_for_update", side_effect=LockError("locked"), autospec=True
        )
        with locked, self.assertRefused("Somebody else is working"):
            other.with_user(self.operator).action_reopen("Lanjut")
        self.assertEqual(other.phase, "closed")

    def test_complainant_is_told_once_and_only_of_what_was_told_before(self):
        complaint = self._closed()
        complaint.with_user(self.operator).action_reopen("Masih berlubang")
        notice = complaint.response_ids.filtered(lambda response: response.kind == "notice")
        self.assertIn("buka kembali", notice.body)
        # Archived and undone before the notice was passed on: nothing to tell.
        other = self._make_complaint().with_user(self.operator)
        other.action_archive_case(self.env.ref("lapor_base.archive_reason_spam").id)
        other.action_reopen("Keliru", mistake=True)
        self.assertFalse(other.has_undelivered)
        self.assertEqual(len(other.sudo().response_ids), 1)
        self.assertFalse(other.sudo()._tasks())

    def test_dialog_proposes_the_step(self):
        complaint = self._closed().with_user(self.operator)
        acts = complaint.act_state["acts"]
        self.assertIn("action_open_reopen", [act.get("method") for act in acts])
        action = complaint.action_open_reopen()
        dialog = Form(
            self.env["lapor.reopen.ask"].with_user(self.operator).with_context(**action["context"])
        )
        self.assertEqual(dialog.step_id.number, "3")
        dialog.is_mistake = True
        self.assertEqual(dialog.step_id.number, "5")
        dialog.note = "Salah tutup"
        dialog.save().action_confirm()
        self.assertEqual(self._step(complaint), "5")
