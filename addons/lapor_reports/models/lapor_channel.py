from odoo import models


class LaporChannel(models.Model):
    """A channel whose name of then is in the reports of then."""

    _name = "lapor.channel"
    _inherit = ["lapor.channel", "lapor.figure.past.mixin"]
