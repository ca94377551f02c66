from odoo import api, fields, models

from ..tools.letter_slots import open_slots


class LaporInterimAsk(models.TransientModel):
    """The dialog of an interim answer beside the SOP's arrows."""

    _name = "lapor.interim.ask"
    _description = "Interim Answer"

    # Read as the user: anybody may give the dialog any complaint.
    complaint_id = fields.Many2one("lapor.complaint", required=True, readonly=True)
    template_id = fields.Many2one("lapor.response.template", string="Begin With")
    template_ids = fields.Many2many(
        "lapor.response.template", compute="_compute_template_ids", export_string_translation=False
    )
    subject = fields.Char(compute="_compute_draft", store=True, readonly=False)
    body = fields.Html(compute="_compute_draft", store=True, readonly=False)
    missing_slots = fields.Text(compute="_compute_missing_slots", string="Still to Fill In")
    return_note = fields.Text(compute="_compute_before", string="Why It Was Returned")
    approver = fields.Char(compute="_compute_before", string="Who Has to Agree")
    asks_proof = fields.Boolean(compute="_compute_before")
    delivery_note = fields.Text(string="Proof of Delivery")

    @api.depends("complaint_id")
    def _compute_template_ids(self):
        Template = self.env["lapor.response.template"]
        for wizard in self:
            complaint = wizard.complaint_id._filtered_access("read")
            wizard.template_ids = (
                Template.search(Template._domain_for(complaint, ["interim"]))
                if complaint
                else False
            )

    @api.depends("complaint_id", "template_id")
    def _compute_draft(self):
        for wizard in self:
            complaint = wizard.complaint_id
            complaint.check_access("read")
            before = complaint._open_response("interim")
            title = complaint._response_title()
            if wizard.template_id:
                subject, wizard.body = wizard.template_id._fill(complaint)
                wizard.subject = subject or title
            elif before:
                wizard.subject, wizard.body = before.subject, before.body
            else:
                wizard.subject = title
                wizard.body = complaint._response_frame("progress")

    @api.depends("subject", "body")
    def _compute_missing_slots(self):
        for wizard in self:
            missing = open_slots(f"{wizard.subject or ''}\n{wizard.body or ''}")
            wizard.missing_slots = "\n".join(f"• {words}" for words in missing)

    @api.depends("complaint_id")
    def _compute_before(self):
        for wizard in self:
            complaint = wizard.complaint_id
            complaint.check_access("read")
            wizard.return_note = complaint._open_response("interim").return_note
            # As the system: who has to agree is no secret of the case.
            case = complaint.sudo()
            approver = case._find_interim_approver(case.current_step_id, self.env.user)
            wizard.approver = approver.display_name
            wizard.asks_proof = not approver and not case._is_answered_by_mail()

    def action_confirm(self):
        """Answer, or ask whoever has to agree, and close the dialog."""
        self.ensure_one()
        self.complaint_id.action_interim(
            self.body, subject=self.subject, delivery_note=self.delivery_note
        )
        return {"type": "ir.actions.act_window_close"}
