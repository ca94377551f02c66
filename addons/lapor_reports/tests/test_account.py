import os
import random
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.lapor_base.tests.common import LaporCase
from odoo.addons.lapor_base.tests.odd_month import OddMonth
from odoo.addons.lapor_base.tests.random_sops import RandomOffice

from ..models.lapor_tracking_mixin import ENDS, SENT, STATUSES
from ..report import figures

SEEDS = int(os.environ.get("LAPOR_SEEDS") or 3)
ACTS = 60
# Not on a whole minute: no deadline falls on the moment of a screen.
BEGIN = datetime(2026, 1, 5, 2, 0, 17)

#: Where each complaint stands, counted apart from the program's account: from the tables of its
#: records, and from its events only where no table knows.
RECOUNT = """
    WITH stand AS (
        SELECT c.id, c.received_at, c.phase, c.outcome, c.closed_at, c.hold_id IS NOT NULL AS held,
            (SELECT MAX(e.sequence) FROM lapor_event e WHERE e.complaint_id = c.id
                AND e.code = 'reopened' AND NOT (e.data->>'mistake')::bool) AS reopened,
            (SELECT e.code NOT IN ('authority_refused', 'category_disputed', 'part_returned')
               FROM lapor_event e WHERE e.complaint_id = c.id
                AND (e.code IN ('authority_refused', 'category_disputed', 'misroute_rejected')
                     OR (e.code = 'disposition' AND e.data->>'unit' IS NOT NULL)
                     OR (e.code = 'part_returned' AND e.data ? 'unit'))
              ORDER BY e.sequence DESC LIMIT 1) AS given,
            (SELECT MAX(m.visit_id) FROM lapor_misroute m WHERE m.complaint_id = c.id) AS refused,
            (SELECT MIN(r.delivered_at) FROM lapor_response r WHERE r.complaint_id = c.id
                AND r.state = 'delivered' AND r.kind IN ('interim', 'final')) AS replied,
            (SELECT MIN(r.delivered_at) FROM lapor_response r WHERE r.complaint_id = c.id
                AND r.state = 'delivered' AND r.kind IN ('interim', 'final')
                AND NOT COALESCE(r.before_reopening, FALSE)) AS replied_now,
            (SELECT MIN(r.delivered_at) FROM lapor_response r WHERE r.complaint_id = c.id
                AND r.state = 'delivered' AND r.kind = 'final') AS answered,
            (SELECT MIN(z.closed_at) FROM lapor_closing z WHERE z.complaint_id = c.id
                AND NOT COALESCE(z.was_mistake, FALSE)
                AND z.outcome IN ('handled', 'answered', 'scheduled', 'not_proven')) AS done_first
          FROM lapor_complaint c WHERE c.company_id = %s
    ), worked AS (
        SELECT s.id, MIN(v.done_at) AS first,
               MIN(v.done_at) FILTER (WHERE s.reopened IS NULL OR v.started_at >= (
                   SELECT e.at FROM lapor_event e
                    WHERE e.complaint_id = s.id AND e.sequence = s.reopened)) AS now
          FROM stand s JOIN lapor_complaint_step v ON v.complaint_id = s.id
          JOIN lapor_sop_step p ON p.id = v.sop_step_id
          LEFT JOIN lapor_sop_transition t ON t.id = v.transition_id
         WHERE v.state = 'done' AND p.phase = 'handling' AND t.to_step_id IS NOT NULL
           AND v.id > COALESCE(s.refused, 0)
         GROUP BY s.id
    )
    SELECT s.id, s.received_at, s.closed_at, s.answered,
        CASE WHEN s.outcome IN ('handled', 'answered', 'scheduled', 'not_proven') THEN 'done'
             WHEN s.phase = 'closed' THEN 'archived'
             WHEN s.held THEN 'pending'
             WHEN NOT COALESCE(s.given, FALSE) OR (s.reopened IS NOT NULL AND (
                SELECT p.phase = 'intake' FROM lapor_complaint_step v
                  JOIN lapor_sop_step p ON p.id = v.sop_step_id
                 WHERE v.complaint_id = s.id AND v.state = 'open')) THEN 'waiting'
             WHEN s.replied_now IS NOT NULL OR worked.now IS NOT NULL THEN 'process'
             ELSE 'disposed' END AS status,
        s.outcome, LEAST(s.replied, worked.first, s.done_first) AS followed
      FROM stand s LEFT JOIN worked ON worked.id = s.id ORDER BY s.id"""


