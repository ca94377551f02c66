import re
from collections import Counter
from contextlib import contextmanager
from unittest.mock import patch

from odoo.sql_db import Cursor
from odoo.tests import tagged

from .common import SlaCase

#: Tables that only the clocks touch.
OWN = re.compile(
    r'"?(lapor_clock|lapor_time_rule|lapor_holiday|lapor_schedule_period|resource_calendar'
    r"|lapor_escalation|ir_cron_trigger)"
)


@tagged("post_install", "-at_install")
class TestCost(SlaCase):
    """Queries of the clocks; the rival on this platform needs 12 per moved ticket."""

    @contextmanager
    def recorded(self):
        """Texts of the queries that run inside."""
        queries = []
        execute = Cursor.execute

        def record(cursor, query, *args, **kwargs):
            queries.append(str(getattr(query, "code", query)))
            return execute(cursor, query, *args, **kwargs)

        self.env.flush_all()
        with patch.object(Cursor, "execute", record):
            yield queries
            self.env.flush_all()

    def share(self, queries):
        """Number of queries that are the clocks' own."""
        return sum(1 for query in queries if OWN.search(query))

    def cases(self, count):
        return (
            self.env["lapor.complaint"]
            .with_user(self.operator)
            .create(
                [
                    {
                        "name": f"Jalan berlubang {number}",
                        "description": "Jalan di depan pasar berlubang besar.",
                        "category_id": self.category.id,
                        "is_anonymous": True,
                    }
                    for number in range(count)
                ]
            )
        )

    def measure(self, count):
        """Own queries and all queries of opening, moving and closing cases in one call."""
        figures = {}
        with self.recorded() as queries:
            cases = self.cases(count)
        figures["open"] = self.share(queries), len(queries)
        arrow = self._arrow(cases[0])
        with self.recorded() as queries:
            cases.with_user(self.operator).action_advance(arrow.id)
        figures["move"] = self.share(queries), len(queries)
        with self.recorded() as queries:
            cases.sudo()._close("archived")
        figures["close"] = self.share(queries), len(queries)
        return figures

    def test_clocks_cost_a_constant_number_of_queries(self):
        self.measure(2)  # fills the caches
        few, many = self.measure(10), self.measure(60)
        for act, (own, _total) in many.items():
            before, _total = few[act]
            self.assertLessEqual(own - before, 5, (act, few, many))
            self.assertLessEqual(own, 15, (act, few, many))

    def test_advancing_a_hundred(self):
        self.measure(2)
        cases = self.cases(100)
        arrow = self._arrow(cases[0])
        self.env.flush_all()
        self.env.invalidate_all()
        with self.recorded() as queries:
            cases.with_user(self.operator).action_advance(arrow.id)
        # Steps, activities, events, messages and clocks together; 300 are promised.
        self.assertLessEqual(len(queries), 100)

    def test_step_in_a_part_of_the_office_costs_the_same(self):
        """As in Balangan, where a section of the office takes complaints in: what belongs to it
        was written for each case alone."""
        section = self.env["lapor.unit"].create(
            {"name": "Seksi", "code": "SEK", "kind": "seksi", "parent_id": self.manager.id}
        )
        (self.operator_position | self.operator2_position).unit_id = section
        self.cases(2)
        totals = []
        for count in (10, 60):
            with self.recorded() as queries:
                cases = self.cases(count)
            self.assertEqual(cases.sudo().current_step_id.unit_id, section)
            totals.append(len(queries))
        few, many = totals
        # One for the number of each.
        self.assertLessEqual(many - few, 50 * 1.2, totals)

    def test_new_holiday_moves_many_in_few_queries(self):
        with self.at("2026-02-02 09:00"):
            cases = self.cases(50)
            clocks = cases.sudo().clock_ids
            self.env.flush_all()
            self.env.invalidate_all()
            with self.recorded() as queries:
                self.env["lapor.holiday"].create({"date": "2026-02-03", "name": "Hari Jadi"})
        self.assertEqual(len(clocks), 200)
        self.assertLessEqual(len(queries), 60)

    def test_job_moves_a_thousand_clocks_in_two_hundred_queries(self):
        """What a holiday for many leaves to the job: a page of it, everything in."""
        with self.at("2026-02-02 09:00"):
            cases = self.cases(125)
            clocks = self.env["lapor.clock"].browse(cases.sudo().clock_ids.ids)
            before = {clock: clock.due_at for clock in clocks}
            self.env["lapor.holiday"].create({"date": "2026-02-03", "name": "Hari Jadi"})
            self.assertTrue(all(clocks.mapped("replan_reason")))
            self.env.flush_all()
            self.env.invalidate_all()
            with self.recorded() as queries:
                clocks._replan("Hari Jadi")
            moved = clocks.filtered(lambda clock: clock.due_at != before[clock])
        self.assertGreater(len(moved), 250)
        self.assertEqual(len(clocks), 500)
        kinds = Counter(re.sub(r"\s+", " ", query)[:100] for query in queries)
        self.assertLessEqual(len(queries), 100, kinds.most_common(5))
