"""A written month of each of the three governments, on its own SOP: board, lists, reports,
national indicators and tracking pages are compared with a count of another make."""

from datetime import date, datetime, timedelta
from unittest.mock import patch

import pytest
from freezegun import freeze_time
from lxml import etree

from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from odoo.addons.lapor_reports.models.lapor_tracking_mixin import ENDS, SENT, STATUSES
from odoo.addons.lapor_reports.report import figures

from . import offices, recount, written_month

# Not on a whole minute: no deadline falls on the moment of a screen.
BEGIN = datetime(2026, 1, 5, 2, 0, 17)
#: After each act, in minutes: a month goes by, days and nights.
PAUSE = 193
#: Filters of the list, and which rows of the recount each shows.
FILTERS = {
    "open": lambda row: not row["closed"],
    "closed": lambda row: row["closed"],
    "undisposed": lambda row: row["status"] == "waiting",
    "on_hold": lambda row: row["status"] == "pending",
    "withdrawn": lambda row: row["closed"] and row["outcome"] in ("withdrawn", "no_response"),
    "archived_cases": lambda row: row["closed"] and row["outcome"] == "archived",
    "class_complaint": lambda row: row["classification"] == "complaint",
    "class_aspiration": lambda row: row["classification"] == "aspiration",
    "without_supporters": lambda row: not row["main_id"],
    "misconduct": lambda row: row["is_misconduct"],
    "anonymous": lambda row: row["is_anonymous"],
    "secret": lambda row: row["is_secret"],
    "late": lambda row: row["late"],
}


