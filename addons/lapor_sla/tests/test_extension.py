from unittest.mock import patch

from odoo.exceptions import AccessError, LockError
from odoo.tests import Form, tagged

from odoo.addons.lapor_base.tests.soundness import unsound

from . import common


@tagged("post_install", "-at_install")
class TestExtension(common.SlaCase):
    """Perpanjangan: asked by whoever has the step, decided by a superior, never by the asker."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sop.action_retire()
        cls.sop = cls._make_sop(activate=False, name="SOP dengan perpanjangan")
        # As Balangan's step 7: 5 working days, for field visits and across OPDs 14.
        cls.sop.step_ids[2].write({"extension_amount": 14, "extension_unit": "working_day"})
        cls.sop.action_activate()

    def setUp(self):
        super().setUp()
        with self.at("2026-02-02 09:00"):
            self.case = self._make_complaint()
            self._walk_to(self.case, "3")

    def _ask(self, user=None, **values):
        self.case.with_user(user or self.engineer).action_ask_extension(
            "Jembatan di tiga desa", **values
        )
        return self.case.sudo().extension_ids[-1:]

    def test_granted_time_moves_the_clocks(self):
        step, whole = self.clock(self.case), self.clock(self.case, "sop")
        self.assertDue(step, "2026-02-09 16:00")
        whole_before = whole.working_days
        with self.at("2026-02-03 09:00"):
            request = self._ask()
            self.assertEqual(request.position_id, self.opd_head_position)
            task = self.case.sudo()._tasks(["extension"])
            self.assertEqual(task.user_id, self.opd_head)
            self.assertDue(step, "2026-02-09 16:00")
            self.case.with_user(self.opd_head).action_decide_extension(True, "Silakan")
        self.assertDue(step, "2026-02-24 15:00")
        self.assertEqual(whole.working_days, whole_before + 9)
        self.assertEqual(
            (request.state, request.decided_by_id, step.extended_by_id),
            ("granted", self.opd_head, self.opd_head),
        )
        self.assertFalse(task.active)
        codes = self.case.sudo().event_ids.sorted("sequence").mapped("code")
        self.assertEqual(codes[-3:], ["extension_asked", "clock_extended", "extension_granted"])
        self.assertEqual(unsound(self.case.sudo()), [])

    def test_less_than_all_can_be_asked_for(self):
        with self.at("2026-02-03 09:00"):
            self._ask(amount=7, ground="units")
            self.case.with_user(self.opd_head).action_decide_extension(True)
        self.assertDue(self.clock(self.case), "2026-02-11 16:00")

    def test_refused_time_changes_nothing_and_the_asker_is_told(self):
        with self.at("2026-02-03 09:00"):
            request = self._ask()
            with self.assertRefused("Say why it is refused"):
                self.case.with_user(self.opd_head).action_decide_extension(False)
            self.case.with_user(self.opd_head).action_decide_extension(False, "Cukup lima hari")
        self.assertEqual(request.state, "refused")
        self.assertDue(self.clock(self.case), "2026-02-09 16:00")
        told = self.case.sudo().message_ids.filtered(
            lambda message: self.engineer.partner_id in message.notified_partner_ids
        )
        self.assertIn("Cukup lima hari", told[:1].body)
        with self.at("2026-02-03 10:00"):
            self._ask()

    def test_nobody_grants_the_own_request(self):
        # The head of the OPD has the step himself.
        self.engineer_position.user_id = self.opd_head
        with self.at("2026-02-03 09:00"):
            request = self._ask(self.opd_head)
            self.assertNotEqual(request.position_id.holder_id, self.opd_head)
            for user in (self.opd_head, self.opd_admin, self.overseer):
                with self.subTest(user.login), self.assertRaises(AccessError):
                    self.case.with_user(user).action_decide_extension(True)
            with self.assertRefused("may extend"):
                self.clock(self.case).with_user(self.opd_head).action_extend("Tinjauan")
            self.case.with_user(self.operator).action_decide_extension(True)
        self.assertEqual(request.decided_by_id, self.operator)

    def test_what_cannot_be_asked(self):
        with self.at("2026-02-03 09:00"):
            for user in (self.opd_head, self.outsider):
                with self.subTest(user.login), self.assertRaises(AccessError):
                    self._ask(user)
            own = self.case.with_user(self.engineer)
            with self.assertRefused("Say why"):
                own.action_ask_extension(" ")
            with self.assertRefused("what the longer time is for"):
                own.action_ask_extension("Lama", ground="holiday")
            for amount in (15, 5, 0, -3):
                with self.subTest(amount), self.assertRefused("allows up to"):
                    own.action_ask_extension("Lama", amount=amount)
            with self.assertRefused("Nobody asks for more time"):
                self.case.with_user(self.opd_head).action_decide_extension(True)
            self._ask()
            with self.assertRefused("already"):
                self._ask()
            self.case.with_user(self.opd_head).action_decide_extension(True)
            with self.assertRefused("given already"):
                self._ask()
            other = self._make_complaint()
            with self.assertRefused("allows none"):
                other.with_user(self.operator).action_ask_extension("Lama")

    def test_late_is_late(self):
        with self.at("2026-02-10 09:00"), self.assertRefused("time is over"):
            self._ask()

    def test_asked_in_time_can_be_granted_after(self):
        with self.at("2026-02-09 15:00"):
            self._ask()
        with self.at("2026-02-10 09:00"):
            self.case.with_user(self.opd_head).action_decide_extension(True)
        self.assertDue(self.clock(self.case), "2026-02-24 15:00")

    def test_request_ends_with_its_step(self):
        with self.at("2026-02-03 09:00"):
            request = self._ask()
            self._walk_to(self.case, "4")
        self.assertEqual(request.state, "void")
        self.assertFalse(self.case.sudo()._tasks())
        with self.at("2026-02-03 10:00"), self.assertRefused("Nobody asks for more time"):
            self.case.with_user(self.opd_head).action_decide_extension(True)

    def test_two_users_at_once_and_a_second_click(self):
        with self.at("2026-02-03 09:00"):
            self._ask()
            locked = patch.object(
                type(self.case), "lock_for_update", side_effect=LockError("x"), autospec=True
            )
            with locked, self.assertRefused("Somebody else is working"):
                self.case.with_user(self.opd_head).action_decide_extension(True)
            self.case.with_user(self.opd_head).action_decide_extension(True)
            with self.assertRefused("Nobody asks for more time"):
                self.case.with_user(self.operator).action_decide_extension(False, "Tidak")
        self.assertEqual(self.case.sudo().extension_ids.state, "granted")

    def test_dialogs(self):
        Ask = self.env["lapor.extension.ask"]
        with self.at("2026-02-03 09:00"):
            own = self.case.with_user(self.engineer)
            acts = {act["id"] for act in own.act_state["acts"]}
            self.assertIn("ask_extension", acts)
            action = own.action_open_ask_extension()
            dialog = Form(Ask.with_user(self.engineer).with_context(**action["context"]))
            self.assertEqual((dialog.amount, dialog.decider[:5]), (14, "Kepal"))
            dialog.note = "Jembatan di tiga desa"
            dialog.save().action_confirm()
            case = self.case.with_user(self.opd_head)
            case.invalidate_recordset()
            self.assertIn("decide_extension", {act["id"] for act in case.act_state["acts"]})
            action = case.action_open_decide_extension()
            dialog = Form(Ask.with_user(self.opd_head).with_context(**action["context"]))
            self.assertEqual(dialog.asked_reason, "Jembatan di tiga desa")
            dialog.save().action_grant()
        self.assertEqual(self.case.sudo().extension_ids.state, "granted")
