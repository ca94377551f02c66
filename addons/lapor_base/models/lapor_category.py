from odoo import api, fields, models
from odoo.exceptions import ValidationError


class LaporCategory(models.Model):
    """What a complaint is about. Categories without a government are common to all."""

    _name = "lapor.category"
    _description = "Complaint Category"
    _order = "complete_name"
    _rec_name = "complete_name"
    _parent_store = True
    _check_company_auto = True

    name = fields.Char(required=True)
    complete_name = fields.Char(compute="_compute_complete_name", store=True, recursive=True)
    parent_id = fields.Many2one("lapor.category", ondelete="restrict", index=True)
    parent_path = fields.Char(index=True)
    company_id = fields.Many2one("res.company", index=True)
    unit_id = fields.Many2one(
        "lapor.unit",
        string="Usually Handled By",
        company_dependent=True,
        check_company=True,
        help="Proposed when a complaint of this category is disposed. Each government has its "
        "own, also for common categories.",
    )
    color = fields.Integer()
    active = fields.Boolean(default=True)

    def write(self, vals):
        if vals.keys() == {"unit_id"} and not self._writes_common() and self.has_access("read"):
            # Each government says whom it proposes, also for the common categories; only the
            # value of the one in which the user works is written, and the unit is his to see.
            company = self.env.company
            self.env["lapor.unit"].browse(vals["unit_id"] or []).check_access("read")
            if self.browse().has_access("write"):
                return super(LaporCategory, self.sudo().with_company(company)).write(vals)
        return super().write(vals)

    @api.depends("name", "parent_id.complete_name")
    def _compute_complete_name(self):
        for category in self:
            category.complete_name = (
                f"{category.parent_id.complete_name} / {category.name}"
                if category.parent_id
                else category.name
            )

    @api.constrains("parent_id")
    def _check_parent_id(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A category cannot be below itself."))
