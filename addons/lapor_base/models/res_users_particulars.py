from odoo import models


class ResUsers(models.Model):
    """What stands on letters about an official is not his own to change: name, address, NIP and
    rank are entered by whoever administers users."""

    _inherit = "res.users"

    @property
    def SELF_WRITEABLE_FIELDS(self):
        kept = {"name", "email", "lapor_nip", "lapor_rank"}
        return [name for name in super().SELF_WRITEABLE_FIELDS if name not in kept]
