from odoo import api, fields, models


class LaporResponseParaf(models.Model):
    """One initial (paraf) that a submitted response needs before it is signed.

    Given in order by the holder of the position (Plt. and Plh. included). A vacant position is
    passed over while it is vacant. A changed text voids the initials given before.
    """

    _name = "lapor.response.paraf"
    _description = "Initial on a Response"
    _inherit = ["lapor.turn.mixin", "lapor.evidence.mixin", "lapor.readdress.mixin"]
    _order = "response_id, version, sequence, id"
    _check_company_auto = True
    _lapor_proved = (
        "response_id",
        "complaint_id",
        "version_id",
        "sequence",
        "position_id",
        "state",
        "user_id",
        "title",
        "at",
        "note",
    )

    response_id = fields.Many2one("lapor.response", required=True, ondelete="restrict", index=True)
    complaint_id = fields.Many2one(
        "lapor.complaint", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, precompute=True, index=True
    )
    version_id = fields.Many2one(
        "lapor.response.version", string="Text", required=True, ondelete="restrict"
    )
    version = fields.Integer(related="version_id.number", store=True)
    sequence = fields.Integer(required=True)
    position_id = fields.Many2one("lapor.position", required=True, ondelete="restrict", index=True)
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("given", "Given"),
            ("refused", "Refused"),
            ("skipped", "Passed Over (vacant)"),
            ("own", "Passed Over (signs himself)"),
            ("void", "Void"),
        ],
        required=True,
        default="waiting",
    )
    user_id = fields.Many2one("res.users", string="Initialled By", ondelete="restrict")
    title = fields.Char(help="Title at that moment, with Plt. or Plh.")
    at = fields.Datetime(string="Time")
    note = fields.Text()

    @api.depends("position_id.name", "sequence")
    def _compute_display_name(self):
        for paraf in self:
            # The name of a position, which may be one of another office.
            paraf.display_name = f"{paraf.sequence}. {paraf.sudo().position_id.name}"

    def _turn_user(self):
        self.ensure_one()
        if self.state == "waiting" and self.response_id.next_paraf_id == self:
            return self.position_id._holder_now()
        return self.env["res.users"]

    def _turn_summary(self):
        if self.response_id.kind == "interim":
            return self.env._("Agree with the interim answer (version %s)", self.version)
        if self.response_id.beside_sop:
            return self.env._("Agree with what is to leave the office (version %s)", self.version)
        return self.env._("Initial the response (version %s)", self.version)

    def _settle(self, state, note=False):
        """End parafs of this user: given, refused, passed over or void."""
        for paraf in self:
            paraf.write(
                {
                    "state": state,
                    "user_id": self.env.uid if state in ("given", "refused") else False,
                    "title": paraf.position_id._signing_as(
                        self.env.user if state in ("given", "refused") else None
                    )["title"],
                    "at": fields.Datetime.now(),
                    "note": note,
                }
            )

    def _is_open_turn(self):
        self.ensure_one()
        return self.state == "waiting"

    def _after_readdress(self):
        self.response_id._sync_parafs()

    def _follow_holders(self, positions):
        """Hand waiting parafs of these positions to their holders of today."""
        parafs = self.search([("position_id", "in", positions.ids), ("state", "=", "waiting")])
        parafs.response_id._sync_parafs()
