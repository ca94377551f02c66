from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.lapor_base.models.lapor_sop import CLASSIFICATIONS

from ..models.lapor_clock import KINDS


class LaporClockReport(models.Model):
    """Deadlines kept and missed, by step, role, unit, SOP, class and month.

    A row per clock. An open clock that is past its date counts as late already, so that an
    office does not look better by not finishing.
    """

    _name = "lapor.clock.report"
    _description = "Analysis of Deadlines"
    _inherit = ["lapor.office.time.mixin"]
    _auto = False
    _rec_name = "complaint_id"
    _order = "started_at desc"
    _depends = {
        "lapor.clock": [
            "complaint_id",
            "company_id",
            "kind",
            "sop_step_id",
            "role_id",
            "sop_id",
            "rule_id",
            "unit_id",
            "started_at",
            "due_at",
            "stopped_at",
            "state",
            "result",
            "used_minutes",
            "total_minutes",
            "on_complainant",
        ],
        "lapor.complaint": [
            "classification",
            "is_misconduct",
            "category_id",
            "managing_unit_id",
            "sp4n_status",
            "closed_at",
        ],
        "lapor.unit": ["office_id"],
    }

    complaint_id = fields.Many2one("lapor.complaint", readonly=True)
    company_id = fields.Many2one("res.company", string="Government", readonly=True)
    kind = fields.Selection(KINDS, string="Deadline Of", readonly=True)
    sop_step_id = fields.Many2one("lapor.sop.step", string="Step", readonly=True)
    role_id = fields.Many2one("lapor.role", readonly=True)
    sop_id = fields.Many2one("lapor.sop", string="SOP", readonly=True)
    rule_id = fields.Many2one("lapor.time.rule", readonly=True)
    unit_id = fields.Many2one("lapor.unit", readonly=True)
    office_id = fields.Many2one("lapor.unit", readonly=True)
    classification = fields.Selection(CLASSIFICATIONS, string="Class", readonly=True)
    category_id = fields.Many2one("lapor.category", readonly=True)
    started_at = fields.Datetime(string="From", readonly=True)
    due_at = fields.Datetime(string="Due", readonly=True)
    stopped_at = fields.Datetime(string="Stopped", readonly=True)
    state = fields.Selection(
        [("running", "Running"), ("paused", "Paused"), ("stopped", "Stopped")], readonly=True
    )
    on_time = fields.Integer(readonly=True)
    late = fields.Integer(readonly=True)
    on_time_share = fields.Float(
        string="On Time (%)",
        readonly=True,
        aggregator="avg",
        digits=(5, 1),
        help="Of the deadlines that are decided: kept, or missed. Without those that nobody had to "
        "keep any more because the complaint ended unhandled.",
    )
    on_time_share_all = fields.Float(
        string="On Time, of All (%)", readonly=True, aggregator="avg", digits=(5, 1)
    )
    used_hours = fields.Float(
        string="Used Office Hours", readonly=True, aggregator="avg", digits=(10, 1)
    )
    median_hours = fields.Float(
        string="Median (Office Hours)",
        readonly=True,
        aggregator="avg",
        digits=(10, 1),
        help="Half of them needed no more office time than this.",
    )
    percentile_hours = fields.Float(
        string="90th Percentile (Office Hours)",
        readonly=True,
        aggregator="avg",
        digits=(10, 1),
        help="Nine of ten needed no more office time than this.",
    )
    standard_hours = fields.Float(
        string="Standard (Office Hours)",
        readonly=True,
        aggregator="avg",
        digits=(10, 1),
        help="Office time between start and due date.",
    )

    @property
    def _table_query(self):
        return SQL("%s %s %s", self._select(), self._from(), self._where())

    def _select(self):
        late = SQL(
            """(clock.result = 'late' OR (clock.state = 'running'
                AND clock.due_at < NOW() AT TIME ZONE 'UTC'))"""
        )
        return SQL(
            """SELECT clock.id, clock.complaint_id, clock.company_id, clock.kind,
                clock.sop_step_id, clock.role_id, clock.sop_id, clock.rule_id, clock.unit_id,
                unit.office_id, complaint.classification, complaint.category_id,
                clock.started_at, clock.due_at, clock.stopped_at, clock.state,
                CASE WHEN clock.result = 'on_time' THEN 1 ELSE 0 END AS on_time,
                CASE WHEN %(late)s THEN 1 ELSE 0 END AS late,
                CASE WHEN complaint.sp4n_status = 'archived' AND clock.result = 'on_time'
                          AND clock.stopped_at >= complaint.closed_at THEN NULL
                     WHEN clock.result = 'on_time' THEN 100.0
                     WHEN %(late)s THEN 0.0 END AS on_time_share,
                CASE WHEN clock.result = 'on_time' THEN 100.0
                     WHEN %(late)s THEN 0.0 END AS on_time_share_all,
                %(used)s AS used_hours, %(used)s AS median_hours, %(used)s AS percentile_hours,
                clock.total_minutes / 60.0 AS standard_hours""",
            late=late,
            used=SQL("CASE WHEN clock.state = 'stopped' THEN clock.used_minutes / 60.0 END"),
        )

    def _read_group_select(self, aggregate_spec, query):
        # The screens ask for an average; the database has the percentiles.
        shares = {"median_hours:avg": 0.5, "percentile_hours:avg": 0.9}
        if aggregate_spec not in shares:
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "PERCENTILE_CONT(%s) WITHIN GROUP (ORDER BY %s)",
            shares[aggregate_spec],
            self._field_to_sql(self._table, aggregate_spec.partition(":")[0], query),
        )

    def _from(self):
        return SQL(
            """FROM lapor_clock clock
               JOIN lapor_complaint complaint ON complaint.id = clock.complaint_id
               JOIN lapor_unit unit ON unit.id = clock.unit_id"""
        )

    def _where(self):
        return SQL(
            "WHERE clock.result IS DISTINCT FROM 'void' AND clock.on_complainant IS NOT TRUE"
        )
