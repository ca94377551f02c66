from odoo import api, fields, models


class LaporMergeAnswer(models.TransientModel):
    """The dialog in which the answer of the main complaint is passed on to a supporter's
    complainant, through the channel that he used."""

    _name = "lapor.merge.answer"
    _description = "Pass an Answer On"

    complaint_id = fields.Many2one("lapor.complaint", required=True, readonly=True)
    channel_id = fields.Many2one(related="complaint_id.channel_id")
    channel_help = fields.Text(related="channel_id.delivery_help")
    response_id = fields.Many2one("lapor.response", compute="_compute_response_id")
    subject = fields.Char(related="response_id.subject")
    body = fields.Html(related="response_id.body")
    delivery_note = fields.Text(string="Proof of Delivery")

    @api.depends("complaint_id")
    def _compute_response_id(self):
        for wizard in self:
            wizard.response_id = wizard.complaint_id and wizard.complaint_id._waiting_answer()

    def action_confirm(self):
        """Record the delivery and close the dialog."""
        self.ensure_one()
        self.complaint_id.action_pass_answer(self.delivery_note)
        return {"type": "ir.actions.act_window_close"}
