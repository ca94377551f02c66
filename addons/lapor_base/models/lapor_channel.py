from odoo import fields, models


class LaporChannel(models.Model):
    """The way by which a complaint came in, and by which its answer goes out."""

    _name = "lapor.channel"
    _description = "Complaint Channel"
    _order = "sequence, id"

    name = fields.Char(required=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    delivery = fields.Selection(
        [("email", "E-mail, sent by the system"), ("manual", "By staff, with a proof")],
        required=True,
        default="manual",
        help="How a response leaves by this channel.",
    )
    delivery_help = fields.Text(
        help="What staff must do to deliver a response by this channel, and which proof to note."
    )
    company_id = fields.Many2one(
        "res.company", string="Government", index=True, help="Empty: for all governments."
    )
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "Two channels cannot have the same code."
    )
