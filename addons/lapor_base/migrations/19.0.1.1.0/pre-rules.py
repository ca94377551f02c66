def migrate(cr, version):
    """Who may read what is stated anew with each version: rules that were loaded once and then
    left alone would leave confidential cases open."""
    cr.execute(
        """
        UPDATE ir_model_data SET noupdate = FALSE
         WHERE module IN ('lapor_base', 'lapor_sla') AND model = 'ir.rule'
        """
    )
