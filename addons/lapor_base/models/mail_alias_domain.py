from odoo import models


class MailAliasDomain(models.Model):
    """The part of the addresses behind the @."""

    _name = "mail.alias.domain"
    _inherit = ["mail.alias.domain", "lapor.address.book.mixin"]
