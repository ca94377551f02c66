from odoo import models


class LaporCategory(models.Model):
    """A category whose name of then is in the reports of then."""

    _name = "lapor.category"
    _inherit = ["lapor.category", "lapor.figure.past.mixin"]
