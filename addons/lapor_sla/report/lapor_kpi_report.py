from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.lapor_base.models.lapor_sop import CLASSIFICATIONS
from odoo.addons.lapor_base.models.lapor_sop_transition import OUTCOMES


class LaporKpiReport(models.Model):
    """What the state asks an office for: pace, share followed up, and punctuality.

    A row per complaint. What each word means is said by the account of the case
    (``lapor_base/tools/case_account.py``, ``docs/istilah.md``). The figures are those that
    KemenPANRB and the provinces compare:

    - *laju tindak lanjut*: days from receipt to the first follow-up, and to the answer. Calendar
      days, as the complainant waits; holds are not taken out.
    - *% tindak lanjut*: share of the complaints that were followed up.
    - *ketepatan*: by the office's SOP, and by the rules of the state. By rules a complaint is
      punctual when no rule's deadline was missed. What is open and past its date is late already;
      what is open and in time is not decided and does not count.

    A complaint that was split is one row where the office counts it once: followed up and answered
    when all its matters are, late when one is. A split that was taken back is no row.

    Complaints that ended unhandled (withdrawn, deemed withdrawn, archived, out of authority,
    duplicate) improve no figure: each is told without them, and once more with them.
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
            "sp4n_status",
            "first_followed_up_at",
            "first_answered_at",
            "is_misconduct",
            "split_from_id",
            "split_undone_at",
        ],
        "lapor.unit": ["split_counting"],
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
    sp4n_status = fields.Selection(
        lambda self: self.env["lapor.complaint"]._fields["sp4n_status"].selection,
        string="SP4N Status",
        readonly=True,
    )
    followed_up_at = fields.Datetime(string="First Follow-up", readonly=True)
    answered_at = fields.Datetime(string="First Answer", readonly=True)
    received = fields.Integer(string="Complaints", readonly=True)
    to_handle = fields.Integer(
        string="To Be Handled",
        readonly=True,
        help="Complaints without those that ended unhandled.",
    )
    followed_up = fields.Integer(readonly=True)
    followed_up_share = fields.Float(
        string="Followed Up (%)",
        readonly=True,
        aggregator="avg",
        digits=(5, 1),
        help="Without those that ended unhandled.",
    )
    followed_up_share_all = fields.Float(
        string="Followed Up, of All (%)", readonly=True, aggregator="avg", digits=(5, 1)
    )
    pace_days = fields.Float(
        string="Pace: Days to Follow-up",
        readonly=True,
        aggregator="avg",
        digits=(10, 1),
        help="Laju tindak lanjut: days from receipt to the first follow-up. Without those that "
        "ended unhandled.",
    )
    pace_days_all = fields.Float(
        string="Pace, of All", readonly=True, aggregator="avg", digits=(10, 1)
    )
    answer_days = fields.Float(
        string="Days to Answer",
        readonly=True,
        aggregator="avg",
        digits=(10, 1),
        help="Days from receipt to the first final answer. Without those that ended unhandled.",
    )
    answer_days_all = fields.Float(
        string="Days to Answer, of All", readonly=True, aggregator="avg", digits=(10, 1)
    )
    sop_share = fields.Float(
        string="On Time by SOP (%)",
        readonly=True,
        aggregator="avg",
        digits=(5, 1),
        help="Of the complaints whose SOP's total time is decided: kept, or missed. Without those "
        "that ended unhandled.",
    )
    sop_share_all = fields.Float(
        string="On Time by SOP, of All (%)", readonly=True, aggregator="avg", digits=(5, 1)
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
        help="Of the complaints that are decided: no deadline of a rule was missed. Without those "
        "that ended unhandled.",
    )
    rule_share_all = fields.Float(
        string="On Time by Rules, of All (%)", readonly=True, aggregator="avg", digits=(5, 1)
    )

    @property
    def _table_query(self):
        return SQL(
            """SELECT complaint.id, complaint.id AS complaint_id, complaint.company_id,
                complaint.managing_unit_id, complaint.unit_id, complaint.sop_id,
                complaint.classification, complaint.category_id, complaint.channel_id,
                complaint.outcome, complaint.sp4n_status, complaint.received_at,
                told.followed_up_at, told.answered_at, 1 AS received,
                told.handled AS to_handle, told.followed_up,
                CASE told.handled WHEN 1 THEN 100.0 * told.followed_up END AS followed_up_share,
                100.0 * told.followed_up AS followed_up_share_all,
                CASE told.handled WHEN 1 THEN told.pace END AS pace_days,
                told.pace AS pace_days_all,
                CASE told.handled WHEN 1 THEN told.answer END AS answer_days,
                told.answer AS answer_days_all,
                CASE told.handled WHEN 1 THEN %(sop_share)s END AS sop_share,
                %(sop_share)s AS sop_share_all,
                CASE told.handled WHEN 1 THEN %(rule_share)s END AS rule_share,
                %(rule_share)s AS rule_share_all,
                kept.sop_result, kept.rule_result
            FROM lapor_complaint complaint
            LEFT JOIN lapor_unit office ON office.id = complaint.managing_unit_id
            LEFT JOIN lapor_complaint whole ON whole.id = complaint.split_from_id
                AND (whole.is_misconduct IS TRUE) = (complaint.is_misconduct IS TRUE)
                AND office.split_counting = 'once'
            CROSS JOIN LATERAL (
                SELECT ARRAY_AGG(id) AS ids, BOOL_OR(sp4n_status != 'archived') AS handled,
                    BOOL_AND(first_followed_up_at IS NOT NULL) AS every_followed,
                    BOOL_AND(first_followed_up_at IS NOT NULL)
                        FILTER (WHERE sp4n_status != 'archived') AS followed,
                    BOOL_AND(first_answered_at IS NOT NULL) AS every_answered,
                    BOOL_AND(first_answered_at IS NOT NULL)
                        FILTER (WHERE sp4n_status != 'archived') AS answered,
                    MAX(first_followed_up_at) AS every_followed_at,
                    MAX(first_followed_up_at)
                        FILTER (WHERE sp4n_status != 'archived') AS followed_at,
                    MAX(first_answered_at) AS every_answered_at,
                    MAX(first_answered_at)
                        FILTER (WHERE sp4n_status != 'archived') AS answered_at
                FROM (
                    SELECT complaint.id, complaint.sp4n_status, complaint.first_followed_up_at,
                        complaint.first_answered_at
                    UNION ALL
                    SELECT id, sp4n_status, first_followed_up_at, first_answered_at
                    FROM lapor_complaint matter
                    WHERE office.split_counting = 'once' AND matter.split_from_id = complaint.id
                    AND matter.split_undone_at IS NULL
                    AND (matter.is_misconduct IS TRUE) = (complaint.is_misconduct IS TRUE)
                ) matters
            ) family
            CROSS JOIN LATERAL (
                SELECT CASE WHEN family.handled THEN 1 ELSE 0 END AS handled,
                    CASE WHEN family.handled THEN family.followed ELSE family.every_followed END
                        AS is_followed,
                    CASE WHEN family.handled THEN family.answered ELSE family.every_answered END
                        AS is_answered
            ) counted
            CROSS JOIN LATERAL (
                SELECT CASE WHEN counted.is_followed THEN COALESCE(
                        CASE counted.handled WHEN 1 THEN family.followed_at END,
                        family.every_followed_at) END AS followed_up_at,
                    CASE WHEN counted.is_answered THEN COALESCE(
                        CASE counted.handled WHEN 1 THEN family.answered_at END,
                        family.every_answered_at) END AS answered_at
            ) moment
            CROSS JOIN LATERAL (
                SELECT counted.handled, CASE WHEN counted.is_followed THEN 1 ELSE 0 END
                        AS followed_up,
                    moment.followed_up_at, moment.answered_at,
                    EXTRACT(EPOCH FROM moment.followed_up_at - complaint.received_at)
                        / 86400 AS pace,
                    EXTRACT(EPOCH FROM moment.answered_at - complaint.received_at)
                        / 86400 AS answer
            ) told
            CROSS JOIN LATERAL (
                SELECT %(sop)s AS sop_result, %(rule)s AS rule_result FROM lapor_clock clock
                WHERE clock.complaint_id = ANY(family.ids) AND clock.on_complainant IS NOT TRUE
                AND clock.result IS DISTINCT FROM 'void'
            ) kept
            WHERE complaint.split_undone_at IS NULL AND whole.id IS NULL""",
            sop=self._result("sop"),
            rule=self._result("rule"),
            sop_share=self._share("sop"),
            rule_share=self._share("rule"),
        )

    def _share(self, kind):
        return SQL(
            "CASE %s WHEN 'late' THEN 0.0 WHEN 'on_time' THEN 100.0 END",
            SQL.identifier("kept", f"{kind}_result"),
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
