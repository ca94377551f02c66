from odoo import fields, models


class LaporSopActor(models.Model):
    """A column under "Pelaksana" in an SOP's step table.

    The printed words are kept ("Kepala UPD/Instansi/BUMD"); the role is what they mean,
    and the scope says in which office the role is looked up.
    """

    _name = "lapor.sop.actor"
    _lapor_government = "sop_id.company_id"
    _description = "Actor Column of an SOP"
    _inherit = ["lapor.sop.part.mixin"]
    _order = "sop_id, sequence, id"

    sop_id = fields.Many2one(
        "lapor.sop", string="SOP", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, help="Heading of the column, as printed.")
    block = fields.Char(help="Heading above several columns, as printed.")
    role_id = fields.Many2one("lapor.role", ondelete="restrict")
    scope = fields.Selection(
        [
            ("managing", "Managing office"),
            ("handling", "Unit that handles the case"),
            ("citizen", "Complainant"),
        ],
        required=True,
        default="managing",
        help="Where the holder of the role is looked up. As long as no unit handles the case, "
        "it is looked up in the managing office.",
    )
