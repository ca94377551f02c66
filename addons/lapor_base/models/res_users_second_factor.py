from odoo import api, models
from odoo.tools import config

#: Set in production: whoever could do most harm gives a second proof of who it is.
DEMANDED = "lapor.second_factor"
GROUPS = ("base.group_system", "base.group_erp_manager", "lapor_base.group_lapor_admin")
PASSWORD = "auth_password_policy.minlength"
SHORTEST = 10


class ResUsers(models.Model):
    """Passwords and the second factor: a code of an app, or else one by mail, for administrators
    and for whoever coordinates, oversees or inspects."""

    _inherit = "res.users"

    def _mfa_type(self):
        kind = super()._mfa_type()
        if kind is None and self._needs_second_factor():
            return "totp_mail"
        return kind

    def _needs_second_factor(self):
        """Whether a password alone does not let this user in."""
        self.ensure_one()
        # Asked before anybody is known; only yes or no comes back.
        user = self.sudo()
        if not user.env["ir.config_parameter"].get_param(DEMANDED) or not user._can_mail_codes():
            return False
        roles = user.lapor_position_ids.role_id
        return any(user.has_group(group) for group in GROUPS) or any(
            role.coordinates or role.oversees or role.inspects for role in roles
        )

    @api.model
    def _can_mail_codes(self):
        """Whether a mail server is set up: until then nobody could be let in to do so."""
        # Only whether there is one.
        servers = self.env["ir.mail_server"].sudo()
        own = config.get("smtp_server") not in (None, False, "", "localhost")
        return own or bool(servers.search_count([], limit=1))

    @api.model
    def _raise_password_minimum(self):
        """Passwords have at least ten characters; an office may ask for more."""
        # A setting of the whole installation, made when the addon is loaded.
        parameters = self.env["ir.config_parameter"].sudo()
        if int(parameters.get_param(PASSWORD) or 0) < SHORTEST:
            parameters.set_param(PASSWORD, SHORTEST)
