from odoo import api, fields, models
from odoo.exceptions import UserError


class LaporInspectionMember(models.Model):
    """A member of the team of an inspection, with the task and the own signature."""

    _name = "lapor.inspection.member"
    _description = "Member of an Inspection Team"
    _inherit = ["lapor.inspection.part.mixin", "lapor.turn.mixin"]
    _order = "inspection_id, sequence, id"
    _rec_name = "user_id"

    sequence = fields.Integer(default=10)
    user_id = fields.Many2one(
        "res.users",
        string="Member",
        required=True,
        ondelete="restrict",
        domain="[('share', '=', False)]",
    )
    position_id = fields.Many2one("lapor.position", compute="_compute_position_id")
    task = fields.Char(help="Such as head, photos, measuring, minutes.")
    is_head = fields.Boolean(string="Head")
    state = fields.Selection(
        [("waiting", "Not Yet Signed"), ("signed", "Signed"), ("excused", "Does Not Sign")],
        required=True,
        default="waiting",
        readonly=True,
    )
    appointment_id = fields.Many2one(
        "lapor.appointment",
        readonly=True,
        ondelete="restrict",
        help="Name, rank and NIP at that moment.",
    )
    signed_title = fields.Char(readonly=True, help="Title at that moment, with Plt. or Plh.")
    signed_at = fields.Datetime(string="Signed On", readonly=True)
    text_hash = fields.Char(string="Fingerprint", readonly=True)
    excuse_reason = fields.Text(string="Why Not", readonly=True)

    _user_uniq = models.UniqueIndex("(inspection_id, user_id)", "Nobody is in the same team twice.")

    @api.depends("user_id", "inspection_id.visit_id.unit_id")
    def _compute_position_id(self):
        """Of several positions the one in the unit that inspects, else in its office."""
        for member in self:
            # The titles of colleagues are no secret inside a government.
            positions = member.user_id.sudo().lapor_position_ids
            unit = member.sudo().inspection_id.visit_id.unit_id
            member.position_id = positions.filtered(
                lambda position, own=member: position.company_id == own.company_id
            ).sorted(
                lambda position, unit=unit: (
                    position.unit_id != unit,
                    position.unit_id.office_id != unit.office_id,
                )
            )[:1]

    @api.model
    def _act_fields(self):
        return {
            *("state", "signed_title", "signed_at", "text_hash", "excuse_reason"),
            "appointment_id",
        }

    def _turn_user(self):
        self.ensure_one()
        waits = (
            self.state == "waiting"
            and self.inspection_id.state == "signing"
            and self.complaint_id.phase != "closed"
        )
        return self.user_id if waits else self.env["res.users"]

    def _turn_summary(self):
        return self.env._("Sign the inspection report (BA)")

    def _sign(self, text_hash):
        signing = self.position_id._signing_as(self.user_id)
        self.write(
            {
                "state": "signed",
                "signed_at": fields.Datetime.now(),
                "signed_title": signing["title"],
                "appointment_id": signing["appointment"].id,
                "text_hash": text_hash,
            }
        )

    def action_open_excuse(self):
        """The dialog in which the team's head says why a member does not sign."""
        self.ensure_one()
        if self.state != "waiting":
            raise UserError(self.env._("This member's signature is not waited for."))
        return self.inspection_id._ask_action(
            "excuse", self.env._("Does Not Sign"), member_id=self.id
        )
