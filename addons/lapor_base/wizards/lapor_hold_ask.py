from odoo import api, fields, models


class LaporHoldAsk(models.TransientModel):
    """The dialog of a hold: what is missing, and until when it may be completed."""

    _name = "lapor.hold.ask"
    _description = "Ask the Complainant"

    complaint_id = fields.Many2one("lapor.complaint", required=True, readonly=True)
    item_ids = fields.Many2many("lapor.missing.item", string="Missing")
    note = fields.Text(string="In Your Own Words")
    date_until = fields.Date(
        string="Complete By", compute="_compute_date_until", store=True, readonly=False
    )
    # Read as the user: anybody may give the dialog any complaint.
    channel_id = fields.Many2one(related="complaint_id.channel_id", related_sudo=False)
    channel_help = fields.Text(related="channel_id.delivery_help", related_sudo=False)
    asks_proof = fields.Boolean(compute="_compute_asks_proof")
    delivery_note = fields.Text(string="Proof of Delivery")

    @api.depends("complaint_id")
    def _compute_date_until(self):
        for wizard in self:
            wizard.date_until = wizard.complaint_id and wizard.complaint_id._default_hold_until()

    @api.depends("complaint_id")
    def _compute_asks_proof(self):
        for wizard in self:
            wizard.asks_proof = not wizard.complaint_id._is_answered_by_mail()

    def action_confirm(self):
        """Hold the complaint and close the dialog."""
        self.ensure_one()
        self.complaint_id.action_hold(
            self.item_ids.ids,
            note=self.note,
            date_until=self.date_until,
            delivery_note=self.delivery_note,
        )
        return {"type": "ir.actions.act_window_close"}
