from odoo import api, models


class LaporAddressBookMixin(models.AbstractModel):
    """What the address book of the mail gateway is made of: it is kept in memory, and is made anew
    when one of these records changes."""

    _name = "lapor.address.book.mixin"
    _description = "Part of the Address Book of the Mail Gateway"

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()
