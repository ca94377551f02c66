from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from . import common


@tagged("post_install", "-at_install")
class TestSuccession(common.LaporCase):
    """A unit or a position with open work is archived once a successor has that work."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.heir = cls.env["lapor.unit"].create(
            {
                "name": "Dinas Gabungan",
                "code": "DGAB",
                "kind": "opd",
                "company_id": cls.company.id,
            }
        )

    def _heir_position(self, position, user):
        return self.env["lapor.position"].create(
            {
                "name": f"{position.name} Gabungan",
                "unit_id": self.heir.id,
                "role_id": position.role_id.id,
                "user_id": user.id,
            }
        )

    def _dialog(self, record):
        action = record.with_user(self.administrator).action_archive()
        return (
            self.env["lapor.archive.ask"]
            .with_user(self.administrator)
            .with_context(action["context"])
            .create({})
        )

    def _open_case(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, "3")
        return complaint.sudo()

    def test_unit_without_work_is_archived_at_once(self):
        self.assertFalse(self.heir.with_user(self.administrator).action_archive())
        self.assertFalse(self.heir.active)

    def test_unit_hands_its_work_over_and_is_archived(self):
        case = self._open_case()
        opd = case.unit_id
        heir = self._heir_position(case.current_step_id.position_id, self.outsider)
        dialog = self._dialog(opd)
        self.assertEqual((dialog.case_count, dialog.hidden_count), (1, 0))
        dialog.write({"successor_unit_id": self.heir.id, "reason": "Perbup 12/2026"})
        dialog.action_confirm()
        self.assertFalse(opd.active)
        self.assertEqual(case.unit_id, self.heir)
        self.assertEqual(case.current_step_id.position_id, heir)
        self.assertEqual(case.current_user_id, self.outsider)
        self.assertEqual(case.current_step_id.activity_ids.user_id, self.outsider)
        codes = case.event_ids.mapped("code")
        self.assertIn("office_succeeded", codes)
        self.assertIn("reassigned", codes)
        self.assertIn("Perbup 12/2026", "".join(case.message_ids.mapped("body")))
        self.assertTrue(case.with_user(self.outsider).has_access("read"))

    def test_nothing_moves_where_a_role_is_missing(self):
        case = self._open_case()
        opd, owner = case.unit_id, case.current_user_id
        dialog = self._dialog(opd)
        dialog.write({"successor_unit_id": self.heir.id, "reason": "Digabung"})
        with self.assertRefused("no position with the role"):
            dialog.action_confirm()
        self.env.invalidate_all()
        self.assertTrue(opd.active)
        self.assertEqual((case.unit_id, case.current_user_id), (opd, owner))

    def test_reason_and_successor_are_needed(self):
        case = self._open_case()
        self._heir_position(case.current_step_id.position_id, self.outsider)
        dialog = self._dialog(case.unit_id)
        with self.assertRefused("takes the open complaints"):
            dialog.action_confirm()
        dialog.successor_unit_id = self.heir
        with self.assertRefused("why"):
            dialog.action_confirm()

    def test_plain_write_is_refused_still(self):
        case = self._open_case()
        with self.assertRaises(ValidationError):
            case.unit_id.with_user(self.administrator).active = False

    def test_position_gives_its_work_to_another_or_to_the_queue(self):
        case = self._open_case()
        position = case.current_step_id.position_id
        heir = self._heir_position(position, self.outsider)
        dialog = self._dialog(position)
        dialog.write({"successor_position_id": heir.id, "reason": "Jabatan dihapus"})
        dialog.action_confirm()
        self.assertFalse(position.active)
        self.assertEqual(case.current_step_id.position_id, heir)
        self.assertEqual(case.current_user_id, self.outsider)
        self._dialog(heir).action_confirm()
        self.assertFalse(case.current_user_id)

    def test_only_an_administrator_may(self):
        case = self._open_case()
        for user in (self.operator, self.opd_head, self.engineer):
            with self.assertRaises(AccessError):
                case.unit_id.with_user(user).action_archive()
