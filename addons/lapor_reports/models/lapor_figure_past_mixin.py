from odoo import fields, models


class LaporFigurePastMixin(models.AbstractModel):
    """A record whose former names and facts are kept for reports on past periods."""

    _name = "lapor.figure.past.mixin"
    _description = "Kept for Figures"

    def _past_fields(self):
        """Names of the fields whose values before a change are kept."""
        return {"name"}

    def write(self, vals):
        before = self._past_values(vals)
        result = super().write(vals)
        if before:
            # Most writes change nothing that figures print: they must not cost a look each.
            self._keep_past(before)
        return result

    def _update_field_translations(self, field_name, *args, **kwargs):
        before = self._past_values([field_name])
        result = super()._update_field_translations(field_name, *args, **kwargs)
        self._keep_past(before)
        return result

    def _past_values(self, names):
        """Values as figures print them, in Indonesian: {(id, field): value}."""
        names = self._past_fields() & set(names)
        # As the system: who may change a record need not be who reads the figures.
        records = self.sudo().with_context(lang="id_ID") if names else self.browse()
        return {
            (record.id, name): value.id if isinstance(value, models.BaseModel) else value
            for record in records
            for name in names
            for value in [record[name]]
        }

    def _keep_past(self, before):
        """Keep those of the values that are others now."""
        if not before:
            return
        after = self._past_values({name for _res_id, name in before})
        now = fields.Datetime.now()
        # Nobody has a right on these; they follow from what this user did change.
        self.env["lapor.figure.past"].sudo().create(
            [
                {"model": self._name, "res_id": res_id, "field": name, "value": value, "until": now}
                for (res_id, name), value in before.items()
                if after.get((res_id, name)) != value
            ]
        )
