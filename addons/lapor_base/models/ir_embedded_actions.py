from odoo import api, models
from odoo.exceptions import AccessError


class IrEmbeddedActions(models.Model):
    """A shortcut beside the screens of an action is its maker's own: the core lets every employee
    put one, with any method of the model behind it, before all users of all governments."""

    _inherit = "ir.embedded.actions"

    @api.model_create_multi
    def create(self, vals_list):
        actions = super().create(vals_list)
        actions._check_own()
        return actions

    def write(self, vals):
        self._check_own()
        result = super().write(vals)
        self._check_own()
        return result

    def unlink(self):
        self._check_own()
        return super().unlink()

    def _check_own(self):
        """
        :raises AccessError: when one is not the user's own, or calls a method
        """
        if self.env.su or self.env.user.has_group("base.group_system"):
            return
        # As the system: whose they are is compared, nothing of them is told.
        if any(one.user_id != self.env.user or one.python_method for one in self.sudo()):
            raise AccessError(
                self.env._(
                    "A shortcut is for yourself. For all users only the system administrator makes "
                    "one."
                )
            )
