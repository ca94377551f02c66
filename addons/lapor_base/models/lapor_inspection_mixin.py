from odoo import api, fields, models
from odoo.fields import Command


class LaporInspectionMixin(models.AbstractModel):
    """What inspections mean for the way of a case: the report is written before the step ends."""

    _name = "lapor.inspection.mixin"
    _description = "Inspections of a Complaint"
    _inherit = ["lapor.case.mixin"]

    inspection_count = fields.Integer(compute="_compute_inspection_count")

    @api.depends("inspection_ids")
    def _compute_inspection_count(self):
        for complaint in self:
            complaint.inspection_count = len(complaint.inspection_ids)

    def _get_more_acts(self, visit, mine):
        acts = super()._get_more_acts(visit, mine)
        # Only whether this very user's signature is waited for.
        waits = self.sudo().inspection_ids.member_ids.filtered(
            lambda member: member._turn_user() == self.env.user
        )
        if waits or (mine and self._asks_inspection(visit)):
            acts.append(
                {
                    "id": "inspection",
                    "method": "action_open_inspection",
                    "label": self.env._("Sign the Inspection Report (BA)")
                    if waits
                    else self.env._("Inspection Report (BA)"),
                    "kind": "inspection",
                    "help": self.env._("Write it on the spot; each member of the team signs it."),
                    "primary": not mine and bool(waits),
                }
            )
        return acts

    @api.model
    def _asks_inspection(self, visit):
        """Whether a way on from this visit asks for an inspection report."""
        step = visit.sop_step_id
        kinds = step.kind_id | step.transition_ids.demand_ids
        return "inspect" in kinds.mapped("code")

    def _needs_inspection(self, transition):
        """Whether the report has to be written and signed before this arrow can be taken."""
        self.ensure_one()
        if "inspect" not in transition._demands().mapped("code"):
            return False
        # States only.
        states = self.sudo().current_step_id.inspection_ids.mapped("state")
        return "done" not in states

    def action_open_inspection(self):
        """The report of the step's inspection; a new draft when there is none yet."""
        self.ensure_one()
        self.check_access("read")
        # Papers of a case that the user may read; a new one only after the check of his step.
        case = self.sudo()
        waiting = case.inspection_ids.member_ids.filtered(
            lambda member: member._turn_user() == self.env.user
        )
        inspection = (waiting.inspection_id or case.current_step_id.inspection_ids)[:1]
        if not inspection:
            self._lock_cases()
            self._check_step_is_mine()
            inspection = case.current_step_id.inspection_ids[:1] or self.env[
                "lapor.inspection"
            ].sudo()._begin(case.current_step_id)
        new = inspection.state == "draft" and self.env.user not in inspection.team_ids
        if new and case.current_step_id._may_act(self.env.user):
            # The step has passed to somebody else, who now writes the report too.
            inspection.member_ids = [Command.create({"user_id": self.env.uid})]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Inspection Report (BA)"),
            "res_model": "lapor.inspection",
            "res_id": inspection.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "current",
        }

    def _close(self, outcome, **details):
        result = super()._close(outcome, **details)
        self.inspection_ids.member_ids._sync_turns()
        return result
