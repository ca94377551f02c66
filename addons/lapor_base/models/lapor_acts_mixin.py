from odoo import SUPERUSER_ID, api, models


class LaporActsMixin(models.AbstractModel):
    """What only acts on a complaint write: steps, papers and events.

    Everybody may store defaults of their own for any field (``ir.default``); none of them
    may reach these records, or whoever does a step could prepare what it writes.
    """

    _name = "lapor.acts.mixin"
    _description = "Written by Acts Only"

    @api.model
    def default_get(self, fields):
        return super(LaporActsMixin, self.with_user(SUPERUSER_ID).with_context({})).default_get(
            fields
        )
