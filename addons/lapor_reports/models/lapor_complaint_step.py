from odoo import models


class LaporComplaintStep(models.Model):
    """A visit as a line of the case's file."""

    _inherit = "lapor.complaint.step"

    def _dossier_line(self):
        """Planned against real.

        :returns: dict of plain values; ``used`` is office time, without pauses
        """
        self.ensure_one()
        # Names of positions and users stand in the thread of the case as well.
        visit = self.sudo().with_context(lang="id_ID")
        clock = visit.clock_ids[:1]
        words = dict(visit._fields["state"]._description_selection(visit.env))
        results = {"on_time": "tepat waktu", "late": "terlambat"}
        return {
            "name": visit.sop_step_id.display_name,
            "position": visit.position_id.name or visit.unit_id.name,
            "user": (visit.done_by_id or visit.user_id).name or "",
            "started_at": visit.started_at,
            "standard": clock.allowance_text,
            "due_at": clock.due_at,
            "done_at": visit.done_at,
            "used": _hours(clock.used_minutes) if clock.state == "stopped" else "",
            "result": results.get(clock.result) or words[visit.state],
            "note": visit.note or "",
        }


def _hours(minutes):
    hours, rest = divmod(minutes, 60)
    return " ".join(
        filter(None, [f"{hours} jam" if hours else "", f"{rest} menit" if rest else ""])
    )
