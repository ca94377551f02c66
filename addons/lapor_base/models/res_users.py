from odoo import api, fields, models


class ResUsers(models.Model):
    """Staff: rank and NIP for signatures, and what a user's positions let them see."""

    _inherit = "res.users"

    lapor_nip = fields.Char(string="NIP", help="18 digits, with or without spaces.")
    lapor_rank = fields.Char(string="Pangkat / Golongan")
    lapor_position_ids = fields.One2many(
        "lapor.position", "holder_id", string="Positions", readonly=True
    )
    lapor_leave_ids = fields.One2many("lapor.leave", "user_id", string="Leaves of Absence")
    lapor_unit_ids = fields.Many2many(
        "lapor.unit", compute="_compute_lapor_scope", string="My Units", compute_sudo=True
    )
    lapor_coordinated_unit_ids = fields.Many2many(
        "lapor.unit",
        compute="_compute_lapor_scope",
        string="Coordinated Offices",
        compute_sudo=True,
    )
    lapor_inspected_company_ids = fields.Many2many(
        "res.company", compute="_compute_lapor_scope", string="Inspects", compute_sudo=True
    )
    lapor_overseen_company_ids = fields.Many2many(
        "res.company", compute="_compute_lapor_scope", string="Oversees", compute_sudo=True
    )

    @api.depends("lapor_position_ids.role_id", "lapor_position_ids.unit_id")
    def _compute_lapor_scope(self):
        """What record rules compare with: units in which the user acts, and offices that the
        user coordinates, inspects or oversees. Units include their parts."""
        Unit = self.env["lapor.unit"].with_context(active_test=False)
        for user in self:
            positions = self.env["lapor.position"]._held_by(user)
            user.lapor_unit_ids = Unit.search([("id", "child_of", positions.unit_id.ids)])
            user.lapor_coordinated_unit_ids = positions.filtered(
                "role_id.coordinates"
            ).unit_id.office_id.filtered(lambda unit: unit.kind == "manager")
            user.lapor_inspected_company_ids = positions.filtered("role_id.inspects").company_id
            user.lapor_overseen_company_ids = positions.filtered("role_id.oversees").company_id

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        if any("group_ids" in vals for vals in vals_list):
            self.env["lapor.position"]._sync_groups(users)
        return users

    def write(self, vals):
        result = super().write(vals)
        if "active" in vals:
            # Administrators of users need no right on positions: these only follow.
            self.env["lapor.position"]._of(self)._apply_holders(self)
        if "group_ids" in vals:
            # Groups of roles are given by positions alone, whoever writes them.
            self.env["lapor.position"]._sync_groups(self)
        if vals.keys() & {"name", "lapor_nip", "lapor_rank"}:
            # The appointments in force keep the new particulars beside those before.
            self.env["lapor.appointment"]._record(self.env["lapor.position"]._of(self))
        return result

    def action_archive(self):
        # The core deletes the activities of users it archives: the steps of an SOP must be in
        # other hands, or in the queue, before.
        self.write({"active": False})
        return super().action_archive()

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + ["lapor_nip", "lapor_rank"]
