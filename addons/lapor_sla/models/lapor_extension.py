from odoo import fields, models

from odoo.addons.lapor_base.models.lapor_sop_step import ALLOWANCE_UNITS


class LaporExtension(models.Model):
    """A request for the longer time that the SOP allows a step, and a superior's decision.

    Balangan's step 7: 5 working days; for a field visit or across OPDs at the latest 14.
    Written by the acts on a complaint only.
    """

    _name = "lapor.extension"
    _description = "Request for More Time"
    _inherit = ["lapor.evidence.mixin"]
    _order = "complaint_id, id"
    _rec_name = "complaint_id"

    _lapor_proved = (
        "complaint_id",
        "visit_id",
        "ground",
        "reason",
        "amount",
        "unit",
        "asked_at",
        "asked_by_id",
        "position_id",
        "state",
        "decided_at",
        "decided_by_id",
        "decision_note",
    )

    complaint_id = fields.Many2one(
        "lapor.complaint", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, precompute=True, index=True
    )
    visit_id = fields.Many2one(
        "lapor.complaint.step", string="Step", required=True, ondelete="restrict", index=True
    )
    ground = fields.Selection(
        [("visit", "Field visit"), ("units", "Several OPDs"), ("other", "Other")],
        required=True,
        default="visit",
    )
    reason = fields.Text(required=True)
    amount = fields.Integer(
        string="Time Asked For", required=True, help="The whole time of the step, not the addition."
    )
    unit = fields.Selection(ALLOWANCE_UNITS, required=True)
    asked_at = fields.Datetime(required=True, default=fields.Datetime.now)
    asked_by_id = fields.Many2one("res.users", required=True)
    position_id = fields.Many2one(
        "lapor.position", string="Asked Of", required=True, ondelete="restrict"
    )
    state = fields.Selection(
        [
            ("asked", "Asked"),
            ("granted", "Granted"),
            ("refused", "Refused"),
            ("void", "No Longer Needed"),
        ],
        required=True,
        default="asked",
        index=True,
    )
    decided_at = fields.Datetime()
    decided_by_id = fields.Many2one("res.users")
    decision_note = fields.Text(string="Decision")

    _open_uniq = models.UniqueIndex(
        "(visit_id) WHERE state = 'asked'", "More time is asked for once at a time."
    )
    _amount_check = models.Constraint("CHECK (amount > 0)", "Ask for a time above 0.")
