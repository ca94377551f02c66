from odoo import api, fields, models


class LaporEndAsk(models.TransientModel):
    """The dialog of an end beside the SOP: withdrawn by the complainant, or archived."""

    _name = "lapor.end.ask"
    _description = "End a Complaint"
    _inherit = ["lapor.done.mixin"]

    act = fields.Selection(
        [("withdraw", "Withdrawn"), ("archive", "Archive")],
        required=True,
        readonly=True,
        default="archive",
    )
    complaint_ids = fields.Many2many(
        "lapor.complaint",
        string="Complaints",
        required=True,
        readonly=True,
        default=lambda self: self._default_complaint_ids(),
    )
    complaint_count = fields.Integer(compute="_compute_tells")
    tells = fields.Char(compute="_compute_tells", string="The Complainant")
    reason_id = fields.Many2one("lapor.archive.reason")
    notice = fields.Text(related="reason_id.notice")
    note = fields.Text()
    attachment_ids = fields.Many2many("ir.attachment", string="Proof")

    @api.model
    def _default_complaint_ids(self):
        context = self.env.context
        if context.get("default_complaint_id"):
            return [context["default_complaint_id"]]
        if context.get("active_model") == "lapor.complaint":
            return context.get("active_ids") or []
        return []

    @api.depends("complaint_ids")
    def _compute_tells(self):
        for wizard in self:
            wizard.complaint_count = len(wizard.complaint_ids)
            by_mail = [case._is_answered_by_mail() for case in wizard.complaint_ids]
            if all(by_mail):
                wizard.tells = self.env._("is told by mail at once.")
            else:
                wizard.tells = self.env._(
                    "is told through the channel used: you get the text as a task to pass on."
                )

    def action_confirm(self):
        """End the complaints and close the dialog."""
        self.ensure_one()
        if self.act == "withdraw":
            self.complaint_ids.action_withdraw(self.note, attachment_ids=self.attachment_ids.ids)
        else:
            self.complaint_ids.action_archive_case(self.reason_id.id, note=self.note)
        if self.complaint_count == 1:
            return {"type": "ir.actions.act_window_close"}
        return self._close_telling(self.env._("%s complaints are closed.", self.complaint_count))
