from odoo import models


class LaporComplaint(models.Model):
    """A closing by mistake never was: the parts of dispositions that it dropped go on."""

    _inherit = "lapor.complaint"

    def _reopen(self, note, step, mistake):
        lines = self.env["lapor.disposition.line"]
        dropped = self._dropped_by_closing(step) if mistake else lines
        result = super()._reopen(note, step, mistake)
        dropped._restore()
        return result

    def _dropped_by_closing(self, step):
        """What was handed down with the dispositions that still hold when this closed case goes on
        at a step: not those that come after it, which will be made anew.

        :param step: ``lapor.sop.step``
        :rtype: lapor.disposition.line
        """
        self.ensure_one()
        events = self.event_ids.sorted("sequence")
        closed = events.filtered(lambda event: event.code == "closed")[-1:]
        ids = [
            event.data["line"]
            for event in events
            if event.code == "part_dropped" and event.sequence > closed.sequence
        ]
        return self.disposition_line_ids.filtered(
            lambda line: (
                line.id in ids
                and line.state == "dropped"
                and line.disposition_id.visit_id.sop_step_id.sequence < step.sequence
            )
        )
