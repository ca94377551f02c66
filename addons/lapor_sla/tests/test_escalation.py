from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import lapor_escalation_mixin
from ..models.lapor_escalation import LaporEscalation
from .common import SlaCase


@tagged("post_install", "-at_install")
class TestEscalation(SlaCase):
    """Reminders: exactly once, to somebody, in office hours."""

    def setUp(self):
        super().setUp()
        self.env["lapor.time.rule"].search([]).active = False
        self.soon = self.env.ref("lapor_sla.escalation_rule_soon")
        self.due = self.env.ref("lapor_sla.escalation_rule_due")
        self.late = self.env.ref("lapor_sla.escalation_rule_late")
        self.overdue = self.env.ref("lapor_sla.escalation_rule_overdue")
        (self.due | self.late | self.overdue).kind = "step"

    def run_job(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.assertIs(self.env.ref("lapor_sla.ir_cron_escalate").method_direct_trigger(), True)
        self.env.invalidate_all()

    def fired(self, case):
        return case.sudo().clock_ids.escalation_ids.sorted("id")

    def test_levels_climb(self):
        with self.at("2026-02-02 09:00"):
            case = self._make_complaint()
        for moment, levels in {
            "2026-02-02 09:30": [],
            "2026-02-02 09:46": [self.soon],
            "2026-02-02 10:01": [self.soon, self.due],
            "2026-02-03 10:01": [self.soon, self.due, self.late],
            "2026-02-05 10:01": [self.soon, self.due, self.late, self.overdue],
            "2026-02-20 10:01": [self.soon, self.due, self.late, self.overdue],
        }.items():
            with self.at(moment):
                self.run_job()
            self.assertEqual(list(self.fired(case).rule_id), levels, moment)
        told = {escalation.rule_id: escalation.user_ids for escalation in self.fired(case)}
        self.assertEqual(told[self.soon], self.operator)
        self.assertEqual(told[self.due], self.operator | self.head)
        self.assertIn(self.operator2, told[self.late])
        self.assertIn(self.overseer, told[self.overdue])
        notified = case.sudo().message_ids.notified_partner_ids
        self.assertIn(self.overseer.partner_id, notified)
        self.assertEqual(case.sudo().event_ids.mapped("code").count("escalated"), 4)

    def test_job_is_woken_at_the_minute(self):
        with (
            self.at("2026-02-02 09:00"),
            self.capture_triggers("lapor_sla.ir_cron_escalate") as triggers,
        ):
            self._make_complaint()
        self.assertIn("2026-02-02 02:45:00", [str(at) for at in triggers.records.mapped("call_at")])

    def test_clock_of_the_machine_set_forward_and_back(self):
        """What fired in a time that has not come yet fires when it is really due."""
        with self.at("2026-02-02 09:00"):
            case = self._make_complaint()
        with self.at("2026-02-04 10:01"):
            self.run_job()
        self.assertEqual(len(self.fired(case)), 3)
        for moment, levels in {
            "2026-02-02 09:30": [],
            "2026-02-02 09:46": [self.soon],
            "2026-02-02 10:01": [self.soon, self.due],
        }.items():
            with self.at(moment) as now:
                self.run_job()
                self.run_job()
                fired = self.fired(case).filtered(lambda one, now=now: one.fired_at <= now)
                self.assertEqual(list(fired.rule_id), levels, moment)
                self.assertFalse(any(fired.mapped("silent")))
        self.assertEqual(case.sudo().event_ids.mapped("code").count("escalated"), 3)

    def test_once_though_the_job_runs_twice(self):
        with self.at("2026-02-02 09:00"):
            case = self._make_complaint()
        with self.at("2026-02-02 10:30"):
            self.run_job()
            count = len(case.sudo().message_ids)
            # As if two jobs had seen the same clock, or one was killed before its bookkeeping.
            self.clock(case).next_escalation_at = "2026-02-02 01:00:00"
            self.run_job()
        self.assertEqual(len(self.fired(case)), 2)
        self.assertEqual(len(case.sudo().message_ids), count)

    def test_killed_in_the_middle_fires_the_rest_later(self):
        """The page that was not committed is done again, and only that one."""
        with self.at("2026-02-02 09:00"):
            cases = [self._make_complaint() for _turn in range(3)]
        note_values = LaporEscalation._note_values

        class Killed(BaseException):
            pass

        calls = []

        def dies(escalation):
            calls.append(escalation)
            if len(calls) == 2:
                raise Killed
            return note_values(escalation)

        with self.at("2026-02-02 09:50"):
            with (
                patch.object(LaporEscalation, "_note_values", dies),
                self.assertRaises(Killed),
                self.env.cr.savepoint(),
            ):
                self.env["lapor.clock"].sudo().search(
                    [("next_escalation_at", "<=", "2026-02-02 02:50:00")]
                )._escalate_page(self.env.cr.now())
            self.env.invalidate_all()
            self.assertFalse(sum(len(self.fired(case)) for case in cases))
            self.run_job()
            self.run_job()
        self.assertEqual([len(self.fired(case)) for case in cases], [1, 1, 1])

    def test_broken_one_does_not_stop_the_others(self):
        with self.at("2026-02-02 09:00"):
            cases = [self._make_complaint() for _turn in range(3)]
        note_values = LaporEscalation._note_values
        broken = cases[1].id

        def fails(escalation):
            if escalation.complaint_id.id == broken:
                raise ValueError("broken")
            return note_values(escalation)

        with (
            self.at("2026-02-02 09:50"),
            patch.object(LaporEscalation, "_note_values", fails),
            mute_logger("odoo.addons.lapor_sla.models.lapor_escalation_mixin"),
        ):
            self.run_job()
        self.assertEqual([len(self.fired(case)) for case in cases], [1, 0, 1])

    def test_only_in_office_hours(self):
        """Rivals: escalation at midnight."""
        with self.at("2026-02-06 15:50"):
            case = self._make_complaint()
        with self.at("2026-02-06 17:00"):
            self.run_job()
        self.assertEqual(self.fired(case).rule_id, self.env["lapor.escalation.rule"])
        with self.at("2026-02-07 09:00"):
            self.run_job()
        self.assertFalse(self.fired(case))
        with self.at("2026-02-09 07:51"):
            self.run_job()
        self.assertEqual(self.fired(case).rule_id, self.soon | self.due)

    def test_vacant_position_has_somebody_who_watches(self):
        (self.operator_position | self.operator2_position).user_id = False
        with self.at("2026-02-02 09:00"):
            case = self._make_complaint(user=self.administrator)
        with self.at("2026-02-02 09:50"):
            self.run_job()
        self.assertEqual(self.fired(case).user_ids, self.head)

    def test_misconduct_is_told_to_nobody_who_may_not_read_it(self):
        with self.at("2026-02-02 09:00"):
            case = self._make_complaint(is_misconduct=True)
        with self.at("2026-02-05 10:01"):
            self.run_job()
        self.assertNotIn(self.overseer, self.fired(case).user_ids)

    def test_the_hundred_and_first_is_served(self):
        """Rival: only the first page of rows."""
        with self.at("2026-02-02 09:00"):
            cases = [self._make_complaint() for _turn in range(5)]
        with self.at("2026-02-02 09:50"), patch.object(lapor_escalation_mixin, "PAGE", 2):
            self.run_job()
        self.assertEqual([len(self.fired(case)) for case in cases], [1] * 5)

    def test_daily_summary_and_not_a_mail_for_each_case(self):
        """Also for those who take other notices by mail, as Odoo proposes for new users."""
        self.operator.notification_type = "email"
        self.head.notification_type = "inbox"
        self.late.method = "note"
        before = self.env["mail.mail"].search([], order="id desc", limit=1).id or 0
        with self.at("2026-02-02 09:00"):
            cases = [self._make_complaint() for _turn in range(3)]
        with self.at("2026-02-04 10:01"):
            self.run_job()
            notices = cases[0].sudo().message_ids.notification_ids
            self.assertEqual(set(notices.mapped("notification_type")), {"inbox"})
            self.assertIn(self.operator.partner_id, notices.res_partner_id)
            self.assertFalse(self.env["mail.mail"].search([("id", ">", before)]))
            with self.enter_registry_test_mode():
                self.env.ref("lapor_sla.ir_cron_digest").method_direct_trigger()
            self.env.invalidate_all()
            mails = self.env["mail.mail"].search([("id", ">", before)])
        own = mails.filtered(lambda mail: self.operator.email in mail.email_to)
        self.assertEqual(len(own), 1)
        for case in cases:
            self.assertIn(case.number, own.body_html)

    def test_many_reminders_at_once_cost_few_queries(self):
        """The job serves a whole office in the first minute of the morning."""
        costs = []
        for count in (4, 24):
            with self.at("2026-02-02 09:00"):
                clocks = self.env["lapor.clock"]
                for _turn in range(count):
                    clocks |= self.clock(self._make_complaint())
            with self.at("2026-02-02 10:30") as now:
                self.env.invalidate_all()
                queries = self.env.cr.sql_log_count
                clocks._escalate_page(now)
                self.env.flush_all()
                costs.append(self.env.cr.sql_log_count - queries)
            self.assertEqual(len(clocks.escalation_ids), 2 * count)
        few, many = costs
        # Two levels for each: what one more of them costs.
        self.assertLessEqual((many - few) / 40, 1.5, costs)

    def test_reminders_end_with_the_clock(self):
        with self.at("2026-02-02 09:00"):
            case = self._make_complaint()
        with self.at("2026-02-03 10:01"):
            self.run_job()
            todo = self.fired(case).activity_ids
            self.assertTrue(todo)
            self._advance(case, self.operator)
        self.assertFalse(todo.exists())
