from odoo import api, models
from odoo.exceptions import AccessError


class ResPartner(models.Model):
    """The contact behind a user: his name stands on letters, and codes are sent to his address."""

    _inherit = "res.partner"

    def write(self, vals):
        if vals.keys() & {"name", "email"}:
            self._check_lapor_particulars(vals)
        return super().write(vals)

    @api.model
    def _lapor_name_program(self):
        """Let what the program does by itself be told in its own name, not in that of a chat robot;
        whatever name an office has given it stays."""
        program = self.env.ref("base.partner_root")
        if program.name == "OdooBot":
            program.write({"name": "Lapor", "image_1920": False})

    @api.model
    def _lapor_may_edit_staff(self):
        # Whose request it is, also where the program writes for him.
        user = self.env["res.users"].browse(self.env.uid)
        return user._is_superuser() or user.has_group("base.group_erp_manager")

    def _check_lapor_particulars(self, vals):
        """Names and addresses of staff are changed by whoever administers users: by no way does
        an official give himself another name.

        :raises AccessError: when somebody else does
        """
        if self._lapor_may_edit_staff():
            return
        # Only whether it is a user of the staff; the values are compared, not shown.
        for partner in self.sudo():
            staff = partner.with_context(active_test=False).user_ids.filtered(
                lambda user: user._is_internal()
            )
            if staff and any(
                name in vals and (partner[name] or "") != (vals[name] or "")
                for name in ("name", "email")
            ):
                raise AccessError(
                    self.env._(
                        "Name and mail address of staff stand on letters and open accounts: the "
                        "administrator of users changes them."
                    )
                )
