from odoo import api, models

from ..tools.letter_frame import says_nothing
from ..tools.letter_slots import open_slots


class LaporDisposition(models.Model):
    """A disposition says what is to be done: it has an instruction or a note, and no open slot."""

    _inherit = "lapor.disposition"

    @api.model
    def _find_missing(self, values):
        """What a disposition still lacks: to whom it goes, and what that one is to do.

        :param dict values: see :meth:`_evidence_fields`
        :returns: sentences, all of them
        :rtype: list[str]
        """
        missing = []
        if not self.env["lapor.position"].browse(values.get("lead_position_id")).exists().active:
            missing.append(self.env._("Choose to whom the disposition goes."))
        note = values.get("note") or ""
        told = self.env["lapor.instruction"].browse(values.get("instruction_ids") or []).exists()
        if not told and says_nothing(note, []):
            missing.append(
                self.env._("Tick an instruction, or write what is to be done with the complaint.")
            )
        slots = open_slots(note)
        if slots:
            missing.append(self.env._("Fill in or choose in the note: %s.", "; ".join(slots)))
        return missing
