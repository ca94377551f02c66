from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError


class LaporDispositionMass(models.TransientModel):
    """One dialog that disposes many complaints: each gets a disposition of its own.

    What cannot be disposed is said before, and what was refused after; a case is disposed
    whole or not at all.
    """

    _name = "lapor.disposition.mass"
    _description = "Dispose Several Complaints"
    _inherit = ["lapor.disposition.form.mixin", "lapor.done.mixin"]

    complaint_ids = fields.Many2many(
        "lapor.complaint", string="Complaints", required=True, readonly=True
    )
    ready_count = fields.Integer(compute="_compute_ready", string="Can Be Disposed")
    refused = fields.Html(compute="_compute_ready", string="Left Out", sanitize=False)
    addressee_ids = fields.One2many(
        "lapor.disposition.addressee", "mass_id", string="Helpers and Copies"
    )
    note = fields.Text(string="Note of the Step")
    result = fields.Html(readonly=True, sanitize=False)

    @api.depends("complaint_ids")
    def _compute_ready(self):
        for wizard in self:
            ready, refused = wizard._sort_out()
            wizard.ready_count = len(ready)
            wizard.refused = wizard._as_list(refused)

    def _sort_out(self):
        """Which of the complaints can be disposed now.

        :returns: pair of list of (complaint, arrow) and list of (complaint, reason)
        """
        ready, refused = [], []
        for complaint in self.complaint_ids._origin:
            try:
                ready.append((complaint, complaint._arrow_of_disposition()))
            except UserError as error:
                refused.append((complaint, error.args[0]))
        return ready, refused

    @api.model
    def _as_list(self, refused):
        """Complaints with the reason why not, as HTML."""
        items = (
            Markup("<li><b>%s</b> %s</li>") % (complaint.display_name, reason)
            for complaint, reason in refused
        )
        return refused and Markup("<ul class='mb-0'>%s</ul>") % Markup("").join(items)

    def action_confirm(self):
        """Dispose what can be disposed, then show what was done and what was not."""
        self.ensure_one()
        ready, refused = self._sort_out()
        if not ready:
            raise UserError(self.env._("None of these complaints can be disposed now."))
        done = self.env["lapor.complaint"]
        values = self._prepare_disposition()
        for complaint, arrow in ready:
            try:
                with self.env.cr.savepoint():
                    complaint.action_advance(arrow, note=self.note, disposition=values)
                done |= complaint
            except UserError as error:
                refused.append((complaint, error.args[0]))
        if not done:
            raise UserError(refused[-1][1])
        if not refused:
            return self._close_telling(self.env._("%s complaints disposed.", len(done)))
        self.result = Markup("<p>%s</p>%s") % (
            self.env._(
                "%(done)s complaints disposed, %(refused)s left out:",
                done=len(done),
                refused=len(refused),
            ),
            self._as_list(refused),
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Dispose Several Complaints"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }
