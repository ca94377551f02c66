from datetime import timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import common

STEP_ACTIVITY = [("lapor_step_id", "!=", False)]


@tagged("post_install", "-at_install")
class TestPositions(common.LaporCase):
    """Who acts in a position, and that rights and open work follow."""

    def _run_cron(self):
        cron = self.env.ref("lapor_base.ir_cron_apply_positions")
        with self.enter_registry_test_mode():
            self.assertIs(cron.method_direct_trigger(), True)
        self.env.invalidate_all()

    def _activity(self, complaint):
        return self.env["mail.activity"].search([*STEP_ACTIVITY, ("res_id", "=", complaint.id)])

    def _assert_owner(self, complaint, user):
        self.env.invalidate_all()
        self.assertEqual(complaint.current_step_id.user_id, user)
        self.assertEqual(complaint.current_user_id, user)
        self.assertEqual(self._activity(complaint).user_id, user)

    # Holder, vacancy, Plt. and Plh.

    def test_position_without_holder_is_vacant(self):
        position = self._make_position("Kosong", self.opd, "admin_opd")
        self.assertTrue(position.is_vacant)
        self.assertIn("vacant", position.display_name)
        Position = self.env["lapor.position"]
        mine = [("company_id", "=", self.company.id)]
        self.assertEqual(Position.search([*mine, ("is_vacant", "=", True)]), position)
        self.assertNotIn(position, Position.search([*mine, ("is_vacant", "=", False)]))
        position.user_id = self.outsider
        self.assertFalse(position.is_vacant)
        self.assertIn("Admin Dinkes", position.display_name)

    def test_title_tells_how_the_holder_acts(self):
        position = self.opd_head_position
        self.assertEqual(position._title(), "Kepala DPUPR")
        position.write(self._plh(self.outsider))
        self.assertEqual(position._title(), "Plh. Kepala DPUPR")
        position.write({"user_id": False, "acting_kind": "plt"})
        self.assertEqual(position._title(), "Plt. Kepala DPUPR")
        position.acting_to = "2020-01-02"
        self.assertEqual(position._title(), "Kepala DPUPR")

    def _plh(self, user, start="2020-01-01", end=False):
        return {
            "acting_user_id": user.id,
            "acting_kind": "plh",
            "acting_from": start,
            "acting_to": end,
        }

    def test_plt_needs_a_vacancy_and_plh_a_holder(self):
        values = self._plh(self.outsider)
        with self.assertRefused("vacant position", ValidationError):
            self.opd_head_position.write({**values, "acting_kind": "plt"})
        with self.assertRefused("stands in for a holder", ValidationError):
            self.opd_head_position.write({**values, "user_id": False})

    @mute_logger("odoo.sql_db")
    def test_acting_holder_needs_kind_and_first_day(self):
        for name in ("acting_kind", "acting_from"):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self.opd_head_position.write({**self._plh(self.outsider), name: False})
                self.env.flush_all()
            self.env.invalidate_all()
        with self.assertRaises(ValidationError):
            self.opd_head_position.write(self._plh(self.outsider, "2020-02-01", "2020-01-31"))

    def test_position_cannot_be_its_own_superior(self):
        with self.assertRaises(ValidationError):
            self.opd_head_position.parent_id = self.engineer_position

    def test_plh_acts_from_the_first_to_the_last_day_at_the_office(self):
        position = self.opd_head_position
        # 10 to 12 March in Jakarta begin and end at 17:00 UTC.
        position.write(self._plh(self.outsider, "2031-03-10", "2031-03-12"))
        for moment, holder in (
            ("2031-03-09 16:59:00", self.opd_head),
            ("2031-03-09 17:00:00", self.outsider),
            ("2031-03-12 16:59:00", self.outsider),
            ("2031-03-12 17:00:00", self.opd_head),
        ):
            with self.subTest(moment), freeze_time(moment):
                self._run_cron()
                self.assertEqual(position.holder_id, holder)

    def test_plt_acts_in_a_vacancy_until_relieved(self):
        position = self._make_position("Kosong", self.opd, "admin_opd")
        position.write({**self._plh(self.outsider, "2031-03-10"), "acting_kind": "plt"})
        self.assertFalse(position.holder_id)
        with freeze_time("2031-03-10 03:00:00"):
            self._run_cron()
            self.assertEqual(position.holder_id, self.outsider)
        with freeze_time("2033-03-10 03:00:00"):
            self._run_cron()
            self.assertEqual(position.holder_id, self.outsider)

    def test_job_moves_rights_and_open_work_when_a_day_comes(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, "4")
        self.opd_head_position.write(self._plh(self.outsider, "2031-03-10", "2031-03-12"))
        group = self.env.ref("lapor_base.group_kepala_opd")
        self._assert_owner(complaint, self.opd_head)
        with freeze_time("2031-03-10 03:00:00"):
            self._run_cron()
            self._assert_owner(complaint, self.outsider)
            self.assertIn(group, self.outsider.group_ids)
            self.assertNotIn(group, self.opd_head.group_ids)
        with freeze_time("2031-03-13 03:00:00"):
            self._run_cron()
            self._assert_owner(complaint, self.opd_head)
            self.assertNotIn(group, self.outsider.group_ids)
            self.assertIn(group, self.opd_head.group_ids)
        passed = complaint.event_ids.filtered(lambda event: event.code == "reassigned")
        self.assertEqual(
            [(event.data["from"], event.data["to"]) for event in passed],
            [
                (self.opd_head.id, self.outsider.id),
                (self.outsider.id, self.opd_head.id),
            ],
        )

    def test_job_run_twice_changes_nothing_more(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, "4")
        self.opd_head_position.write(self._plh(self.outsider, "2031-03-10"))
        with freeze_time("2031-03-10 03:00:00"):
            self._run_cron()
            events = len(complaint.event_ids)
            self._run_cron()
        self.assertEqual(len(complaint.event_ids), events)

    def test_work_follows_although_the_holder_was_computed_before_the_job(self):
        """Any write of a user can compute holders anew; the job must still finish the work."""
        complaint = self._make_complaint()
        self._walk_to(complaint, "4")
        self.opd_head_position.write(self._plh(self.outsider, "2031-03-10"))
        with freeze_time("2031-03-10 03:00:00"):
            self.opd_head_position.modified(["acting_from"])
            self.env.flush_all()
            self._run_cron()
            self._assert_owner(complaint, self.outsider)
            self.assertIn(self.env.ref("lapor_base.group_kepala_opd"), self.outsider.group_ids)

    # Groups

    def test_group_comes_and_goes_with_the_position(self):
        group = self.env.ref("lapor_base.group_admin_opd")
        user = self._make_officer("baru", "Pegawai Baru")
        self.assertFalse(user.has_group("lapor_base.group_lapor_user"))
        position = self._make_position("Admin", self.opd, "admin_opd", user)
        self.assertIn(group, user.group_ids)
        self.assertTrue(user.has_group("lapor_base.group_lapor_user"))
        self.assertFalse(user.has_group("lapor_base.group_lapor_intake"))
        position.user_id = False
        self.assertNotIn(group, user.group_ids)
        self.assertFalse(user.has_group("lapor_base.group_lapor_user"))

    def test_group_is_kept_while_another_position_gives_it(self):
        group = self.env.ref("lapor_base.group_admin_opd")
        first = self._make_position("Admin 1", self.opd, "admin_opd", self.head)
        second = self._make_position("Admin 2", self.other_opd, "admin_opd", self.head)
        first.user_id = False
        self.assertIn(group, self.head.group_ids)
        second.active = False
        self.assertNotIn(group, self.head.group_ids)
        self.assertIn(self.env.ref("lapor_base.group_kepala_dinas"), self.head.group_ids)

    def test_group_follows_a_change_of_role_and_archiving(self):
        position = self._make_position("Staf", self.opd, "admin_opd", self.head)
        position.role_id = self.env.ref("lapor_base.role_sekretaris_opd")
        self.assertNotIn(self.env.ref("lapor_base.group_admin_opd"), self.head.group_ids)
        self.assertIn(self.env.ref("lapor_base.group_sekretaris_opd"), self.head.group_ids)
        position.active = False
        self.assertNotIn(self.env.ref("lapor_base.group_sekretaris_opd"), self.head.group_ids)

    def test_other_groups_of_a_user_are_left_alone(self):
        self._make_position("Admin", self.opd, "admin_opd", self.administrator).active = False
        self.assertTrue(self.administrator.has_group("lapor_base.group_lapor_admin"))

    def test_administrator_of_positions_needs_no_right_on_users(self):
        position = self.opd_admin_position.with_user(self.administrator)
        position.user_id = self.outsider.id
        self.assertIn(self.env.ref("lapor_base.group_admin_opd"), self.outsider.group_ids)
        self.assertNotIn(self.env.ref("lapor_base.group_admin_opd"), self.opd_admin.group_ids)
        with self.assertRaises(AccessError):
            self.opd_admin_position.with_user(self.head).user_id = self.head

    def test_rights_on_cases_follow_at_once(self):
        complaint = self._make_complaint()
        self.assertFalse(complaint.with_user(self.outsider).has_access("read"))
        self._make_position("Admin", self.manager, "admin_layanan", self.outsider)
        self.assertTrue(complaint.with_user(self.outsider).has_access("write"))
        self.outsider.lapor_position_ids.filtered(
            lambda position: position.unit_id == self.manager
        ).user_id = False
        self.assertFalse(complaint.with_user(self.outsider).has_access("read"))

    def _sees(self, user, complaint):
        """In the next request: what a user may see is kept as long as a request lasts."""
        self.env.invalidate_all()
        return complaint.with_user(user).has_access("read")

    def test_rights_on_cases_follow_the_tree_of_units(self):
        complaint = self._make_complaint(intake_unit_id=self.opd.id)
        umbrella = self._make_unit("Sekretariat", "SETDA", "opd")
        self._make_position("Sekretaris", umbrella, "sekretaris_opd", self.outsider)
        self.assertFalse(self._sees(self.outsider, complaint))
        self.opd.parent_id = umbrella
        self.assertTrue(self._sees(self.outsider, complaint))
        self.opd.parent_id = False
        self.assertFalse(self._sees(self.outsider, complaint))

    def test_rights_on_cases_follow_what_the_role_says(self):
        complaint = self._make_complaint()
        role = self.env.ref("lapor_base.role_tim_koordinasi")
        self.assertTrue(self._sees(self.overseer, complaint))
        role.oversees = False
        self.assertFalse(self._sees(self.overseer, complaint))
        role.oversees = True
        self.assertTrue(self._sees(self.overseer, complaint))

    # Open work

    def test_open_steps_follow_the_holder_and_done_ones_stay(self):
        complaint, other = self._make_complaint(), self._make_complaint()
        self._walk_to(complaint, "4")
        self._walk_to(other, None)
        self.opd_head_position.user_id = self.outsider
        self._assert_owner(complaint, self.outsider)
        self.assertEqual(other.step_ids[3].user_id, self.opd_head)
        self.assertEqual(self._activity(other), self.env["mail.activity"])
        self._advance(complaint, self.outsider, sign=True)
        self.assertEqual(complaint.response_ids.signed_by_id, self.outsider)

    def test_vacancy_sends_open_steps_to_the_queue(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, "3")
        self.engineer_position.user_id = False
        self._assert_owner(complaint, self.env["res.users"])
        self.assertEqual(complaint.current_position_id, self.engineer_position)
        self.assertTrue(self._activity(complaint).active)
        self.engineer_position.user_id = self.engineer
        self._assert_owner(complaint, self.engineer)

    def test_archived_position_sends_open_steps_to_the_queue(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, "3")
        self.engineer_position.active = False
        self._assert_owner(complaint, self.env["res.users"])

    def test_archived_user_leaves_positions_groups_and_open_steps(self):
        for archive in (
            lambda user: user.action_archive(),
            lambda user: user.write({"active": False}),
        ):
            complaint = self._make_complaint()
            self._walk_to(complaint, "3")
            archive(self.engineer)
            self.assertFalse(self.engineer_position.holder_id)
            self.assertEqual(self.engineer_position.user_id, self.engineer)
            self._assert_owner(complaint, self.env["res.users"])
            self.assertNotIn(self.env.ref("lapor_base.group_unit_teknis"), self.engineer.group_ids)
            self.engineer.active = True
            self.assertEqual(self.engineer_position.holder_id, self.engineer)
            self._assert_owner(complaint, self.engineer)
            self.assertIn(self.env.ref("lapor_base.group_unit_teknis"), self.engineer.group_ids)

    def test_archived_plh_gives_the_position_back(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, "4")
        self.opd_head_position.write(self._plh(self.outsider))
        self._assert_owner(complaint, self.outsider)
        self.outsider.active = False
        self._assert_owner(complaint, self.opd_head)

    def test_position_that_handled_a_complaint_cannot_be_deleted(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, "4")
        with self.assertRefused("Archive it", ValidationError):
            self.engineer_position.unlink()
        self._make_position("Lain", self.opd, "admin_opd").unlink()
        self.assertTrue(self.engineer_position.exists())

    # Who may do the step of a vacant position

    def test_step_of_a_vacant_position_is_done_by_office_or_superior(self):
        self.engineer_position.user_id = False
        for actor, may in (
            (self.outsider, False),
            (self.operator, False),
            (self.head, False),
            (self.opd_admin, True),  # has the alternative role in the same office
            (self.engineer, False),
            (self.opd_head, True),
            (self.administrator, False),
        ):
            with self.subTest(actor.login):
                complaint = self._make_complaint()
                self._walk_to(complaint, "2")
                lead = {"lead_position_id": self.engineer_position.id, "note": "Tinjau"}
                self._advance(complaint, self.head, disposition=lead)
                advance = {"response": {"body": "<p>Sudah kami tambal.</p>"}}
                if may:
                    self._advance(complaint, actor, **advance)
                    self.assertEqual(complaint.sudo().current_step_id.sop_step_id.number, "4")
                else:
                    with self.assertRaises(AccessError):
                        self._advance(complaint, actor, **advance)

    def test_next_superior_steps_in_where_the_nearest_position_is_vacant_too(self):
        middle = self._make_position("Kabid", self.bidang, "kepala_bidang_seksi")
        middle.parent_id = self.opd_head_position
        self.engineer_position.write({"user_id": False, "parent_id": middle.id})
        complaint = self._make_complaint()
        self._walk_to(complaint, "2")
        self._advance(
            complaint,
            self.head,
            disposition={"lead_position_id": self.engineer_position.id, "note": "Tinjau"},
        )
        self.assertTrue(complaint.current_step_id._may_act(self.opd_head))
        middle.user_id = self.outsider
        self.assertTrue(complaint.current_step_id._may_act(self.outsider))
        self.assertFalse(complaint.current_step_id._may_act(self.opd_head))

    def test_superior_and_administrator_do_not_act_past_a_holder(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, "3")
        for user in (self.opd_head, self.administrator):
            self.assertFalse(complaint.current_step_id._may_act(user))

    def test_role_nobody_has_waits_in_the_managing_office(self):
        self.opd_head_position.user_id = False
        self.opd_head_position.active = False
        complaint = self._make_complaint()
        self._walk_to(complaint, "4")
        visit = complaint.sudo().current_step_id
        self.assertFalse(visit.position_id or visit.user_id)
        for user in (self.administrator, self.opd_admin):
            self.assertFalse(visit._may_act(user))
            with self.assertRefused("vacant", AccessError):
                self._advance(complaint, user, sign=True)
        self.assertEqual(len(self._activity(complaint)), 1)
        # Whoever coordinates is told, and the step goes to the position once there is one.
        task = self._task(complaint)
        self.assertEqual(task.user_id, self.operator)
        self.assertIn("filled", task.summary)
        self._make_position("Kepala Baru", self.opd, "kepala_opd", self.outsider)
        self._assert_owner(complaint, self.outsider)
        self.assertFalse(self._task(complaint))

    def _task(self, complaint):
        return complaint.sudo()._tasks(["fill_position"])

    def test_coordinator_is_told_where_nobody_can_do_a_step(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, "4")
        self.opd_head_position.user_id = False
        self.assertEqual(self._task(complaint).user_id, self.operator)
        self.opd_head_position.write({**self._plh(self.outsider), "acting_kind": "plt"})
        self.assertFalse(self._task(complaint))
        # Where a superior or a colleague can, nobody needs to be told.
        other = self._make_complaint()
        self._walk_to(other, "3")
        self.engineer_position.user_id = False
        self.assertFalse(self._task(other))

    def test_deadline_of_the_step_does_not_move_when_it_is_handed_over(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, "3")
        deadline = self._activity(complaint).date_deadline
        with freeze_time(complaint.current_step_id.started_at + timedelta(days=3)):
            self.engineer_position.user_id = self.outsider
        self.assertEqual(self._activity(complaint).date_deadline, deadline)
        self.assertEqual(self._activity(complaint).user_id, self.outsider)

    def test_portal_account_cannot_hold_a_position(self):
        citizen = self._create_portal_user()
        with self.assertRaises(UserError):
            self.opd_admin_position.user_id = citizen
