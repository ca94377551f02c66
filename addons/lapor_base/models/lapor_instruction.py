from odoo import api, fields, models


class LaporInstruction(models.Model):
    """A tick on the disposition sheet ("Proses lebih lanjut"). Offices edit the list."""

    _name = "lapor.instruction"
    _description = "Disposition Instruction"
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one("res.company", index=True)
    active = fields.Boolean(default=True)
    proposed = fields.Boolean(
        help="Ticked already when the dialog of a disposition opens. Where a government has such "
        "instructions of its own, the shared ones are not proposed."
    )

    @api.model
    def _propose(self, company):
        """What the dialog of a disposition has ticked when it opens, for everybody to see.

        :param company: ``res.company`` of the complaint
        :rtype: lapor.instruction
        """
        proposed = self.search([("proposed", "=", True), ("company_id", "in", [False, company.id])])
        return proposed.filtered("company_id") or proposed