class AccountCase(LaporCase):
    maxDiff = None

    @classmethod
    @contextmanager
    def _running_clock(cls):
        """A clock that stands still until it is moved.

        :returns: what moves it, in minutes
        """
        with freeze_time(BEGIN) as clock, patch.object(cls.env.cr, "now", datetime.now):
            yield lambda minutes: clock.tick(timedelta(minutes=minutes))

    @classmethod
    def _screens(cls, cases=None):
        """What the screens say of each case, or of some, now."""
        cls.env.flush_all()
        cls.env.invalidate_all()
        if cases is None:
            cases = cls.env["lapor.complaint"].sudo().search([("company_id", "=", cls.company.id)])
        late = cases.filtered_domain([("phase", "!=", "closed"), ("due_at", "<", datetime.now())])
        return {
            case.id: (
                case.sp4n_status,
                case.unit_id.id or None,
                case.outcome or None,
                case.closed_at or None,
                case.first_followed_up_at or None,
                case.answered_at or None,
                case.due_at or None,
                case in late,
            )
            for case in cases
            if not case.is_misconduct
        }

    @classmethod
    def _told_by_report(cls, moment):
        """What a report says whose period ends just after a moment."""
        env = cls.env(su=True)
        found = figures.cases(
            env, cls.manager, datetime(2025, 12, 1), moment + timedelta(seconds=1)
        )
        return {
            case.id: (
                case.status,
                case.unit_id,
                case.outcome,
                case.closed_at,
                case.followed_up_at,
                case.answered_at,
                case.due_at,
                case.late_days is not None,
            )
            for case in found
        }

    def _compare(self, seen, words):
        for moment, screens in seen.items():
            told = self._told_by_report(moment)
            differing = {
                case_id: (
                    screen,
                    told.get(case_id),
                    self.env["lapor.complaint"].browse(case_id).sudo().event_ids.mapped("code"),
                )
                for case_id, screen in screens.items()
                if told.get(case_id) != screen
            }
            self.assertEqual(differing, {}, f"{words}, {moment}")


class TimedMonth(OddMonth):
    """With what only the clocks know."""

    def extended(self):
        complaint = self._new("3")
        clock = complaint.sudo().clock_ids.filtered(
            lambda clock: clock.kind == "step" and clock.state == "running"
        )
        clock.with_user(self.case.opd_head).action_extend("Tinjauan lapangan.")
        self._step()
        return complaint

    def extended_and_held(self):
        return self._hold(self.extended(), self.case.engineer)

    def extended_held_and_withdrawn(self):
        return self._withdraw(self.extended_and_held())


