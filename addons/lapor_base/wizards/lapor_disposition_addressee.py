from odoo import fields, models


class LaporDispositionAddressee(models.TransientModel):
    """One more addressee in a dialog that issues dispositions."""

    _name = "lapor.disposition.addressee"
    _description = "Further Addressee"

    advance_id = fields.Many2one("lapor.advance", ondelete="cascade")
    act_id = fields.Many2one("lapor.disposition.act", ondelete="cascade")
    mass_id = fields.Many2one("lapor.disposition.mass", ondelete="cascade")
    position_id = fields.Many2one("lapor.position", required=True)
    kind = fields.Selection(
        [("helper", "Helps"), ("copy", "Copy")], required=True, default="helper"
    )
    required = fields.Boolean(
        string="Required Part",
        default=True,
        help="The step of whoever is in charge waits for this part.",
    )
    date_due = fields.Datetime(string="Due", help="Empty: as the disposition.")
