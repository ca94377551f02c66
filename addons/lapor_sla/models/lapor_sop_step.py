from odoo import fields, models
from odoo.tools import SQL


class LaporSopStep(models.Model):
    """The standard of a step against what visits of it really took."""

    _inherit = "lapor.sop.step"

    measured_count = fields.Integer(compute="_compute_reality", string="Visits Measured")
    median_hours = fields.Float(
        compute="_compute_reality",
        string="Median (Office Hours)",
        digits=(10, 2),
        help="Half of the visits needed no more office time than this.",
    )
    percentile_hours = fields.Float(
        compute="_compute_reality",
        string="90th Percentile (Office Hours)",
        digits=(10, 2),
        help="Nine of ten visits needed no more office time than this.",
    )
    on_time_share = fields.Float(
        compute="_compute_reality",
        string="On Time (%)",
        digits=(5, 1),
        help="Share of the finished visits that kept the time standard.",
    )

    def _compute_reality(self):
        # Figures over all cases, also such as the reader may not see: they name nobody.
        rows = {
            row[0]: row[1:]
            for row in self.env.execute_query(
                SQL(
                    """SELECT sop_step_id, COUNT(*),
                              PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY used_minutes) / 60.0,
                              PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY used_minutes) / 60.0,
                              AVG(CASE WHEN result = 'on_time' THEN 100.0 ELSE 0.0 END)
                       FROM lapor_clock
                       WHERE kind = 'step' AND result IN ('on_time', 'late')
                         AND sop_step_id = ANY(%s)
                       GROUP BY sop_step_id""",
                    self.ids,
                    to_flush=self.env["lapor.clock"]._fields["result"],
                )
            )
        }
        for step in self:
            (
                step.measured_count,
                step.median_hours,
                step.percentile_hours,
                step.on_time_share,
            ) = rows.get(step.id, (0, 0, 0, 0))
