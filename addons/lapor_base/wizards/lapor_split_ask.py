from odoo import api, fields, models

from ..models.lapor_sop import CLASSIFICATIONS


class LaporSplitAsk(models.TransientModel):
    """The dialog of a split: what the other matter of a complaint is called and belongs to."""

    _name = "lapor.split.ask"
    _description = "Split a Complaint"
    _inherit = ["lapor.done.mixin"]

    complaint_id = fields.Many2one("lapor.complaint", required=True, readonly=True)
    # Read as the user: anybody may give the dialog any complaint.
    company_id = fields.Many2one(related="complaint_id.company_id", related_sudo=False)
    description = fields.Text(related="complaint_id.description", related_sudo=False)
    name = fields.Char(string="Title of the Other Matter", required=True)
    category_id = fields.Many2one(
        "lapor.category", domain="[('company_id', 'in', (False, company_id))]"
    )
    classification = fields.Selection(
        CLASSIFICATIONS,
        string="Class",
        compute="_compute_classification",
        compute_sudo=False,
        store=True,
        readonly=False,
    )

    @api.depends("complaint_id")
    def _compute_classification(self):
        for wizard in self:
            wizard.classification = wizard.complaint_id.classification

    def action_confirm(self):
        """Split the complaint and open the other matter, where it is the user's to see."""
        self.ensure_one()
        second = self.complaint_id.action_split(
            self.name, category_id=self.category_id.id, classification=self.classification
        )
        if second.has_access("read"):
            return second._get_form_action()
        # Of the other case its number only.
        return self._close_telling(
            self.env._("The other matter is handled as %s.", second.sudo().number)
        )
