from odoo import models


class LaporTimeRule(models.Model):
    """A rule whose name of then is in the reports of then."""

    _name = "lapor.time.rule"
    _inherit = ["lapor.time.rule", "lapor.figure.past.mixin"]