@tagged("post_install", "-at_install")
class TestWrittenMonths(offices.OfficesCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.heir = {}
        for addon in offices.GOVERNMENTS:
            company = cls.env.ref(f"{addon}.company")
            cls.heir[addon] = cls.env["lapor.unit"].create(
                {"name": "Dinas Baru", "code": "DBARU", "kind": "opd", "company_id": company.id}
            )

    def _live(self, addon):
        """Let the month happen; the clock stands where it ends until the test is over."""
        frozen = freeze_time(BEGIN)
        clock = frozen.start()
        self.addCleanup(frozen.stop)
        now = patch.object(self.env.cr, "now", datetime.now)
        now.start()
        self.addCleanup(now.stop)
        month = written_month.WrittenMonth(
            self, addon, lambda: clock.tick(timedelta(minutes=PAUSE))
        )
        self.cases, self.said = month.run()
        self.reader = month._coordinator
        self.company = self.env.ref(f"{addon}.company")
        self.manager = self.env.ref(f"{addon}.unit_diskominfo")
        self.counted = recount.recount(self.env, self.company, datetime.now())
        self.env.invalidate_all()
        self.all = self.env["lapor.complaint"].browse(self.counted).sudo()

    def _own(self, model):
        return self._as(self.env[model], self.reader)

    @pytest.mark.slow
    def test_bantul(self):
        self._live("lapor_bantul")
        self._check()

    @pytest.mark.slow
    def test_balangan(self):
        self._live("lapor_balangan")
        self._check()

    @pytest.mark.slow
    def test_kapuas(self):
        self._live("lapor_kapuas")
        self._check()

    def _check(self):
        self.assertGreaterEqual(len(self.cases), 30)
        for check in (
            self._check_stands,
            self._check_lists,
            self._check_board,
            self._check_month,
            self._check_days,
            self._check_indicators,
            self._check_pages,
            self._check_counted_once,
        ):
            with self.subTest(check.__name__):
                check()

    def _check_stands(self):
        """Each case stands where its course says, on every screen and in the recount."""
        self.assertTrue(any(row["late"] for row in self.counted.values()))
        for name, complaint in self.cases.items():
            row = self.counted[complaint.id]
            ended = [row["outcome"]] if row["closed"] else []
            self.assertEqual([row["status"], *ended], self.said[name], name)
        for case in self.all:
            row = self.counted[case.id]
            courses = [name for name, one in self.cases.items() if one.id == case.id]
            self.assertEqual(case.sp4n_status, row["status"], courses)
            self.assertEqual(case.first_followed_up_at or None, row["followed"], courses)
            self.assertEqual(case.first_answered_at or None, row["answered"], courses)
            self.assertEqual(case.closed_at or None, row["closed_at"], courses)

    def _check_lists(self):
        """Each filter of the list shows what the recount has."""
        view = self._own("lapor.complaint").get_views([(False, "search")])["views"]["search"]
        nodes = etree.fromstring(view["arch"]).iter("filter")
        domains = {node.get("name"): node.get("domain") for node in nodes}
        for name, shows in FILTERS.items():
            domain = safe_eval(domains[name], {"uid": self.reader.id})
            found = self._own("lapor.complaint").search(domain)
            expected = {row["id"] for row in self.counted.values() if shows(row)}
            self.assertEqual(set(found.ids), expected, name)

    def _check_board(self):
        board = self._own("lapor.board").get_figures()
        cards = {card["key"]: card["count"] for card in board["cards"]}
        for card in [*board["cards"], *board["units"], *board["categories"], *board["steps"]]:
            count = self._own("lapor.complaint").search_count(card["domain"])
            self.assertEqual(count, card["count"], card)
        rows = [row for row in self.counted.values() if not row["closed"]]
        self.assertEqual(cards["open"], len(rows))
        self.assertEqual(cards["waiting"], sum(row["status"] == "waiting" for row in rows))
        self.assertEqual(cards["held"], sum(row["status"] == "pending" for row in rows))
        self.assertEqual(cards["late"], sum(row["late"] for row in rows))
        days = board["trend"]
        for name in ("received", "closed"):
            for day in days:
                found = self._own("lapor.complaint").search_count(day[f"{name}_domain"])
                self.assertEqual(found, day[name], (name, day["day"]))
            moments = [row[f"{name}_at"] for row in self.counted.values() if row[f"{name}_at"]]
            told = {day["day"] for day in days}
            expected = sum(str(self._local_day(moment)) in told for moment in moments)
            self.assertEqual(sum(day[name] for day in days), expected, name)

    def _local_day(self, moment):
        self.env.cr.execute(
            "SELECT ((%s::timestamp AT TIME ZONE 'UTC') AT TIME ZONE %s)::date",
            [moment, self.manager._get_tz()],
        )
        return self.env.cr.fetchone()[0]

    def _report(self, first, last, kind):
        report = self._own("lapor.periodic").create(
            {"kind": kind, "unit_id": self.manager.id, "date_from": first, "date_to": last}
        )
        report.action_compute()
        for line in report.line_ids:
            action = line.action_open_complaints()
            found = self._own(action["res_model"]).search(action["domain"])
            if line.unit in ("aduan", "batas waktu"):
                self.assertEqual(len(found), line.amount, (line.section, line.label))
        return report

    def _lines(self, report, section):
        lines = report.line_ids.filtered(lambda line: line.section == section)
        return {line.label: line for line in lines}

    def _reported(self):
        """What reports count: misconduct and splits that were taken back are in none."""
        return [
            row
            for row in self.counted.values()
            if not row["is_misconduct"] and not row["is_undone"]
        ]

    def _check_month(self):
        rows = self._reported()
        report = self._report(date(2026, 1, 1), date(2026, 2, 28), "custom")
        summary, status, ends, units = (
            self._lines(report, section) for section in ("summary", "status", "end", "unit")
        )
        for code, words in figures.STATUSES.items():
            count = sum(row["status"] == code for row in rows)
            self.assertEqual(status[words].amount, count, words)
        self.assertEqual(summary["Aduan masuk"].amount, len(rows))
        done = [row for row in rows if row["status"] == "done"]
        self.assertEqual(summary["Aduan selesai"].amount, len(done))
        ended = [row for row in rows if row["status"] == "archived"]
        self.assertEqual(summary["Berakhir tanpa ditangani"].amount, len(ended))
        for outcome, words in figures.ENDS.items():
            count = sum(row["outcome"] == outcome for row in ended)
            self.assertEqual(ends[words].amount, count, words)
        handled = [row for row in rows if row["status"] != "archived"]
        for words, group in (
            ("", handled),
            (", termasuk yang berakhir tanpa ditangani", rows),
        ):
            followed = sum(row["followed"] is not None for row in group)
            self.assertAlmostEqual(
                summary[f"Aduan masuk yang telah ditindaklanjuti{words}"].amount,
                round(100 * followed / len(group), 1),
            )
        self.assertEqual(summary["Melewati batas waktu"].amount, sum(row["late"] for row in rows))
        self.assertEqual(sum(line.amount for line in units.values()), len(rows))

    def _check_days(self):
        """Each complaint comes in on one day, and the days add up to the month."""
        rows = self._reported()
        day, last = BEGIN.date(), self._local_day(datetime.now())
        while day <= last:
            summary = self._lines(self._report(day, day, "daily"), "summary")
            came = sum(self._local_day(row["received_at"]) == day for row in rows)
            self.assertEqual(summary["Aduan masuk"].amount, came, day)
            closed = [row for row in rows if self._local_day(row["closed_at"]) == day]
            for words, code in (
                ("Aduan selesai", "done"),
                ("Berakhir tanpa ditangani", "archived"),
            ):
                # Those reopened on a later day were closed on one before.
                count = sum(row["status"] == code for row in closed)
                self.assertGreaterEqual(summary[words].amount, count, (day, words))
            day += timedelta(days=1)

    def _check_indicators(self):
        rows = {id: row for id, row in self.counted.items() if not row["is_undone"]}
        found = self._own("lapor.kpi.report").search([("company_id", "=", self.company.id)])
        self.assertEqual(set(found.complaint_id.ids), set(rows))
        for line in found:
            row = rows[line.complaint_id.id]
            self.assertEqual(line.followed_up_at or None, row["followed"])
            self.assertEqual(line.answered_at or None, row["answered"])
            self.assertEqual(bool(line.to_handle), row["status"] != "archived")
        handled = [row for row in rows.values() if row["status"] != "archived"]
        for words, group in (("", handled), ("_all", list(rows.values()))):
            share, pace = self._own("lapor.kpi.report")._read_group(
                [("company_id", "=", self.company.id)],
                [],
                [f"followed_up_share{words}:avg", f"pace_days{words}:avg"],
            )[0]
            followed = [row for row in group if row["followed"]]
            lengths = [row["followed"] - row["received_at"] for row in followed]
            self.assertAlmostEqual(share, 100 * len(followed) / len(group))
            self.assertAlmostEqual(
                pace, sum(lengths, timedelta()).total_seconds() / 86400 / len(lengths)
            )

    def _check_pages(self):
        """What complainants are told of their own case."""
        for name, complaint in self.cases.items():
            row, facts = self.counted[complaint.id], complaint.sudo()._tracking_facts()
            told = [words for _at, words in facts["events"]]
            self.env.cr.execute(
                """SELECT kind, COUNT(*) FROM lapor_response
                    WHERE complaint_id = %s AND state = 'delivered' GROUP BY 1""",
                [complaint.id],
            )
            sent = dict(self.env.cr.fetchall())
            for kind, words in SENT.items():
                self.assertEqual(told.count(words), sent.get(kind, 0), f"{name}: {kind}")
            if row["status"] == "archived":
                self.assertEqual(told[-1], ENDS[row["outcome"]][0], name)
                self.assertEqual(facts["status"], ENDS[row["outcome"]][1], name)
            else:
                self.assertEqual(facts["status"], STATUSES[row["status"]], name)

    def _check_counted_once(self):
        """Where the office counts a split complaint once, so do report and indicators."""
        self.manager.split_counting = "once"
        rows = [row for row in self._reported() if not row["split_from_id"]]
        self.assertLess(len(rows), len(self._reported()))
        report = self._report(date(2026, 1, 1), date(2026, 2, 28), "custom")
        self.assertEqual(self._lines(report, "summary")["Aduan masuk"].amount, len(rows))
        found = self._own("lapor.kpi.report").search([("company_id", "=", self.company.id)])
        first = {id for id, row in self.counted.items() if not row["split_from_id"]}
        self.assertEqual(set(found.complaint_id.ids), first)
