from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from . import common
from .soundness import unsound


@tagged("post_install", "-at_install")
class TestFaults(common.LaporCase):
    """What changes between opening a dialog and confirming it: said in words, nothing half done.

    Two transactions that really run at once are in ``tests/test_two_at_once.py``.
    """

    def _dialog(self, complaint, user, **values):
        """The dialog of the step's main arrow as this user opened it."""
        arrow = self._arrow(complaint)
        return (
            self.env["lapor.advance"]
            .with_user(user)
            .create(
                {
                    "complaint_ids": [Command.set(complaint.ids)],
                    "transition_id": arrow.id,
                    **values,
                }
            )
        )

    def _assert_still_at(self, complaint, number):
        case = complaint.sudo()
        self.assertEqual(case.current_step_id.sop_step_id.number, number)
        self.assertFalse(unsound(case))

    def test_owner_who_lost_the_role_while_the_dialog_was_open(self):
        for lose in (
            {"user_id": self.outsider.id},
            {"user_id": False},
            {"role_id": self.env.ref("lapor_base.role_sekretaris_opd").id},
            {"active": False},
        ):
            with self.subTest(lose=lose):
                complaint = self._walk_to(self._make_complaint(), "3")
                before = {name: self.engineer_position[name] for name in lose}
                dialog = self._dialog(
                    complaint, self.engineer, body="<p>Sudah kami tambal.</p>", subject="Tanggapan"
                )
                self.engineer_position.write(lose)
                with self.assertRaises(AccessError):
                    dialog.action_confirm()
                self._assert_still_at(complaint, "3")
                self.assertFalse(complaint.sudo().response_ids.filtered("body"))
                self.engineer_position.write(
                    {name: getattr(value, "id", value) for name, value in before.items()}
                )

    def test_second_click_on_the_dialog(self):
        complaint = self._make_complaint()
        first, second = (self._dialog(complaint, self.operator) for _turn in range(2))
        first.action_confirm()
        with self.assertRefused("already been done by Operator Uji"):
            second.action_confirm()
        with self.assertRefused("already been done by Operator Uji"):
            first.action_confirm()
        self._assert_still_at(complaint, "2")
        self.assertEqual(len(complaint.sudo().step_ids), 2)

    def test_sop_retired_with_running_cases(self):
        """They finish on theirs, come back to it, and new ones wait for an SOP."""
        running, reopened = self._walk_to(self._make_complaint(), "3"), self._make_complaint()
        self._walk_to(reopened, None)
        self.sop.action_retire()
        self._walk_to(running, None)
        self.assertEqual((running.sop_id, running.outcome), (self.sop, "handled"))
        reopened.with_user(self.operator).action_reopen("Belum selesai")
        self.assertEqual(reopened.sop_id, self.sop)
        self._walk_to(reopened, None)
        new = self._make_complaint()
        self.assertFalse(new.sop_id)
        with self.assertRefused("no SOP in force"):
            new.with_user(self.operator).action_enter_sop()
        for case in (running, reopened):
            self.assertFalse(unsound(case.sudo()))

    def test_unit_archived_with_open_cases(self):
        """Neither the office that has a case, nor one of its parts, nor the managing one."""
        complaint = self._walk_to(self._make_complaint(), "3")
        for unit in (self.opd, self.bidang, self.manager):
            with self.subTest(unit.code), self.assertRefused(complaint.number):
                unit.active = False
        self._walk_to(complaint, None)
        self.opd.active = False
        self.assertFalse(self.opd.active)

    def test_refusals_are_indonesian(self):
        """Each in good Indonesian, for whoever works in Indonesian."""
        self.env["res.lang"]._activate_lang("id_ID")
        complaint = self._make_complaint()
        self._dialog(complaint, self.operator).action_confirm()
        own = complaint.with_user(self.operator).with_context(lang="id_ID")
        arrow = self.sop.step_ids[0].transition_ids[:1]
        acts = {
            "sudah dikerjakan oleh": lambda: own.action_advance(arrow.id),
            "Aduan": lambda: own.action_resume(),
            "alasan|mengapa": lambda: own.action_take_over(" "),
            "pelapor|Pelapor": lambda: own.action_reveal_identity("Menelepon pelapor ini"),
            "tidak ada|Tidak ada": lambda: own.action_advance(99999999),
        }
        for words, act in acts.items():
            with self.subTest(words), self.assertRaises(UserError) as caught:
                act()
            said = str(caught.exception)
            self.assertNotRegex(said, r"\b(the|this|is|has|not|any)\b", said)

    def test_form_of_a_case_that_was_closed_meanwhile(self):
        complaint = self._make_complaint()
        form = Form(complaint.with_user(self.operator))
        complaint.with_user(self.operator).action_withdraw("Ditelepon")
        form.place = "Pasar Baru"
        with self.assertRefused("is closed"):
            form.save()
        self.assertFalse(complaint.place)
