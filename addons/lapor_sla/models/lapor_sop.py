from odoo import models
from odoo.tools import ormcache

from ..tools.office_time import Allowance


class LaporSop(models.Model):
    """The time standard of a whole SOP."""

    _inherit = "lapor.sop"

    @ormcache("self.id")
    def _allowance(self):
        """The time standards of all steps together; cleared when a row of an SOP is written."""
        return Allowance.of((step.allowance_amount, step.allowance_unit) for step in self.step_ids)
