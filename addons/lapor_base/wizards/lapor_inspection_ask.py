from odoo import fields, models


class LaporInspectionAsk(models.TransientModel):
    """Asks for the reason of an act on an inspection report; ``lapor.inspection`` checks it."""

    _name = "lapor.inspection.ask"
    _description = "Reason of an Act on an Inspection"

    inspection_id = fields.Many2one("lapor.inspection", required=True, readonly=True)
    member_id = fields.Many2one("lapor.inspection.member", readonly=True)
    mode = fields.Selection(
        [("excuse", "Does Not Sign"), ("reopen", "Back to Draft")], required=True, readonly=True
    )
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Do the act and close the dialog."""
        self.ensure_one()
        if self.mode == "excuse":
            self.inspection_id.action_excuse(self.member_id.id, self.reason)
        else:
            self.inspection_id.action_reopen(self.reason)
        return {"type": "ir.actions.act_window_close"}
