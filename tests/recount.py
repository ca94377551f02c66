"""A count of cases of another make: plain SQL over tables and events, without the program's
account of a case. What the words mean is written in ``docs/istilah.md``."""

#: One row a case of a government. ``given``: whoever handles it has it. ``closed``: of its last
#: closing or reopening. A closing by mistake never was.
RECOUNT = """
WITH first_given AS (
    SELECT e.complaint_id, MIN(e.sequence) AS sequence
      FROM lapor_event e
     WHERE (e.code = 'disposition' AND e.data->>'unit' IS NOT NULL)
        OR (e.code = 'step_opened' AND e.data->>'phase' IN ('handling', 'response'))
     GROUP BY 1
), marks AS (
    SELECT e.complaint_id, e.sequence, e.at,
           CASE
             WHEN e.code IN ('authority_refused', 'category_disputed') THEN 0
             WHEN e.code = 'reopened' THEN 0
             WHEN e.code = 'part_returned' THEN (e.data->>'unit' IS NOT NULL)::int
             WHEN e.code IN ('disposition', 'misroute_rejected') THEN 1
             WHEN e.data->>'phase' IN ('handling', 'response') THEN 1
             -- Opened again where it had not been before it was given out.
             WHEN EXISTS (SELECT 1 FROM lapor_event r
                           WHERE r.complaint_id = e.complaint_id AND r.code = 'reopened'
                             AND NOT (r.data->>'mistake')::bool AND r.sequence < e.sequence)
              AND NOT EXISTS (SELECT 1 FROM lapor_event b JOIN first_given f USING (complaint_id)
                           WHERE b.complaint_id = e.complaint_id AND b.code = 'step_opened'
                             AND b.data->>'step' = e.data->>'step' AND b.sequence < f.sequence)
             THEN 1
           END AS given
      FROM lapor_event e
     WHERE (e.code = 'disposition' AND e.data->>'unit' IS NOT NULL)
        OR (e.code = 'part_returned' AND e.data ? 'unit')
        OR (e.code = 'reopened' AND NOT (e.data->>'mistake')::bool)
        OR e.code IN ('authority_refused', 'category_disputed', 'misroute_rejected', 'step_opened')
), stand AS (
    SELECT c.id, c.received_at, c.is_misconduct IS TRUE AS is_misconduct,
           c.split_undone_at IS NOT NULL AS is_undone,
           c.managing_unit_id, COALESCE(c.is_secret, FALSE) AS is_secret,
           COALESCE(c.is_anonymous, FALSE) AS is_anonymous, c.classification, c.main_id,
           c.split_from_id,
           COALESCE((SELECT e.code = 'closed' FROM lapor_event e
             WHERE e.complaint_id = c.id AND e.code IN ('closed', 'reopened')
             ORDER BY e.sequence DESC LIMIT 1), FALSE) AS closed,
           (SELECT z.closed_at FROM lapor_closing z WHERE z.complaint_id = c.id
               AND z.reopened_at IS NULL) AS closed_at,
           (SELECT COALESCE(p.outcome, e.data->>'outcome') FROM lapor_event e
             LEFT JOIN LATERAL (SELECT k.data->>'outcome' AS outcome FROM lapor_event k
                WHERE k.complaint_id = c.id AND k.code = 'promise_kept'
                  AND k.sequence > e.sequence) p ON TRUE
             WHERE e.complaint_id = c.id AND e.code = 'closed'
             ORDER BY e.sequence DESC LIMIT 1) AS outcome,
           EXISTS (SELECT 1 FROM lapor_hold h WHERE h.complaint_id = c.id
               AND h.ended_at IS NULL) AS held,
           (SELECT m.given FROM marks m WHERE m.complaint_id = c.id AND m.given IS NOT NULL
             ORDER BY m.sequence DESC LIMIT 1) = 1 AS given,
           (SELECT MAX(m.sequence) FROM marks m WHERE m.complaint_id = c.id AND m.given = 0)
               AS taken_back,
           (SELECT MAX(e.at) FROM lapor_event e WHERE e.complaint_id = c.id
               AND e.code = 'reopened' AND NOT (e.data->>'mistake')::bool) AS round_at
      FROM lapor_complaint c WHERE c.company_id = %(company)s
), told AS (
    SELECT s.id, MIN(r.delivered_at) AS replied,
           MIN(r.delivered_at) FILTER (WHERE r.delivered_at >= s.round_at OR s.round_at IS NULL)
               AS replied_now,
           MIN(r.delivered_at) FILTER (WHERE r.kind = 'final') AS answered,
           MIN(r.delivered_at) FILTER (WHERE r.kind = 'final'
               AND (r.delivered_at >= s.round_at OR s.round_at IS NULL)) AS answered_now
      FROM stand s JOIN lapor_response r ON r.complaint_id = s.id
     WHERE r.state = 'delivered' AND r.kind IN ('interim', 'final') GROUP BY s.id
), worked AS (
    SELECT s.id, MIN(v.done_at) FILTER (WHERE NOT EXISTS (
               SELECT 1 FROM lapor_event e WHERE e.complaint_id = s.id AND e.at > v.done_at
                  AND (e.code IN ('authority_refused', 'category_disputed')
                    OR (e.code = 'part_returned' AND e.data ? 'unit'
                        AND e.data->>'unit' IS NULL)))) AS first,
           MIN(v.done_at) FILTER (WHERE s.taken_back IS NULL OR v.done_at > (
               SELECT e.at FROM lapor_event e
                WHERE e.complaint_id = s.id AND e.sequence = s.taken_back)) AS now
      FROM stand s JOIN lapor_complaint_step v ON v.complaint_id = s.id
      JOIN lapor_sop_step p ON p.id = v.sop_step_id
      JOIN lapor_sop_transition t ON t.id = v.transition_id
     WHERE v.state = 'done' AND p.phase = 'handling' AND t.kind != 'return'
       AND t.to_step_id IS NOT NULL
     GROUP BY s.id
), ended AS (
    SELECT z.complaint_id AS id, MIN(z.closed_at) AS first FROM lapor_closing z
     WHERE NOT COALESCE(z.was_mistake, FALSE)
       AND z.outcome IN ('handled', 'answered', 'scheduled', 'not_proven') GROUP BY 1
), due AS (
    SELECT k.complaint_id AS id, MIN(k.due_at) AS at FROM lapor_clock k
     WHERE k.state = 'running' AND NOT COALESCE(k.on_complainant, FALSE) GROUP BY 1
)
SELECT s.*, told.answered, LEAST(told.replied, worked.first, ended.first) AS followed,
       told.replied_now IS NOT NULL AS is_replied,
       NOT s.closed AND NOT s.held AND COALESCE(due.at < %(now)s, FALSE) AS late,
       CASE WHEN s.closed AND (s.outcome IN ('handled', 'answered', 'scheduled', 'not_proven')
                 OR (s.outcome = 'insufficient' AND told.answered_now IS NOT NULL)) THEN 'done'
            WHEN s.closed THEN 'archived'
            WHEN s.held THEN 'pending'
            WHEN NOT COALESCE(s.given, FALSE) THEN 'waiting'
            WHEN told.replied_now IS NOT NULL OR worked.now IS NOT NULL THEN 'process'
            ELSE 'disposed' END AS status
  FROM stand s LEFT JOIN told ON told.id = s.id LEFT JOIN worked ON worked.id = s.id
  LEFT JOIN ended ON ended.id = s.id LEFT JOIN due ON due.id = s.id
 ORDER BY s.id"""


def recount(env, company, now):
    """Each case of a government as it stands.

    :param company: ``res.company``
    :param now: naive UTC
    :returns: dict of the id of a case to its row
    """
    env.flush_all()
    env.cr.execute(RECOUNT, {"company": company.id, "now": now})
    return {row["id"]: row for row in env.cr.dictfetchall()}
