from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Notes, reasons and tasks of cases that are anonymous already lose the complainant's name."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["lapor.complaint"].search([("is_anonymous", "=", True)])._hide_identity()
