from odoo import api, models
from odoo.exceptions import UserError


class ResUsers(models.Model):
    """Whoever has done something here is archived, not deleted."""

    _inherit = "res.users"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        # Only whether there is anything, also what the administrator of users may not read.
        for model in self.env.registry.values():
            if not model._name.startswith("lapor.") or model._abstract or not model._auto:
                continue
            records = self.env[model._name].sudo().with_context(active_test=False)
            for field in model._fields.values():
                if self._is_history(model, field) and records.search_count(
                    [(field.name, "in", self.ids)], limit=1
                ):
                    raise UserError(
                        self.env._(
                            "%s has taken part in complaints or held a position. Archive the "
                            "user instead: what was done stays in his name.",
                            ", ".join(self.mapped("name")),
                        )
                    )

    @api.model
    def _is_history(self, model, field):
        """Whether a field names users as evidence: rows that are never changed would have to be,
        or the field itself forbids it."""
        if field.type != "many2one" or field.comodel_name != "res.users" or not field.store:
            return False
        return field.ondelete == "restrict" or getattr(model, "_lapor_append_only", False)
