from odoo import api, models
from odoo.exceptions import ValidationError

SIGN_UP = "auth_signup.invitation_scope"


class IrConfigParameter(models.Model):
    """Settings of the whole installation that must not open it to anybody."""

    _inherit = "ir.config_parameter"

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
