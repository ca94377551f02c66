from unittest.mock import patch

from odoo.exceptions import AccessError, LockError, UserError
from odoo.tests import tagged

from . import common


@tagged("post_install", "-at_install")
class TestEngine(common.LaporCase):
    """One way on: action_advance and what it refuses."""

    def test_new_complaint_has_number_code_sop_and_first_step(self):
        complaint = self._make_complaint()
        self.assertRegex(complaint.number, r"^UJI-\d{4}-00001$")
        self.assertRegex(complaint.tracking_code, r"^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$")
        self.assertEqual(complaint.sop_id, self.sop)
        self.assertEqual(complaint.managing_unit_id, self.manager)
        self.assertEqual(complaint.phase, "intake")
        visit = complaint.current_step_id
        self.assertEqual(visit.sop_step_id.number, "1")
        self.assertEqual(visit.user_id, self.operator)
        self.assertEqual(visit.position_id, self.operator_position)

    def test_numbers_follow_each_other(self):
        numbers = [self._make_complaint().number for _turn in range(3)]
        self.assertEqual([number[-5:] for number in numbers], ["00001", "00002", "00003"])

    def test_main_path_to_the_end(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, None)
        self.assertEqual(complaint.phase, "closed")
        self.assertEqual(complaint.outcome, "handled")
        self.assertTrue(complaint.closed_at)
        self.assertFalse(complaint.current_step_id)
        self.assertEqual(complaint.unit_id, self.opd)
        self.assertEqual(complaint.step_ids.mapped("sop_step_id.number"), list("12345"))
        self.assertEqual(set(complaint.step_ids.mapped("state")), {"done"})
        final = complaint.response_ids
        self.assertEqual(final.state, "delivered")
        self.assertEqual(final.signed_by_id, self.opd_head)
        self.assertEqual(final.delivery_note, "Diambil sendiri")
        self.assertTrue(final.number)
        self.assertEqual(complaint.sp4n_status, "done")
        self.assertEqual(complaint.progress, 100)

    def test_disposition_gives_the_next_step_to_its_lead(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, "3")
        self.assertEqual(complaint.current_user_id, self.engineer)
        self.assertEqual(complaint.current_unit_id, self.bidang)
        self.assertEqual(complaint.unit_id, self.opd)

    def test_disposition_to_admin_is_done_by_admin(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, "2")
        self._advance(
            complaint,
            self.head,
            disposition={"lead_position_id": self.opd_admin_position.id, "note": "Tinjau"},
        )
        self.assertEqual(complaint.current_user_id, self.opd_admin)

    def test_only_the_owner_may_advance(self):
        complaint = self._make_complaint()
        with self.assertRaises(AccessError):
            self._advance(complaint, self.head)
        # A colleague with the same role in the same unit may.
        self._advance(complaint, self.operator2)
        self.assertEqual(complaint.current_step_id.sop_step_id.number, "2")

    def test_reader_without_the_case_cannot_advance(self):
        complaint = self._make_complaint()
        with self.assertRaises(AccessError):
            self._advance(complaint, self.outsider)

    def test_second_click_is_told_who_did_it(self):
        complaint = self._make_complaint()
        arrow = self._arrow(complaint)
        complaint.with_user(self.operator).action_advance(arrow.id)
        with self.assertRaisesRegex(UserError, "Operator Uji"):
            complaint.with_user(self.operator).action_advance(arrow.id)

    def test_case_that_somebody_else_is_writing_is_not_waited_for(self):
        complaint = self._make_complaint()
        locked = patch.object(
            type(complaint), "lock_for_update", side_effect=LockError("locked"), autospec=True
        )
        for act in (
            lambda: self._advance(complaint, self.operator),
            lambda: complaint.with_user(self.operator).action_enter_sop(),
        ):
            with locked, self.assertRefused("Somebody else is working on this complaint"):
                act()
        self._advance(complaint, self.operator)

    def test_arrow_of_another_step_is_refused(self):
        complaint = self._make_complaint()
        other = self.sop.step_ids[3].transition_ids[0]
        with self.assertRaisesRegex(UserError, "not at the step"):
            complaint.with_user(self.operator).action_advance(other.id)

    def test_unknown_arrow_and_evidence_are_refused(self):
        complaint = self._make_complaint()
        for transition in (0, 99999999, self.operator):
            with self.assertRaises(UserError):
                complaint.with_user(self.operator).action_advance(transition)
        with self.assertRaisesRegex(UserError, "surprise"):
            self._advance(complaint, self.operator, surprise=1)

    def test_return_needs_a_reason_and_comes_back_to_the_same_person(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, "4")
        with self.assertRaisesRegex(UserError, "reason"):
            self._advance(complaint, self.opd_head, "return")
        self._advance(complaint, self.opd_head, "return", note="Sebutkan tanggal perbaikan")
        visit = complaint.current_step_id
        self.assertEqual((visit.sop_step_id.number, visit.visit), ("3", 2))
        self.assertEqual(visit.user_id, self.engineer)
        response = complaint.response_ids
        self.assertEqual(response.state, "draft")
        self.assertEqual(response.return_note, "Sebutkan tanggal perbaikan")
        self._advance(complaint, self.engineer, response={"body": "<p>Versi dua</p>"})
        self.assertEqual(response.version, 2)
        self.assertEqual(response.state, "submitted")

    def test_several_complaints_advance_in_one_call(self):
        complaints = self._make_complaint() | self._make_complaint() | self._make_complaint()
        arrow = self._arrow(complaints[0])
        complaints.with_user(self.operator).action_advance(arrow.id)
        self.assertEqual(set(complaints.mapped("current_step_id.sop_step_id.number")), {"2"})

    def test_nothing_is_half_done_when_one_of_several_cannot(self):
        first, second = self._make_complaint(), self._make_complaint(category_id=False)
        arrow = self._arrow(first)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            (first | second).with_user(self.operator).action_advance(arrow.id)
        self.env.invalidate_all()
        self.assertEqual(first.current_step_id.sop_step_id.number, "1")

    def test_without_sop_in_force_nothing_is_lost(self):
        self.sop.action_retire()
        complaint = self._make_complaint()
        self.assertFalse(complaint.sop_id)
        self.assertFalse(complaint.current_step_id)
        self.assertEqual(complaint.event_ids.code, "sop_missing")
        with self.assertRaises(UserError):
            complaint.with_user(self.operator).action_enter_sop()
        sop = self._make_sop(name="SOP Uji Baru")
        complaint.with_user(self.operator).action_enter_sop()
        self.assertEqual(complaint.sop_id, sop)
        self.assertEqual(complaint.current_step_id.sop_step_id.number, "1")

    def test_drag_takes_the_arrow_into_the_column_or_refuses(self):
        complaint = self._make_complaint().with_user(self.operator)
        action = complaint.action_move_to_phase("disposition")
        self.assertEqual(action["res_model"], "lapor.advance")
        self.assertEqual(action["context"]["default_transition_id"], self._arrow(complaint).id)
        with self.assertRaisesRegex(UserError, "does not lead"):
            complaint.action_move_to_phase("closed")

    def test_running_complaints_stay_on_their_version(self):
        complaint = self._make_complaint()
        revision = self.env["lapor.sop"].browse(self.sop.action_revise()["res_id"])
        revision.step_ids[0].short_name = "Catat saja"
        revision.action_activate()
        self.assertEqual(self.sop.state, "retired")
        self.assertEqual(complaint.sop_id, self.sop)
        self._walk_to(complaint, None)
        self.assertEqual(complaint.phase, "closed")
        self.assertEqual(self._make_complaint().sop_id, revision)
