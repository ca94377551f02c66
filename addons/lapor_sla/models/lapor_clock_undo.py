from odoo import models


class LaporClock(models.Model):
    """A closing by mistake never was: its clocks go on as if nothing had stopped them."""

    _inherit = "lapor.clock"

    def _go_on(self, waited_until):
        """Let stopped clocks run on, as the system.

        :param waited_until: naive UTC moment at which a pause ends that ended with the clock
        """
        for clock in self:
            clock._lengthen_pause(clock.stopped_at, waited_until)
        # The only change of a stopped clock: its end never was.
        self._write_stopped(
            {"state": "running", "stopped_at": False, "result": False, "used_minutes": 0}
        )
        for clock in self:
            clock.write(clock._plan_again())

    def _carry_on(self, former, waited_until):
        """Go on, as the system, where another clock of the same step was when it was stopped.

        :param former: the stopped ``lapor.clock``; it no longer counts
        :param waited_until: as for :meth:`_go_on`
        """
        self.ensure_one()
        former._lengthen_pause(former.stopped_at, waited_until)
        self.write(
            {
                "started_at": former.started_at,
                **self._allowance_values(former._allowance()),
                "extended_by_id": former.extended_by_id.id,
                "extension_reason": former.extension_reason,
            }
        )
        for pause in former.pause_ids:
            pause.copy({"clock_id": self.id})
        self.write(self._plan_again())
        # Counted once: in the clock that goes on.
        former._write_stopped({"result": "void"})
        self._follow_due(escalations_too=True)

    def _lengthen_pause(self, stopped_at, waited_until):
        """A pause that ended with the clock would have gone on."""
        pause = self.pause_ids.filtered(lambda pause: pause.ended_at == stopped_at)
        came_at = pause.hold_id.reply_waits_at
        if pause and not came_at:
            pause.ended_at = max(waited_until, stopped_at)
