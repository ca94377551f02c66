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

#: More open cases than this are looked at by the background job.
SYNC_AT_ONCE = 200
SYNC_PAGE = 200


class LaporTimeRule(models.Model):
    """A deadline that a rule of the state or of a government gives, beside the SOP's.

    Applies to complaints received between its dates; changing it moves the open clocks.
    """

    _name = "lapor.time.rule"
    _description = "Deadline by Rule"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True,
        help="Short technical name. A rule of a government goes instead of the common one with "
        "the same code.",
    )
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
    category_ids = fields.Many2many(
        "lapor.category",
        string="Categories",
        help="With those below them. Empty: all categories.",
    )
    misconduct = fields.Selection(
        [("yes", "Misconduct cases only"), ("no", "Not for misconduct cases")],
        help="Empty: for both.",
    )
    ends_open = fields.Boolean(
        string="Ends on an Open Day",
        help="An end that falls on a day on which the office is closed is due on the next day on "
        "which it is open. Only calendar days can end on such a day.",
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
    sync_reason = fields.Char(
        readonly=True, copy=False, help="Set: the background job looks at the open cases."
    )
    sync_done_to = fields.Integer(readonly=True, copy=False)

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

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        if not self.env.context.get("install_module"):
            rules._sync(self.env._("New rule: %s", ", ".join(rules.mapped("name"))[:200]))
        return rules

    def write(self, vals):
        if vals.keys() & {"start_event", "on_complainant"} and self._has_clocks():
            raise ValidationError(
                self.env._(
                    "Deadlines were counted by this rule. Give it a last day of validity and "
                    "add a new rule, so that old cases keep their deadlines."
                )
            )
        names = sorted(self._scope_fields() & vals.keys())
        before = [[rule[name] for name in names] for rule in self]
        result = super().write(vals)
        if before != [[rule[name] for name in names] for rule in self]:
            self._sync(self.env._("The rule changed: %(names)s", names=self._names()))
        if vals.keys() & {"amount", "unit", "ends_open"}:
            self.env["lapor.clock"]._replan_open(
                [("rule_id", "in", self.ids)],
                self.env._("The rule changed: %(names)s", names=self._names()),
            )
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_if_unused(self):
        if self._has_clocks():
            raise ValidationError(
                self.env._("Deadlines were counted by this rule. Archive it instead.")
            )

    def _has_clocks(self):
        # Also clocks of cases that the editor of rules may not read.
        clocks = self.env["lapor.clock"].sudo()
        return bool(clocks.search_count([("rule_id", "in", self.ids)], limit=1))

    def _names(self):
        return ", ".join(self.mapped("name"))[:200]

    @api.model
    def _scope_fields(self):
        """Fields that say to which cases a rule applies, and until when its clocks run."""
        return {
            "company_id",
            "classification",
            "category_ids",
            "misconduct",
            "valid_from",
            "valid_to",
            "stop_event",
            "active",
        }

    def _sync(self, reason):
        """Start and stop clocks of open cases as these rules now say; where there are many
        cases, or somebody is writing one, the background job does."""
        # Whoever may edit rules moves clocks of cases that he may not read.
        Complaint = self.env["lapor.complaint"].sudo()
        cases = Complaint.search([("phase", "!=", "closed")], limit=SYNC_AT_ONCE + 1)
        if len(cases) > SYNC_AT_ONCE or cases.try_lock_for_update() != cases:
            self.write({"sync_reason": reason, "sync_done_to": 0})
            self.env["lapor.clock"]._wake_job("ir_cron_replan")
            return
        cases.invalidate_recordset()
        cases._sync_clocks(reason)

    def _sync_page(self):
        """Look at the next page of open cases, as the background job.

        :returns: number of cases looked at; 0 when the rule is done
        """
        self.ensure_one()
        # All cases that the rule concerns, whoever edited it.
        Complaint = self.env["lapor.complaint"].sudo()
        cases = Complaint.search(
            [("phase", "!=", "closed"), ("id", ">", self.sync_done_to)],
            order="id",
            limit=SYNC_PAGE,
        )
        locked = cases.try_lock_for_update()
        if cases and not locked:
            # All are being written: the next run of the job tries again.
            return 0
        if not cases:
            self.write({"sync_reason": False, "sync_done_to": 0})
            return 0
        locked.invalidate_recordset()
        locked._sync_clocks(self.sync_reason)
        # Go on after the first that somebody is writing, not past it.
        left = (cases - locked)[:1]
        self.sync_done_to = left.id - 1 if left else cases[-1].id
        return len(locked)

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
            and (not self.category_ids or self._covers(complaint.category_id))
            and (not self.misconduct or (self.misconduct == "yes") == complaint.is_misconduct)
            and (not self.valid_from or self.valid_from <= received_on)
            and (not self.valid_to or received_on <= self.valid_to)
        )

    def _applying_to(self, complaint, received_on):
        """Those of these rules that give a deadline to a complaint; a government's own goes
        instead of the common one with the same code.

        :param datetime.date received_on: local date of receipt
        :rtype: lapor.time.rule
        """
        fitting = self.filtered(lambda rule: rule._applies_to(complaint, received_on))
        own = set(fitting.filtered("company_id").mapped("code"))
        return fitting.filtered(lambda rule: rule.company_id or rule.code not in own)

    def _covers(self, category):
        """Whether a category is one of the rule's, or below one."""
        above = {int(key) for key in (category.parent_path or "").split("/") if key}
        return not above.isdisjoint(self.category_ids.ids)
