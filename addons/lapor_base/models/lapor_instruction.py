from odoo import fields, models


class LaporInstruction(models.Model):
    """A tick on the disposition sheet ("Proses lebih lanjut"). Offices edit the list."""

    _name = "lapor.instruction"
    _description = "Disposition Instruction"
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one("res.company", index=True)
    active = fields.Boolean(default=True)
