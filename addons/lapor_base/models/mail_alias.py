import ast

from odoo import api, models
from odoo.exceptions import ValidationError


class MailAlias(models.Model):
    """Addresses of offices."""

    _name = "mail.alias"
    _inherit = ["mail.alias", "lapor.address.book.mixin"]

    @api.constrains(
        "alias_name",
        "alias_domain_id",
        "alias_incoming_local",
        "alias_defaults",
        "alias_model_id",
    )
    def _check_lapor_office(self):
        book = self.env["lapor.address.book"]
        # Only whose aliases these are; the unit that has one may be of another government.
        units = self.env["lapor.unit"].sudo().with_context(active_test=False)
        for alias in self.sudo().filtered(
            lambda one: one.alias_model_id.model == "lapor.complaint"
        ):
            own = units.search([("alias_id", "=", alias.id)], limit=1)
            named = ast.literal_eval(alias.alias_defaults or "{}").get("intake_unit_id")
            if own and named and named != own.id:
                raise ValidationError(
                    self.env._("Mail to the alias of an office is for that office alone.")
                )
            unit = own or units.browse(named or []).exists()
            if not unit or not alias.alias_name:
                continue
            # A domain of a company without an office, such as the first one, is for all.
            others = alias.alias_domain_id.company_ids
            governments = units.search(
                [("kind", "=", "manager"), ("company_id", "in", others.ids)]
            ).company_id
            if governments and unit.company_id not in others:
                raise ValidationError(
                    self.env._("This mail domain belongs to another government. Choose your own.")
                )
            if alias.alias_incoming_local:
                book._check_local_free(unit, alias.alias_name.casefold())
            else:
                book._check_free(unit, [alias.alias_full_name])
