from odoo import models


class LaporReaddressMixin(models.AbstractModel):
    """What waits for one position of a case beside its step, and goes on to a successor when that
    position is archived: an initial, a promise.

    The model has ``complaint_id`` and ``position_id``.
    """

    _name = "lapor.readdress.mixin"
    _description = "Waits for One Position"

    def _is_open_turn(self):
        """Whether it still waits. A model that says nothing waits for nobody.

        :rtype: bool
        """
        return False

    def _after_readdress(self):
        """What follows when it waits for another position, such as activities."""

    def _readdress(self, position, reason, **facts):
        """Let it wait for another position, with an event and a note.

        :param position: ``lapor.position``, one that may see the case
        :param str reason: why
        :param facts: more for the event
        """
        self.ensure_one()
        before, case = self.position_id, self.complaint_id
        self.position_id = position
        case._involve(position.unit_id)
        self._after_readdress()
        self.env["lapor.event"]._log(
            [
                {
                    "complaint": case,
                    "code": "turn_readdressed",
                    "visit": case.current_step_id,
                    "position": position,
                    "data": {
                        "model": self._name,
                        "id": self.id,
                        "from": before.id,
                        "to": position.id,
                        "reason": reason,
                        **facts,
                    },
                }
            ]
        )
        case._tell_readdressed(self, before, position, reason)
        case._release(before.unit_id)
