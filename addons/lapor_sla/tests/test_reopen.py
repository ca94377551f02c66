from odoo.tests import tagged

from . import common


@tagged("post_install", "-at_install")
class TestReopen(common.SlaCase):
    """A case that ends beside its SOP stops its clocks; a reopened one starts new ones."""

    def _reason(self):
        return self.env.ref("lapor_base.archive_reason_general").id

    def test_archived_case_has_no_running_clock(self):
        with self.at("2026-02-02 08:00"):
            complaint = self._make_complaint()
        with self.at("2026-02-02 09:30"):
            complaint.with_user(self.operator).action_archive_case(self._reason())
        clocks = complaint.sudo().clock_ids
        self.assertEqual(set(clocks.mapped("state")), {"stopped"})
        self.assertFalse(complaint.due_at)
        # It was late when it was archived, and stays so.
        self.assertEqual(self.clock(complaint).result, "late")

    def test_case_deemed_withdrawn_stops_its_paused_clocks(self):
        with self.at("2026-02-02 08:00"):
            complaint = self._make_complaint()
        with self.at("2026-02-02 08:20"):
            complaint.with_user(self.operator).action_hold(
                self._items(), date_until="2026-02-10", delivery_note="Telepon"
            )
        with self.at("2026-02-11 09:00"):
            complaint.with_user(self.operator).action_deem_withdrawn()
        self.assertEqual(complaint.outcome, "no_response")
        self.assertEqual(set(complaint.sudo().clock_ids.mapped("state")), {"stopped"})
        step = self.clock(complaint)
        self.assertEqual((step.result, step.used_minutes), ("on_time", 20))

    def test_reopened_case_counts_anew(self):
        with self.at("2026-02-02 08:00"):
            complaint = self._make_complaint()
            self._walk_to(complaint, None)
        before = complaint.sudo().clock_ids
        with self.at("2026-02-04 10:00"):
            complaint.with_user(self.operator).action_reopen("Masih berlubang")
        new = complaint.sudo().clock_ids - before
        running = new.filtered(lambda clock: clock.state == "running")
        self.assertEqual(set(running.mapped("kind")), {"step", "sop", "rule"})
        self.assertDue(self.clock(complaint), "2026-02-11 16:00")
        self.assertEqual(set(before.mapped("state")), {"stopped"})
        rule = self.clock(complaint, "rule", "complaint")
        self.assertEqual(rule.state, "running")
        with self.at("2026-02-05 10:00"):
            self._walk_to(complaint, "5")
            self._advance(complaint, self.operator, "close", delivery={"note": "Diantar"})
        # Stopped by the new answer, not by the old one.
        self.assertEqual((rule.state, rule.result), ("stopped", "on_time"))

    def test_undone_mistake_does_not_ask_for_the_answer_again(self):
        with self.at("2026-02-02 08:00"):
            complaint = self._make_complaint()
            self._walk_to(complaint, None)
        with self.at("2026-02-02 09:00"):
            complaint.with_user(self.operator).action_reopen("Salah tutup", mistake=True)
        rules = complaint.sudo().clock_ids.filtered(
            lambda clock: clock.kind == "rule" and clock.state == "running"
        )
        self.assertNotIn("complaint", rules.mapped("rule_id.code"))
        self.assertEqual(self.clock(complaint).state, "running")

    def test_reopened_case_without_sop_runs_by_the_rules(self):
        self.sop.action_retire()
        with self.at("2026-02-02 08:00"):
            complaint = self._make_complaint()
            complaint.with_user(self.operator).action_archive_case(self._reason())
        self.assertFalse(complaint.due_at)
        with self.at("2026-02-04 08:00"):
            complaint.with_user(self.operator).action_reopen("Keliru")
        self.assertDue(self.clock(complaint, "rule", "verification"), "2026-02-09 16:00")

    def test_windows_count_the_offices_working_days(self):
        self.env["lapor.holiday"].create(
            {"name": "Libur Uji", "date": "2026-02-05", "company_id": self.company.id}
        )
        from_monday = self.manager._add_workdays
        day = self.env["lapor.holiday"]._fields["date"].to_date
        self.assertEqual(from_monday(day("2026-02-02"), 4), day("2026-02-09"))
        self.assertEqual(from_monday(day("2026-02-09"), -4), day("2026-02-02"))
