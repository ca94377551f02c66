from odoo import api, models

#: Whoever is in one of these is more than any role makes of its holder.
FORBIDDEN = ("base.group_system", "base.group_erp_manager", "lapor_base.group_lapor_admin")
#: What every user, or every portal user, has anyway.
COMMON = ("base.group_user", "base.group_portal")
PRIVILEGES = ("res_groups_privilege_lapor", "res_groups_privilege_lapor_role")
#: What the groups of roles are made of, and what may be given by hand: no role takes them.
BY_HAND = (
    "lapor_base.group_lapor_user",
    "lapor_base.group_lapor_intake",
    "lapor_base.group_lapor_inspect",
)


class ResGroups(models.Model):
    """Which groups a position may give to its holder."""

    _inherit = "res.groups"

    def _is_lapor_role_group(self):
        """Whether a role may give and take this group: it is Lapor's own, and whatever it brings
        is Lapor's own too, or what every user has anyway."""
        self.ensure_one()
        # Whoever makes a position need not read groups; only yes or no comes back.
        group = self.sudo()
        own = [self.env.ref(f"lapor_base.{name}", raise_if_not_found=False) for name in PRIVILEGES]
        own = {privilege.id for privilege in own if privilege}
        if group.privilege_id.id not in own or group in self._lapor_groups(BY_HAND):
            return False
        brought = group.all_implied_ids
        if brought & self._lapor_groups(FORBIDDEN):
            return False
        foreign = brought.filtered(lambda one: one.privilege_id.id not in own)
        return foreign <= self._lapor_groups(COMMON).all_implied_ids

    @api.model
    def _lapor_groups(self, names):
        # Which groups there are is no secret; what they bring is read as the system.
        groups = self.sudo().browse()
        for name in names:
            groups |= self.env.ref(name, raise_if_not_found=False) or groups
        return groups.sudo()

    @api.constrains("implied_ids", "implied_by_ids", "privilege_id")
    def _check_lapor_roles(self):
        if not self.env.registry.ready:
            # An addon that is being loaded changes one group after the other.
            return
        # A group that changes may be one that a role gives, or one that such a group implies. The
        # roles are looked up as the system: whoever edits groups need not read them.
        groups = (self | self.all_implied_by_ids).sudo()
        roles = self.env["lapor.role"].sudo().with_context(active_test=False)
        roles.search([("group_id", "in", groups.ids)])._check_group_id()
