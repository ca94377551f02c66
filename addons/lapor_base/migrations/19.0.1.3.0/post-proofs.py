from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Papers of before events proved them are recorded as they are now, and lines of agenda books
    know for which case their number was taken."""
    cr.execute(
        """
        UPDATE lapor_agenda AS line SET complaint_id = taken.complaint_id
          FROM (SELECT MIN(d.complaint_id) AS complaint_id, line.id
                  FROM lapor_agenda line
                  JOIN lapor_disposition d ON d.agenda_number = line.seq::text
                   AND EXTRACT(YEAR FROM d.issued_at) = line.year
                  JOIN lapor_complaint_step v ON v.id = d.visit_id
                  LEFT JOIN lapor_position p ON p.id = d.from_position_id
                  JOIN lapor_unit u ON u.id = COALESCE(p.unit_id, v.unit_id)
                 WHERE line.kind = 'disposition' AND line.complaint_id IS NULL
                   AND COALESCE(u.office_id, u.id) = line.unit_id
              GROUP BY line.id) AS taken
         WHERE line.id = taken.id
        """
    )
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["lapor.event"]._prove_all()
    env.ref("lapor_base.ir_cron_anchor_events").interval_type = "hours"
