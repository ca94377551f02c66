from odoo import api, fields, models

from ..tools import terbilang


class LaporPeriodicLine(models.Model):
    """One figure of a periodic report, and the complaints that it counts."""

    _name = "lapor.periodic.line"
    _description = "Figure of a Periodic Report"
    _inherit = ["lapor.acts.mixin"]
    _order = "periodic_id, sequence, id"
    _rec_name = "label"

    periodic_id = fields.Many2one(
        "lapor.periodic", required=True, ondelete="cascade", index=True, readonly=True
    )
    company_id = fields.Many2one(related="periodic_id.company_id", store=True, index=True)
    sequence = fields.Integer(readonly=True)
    section = fields.Char(readonly=True, help="Which table it stands in.")
    label = fields.Char(readonly=True)
    amount = fields.Float(readonly=True, digits=(12, 1))
    unit = fields.Char(string="Unit of Measure", readonly=True)
    extra = fields.Json(readonly=True, help="Further columns of the table.")
    complaint_ids_json = fields.Json(readonly=True, export_string_translation=False)
    clock_ids_json = fields.Json(readonly=True, export_string_translation=False)

    heading = fields.Char(compute="_compute_heading", string="Table")
    value = fields.Char(compute="_compute_value", string="Figure")

    @api.depends("section")
    def _compute_heading(self):
        sections = self.env["lapor.periodic"]._sections()
        for line in self:
            line.heading = sections.get(line.section, line.section)

    @api.depends("amount", "unit", "extra")
    def _compute_value(self):
        for line in self:
            text = "–" if (line.extra or {}).get("empty") else terbilang.figure(line.amount)
            line.value = f"{text} {line.unit or ''}".strip()

    def action_open_complaints(self):
        """Open what this figure counts, complaints or deadlines, of those this user may read."""
        self.ensure_one()
        self.check_access("read")
        if self.clock_ids_json:
            return {
                "type": "ir.actions.act_window",
                "name": self.label,
                "res_model": "lapor.clock",
                "view_mode": "list",
                "views": [(False, "list")],
                "domain": [("id", "in", self.clock_ids_json)],
            }
        action = self.env["ir.actions.act_window"]._for_xml_id("lapor_base.lapor_complaint_action")
        return {
            **action,
            "name": self.label,
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", self.complaint_ids_json or [])],
            "context": {},
        }
