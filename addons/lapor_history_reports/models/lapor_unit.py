from odoo import fields, models


class LaporUnit(models.Model):
    _inherit = "lapor.unit"

    history_in_reports = fields.Boolean(
        string="In Periodic Reports",
        help="Periodic reports tell besides, in tables of their own, how many complaints of their "
        "period stand in the old register. Final reports stay as they are.",
    )
