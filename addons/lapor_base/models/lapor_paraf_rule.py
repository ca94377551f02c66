from odoo import api, fields, models
from odoo.exceptions import ValidationError


class LaporParafRule(models.Model):
    """One line of the list of those who initial a response before an office signs it."""

    _name = "lapor.paraf.rule"
    _description = "Initial before Signing"
    _order = "unit_id, sequence, id"
    _check_company_auto = True

    unit_id = fields.Many2one("lapor.unit", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="unit_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10, help="The lowest initials first.")
    role_id = fields.Many2one(
        "lapor.role",
        ondelete="restrict",
        help="Whoever has this role in the drafter's unit, or above it.",
    )
    position_id = fields.Many2one("lapor.position", ondelete="restrict", check_company=True)
    sop_step_id = fields.Many2one(
        "lapor.sop.step",
        string="Only at",
        ondelete="cascade",
        domain="[('kind', '=', 'sign')]",
        help="A step of signing that has a list of its own. Empty: for all others.",
    )

    @api.depends("role_id", "position_id")
    def _compute_display_name(self):
        for rule in self:
            rule.display_name = rule.position_id.name or rule.role_id.name

    @api.constrains("unit_id", "role_id", "position_id")
    def _check_who(self):
        for rule in self:
            if bool(rule.role_id) == bool(rule.position_id):
                raise ValidationError(
                    self.env._("An initial is given by a role or by one position: choose one.")
                )

    def _find_positions(self, unit):
        """The positions that these rules mean, in order.

        :param unit: the drafter's ``lapor.unit``
        :rtype: lapor.position
        """
        positions = self.env["lapor.position"]
        for rule in self:
            positions |= rule.position_id.filtered("active") or unit._find_position(rule.role_id)
        return positions
