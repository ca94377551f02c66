from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.lapor_base.tools.allowance import format_allowance


class LaporExtensionAsk(models.TransientModel):
    """The dialog of a request for more time, and of the decision on it."""

    _name = "lapor.extension.ask"
    _description = "Ask for More Time"

    act = fields.Selection(
        [("ask", "Ask"), ("decide", "Decide")], required=True, readonly=True, default="ask"
    )
    complaint_id = fields.Many2one("lapor.complaint", required=True, readonly=True)
    # Read as the user: anybody may give the dialog any complaint.
    step_name = fields.Char(related="complaint_id.step_name", string="Step", related_sudo=False)
    time_now = fields.Char(compute="_compute_times", string="Time Standard")
    time_most = fields.Char(compute="_compute_times", string="At Most, Says the SOP")
    time_asked = fields.Char(compute="_compute_times", string="Time Asked For")
    decider = fields.Char(compute="_compute_times", string="Decides")
    asked_by_id = fields.Many2one("res.users", compute="_compute_times")
    asked_reason = fields.Text(compute="_compute_times", string="Why")
    ground = fields.Selection(
        [("visit", "Field visit"), ("units", "Several OPDs"), ("other", "Other")],
        string="For",
        default="visit",
    )
    amount = fields.Integer(
        string="Whole Time",
        compute="_compute_amount",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    unit = fields.Char(compute="_compute_times", string="Unit of Time")
    note = fields.Text(string="Reason")

    @api.depends("complaint_id")
    def _compute_amount(self):
        for wizard in self:
            step = wizard._readable_case().current_step_id.sop_step_id
            wizard.amount = step.extension_amount

    @api.depends("complaint_id")
    @api.depends_context("lang")
    def _compute_times(self):
        lang = "id" if (self.env.lang or "").startswith("id") else "en"
        for wizard in self:
            case = wizard._readable_case()
            step = case.current_step_id.sop_step_id
            request = case._open_extension() if case else self.env["lapor.extension"]
            units = dict(step._fields["extension_unit"]._description_selection(self.env))
            wizard.unit = units.get(step.extension_unit)
            wizard.time_now = step.allowance_text
            wizard.time_most = format_allowance(
                step.extension_amount, step.extension_unit or "minute", lang
            )
            wizard.time_asked = request and format_allowance(request.amount, request.unit, lang)
            wizard.decider = case and case._extension_decider().display_name
            wizard.asked_by_id = request.asked_by_id
            wizard.asked_reason = request.reason

    def _readable_case(self):
        """The case as the system, if the user may read it: the SOP and the request are no secret
        to whoever does."""
        self.ensure_one()
        return self.complaint_id._origin._filtered_access("read").sudo()

    def action_confirm(self):
        """Ask for it, and close the dialog."""
        self.ensure_one()
        if self.act != "ask":
            raise UserError(self.env._("Grant it or refuse it."))
        self.complaint_id.action_ask_extension(self.note, ground=self.ground, amount=self.amount)
        return {"type": "ir.actions.act_window_close"}

    def action_grant(self):
        """Grant it, and close the dialog."""
        return self._decide(True)

    def action_refuse(self):
        """Refuse it, and close the dialog."""
        return self._decide(False)

    def _decide(self, granted):
        self.ensure_one()
        self.complaint_id.action_decide_extension(granted, note=self.note)
        return {"type": "ir.actions.act_window_close"}
