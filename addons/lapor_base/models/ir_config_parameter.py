from odoo import api, models
from odoo.exceptions import ValidationError

from .res_users_second_factor import PASSWORD, SHORTEST

SIGN_UP = "auth_signup.invitation_scope"


class IrConfigParameter(models.Model):
    """Settings of the whole installation that must not open it to anybody."""

    _inherit = "ir.config_parameter"

    @api.constrains("key", "value")
    def _check_lapor_password(self):
        for parameter in self.filtered(lambda one: one.key == PASSWORD):
            if not (parameter.value or "").isdecimal() or int(parameter.value) < SHORTEST:
                raise ValidationError(
                    self.env._(
                        "Passwords have at least %(count)s characters while Lapor is installed.",
                        count=SHORTEST,
                    )
                )

    @api.constrains("key", "value")
    def _check_lapor_sign_up(self):
        for parameter in self:
            if parameter.key == SIGN_UP and parameter.value != "b2b":
                raise ValidationError(
                    self.env._(
                        "Accounts are made by invitation only while Lapor is installed: choose "
                        "“On invitation”."
                    )
                )
