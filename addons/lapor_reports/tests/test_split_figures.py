import random
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from ..report.figures import STATUSES, Case, split_once
from .common import PaperCase

BEGIN = datetime(2026, 1, 5)


@tagged("post_install", "-at_install")
class TestSplitFigures(PaperCase):
    """A complaint that was split counts as the office wants it, in figures and in their lists."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time("2026-01-05 03:00:00"):
            cls.case = cls("test_each_counts")._split_case()

    def _split_case(self):
        first = self._make_complaint(received_at="2026-01-05 02:00:00", place="Pasar")
        second = first.with_user(self.operator).action_split("Sampah", self.category.id)
        self._make_complaint(received_at="2026-01-05 02:30:00", place="Terminal")
        return first | second

    def _report(self, moment="2026-03-02 03:00:00"):
        with freeze_time(moment):
            report = (
                self.env["lapor.periodic"]
                .with_user(self.head)
                .create(
                    {
                        "kind": "custom",
                        "unit_id": self.manager.id,
                        "date_from": "2026-01-01",
                        "date_to": "2026-01-31",
                    }
                )
            )
            report.action_compute()
        return report

    def _amounts(self, report, section="summary"):
        """Amounts of a report, each as long as its list."""
        lines = report.line_ids.filtered(lambda line: line.section == section)
        for line in lines.filtered(lambda line: line.unit == "aduan"):
            self.assertEqual(line.amount, len(set(line.complaint_ids_json or [])), line.label)
        return {line.label: line.amount for line in lines}

    @freeze_time("2026-01-04 03:00:00")
    def _count(self, rule):
        self.manager.split_counting = rule

    def test_each_counts(self):
        amounts = self._amounts(self._report())
        self.assertEqual(amounts["Aduan masuk"], 3)
        self.assertEqual(amounts["Masih terbuka pada akhir periode"], 3)

    def test_complaint_counts_once(self):
        self._count("once")
        first, second = self.case
        amounts = self._amounts(self._report("2026-01-31 03:00:00"))
        self.assertEqual(amounts["Aduan masuk"], 2)
        with freeze_time("2026-01-20 03:00:00"):
            self._walk_to(first, None)
        amounts = self._amounts(self._report("2026-01-31 03:00:00"))
        self.assertEqual(amounts["Aduan selesai"], 0, "one of its matters is open")
        self.assertEqual(amounts["Masih terbuka pada akhir periode"], 2)
        with freeze_time("2026-01-25 03:00:00"):
            self._walk_to(second, None)
        report = self._report("2026-01-31 03:00:00")
        amounts = self._amounts(report)
        self.assertEqual(amounts["Aduan selesai"], 1)
        self.assertEqual(amounts["Aduan masuk yang telah ditindaklanjuti"], 50)
        self.assertEqual(self._amounts(report, "status")["Selesai"], 1)
        places = self._amounts(report, "place")
        self.assertEqual((places["Pasar"], places["Terminal"]), (1, 1))

    def test_rule_of_a_month_that_is_over_stays(self):
        before = self._amounts(self._report())
        self.manager.split_counting = "once"
        self.assertEqual(self._amounts(self._report()), before)

    def test_split_that_was_taken_back_is_not_counted(self):
        with freeze_time("2026-01-06 03:00:00"):
            self.case[1].with_user(self.operator).action_unsplit()
        for rule in ("each", "once"):
            self._count(rule)
            amounts = self._amounts(self._report("2026-01-31 03:00:00"))
            self.assertEqual(amounts["Aduan masuk"], 2, rule)
            self.assertEqual(amounts["Berakhir tanpa ditangani"], 0, rule)

    def test_national_indicators_count_alike(self):
        first, second = self.case
        rows = self.env["lapor.kpi.report"].with_user(self.head)
        domain = [("complaint_id", "in", self.case.ids)]
        self.env.flush_all()
        self.assertEqual(rows.search(domain).complaint_id, self.case)
        self.manager.split_counting = "once"
        with freeze_time("2026-01-20 03:00:00"):
            self._walk_to(first, None)
        self.env.flush_all()
        row = rows.search(domain)
        self.assertEqual((row.complaint_id, row.to_handle, row.followed_up), (first, 1, 0))
        self.assertFalse(row.followed_up_at or row.answered_at)
        with freeze_time("2026-01-25 03:00:00"):
            self._walk_to(second, None)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((row.followed_up, row.answered_at), (1, second.first_answered_at))
        self.assertTrue(row.sop_result)

    def test_random_families_are_counted_once(self):
        chance = random.Random(19)
        for _turn in range(200):
            found, first_of = [], {}
            for number in range(1, chance.randint(2, 9)):
                if number > 1 and chance.random() < 0.5:
                    first_of[number] = first_of.get(number - 1, number - 1)
                found.append(self._random_case(chance, number))
            joined = split_once(found, first_of)
            firsts = [case.id for case in found if case.id not in first_of]
            self.assertEqual(sorted(case.id for case in joined), firsts)
            for case in joined:
                family = [one for one in found if first_of.get(one.id, one.id) == case.id]
                is_open = any(one.closed_at is None for one in family)
                self.assertEqual(case.closed_at is None, is_open)
                done = all(one.status in ("done", "archived") for one in family)
                some = any(one.status == "done" for one in family)
                self.assertEqual(case.status == "done", done and some)
                late = any(one.late_days is not None for one in family)
                self.assertEqual(case.late_days is not None, late)

    def _random_case(self, chance, number):
        status = chance.choice(list(STATUSES))
        closed = status in ("done", "archived")
        values = dict.fromkeys(Case._fields)
        values |= {
            "id": number,
            "status": status,
            "closed_at": BEGIN + timedelta(days=chance.randint(1, 9)) if closed else None,
            "is_closed": closed,
            "late_days": None if closed or chance.random() < 0.5 else 0.5,
        }
        return Case(**values)
