from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize


class LaporMailAddress(models.Model):
    """A further address of an office: mails to it are for that office, beside its alias.

    For addresses that an office has had for long, also at other providers, from which mail is
    fetched or forwarded.
    """

    _name = "lapor.mail.address"
    _description = "Further Mail Address of an Office"
    _inherit = ["lapor.address.book.mixin"]
    _order = "name"

    name = fields.Char(string="Address", required=True)
    unit_id = fields.Many2one(
        "lapor.unit", string="Office", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="unit_id.company_id", store=True, index=True)

    _name_uniq = models.UniqueIndex("(name)", "This address belongs to an office already.")

    @api.constrains("name", "unit_id")
    def _check_name(self):
        for further in self:
            self.env["lapor.address.book"]._check_free(further.unit_id, [further.name])

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._normalized(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._normalized(vals))

    @api.model
    def _normalized(self, vals):
        if "name" not in vals:
            return vals
        address = email_normalize(vals["name"] or "")
        if not address:
            raise ValidationError(
                self.env._(
                    "“%(address)s” is not a mail address. Write it like pengaduan@kab.go.id.",
                    address=vals["name"] or "",
                )
            )
        return {**vals, "name": address}
