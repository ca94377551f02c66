from odoo import api, fields, models


class LaporRevealAsk(models.TransientModel):
    """The dialog that opens an identity: why, and who is to see it."""

    _name = "lapor.reveal.ask"
    _description = "Open an Identity"

    complaint_id = fields.Many2one("lapor.complaint", required=True, readonly=True)
    reason = fields.Text(required=True)
    user_id = fields.Many2one(
        "res.users",
        string="Shown To",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="You, or one colleague who handles the complaint.",
    )
    company_id = fields.Many2one(related="complaint_id.company_id")
    minutes = fields.Integer(compute="_compute_minutes")

    @api.depends("complaint_id")
    def _compute_minutes(self):
        for wizard in self:
            wizard.minutes = wizard.complaint_id.managing_unit_id.reveal_minutes

    def action_confirm(self):
        """Open the identity and close the dialog, or tell that it was refused."""
        self.ensure_one()
        result = self.complaint_id.action_reveal_identity(self.reason, user_id=self.user_id.id)
        return {"type": "ir.actions.act_window_close"} if result is True else result
