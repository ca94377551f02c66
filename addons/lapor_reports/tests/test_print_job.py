import base64
import gc
import io
from unittest.mock import patch

import openpyxl
import pypdf
from weasyprint.formatting_structure import boxes

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import lapor_periodic, lapor_periodic_figures_mixin
from ..models.lapor_print_job import MOST_JOBS
from . import pdfa
from .common import PaperCase


@tagged("post_install", "-at_install")
class TestPrintJob(PaperCase):
    """Large prints in the background."""

    def _job(self, action):
        self.assertEqual(action["res_model"], "lapor.print.job")
        return self.env["lapor.print.job"].browse(action["res_id"])

    def _run(self, job):
        steps = []
        job._run(step=steps.append)
        self.assertEqual((job.state, job.progress), ("done", 100))
        return base64.b64decode(job.content), steps

    def test_many_sheets_are_one_file_with_progress(self):
        complaints = self.env["lapor.complaint"].union(
            *(self._make_complaint(name=f"Aduan ke-{number}") for number in range(12))
        )
        Job = self.env["lapor.print.job"].with_user(self.operator)
        content, steps = self._run(
            self._job(Job.start_report("lapor_reports.receipt", complaints.ids))
        )
        pages = pypdf.PdfReader(io.BytesIO(content)).pages
        self.assertEqual(len(pages), 12)
        self.assertEqual(pdfa.faults(content), [])
        for complaint, page in zip(complaints, pages, strict=True):
            self.assertIn(complaint.number, page.extract_text())
        self.assertEqual(steps, [10])

    def test_one_person_has_only_so_many_jobs_waiting(self):
        Job = self.env["lapor.print.job"].with_user(self.operator)
        jobs = [self._job(Job.start_register([])) for _number in range(MOST_JOBS)]
        with self.assertRefused(f"{MOST_JOBS} print jobs of yours"):
            Job.start_register([])
        # Another's jobs, and those that are done, do not count.
        self.env["lapor.print.job"].with_user(self.operator2).start_register([])
        jobs[0].sudo().state = "failed"
        self._job(Job.start_register([]))

    def test_files_are_lost_with_the_right_to_read_what_stands_in_them(self):
        complaint, other = self._make_complaint(is_misconduct=True), self._make_complaint()
        Job = self.env["lapor.print.job"].with_user(self.operator)
        jobs = self.env["lapor.print.job"]
        for action in (
            Job.start_report("lapor_reports.receipt", complaint.ids),
            Job.start_register([("id", "=", complaint.id)]),
        ):
            jobs |= self._job(action)
        kept = self._job(Job.start_register([("id", "=", other.id)]))
        for job in jobs | kept:
            self._run(job)
        self.assertEqual(Job.search([]), jobs | kept)
        complaint.sudo().write({"accused_user_ids": [Command.set(self.operator.ids)]})
        self.env.invalidate_all()
        self.assertEqual(Job.search([]), kept)
        self.assertTrue(kept.with_user(self.operator).content)
        files = self.env["ir.attachment"].with_user(self.operator)
        files = files.search([("res_model", "=", Job._name), ("res_field", "=", "content")])
        self.assertEqual(set(files.mapped("res_id")), set(kept.ids))
        for job in jobs:
            with self.assertRaises(AccessError):
                job.with_user(self.operator).read(["content"])

    def test_nothing_of_a_printed_sheet_stays_in_memory(self):
        complaints = self.env["lapor.complaint"].union(
            *(self._make_complaint(name=f"Aduan ke-{number}") for number in range(30))
        )
        Job = self.env["lapor.print.job"].with_user(self.operator)
        job = self._job(Job.start_report("lapor_reports.receipt", complaints.ids))
        kinds, living = (pypdf.PdfReader, boxes.Box), []

        def count(_done):
            living.append(sum(isinstance(thing, kinds) for thing in gc.get_objects()))

        job._run(step=count)
        self.assertEqual(living, [0, 0, 0])

    def test_register_is_what_its_user_may_read(self):
        self._make_complaint(name="=1+1")
        hidden = self._make_complaint(is_anonymous=True, name="Anonim")
        secret = self._make_complaint(name="Pungli")
        secret.with_user(self.operator).is_misconduct = True
        self._walk_to(hidden, "3")
        for user, names in (
            (self.operator, {"=1+1", "Anonim", "Pungli"}),
            (self.engineer, {"Anonim"}),
            (self.overseer, {"=1+1", "Anonim"}),
            (self.outsider, set()),
        ):
            job = self._job(self.env["lapor.print.job"].with_user(user).start_register())
            self.assertEqual(job.total, len(names))
            content, _steps = self._run(job)
            sheet = openpyxl.load_workbook(io.BytesIO(content))["Register"]
            rows = list(sheet.iter_rows(min_row=5))
            self.assertEqual({row[7].value for row in rows}, names)
            self.assertTrue(all(cell.data_type != "f" for row in rows for cell in row))
            people = {row[7].value: row[4].value for row in rows}
            if "Anonim" in people:
                self.assertEqual(people["Anonim"], "Dirahasiakan")

    def test_large_periodic_report_is_written_in_the_background(self):
        for number in range(4):
            self._make_complaint(name=f"Aduan ke-{number}")
        today = self.manager._local_now().date()
        report = (
            self.env["lapor.periodic"]
            .with_user(self.head)
            .create(
                {"kind": "custom", "unit_id": self.manager.id, "date_from": today, "date_to": today}
            )
        )
        self.assertEqual(report.action_xlsx()["type"], "ir.actions.act_url")
        with patch.object(lapor_periodic, "MOST_AT_ONCE", 3):
            job = self._job(report.action_xlsx())
        self.assertEqual((job.total, job.user_id), (4, self.head))
        with patch.object(lapor_periodic_figures_mixin, "PAGE", 2):
            content, steps = self._run(job)
        self.assertEqual(steps, [2, 4])
        rows = openpyxl.load_workbook(io.BytesIO(content))["Daftar"].iter_rows(min_row=5)
        self.assertEqual([row[2].value for row in rows], [f"Aduan ke-{n}" for n in range(4)])
        report.action_compute()
        with patch.object(lapor_periodic, "MOST_AT_ONCE", 3):
            job = self._job(report.action_xlsx())
        report.with_user(self.head).unlink()
        with self.assertRaisesRegex(UserError, "deleted"):
            job._run(step=lambda _done: None)

    def test_job_is_nobody_elses(self):
        job = self._job(self.env["lapor.print.job"].with_user(self.operator).start_register())
        self.assertTrue(job.with_user(self.operator).has_access("read"))
        for user in (self.head, self.administrator):
            with self.assertRaises(AccessError):
                job.with_user(user).read(["content"])
        with self.assertRaises(AccessError):
            job.with_user(self.operator).write({"domain": []})
        with self.assertRaises(AccessError):
            self.env["lapor.print.job"].with_user(self.operator).create(
                {"name": "x", "kind": "register"}
            )

    def test_what_cannot_be_printed_is_refused(self):
        Job = self.env["lapor.print.job"].with_user(self.outsider)
        with self.assertRaises(AccessError):
            Job.start_report("lapor_reports.receipt", self._make_complaint().ids)
        with self.assertRaises(UserError):
            Job.start_report("web.report_layout", [1])

    def test_cron_runs_what_waits_and_keeps_what_failed(self):
        Job = self.env["lapor.print.job"].with_user(self.operator)
        good = self._job(Job.start_register())
        bad = self._job(Job.start_register())
        bad.sudo().domain = [("no_such_field", "=", 1)]
        with (
            mute_logger("odoo.addons.lapor_reports.models.lapor_print_job"),
            self.enter_registry_test_mode(),
        ):
            self.env.ref("lapor_reports.ir_cron_run_print_jobs").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((good.state, bad.state), ("done", "failed"))
        self.assertTrue(bad.error)
