"""The three founding SOPs, each walked to its end by the people it names."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from . import offices


@tagged("post_install", "-at_install")
class TestSopWalks(offices.OfficesCase):
    def roles(self, complaint):
        return [visit.position_id.role_id.code for visit in complaint.sudo().step_ids]

    def test_balangan_walks_its_eleven_steps(self):
        complaint = self._file("lapor_balangan")
        numbers = self._walk(complaint)
        self.assertEqual(numbers, [str(number) for number in range(1, 12)])
        case = complaint.sudo()
        self.assertEqual(case.outcome, "handled")
        self.assertEqual(case.unit_id, self.opd["lapor_balangan"])
        self.assertEqual(
            self.roles(complaint),
            [
                "admin_layanan",
                "kasi_pelayanan",
                "kabid_ikp",
                "kepala_dinas",
                "admin_opd",
                "kepala_opd",
                "unit_teknis",
                "kepala_opd",
                "admin_opd",
                "kabid_ikp",
                "admin_layanan",
            ],
        )
        final = case._final_response("delivered")
        self.assertEqual(final.signer_position_id.role_id.code, "kepala_opd")
        self.assertEqual(final.mail_id.email_to, '"Budi" <budi@contoh.example>')

    def test_balangan_quick_path_goes_straight_to_the_opd(self):
        complaint = self._file("lapor_balangan")
        self._step(complaint)
        self._step(complaint, kind="quick")
        visit = complaint.sudo().current_step_id
        self.assertEqual(visit.sop_step_id.number, "5")
        self.assertEqual(visit.position_id.role_id.code, "admin_opd")
        numbers = self._walk(complaint)
        self.assertEqual(numbers, ["1", "2", "5", "6", "7", "8", "9", "10", "11"])

    def test_balangan_answer_cannot_leave_before_it_is_signed(self):
        complaint = self._file("lapor_balangan")
        while complaint.sudo().current_step_id.sop_step_id.number != "8":
            self._step(complaint)
        case = complaint.sudo()
        final = case.response_ids.filtered(lambda response: response.kind == "final")
        self.assertEqual(final.state, "submitted")
        arrow = self._arrow(complaint, kind="forward")
        with self.assertRaisesRegex(UserError, "does not ask for"), self.env.cr.savepoint():
            self._as(complaint, case.current_user_id).action_advance(arrow.id, delivery={})
        with self.assertRaisesRegex(UserError, "before it is signed"):
            final._deliver(case.current_step_id, "diserahkan langsung")

    def test_bantul_walks_its_seven_steps_in_true_order(self):
        complaint = self._file("lapor_bantul")
        self.assertEqual(complaint.sudo().step_ids.mapped("state"), ["done", "open"])
        numbers = self._walk(complaint)
        self.assertEqual(numbers, ["1", "3", "4", "5", "6", "5", "6"])
        kinds = complaint.sudo().response_ids.sorted("id").mapped("kind")
        self.assertEqual(kinds, ["ack", "interim", "final"])
        self.assertEqual(complaint.sudo().unit_id, self.opd["lapor_bantul"])

    def test_bantul_interim_answer_leaves_before_the_forward(self):
        complaint = self._file("lapor_bantul")
        arrow = complaint.sudo().current_step_id._main_transition()
        evidence = self._evidence(complaint, arrow)
        evidence.pop("response")
        evidence.pop("delivery")
        user = complaint.sudo().current_user_id
        with self.assertRaisesRegex(UserError, "interim"), self.env.cr.savepoint():
            self._as(complaint, user).action_advance(arrow.id, **evidence)
        self._step(complaint)
        interim = complaint.sudo().response_ids.filtered(
            lambda response: response.kind == "interim"
        )
        self.assertEqual(interim.state, "delivered")
        self.assertFalse(complaint.sudo().closed_at)

    def test_bantul_simple_question_is_answered_at_once(self):
        complaint = self._file("lapor_bantul", classification="information")
        self._step(complaint, kind="quick")
        visit = complaint.sudo().current_step_id
        self.assertEqual(visit.sop_step_id.kind, "confirm")
        self.assertEqual(complaint.sudo()._final_response("delivered").kind, "final")
        self._step(complaint)
        self.assertEqual(complaint.sudo().phase, "closed")
        self.assertEqual(self.roles(complaint)[-1], "operator")

    def test_bantul_question_found_simple_by_the_secretary_goes_back_to_the_citizen(self):
        complaint = self._file("lapor_bantul")
        self._step(complaint)
        arrow = self._step(complaint, kind="branch")
        self.assertEqual(arrow.name, "Aduan yang berupa pertanyaan sederhana")
        self.assertEqual(complaint.sudo().current_step_id.sop_step_id.kind, "confirm")

    def test_kapuas_walks_its_three_steps_and_ends_in_an_inspection_report(self):
        complaint = self._file("lapor_kapuas")
        numbers = [number.rstrip(".") for number in self._walk(complaint)]
        self.assertEqual(numbers, ["1", "2", "3"])
        case = complaint.sudo()
        self.assertEqual(case.inspection_ids.state, "done")
        self.assertEqual(case.phase, "closed")
        self.assertEqual(
            self.roles(complaint), ["unit_pengelola", "pejabat_penghubung", "pejabat_penghubung"]
        )

    def test_kapuas_cannot_end_without_the_inspection_report(self):
        complaint = self._file("lapor_kapuas")
        self._step(complaint)
        self._step(complaint)
        arrow = complaint.sudo().current_step_id._main_transition()
        evidence = self._evidence(complaint, arrow)
        evidence.pop("inspection")
        with self.assertRaisesRegex(UserError, "BA"), self.env.cr.savepoint():
            self._as(complaint, complaint.sudo().current_user_id).action_advance(
                arrow.id, **evidence
            )
        self.assertEqual(complaint.sudo().phase, "handling")

    def test_governments_do_not_see_each_other(self):
        complaints = {addon: self._file(addon) for addon in offices.GOVERNMENTS}
        for addon, complaint in complaints.items():
            user = complaint.sudo().current_user_id
            seen = self._as(self.env["lapor.complaint"], user).search([])
            self.assertEqual(seen, complaint)
            for other in complaints.values():
                if other != complaint:
                    with self.assertRaises(AccessError):
                        self._as(other, user).action_advance(self._arrow(other).id)
            self.assertEqual(complaint.company_id, self.env.ref(f"{addon}.company"))
