import logging

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

from .lapor_periodic import KINDS

_logger = logging.getLogger(__name__)


class LaporPeriodicSchedule(models.Model):
    """A periodic report that is made and mailed by itself, to positions that may read it."""

    _name = "lapor.periodic.schedule"
    _description = "Schedule of a Periodic Report"
    _order = "unit_id, kind, id"
    _check_company_auto = True

    unit_id = fields.Many2one(
        "lapor.unit",
        string="Managing Office",
        required=True,
        check_company=True,
        ondelete="cascade",
        domain="[('kind', '=', 'manager')]",
    )
    company_id = fields.Many2one(related="unit_id.company_id", store=True, index=True)
    kind = fields.Selection(
        [item for item in KINDS if item[0] != "custom"], required=True, default="monthly"
    )
    position_ids = fields.Many2many(
        "lapor.position",
        string="Sent To",
        required=True,
        help="Positions that coordinate or oversee the office's complaints.",
    )
    with_xlsx = fields.Boolean(string="With Spreadsheet", default=True)
    last_date = fields.Date(string="Last Period Sent", readonly=True, copy=False)
    active = fields.Boolean(default=True)

    _kind_uniq = models.UniqueIndex(
        "(unit_id, kind) WHERE active", "This office has a schedule of this kind already."
    )

    @api.depends("unit_id.code", "kind")
    def _compute_display_name(self):
        words = dict(self._fields["kind"]._description_selection(self.env))
        for schedule in self:
            schedule.display_name = f"{words.get(schedule.kind, '')} ({schedule.unit_id.code})"

    @api.constrains("position_ids", "unit_id")
    def _check_positions(self):
        for schedule in self:
            for position in schedule.position_ids:
                role = position.role_id
                coordinates = role.coordinates and position.unit_id.office_id == schedule.unit_id
                oversees = role.oversees and position.company_id == schedule.company_id
                if not (coordinates or oversees):
                    raise ValidationError(
                        self.env._(
                            "“%(name)s” neither coordinates nor oversees the complaints of "
                            "%(unit)s; the report is not for this position.",
                            name=position.display_name,
                            unit=schedule.unit_id.name,
                        )
                    )

    @api.model
    def _cron_send(self):
        """Make and mail the reports whose period has ended since the last time."""
        for schedule in self.search([("active", "=", True)]):
            try:
                with self.env.cr.savepoint():
                    schedule._send_due()
            except Exception:
                # One office's report must not keep the others from theirs.
                _logger.exception("Periodic report %s could not be sent", schedule.id)

    def _send_due(self):
        self.ensure_one()
        Report = self.env["lapor.periodic"]
        today = self.unit_id._local_now().date()
        if self.kind == "daily":
            first = last = fields.Date.subtract(today, days=1)
        else:
            first, last = Report._default_range(self.kind, today)
        if self.last_date and self.last_date >= last:
            return Report
        report = Report.create(
            {"kind": self.kind, "unit_id": self.unit_id.id, "date_from": first, "date_to": last}
        )
        report.action_finalize()
        self._mail(report)
        self.last_date = last
        return report

    def _mail(self, report):
        """Mail the report to whoever holds the positions today."""
        holders = self.position_ids.holder_id.filtered("email")
        files = [(f"{report.file_name}.pdf", report.pdf)]
        if self.with_xlsx:
            files.append((f"{report.file_name}.xlsx", report.xlsx))
        sender = self.unit_id._mail_sender() or self.company_id.email_formatted or False
        self.env["mail.mail"].create(
            [
                {
                    "subject": report.name,
                    "email_from": sender,
                    "email_to": holder.email_formatted,
                    "body_html": self.env["ir.qweb"]._render(
                        "lapor_reports.periodic_mail",
                        {"report": report, "holder": holder},
                        minimal_qcontext=True,
                    ),
                    "attachment_ids": [
                        Command.create({"name": name, "datas": content}) for name, content in files
                    ],
                    "auto_delete": True,
                }
                for holder in holders
            ]
        )
