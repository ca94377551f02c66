from odoo import api, models

from ..tools.letter_frame import says_nothing
from ..tools.letter_slots import open_slots

#: What a report has to say.
NEEDED = ("date", "place", "findings", "conclusion")


class LaporInspection(models.Model):
    """An inspection report says what was found: no part of it is empty or still a slot."""

    _inherit = "lapor.inspection"

    @api.model
    def _find_missing(self, values):
        """What a report still lacks of what a report has to say.

        :param values: dict or record with the fields of ``NEEDED``
        :returns: sentences, all of them
        :rtype: list[str]
        """
        lacks, slots = [], []
        for name in NEEDED:
            value = values.get(name) if isinstance(values, dict) else values[name]
            words = self._fields[name].type == "text" and says_nothing(value or "", [])
            if words or not str(value or "").strip():
                lacks.append(self._fields[name]._description_string(self.env))
            slots += open_slots(str(value or ""))
        missing = []
        if lacks:
            missing.append(
                self.env._(
                    "The inspection report (BA) still lacks: %(field)s.", field=", ".join(lacks)
                )
            )
        if slots:
            missing.append(
                self.env._("Fill in or choose in the inspection report: %s.", "; ".join(slots))
            )
        return missing

    @api.model
    def _check_complete(self, values):
        """Whether a report says what a report has to say.

        :raises UserError: naming all that is missing
        """
        self.env["lapor.response"]._refuse(self._find_missing(values))
