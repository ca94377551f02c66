import logging

_logger = logging.getLogger(__name__)


def migrate(cr, version):
    """Codes and addresses that two offices have since earlier stay, and are named in the log."""
    cr.execute(
        """
        SELECT upper(lapor_code), string_agg(name, ', ' ORDER BY id) FROM res_company
         WHERE lapor_code IS NOT NULL GROUP BY 1 HAVING count(*) > 1
        """
    )
    for code, names in cr.fetchall():
        _logger.warning(
            "These governments have the same complaint code %s: %s. Their numbers can be the same "
            "until all but one have another code.",
            code,
            names,
        )
    cr.execute(
        """
        SELECT company.name FROM res_company AS company
         WHERE lapor_code IS NULL AND EXISTS (
               SELECT FROM lapor_unit WHERE kind = 'manager' AND company_id = company.id)
        """
    )
    for (name,) in cr.fetchall():
        _logger.warning("%s takes in complaints and has no complaint code: fill it in.", name)
    cr.execute(
        """
        SELECT lower(email), string_agg(DISTINCT code, ', ') FROM (
               SELECT email, office_id, code FROM lapor_unit WHERE email IS NOT NULL AND active
                UNION ALL
               SELECT address.name, unit.office_id, unit.code
                 FROM lapor_mail_address AS address JOIN lapor_unit AS unit
                   ON unit.id = address.unit_id) AS used
         GROUP BY 1 HAVING count(DISTINCT office_id) > 1
        """
    )
    for address, units in cr.fetchall():
        _logger.warning("These offices have the same mail address %s: %s.", address, units)
