from odoo import api, fields, models

from ..models.lapor_sop import CLASSIFICATIONS


class LaporMisrouteDecide(models.TransientModel):
    """The coordinator's dialog on a case that was given back: take the category that was
    proposed, or another one, or send the case back."""

    _name = "lapor.misroute.decide"
    _description = "Decide on a Complaint Given Back"

    complaint_id = fields.Many2one("lapor.complaint", required=True, readonly=True)
    only_send_back = fields.Boolean(readonly=True)
    misroute_id = fields.Many2one(related="complaint_id.misroute_id")
    unit_id = fields.Many2one(related="misroute_id.unit_id", string="Given Back By")
    reason = fields.Text(related="misroute_id.reason")
    old_category_id = fields.Many2one(related="complaint_id.category_id", string="Category Now")
    category_id = fields.Many2one(
        "lapor.category",
        string="Right Category",
        compute="_compute_proposal",
        store=True,
        readonly=False,
    )
    classification = fields.Selection(
        CLASSIFICATIONS,
        string="Right Class",
        compute="_compute_proposal",
        store=True,
        readonly=False,
    )
    other_sop_id = fields.Many2one(
        "lapor.sop", compute="_compute_other_sop_id", string="SOP in Force for It"
    )
    restart = fields.Boolean(
        string="Begin Anew With This SOP",
        compute="_compute_restart",
        store=True,
        readonly=False,
        help="What was done so far stays on record. Otherwise the complaint keeps its SOP.",
    )
    note = fields.Text()

    @api.depends("complaint_id")
    def _compute_proposal(self):
        for wizard in self:
            misroute, complaint = wizard.misroute_id, wizard.complaint_id
            wizard.category_id = misroute.proposed_category_id or complaint.category_id
            wizard.classification = misroute.proposed_classification or complaint.classification

    @api.depends("category_id", "classification")
    def _compute_other_sop_id(self):
        for wizard in self:
            complaint = wizard.complaint_id
            sop = complaint and complaint._sop_in_force(wizard.classification, wizard.category_id)
            wizard.other_sop_id = sop if sop != complaint.sop_id else False

    @api.depends("other_sop_id", "classification")
    def _compute_restart(self):
        for wizard in self:
            wizard.restart = bool(
                wizard.other_sop_id and wizard.classification != wizard.complaint_id.classification
            )

    def action_confirm(self):
        """Take the category and close the dialog."""
        self.ensure_one()
        self.complaint_id.action_confirm_category(
            category_id=self.category_id.id,
            classification=self.classification,
            note=self.note,
            restart=bool(self.other_sop_id and self.restart),
        )
        return {"type": "ir.actions.act_window_close"}

    def action_send_back(self):
        """Send the complaint back to the office and close the dialog."""
        self.ensure_one()
        self.complaint_id.action_send_back(self.note)
        return {"type": "ir.actions.act_window_close"}
