"""Bukan wewenang in the three founding SOPs: where each step of an OPD leads back to."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from . import offices

# Steps at which an OPD may say so, and the step to which the case goes back.
BACK = {
    "lapor_bantul": (["4", "5"], "3"),
    "lapor_balangan": (["5", "6", "7"], "4"),
    "lapor_kapuas": (["2", "3"], "1"),
}


@tagged("post_install", "-at_install")
class TestMisrouteWalks(offices.OfficesCase):
    def _number(self, complaint):
        return complaint.sudo().current_step_id.sop_step_id.number.rstrip(".")

    def _second_opd(self, addon):
        """Another OPD with all its roles, to which the next disposition goes."""
        company = self.env.ref(f"{addon}.company")
        opd = self.env["lapor.unit"].create(
            {"name": "Dinas Air", "code": "DAIR", "kind": "opd", "company_id": company.id}
        )
        roles = {*offices.OPD_ROLES[addon], offices.BIDANG_ROLES[addon]}
        self._fill(
            self.env["lapor.position"].union(
                *(self._make_position(opd, role) for role in sorted(roles))
            )
        )
        return opd

    def test_each_step_of_an_opd_leads_back_to_who_gave_it_out(self):
        for addon, (numbers, back) in BACK.items():
            for number in numbers:
                with self.subTest(addon, step=number):
                    complaint = self._file(addon)
                    while self._number(complaint) != number:
                        self._step(complaint)
                    case = complaint.sudo()
                    given = case._handover().visit_id
                    user = case.current_user_id
                    self._as(complaint, user).action_refuse_authority("Bukan wewenang kami")
                    self.assertEqual(self._number(complaint), back)
                    self.assertEqual(case.current_position_id, given.position_id)
                    self.assertFalse(case.unit_id)

    def test_next_opd_has_the_whole_case_to_itself(self):
        for addon, (numbers, _back) in BACK.items():
            with self.subTest(addon):
                complaint = self._file(addon)
                while self._number(complaint) != numbers[-1]:
                    self._step(complaint)
                case = complaint.sudo()
                first = case.unit_id
                last = case.step_ids[-1:]
                self._as(complaint, case.current_user_id).action_refuse_authority("Bukan kami")
                second = self._second_opd(addon)
                self.startPatcher(patch.dict(self.opd, {addon: second}))
                self._walk(complaint)
                self.assertEqual(case.phase, "closed")
                self.assertEqual(case.unit_id, second)
                after = case.step_ids.filtered(lambda visit, last=last: visit.id > last.id)
                self.assertNotIn(first, after.unit_id.office_id)
                self.assertIn(second, after.unit_id.office_id)

    def test_quick_path_leads_back_to_who_took_it(self):
        complaint = self._file("lapor_balangan")
        self._step(complaint)
        self._step(complaint, kind="quick")
        user = complaint.sudo().current_user_id
        self._as(complaint, user).action_refuse_authority("Bukan wewenang kami")
        self.assertEqual(self._number(complaint), "2")

    def test_signed_answer_is_not_taken_back(self):
        complaint = self._file("lapor_balangan")
        while self._number(complaint) != "9":
            self._step(complaint)
        user = complaint.sudo().current_user_id
        with self.assertRaisesRegex(UserError, "answered complaint"):
            self._as(complaint, user).action_refuse_authority("Bukan wewenang kami")
