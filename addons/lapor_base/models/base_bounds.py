from odoo import api, models
from odoo.exceptions import UserError

from ..tools import domain_bounds


class Base(models.AbstractModel):
    """What a user may ask of any model in one search or one reading."""

    _inherit = "base"

    @api.model
    def _search(self, domain, *args, **kwargs):
        if not self.env.su and not kwargs.get("bypass_access") and domain_bounds.excess(domain):
            raise UserError(
                self.env._(
                    "This search has too many conditions, or conditions within conditions. "
                    "Take some of them away."
                )
            )
        return super()._search(domain, *args, **kwargs)

    def web_read(self, specification):
        if domain_bounds.excess_reading(specification):
            raise UserError(self.env._("Too many lists within lists are asked for at once."))
        return super().web_read(specification)
