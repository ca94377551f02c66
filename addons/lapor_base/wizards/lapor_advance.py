from odoo import api, fields, models

from ..tools.letter_slots import open_slots


class LaporAdvance(models.TransientModel):
    """The dialog of a move: asks for what the arrow demands, and for nothing else.

    It only gathers; ``lapor.complaint.action_advance`` checks and acts, as the user.
    """

    _name = "lapor.advance"
    _description = "Do a Step"
    _inherit = ["lapor.disposition.form.mixin"]

    complaint_ids = fields.Many2many(
        "lapor.complaint", string="Complaints", required=True, readonly=True
    )
    complaint_id = fields.Many2one("lapor.complaint", compute="_compute_complaint_id")
    complaint_count = fields.Integer(compute="_compute_complaint_id")
    transition_id = fields.Many2one("lapor.sop.transition", required=True, readonly=True)
    sop_step_id = fields.Many2one(related="transition_id.step_id")
    activity = fields.Text(related="sop_step_id.name")
    requirement = fields.Text(related="sop_step_id.requirement", string="Requirement")
    remark = fields.Text(related="sop_step_id.remark")
    transition_help = fields.Text(related="transition_id.help", string="When to Choose")
    requires_note = fields.Boolean(compute="_compute_asks")
    next_step = fields.Char(compute="_compute_next_step", string="Then")

    asks_disposition = fields.Boolean(compute="_compute_asks")
    asks_response = fields.Boolean(compute="_compute_asks")
    asks_signature = fields.Boolean(compute="_compute_asks")
    asks_delivery = fields.Boolean(compute="_compute_asks")
    asks_proof = fields.Boolean(compute="_compute_asks")
    asks_category = fields.Boolean(compute="_compute_asks")
    shows_response = fields.Boolean(compute="_compute_asks")

    note = fields.Text()
    attachment_ids = fields.Many2many("ir.attachment", string="Files")
    category_id = fields.Many2one("lapor.category")

    addressee_ids = fields.One2many(
        "lapor.disposition.addressee", "advance_id", string="Helpers and Copies"
    )
    open_parts = fields.Text(compute="_compute_open_parts", string="Still Waited For")
    parts_reason = fields.Text(string="Why Without Them")
    asks_unasked_reason = fields.Boolean(compute="_compute_asks_unasked_reason")
    unasked_reason = fields.Text(string="Why the Complainant Was Not Asked")
    unit_id = fields.Many2one(
        "lapor.unit",
        string="Handled By",
        compute="_compute_unit_id",
        store=True,
        readonly=False,
        domain="[('kind', 'in', ('manager', 'opd', 'upt', 'bumd', 'outside'))]",
    )
    refusal_notice = fields.Text(compute="_compute_refusals")
    refusal_warning = fields.Text(compute="_compute_refusals")

    response_id = fields.Many2one("lapor.response", compute="_compute_response_id")
    return_note = fields.Text(related="response_id.return_note")
    response_body = fields.Html(related="response_id.body", string="Response Text")
    response_subject = fields.Char(related="response_id.subject", string="Response Subject")
    paraf_ids = fields.One2many(related="response_id.paraf_ids")
    response_number = fields.Char(related="response_id.number", string="Letter Number")
    template_id = fields.Many2one("lapor.response.template", string="Begin With")
    template_ids = fields.Many2many(
        "lapor.response.template", compute="_compute_template_ids", export_string_translation=False
    )
    missing_slots = fields.Text(compute="_compute_missing_slots", string="Still to Fill In")
    similar_ids = fields.Many2many(
        "lapor.response", compute="_compute_similar_ids", string="Earlier Answers Alike"
    )
    subject = fields.Char(compute="_compute_draft", store=True, readonly=False)
    body = fields.Html(compute="_compute_draft", store=True, readonly=False)
    channel_id = fields.Many2one(related="complaint_id.channel_id")
    channel_help = fields.Text(related="channel_id.delivery_help")
    delivery_note = fields.Text(string="Proof of Delivery")
    other_channel_id = fields.Many2one(
        "lapor.channel",
        string="Another Channel",
        domain="[('id', '!=', channel_id)]",
        help="Only when the complainant cannot be reached by the channel that was used.",
    )
    channel_reason = fields.Char(string="Why Not That One")
    copy_text = fields.Text(related="response_id.copy_text", related_sudo=False)
    short_text = fields.Text(related="response_id.short_text", related_sudo=False)

    @api.depends("complaint_ids")
    def _compute_complaint_id(self):
        for wizard in self:
            wizard.complaint_id = wizard.complaint_ids[:1]
            wizard.complaint_count = len(wizard.complaint_ids)

    @api.depends("transition_id")
    def _compute_next_step(self):
        labels = dict(
            self.env["lapor.complaint"]._fields["outcome"]._description_selection(self.env)
        )
        for wizard in self:
            target = wizard.transition_id.to_step_id
            wizard.next_step = (
                target.display_name
                if target
                else self.env._(
                    "Closed: %(outcome)s", outcome=labels.get(wizard.transition_id.outcome)
                )
            )

    @api.depends("transition_id", "complaint_ids", "other_channel_id")
    def _compute_asks(self):
        for wizard in self:
            codes = set(wizard.transition_id._demands().mapped("code"))
            complaint = wizard.complaint_id
            final = complaint._final_response("submitted") if complaint else False
            wizard.requires_note = wizard.transition_id.requires_note or bool(
                codes & {"verify", "handle"}
            )
            wizard.asks_disposition = "direct" in codes
            wizard.asks_signature = "sign" in codes
            wizard.asks_response = (
                "draft" in codes or "interim" in codes or ("publish" in codes and not final)
            )
            delivered = bool(final and final.state == "delivered")
            wizard.asks_delivery = "interim" in codes or ("publish" in codes and not delivered)
            by_mail = (
                wizard.other_channel_id.delivery == "email" and complaint._has_mail_address()
                if wizard.other_channel_id
                else complaint._is_answered_by_mail()
            )
            wizard.asks_proof = wizard.asks_delivery and not by_mail
            wizard.asks_category = "register" in codes and not complaint.category_id
            wizard.shows_response = bool(final) and not wizard.asks_response

    @api.depends("transition_id", "complaint_ids")
    def _compute_response_id(self):
        for wizard in self:
            kind = wizard._response_kind()
            wizard.response_id = wizard.complaint_id.response_ids.filtered(
                lambda response, kind=kind: response.kind == kind
            ).sorted("id")[-1:]

    @api.depends("transition_id", "complaint_ids")
    def _compute_open_parts(self):
        for wizard in self:
            waits = wizard.complaint_ids._waits_for_parts(wizard.transition_id)
            seen = wizard.complaint_ids._origin._filtered_access("read")
            # Names of who still works on the case, to whoever may read it.
            parts = seen.sudo()._required_parts() if waits else []
            # No empty recordset: a text field would take its name for a text.
            wizard.open_parts = "\n".join(
                f"{line.position_id.display_name}: {line.disposition_id.display_name}"
                for line in parts
            )

    @api.depends("transition_id", "complaint_ids")
    def _compute_asks_unasked_reason(self):
        for wizard in self:
            seen = wizard.complaint_ids._origin._filtered_access("read")
            wizard.asks_unasked_reason = wizard.transition_id.outcome == "insufficient" and any(
                not case.is_on_hold for case in seen
            )

    @api.depends("lead_position_id")
    def _compute_unit_id(self):
        for wizard in self:
            handed_over = wizard.transition_id.to_step_id.scope == "handling"
            wizard.unit_id = wizard.lead_position_id.unit_id.office_id if handed_over else False

    @api.depends("complaint_ids", "unit_id", "lead_position_id")
    @api.depends_context("lang")
    def _compute_refusals(self):
        for wizard in self:
            # Which office refused the case, to whoever may read the case.
            seen = wizard.complaint_ids._origin._filtered_access("read")
            refusals = seen.sudo()._refusals()
            chosen = refusals.filtered(
                lambda misroute, wizard=wizard: (
                    misroute.unit_id in wizard.unit_id | wizard.lead_position_id.unit_id.office_id
                )
            )
            lines = wizard.complaint_ids._refusal_lines
            wizard.refusal_notice = lines(refusals - chosen)
            wizard.refusal_warning = lines(chosen)

    @api.depends("complaint_ids", "transition_id")
    def _compute_template_ids(self):
        Template = self.env["lapor.response.template"]
        for wizard in self:
            kind = wizard._response_kind()
            kinds = ["interim", "ack"] if kind == "interim" else [kind]
            complaint = wizard.complaint_id
            wizard.template_ids = (
                Template.search(Template._domain_for(complaint, kinds)) if complaint else False
            )

    @api.depends("subject", "body", "asks_response")
    def _compute_missing_slots(self):
        for wizard in self:
            missing = open_slots(f"{wizard.subject or ''}\n{wizard.body or ''}")
            wizard.missing_slots = wizard.asks_response and "\n".join(
                f"• {words}" for words in missing
            )

    @api.depends("body", "asks_response")
    def _compute_similar_ids(self):
        for wizard in self:
            wizard.similar_ids = (
                self.env["lapor.response"]._find_similar(
                    wizard.complaint_id, wizard._response_kind(), wizard.body
                )
                if wizard.asks_response and wizard.complaint_id
                else False
            )

    @api.depends("complaint_ids", "transition_id", "template_id")
    def _compute_draft(self):
        for wizard in self:
            complaint, response = wizard.complaint_id, wizard.response_id
            if wizard.template_id:
                subject, wizard.body = wizard.template_id._fill(complaint)
                wizard.subject = subject or complaint._response_title()
                continue
            if response and response.state in ("draft", "submitted"):
                wizard.subject, wizard.body = response.subject, response.body
                continue
            wizard.subject = complaint._response_title()
            wizard.body = complaint._response_frame(wizard._response_kind())

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        complaint = self.env["lapor.complaint"].browse(
            self.env.context.get("default_complaint_ids") or []
        )[:1]
        if complaint and "lead_position_id" in fields_list:
            values.setdefault("lead_position_id", self._propose_lead(complaint).id)
        return values

    def _propose_lead(self, complaint):
        """Whoever the SOP would give the next step to, in the unit of the category."""
        transition = self.env["lapor.sop.transition"].browse(
            self.env.context.get("default_transition_id")
        )
        step = transition.to_step_id
        roles = step.role_id | step.alternative_role_id
        handed_over = step.scope == "handling"
        unit = complaint._propose_unit() if handed_over else complaint.managing_unit_id
        return unit._find_position(roles) if unit else self.env["lapor.position"]

    def _response_kind(self):
        """Interim only where the arrow asks for one before the final response."""
        codes = self.transition_id._demands().mapped("code")
        return "interim" if "interim" in codes and "publish" not in codes else "final"

    def _prepare_evidence(self):
        """What was filled in, in the form ``action_advance`` takes it."""
        self.ensure_one()
        evidence = {"attachment_ids": self.attachment_ids.ids}
        if self.asks_response:
            evidence["response"] = {
                "kind": self._response_kind(),
                "subject": self.subject,
                "body": self.body,
            }
        if self.asks_signature:
            evidence["sign"] = True
        if self.asks_delivery:
            evidence["delivery"] = {
                "note": self.delivery_note,
                "channel_id": self.other_channel_id.id,
                "reason": self.channel_reason,
            }
        if self.asks_disposition:
            evidence["disposition"] = {
                **self._prepare_disposition(),
                "unit_id": self.unit_id.id,
            }
        if self.open_parts and self.parts_reason:
            evidence["parts_reason"] = self.parts_reason
        if self.asks_unasked_reason:
            evidence["unasked_reason"] = self.unasked_reason
        return evidence

    def action_confirm(self):
        """Make the move and close the dialog."""
        self.ensure_one()
        if self.asks_category and self.category_id:
            self.complaint_ids.write({"category_id": self.category_id.id})
        complaints = self.complaint_ids
        complaints.action_advance(self.transition_id, note=self.note, **self._prepare_evidence())
        return complaints._after_act()
