from odoo import api, fields, models


class LaporReopenAsk(models.TransientModel):
    """The dialog of a reopening: why, and at which step it goes on."""

    _name = "lapor.reopen.ask"
    _description = "Reopen a Complaint"

    complaint_id = fields.Many2one("lapor.complaint", required=True, readonly=True)
    # Read as the user: anybody may give the dialog any complaint.
    reopen_count = fields.Integer(related="complaint_id.reopen_count", related_sudo=False)
    step_ids = fields.Many2many("lapor.sop.step", compute="_compute_step_ids")
    is_mistake = fields.Boolean(
        string="It Was Closed by Mistake",
        help="Answers already sent stay valid. Otherwise a new answer is needed.",
    )
    step_id = fields.Many2one(
        "lapor.sop.step",
        string="Goes On At",
        compute="_compute_step_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        domain="[('id', 'in', step_ids)]",
    )
    note = fields.Text(string="Reason", required=True)

    @api.depends("complaint_id")
    def _compute_step_ids(self):
        for wizard in self:
            wizard.step_ids = wizard.complaint_id._reopen_steps()

    @api.depends("complaint_id", "is_mistake")
    def _compute_step_id(self):
        for wizard in self:
            wizard.step_id = wizard.complaint_id and wizard.complaint_id._default_reopen_step(
                wizard.is_mistake
            )

    def action_confirm(self):
        """Reopen the complaint and close the dialog."""
        self.ensure_one()
        self.complaint_id.action_reopen(self.note, step_id=self.step_id.id, mistake=self.is_mistake)
        return {"type": "ir.actions.act_window_close"}
