from odoo import models


class LaporPosition(models.Model):
    """Reminders climb from a position to those above it."""

    _inherit = "lapor.position"

    def _superiors(self):
        """Positions above this one that have a holder, the nearest first."""
        superiors = self.browse()
        superior = self.parent_id
        while superior:
            if superior.holder_id:
                superiors |= superior
            superior = superior.parent_id
        return superiors
