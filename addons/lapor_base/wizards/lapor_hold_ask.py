from odoo import api, fields, models


class LaporHoldAsk(models.TransientModel):
    """The dialog of a hold: what is missing, and until when it may be completed."""

    _name = "lapor.hold.ask"
    _description = "Ask the Complainant"

    complaint_id = fields.Many2one("lapor.complaint", required=True, readonly=True)
    item_ids = fields.Many2many(
        "lapor.missing.item", string="Missing", compute="_compute_asked", store=True, readonly=False
    )
    note = fields.Text(
        string="In Your Own Words", compute="_compute_asked", store=True, readonly=False
    )
    date_until = fields.Date(
        string="Complete By", compute="_compute_asked", store=True, readonly=False
    )
    # Read as the user: anybody may give the dialog any complaint.
    channel_id = fields.Many2one(related="complaint_id.channel_id", related_sudo=False)
    channel_help = fields.Text(related="channel_id.delivery_help", related_sudo=False)
    approver = fields.Char(compute="_compute_approval", string="Who Has to Agree")
    agreed = fields.Boolean(compute="_compute_approval")
    return_note = fields.Text(compute="_compute_approval", string="Why It Was Returned")
    asks_proof = fields.Boolean(compute="_compute_approval")
    delivery_note = fields.Text(string="Proof of Delivery")

    @api.depends("complaint_id")
    def _compute_asked(self):
        for wizard in self:
            case = wizard._readable_case()
            # What was written before, while its agreement is waited for or after it was returned.
            before = (case and case._pending_act("request")) or {}
            wizard.item_ids = before.get("items") or False
            wizard.note = before.get("note")
            wizard.date_until = before.get("until") or (case and case._default_hold_until())

    @api.depends("complaint_id", "note", "item_ids", "date_until")
    def _compute_approval(self):
        for wizard in self:
            case = wizard._readable_case()
            # As the system: who has to agree is no secret of the case.
            told = case.sudo()._agreement_of_request(self.env.user) if case else {}
            asked = {
                "items": wizard.item_ids._origin.ids,
                "note": (wizard.note or "").strip(),
                "until": fields.Date.to_string(wizard.date_until),
            }
            wizard.return_note = told.get("return_note")
            wizard.agreed = bool(told.get("agreed")) and asked == told["asked"]
            wizard.approver = bool(asked["note"]) and not wizard.agreed and told.get("approver")
            wizard.asks_proof = (
                bool(case) and not wizard.approver and not case._is_answered_by_mail()
            )

    def _readable_case(self):
        """The case, if this user may read it: by RPC a dialog can be given any, and what is
        stored is computed as the system."""
        return self.complaint_id._origin.with_user(self.env.uid)._filtered_access("read")

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
