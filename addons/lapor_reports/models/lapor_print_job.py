import gc
import logging
import tempfile
from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import clean_context

from ..tools.pdf_join import Joiner
from ..tools.xlsx_book import Book, Column

_logger = logging.getLogger(__name__)

MOST_SHEETS = 500
#: Jobs of one person that wait or run.
MOST_JOBS = 5
SHEETS_AT_ONCE = 10
PAGE = 500


class LaporPrintJob(models.Model):
    """Something large that is printed in the background, with its progress: many sheets at
    once, or the register or a periodic report as a spreadsheet.

    It runs with the rights of whoever asked for it, sheet by sheet and page by page, so that
    its cost in memory does not grow with the number of complaints. Files are thrown away
    after a week.
    """

    _name = "lapor.print.job"
    _description = "Print Job"
    _inherit = ["lapor.acts.mixin"]
    _order = "id desc"

    name = fields.Char(required=True, readonly=True)
    user_id = fields.Many2one("res.users", required=True, readonly=True, index=True)
    kind = fields.Selection(
        [("report", "Sheets"), ("register", "Register"), ("periodic", "Periodic Report")],
        required=True,
        readonly=True,
    )
    report_id = fields.Many2one("ir.actions.report", readonly=True, ondelete="cascade")
    res_ids = fields.Json(readonly=True)
    domain = fields.Json(readonly=True)
    company_ids_json = fields.Json(readonly=True)
    total = fields.Integer(readonly=True)
    done = fields.Integer(readonly=True)
    progress = fields.Float(compute="_compute_progress")
    state = fields.Selection(
        [("waiting", "Waiting"), ("running", "Running"), ("done", "Done"), ("failed", "Failed")],
        required=True,
        default="waiting",
        readonly=True,
        index=True,
    )
    error = fields.Text(readonly=True)
    content = fields.Binary(string="File", readonly=True, attachment=True)
    file_name = fields.Char(readonly=True)

    @api.depends("done", "total", "state")
    def _compute_progress(self):
        for job in self:
            share = 100 * job.done / job.total if job.total else 0
            job.progress = 100 if job.state == "done" else min(share, 99)

    # ------------------------------------------------------------
    # WHO READS ONE
    # ------------------------------------------------------------

    def _shut_jobs(self):
        """Those of these jobs in whose file something stands that its user may no longer read."""
        shut = self.browse()
        # As the system: the job's own row; what it printed is asked for as the user.
        for job in self.sudo().filtered("res_ids"):
            model = job._printed_model()
            printed = self.env[model].with_context(active_test=False, allowed_company_ids=None)
            printed = printed.browse(job.res_ids).exists()
            if printed and len(printed._filtered_access("read")) < len(printed):
                shut += self.browse(job.id)
        return shut

    def _printed_model(self):
        models = {"register": "lapor.complaint", "periodic": "lapor.periodic"}
        return models.get(self.kind) or self.report_id.model

    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not self.env.su and not bypass_access:
            # As the system: own jobs of a week, to look whether they are still one's own.
            own = self.sudo().search([("user_id", "=", self.env.uid)]).with_env(self.env)
            domain = Domain(domain) & Domain("id", "not in", own._shut_jobs().ids)
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _check_access(self, operation):
        refused = super()._check_access(operation)
        if self.env.su or not any(self._ids):
            return refused
        shut = (self - refused[0] if refused else self)._shut_jobs()
        if not shut:
            return refused
        refuse = lambda: self.env["ir.rule"]._make_access_error(operation, shut)  # noqa: E731
        return (refused[0] + shut, refused[1]) if refused else (shut, refuse)

    # ------------------------------------------------------------
    # ASKING FOR ONE
    # ------------------------------------------------------------

    @api.model
    def start_report(self, report_name, res_ids):
        """Print many records in the background.

        :param str report_name: technical name of a report
        :param list res_ids: ids of its records
        :returns: the action that shows the job
        :raises UserError: for too many records
        :raises AccessError: when one of them may not be read
        """
        report = self.env["ir.actions.report"]._get_report_from_name(report_name)
        if not report or report.lapor_engine != "weasyprint":
            raise UserError(self.env._("This report cannot be printed in the background."))
        records = self.env[report.model].browse(res_ids).exists()
        records.check_access("read")
        if len(records) > MOST_SHEETS:
            raise UserError(
                self.env._("Choose at most %s records to be printed at once.", MOST_SHEETS)
            )
        return self._start(
            {
                "name": report.name,
                "kind": "report",
                "report_id": report.id,
                "res_ids": records.ids,
                "total": len(records),
                "file_name": f"{report.name}.pdf",
            }
        )

    @api.model
    def start_register(self, domain=None):
        """Write the register of complaints as a spreadsheet, in the background.

        :param list domain: which complaints; all that the user may read by default
        :returns: the action that shows the job
        """
        Complaint = self.env["lapor.complaint"]
        Complaint.check_access("read")
        domain = list(domain or [])
        return self._start(
            {
                "name": self.env._("Register of complaints"),
                "kind": "register",
                "domain": domain,
                "total": Complaint.search_count(domain),
                "file_name": "Buku register.xlsx",
            }
        )

    @api.model
    def _start_periodic(self, report, total):
        """Write the spreadsheet of a periodic report in the background.

        :param report: ``lapor.periodic``, which this user reads
        :param int total: how many complaints are listed in it
        :returns: the action that shows the job
        """
        return self._start(
            {
                "name": report.name,
                "kind": "periodic",
                "res_ids": report.ids,
                "total": total,
                "file_name": f"{report.file_name}.xlsx",
            }
        )

    def _start(self, values):
        # Of two requests of one person at once one begins anew and counts the other's job.
        self.env.cr.execute("UPDATE res_users SET share = share WHERE id = %s", [self.env.uid])
        # Only how many there are; the user may see his own.
        open_jobs = self.sudo().search_count(
            [("user_id", "=", self.env.uid), ("state", "in", ["waiting", "running"])]
        )
        if open_jobs >= MOST_JOBS:
            raise UserError(
                self.env._(
                    "%s print jobs of yours are still waiting or running. Wait until one is done: "
                    "Reports, Print Jobs.",
                    open_jobs,
                )
            )
        # Jobs are written by the system; what they do, they do as their user.
        job = self.sudo().create(
            {
                **values,
                "user_id": self.env.uid,
                "company_ids_json": self.env.companies.ids,
            }
        )
        self.env.ref("lapor_reports.ir_cron_run_print_jobs").sudo()._trigger()
        return {
            "type": "ir.actions.act_window",
            "name": job.name,
            "res_model": self._name,
            "res_id": job.id,
            "views": [(False, "form")],
            "target": "new",
        }

    # ------------------------------------------------------------
    # RUNNING
    # ------------------------------------------------------------

    @api.model
    def _cron_run(self):
        """Run what waits, one job after the other."""
        domain = [("state", "=", "waiting")]
        # A server that was stopped in the middle leaves a job running: it begins again.
        self.search([("state", "=", "running")]).write({"state": "waiting", "done": 0})
        self.env["ir.cron"]._commit_progress(remaining=self.search_count(domain))
        for job in self.search(domain, order="id"):
            job = job.try_lock_for_update().filtered_domain(domain)
            if not job:
                continue
            job.state = "running"
            self.env["ir.cron"]._commit_progress()
            try:
                job._run()
            except Exception as error:
                self.env.cr.rollback()
                _logger.exception("Print job %s failed", job.id)
                words = str(error) if isinstance(error, UserError) else type(error).__name__
                job.write({"state": "failed", "error": words})
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _run(self, step=None):
        """Do the job and keep its file.

        :param step: called with the number of records done; by default commits it
        """
        self.ensure_one()
        step = step or self._step
        context = clean_context(self.env.context)
        context["allowed_company_ids"] = self.company_ids_json
        own = self.with_user(self.user_id).with_context(context)
        self._keep(getattr(own, f"_write_{self.kind}")(step))
        self.write({"state": "done", "done": self.total})
        self.user_id._bus_send(
            "simple_notification",
            {
                "type": "success",
                "title": self.name,
                "message": self.env._("The file is ready: Reports, Print Jobs."),
            },
        )

    def _keep(self, content):
        """Store the file. As raw bytes: through the field it would be in memory three times.

        :param bytes content: the file
        """
        self.env["ir.attachment"].create(
            {
                "name": "content",
                "res_model": self._name,
                "res_field": "content",
                "res_id": self.id,
                "raw": content,
            }
        )
        self.invalidate_recordset(["content"])

    def _step(self, done):
        self.done = done
        self.env["ir.cron"]._commit_progress()

    def _write_report(self, step):
        """Many sheets in one tagged PDF/A: each goes to the file before the next is printed."""
        # The job's own row; what is printed is read as who asked for it.
        job = self.sudo()
        report = job.report_id
        reports = self.env["ir.actions.report"]
        ids = self.env[report.model].browse(job.res_ids).exists().ids
        with tempfile.TemporaryFile() as target:
            joiner = Joiner(target, job.name)
            for number, res_id in enumerate(ids, 1):
                streams = reports._render_qweb_pdf_prepare_streams(report.id, {}, res_ids=[res_id])
                for stream in streams.values():
                    joiner.add(stream["stream"].getvalue())
                if number % SHEETS_AT_ONCE == 0:
                    # What these sheets read is not needed again. What they were laid out with
                    # are webs of references, almost 2 MB a sheet, which Python by itself keeps
                    # until they are a quarter of all that it has.
                    self.env.invalidate_all()
                    gc.collect()
                    step(number)
            joiner.close()
            target.seek(0)
            return target.read()

    def _write_register(self, step):
        """The register as a spreadsheet, page by page."""
        Complaint = self.env["lapor.complaint"].with_context(lang="id_ID", prefetch_fields=True)
        # The job's own row; what is printed is read as who asked for it.
        ids = Complaint._search(self.sudo().domain or [], order="received_at, id")
        ids = [row[0] for row in self.env.execute_query(ids.select())]
        # The file is as secret as what stands in it, also later on.
        self.sudo().res_ids = ids
        with tempfile.NamedTemporaryFile(suffix=".xlsx") as target:
            book = Book(target.name, "Buku register pengaduan")
            columns = [
                Column("No.", 7),
                Column("Nomor agenda", 17, wrap=False),
                Column("Tanggal", 16),
                Column("Kanal", 14),
                Column("Nama pelapor", 24),
                Column("Alamat", 28),
                Column("Pekerjaan", 16),
                Column("Hal yang diadukan", 44),
                Column("Lokasi", 28),
                Column("Klasifikasi", 16),
                Column("Kategori", 26),
                Column("Unit penangan", 30),
                Column("Keterangan", 20),
                Column("Selesai", 16),
            ]
            sheet = book.sheet("Register", "Buku Register Pengaduan Masyarakat", columns)
            for start in range(0, len(ids), PAGE):
                page = Complaint.browse(ids[start : start + PAGE])
                for number, line in enumerate(page._register_lines(), start + 1):
                    sheet.add([number, *self._register_cells(line)])
                # What the page read is not needed again.
                self.env.invalidate_all()
                step(min(start + PAGE, len(ids)))
            book.close()
            return Path(target.name).read_bytes()

    def _write_periodic(self, step):
        """The spreadsheet of a periodic report."""
        # The job's own row; the report is read as who asked for it.
        report = self.env["lapor.periodic"].browse(self.sudo().res_ids).exists()
        if not report:
            raise UserError(self.env._("The report has been deleted."))
        return report._xlsx_bytes(step)

    def _register_cells(self, line):
        def local(moment):
            return fields.Datetime.context_timestamp(self, moment) if moment else None

        names = ("channel", "name", "address", "occupation", "subject", "place", "class")
        return [
            line["number"],
            local(line["received_at"]),
            *(line[name] for name in names),
            line["category"],
            line["unit"],
            line["status"],
            local(line["closed_at"]),
        ]

    @api.autovacuum
    def _gc_old_jobs(self):
        """Files of a week ago hold data of complaints and are thrown away."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=7)
        self.search([("create_date", "<", limit)], limit=1000).unlink()
