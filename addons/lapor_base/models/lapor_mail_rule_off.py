from odoo import api, fields, models
from odoo.exceptions import ValidationError


class LaporMailRuleOff(models.Model):
    """A rule for mails that a managing office has switched off."""

    _name = "lapor.mail.rule.off"
    _description = "Rule for Mails, Switched Off"
    _rec_name = "rule_id"
    _order = "rule_id, unit_id"

    rule_id = fields.Many2one(
        "lapor.mail.rule", required=True, readonly=True, index=True, ondelete="cascade"
    )
    unit_id = fields.Many2one(
        "lapor.unit",
        string="Managing Office",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        domain="[('kind', '=', 'manager')]",
    )
    company_id = fields.Many2one(related="unit_id.company_id", store=True, index=True)

    _rule_uniq = models.UniqueIndex(
        "(rule_id, unit_id)", "The office has switched this rule off already."
    )

    @api.constrains("rule_id", "unit_id")
    def _check_rule(self):
        for off in self:
            if off.rule_id.keep_on:
                raise ValidationError(
                    self.env._(
                        "“%(rule)s” cannot be switched off. %(why)s",
                        rule=off.rule_id.name,
                        why=off.rule_id.keep_on,
                    )
                )
            if off.unit_id.kind != "manager":
                raise ValidationError(
                    self.env._(
                        "Rules for mails are switched off by a managing office; “%(unit)s” is "
                        "none. Choose the managing office of its government.",
                        unit=off.unit_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()
