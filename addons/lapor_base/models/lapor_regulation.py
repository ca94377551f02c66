from odoo import fields, models


class LaporRegulation(models.Model):
    """A rule of law that SOPs cite, so that a citation of a replaced rule can be seen.

    What is known of a rule is data with its source and certainty: an office that knows
    better changes the record.
    """

    _name = "lapor.regulation"
    _description = "Regulation"
    _order = "year, name, id"

    name = fields.Char(required=True, help="Short name, such as PermenPANRB 62/2018.")
    title = fields.Char(string="About")
    year = fields.Integer()
    replaced_by_id = fields.Many2one(
        "lapor.regulation", ondelete="restrict", index="btree_not_null"
    )
    source_note = fields.Text(
        string="Source", help="Where this is known from, and how certain it is."
    )
    company_id = fields.Many2one(
        "res.company", string="Government", index=True, help="Empty: for all governments."
    )
    active = fields.Boolean(default=True)

    _name_uniq = models.UniqueIndex(
        "(name, COALESCE(company_id, 0))", "This regulation is already there."
    )
