from odoo import fields, models


class LaporResponseReview(models.TransientModel):
    """The dialog in which a response is read and decided on: initial, return, or cancel.

    It only gathers; the acts of ``lapor.response`` check who may.
    """

    _name = "lapor.response.review"
    _description = "Read a Response"

    response_id = fields.Many2one("lapor.response", required=True, readonly=True)
    mode = fields.Selection(
        [("paraf", "Initial"), ("void", "Cancel")], required=True, readonly=True
    )
    # Read as the user: any response could be put into a dialog.
    subject = fields.Char(related="response_id.subject", related_sudo=False)
    number = fields.Char(related="response_id.number", related_sudo=False)
    body = fields.Html(related="response_id.body", related_sudo=False)
    version = fields.Integer(related="response_id.version", related_sudo=False)
    paraf_ids = fields.One2many(related="response_id.paraf_ids", related_sudo=False)
    changes = fields.Html(compute="_compute_changes")
    note = fields.Text()

    def _compute_changes(self):
        for review in self:
            review.changes = review.response_id.version_ids.sorted("number")[-1:].changes

    def action_paraf(self):
        """Initial the response and close the dialog."""
        self.ensure_one()
        self.response_id.action_paraf(self.note)
        return {"type": "ir.actions.act_window_close"}

    def action_refuse(self):
        """Return the response to its drafter and close the dialog."""
        self.ensure_one()
        self.response_id.action_refuse_paraf(self.note)
        return {"type": "ir.actions.act_window_close"}

    def action_void(self):
        """Cancel the letter and close the dialog."""
        self.ensure_one()
        self.response_id.action_void(self.note)
        return {"type": "ir.actions.act_window_close"}
