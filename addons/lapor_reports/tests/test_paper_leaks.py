import io
import itertools
from unittest.mock import patch

import openpyxl
import pytest

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.lapor_base.tests import samples
from odoo.addons.lapor_base.tests.leaks import LeaksCase

from ..models import ir_actions_report
from ..models.lapor_periodic import KINDS
from .common import PaperCase

IDENTITY = "Zqxidentitas"
MISCONDUCT = "Zqxpengawasan"
SECRET = "Zqxterbatas"
WITNESS = "Zqxsaksi"
OPEN = "Wqxterbuka"

# On whose papers each marker may stand; on nobody else's. Papers go from hand to hand: whoever
# is to stay hidden is on none.
ENTITLED = {
    IDENTITY: set(),
    WITNESS: set(),
    MISCONDUCT: {"operator", "head", "inspector"},
    SECRET: {"operator", "head", "engineer"},
}


@tagged("post_install", "-at_install")
class TestPaperLeaks(LeaksCase, PaperCase):
    """What is hidden is on no paper and in no spreadsheet of those who may not know it.

    Goes by the registry: a new paper is covered by itself.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls("test_papers_tell_nothing_hidden")._planted()

    def _planted(self):
        cls = type(self)
        complainant = self.env["lapor.complainant"].create(
            {"name": f"{IDENTITY} Sari", "address": f"Jalan {IDENTITY}"}
        )
        cls.hidden = self._plant_case(OPEN, complainant_id=complainant.id)
        self._hear(self.hidden, "witness", f"{WITNESS} Budi", secret=True)
        self._hear(self.hidden, "complainant", f"{IDENTITY} Sari", secret=False)
        self.hidden.with_user(self.operator).is_anonymous = True
        cls.accused = self._plant_case(MISCONDUCT)
        self._hear(self.accused, "official", MISCONDUCT, secret=False)
        cls.accused.with_user(self.operator).is_misconduct = True
        cls.secret = self._plant_case(SECRET)
        self._hear(self.secret, "official", SECRET, secret=False)
        cls.secret.with_user(self.operator).is_secret = True
        # As if they had been signed with the words that have been planted.
        floor = self.floors["lapor.response"]
        for response in self.env["lapor.response"].search([("id", ">", floor)]):
            response.text_hash = response._text_hash(response.number)
            self._print("letter", response, self.operator)
        today = self.manager._local_now().date()
        for kind, _words in KINDS:
            report = (
                self.env["lapor.periodic"]
                .with_user(self.head)
                .create(
                    {
                        "kind": kind,
                        "unit_id": self.manager.id,
                        "date_from": today,
                        "date_to": today,
                    }
                )
            )
            report.action_compute()
        self.env.flush_all()
        self.env.invalidate_all()

    def _hear(self, case, kind, name, secret):
        """Somebody was asked, and photographed, at the case's inspection."""
        inspection = case.inspection_ids[:1]
        self.env["lapor.inspection.person"].create(
            {
                "inspection_id": inspection.id,
                "kind": kind,
                "name": name,
                "is_name_secret": secret,
                "statement": "Benar demikian.",
            }
        )
        caption = case.name.split()[-1]
        self.env["lapor.inspection.photo"].create(
            {"inspection_id": inspection.id, "image": samples.PHOTO, "name": caption}
        )

    def _reports(self):
        """Every paper of ours, with the records that this test made: pairs."""
        reports = self.env["ir.actions.report"].search([("lapor_engine", "=", "weasyprint")])
        self.assertGreater(len(reports), 10)
        for report in reports:
            # Records of the office itself (units, SOPs, sentences) hold nothing of a case.
            if report.model in self.floors and "complaint_id" in self.env[report.model]._fields:
                domain = [("complaint_id", "!=", False)]
            elif report.model in ("lapor.complaint", "lapor.periodic"):
                domain = []
            else:
                continue
            domain += [("id", ">", self.floors[report.model])]
            yield report, self.env[report.model].with_context(active_test=False).search(domain)

    def _words(self, report, records, user):
        """What this user's papers say, or an empty text where he gets none."""
        try:
            return self._printed(report.report_name.removeprefix("lapor_reports."), records, user)
        except AccessError:
            return ""

    def _found(self, person, words, place, found):
        for marker, people in ENTITLED.items():
            if marker in words:
                found.setdefault(marker, set()).add(place)
                self.assertIn(person, people, f"{marker} in {place} of {person}")

    @pytest.mark.slow
    def test_papers_tell_nothing_hidden(self):
        written = []

        def write_html(html, _assets):
            written.append(html)
            return b"%PDF"

        reports = list(self._reports())
        covered = {report.report_name for report, _records in reports}
        self.assertLessEqual(
            {
                f"lapor_reports.{name}"
                for name in (
                    *("receipt", "letter", "disposition_sheet", "assignment", "minutes"),
                    *("register", "dossier", "periodic"),
                )
            },
            covered,
        )
        told = {}
        for (person, user), (report, records) in itertools.product(self.people.items(), reports):
            self.env.invalidate_all()
            seen = records.with_user(user)._filtered_access("read")
            for record in records - seen.with_env(records.env):
                with self.subTest(person, record=record), self.assertRaises(AccessError):
                    self._print(report.report_name.removeprefix("lapor_reports."), record, user)
            # What is laid out is all that the PDF can say; signed letters come as they were frozen.
            with patch.object(ir_actions_report, "write_pdf", write_html):
                for record in seen:
                    written.clear()
                    content, _kind = (
                        self.env["ir.actions.report"]
                        .with_user(user)
                        ._render_qweb_pdf(report.id, record.ids)
                    )
                    words = written[0] if written else self._text(content)
                    with self.subTest(person, report=report.name, record=record):
                        self._found(person, words, report.report_name, told.setdefault(person, {}))
        # The walk can fail: whoever may know finds the marker on every paper of the case.
        expected = covered - {"lapor_reports.periodic", "lapor_reports.letterhead_sample"}
        self.assertLessEqual(expected, told["operator"][SECRET])
        self.assertLessEqual(expected, told["operator"][MISCONDUCT])
        self.assertIn("lapor_reports.minutes", told["engineer"][SECRET])
        self.assertNotIn(IDENTITY, told["operator"])

    def test_no_way_of_printing_opens_what_is_shut(self):
        """Every report by every converter and engine: refused before anything is read."""
        Report = self.env["ir.actions.report"]
        tried = set()
        for (person, user), (report, records) in itertools.product(
            self.people.items(), self._reports()
        ):
            self.env.invalidate_all()
            own = records.with_user(user)
            seen = own._filtered_access("read")
            for record, (engine, converter) in itertools.product(
                own - seen,
                itertools.product(("weasyprint", "wkhtmltopdf"), ("pdf", "html", "text")),
            ):
                report.lapor_engine = engine
                self.env.flush_all()
                self.env.invalidate_all()
                # Alone, and behind one that is open to this user.
                for ids in {tuple(record.ids), (*seen[:1].ids, record.id)}:
                    with (
                        self.subTest(person, report=report.report_name, way=(engine, converter)),
                        self.assertRaises(AccessError),
                    ):
                        getattr(Report.with_user(user), f"_render_qweb_{converter}")(
                            report.id, list(ids)
                        )
                tried.add((report.report_name, converter, person))
            report.lapor_engine = "weasyprint"
        for converter in ("pdf", "html", "text"):
            for person in ("outsider", "overseer", "employee", "portal"):
                self.assertIn(("lapor_reports.dossier", converter, person), tried)

    @pytest.mark.slow
    def test_text_of_the_files_tells_nothing_hidden(self):
        """The same in the text of the PDF, for those who work with all of it."""
        told = {}
        for person, (report, records) in itertools.product(
            ("operator", "engineer"), self._reports()
        ):
            user = self.people[person]
            self.env.invalidate_all()
            seen = records.with_user(user)._filtered_access("read")
            if seen:
                words = self._words(report, seen, user)
                self._found(person, words, report.report_name, told.setdefault(person, {}))
        self.assertIn("lapor_reports.minutes", told["operator"][MISCONDUCT])
        self.assertIn("lapor_reports.letter", told["engineer"][SECRET])

    def test_spreadsheets_tell_nothing_hidden(self):
        told = {}
        for person, user in self.people.items():
            found = told.setdefault(person, {})
            reports = self.env["lapor.periodic"].with_user(user)
            if reports.has_access("read"):
                for report in reports.search([("unit_id", "=", self.manager.id)]):
                    with self.subTest(person, kind=report.kind):
                        self._found(person, self._cells(report._xlsx_bytes()), report.kind, found)
            if self.env["lapor.complaint"].with_user(user).has_access("read"):
                jobs = self.env["lapor.print.job"].with_user(user)
                job = self.env["lapor.print.job"].browse(jobs.start_register()["res_id"])
                content = job.with_user(user)._write_register(lambda _done: None)
                with self.subTest(person, kind="register"):
                    self._found(person, self._cells(content), "register", found)
        for person in ENTITLED[SECRET]:
            self.assertIn("register", told[person][SECRET], person)
        self.assertIn("register", told["inspector"][MISCONDUCT])
        self.assertLessEqual(
            {kind for kind, _words in KINDS},
            set(self.env["lapor.periodic"].with_user(self.head).search([]).mapped("kind")),
        )

    def _cells(self, content):
        book = openpyxl.load_workbook(io.BytesIO(content))
        return " ".join(str(cell.value) for sheet in book for row in sheet for cell in row)
