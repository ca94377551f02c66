from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.lapor_base.models.lapor_sop import CLASSIFICATIONS
from odoo.addons.lapor_base.models.lapor_sop_transition import OUTCOMES


class LaporKpiReport(models.Model):
    """What the state asks an office for: pace, share followed up, and punctuality.

    A row per complaint that the office had to handle; archived ones (wrong form, too general)
    are none. The figures are those that KemenPANRB and the provinces compare:

    - *laju tindak lanjut*: days from receipt to the first follow-up, and to the answer. Calendar
      days, as the complainant waits; holds are not taken out.
    - *% tindak lanjut*: share of the complaints that were followed up, answered or closed.
    - *ketepatan*: by the office's SOP, and by the rules of the state. By rules a complaint is
      punctual when no rule's deadline was missed. What is open and past its date is late already;
      what is open and in time is not decided and does not count.
    """

    _name = "lapor.kpi.report"
    _description = "National Indicators"
    _auto = False
    _rec_name = "complaint_id"
    _order = "received_at desc, id desc"
    _depends = {
        "lapor.complaint": [
            "company_id",
            "managing_unit_id",
            "unit_id",
            "sop_id",
            "classification",
            "category_id",
            "channel_id",
            "received_at",
            "phase",
            "closed_at",
            "outcome",
        ],
        "lapor.complaint.step": ["complaint_id", "sop_step_id", "state", "done_at"],
        "lapor.sop.step": ["phase"],
        "lapor.response": ["complaint_id", "kind", "state", "delivered_at"],
        "lapor.clock": ["complaint_id", "kind", "state", "result", "due_at", "on_complainant"],
    }

    complaint_id = fields.Many2one("lapor.complaint", readonly=True)
    company_id = fields.Many2one("res.company", string="Government", readonly=True)
    managing_unit_id = fields.Many2one("lapor.unit", string="Managing Office", readonly=True)
    unit_id = fields.Many2one("lapor.unit", string="Handled By", readonly=True)
    sop_id = fields.Many2one("lapor.sop", string="SOP", readonly=True)
    classification = fields.Selection(CLASSIFICATIONS, string="Class", readonly=True)
    category_id = fields.Many2one("lapor.category", readonly=True)
    channel_id = fields.Many2one("lapor.channel", readonly=True)
    outcome = fields.Selection(OUTCOMES, readonly=True)
    received_at = fields.Datetime(string="Received", readonly=True)
    followed_up_at = fields.Datetime(string="First Follow-up", readonly=True)
    answered_at = fields.Datetime(string="Answered", readonly=True)
    received = fields.Integer(string="Complaints", readonly=True)
    followed_up = fields.Integer(readonly=True)
    followed_up_share = fields.Float(
        string="Followed Up (%)", readonly=True, aggregator="avg", digits=(5, 1)
    )
    pace_days = fields.Float(
        string="Pace: Days to Follow-up",
        readonly=True,
        aggregator="avg",
        digits=(10, 1),
        help="Laju tindak lanjut: days from receipt to the first follow-up.",
    )
    answer_days = fields.Float(
        string="Days to Answer", readonly=True, aggregator="avg", digits=(10, 1)
    )
    sop_share = fields.Float(
        string="On Time by SOP (%)",
        readonly=True,
        aggregator="avg",
        digits=(5, 1),
        help="Of the complaints whose SOP's total time is decided: kept, or missed.",
    )
    sop_result = fields.Selection(
        [("on_time", "On Time"), ("late", "Late")], string="By SOP", readonly=True
    )
    rule_result = fields.Selection(
        [("on_time", "On Time"), ("late", "Late")], string="By Rules", readonly=True
    )
    rule_share = fields.Float(
        string="On Time by Rules (%)",
        readonly=True,
        aggregator="avg",
        digits=(5, 1),
        help="Of the complaints that are decided: no deadline of a rule was missed.",
    )

    @property
    def _table_query(self):
        return SQL(
            """SELECT complaint.id, complaint.id AS complaint_id, complaint.company_id,
                complaint.managing_unit_id, complaint.unit_id, complaint.sop_id,
                complaint.classification, complaint.category_id, complaint.channel_id,
                complaint.outcome, complaint.received_at,
                first.followed_up_at, first.answered_at, 1 AS received,
                CASE WHEN first.followed_up_at IS NULL THEN 0 ELSE 1 END AS followed_up,
                CASE WHEN first.followed_up_at IS NULL THEN 0.0 ELSE 100.0 END
                    AS followed_up_share,
                EXTRACT(EPOCH FROM first.followed_up_at - complaint.received_at) / 86400
                    AS pace_days,
                EXTRACT(EPOCH FROM first.answered_at - complaint.received_at) / 86400
                    AS answer_days,
                CASE kept.sop_result WHEN 'late' THEN 0.0 WHEN 'on_time' THEN 100.0 END
                    AS sop_share,
                CASE kept.rule_result WHEN 'late' THEN 0.0 WHEN 'on_time' THEN 100.0 END
                    AS rule_share,
                kept.sop_result, kept.rule_result
            FROM lapor_complaint complaint
            CROSS JOIN LATERAL (
                SELECT LEAST(
                    CASE WHEN complaint.phase = 'closed' THEN complaint.closed_at END,
                    (SELECT MIN(visit.done_at) FROM lapor_complaint_step visit
                     JOIN lapor_sop_step step ON step.id = visit.sop_step_id
                     WHERE visit.complaint_id = complaint.id AND visit.state = 'done'
                     AND step.phase = 'handling'),
                    (SELECT MIN(response.delivered_at) FROM lapor_response response
                     WHERE response.complaint_id = complaint.id
                     AND response.state = 'delivered' AND response.kind IN ('interim', 'final'))
                ) AS followed_up_at,
                (SELECT MIN(response.delivered_at) FROM lapor_response response
                 WHERE response.complaint_id = complaint.id
                 AND response.state = 'delivered' AND response.kind = 'final') AS answered_at
            ) first
            CROSS JOIN LATERAL (
                SELECT %(sop)s AS sop_result, %(rule)s AS rule_result FROM lapor_clock clock
                WHERE clock.complaint_id = complaint.id AND clock.on_complainant IS NOT TRUE
                AND clock.result IS DISTINCT FROM 'void'
            ) kept
            WHERE complaint.outcome IS DISTINCT FROM 'archived'""",
            sop=self._result("sop"),
            rule=self._result("rule"),
        )

    def _result(self, kind):
        """What became of a case's clocks of a kind: late when one is, on time when all are."""
        late = SQL(
            """clock.result IS NOT DISTINCT FROM 'late' OR (clock.state = 'running'
                AND clock.due_at < NOW() AT TIME ZONE 'UTC')"""
        )
        return SQL(
            """CASE WHEN BOOL_OR(%(late)s) FILTER (WHERE clock.kind = %(kind)s) THEN 'late'
                WHEN BOOL_AND(clock.state = 'stopped') FILTER (WHERE clock.kind = %(kind)s)
                THEN 'on_time' END""",
            late=late,
            kind=kind,
        )
