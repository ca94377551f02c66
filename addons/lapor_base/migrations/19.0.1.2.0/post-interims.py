def migrate(cr, version):
    """Interim answers that left before cases counted them are counted now."""
    cr.execute(
        """
        UPDATE lapor_complaint AS kase SET interim_count = sent.count
          FROM (SELECT complaint_id, COUNT(*) AS count FROM lapor_response
                 WHERE kind = 'interim' AND state = 'delivered' GROUP BY complaint_id) AS sent
         WHERE kase.id = sent.complaint_id AND COALESCE(kase.interim_count, 0) != sent.count
        """
    )
