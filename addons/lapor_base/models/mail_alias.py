from odoo import api, models


class MailAliasDomain(models.Model):
    """Domains of aliases are in the address book of the mail gateway, which is kept in memory."""

    _inherit = "mail.alias.domain"

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


class MailAlias(models.Model):
    """Aliases are in the address book of the mail gateway, which is kept in memory."""

    _inherit = "mail.alias"

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
