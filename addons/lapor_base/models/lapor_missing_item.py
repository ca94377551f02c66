from odoo import fields, models


class LaporMissingItem(models.Model):
    """Something a complaint can lack (the 5W1H, identity, evidence). Offices edit the list."""

    _name = "lapor.missing.item"
    _description = "Missing Item"
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    question = fields.Char(
        required=True, help="How the complainant is asked for it, in the request that is sent."
    )
    company_id = fields.Many2one(
        "res.company", string="Government", index=True, help="Empty: for all governments."
    )
    active = fields.Boolean(default=True)
