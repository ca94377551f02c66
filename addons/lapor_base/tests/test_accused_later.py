from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import LaporCase
from .papers import PapersCase


@tagged("post_install", "-at_install")
class TestAccusedLater(PapersCase):
    """An accusation stays with people, whatever moves afterwards."""

    def _misconduct(self):
        return self._make_complaint(
            is_misconduct=True, name="Pungutan", description="Diminta uang."
        )

    def _appoint(self, user, role="admin_layanan", unit=None):
        """As the complaint administrator does it."""
        self.env["lapor.position"].with_user(self.administrator).create(
            {
                "name": "Jabatan baru",
                "unit_id": (unit or self.manager).id,
                "role_id": self.env.ref(f"lapor_base.role_{role}").id,
                "user_id": user.id,
            }
        )
        self.env.invalidate_all()

    def _name(self, complaint, **accused):
        complaint.with_user(self.operator).action_name_accused(
            **{key: records.ids for key, records in accused.items()}
        )
        self.env.invalidate_all()

    def test_accused_stay_out_in_another_position(self):
        """By position, or by unit; also when they hold the old one no more, or the unit went."""
        for accused in (
            {"position_ids": self.engineer_position},
            {"unit_ids": self.bidang},
            {"unit_ids": self.opd},
        ):
            with self.subTest(accused=accused), self.env.cr.savepoint() as savepoint:
                complaint = self._misconduct()
                self._name(complaint, **accused)
                self.bidang.with_user(self.administrator).parent_id = self.other_opd
                self.engineer_position.with_user(self.administrator).user_id = False
                self._appoint(self.engineer)
                self.assertIn(self.engineer.lapor_position_ids.unit_id, self.manager)
                self.assertFalse(self._sees(complaint, self.engineer))
                self.assertEqual(complaint.sudo().is_led_by_inspectorate, "position_ids" in accused)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_substitutes_are_shut_out_while_they_stand_in(self):
        today = fields.Date.today()
        leave = self.env["lapor.leave"].create(
            {
                "user_id": self.engineer.id,
                "substitute_id": self.operator2.id,
                "date_from": today,
                "date_to": fields.Date.add(today, days=2),
                "company_id": self.company.id,
            }
        )
        complaint = self._misconduct()
        self._name(complaint, unit_ids=self.bidang)
        self.assertFalse(self._sees(complaint, self.operator2))
        leave.unlink()
        self.env.invalidate_all()
        self.assertTrue(self._sees(complaint, self.operator2))
        self.assertEqual(complaint.sudo().shut_out_user_ids, self.engineer)

    def test_taking_back_lets_in_again(self):
        complaint = self._misconduct()
        self._name(complaint, unit_ids=self.bidang, position_ids=self.outsider_position)
        case = complaint.sudo()
        self.assertEqual(case.shut_out_user_ids, self.engineer | self.outsider)
        case.write({"accused_unit_ids": [Command.clear()]})
        self.assertEqual(case.shut_out_user_ids, self.outsider)
        complaint.with_user(self.inspector).action_unmark_misconduct("Bukan pengawasan")
        self.assertFalse(case.shut_out_user_ids)

    def test_inspectorate_leads_where_an_accused_comes_into_the_managing_office(self):
        complaint, other = self._misconduct(), self._misconduct()
        self._name(complaint, user_ids=self.opd_head)
        self.assertTrue(self._sees(complaint, self.operator))
        self._appoint(self.opd_head, "kepala_dinas")
        case = complaint.sudo()
        self.assertTrue(case.is_led_by_inspectorate)
        self.assertEqual(case.current_user_id, self.inspector)
        self.assertTrue(case._tasks(["misconduct_lead"]))
        for user in (self.operator, self.head, self.opd_head):
            self.assertFalse(self._sees(complaint, user))
        self.assertTrue(self._sees(other, self.operator))

    def test_cases_answered_together_accuse_the_same(self):
        """Whichever is named in, before the merge or after it."""
        for late in (False, True):
            for index in (0, 1):
                with self.subTest(late=late, index=index):
                    cases = self._misconduct(), self._misconduct()
                    main, other = cases
                    if not late:
                        self._name(cases[index], user_ids=self.engineer)
                    other.with_user(self.operator).action_merge(main.id)
                    if late:
                        self._name(cases[index], user_ids=self.engineer)
                    for case in cases:
                        self.assertEqual(case.sudo().accused_user_ids, self.engineer)

    def test_supporters_of_a_led_case_are_led(self):
        main, other = self._misconduct(), self._misconduct()
        other.with_user(self.operator).action_merge(main.id)
        self._name(main, unit_ids=self.manager)
        for case in (main, other):
            self.assertFalse(self._sees(case, self.operator))
            self.assertTrue(self._sees(case, self.inspector))
        self.assertEqual(other.sudo().main_id, main)

    def test_agreement_is_not_for_cases_that_come_later(self):
        main, other, third = self._misconduct(), self._misconduct(), self._misconduct()
        main.with_user(self.inspector).action_agree_end()
        other.with_user(self.operator).action_merge(main.id)
        self.assertFalse(main.sudo().end_agreed_at)
        main.with_user(self.inspector).action_agree_end()
        self.assertTrue(main.sudo().end_agreed_at)
        self.assertTrue(self._sees(third, self.inspector))

    def test_inspectorate_goes_on_leading_when_the_accused_has_left(self):
        complaint = self._make_complaint(is_misconduct=True)
        complaint.with_user(self.operator).action_name_accused(user_ids=self.head.ids)
        case = complaint.sudo()
        self.assertTrue(case.is_led_by_inspectorate)
        self.head_position.user_id = False
        case.write({"accused_user_ids": [Command.link(self.outsider.id)]})
        self.env.invalidate_all()
        self.assertTrue(case.is_led_by_inspectorate)
        self.assertFalse(self._sees(complaint, self.operator))

    def test_inspectorate_leads_when_an_accused_unit_comes_into_the_office(self):
        for accused in ({"user_ids": self.engineer.ids}, {"unit_ids": self.bidang.ids}):
            complaint = self._make_complaint(is_misconduct=True)
            complaint.with_user(self.operator).action_name_accused(**accused)
            self.assertFalse(complaint.sudo().is_led_by_inspectorate)
            self.bidang.parent_id = self.manager
            with self.subTest(accused):
                self.assertTrue(complaint.sudo().is_led_by_inspectorate)
                self.assertFalse(self._sees(complaint, self.operator))
            self.bidang.parent_id = self.opd


