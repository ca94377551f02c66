from odoo import fields, models


class LaporDispositionLine(models.Model):
    """One addressee of a disposition."""

    _name = "lapor.disposition.line"
    _description = "Addressee of a Disposition"
    _inherit = ["lapor.acts.mixin"]
    _order = "disposition_id, id"

    disposition_id = fields.Many2one(
        "lapor.disposition", required=True, ondelete="cascade", index=True
    )
    complaint_id = fields.Many2one(related="disposition_id.complaint_id", store=True, index=True)
    company_id = fields.Many2one(related="disposition_id.company_id", store=True, index=True)
    position_id = fields.Many2one("lapor.position", required=True, ondelete="restrict", index=True)
    kind = fields.Selection(
        [("lead", "In charge"), ("helper", "Helps"), ("copy", "Copy")], required=True
    )
