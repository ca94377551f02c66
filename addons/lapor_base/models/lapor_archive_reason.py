from odoo import fields, models


class LaporArchiveReason(models.Model):
    """Why a complaint is archived without being handled. Offices edit the list."""

    _name = "lapor.archive.reason"
    _description = "Reason for Archiving"
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    notice = fields.Text(
        string="Told to the Complainant",
        required=True,
        help="The sentence with which the notice gives this reason.",
    )
    company_id = fields.Many2one(
        "res.company", string="Government", index=True, help="Empty: for all governments."
    )
    active = fields.Boolean(default=True)
