from odoo.tests import tagged

from .common import SlaCase


@tagged("post_install", "-at_install")
class TestReport(SlaCase):
    """The analysis says what the clocks say."""

    def test_on_time_and_late_by_step(self):
        with self.at("2026-02-02 09:00"):
            cases = [self._make_complaint() for _turn in range(4)]
        for case, moment in zip(cases, ("09:30", "09:40", "09:50", "11:00"), strict=True):
            with self.at(f"2026-02-02 {moment}"):
                self._advance(case, self.operator)
        step = self.sop.step_ids[0]
        rows = dict(
            (row[0], row[1:])
            for row in self.env["lapor.clock.report"]._read_group(
                [("sop_step_id", "in", self.sop.step_ids.ids)],
                ["sop_step_id"],
                ["on_time:sum", "late:sum", "on_time_share:avg"],
            )
        )
        self.assertEqual(rows[step], (3, 1, 75.0))
        # Open and past its date: late already.
        self.assertEqual(rows[self.sop.step_ids[1]], (0, 4, 0.0))
        self.assertEqual(step.measured_count, 4)
        self.assertAlmostEqual(step.median_hours, 45 / 60)
        self.assertAlmostEqual(step.percentile_hours, 99 / 60)
        self.assertEqual(step.on_time_share, 75.0)

    def test_analysis_follows_the_case(self):
        self._make_complaint()
        Report = self.env["lapor.clock.report"]
        self.assertTrue(Report.with_user(self.operator).search([]))
        self.assertFalse(Report.with_user(self.outsider).search([]))
