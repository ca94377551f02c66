from odoo import api, fields, models
from odoo.exceptions import ValidationError

OUTCOMES = [
    ("handled", "Handled"),
    ("answered", "Answered with Information"),
    ("scheduled", "Scheduled / Awaiting Budget"),
    ("out_of_authority", "Out of Authority"),
    ("not_proven", "Not Proven"),
    ("insufficient", "Insufficient Information"),
    ("withdrawn", "Withdrawn by the Complainant"),
    ("duplicate", "Duplicate"),
    ("no_response", "No Reply from the Complainant"),
    ("archived", "Archived"),
]


class LaporSopTransition(models.Model):
    """An arrow of an SOP: from a step to another step, or to the end with an outcome.

    Forward arrows demand what the step's kind demands, and ``demand_ids`` besides; all
    other arrows demand only ``demand_ids`` (a quick answer needs no disposition).
    """

    _name = "lapor.sop.transition"
    _lapor_government = "step_id.sop_id.company_id"
    _description = "Arrow of an SOP"
    _inherit = ["lapor.sop.part.mixin"]
    _order = "step_id, sequence, id"

    step_id = fields.Many2one("lapor.sop.step", required=True, ondelete="cascade", index=True)
    sop_id = fields.Many2one(related="step_id.sop_id", store=True, index=True, string="SOP")
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Label", required=True)
    kind = fields.Selection(
        [
            ("forward", "Forward"),
            ("quick", "Quick path"),
            ("return", "Return"),
            ("branch", "Branch"),
            ("close", "Close"),
        ],
        required=True,
        default="forward",
    )
    to_step_id = fields.Many2one(
        "lapor.sop.step",
        ondelete="cascade",
        index="btree_not_null",
        domain="[('sop_id', '=', sop_id)]",
    )
    outcome = fields.Selection(OUTCOMES, help="How the case ends when no step follows.")
    requires_note = fields.Boolean(string="Reason Required")
    demand_ids = fields.Many2many(
        "lapor.step.kind",
        string="Also Demands",
        ondelete="restrict",
        help="Evidence that must be there before this arrow can be taken.",
    )
    help = fields.Text(help="When to take this arrow; shown to the person who decides.")

    _target_check = models.Constraint(
        "CHECK ((to_step_id IS NULL) <> (outcome IS NULL))",
        "An arrow leads either to a step or to an outcome.",
    )

    @api.constrains("step_id", "to_step_id")
    def _check_same_sop(self):
        for transition in self:
            if transition.to_step_id and transition.to_step_id.sop_id != transition.step_id.sop_id:
                raise ValidationError(self.env._("An arrow cannot lead into another SOP."))
            if transition.to_step_id == transition.step_id:
                raise ValidationError(self.env._("An arrow cannot lead back to its own step."))

    def _demands(self):
        """Kinds of evidence that must be there to take this arrow."""
        self.ensure_one()
        own = self.step_id.kind_id if self.kind == "forward" else self.env["lapor.step.kind"]
        return own | self.demand_ids

    @api.model
    def _get_sops(self, vals):
        return self.env["lapor.sop.step"].browse(vals.get("step_id")).sop_id
