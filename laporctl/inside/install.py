"""Run in Odoo's shell: install our addons.

``ARGUMENTS``: ``addons`` (names), ``demo`` (whether their demo data come with them).
"""

from odoo.modules.registry import Registry

from odoo.addons.base.models import res_users

# A demo user's password is printed by ./lapor run. To hash sixty of them as if they were secrets
# takes a minute; Odoo hashes a password anew, in full, when its user first logs in.
if ARGUMENTS["demo"]:
    res_users.MIN_ROUNDS = 1000

env.cr.commit()
Registry.new(env.cr.dbname, install_modules=ARGUMENTS["addons"])