@tagged("post_install", "-at_install")
class TestOddMonth(AccountCase):
    """A written month with every odd course: all screens, lists, reports and pages agree, and
    agree with a count of another make."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seen = {}
        with cls._running_clock() as move:

            def step():
                cls.seen[datetime.now()] = cls._screens()
                move(47)

            cls.month = TimedMonth(cls("test_days_add_up"), step)
            cls.month.run()
            cls.now = datetime.now()
        cls.all = cls.env["lapor.complaint"].sudo().search([("company_id", "=", cls.company.id)])

    def _recount(self):
        self.env.flush_all()
        self.env.cr.execute(RECOUNT, [self.company.id])
        return {row["id"]: row for row in self.env.cr.dictfetchall()}

    def _report(self, first, last, kind="custom"):
        report = (
            self.env["lapor.periodic"]
            .with_user(self.head)
            .create({"kind": kind, "unit_id": self.manager.id, "date_from": first, "date_to": last})
        )
        report.action_compute()
        return report

    def _lines(self, report, section):
        found = report.line_ids.filtered(lambda line: line.section == section)
        return {line.label: line for line in found}

    def test_report_on_any_past_moment_says_what_the_screens_said(self):
        self.assertGreater(len(self.seen), 150)
        late = sum(screen[-1] for screens in self.seen.values() for screen in screens.values())
        self.assertGreater(late, 100)
        self._compare(self.seen, "month")

    def test_screens_by_a_count_of_another_make(self):
        counted = self._recount()
        self.assertEqual(len(counted), len(self.all))
        for name, case in self.month.cases.items():
            self.assertEqual(case.sudo().sp4n_status, counted[case.id]["status"], name)
        for case in self.all:
            row = counted[case.id]
            self.assertEqual(case.sp4n_status, row["status"], case.number)
            self.assertEqual(case.first_followed_up_at or None, row["followed"], case.number)
            self.assertEqual(case.first_answered_at or None, row["answered"], case.number)

    def test_board_counts_its_lists(self):
        counted = list(self._recount().values())
        now = self.now
        with freeze_time(now):
            Board = self.env["lapor.board"].with_user(self.head)
            board = Board.get_figures()
            told = self._told_by_report(now)
            Complaint = self.env["lapor.complaint"].with_user(self.head)
            cards = {card["key"]: card["count"] for card in board["cards"]}
            for card in [*board["cards"], *board["units"], *board["categories"], *board["steps"]]:
                self.assertEqual(Complaint.search_count(card["domain"]), card["count"], card)
        opened = [row for row in counted if row["status"] not in ("done", "archived")]
        self.assertEqual(cards["open"], len(opened))
        for key, status in (("waiting", "waiting"), ("held", "pending")):
            self.assertEqual(cards[key], sum(row["status"] == status for row in opened), key)
        self.assertEqual(cards["late"], sum(case[-1] for case in told.values()))

    def test_reports_count_as_the_recount_and_open_what_they_count(self):
        counted = list(self._recount().values())
        with freeze_time(self.now):
            report = self._report("2026-01-01", "2026-02-28")
            summary, status, ends = (
                self._lines(report, section) for section in ("summary", "status", "end")
            )
            for code, words in figures.STATUSES.items():
                self.assertEqual(
                    status[words].amount, sum(row["status"] == code for row in counted), words
                )
            self.assertEqual(sum(line.amount for line in status.values()), len(counted))
            self.assertEqual(summary["Aduan selesai"].amount, status["Selesai"].amount)
            ended = [row for row in counted if row["status"] == "archived"]
            self.assertEqual(summary["Berakhir tanpa ditangani"].amount, len(ended))
            for outcome, words in figures.ENDS.items():
                self.assertEqual(
                    ends[words].amount, sum(row["outcome"] == outcome for row in ended), words
                )
            handled = [row for row in counted if row["status"] != "archived"]
            for words, rows in (
                ("", handled),
                (", termasuk yang berakhir tanpa ditangani", counted),
            ):
                followed = sum(row["followed"] is not None for row in rows)
                self.assertAlmostEqual(
                    summary[f"Aduan masuk yang telah ditindaklanjuti{words}"].amount,
                    round(100 * followed / len(rows), 1),
                )
            for line in report.line_ids:
                action = line.action_open_complaints()
                found = self.env[action["res_model"]].with_user(self.head).search(action["domain"])
                if line.unit in ("aduan", "batas waktu"):
                    self.assertEqual(len(found), line.amount, (line.section, line.label))
            clocks = self.all.clock_ids.filtered(
                lambda clock: (
                    not clock.on_complainant
                    and (
                        clock.result in ("on_time", "late")
                        or (clock.state == "running" and clock.due_at < self.now)
                    )
                )
            )
            self.assertIn("void", self.all.clock_ids.mapped("result"))
            for section, name in (("step", "sop_step_id"), ("rule", "rule_id")):
                lines = self._lines(report, section)
                decided = clocks.filtered(lambda clock, kind=section: clock.kind == kind)
                groups = decided.grouped(
                    lambda clock, name=name: clock[name].with_context(lang="id_ID").display_name
                )
                self.assertEqual(set(lines), set(groups))
                for words, group in groups.items():
                    kept = group.filtered(lambda clock: clock.result == "on_time")
                    self.assertEqual(lines[words].amount, len(group), words)
                    self.assertEqual(lines[words].extra["kept"], len(kept), words)
            late = self.all.filtered_domain([("phase", "!=", "closed"), ("due_at", "<", self.now)])
            self.assertEqual(summary["Melewati batas waktu"].amount, len(late))
            units = self._lines(report, "unit")
            self.assertEqual(
                sum(line.amount for line in units.values()),
                len(counted),
            )
            # What was given back is with nobody, whatever the office that had it.
            refused = self.month.cases["refused"].id
            self.assertIn(refused, units["Belum diteruskan"].complaint_ids_json)

    def test_days_add_up(self):
        """Each complaint comes in on one day and is closed for good on one at most."""
        counted = list(self._recount().values())
        with freeze_time(self.now):
            received = done = ended = 0
            day = BEGIN.date()
            while day <= self.now.date():
                summary = self._lines(self._report(day, day, "daily"), "summary")
                received += summary["Aduan masuk"].amount
                done += summary["Aduan selesai"].amount
                ended += summary["Berakhir tanpa ditangani"].amount
                day += timedelta(days=1)
        self.assertEqual(received, len(counted))
        # Those reopened on a later day were closed on one before.
        self.assertGreaterEqual(done, sum(row["status"] == "done" for row in counted))
        self.assertGreaterEqual(ended, sum(row["status"] == "archived" for row in counted))

    def test_national_indicators_by_a_count_of_another_make(self):
        counted = self._recount()
        with freeze_time(self.now):
            rows = self.env["lapor.kpi.report"].search([("complaint_id", "in", self.all.ids)])
            self.assertEqual(len(rows), len(counted))
            for row in rows:
                said = counted[row.complaint_id.id]
                self.assertEqual(row.followed_up_at or None, said["followed"])
                self.assertEqual(row.answered_at or None, said["answered"])
                self.assertEqual(bool(row.to_handle), said["status"] != "archived")
            handled = [row for row in counted.values() if row["status"] != "archived"]
            for words, group in (("", handled), ("_all", counted.values())):
                share, pace = self.env["lapor.kpi.report"]._read_group(
                    [("complaint_id", "in", self.all.ids)],
                    [],
                    [f"followed_up_share{words}:avg", f"pace_days{words}:avg"],
                )[0]
                followed = [row for row in group if row["followed"]]
                self.assertAlmostEqual(share, 100 * len(followed) / len(group))
                lengths = [row["followed"] - row["received_at"] for row in followed]
                self.assertAlmostEqual(
                    pace, sum(lengths, timedelta()).total_seconds() / 86400 / len(lengths)
                )

    def test_withdrawn_complaints_improve_nothing(self):
        """The same month without the complaints that ended unhandled has the same indicators."""
        names = ("followed_up_share", "pace_days", "answer_days", "sop_share", "rule_share")
        with freeze_time(self.now):

            def indicators(cases):
                return self.env["lapor.kpi.report"]._read_group(
                    [("complaint_id", "in", cases.ids)], [], [f"{name}:avg" for name in names]
                )[0]

            handled = self.all.filtered(lambda case: case.sp4n_status != "archived")
            self.assertLess(len(handled), len(self.all))
            self.assertEqual(indicators(self.all), indicators(handled))

    def test_tracking_page_tells_what_happened(self):
        counted = self._recount()
        for name, complaint in self.month.cases.items():
            case = complaint.sudo()
            facts = case._tracking_facts()
            told = [words for _at, words in facts["events"]]
            self.env.cr.execute(
                """SELECT data->>'kind', COUNT(*) FROM lapor_event
                    WHERE complaint_id = %s AND code = 'response_delivered' GROUP BY 1""",
                [case.id],
            )
            sent = dict(self.env.cr.fetchall())
            for kind, words in SENT.items():
                self.assertEqual(told.count(words), sent.get(kind, 0), f"{name}: {kind}")
            row = counted[case.id]
            if row["status"] == "archived":
                self.assertEqual(told[-1], ENDS[row["outcome"]][0], name)
                self.assertEqual(facts["status"], ENDS[row["outcome"]][1], name)
                self.assertNotIn("Selesai", facts["status"])
            else:
                self.assertEqual(facts["status"], STATUSES[row["status"]], name)


@tagged("post_install", "-at_install")
class TestReportsOnRandomWalks(AccountCase):
    """Whatever is done on whatever SOP: a report on any past moment says what the screens said."""

    @pytest.mark.slow
    def test_report_on_any_past_moment_says_what_the_screens_said(self):
        for seed in range(SEEDS):
            office = RandomOffice(self, 2000 + seed)
            draw, seen = random.Random(seed), {}
            with self._running_clock() as move:
                for _number in range(ACTS):
                    _complaint, act = office.act()
                    try:
                        with self.env.cr.savepoint():
                            act()
                    except (AccessError, UserError, ValidationError):
                        self.env.invalidate_all()
                    seen[datetime.now()] = self._screens(office.cases.sudo())
                    move(draw.choice((7, 90, 700, 3000)))
                self._compare(seen, f"seed {seed}")


class OfficeOfGovernment(RandomOffice):
    """The same acts on the SOP of one of the three governments.

    :param str name: external id of the SOP
    """

    def __init__(self, case, seed, name):
        self._name = name
        super().__init__(case, seed)

    def _make_sop(self, seed):
        case = self.case
        case.env["lapor.sop"].search(
            [("company_id", "=", case.company.id), ("state", "=", "active")]
        ).action_retire()
        sop = case.env.ref(self._name)._copy_document()
        sop.write({"unit_id": case.manager.id, "company_id": case.company.id})
        users = {
            case.manager: [case.operator, case.head, case.operator2],
            case.opd: [case.engineer, case.opd_head, case.opd_admin],
        }
        # Whoever complains holds no position.
        roles = (sop.step_ids.role_id | sop.step_ids.alternative_role_id).filtered(
            lambda role: role.code != "masyarakat"
        )
        for unit, holders in users.items():
            for number, role in enumerate(roles):
                case.env["lapor.position"].create(
                    {
                        "name": f"{role.name} {unit.code}",
                        "unit_id": unit.id,
                        "role_id": role.id,
                        "user_id": holders[number % len(holders)].id,
                    }
                )
        sop.action_activate()
        return sop

    def _evidence(self, arrow):
        evidence = super()._evidence(arrow)
        codes = set(arrow._demands().mapped("code"))
        if codes & {"interim", "publish"}:
            kind = "final" if "publish" in codes else "interim"
            evidence["response"] = {"body": "<p>Sudah kami tangani.</p>", "kind": kind}
            evidence["delivery"] = {"note": "Ditelepon"}
            if "sign" in self.sop.step_ids.mapped("kind") and kind == "final":
                del evidence["response"]
        return evidence


@tagged("post_install", "-at_install")
class TestThreeGovernments(AccountCase):
    """On the SOPs of Balangan, Bantul and Kapuas: screens, reports and the count of another make
    agree at any moment."""

    @pytest.mark.slow
    def test_random_acts_on_the_three_sops(self):
        for government in ("balangan", "bantul", "kapuas"):
            name = f"lapor_{government}.sop"
            if not self.env.ref(name, raise_if_not_found=False):
                continue
            office = OfficeOfGovernment(self, 7, name)
            seen = {}
            with self._running_clock() as move:
                while len(seen) < 150:
                    _complaint, act = office.act()
                    try:
                        with self.env.cr.savepoint():
                            act()
                    except (AccessError, UserError, ValidationError):
                        self.env.invalidate_all()
                    seen[datetime.now()] = self._screens(office.cases.sudo())
                    move(office.random.choice((7, 90, 700)))
                self._compare(seen, government)
            codes = set(office.cases.sudo().event_ids.mapped("code"))
            self.assertLessEqual({"disposition", "held", "closed", "response_delivered"}, codes)
            forwarded = office.cases.sudo().filtered("forwarded_at")
            for case in forwarded:
                disposed = case.event_ids.filtered(
                    lambda event: event.code == "disposition" and event.data["unit"]
                )
                clock = case.clock_ids.filtered(
                    lambda clock: clock.rule_id.code == "verification" and clock.state != "stopped"
                )
                # Whoever verifies has done so when the office that handles it has it.
                reached = set(case.step_ids.sop_step_id.mapped("phase"))
                self.assertTrue(disposed or reached & {"handling", "response"}, government)
                self.assertFalse(clock, government)
