from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """The history of each position begins with who is appointed to it today."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    positions = env["lapor.position"].with_context(active_test=False)
    env["lapor.appointment"]._record(positions.search([]))
