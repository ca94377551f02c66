from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.allowance import format_allowance

PHASES = [
    ("intake", "Incoming"),
    ("verification", "Verification"),
    ("disposition", "Disposition"),
    ("handling", "Follow-up"),
    ("response", "Response"),
    ("closed", "Closed"),
]
ALLOWANCE_UNITS = [
    ("minute", "minutes"),
    ("hour", "hours"),
    ("working_day", "working days"),
    ("calendar_day", "calendar days"),
]


class LaporSopStep(models.Model):
    """One row of an SOP's step table.

    ``number`` is what is printed and proves nothing; ``sequence`` is the true order. The
    actor column is the document's; ``role_id`` and ``alternative_role_id`` are who does it
    in fact (the flow marks of the founding documents were lost, so these are inferred).
    """

    _name = "lapor.sop.step"
    _description = "Step of an SOP"
    _inherit = ["lapor.sop.part.mixin"]
    _order = "sop_id, sequence, id"

    sop_id = fields.Many2one(
        "lapor.sop", string="SOP", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="sop_id.company_id", store=True)
    number = fields.Char(string="No.", help="As printed.")
    sequence = fields.Integer(default=10, help="True order of the steps.")
    name = fields.Text(string="Activity", required=True, help="Word for word as printed.")
    short_name = fields.Char(
        required=True, help="A few words for boards and buttons, such as “Draft the response”."
    )
    actor_id = fields.Many2one(
        "lapor.sop.actor", string="Actor Column", domain="[('sop_id', '=', sop_id)]"
    )
    actor_note = fields.Char(
        help="Words printed inside the actor cells of this row, such as a branch label, "
        "with the column before them."
    )
    actor_note_actor_id = fields.Many2one(
        "lapor.sop.actor",
        string="Note in Column",
        domain="[('sop_id', '=', sop_id)]",
        help="The actor column in whose cell these words are printed.",
    )
    role_id = fields.Many2one(
        "lapor.role", compute="_compute_role_id", store=True, readonly=False, ondelete="restrict"
    )
    alternative_role_id = fields.Many2one(
        "lapor.role",
        string="Otherwise",
        ondelete="restrict",
        help="Who does the step where nobody has the first role.",
    )
    scope = fields.Selection(related="actor_id.scope")
    kind_id = fields.Many2one("lapor.step.kind", required=True, ondelete="restrict")
    kind = fields.Char(related="kind_id.code", store=True, string="Kind Code")
    phase = fields.Selection(PHASES, required=True, default="intake")
    is_reopen_target = fields.Boolean(
        string="Reopened Cases Come Here",
        help="Where a closed case goes on when it is opened again. Without such a step: where it "
        "stood, or its last follow-up.",
    )
    input = fields.Text(help="Column “Input”, as printed (Kapuas).")
    requirement = fields.Text(help="Column “Persyaratan / Kelengkapan”, as printed.")
    allowance_printed = fields.Char(string="Time as Printed")
    allowance_amount = fields.Integer(string="Time")
    allowance_unit = fields.Selection(ALLOWANCE_UNITS, required=True, default="working_day")
    allowance_text = fields.Char(compute="_compute_allowance_text")
    extension_amount = fields.Integer(
        string="Extended Time", help="Time standard when the extension has been granted."
    )
    extension_unit = fields.Selection(ALLOWANCE_UNITS, default="working_day")
    extension_count = fields.Integer(
        string="How Often",
        default=1,
        help="How many times one complaint may be given the longer time for this step, however "
        "often it comes back to it.",
    )
    extension_reason = fields.Char(help="When the SOP allows the longer time.")
    output = fields.Text(help="Column “Output”, as printed.")
    remark = fields.Text(string="Keterangan", help="Column “Keterangan”, as printed.")
    transition_ids = fields.One2many("lapor.sop.transition", "step_id", string="Arrows")

    @api.depends("actor_id")
    def _compute_role_id(self):
        for step in self:
            step.role_id = step.actor_id.role_id

    @api.depends("allowance_amount", "allowance_unit")
    @api.depends_context("lang")
    def _compute_allowance_text(self):
        lang = "id" if (self.env.lang or "").startswith("id") else "en"
        for step in self:
            step.allowance_text = format_allowance(
                step.allowance_amount, step.allowance_unit or "minute", lang
            )

    @api.depends("number", "short_name")
    def _compute_display_name(self):
        for step in self:
            number = (step.number or "").rstrip(".")
            step.display_name = f"{number}. {step.short_name}" if number else step.short_name

    @api.constrains("allowance_amount", "extension_amount", "extension_count")
    def _check_amounts(self):
        for step in self:
            if step.allowance_amount < 0 or step.extension_amount < 0:
                raise ValidationError(self.env._("A time standard cannot be negative."))
            if step.extension_count < 1:
                raise ValidationError(
                    self.env._(
                        "A longer time is given once or more often. Where the SOP allows none, "
                        "leave the longer time at 0."
                    )
                )

    @api.constrains("actor_id", "actor_note_actor_id", "sop_id")
    def _check_actors(self):
        for step in self:
            if (step.actor_id | step.actor_note_actor_id).sop_id - step.sop_id:
                raise ValidationError(self.env._("The actor column belongs to another SOP."))
