from odoo import api, models
from odoo.exceptions import UserError


class LaporSopPartMixin(models.AbstractModel):
    """A part of an SOP document: it can be changed only while its SOP is a draft."""

    _name = "lapor.sop.part.mixin"
    _description = "Part of an SOP"

    @api.model
    def _get_sops(self, vals):
        """The SOP that a record with these values belongs to.

        :rtype: lapor.sop
        """
        return self.env["lapor.sop"].browse(vals.get("sop_id"))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._get_sops(vals)._check_editable()
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.sop_id._check_editable()
        self._get_sops(vals)._check_editable()
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_if_draft(self):
        if any(sop.state != "draft" for sop in self.sop_id):
            raise UserError(
                self.env._("A part of an SOP that is in force cannot be removed. Press Revise.")
            )
