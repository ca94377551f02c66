from odoo.tests import tagged

from .common import SlaCase

#: Another way to the same figures: from the facts that the acts wrote down, not from the tables
#: that the indicators are made of.
RECOUNT = """
    SELECT COUNT(*), AVG(EXTRACT(EPOCH FROM followed - received) / 86400),
           100.0 * COUNT(followed) / COUNT(*)
    FROM (
        SELECT complaint.received_at AS received, MIN(event.at) FILTER (
            WHERE event.code = 'closed'
            OR (event.code = 'response_delivered' AND event.data ->> 'kind' IN ('interim', 'final'))
            OR (event.code = 'step_done' AND step.phase = 'handling')) AS followed
        FROM lapor_complaint complaint JOIN lapor_event event ON event.complaint_id = complaint.id
        LEFT JOIN lapor_complaint_step visit ON visit.id = event.visit_id
        LEFT JOIN lapor_sop_step step ON step.id = visit.sop_step_id
        WHERE complaint.id = ANY(%s) AND NOT EXISTS (
            SELECT 1 FROM lapor_event archived WHERE archived.complaint_id = complaint.id
            AND archived.code = 'closed' AND archived.data ->> 'outcome' = 'archived')
        GROUP BY complaint.id) facts"""


@tagged("post_install", "-at_install")
class TestKpi(SlaCase):
    """The national indicators: pace, share followed up, punctuality by SOP and by rules."""

    def setUp(self):
        super().setUp()
        with self.at("2026-02-02 09:00"):
            self.cases = self.env["lapor.complaint"].concat(
                *(self._make_complaint() for _turn in range(5))
            )
        punctual, slow, open_case, archived, waiting = self.cases
        with self.at("2026-02-03 09:00"):
            self._walk_to(punctual, None)
            self._walk_to(open_case, "4")
            archived.sudo()._close("archived")
        with self.at("2026-03-09 09:00"):
            self._walk_to(slow, None)
        self.counted = self.cases - archived
        self.waiting = waiting

    def figures(self, cases, *names):
        row = self.env["lapor.kpi.report"]._read_group(
            [("complaint_id", "in", cases.ids)], [], [f"{name}:avg" for name in names]
        )
        return tuple(value and round(value, 3) for value in row[0])

    def test_one_case(self):
        punctual, slow, open_case, archived, waiting = self.cases
        names = ("pace_days", "followed_up_share", "sop_share", "rule_share")
        self.assertEqual(self.figures(punctual, *names), (1, 100, 100, 100))
        self.assertEqual(self.figures(slow, *names), (35, 100, 0, 0))
        self.assertEqual(self.figures(open_case, "pace_days", "followed_up_share"), (1, 100))
        self.assertEqual(self.figures(waiting, *names), (False, 0, 0, 0))
        # What ended unhandled is in no figure, but in those of all.
        self.assertEqual(self.figures(archived, *names), (False, False, False, False))
        told = ("followed_up_share_all", "sop_share_all", "rule_share_all")
        self.assertEqual(self.figures(archived, *told), (0, 100, 100))

    def test_recounted_from_the_events(self):
        self.env.flush_all()
        self.env.cr.execute(RECOUNT, [self.cases.ids])
        count, pace, share = self.env.cr.fetchone()
        row = self.env["lapor.kpi.report"]._read_group(
            [("complaint_id", "in", self.cases.ids)],
            [],
            ["to_handle:sum", "pace_days:avg", "followed_up_share:avg"],
        )[0]
        self.assertEqual(row[0], count)
        self.assertAlmostEqual(float(row[1]), float(pace))
        self.assertAlmostEqual(float(row[2]), float(share))
        self.assertEqual((count, round(share)), (4, 75))

    def test_undecided_does_not_count(self):
        """Open and in time: neither kept nor missed."""
        case = self._make_complaint()
        self.assertEqual(self.figures(case, "sop_share", "rule_share"), (False, False))

    def test_indicators_follow_the_case(self):
        Report = self.env["lapor.kpi.report"]
        domain = [("complaint_id", "in", self.cases.ids)]
        self.assertEqual(len(Report.with_user(self.overseer).search(domain)), 5)
        self.assertFalse(Report.with_user(self.outsider).search(domain))

    def test_median_and_percentile_in_the_analysis(self):
        with self.at("2026-02-02 09:00"):
            cases = [self._make_complaint() for _turn in range(4)]
        for case, moment in zip(cases, ("09:30", "09:40", "09:50", "11:00"), strict=True):
            with self.at(f"2026-02-02 {moment}"):
                self._advance(case, self.operator)
        row = self.env["lapor.clock.report"]._read_group(
            [
                ("complaint_id", "in", [case.id for case in cases]),
                ("sop_step_id", "=", self.sop.step_ids[0].id),
            ],
            [],
            ["median_hours:avg", "percentile_hours:avg", "used_hours:avg"],
        )[0]
        self.assertAlmostEqual(row[0], 45 / 60)
        self.assertAlmostEqual(row[1], 99 / 60)
        self.assertAlmostEqual(row[2], 60 / 60)
