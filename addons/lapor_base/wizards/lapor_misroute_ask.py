from odoo import api, fields, models

from ..models.lapor_misroute import KINDS
from ..models.lapor_sop import CLASSIFICATIONS
from ..models.lapor_unit import OFFICE_KINDS


class LaporMisrouteAsk(models.TransientModel):
    """The dialog of giving a case back: why, and where it belongs instead."""

    _name = "lapor.misroute.ask"
    _description = "Give a Complaint Back"

    complaint_id = fields.Many2one("lapor.complaint", required=True, readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True, default="authority")
    reason = fields.Text()
    company_id = fields.Many2one(related="complaint_id.company_id")
    own_unit_id = fields.Many2one(related="complaint_id.unit_id")
    unit_id = fields.Many2one(
        "lapor.unit",
        string="Right Unit",
        domain=lambda self: (
            f"[('kind', 'in', {OFFICE_KINDS}), ('company_id', '=', company_id),"
            " ('id', '!=', own_unit_id)]"
        ),
    )
    body = fields.Char(string="Outside Body")
    category_id = fields.Many2one("lapor.category", string="Right Category")
    own_category_id = fields.Many2one(related="complaint_id.category_id", string="Category Now")
    classification = fields.Selection(
        CLASSIFICATIONS,
        string="Right Class",
        compute="_compute_classification",
        store=True,
        readonly=False,
    )

    @api.depends("complaint_id")
    def _compute_classification(self):
        for wizard in self:
            wizard.classification = wizard.complaint_id.classification

    def action_confirm(self):
        """Give the complaint back and close the dialog."""
        self.ensure_one()
        complaint = self.complaint_id
        if self.kind == "authority":
            complaint.action_refuse_authority(self.reason, unit_id=self.unit_id.id, body=self.body)
        else:
            complaint.action_dispute_category(
                self.reason, category_id=self.category_id.id, classification=self.classification
            )
        return complaint._after_act()
