from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .lapor_clock import KINDS


class LaporEscalationRule(models.Model):
    """A level of reminding: when it comes, to whom, and how.

    Every level fires once per clock, in the office hours of the clock's unit only.
    """

    _name = "lapor.escalation.rule"
    _description = "Reminder or Escalation"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", string="Government", help="Empty: for all governments."
    )
    replaces_id = fields.Many2one(
        "lapor.escalation.rule",
        string="Instead Of",
        ondelete="set null",
        domain=[("company_id", "=", False)],
        help="The common level that this one replaces in its government.",
    )
    kind = fields.Selection(KINDS, string="Deadline Of", help="Empty: of every kind.")
    basis = fields.Selection(
        [
            ("share", "When a share of the time has run"),
            ("before", "Before it is due"),
            ("due", "When it is due"),
            ("after", "After it was due"),
        ],
        string="When",
        required=True,
        default="due",
    )
    share = fields.Integer(default=75, help="Percent of the office time.")
    minutes = fields.Integer(string="Office Minutes", help="Before or after the due date.")
    to_owner = fields.Boolean(
        string="Who Must Act", default=True, help="The superior while the position is vacant."
    )
    superior_levels = fields.Integer(
        string="Superiors", help="How many superiors above the position are told."
    )
    to_coordinator = fields.Boolean(
        string="Coordinator", help="Whoever takes in complaints in the managing office."
    )
    role_ids = fields.Many2many(
        "lapor.role",
        string="Holders of Roles",
        help="In the managing office, else in the whole government, such as the coordination team.",
    )
    method = fields.Selection(
        [
            ("activity", "Activity"),
            ("note", "Note in the thread, with a notification"),
            ("digest", "Daily summary only"),
        ],
        string="How",
        required=True,
        default="note",
    )
    active = fields.Boolean(default=True)

    _share_check = models.Constraint(
        "CHECK (share BETWEEN 1 AND 99)", "A share lies between 1 and 99 percent."
    )
    _minutes_check = models.Constraint(
        "CHECK (minutes >= 0 AND superior_levels >= 0)", "These numbers cannot be negative."
    )

    @api.constrains("basis", "minutes")
    def _check_minutes(self):
        for rule in self:
            if rule.basis in ("before", "after") and not rule.minutes:
                raise ValidationError(self.env._("Say how many office minutes before or after."))

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        if rules:
            rules._reschedule()
        return rules

    def write(self, vals):
        result = super().write(vals)
        # Writing nothing asks for no right, and moves nothing.
        if self and vals.keys() & {
            "company_id",
            "replaces_id",
            "kind",
            "basis",
            "share",
            "minutes",
            "active",
        }:
            self._reschedule()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_if_unused(self):
        # Also levels of cases that the editor of reminders may not read.
        if self.env["lapor.escalation"].sudo().search_count([("rule_id", "in", self.ids)], limit=1):
            raise ValidationError(self.env._("This level has fired already. Archive it instead."))

    def _reschedule(self):
        """Schedule the open clocks anew, in the background: there may be many."""
        # Whoever may edit reminders moves them for cases that he may not read.
        clocks = self.env["lapor.clock"].sudo().search([("state", "=", "running")])
        if clocks:
            clocks.write({"replan_reason": self.env._("Reminders changed")})
            clocks._wake_job("ir_cron_replan")

    def _applies_to(self, clock):
        self.ensure_one()
        return self.kind in (clock.kind, False) and self.company_id in (
            clock.company_id,
            self.company_id.browse(),
        )

    def _applying_to(self, clock):
        """Those of these levels that remind of a clock; a government's own goes instead of the
        common one that it replaces.

        :rtype: lapor.escalation.rule
        """
        fitting = self.filtered(lambda rule: rule._applies_to(clock))
        return fitting - fitting.filtered("company_id").replaces_id

    def copy_data(self, default=None):
        copies = super().copy_data(default)
        for rule, values in zip(self, copies, strict=True):
            if values.get("company_id") and not rule.company_id:
                values["replaces_id"] = rule.id
        return copies

    def _moment(self, clock, times):
        """When this level fires for a clock: a moment in office hours.

        :param times: ``OfficeTime`` of the clock's unit
        :returns: naive UTC
        :raises BeyondHorizon: when ``times`` does not reach so far
        """
        self.ensure_one()
        if self.basis == "share":
            left = clock.total_minutes * 60 * (100 - self.share) // 100
            moment = max(times.after_seconds(clock.due_at, -left), clock.started_at)
        elif self.basis == "due":
            moment = clock.due_at
        else:
            sign = -1 if self.basis == "before" else 1
            moment = times.after_seconds(clock.due_at, sign * self.minutes * 60)
            moment = max(moment, clock.started_at)
        return times.next_open(moment)
