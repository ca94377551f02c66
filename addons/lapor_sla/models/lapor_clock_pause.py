from odoo import fields, models


class LaporClockPause(models.Model):
    """A time in which a clock did not run, and the legal reason."""

    _name = "lapor.clock.pause"
    _description = "Pause of a Clock"
    _order = "clock_id, started_at, id"

    clock_id = fields.Many2one("lapor.clock", required=True, ondelete="cascade", index=True)
    complaint_id = fields.Many2one(related="clock_id.complaint_id", store=True, index=True)
    company_id = fields.Many2one(related="clock_id.company_id", store=True, precompute=True)
    started_at = fields.Datetime(string="From", required=True)
    ended_at = fields.Datetime(string="To")
    reason = fields.Char(required=True)
    hold_id = fields.Many2one(
        "lapor.hold", ondelete="restrict", index="btree_not_null", help="What it waits for."
    )
    user_id = fields.Many2one("res.users", string="Paused By", ondelete="restrict")

    _open_uniq = models.UniqueIndex(
        "(clock_id) WHERE ended_at IS NULL", "A clock is paused once at a time."
    )
    _dates_check = models.Constraint(
        "CHECK (ended_at IS NULL OR ended_at >= started_at)", "A pause ends after it begins."
    )

    def _over_at(self, at):
        """When an open pause is over that somebody ends now: a hold ends when what was asked for
        came, not when somebody looked at it.

        :param at: naive UTC moment of the act
        :returns: naive UTC
        """
        self.ensure_one()
        came_at = self.hold_id.reply_waits_at
        return max(min(at, came_at or at), self.started_at)
