from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class LaporUnitArchiveMixin(models.AbstractModel):
    """What stands in the way of archiving a unit: the open cases of it and of its parts."""

    _name = "lapor.unit.archive.mixin"
    _description = "Archiving of Units"
    _inherit = ["lapor.succession.mixin"]

    @api.constrains("active")
    def _check_no_open_cases(self):
        for unit in self.filtered(lambda unit: not unit.active):
            units = self.with_context(active_test=False).search([("id", "child_of", unit.id)])
            managed, numbers = unit._open_cases(Domain("managing_unit_id", "in", units.ids))
            if managed:
                raise ValidationError(
                    self.env._(
                        "“%(unit)s” manages %(count)s complaints that are still open: %(numbers)s. "
                        "A managing office keeps what it has begun. To archive it: 1. let new "
                        "complaints come in at another managing office (its SOP, mail address "
                        "and positions); 2. finish, archive or withdraw each of these complaints "
                        "here; 3. archive the unit.",
                        unit=unit.name,
                        count=managed,
                        numbers=numbers,
                    )
                )
            handled, numbers = unit._open_cases(
                Domain("current_unit_id", "in", units.ids)
                | Domain("unit_id", "in", units.ids)
                | Domain(
                    "disposition_line_ids",
                    "any",
                    [
                        ("position_id.unit_id", "in", units.ids),
                        ("required", "=", True),
                        ("state", "in", ("open", "accepted")),
                    ],
                )
            )
            if handled:
                raise ValidationError(
                    self.env._(
                        "“%(unit)s” still has %(count)s open complaints: %(numbers)s. Finish them "
                        "or hand them to another unit, then archive it.",
                        unit=unit.name,
                        count=handled,
                        numbers=numbers,
                    )
                )

    def _open_cases(self, domain):
        """How many open cases are meant, and numbers of some.

        :returns: (int, str); of cases that this user may not read only the number is told
        """
        # As the system: also cases the administrator of units may not read stop the archiving.
        cases = self.env["lapor.complaint"].sudo().search(domain & Domain("phase", "!=", "closed"))
        known = cases.with_user(self.env.user)._filtered_access("read")[:10]
        more = " …" if len(known) < len(cases) else ""
        return len(cases), ", ".join(known.mapped("number")) + more

    def _of_succession(self):
        units = self.with_context(active_test=False).search([("id", "child_of", self.id)])
        Position = self.env["lapor.position"].with_context(active_test=False)
        return Position.search([("unit_id", "in", units.ids)]), units
