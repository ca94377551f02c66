from datetime import timedelta

from odoo import api, fields, models


class LaporHoldExtend(models.TransientModel):
    """The dialog of a longer hold, of a reply that is not what was asked for, and of one that came
    by telephone or at the counter."""

    _name = "lapor.hold.extend"
    _description = "Give the Complainant More Time"

    act = fields.Selection(
        [
            ("extend", "More Time"),
            ("refuse_reply", "Not What Was Asked For"),
            ("came", "It Came Otherwise"),
        ],
        required=True,
        readonly=True,
        default="extend",
    )
    complaint_id = fields.Many2one("lapor.complaint", required=True, readonly=True)
    # Read as the user: anybody may give the dialog any complaint.
    hold_until = fields.Date(
        related="complaint_id.hold_until", string="Until Now", related_sudo=False
    )
    date_until = fields.Date(
        string="New Last Day",
        compute="_compute_date_until",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    came_on = fields.Date(
        default=fields.Date.context_today,
        help="The office's time runs again from the beginning of this day, but not before the "
        "hold began.",
    )
    note = fields.Text(string="Reason", required=True)

    @api.depends("complaint_id")
    def _compute_date_until(self):
        for wizard in self:
            case = wizard.complaint_id._origin._filtered_access("read")
            if not case:
                wizard.date_until = False
                continue
            usual = case._default_hold_until()
            later = case.hold_until and case.hold_until + timedelta(days=7)
            wizard.date_until = max(usual, later or usual)

    def action_confirm(self):
        """Do it and close the dialog."""
        self.ensure_one()
        if self.act == "refuse_reply":
            self.complaint_id.action_refuse_reply(self.note)
        elif self.act == "came":
            self.complaint_id.action_resume(self.came_on, self.note)
        else:
            self.complaint_id.action_extend_hold(self.date_until, self.note)
        return {"type": "ir.actions.act_window_close"}
