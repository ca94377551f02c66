from odoo import fields, models


class LaporSopLine(models.Model):
    """One line of an SOP's header box, with the number printed before it."""

    _name = "lapor.sop.line"
    _lapor_government = "sop_id.company_id"
    _description = "Header Text of an SOP"
    _inherit = ["lapor.sop.part.mixin"]
    _order = "sop_id, section, sequence, id"
    _rec_name = "text"

    sop_id = fields.Many2one(
        "lapor.sop", string="SOP", required=True, ondelete="cascade", index=True
    )
    section = fields.Selection(
        [
            ("legal_basis", "Legal Basis"),
            ("qualification", "Qualification of Actors"),
            ("relation", "Related SOPs"),
            ("equipment", "Equipment"),
            ("warning", "Warning"),
            ("recording", "Recording"),
        ],
        required=True,
    )
    sequence = fields.Integer(default=10)
    label = fields.Char(string="No.", help="Number or letter as printed, such as “1.” or “a.”.")
    text = fields.Text(required=True)
    regulation_id = fields.Many2one(
        "lapor.regulation",
        ondelete="restrict",
        help="The rule that this line cites.",
    )
