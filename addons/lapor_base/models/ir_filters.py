from odoo import api, models
from odoo.exceptions import AccessError


class IrFilters(models.Model):
    """A saved search is for people, not for everybody: the core lets every employee make one for
    all users of all governments, and by default hide cases or tasks from them."""

    _inherit = "ir.filters"

    @api.model_create_multi
    def create(self, vals_list):
        filters = super().create(vals_list)
        filters._check_own_people()
        return filters

    def write(self, vals):
        # Also who was given it before loses what somebody else changes.
        self._check_own_people()
        result = super().write(vals)
        self._check_own_people()
        return result

    def unlink(self):
        self._check_own_people()
        return super().unlink()

    def _check_own_people(self):
        """
        :raises AccessError: when one is for everybody, or for people of other governments
        """
        if self.env.su or self.env.user.has_group("base.group_system"):
            return
        # As the system: to which governments people belong.
        for one in self.sudo().filtered(
            lambda one: one.model_id.startswith(("lapor.", "mail.", "res.users"))
        ):
            people = one.user_ids
            if not people or any(not user.company_ids & self.env.companies for user in people):
                raise AccessError(
                    self.env._(
                        "A saved search is for people of your own government: name them. For all "
                        "users only the system administrator saves one."
                    )
                )
