from odoo import api, fields, models


class LaporPromiseAsk(models.TransientModel):
    """The dialog of a promise: made, moved, kept or dropped."""

    _name = "lapor.promise.ask"
    _description = "Promise"

    act = fields.Selection(
        [("make", "Make"), ("move", "Move"), ("keep", "Kept"), ("drop", "Drop")],
        required=True,
        readonly=True,
        default="make",
    )
    complaint_id = fields.Many2one("lapor.complaint", required=True, readonly=True)
    # Read as the user: anybody may give the dialog any complaint.
    promise_id = fields.Many2one(related="complaint_id.promise_id", related_sudo=False)
    promised = fields.Text(
        related="promise_id.what", string="What Was Promised", related_sudo=False
    )
    date_before = fields.Date(
        related="promise_id.date_promised", string="Promised Until", related_sudo=False
    )
    moved_count = fields.Integer(related="promise_id.moved_count", related_sudo=False)
    what = fields.Text(string="What Is Promised")
    date = fields.Date(string="Until")
    involved_unit_ids = fields.Many2many(
        related="complaint_id.involved_unit_ids", related_sudo=False
    )
    position_id = fields.Many2one(
        "lapor.position",
        string="Responsible",
        compute="_compute_position_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        domain="[('unit_id', 'in', involved_unit_ids)]",
    )
    note = fields.Text()
    attachment_ids = fields.Many2many("ir.attachment", string="Proof")

    @api.depends("complaint_id")
    def _compute_position_id(self):
        for wizard in self:
            # Whose step it is, is told to whoever may read the case.
            case = wizard.complaint_id._origin._filtered_access("read")
            wizard.position_id = case._task_owner() if case else False

    def action_confirm(self):
        """Do it and close the dialog."""
        self.ensure_one()
        case = self.complaint_id
        if self.act == "make":
            case.action_promise(self.what, self.date, self.position_id.id)
        elif self.act == "move":
            case.action_move_promise(self.date, self.note)
        elif self.act == "keep":
            case.action_keep_promise(self.note, attachment_ids=self.attachment_ids.ids)
        else:
            case.action_drop_promise(self.note)
        return {"type": "ir.actions.act_window_close"}