@tagged("post_install", "-at_install")
class TestSavedSearches(LaporCase):
    """Nobody hides cases from others by a search that he saves for everybody."""

    def _save(self, user, **values):
        return (
            self.env["ir.filters"]
            .with_user(user)
            .create({"name": "Semua", "model_id": "lapor.complaint", "is_default": True, **values})
        )

    def test_searches_for_everybody_are_the_system_administrators(self):
        other = self.env["res.company"].create({"name": "Pemkab Lain", "lapor_code": "LAI"})
        foreign = self._make_officer("foreign", "Pegawai Lain")
        foreign.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        for user in (self.operator, self.administrator):
            with self.assertRaises(AccessError):
                self._save(user, user_ids=False)
            own = self._save(user, user_ids=[Command.set(user.ids)])
            with self.assertRaises(AccessError):
                own.write({"user_ids": [Command.clear()]})
            with self.assertRaises(AccessError):
                own.write({"user_ids": [Command.link(foreign.id)]})
        common = self.env["ir.filters"].create({"name": "Umum", "model_id": "lapor.complaint"})
        for act in (
            lambda: common.with_user(self.operator).write({"domain": "[]"}),
            lambda: common.with_user(self.operator).unlink(),
        ):
            with self.assertRaises(AccessError):
                act()
        # Other lists are Odoo's own matter.
        self.env["ir.filters"].with_user(self.operator).create(
            {"name": "Kontak", "model_id": "res.partner"}
        )
