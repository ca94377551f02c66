from odoo import api, fields, models


class LaporDeliver(models.TransientModel):
    """The dialog of a new attempt to reach the complainant; the acts of ``lapor.response``
    check who may."""

    _name = "lapor.deliver"
    _description = "Deliver a Response"

    response_id = fields.Many2one("lapor.response", required=True, readonly=True)
    # Read as the user: any response could be put into a dialog.
    subject = fields.Char(related="response_id.subject", related_sudo=False)
    failure = fields.Text(related="response_id.mail_failure", related_sudo=False)
    copy_text = fields.Text(related="response_id.copy_text", related_sudo=False)
    short_text = fields.Text(related="response_id.short_text", related_sudo=False)
    can_mail = fields.Boolean(compute="_compute_can_mail")
    channel_id = fields.Many2one(
        "lapor.channel",
        compute="_compute_channel_id",
        store=True,
        readonly=False,
        domain="[('delivery', '=', 'manual')]",
    )
    channel_help = fields.Text(related="channel_id.delivery_help")
    proof = fields.Text(string="Proof of Delivery")
    attachment_ids = fields.Many2many("ir.attachment", string="Files of Proof")
    give_up_reason = fields.Char(string="Why Not")

    @api.depends("response_id")
    def _compute_can_mail(self):
        for wizard in self:
            wizard.can_mail = wizard.response_id._may_be_mailed()

    @api.depends("response_id")
    def _compute_channel_id(self):
        """Proposed is the next way to the complainant, where one is known."""
        for wizard in self:
            # As the system: which ways there are is no secret, where they lead is.
            latest = wizard.response_id.sudo().delivery_ids.sorted("attempt")[-1:]
            known = latest.channel_id if latest.state == "waiting" else latest._next_channel()
            wizard.channel_id = known.filtered(lambda channel: channel.delivery == "manual")

    def action_send_again(self):
        """Send the mail once more and close the dialog."""
        self.ensure_one()
        self.response_id.action_send_again()
        return {"type": "ir.actions.act_window_close"}

    def action_confirm(self):
        """Note the delivery by another channel and close the dialog."""
        self.ensure_one()
        self.response_id.action_deliver_otherwise(
            self.channel_id.id, self.proof, self.attachment_ids.ids
        )
        return {"type": "ir.actions.act_window_close"}

    def action_give_up(self):
        """Note that the complainant cannot be told and close the dialog."""
        self.ensure_one()
        self.response_id.action_give_up(self.give_up_reason)
        return {"type": "ir.actions.act_window_close"}
