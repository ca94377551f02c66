from odoo import fields, models
from odoo.exceptions import UserError

COLUMN_FIELDS = [
    ("number", "Number"),
    ("received_on", "Date of Receipt"),
    ("name", "Title"),
    ("description", "Complaint Text"),
    ("complainant", "Complainant"),
    ("is_anonymous", "Anonymous (yes/no)"),
    ("place", "Place"),
    ("category", "Category"),
    ("channel", "Channel"),
    ("classification", "Class"),
    ("unit", "Office That Handled It"),
    ("outcome", "Status"),
    ("answered_on", "Date of the Answer"),
    ("closed_on", "Date of the Close"),
    ("answer", "Answer or Follow-up"),
    ("remark", "Remark"),
    ("is_misconduct", "Misconduct (yes/no)"),
    ("is_secret", "Confidential (yes/no)"),
]


class LaporHistoryImportColumn(models.Model):
    """A column of a register's file, and what it means."""

    _name = "lapor.history.import.column"
    _description = "Column of a Register's File"
    _inherit = ["lapor.acts.mixin"]
    _order = "import_id, position"
    _rec_name = "header"

    import_id = fields.Many2one(
        "lapor.history.import", required=True, ondelete="cascade", index=True, readonly=True
    )
    company_id = fields.Many2one(related="import_id.company_id", store=True, index=True)
    position = fields.Integer(string="No.", readonly=True)
    header = fields.Char(string="Heading", readonly=True)
    target = fields.Selection(
        COLUMN_FIELDS, string="Means", help="Empty: the column is not taken in."
    )

    def write(self, vals):
        if vals.keys() - {"target"} and not self.env.su:
            raise UserError(self.env._("Of a column only its meaning can be chosen."))
        if any(column.import_id.state not in ("draft", "checked") for column in self):
            raise UserError(self.env._("The file is taken in already."))
        return super().write(vals)
