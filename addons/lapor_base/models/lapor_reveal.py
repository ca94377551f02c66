from odoo import fields, models


class LaporReveal(models.Model):
    """Who saw the identity of an anonymous complainant, when and why; or tried to.

    Record rules let a person read the complainant while an opening for that person lasts.
    Written by the acts of ``lapor.identity.mixin`` only. The reason is for the coordinator:
    it may name the person.
    """

    _name = "lapor.reveal"
    _description = "Opening of an Identity"
    _inherit = ["lapor.evidence.mixin"]
    _order = "id desc"
    _rec_name = "complaint_id"
    _lapor_proved = (
        "complaint_id",
        "user_id",
        "opened_by_id",
        "reason",
        "opened_at",
        "date_until",
        "is_refused",
    )

    complaint_id = fields.Many2one(
        "lapor.complaint", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, precompute=True, index=True
    )
    user_id = fields.Many2one(
        "res.users", string="Shown To", required=True, ondelete="restrict", index=True
    )
    opened_by_id = fields.Many2one("res.users", required=True, ondelete="restrict")
    reason = fields.Text(required=True)
    opened_at = fields.Datetime(required=True, default=fields.Datetime.now)
    date_until = fields.Datetime(
        string="Visible Until", help="Empty: the attempt was refused, nothing was shown."
    )
    is_refused = fields.Boolean(string="Refused")

    def _record(self, code, data):
        """Log what became of openings. The reason is proved with the row, not told."""
        self.env["lapor.event"]._log(
            [
                {
                    "complaint": reveal.complaint_id,
                    "code": code,
                    "data": {
                        "reveal": reveal.id,
                        "for": reveal.user_id.id,
                        **data,
                    },
                }
                for reveal in self
            ]
        )
