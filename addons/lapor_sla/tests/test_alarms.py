from odoo.tests import tagged

from . import common


@tagged("post_install", "-at_install")
class TestAlarms(common.SlaCase):
    """One alarm for each person, case and level, of the worst clock; it follows the position."""

    def run_job(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("lapor_sla.ir_cron_escalate").method_direct_trigger()
        self.env.invalidate_all()

    def alarms(self, cases, active=True):
        return (
            self.env["mail.activity"]
            .with_context(active_test=active)
            .search([("res_id", "in", cases.ids), ("lapor_task", "=", "alarm")])
        )

    def rows(self, cases):
        return cases.sudo().clock_ids.escalation_ids

    def _new(self, text="2026-02-02 09:00", step=None, **values):
        with self.at(text):
            case = self._make_complaint(**values)
            return self._walk_to(case, step) if step else case

    def assertOneEach(self, cases):
        """No person has two alarms of a level in a case, and none that speaks of a better clock."""
        for case in cases:
            rows = self.rows(case).filtered(lambda row: row.method == "activity" and not row.silent)
            seen = set()
            for row in rows:
                for activity in row.activity_ids:
                    key = (row.rule_id, activity.user_id)
                    self.assertNotIn(key, seen)
                    seen.add(key)
                    open_rows = rows.filtered(
                        lambda one, row=row: (
                            one.rule_id == row.rule_id and one.clock_id.state != "stopped"
                        )
                    )
                    worst = min(open_rows.mapped("clock_id.due_at"))
                    self.assertEqual(row.clock_id.due_at, worst)
                    clock = row.clock_id.with_context(lang=activity.user_id.lang)
                    self.assertIn(clock.display_name, activity.note)
                    self.assertTrue(
                        case.with_user(activity.user_id)
                        .with_context(allowed_company_ids=activity.user_id.company_ids.ids)
                        .has_access("read")
                    )
            self.assertEqual(len(self.alarms(case)), len(rows.activity_ids.filtered("active")))

    def test_each_person_hears_once_of_a_case(self):
        case = self._new(step="3")
        for day in range(3, 28):
            with self.at(f"2026-02-{day:02} 10:01"):
                self.run_job()
                self.assertOneEach(case)
        rows = self.rows(case).filtered(lambda row: not row.silent)
        heard = [(row.rule_id, user) for row in rows for user in row.user_ids]
        self.assertEqual(len(heard), len(set(heard)), "nobody hears the same level twice")
        notices = case.sudo().message_ids.notification_ids.filtered(
            lambda one: one.mail_message_id.body and case.number in one.mail_message_id.body
        )
        told = [(one.res_partner_id, one.mail_message_id.subject) for one in notices]
        self.assertEqual(len(told), len(set(told)))
        late = self.env.ref("lapor_sla.escalation_rule_late")
        alarms = self.alarms(case)
        self.assertEqual(
            set(alarms.mapped("summary")), {late.with_context(lang=self.engineer.lang).name}
        )
        self.assertEqual(len(alarms), len(alarms.user_id))
        self.assertIn(self.engineer, alarms.user_id)

    def test_nothing_rings_for_what_was_late_when_it_came_in(self):
        """Twenty old cases of an import: 200 activities and 360 notices before."""
        with self.at("2026-06-03 09:00"):
            cases = self.env["lapor.complaint"]
            for _turn in range(20):
                cases |= self._make_complaint(received_at="2026-02-02 02:00:00")
            messages = cases.sudo().message_ids
        with self.at("2026-06-03 09:05"):
            self.run_job()
        self.assertFalse(self.alarms(cases))
        self.assertEqual(cases.sudo().message_ids, messages)
        rows = self.rows(cases).filtered(lambda row: row.clock_id.kind != "step")
        self.assertTrue(rows)
        self.assertTrue(all(rows.mapped("silent")))
        # What becomes late here rings as always.
        with self.at("2026-06-08 09:00"):
            self.run_job()
        self.assertEqual(len(self.alarms(cases[:1])), len(self.alarms(cases[:1]).user_id))
        self.assertTrue(self.alarms(cases[:1]))

    def test_after_an_outage_only_the_highest_of_each_rings(self):
        case = self._new()
        with self.at("2026-02-20 09:00"):
            self.run_job()
        for clock in case.sudo().clock_ids:
            loud = clock.escalation_ids.filtered(lambda row: not row.silent)
            with self.subTest(clock.display_name):
                self.assertLessEqual(len(loud), 1)
                moments = clock.escalation_ids.sorted(
                    lambda row: (row.rule_id.basis == "after", row.rule_id.minutes)
                )
                self.assertEqual(loud, moments[-1:])
        with self.at("2026-02-20 09:10"):
            before = self.rows(case)
            case.sudo().clock_ids.filtered(lambda clock: clock.state != "stopped").write(
                {"next_escalation_at": "2026-02-02 00:00:00"}
            )
            self.run_job()
        self.assertEqual(self.rows(case), before)

    def test_alarms_follow_the_position(self):
        case = self._new(step="3")
        with self.at("2026-02-26 10:00"):
            self.env.ref("lapor_sla.escalation_rule_overdue").active = False
            self.run_job()
            self.assertIn(self.engineer, self.alarms(case).user_id)
            self.assertOneEach(case)
            successor = self._make_officer("penerus", "Penerus")
            self.engineer_position.user_id = successor
            self.env.invalidate_all()
            users = self.alarms(case).user_id
            self.assertIn(successor, users)
            self.assertNotIn(self.engineer, users)
            self.assertOneEach(case)
            # The step is done: whoever has the case now is late with it.
            self._advance(case, successor, response={"body": "<p>Sudah kami tambal.</p>"})
            self.assertOneEach(case)
            self.assertIn(self.opd_head, self.alarms(case).user_id)
            self.assertNotIn(successor, self.alarms(case).user_id)
            self._walk_to(case, None)
        self.assertFalse(self.alarms(case))

    def test_alarms_vanish_with_the_right_to_read(self):
        case = self._new(step="3")
        with self.at("2026-02-26 10:00"):
            self.env.ref("lapor_sla.escalation_rule_overdue").active = False
            self.run_job()
            self.assertTrue(self.alarms(case))
            case.with_user(self.operator).write({"is_misconduct": True})
            self.env.invalidate_all()
            self.assertOneEach(case)
            self.assertNotIn(self.engineer, self.alarms(case).user_id)

    def test_what_somebody_has_ticked_off_does_not_come_back(self):
        case = self._new(step="3")
        with self.at("2026-02-26 10:00"):
            self.env.ref("lapor_sla.escalation_rule_overdue").active = False
            self.run_job()
            own = self.alarms(case).filtered(lambda one: one.user_id == self.operator)
            own.with_user(self.operator).action_done()
            self._walk_to(case, "4")
            self.operator2_position.user_id = False
        self.assertNotIn(self.operator, self.alarms(case).user_id)
        self.assertOneEach(case)
