from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.lapor_base.models.lapor_sop import CLASSIFICATIONS
from odoo.addons.lapor_base.models.lapor_sop_step import ALLOWANCE_UNITS

from ..tools.office_time import Allowance

EVENTS = [
    ("received", "The complaint was received"),
    ("forwarded", "It was forwarded to whoever handles it"),
    ("followed_up", "It was followed up or answered for the first time"),
    ("answered", "The final response was sent"),
    ("closed", "The complaint was closed"),
]


class LaporTimeRule(models.Model):
    """A deadline that a rule of the state or of a government gives, beside the SOP's.

    Applies to complaints received between its dates; changing it moves the open clocks.
    """

    _name = "lapor.time.rule"
    _description = "Deadline by Rule"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Short technical name.")
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", string="Government", help="Empty: for all governments."
    )
    amount = fields.Integer(string="Time", required=True)
    unit = fields.Selection(ALLOWANCE_UNITS, required=True, default="working_day")
    start_event = fields.Selection(
        EVENTS[:-1], string="Runs From", required=True, default="received"
    )
    stop_event = fields.Selection(EVENTS[1:], string="Until", required=True, default="answered")
    classification = fields.Selection(CLASSIFICATIONS, string="Class", help="Empty: all classes.")
    misconduct = fields.Selection(
        [("yes", "Misconduct cases only"), ("no", "Not for misconduct cases")],
        help="Empty: for both.",
    )
    on_complainant = fields.Boolean(
        string="For the Complainant",
        help="The complainant's own time: shown, but no lateness of the office.",
    )
    valid_from = fields.Date(help="First day of receipt to which it applies. Empty: always.")
    valid_to = fields.Date(help="Last day of receipt to which it applies.")
    source = fields.Char(required=True, help="Where the rule is written.")
    note = fields.Text(translate=True)
    active = fields.Boolean(default=True)

    _amount_check = models.Constraint("CHECK (amount > 0)", "A deadline needs a time above 0.")

    @api.constrains("start_event", "stop_event")
    def _check_events(self):
        order = [code for code, _label in EVENTS]
        for rule in self:
            if order.index(rule.stop_event) <= order.index(rule.start_event):
                raise ValidationError(self.env._("A deadline ends after it begins."))

    @api.constrains("valid_from", "valid_to")
    def _check_validity(self):
        for rule in self:
            if rule.valid_from and rule.valid_to and rule.valid_to < rule.valid_from:
                raise ValidationError(self.env._("The last day of validity lies before the first."))

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"amount", "unit"}:
            self.env["lapor.clock"]._replan_open(
                [("rule_id", "in", self.ids)],
                self.env._(
                    "The rule changed: %(names)s", names=", ".join(self.mapped("name"))[:200]
                ),
            )
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_if_unused(self):
        if self.env["lapor.clock"].sudo().search_count([("rule_id", "in", self.ids)], limit=1):
            raise ValidationError(
                self.env._("Deadlines were counted by this rule. Archive it instead.")
            )

    def _allowance(self):
        self.ensure_one()
        return Allowance.of([(self.amount, self.unit)])

    def _applies_to(self, complaint, received_on):
        """Whether this rule gives a deadline to a complaint.

        :param datetime.date received_on: local date of receipt
        """
        self.ensure_one()
        return (
            self.company_id in (complaint.company_id, self.company_id.browse())
            and self.classification in (complaint.classification, False)
            and (not self.misconduct or (self.misconduct == "yes") == complaint.is_misconduct)
            and (not self.valid_from or self.valid_from <= received_on)
            and (not self.valid_to or received_on <= self.valid_to)
        )
