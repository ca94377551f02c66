from odoo import fields, models


class LaporHold(models.Model):
    """A time in which a case waits for its complainant (tunda): what is missing, until when.

    Written by the acts of ``lapor.hold.mixin`` only.
    """

    _name = "lapor.hold"
    _description = "Hold of a Complaint"
    _inherit = ["lapor.acts.mixin"]
    _order = "complaint_id, id"
    _rec_name = "complaint_id"

    complaint_id = fields.Many2one(
        "lapor.complaint", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(related="complaint_id.company_id", store=True, index=True)
    visit_id = fields.Many2one("lapor.complaint.step", required=True, ondelete="restrict")
    item_ids = fields.Many2many("lapor.missing.item", string="Missing")
    note = fields.Text()
    response_id = fields.Many2one("lapor.response", string="Request", ondelete="restrict")
    started_at = fields.Datetime(string="Held Since", required=True, default=fields.Datetime.now)
    started_by_id = fields.Many2one("res.users", string="Held By", required=True)
    date_until = fields.Date(
        string="Complete By", required=True, help="Until when the complainant may complete it."
    )
    ended_at = fields.Datetime(string="Resumed On")
    ended_by_id = fields.Many2one("res.users", string="Resumed By")

    _open_uniq = models.UniqueIndex(
        "(complaint_id) WHERE ended_at IS NULL", "A complaint is held once at a time."
    )
