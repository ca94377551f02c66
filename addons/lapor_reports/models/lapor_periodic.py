import base64
import datetime
import hashlib

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..report import figures
from ..tools import terbilang

KINDS = [
    ("daily", "Daily Monitoring"),
    ("monthly", "Monthly Identification of Problems"),
    ("quarterly", "Quarterly Report"),
    ("yearly", "Yearly Report"),
    ("custom", "Summary of a Period"),
]
TITLES = {
    "daily": "LAPORAN MONITORING PERMASALAHAN HARIAN",
    "monthly": "LAPORAN IDENTIFIKASI PERMASALAHAN BULANAN",
    "quarterly": "LAPORAN TRIWULAN PENGELOLAAN PENGADUAN",
    "yearly": "LAPORAN TAHUNAN PENGELOLAAN PENGADUAN",
    "custom": "REKAPITULASI PENGELOLAAN PENGADUAN",
}
# What hides something of a case when it is set.
HIDING = ("is_anonymous", "is_misconduct", "is_secret")
# Complaints in a spreadsheet that is written while one waits.
MOST_AT_ONCE = 5000


class LaporPeriodic(models.Model):
    """A report of an office on a day, month, quarter or year.

    A draft can be computed again; a final one is frozen with its figures, PDF and XLSX, so
    that a past period prints the same whatever happens to names afterwards. Its figures are
    read by whoever may see all complaints of the office but misconduct cases, which are in
    none of them.
    """

    _name = "lapor.periodic"
    _description = "Periodic Report"
    _inherit = ["lapor.paper.mixin", "lapor.periodic.figures.mixin"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    _lapor_evidence = True
    _lapor_frozen_files = {"pdf": "pdf_sha256", "xlsx": "xlsx_sha256"}

    name = fields.Char(compute="_compute_name", store=True)
    kind = fields.Selection(KINDS, required=True, default="monthly")
    unit_id = fields.Many2one(
        "lapor.unit",
        string="Managing Office",
        required=True,
        check_company=True,
        ondelete="restrict",
        domain="[('kind', '=', 'manager')]",
        default=lambda self: self._default_unit(),
        index=True,
    )
    company_id = fields.Many2one(related="unit_id.company_id", store=True, index=True)
    date_from = fields.Date(
        string="From", required=True, default=lambda self: self._default_range()[0]
    )
    date_to = fields.Date(string="To", required=True, default=lambda self: self._default_range()[1])
    state = fields.Selection(
        [("draft", "Draft"), ("final", "Final")], required=True, default="draft", readonly=True
    )
    line_ids = fields.One2many("lapor.periodic.line", "periodic_id", string="Figures")
    computed_at = fields.Datetime(readonly=True, copy=False)
    problems = fields.Text(help="What stood in the way; chapter V of the report.")
    recommendations = fields.Text(help="What is recommended; chapter VI of the report.")
    pdf = fields.Binary(string="PDF", readonly=True, copy=False, attachment=True)
    pdf_sha256 = fields.Char(readonly=True, copy=False)
    xlsx_sha256 = fields.Char(readonly=True, copy=False)
    xlsx = fields.Binary(string="XLSX", readonly=True, copy=False, attachment=True)
    file_name = fields.Char(compute="_compute_file_name")

    @api.model
    def _default_unit(self):
        coordinated = self.env.user.lapor_coordinated_unit_ids
        return coordinated[:1] or self.env["lapor.unit"].search(
            [("kind", "=", "manager"), ("company_id", "=", self.env.company.id)], limit=1
        )

    @api.model
    def _default_range(self, kind="monthly", today=None):
        """The last whole period of a kind before today: (first day, last day)."""
        unit = self._default_unit()
        today = today or (unit._local_now().date() if unit else fields.Date.today())
        if kind == "daily":
            return today, today
        if kind == "yearly":
            first = datetime.date(today.year - 1, 1, 1)
            return first, first + relativedelta(years=1, days=-1)
        if kind == "quarterly":
            this = datetime.date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
            return this - relativedelta(months=3), this - datetime.timedelta(days=1)
        this = today.replace(day=1)
        return this - relativedelta(months=1), this - datetime.timedelta(days=1)

    @api.depends("kind", "date_from", "date_to", "unit_id.code")
    def _compute_name(self):
        for report in self:
            report.name = f"{TITLES[report.kind].capitalize()} {report._period_words()}"

    @api.depends("name")
    def _compute_file_name(self):
        for report in self:
            report.file_name = f"{report.name} - {report.unit_id.code}"

    def _period_words(self):
        """The period in words ("Oktober 2026", "triwulan III 2026")."""
        first, last = self.date_from, self.date_to
        if not first or not last:
            return ""
        if first == last:
            return terbilang.long_date(first)
        if first.day == 1 and last == first + relativedelta(months=1, days=-1):
            return f"{terbilang.MONTHS[first.month - 1]} {first.year}"
        quarter = first.day == 1 and first.month % 3 == 1
        if quarter and last == first + relativedelta(months=3, days=-1):
            return f"triwulan {('I', 'II', 'III', 'IV')[first.month // 3]} {first.year}"
        if (first.month, first.day) == (1, 1) and last == first + relativedelta(years=1, days=-1):
            return f"tahun {first.year}"
        return f"{terbilang.long_date(first)} sampai dengan {terbilang.long_date(last)}"

    @api.onchange("kind")
    def _onchange_kind(self):
        if self.kind != "custom":
            self.date_from, self.date_to = self._default_range(self.kind)

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for report in self:
            if report.date_to < report.date_from:
                raise ValidationError(self.env._("The last day lies before the first."))
            if (report.date_to - report.date_from).days > 366 * 2:
                raise ValidationError(self.env._("A report covers two years at most."))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_frozen(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_frozen(vals)
        if any(report.state == "final" for report in self):
            raise UserError(self.env._("A final report cannot be changed. Make a new one."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_draft(self):
        if any(report.state == "final" for report in self):
            raise UserError(self.env._("A final report is kept as evidence."))

    def _refuse_frozen(self, vals):
        """Files, hash and state are written by the acts of this model only."""
        if vals.keys() & {
            "state",
            "pdf",
            "pdf_sha256",
            "xlsx",
            "xlsx_sha256",
            "computed_at",
            "line_ids",
        }:
            raise UserError(self.env._("Figures and files of a report are computed, not written."))

    def _store(self, vals):
        return super().write(vals)

    # ------------------------------------------------------------
    # ACTS
    # ------------------------------------------------------------

    def action_compute(self):
        """Compute the figures of drafts anew."""
        self._check_may_compute()
        for report in self:
            # As the system: the figures count every complaint of the office; who may read
            # them has been checked.
            report.sudo()._compute_lines()
        return True

    def action_finalize(self):
        """Freeze drafts: figures, PDF and XLSX stay as they are now.

        :raises UserError: when the period is not over
        """
        self._check_may_compute()
        for report in self:
            if report.date_to >= report.unit_id._local_now().date():
                raise UserError(
                    self.env._(
                        "The period ends on %(date)s; finalize the report after that day.",
                        date=terbilang.long_date(report.date_to),
                    )
                )
            # The right to change the report was checked; its figures are the system's.
            report.sudo()._compute_lines()
            # What is final does not say any more that its figures are provisional.
            report.sudo()._store({"state": "final"})
            paper = self.env.ref("lapor_reports.action_report_periodic").sudo()
            content = self.env["ir.actions.report"]._lapor_write_pdf(paper, report.ids, {})
            book = report.sudo()._write_xlsx()
            report.sudo()._store(
                {
                    "pdf": base64.b64encode(content),
                    "pdf_sha256": hashlib.sha256(content).hexdigest(),
                    "xlsx": base64.b64encode(book),
                    "xlsx_sha256": hashlib.sha256(book).hexdigest(),
                }
            )
        # What is final is evidence from now on.
        self.env.ref("lapor_base.ir_cron_anchor_events").sudo()._trigger()
        return True

    def action_xlsx(self):
        """Download the report as a spreadsheet; a large one is written in the background."""
        self.ensure_one()
        self.check_access("read")
        if self.state != "final":
            if not self.computed_at:
                self.action_compute()
            listed = self.line_ids.filtered(lambda line: line.section == "unit")
            total = int(sum(listed.mapped("amount")))
            if total > MOST_AT_ONCE:
                return self.env["lapor.print.job"]._start_periodic(self, total)
        return {
            "type": "ir.actions.act_url",
            "url": f"/lapor/periodic/{self.id}.xlsx",
            "target": "self",
        }

    def action_preview(self):
        """Show the report as it would be printed now."""
        self.ensure_one()
        self.check_access("read")
        if not self.computed_at:
            self.action_compute()
        return {
            "type": "ir.actions.act_url",
            "url": f"/report/pdf/lapor_reports.periodic/{self.id}",
            "target": "new",
        }

    def _check_may_compute(self):
        self.check_access("write")
        for report in self:
            if report.state == "final":
                raise UserError(self.env._("A final report cannot be changed. Make a new one."))

    # ------------------------------------------------------------
    # PAPER
    # ------------------------------------------------------------

    def _paper_unit(self):
        # The office whose letterhead is on the report.
        return self[:1].sudo().unit_id

    def _frozen_pdf(self, report):
        self.ensure_one()
        if self.state != "final" or self._is_hidden_since():
            return super()._frozen_pdf(report)
        return base64.b64decode(self.with_context(bin_size=False).pdf)

    def _xlsx_bytes(self, step=None):
        """The spreadsheet: the frozen one, or written now.

        :param step: called with the number of complaints written so far
        :raises AccessError: when this user may not read the report
        """
        self.ensure_one()
        self.check_access("read")
        if self.state == "final" and not self._is_hidden_since():
            return base64.b64decode(self.xlsx)
        if not self.computed_at:
            self.action_compute()
        # Its figures are this report's, which this user reads.
        return self.sudo()._write_xlsx(step)

    def _is_hidden_since(self):
        """Whether the office has hidden anything of a case since this report was frozen: then it is
        written anew, with its own figures, and without what must not be read any more."""
        self.ensure_one()
        # Only whether there is such a case.
        events = self.env["lapor.event"].sudo()
        changes = events.search(
            Domain("complaint_id.managing_unit_id", "=", self.unit_id.id)
            & Domain("complaint_id.received_at", "<", self._bounds()[1])
            & Domain.OR(Domain(f"complaint_id.{name}", "=", True) for name in HIDING)
            & Domain("code", "=", "data_changed")
            & Domain("at", ">=", self.computed_at)
        )
        return any(set(HIDING) & set((item.data or {}).get("fields") or ()) for item in changes)

    def _title(self):
        return TITLES[self.kind]

    def _sops(self):
        """The SOPs by which complaints of the period went, and those in force at its end."""
        # Names of SOPs, for cases that are counted and not shown.
        Sop = self.env["lapor.sop"].sudo()
        start, end = self._bounds()
        concerned = (
            Domain("managing_unit_id", "=", self.unit_id.id)
            & Domain("received_at", "<", end)
            & (Domain("closed_at", "=", False) | Domain("closed_at", ">=", start))
        )
        Complaint = self.env["lapor.complaint"].sudo()
        used = Sop.union(*(sop for (sop,) in Complaint._read_group(concerned, ["sop_id"])))
        return used or Sop.search([("unit_id", "=", self.unit_id.id), ("state", "=", "active")])

    def _legal_basis(self):
        """What the office's SOPs rest on, each once."""
        lines = self._sops().line_ids.filtered(lambda line: line.section == "legal_basis")
        return list(dict.fromkeys(lines.mapped("text")))

    def _office_count(self):
        """How many offices had complaints of the period in hand."""
        lines = self.line_ids.filtered(lambda line: line.section == "unit")
        return len(lines.filtered(lambda line: line.label != "Belum diteruskan"))

    def _bounds(self):
        return figures.bounds(self.unit_id, self.date_from, self.date_to)
