from odoo import api, models
from odoo.exceptions import ValidationError

from ..tools.text_limits import limit_of


class Base(models.AbstractModel):
    """Texts of the models of the suite are only so long (``tools/text_limits.py``), by whatever
    way they come."""

    _inherit = "base"

    @api.model_create_multi
    def create(self, vals_list):
        if self._name.startswith("lapor."):
            for vals in vals_list:
                self._check_lengths(vals)
        return super().create(vals_list)

    def write(self, vals):
        if self._name.startswith("lapor."):
            self._check_lengths(vals)
        return super().write(vals)

    def update_field_translations(self, field_name, translations, source_lang=""):
        if self._name.startswith("lapor."):
            for words in translations.values():
                parts = words.values() if isinstance(words, dict) else (words,)
                for part in parts:
                    self._check_lengths({field_name: part})
        return super().update_field_translations(field_name, translations, source_lang)

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        # Lines are not typed longer than they may be.
        result = super().fields_get(allfields, attributes)
        if self._name.startswith("lapor.") and (not attributes or "size" in attributes):
            for name, description in result.items():
                kind = self._fields[name].type if name in self._fields else None
                limit = limit_of(self._name, name, kind)
                if limit and not description.get("readonly"):
                    description["size"] = limit
        return result

    @api.model
    def _check_lengths(self, vals):
        """Refuse texts that are longer than their fields take.

        :raises ValidationError: which says how long the field may be and how long the text is
        """
        for name, value in vals.items():
            if not isinstance(value, str) or len(value) <= 250 or name not in self._fields:
                continue
            field = self._fields[name]
            limit = limit_of(self._name, name, field.type)
            if limit and len(value) > limit:
                raise ValidationError(
                    self.env._(
                        "“%(field)s” may have at most %(limit)s characters; yours has %(length)s. "
                        "Shorten it, or attach the text as a file.",
                        field=field._description_string(self.env),
                        limit=limit,
                        length=len(value),
                    )
                )
