from odoo import models


class LaporPaperMixin(models.AbstractModel):
    """A record that offices print: whose sheet it goes on, and what was frozen of it."""

    _name = "lapor.paper.mixin"
    _description = "Printed by Offices"

    def _paper_unit(self):
        """The office on whose sheet these records are printed.

        :rtype: lapor.unit
        """
        return self.env["lapor.unit"]

    def _frozen_pdf(self, report):
        """The PDF of this record that was frozen earlier, or None to print it anew.

        :param report: ``ir.actions.report``, as the system
        :rtype: bytes | None
        """
        return None
