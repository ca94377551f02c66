def migrate(cr, version):
    """Mails held before name the rule that would hold them now."""
    cr.execute(
        """
        UPDATE lapor_mail_held AS held SET rule_id = rule.id, score = rule.likelihood
          FROM lapor_mail_rule AS rule
         WHERE rule.code = CASE WHEN held.kind = 'excess' AND held.detail IN ('text', 'files')
                                THEN 'cut' ELSE held.kind END
        """
    )
    cr.execute("ALTER TABLE lapor_mail_held DROP COLUMN kind")
