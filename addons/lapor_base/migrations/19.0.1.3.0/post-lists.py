import logging

from odoo.tools import SQL

_logger = logging.getLogger(__name__)

#: Lists whose records without a government are from now on the system administrator's.
LISTS = {
    "lapor_archive_reason": "lapor.archive.reason",
    "lapor_category": "lapor.category",
    "lapor_channel": "lapor.channel",
    "lapor_escalation_rule": "lapor.escalation.rule",
    "lapor_holiday": "lapor.holiday",
    "lapor_instruction": "lapor.instruction",
    "lapor_letter_template": "lapor.letter.template",
    "lapor_missing_item": "lapor.missing.item",
    "lapor_paper_style": "lapor.paper.style",
    "lapor_regulation": "lapor.regulation",
    "lapor_response_template": "lapor.response.template",
    "lapor_time_rule": "lapor.time.rule",
}


def migrate(cr, version):
    """What the only government of an installation has added to a list stays its own to edit."""
    cr.execute("SELECT DISTINCT company_id FROM lapor_unit WHERE kind = 'manager'")
    governments = cr.fetchall()
    if len(governments) != 1:
        _logger.info("Records without a government are the system administrator's from now on.")
        return
    for table, model in LISTS.items():
        cr.execute("SELECT to_regclass(%s)", [table])
        if cr.fetchone()[0] is None:
            continue
        cr.execute(
            SQL(
                """
                UPDATE %s AS line SET company_id = %s
                 WHERE company_id IS NULL AND NOT EXISTS (
                       SELECT FROM ir_model_data
                        WHERE model = %s AND res_id = line.id AND module LIKE 'lapor%%')
                """,
                SQL.identifier(table),
                governments[0][0],
                model,
            )
        )
