from odoo import fields, models


class LaporMailSecret(models.TransientModel):
    """What a mail server needs to hand over mails for an office; the secret is shown once."""

    _name = "lapor.mail.secret"
    _description = "Key of a Mail Server"

    unit_id = fields.Many2one("lapor.unit", string="Office", required=True, readonly=True)
    url = fields.Char(string="Address", readonly=True)
    secret = fields.Char(readonly=True)
