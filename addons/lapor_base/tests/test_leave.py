from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import common


@tagged("post_install", "-at_install")
class TestLeave(common.LaporCase):
    """Leaves of absence: positions go to the substitute and come back by themselves."""

    def _leave(self, user=None, substitute=None, first="2031-03-10", last="2031-03-12"):
        return self.env["lapor.leave"].create(
            {
                "user_id": (user or self.engineer).id,
                "company_id": self.company.id,
                "date_from": first,
                "date_to": last,
                "substitute_id": substitute.id if substitute else False,
            }
        )

    def _run_cron(self):
        self.env["lapor.position"]._cron_apply_dates()
        self.env.invalidate_all()

    def _owner(self, complaint):
        self.env.invalidate_all()
        visit = complaint.sudo().current_step_id
        self.assertEqual(visit.activity_ids.filtered("active").user_id, visit.user_id)
        return visit.user_id

    def test_substitute_acts_between_the_two_days_and_gives_back(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, "3")
        self._leave(substitute=self.outsider)
        self.assertEqual(self._owner(complaint), self.engineer)
        group = self.env.ref("lapor_base.group_unit_teknis")
        # The first day begins and the last one ends at midnight in Jakarta, 17:00 UTC.
        for moment, holder in (
            ("2031-03-09 16:59:00", self.engineer),
            ("2031-03-09 17:00:00", self.outsider),
            ("2031-03-12 16:59:00", self.outsider),
            ("2031-03-12 17:00:00", self.engineer),
        ):
            with self.subTest(moment), freeze_time(moment):
                self._run_cron()
                self.assertEqual(self.engineer_position.holder_id, holder)
                self.assertEqual(self._owner(complaint), holder)
                self.assertEqual(group in holder.group_ids, True)
        self.assertNotIn(group, self.outsider.group_ids)

    def test_substitute_signs_as_plh(self):
        with freeze_time("2031-03-10 03:00:00"):
            complaint = self._make_complaint()
            self._walk_to(complaint, "4")
            self._leave(self.opd_head, self.outsider)
            self.assertEqual(self.opd_head_position._title(), "Plh. Kepala DPUPR")
            self._advance(complaint, self.outsider, sign=True)
            final = complaint.sudo()._final_response("signed")
            self.assertEqual(final.signer_title, "Plh. Kepala DPUPR")

    def test_leave_without_substitute_leaves_the_work_to_colleagues(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, "3")
        with freeze_time("2031-03-10 03:00:00"):
            leave = self._leave()
            self.assertFalse(self._owner(complaint))
            self.assertTrue(complaint.sudo().current_step_id._may_act(self.opd_admin))
            complaint.with_user(self.opd_admin).action_take_over()
            self.assertEqual(self._owner(complaint), self.opd_admin)
            leave.unlink()
            self.assertEqual(self.engineer_position.holder_id, self.engineer)

    def test_parts_of_dispositions_go_along(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, "2")
        self._advance(
            complaint,
            self.head,
            disposition={
                "lead_position_id": self.opd_admin_position.id,
                "note": "Tinjau",
                "parts": [{"position_id": self.engineer_position.id}],
            },
        )
        line = complaint.sudo().disposition_line_ids.filtered("required")
        with freeze_time("2031-03-10 03:00:00"):
            self._leave(substitute=self.outsider)
            self.assertEqual(line.activity_ids.user_id, self.outsider)
            line.with_user(self.outsider).sudo(False).action_report("Selesai")
        self.assertEqual(line.done_by_id, self.outsider)

    def test_substitute_on_leave_or_archived_acts_for_nobody(self):
        with freeze_time("2031-03-10 03:00:00"):
            self._leave(substitute=self.outsider)
            self.assertEqual(self.engineer_position.holder_id, self.outsider)
            second = self._leave(self.outsider)
            self.assertFalse(self.engineer_position.holder_id)
            second.unlink()
            self.assertEqual(self.engineer_position.holder_id, self.outsider)
            self.outsider.active = False
            self.env.invalidate_all()
            self.assertFalse(self.engineer_position.holder_id)

    def test_change_of_a_leave_works_at_once(self):
        with freeze_time("2031-03-10 03:00:00"):
            leave = self._leave(substitute=self.outsider)
            group = self.env.ref("lapor_base.group_unit_teknis")
            self.assertIn(group, self.outsider.group_ids)
            leave.substitute_id = self.opd_admin
            self.assertNotIn(group, self.outsider.group_ids)
            self.assertEqual(self.engineer_position.holder_id, self.opd_admin)
            leave.date_to = "2031-03-10"
        with freeze_time("2031-03-11 03:00:00"):
            self._run_cron()
            self.assertEqual(self.engineer_position.holder_id, self.engineer)

    def test_wrong_leaves_are_refused(self):
        self._leave(substitute=self.outsider)
        with self.assertRefused("already", ValidationError):
            self._leave(first="2031-03-12", last="2031-03-20")
        with self.assertRefused("own substitute", ValidationError):
            self._leave(self.head, self.head)
        with self.assertRefused("staff", ValidationError):
            self._leave(self.head, self._create_portal_user())
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._leave(self.head, first="2031-03-12", last="2031-03-01")

    def test_substitutes_do_not_stand_in_for_each_other(self):
        self._leave(self.engineer, self.outsider)
        with self.assertRefused("on leave from", ValidationError):
            self._leave(self.outsider, self.engineer, "2031-03-12", "2031-03-15")
        self._leave(self.outsider, self.opd_admin)
        with self.assertRefused("in a circle", ValidationError):
            self._leave(self.opd_admin, self.engineer, "2031-03-10", "2031-03-10")
        # Not on the same days, or of somebody whom nobody replaces: no circle.
        self._leave(self.opd_admin, self.engineer, "2031-03-13", "2031-03-15")
        self._leave(self.head, self.operator)
        self._leave(self.operator)

    def test_no_circle_through_any_of_several_leaves(self):
        self._leave(self.outsider, self.opd_admin, "2031-03-01", "2031-03-05")
        self._leave(self.outsider, self.engineer, "2031-03-10", "2031-03-12")
        self._leave(self.outsider, self.head, "2031-03-15", "2031-03-16")
        with self.assertRefused("on leave from", ValidationError):
            self._leave(self.engineer, self.outsider, "2031-03-01", "2031-03-20")
        self._leave(self.engineer, self.outsider, "2031-03-01", "2031-03-09")

    def test_only_administrators_enter_leaves(self):
        leave = self._leave()
        self.assertTrue(leave.with_user(self.engineer).has_access("read"))
        for user in (self.engineer, self.head, self.operator):
            with self.subTest(user.login), self.assertRaises(AccessError):
                leave.with_user(user).substitute_id = self.outsider
        self.env["lapor.leave"].with_user(self.administrator).create(
            {
                "user_id": self.head.id,
                "company_id": self.company.id,
                "date_from": "2031-03-10",
                "date_to": "2031-03-12",
            }
        )
