from odoo import api, fields, models


class LaporHandoverAsk(models.TransientModel):
    """The dialog in which steps are handed over or taken over: to whom, and why."""

    _name = "lapor.handover.ask"
    _description = "Hand Over or Take Over"
    _inherit = ["lapor.done.mixin"]

    complaint_ids = fields.Many2many(
        "lapor.complaint", string="Complaints", required=True, readonly=True
    )
    act = fields.Selection(
        [("hand_over", "Hand Over"), ("take_over", "Take Over")], required=True, readonly=True
    )
    seen = fields.Json(help="Who has each step while the dialog is open.")
    step_names = fields.Text(compute="_compute_steps", string="Steps")
    is_queued = fields.Boolean(compute="_compute_steps")
    candidate_ids = fields.Many2many("lapor.position", compute="_compute_steps")
    position_id = fields.Many2one(
        "lapor.position", string="To Whom", domain="[('id', 'in', candidate_ids)]"
    )
    reason = fields.Text()

    @api.depends("complaint_ids")
    def _compute_steps(self):
        for wizard in self:
            # Whoever sees the complaints sees their steps; what he gave the dialog besides is
            # nothing of his.
            seen = wizard.complaint_ids._origin._filtered_access("read")
            visits = seen.sudo().current_step_id
            wizard.step_names = "\n".join(f"{v.display_name}: {v._who()}" for v in visits)
            wizard.is_queued = not visits.user_id
            candidates = [visit.complaint_id._handover_candidates() for visit in visits]
            common = candidates[0] if candidates else self.env["lapor.position"]
            for positions in candidates[1:]:
                common &= positions
            wizard.candidate_ids = common.sudo(False)

    def action_confirm(self):
        """Move the steps and close the dialog."""
        self.ensure_one()
        if self.act == "hand_over":
            self.complaint_ids.action_hand_over(self.position_id.id, self.reason)
        else:
            self.complaint_ids.action_take_over(self.reason, self.seen)
        count = len(self.complaint_ids)
        if count == 1:
            return {"type": "ir.actions.act_window_close"}
        if self.act == "take_over":
            return self._close_telling(self.env._("%s complaints are with you now.", count))
        return self._close_telling(
            self.env._(
                "%(count)s complaints are with %(who)s now.",
                count=count,
                who=self.position_id.display_name,
            )
        )
