from odoo import api, fields, models
from odoo.exceptions import ValidationError


class LaporRole(models.Model):
    """A kind of actor ("Pelaksana") that SOPs name, such as Operator or Kepala Dinas.

    A role carries rights: whoever holds a position with this role is in its group, and
    leaves the group with the position (see ``lapor.position``). Where a role is looked
    up for a case is said by the SOP's own column (``lapor.sop.actor.scope``).
    """

    _name = "lapor.role"
    _description = "Complaint Role"
    _order = "sequence, id"

    name = fields.Char(required=True)
    code = fields.Char(required=True, help="Short technical name, used by data files.")
    sequence = fields.Integer(default=10)
    group_id = fields.Many2one(
        "res.groups",
        string="Access Group",
        required=True,
        ondelete="restrict",
        help="Holders of a position with this role are members of this group.",
    )
    coordinates = fields.Boolean(
        help="In the managing office, this role sees every complaint of that office, "
        "also those handled by other units."
    )
    inspects = fields.Boolean(
        help="This role sees the misconduct cases of its government (APIP / Inspektorat)."
    )
    oversees = fields.Boolean(
        help="This role reads every complaint of its government except misconduct cases "
        "(coordination team)."
    )
    active = fields.Boolean(default=True)
    position_ids = fields.One2many("lapor.position", "role_id", string="Positions")

    _code_uniq = models.UniqueIndex("(code)", "Two roles cannot have the same code.")

    @api.constrains("group_id")
    def _check_group_id(self):
        for role in self:
            if not role.group_id._is_lapor_role_group():
                raise ValidationError(
                    self.env._(
                        "“%(role)s” cannot give “%(group)s”: a role gives a group of Lapor's own "
                        "(privilege “Role in Complaints”) that brings no right outside Lapor and "
                        "does not make its holder an administrator.",
                        role=role.name,
                        # As the system: the group may be unreadable, and its name says why.
                        group=role.group_id.sudo().full_name,
                    )
                )

    def _watches(self):
        """Whether the role coordinates, oversees or inspects."""
        return bool(self.coordinates or self.oversees or self.inspects)

    def write(self, vals):
        with self.env["lapor.position"]._not_for_oneself():
            result = super().write(vals)
        if vals.keys() & {"coordinates", "inspects", "oversees"}:
            # Record rules are cached with what these flags let each user see.
            self.env.registry.clear_cache()
        return result
