def migrate(cr, version):
    """Who reads held mails is stated anew; rules that are there would stay as they are."""
    cr.execute(
        """
        WITH gone AS (
            DELETE FROM ir_model_data
             WHERE module = 'lapor_base' AND model = 'ir.rule'
               AND name IN ('lapor_mail_held_rule_intake', 'lapor_mail_held_rule_admin')
            RETURNING res_id
        )
        DELETE FROM ir_rule WHERE id IN (SELECT res_id FROM gone)
        """
    )
