from odoo import api, fields, models

from ..tools.office_time import Allowance


class LaporComplaintStep(models.Model):
    """A visit has a clock, when its step has a time standard."""

    _name = "lapor.complaint.step"
    _inherit = ["lapor.complaint.step", "lapor.office.time.mixin"]

    due_at = fields.Datetime(string="Due", readonly=True, help="As its clock says.")
    warn_at = fields.Datetime(readonly=True)
    clock_ids = fields.One2many("lapor.clock", "visit_id", string="Clocks")

    @api.model_create_multi
    def create(self, vals_list):
        """Plan the clocks first: the visits are born with their due dates."""
        self.check_access("create")
        Clock = self.env["lapor.clock"]
        plans = []
        for vals in vals_list:
            step = self.env["lapor.sop.step"].browse(vals["sop_step_id"])
            unit = self.env["lapor.unit"].browse(vals["unit_id"])
            vals.setdefault("started_at", fields.Datetime.now())
            allowance = Allowance.of([(step.allowance_amount, step.allowance_unit)])
            plan = None
            if any(allowance):
                started_at = fields.Datetime.to_datetime(vals["started_at"])
                plan = Clock._plan(unit, started_at, allowance)
                vals.update(due_at=plan["due_at"], warn_at=plan["warn_at"])
            plans.append((allowance, plan))
        visits = super().create(vals_list)
        visits._start_planned(plans)
        return visits

    def _start_planned(self, plans):
        """Start the clocks of these visits; the caller plans their reminders.

        :param plans: for each visit its ``Allowance`` and planned values; None: no standard
        """
        # Clocks are the system's; nobody has the right to create one.
        Clock = self.env["lapor.clock"].sudo()
        Clock.flush_model(["state"])
        return Clock.create(
            [
                Clock._values(
                    visit.complaint_id,
                    "step",
                    visit.unit_id,
                    visit.started_at,
                    allowance,
                    plan,
                    visit_id=visit.id,
                    sop_step_id=visit.sop_step_id.id,
                    role_id=visit.sop_step_id.role_id.id,
                )
                for visit, (allowance, plan) in zip(self, plans, strict=True)
                if plan
            ]
        )

    def _start_clocks(self):
        """Start the clocks of visits that were opened before the addon was installed."""
        plans = []
        for visit in self:
            step = visit.sop_step_id
            allowance = Allowance.of([(step.allowance_amount, step.allowance_unit)])
            plan = None
            if any(allowance):
                plan = self.env["lapor.clock"]._plan(visit.unit_id, visit.started_at, allowance)
            plans.append((allowance, plan))
        clocks = self._start_planned(plans)
        clocks._schedule_escalation()
        clocks._follow_due()

    def write(self, vals):
        result = super().write(vals)
        if "unit_id" in vals:
            # Clocks are the system's, whoever hands the step to another unit.
            clocks = (
                self.env["lapor.clock"]
                .sudo()
                .search([("visit_id", "in", self.ids), ("state", "!=", "stopped")])
            )
            clocks.write({"unit_id": vals["unit_id"]})
            clocks._replan(self.env._("The step went to another unit"))
        return result

    @api.model
    def _open(self, complaint_steps):
        visits = super()._open(complaint_steps)
        # The visits' own clocks were started with them; their reminders are planned together.
        visits.complaint_id._sync_clocks(new=visits.sudo().clock_ids)
        return visits

    def _leave(self, transition, note, attachments, state="done"):
        result = super()._leave(transition, note, attachments, state)
        # Clocks are the system's, whoever did the step.
        clocks = (
            self.env["lapor.clock"]
            .sudo()
            .search([("visit_id", "in", self.ids), ("state", "!=", "stopped")])
        )
        clocks._stop({clock: clock.visit_id.done_at for clock in clocks})
        # A request for more time ends with its step; requests are the system's, as visits are.
        requests = (
            self.env["lapor.extension"]
            .sudo()
            .search([("visit_id", "in", self.ids), ("state", "=", "asked")])
        )
        if requests:
            requests.write({"state": "void"})
            requests.complaint_id._drop_tasks(["extension"])
        return result

    def _activity_deadline(self):
        """Day of the clock's due date at the unit; the exact time stays with the clock."""
        self.ensure_one()
        if not self.due_at or self.complaint_id.hold_id:
            return super()._activity_deadline()
        return self.env["lapor.clock"]._local(self.due_at, self.unit_id._get_tz()).date()

    def _superiors(self):
        """Positions above this visit's one that have a holder, the nearest first."""
        return self.position_id._superiors()
