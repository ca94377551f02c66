from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from . import common

RESPONSE = {"body": "<p>Sudah kami tambal.</p>"}


@tagged("post_install", "-at_install")
class TestHandover(common.LaporCase):
    """Steps change hands inside their office, with a reason and a trace; work lands with somebody
    who may do it."""

    def _at(self, number, **values):
        complaint = self._make_complaint(**values)
        self._walk_to(complaint, number)
        return complaint

    def _owner(self, complaint):
        self.env.invalidate_all()
        visit = complaint.sudo().current_step_id
        self.assertEqual(visit.activity_ids.filtered("active").user_id, visit.user_id)
        return visit.user_id

    def _last_event(self, complaint):
        return complaint.sudo().event_ids.sorted("sequence")[-1]

    # Serahkan

    def test_owner_hands_a_step_to_a_colleague_with_its_role(self):
        complaint = self._at("3")
        complaint.with_user(self.engineer).action_hand_over(
            self.opd_admin_position.id, "Sedang di lapangan"
        )
        self.assertEqual(self._owner(complaint), self.opd_admin)
        event = self._last_event(complaint)
        self.assertEqual(event.code, "reassigned")
        self.assertEqual(
            event.data,
            {
                "from": self.engineer.id,
                "to": self.opd_admin.id,
                "reason": self._sealed("Sedang di lapangan"),
            },
        )
        self.assertEqual(event.user_id, self.engineer)
        self.assertIn("Sedang di lapangan", complaint.sudo().message_ids[0].body)
        self._advance(complaint, self.opd_admin, response=RESPONSE)

    def test_handing_over_needs_a_reason_and_somebody_who_may_do_it(self):
        complaint = self._at("3")
        own = complaint.with_user(self.engineer)
        for empty in (None, "", " \n"):
            with self.assertRefused("why"):
                own.action_hand_over(self.opd_admin_position.id, empty)
        for position in (
            self.outsider_position,  # the role, in another office
            self.opd_head_position,  # the office, another role
            self.engineer_position,  # oneself
        ):
            with self.assertRefused("only to somebody else"):
                own.action_hand_over(position.id, "Sibuk")
        self.assertEqual(self._owner(complaint), self.engineer)

    def test_only_whose_step_it_is_hands_it_over(self):
        complaint = self._at("3")
        for user in (self.operator, self.head, self.opd_head, self.administrator):
            with self.subTest(user.login), self.assertRaises(AccessError):
                complaint.with_user(user).action_hand_over(self.opd_admin_position.id, "Sibuk")

    def test_several_cases_are_handed_over_together_or_not_at_all(self):
        complaints = self._at("3") | self._at("3")
        other = self._at("1")
        with self.assertRaises(AccessError):
            (complaints | other).with_user(self.engineer).action_hand_over(
                self.opd_admin_position.id, "Cuti"
            )
        self.assertEqual(self._owner(complaints[0]), self.engineer)
        complaints.with_user(self.engineer).action_hand_over(self.opd_admin_position.id, "Cuti")
        self.assertEqual({self._owner(item) for item in complaints}, {self.opd_admin})

    # Ambil alih

    def test_colleague_takes_a_step_over_with_a_reason(self):
        complaint = self._at("3")
        own = complaint.with_user(self.opd_admin)
        with self.assertRefused("why"):
            own.action_take_over(" ")
        own.action_take_over("Rekan sakit")
        self.assertEqual(self._owner(complaint), self.opd_admin)
        visit = complaint.sudo().current_step_id
        self.assertEqual(visit.position_id, self.opd_admin_position)
        with self.assertRefused("yours already"):
            own.action_take_over("Lagi")

    def test_superior_takes_a_step_over_in_the_own_position_and_does_not_sign_it(self):
        complaint = self._at("3")
        complaint.with_user(self.opd_head).action_take_over("Mendesak")
        visit = complaint.sudo().current_step_id
        self.assertEqual(visit.position_id, self.opd_head_position)
        self._advance(complaint, self.opd_head, response=RESPONSE)
        with self.assertRefused("somebody else has to sign"):
            self._advance(complaint, self.opd_head, sign=True)

    def test_strangers_take_nothing_over(self):
        complaint = self._at("3")
        for user in (self.operator, self.head, self.administrator, self.outsider, self.inspector):
            with self.subTest(user.login), self.assertRaises(AccessError):
                complaint.with_user(user).action_take_over("Ingin")
        self.assertEqual(self._owner(complaint), self.engineer)

    def test_step_of_a_queue_is_taken_without_a_reason(self):
        complaint = self._at("3")
        self.engineer_position.user_id = False
        complaint.with_user(self.opd_admin).action_take_over()
        self.assertEqual(self._owner(complaint), self.opd_admin)

    def test_misconduct_case_is_handed_to_nobody_who_may_not_see_it(self):
        self._make_position("Admin Layanan 3", self.opd, "admin_layanan", self.opd_admin)
        complaint = self._make_complaint(is_misconduct=True)
        with self.assertRaises(AccessError):
            complaint.with_user(self.opd_admin).action_take_over("Ingin")
        candidates = complaint.sudo()._handover_candidates()
        self.assertEqual(candidates, self.operator2_position)

    def test_closed_case_has_no_step_to_hand_over(self):
        complaint = self._at(None)
        for act in (
            lambda: complaint.with_user(self.operator).action_take_over("X"),
            lambda: complaint.with_user(self.operator).action_hand_over(
                self.operator2_position.id, "X"
            ),
        ):
            with self.assertRefused("at no step"):
                act()

    def test_dialogs_offer_colleagues_and_move_the_step(self):
        complaint = self._at("3")
        own = complaint.with_user(self.engineer)
        self.assertIn("hand_over", [act["id"] for act in own.act_state["acts"]])
        self.assertIn(
            "take_over", [act["id"] for act in complaint.with_user(self.opd_head).act_state["acts"]]
        )
        self.assertNotIn(
            "take_over", [act["id"] for act in complaint.with_user(self.head).act_state["acts"]]
        )
        action = own.action_open_hand_over()
        dialog = Form(
            self.env[action["res_model"]].with_user(self.engineer).with_context(**action["context"])
        )
        self.assertEqual(dialog.candidate_ids[:], self.opd_admin_position)
        dialog.position_id = self.opd_admin_position
        dialog.reason = "Sibuk"
        dialog.save().action_confirm()
        self.assertEqual(self._owner(complaint), self.opd_admin)

    # Roles and vacancies

    def test_owner_who_loses_the_role_while_the_dialog_is_open_is_refused(self):
        complaint = self._at("3")
        own = complaint.with_user(self.engineer)
        action = own.action_start_transition(self._arrow(complaint).id)
        dialog = Form(
            self.env["lapor.advance"].with_user(self.engineer).with_context(**action["context"])
        )
        dialog.body = "<p>Sudah.</p>"
        wizard = dialog.save()
        self._make_position("Kasi", self.bidang, "kepala_bidang_seksi", self.engineer)
        self.engineer_position.user_id = False
        with self.assertRefused("is for", AccessError):
            wizard.action_confirm()
        case = complaint.sudo()
        self.assertEqual(case.current_step_id.sop_step_id.number, "3")
        self.assertFalse(case.response_ids.filtered(lambda item: item.kind == "final"))

    def test_step_leaves_a_position_whose_role_changes(self):
        complaint = self._at("3")
        self.engineer_position.role_id = self.env.ref("lapor_base.role_kepala_bidang_seksi")
        self.assertEqual(self._owner(complaint), self.opd_admin)
        with self.assertRaises(AccessError):
            self._advance(complaint, self.engineer, response=RESPONSE)

    def test_holder_who_leaves_mid_case_leaves_the_work_to_colleagues(self):
        complaint = self._at("3")
        self.engineer.action_archive()
        self.assertFalse(self._owner(complaint))
        self._advance(complaint, self.opd_admin, response=RESPONSE)

    def test_nobody_signs_the_own_draft_in_whatever_position(self):
        """Neither with a second position, nor as Plt. or Plh. of the one who signs."""
        complaint = self._at("4")
        self.opd_head_position.write(
            {
                "acting_user_id": self.engineer.id,
                "acting_kind": "plh",
                "acting_from": "2020-01-01",
            }
        )
        self.assertEqual(self._owner(complaint), self.engineer)
        with self.assertRefused("somebody else has to sign"):
            self._advance(complaint, self.engineer, sign=True)
        self.opd_head_position.write({"acting_user_id": False, "user_id": self.engineer.id})
        with self.assertRefused("somebody else has to sign"):
            self._advance(complaint, self.engineer, sign=True)
        self._make_position("Kepala 2", self.opd, "kepala_opd", self.engineer)
        with self.assertRefused("somebody else has to sign"):
            self._advance(complaint, self.engineer, sign=True)
        self.opd_head_position.user_id = self.opd_head
        self._advance(complaint, self.opd_head, sign=True)

    # Several holders

    def test_balanced_office_gives_to_whoever_has_the_fewest(self):
        self.manager.assignment = "balanced"
        complaints = (
            self.env["lapor.complaint"]
            .with_user(self.operator)
            .create(
                [
                    {"name": f"Jalan {number}", "description": "Rusak", "is_anonymous": True}
                    for number in range(5)
                ]
            )
        )
        owners = complaints.sudo().current_step_id.mapped("user_id.id")
        self.assertEqual(set(owners), {self.operator.id, self.operator2.id})
        count = {
            user: len(complaints.sudo().current_step_id.filtered(lambda v, u=user: v.user_id == u))
            for user in (self.operator, self.operator2)
        }
        self.assertLessEqual(abs(count[self.operator] - count[self.operator2]), 1)
        first = self._make_complaint()
        second = self._make_complaint()
        self.assertEqual(self._owner(first) | self._owner(second), self.operator | self.operator2)

    def test_queue_waits_until_somebody_takes_it(self):
        self.manager.assignment = "queue"
        complaint = self._make_complaint()
        self.assertFalse(self._owner(complaint))
        self.assertIn("whoever takes it", complaint.sudo().current_step_id._who())
        complaint.with_user(self.operator2).action_take_over()
        self.assertEqual(self._owner(complaint), self.operator2)
        # A second one is too late.
        with self.assertRefused("why"):
            complaint.with_user(self.operator).action_take_over()

    def test_order_gives_to_the_first_with_a_holder(self):
        self.assertEqual(self._owner(self._make_complaint()), self.operator)
        self.operator_position.user_id = False
        complaint = self._make_complaint(self.operator2)
        self.assertEqual(self._owner(complaint), self.operator2)

    # Units and SOPs

    def test_unit_with_open_cases_is_not_archived_and_names_them(self):
        complaint = self._at("3")
        with self.assertRefused(complaint.number, ValidationError):
            self.opd.active = False
        secret = self._make_complaint(is_misconduct=True)
        with self.assertRaises(ValidationError) as caught:
            self.manager.with_user(self.administrator).active = False
        self.assertIn(complaint.number, str(caught.exception))
        self.assertNotIn(secret.number, str(caught.exception))

    def test_unit_with_an_open_required_part_is_not_archived(self):
        complaint = self._at("2")
        self._advance(
            complaint,
            self.head,
            disposition={
                "lead_position_id": self.engineer_position.id,
                "note": "Tinjau",
                "parts": [{"position_id": self.outsider_position.id}],
            },
        )
        with self.assertRefused(complaint.number, ValidationError):
            self.other_opd.active = False
        line = complaint.sudo().disposition_line_ids.filtered("required")
        line.with_user(self.outsider).sudo(False).action_report("Selesai")
        self.other_opd.active = False

    def test_running_case_finishes_by_its_retired_sop(self):
        complaint = self._at("3")
        self.sop.action_retire()
        self._make_sop(name="SOP Baru")
        self._walk_to(complaint, None)
        self.assertEqual(complaint.sudo().sop_id, self.sop)
        self.assertEqual((complaint.phase, complaint.outcome), ("closed", "handled"))

    def test_reason_is_text_and_no_markup(self):
        complaint = self._at("3")
        complaint.with_user(self.engineer).action_hand_over(
            self.opd_admin_position.id, "<script>alert(1)</script>"
        )
        self.assertNotIn("<script>", complaint.sudo().message_ids[0].body)

    def test_position_that_does_not_exist_is_refused(self):
        complaint = self._at("3")
        with self.assertRaises(UserError):
            complaint.with_user(self.engineer).action_hand_over(999999999, "Sibuk")
