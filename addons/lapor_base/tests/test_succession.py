from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
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

    def _succeed(self, record, successor, reason="Digabung"):
        """Hand the work over by the dialog, and archive."""
        dialog = self._dialog(record)
        field = "successor_unit_id" if record._name == "lapor.unit" else "successor_position_id"
        dialog.write({field: successor.id, "reason": reason})
        dialog.action_confirm()

    def _take_back(self, record, reason="Batal digabung"):
        """Unarchive, and take the offer."""
        action = record.with_user(self.administrator).action_unarchive()
        dialog = (
            self.env["lapor.archive.ask"]
            .with_user(self.administrator)
            .with_context(action["context"])
            .create({"reason": reason})
        )
        self.assertTrue(dialog.takes_back)
        cases = dialog.complaint_ids
        dialog.action_confirm()
        return cases

    def _offer(self, record):
        """The offer of the menu, for whoever has dismissed it before."""
        action = self.env.ref(f"lapor_base.{record._table}_action_take_back")
        context = {"active_model": record._name, "active_id": record.id, "active_ids": record.ids}
        return action.with_user(self.administrator).with_context(**context).run()

    def test_unit_that_is_active_again_takes_its_work_back(self):
        case, gone_on = self._open_case(), self._open_case()
        opd, position = case.unit_id, case.current_step_id.position_id
        self._heir_position(position, self.outsider)
        heir_head = self._heir_position(self.opd_head_position, self.opd_admin)
        self._succeed(opd, self.heir)
        # The successor has finished the step of one of them: that one stays.
        self._advance(gone_on, self.outsider, response={"body": "<p>Sudah.</p>"})
        self.assertEqual(gone_on.current_step_id.position_id, heir_head)
        count = len(case.event_ids)
        self.assertEqual(self._take_back(opd), case)
        self.assertEqual((case.unit_id, case.current_step_id.position_id), (opd, position))
        self.assertEqual(case.current_user_id, self.engineer)
        self.assertEqual(
            case.current_step_id.activity_ids.filtered("active").user_id, self.engineer
        )
        self.assertEqual(
            sorted(case.event_ids.sorted("sequence")[count:].mapped("code")),
            ["office_succeeded", "part_readdressed", "reassigned"],
        )
        self.assertIn("Batal digabung", "".join(case.message_ids.mapped("body")))
        self.assertEqual(gone_on.unit_id, self.heir)
        self.assertEqual(gone_on.current_step_id.position_id, heir_head)
        with self.assertRefused("Nothing of what"):
            opd.with_user(self.administrator).action_take_back("Sekali lagi")
        with self.assertRefused("Nothing of what"):
            self._offer(opd)

    def test_what_the_successor_gave_away_stays_there(self):
        case = self._open_case()
        position = case.current_step_id.position_id
        heir = self._heir_position(position, self.outsider)
        self._succeed(position, heir)
        self._succeed(heir, self._heir_position(position, self.opd_admin))
        self.assertFalse(position.with_user(self.administrator).action_unarchive())
        self.assertEqual(case.current_user_id, self.opd_admin)

    def test_parts_initials_and_promises_go_on_and_come_back(self):
        self.opd.write(
            {
                "paraf_source": "list",
                "paraf_rule_ids": [
                    Command.create({"position_id": self.opd_admin_position.id}),
                ],
            }
        )
        case = self._make_complaint()
        self._walk_to(case, "2")
        self._advance(
            case,
            self.head,
            disposition={
                "lead_position_id": self.engineer_position.id,
                "note": "Tinjau",
                "parts": [{"position_id": self.opd_admin_position.id, "required": False}],
            },
        )
        case = case.sudo()
        case.with_user(self.engineer).action_promise(
            "Dianggarkan", fields.Date.today() + timedelta(days=90), self.opd_admin_position.id
        )
        self._advance(case, self.engineer, response={"body": "<p>Sudah.</p>"})
        paraf, promise = case.response_ids.paraf_ids, case.promise_id
        line = case.disposition_line_ids.filtered(
            lambda line: line.position_id == self.opd_admin_position
        )
        waiting = (paraf, promise, line)
        heir = self._heir_position(self.opd_admin_position, self.outsider)
        self._succeed(self.opd_admin_position, heir)
        self.assertEqual([one.position_id for one in waiting], [heir] * 3)
        self.assertEqual(paraf.turn_activity_id.user_id, self.outsider)
        self.assertTrue(case.with_user(self.outsider).has_access("read"))
        codes = case.event_ids.mapped("code")
        self.assertEqual((codes.count("turn_readdressed"), codes.count("part_readdressed")), (2, 1))
        self._take_back(self.opd_admin_position)
        self.assertEqual([one.position_id for one in waiting], [self.opd_admin_position] * 3)
        self.assertEqual(paraf.turn_activity_id.user_id, self.opd_admin)
        case.response_ids.with_user(self.opd_admin).sudo(False).action_paraf()
        self.assertEqual(paraf.state, "given")

    def test_initial_that_nobody_can_take_over_is_passed_over(self):
        self.opd.write(
            {
                "paraf_source": "list",
                "paraf_rule_ids": [Command.create({"position_id": self.opd_admin_position.id})],
            }
        )
        case = self._open_case()
        self._advance(case, self.engineer, response={"body": "<p>Sudah.</p>"})
        self.assertTrue(case.response_ids.next_paraf_id)
        self._dialog(self.opd_admin_position).action_confirm()
        self.assertFalse(case.response_ids.next_paraf_id)
        case.response_ids._pass_over_parafs()

    def test_managing_office_says_what_to_do(self):
        self._make_complaint()
        self.assertTrue(self._dialog(self.manager).manages)
        self._open_case()
        with self.assertRefused("manages 2 complaints.*archive the unit", ValidationError):
            self.manager.with_user(self.administrator).active = False

    def test_only_an_administrator_takes_back(self):
        case = self._open_case()
        position = case.current_step_id.position_id
        heir = self._heir_position(position, self.outsider)
        self._succeed(position, heir)
        with self.assertRefused("archived"):
            position.with_user(self.administrator).action_take_back("Salah")
        position.active = True
        for user in (self.operator, self.opd_head, self.outsider):
            with self.assertRaises(AccessError):
                position.with_user(user).action_take_back("Salah")
            with self.assertRaises(AccessError):
                position.with_user(user).action_open_take_back()
        with self.assertRefused("why"):
            position.with_user(self.administrator).action_take_back(" ")
        self.assertTrue(self._offer(position)["context"]["default_takes_back"])
