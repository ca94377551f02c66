from odoo import api, fields, models


class LaporOutsideAsk(models.TransientModel):
    """The dialog of closing a case as out of this government's authority: why, who has it, what
    the complainant is told, and whether the complaint itself is forwarded."""

    _name = "lapor.outside.ask"
    _description = "Close as Out of Authority"

    complaint_id = fields.Many2one("lapor.complaint", required=True, readonly=True)
    company_id = fields.Many2one(related="complaint_id.company_id")
    reason = fields.Text(compute="_compute_target", store=True, readonly=False)
    unit_id = fields.Many2one(
        "lapor.unit",
        string="Body With the Authority",
        domain="[('kind', '=', 'outside'), ('company_id', '=', company_id)]",
        compute="_compute_target",
        store=True,
        readonly=False,
    )
    body = fields.Char(string="Other Body", compute="_compute_target", store=True, readonly=False)
    notice = fields.Html(
        string="Notice to the Complainant", compute="_compute_notice", store=True, readonly=False
    )
    forward = fields.Boolean(
        string="Forward the Complaint", compute="_compute_target", store=True, readonly=False
    )
    letter = fields.Html(
        string="Letter to the Body", compute="_compute_letter", store=True, readonly=False
    )
    unit_email = fields.Char(related="unit_id.email", string="Sent To")
    handover_note = fields.Text(
        string="How It Was Forwarded", compute="_compute_target", store=True, readonly=False
    )
    channel_id = fields.Many2one(related="complaint_id.channel_id")
    channel_help = fields.Text(related="channel_id.delivery_help")
    approver = fields.Char(compute="_compute_approval", string="Who Has to Agree")
    agreed = fields.Boolean(compute="_compute_approval")
    return_note = fields.Text(compute="_compute_approval", string="Why It Was Returned")
    asks_proof = fields.Boolean(compute="_compute_approval")
    delivery_note = fields.Text(string="Proof of Delivery")

    @api.depends("complaint_id")
    def _compute_target(self):
        for wizard in self:
            case = wizard._readable_case()
            # What was written before, while its agreement is waited for or after it was returned.
            before = case and case._pending_act("out_of_authority")
            if before:
                wizard.reason, wizard.handover_note = before["reason"], before["note"]
                wizard.unit_id, wizard.forward = before["unit"], bool(before["letter"])
                wizard.body = False if before["unit"] else before["target"]
                continue
            # What an office proposed when it gave the case back.
            proposed = case.misroute_ids[:1]
            wizard.unit_id = proposed.proposed_unit_id.filtered(lambda unit: unit.kind == "outside")
            wizard.body = proposed.proposed_body
            wizard.reason, wizard.forward, wizard.handover_note = False, False, False

    @api.depends("complaint_id", "notice", "letter", "forward")
    def _compute_approval(self):
        for wizard in self:
            case = wizard._readable_case()
            # As the system: who has to agree is no secret of the case.
            told = case.sudo()._agreement_outside(self.env.user) if case else {}
            wizard.return_note = told.get("return_note")
            wizard.agreed = (
                bool(told.get("agreed"))
                and wizard.notice == told["notice"]
                and (wizard.letter if wizard.forward else False) == told["letter"]
            )
            wizard.approver = not wizard.agreed and told.get("approver")
            wizard.asks_proof = (
                bool(case) and not wizard.approver and not case._is_answered_by_mail()
            )

    @api.depends("complaint_id", "unit_id", "body", "forward")
    def _compute_notice(self):
        for wizard in self:
            wizard.notice = wizard._before("out_of_authority") or wizard._draft(
                "lapor_base.notice_forwarded"
                if wizard.forward
                else "lapor_base.notice_out_of_authority"
            )

    @api.depends("complaint_id", "unit_id", "body")
    def _compute_letter(self):
        for wizard in self:
            wizard.letter = wizard._before("handover") or wizard._draft(
                "lapor_base.letter_handover"
            )

    def _before(self, kind):
        """The text that was written before, unless the body or the way was changed since."""
        case = self._readable_case()
        before = case and case._pending_act("out_of_authority")
        target = self.unit_id.name or self.body or ""
        if not before or before["target"] != target or bool(before["letter"]) != self.forward:
            return False
        return case._open_response(kind).body

    def _draft(self, template):
        target = self.unit_id.name or self.body or ""
        case = self._readable_case()
        return case._draft_outside(template, target) if case else False

    def _readable_case(self):
        """The case, if this user may read it: by RPC a dialog can be given any, and what is
        stored is computed as the system."""
        return self.complaint_id._origin.with_user(self.env.uid)._filtered_access("read")

    def action_confirm(self):
        """Tell the complainant, forward, close, and close the dialog."""
        self.ensure_one()
        self.complaint_id.action_close_outside(
            self.reason,
            self.notice,
            unit_id=self.unit_id.id,
            body=self.body,
            delivery_note=self.delivery_note,
            handover={"letter": self.letter, "note": self.handover_note} if self.forward else None,
        )
        return {"type": "ir.actions.act_window_close"}
