"""Run in Odoo's shell: install our addons.

``ARGUMENTS``: ``addons`` (names), ``demo`` (whether their demo data come with them).
"""

from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry

from odoo.addons.base.models import res_users

# A demo user's password is printed by ./lapor run. To hash sixty of them as if they were secrets
# takes a minute; Odoo hashes a password anew, in full, when its user first logs in.
if ARGUMENTS["demo"]:
    res_users.MIN_ROUNDS = 1000

env.cr.commit()
registry = Registry.new(env.cr.dbname, install_modules=ARGUMENTS["addons"])

# The company that every new database has is no government: an administrator who begins there
# sees empty lists.
with registry.cursor() as cr:
    installed = Environment(cr, SUPERUSER_ID, {})
    if "lapor.unit" in installed:
        admin = installed.ref("base.user_admin")
        managers = installed["lapor.unit"].search([("kind", "=", "manager")], order="company_id")
        if managers and admin.company_id not in managers.company_id:
            admin.company_id = managers[0].company_id
