from odoo import api, fields, models


class LaporDueMixin(models.AbstractModel):
    """What the screens say of a case's time, and who watches over it."""

    _name = "lapor.due.mixin"
    _description = "Due Date of a Complaint"
    _inherit = ["lapor.office.time.mixin"]

    due_clock_id = fields.Many2one(
        "lapor.clock", string="Due First", readonly=True, copy=False, index="btree_not_null"
    )
    due_at = fields.Datetime(
        string="Due", readonly=True, copy=False, index=True, help="The earliest open deadline."
    )
    due_warn_at = fields.Datetime(readonly=True, copy=False)
    is_paused = fields.Boolean(
        string="Clocks Paused", readonly=True, copy=False, help="For a legal reason only."
    )
    due_state = fields.Selection(
        [
            ("fine", "In time"),
            ("soon", "Soon due"),
            ("late", "Late"),
            ("paused", "Paused"),
            ("reply", "A Reply Waits"),
        ],
        compute="_compute_due_state",
        string="Urgency",
    )
    due_text = fields.Char(compute="_compute_due_text", string="Time Left")
    due_name = fields.Char(related="due_clock_id.display_name", string="Deadline Of")

    @api.depends("due_at", "due_warn_at", "is_paused", "hold_id.reply_waits_at")
    def _compute_due_state(self):
        now = fields.Datetime.now()
        replied = self.filtered("is_paused")._with_waiting_reply()
        for complaint in self:
            if complaint.is_paused:
                # The pause is over as soon as somebody finds that it is what was asked for.
                complaint.due_state = "reply" if complaint in replied else "paused"
            elif not complaint.due_at:
                complaint.due_state = False
            elif complaint.due_at < now:
                complaint.due_state = "late"
            else:
                soon = complaint.due_warn_at and complaint.due_warn_at <= now
                complaint.due_state = "soon" if soon else "fine"

    @api.depends("due_at", "is_paused", "due_clock_id", "hold_id.reply_waits_at")
    @api.depends_context("lang")
    def _compute_due_text(self):
        now = fields.Datetime.now()
        replied = self.filtered("is_paused")._with_waiting_reply()
        for complaint in self:
            # Which unit's hours count is no secret to whoever sees the due date.
            unit = complaint.due_clock_id.sudo().unit_id
            if complaint.is_paused:
                complaint.due_text = complaint._paused_text(complaint in replied)
            elif not complaint.due_at:
                complaint.due_text = False
            else:
                complaint.due_text = unit._due_text(complaint.due_at, now)

    def _paused_text(self, reply_waits):
        return self.env._("a reply waits") if reply_waits else self.env._("paused")

    def _office_time_unit(self):
        return self.due_clock_id.unit_id or self.managing_unit_id

    def _get_due_line(self, now):
        """A line of the activity menu: the step of this case and the time that it has left.

        :param now: naive UTC
        """
        self.ensure_one()
        # The step is the reader's own; its clock says no more than the case does.
        visit = self.current_step_id.sudo()
        if self.is_paused:
            waits = self._reply_waits()
            state, text = "reply" if waits else "paused", self._paused_text(waits)
        else:
            soon = visit.warn_at and visit.warn_at <= now
            state = "late" if visit.due_at < now else "soon" if soon else "fine"
            text = visit.unit_id.with_env(self.env).sudo()._due_text(visit.due_at, now)
        return {
            "id": self.id,
            "number": self.number,
            "step": self.step_name,
            "state": state,
            "text": text,
        }

    def _vacant_queue(self):
        """Domain of the open steps at positions that nobody holds: the coordinator's to watch."""
        return [("current_step_id", "!=", False), ("current_user_id", "=", False)]

    def _coordinators(self):
        """Who takes in and watches complaints in the managing office: members of its roles of
        coordination that also take complaints in."""
        self.ensure_one()
        intake = self.env.ref("lapor_base.group_lapor_intake")
        positions = self._coordinating_positions().filtered("holder_id")
        watching = positions.filtered(
            lambda position: intake in position.role_id.group_id.all_implied_ids
        )
        return (watching or positions).holder_id

    def _holders(self, roles):
        """Who holds these roles in the managing office, else in the whole government."""
        self.ensure_one()
        positions = self.env["lapor.position"].search(
            [
                ("role_id", "in", roles.ids),
                ("company_id", "=", self.company_id.id),
                ("holder_id", "!=", False),
            ]
        )
        users = self.env["res.users"]
        for held in positions.grouped("role_id").values():
            own = held.filtered(
                lambda position: position.unit_id.office_id == self.managing_unit_id
            )
            users |= (own or held).holder_id
        return users
