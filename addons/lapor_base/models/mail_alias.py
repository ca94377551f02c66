from odoo import models


class MailAlias(models.Model):
    """Addresses of offices."""

    _name = "mail.alias"
    _inherit = ["mail.alias", "lapor.address.book.mixin"]
