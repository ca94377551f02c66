from odoo import api, models
from odoo.exceptions import ValidationError


class LaporYearlyMixin(models.AbstractModel):
    """Dates that come with the program, a new year with each update, and that an office may
    correct: what it corrected or archived stays as it is when the program is updated."""

    _name = "lapor.yearly.mixin"
    _description = "Dates That Come With the Program"

    def write(self, vals):
        result = super().write(vals)
        if not self.env.context.get("install_module"):
            # Whoever may edit the dates needs no right on external identifiers.
            self._shipped().noupdate = True
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_shipped(self):
        if self._shipped():
            raise ValidationError(
                self.env._(
                    "%s came with the program, and the next update would bring it back. Archive "
                    "it instead.",
                    ", ".join(self.mapped("display_name")),
                )
            )

    def _shipped(self):
        """The external identifiers of those that came with the program."""
        # Names of shipped records only.
        return (
            self.env["ir.model.data"]
            .sudo()
            .search(
                [
                    ("model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("module", "=", "lapor_sla"),
                ]
            )
        )
