from odoo import fields, models
from odoo.orm.models import NO_ACCESS

from odoo.addons.lapor_base.models.lapor_sop_transition import OUTCOMES

VERDICTS = [
    ("new", "New"),
    ("imported", "Taken In"),
    ("known", "Already There"),
    ("refused", "Refused"),
    ("blank", "No Case (numbering of the columns)"),
]


class LaporHistoryImportRow(models.Model):
    """A row of a register's file: what it would become, or why it cannot be taken in.

    What stands in its cells is kept only for as long as it is needed: of a row that was taken in
    until that moment, of a refused one until the list of them is thrown away.
    """

    _name = "lapor.history.import.row"
    _description = "Row of a Register's File"
    _inherit = ["lapor.acts.mixin"]
    _order = "import_id, number"
    _rec_name = "number"

    import_id = fields.Many2one(
        "lapor.history.import", required=True, ondelete="cascade", index=True, readonly=True
    )
    company_id = fields.Many2one(related="import_id.company_id", store=True, index=True)
    number = fields.Integer(string="Row", readonly=True, aggregator=None)
    cells = fields.Json(readonly=True, groups=NO_ACCESS, export_string_translation=False)
    verdict = fields.Selection(VERDICTS, readonly=True, index=True)
    reason = fields.Char(readonly=True)
    register_number = fields.Char(string="Old Number", readonly=True)
    received_on = fields.Date(string="Received", readonly=True)
    name = fields.Char(string="Title", readonly=True)
    unit_name = fields.Char(string="Office", readonly=True)
    outcome = fields.Selection(OUTCOMES, readonly=True)
    is_restricted = fields.Boolean(readonly=True)
    history_id = fields.Many2one(
        "lapor.history", string="Old Case", readonly=True, ondelete="restrict"
    )

    _import_verdict_idx = models.Index("(import_id, verdict, number)")
