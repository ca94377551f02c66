"""Run in Odoo's shell on a new database: make it an Indonesian office's.

LAPOR_ADMIN_PASSWORD is the administrator's password; without it, it is a demo's: admin.
LAPOR_SECOND_FACTOR, set in production, demands a second factor of administrators, coordinators and
the inspectorate, as soon as there is a mail server that could send them a code.
"""

import os

indonesia = env.ref("base.id")
indonesia.currency_id.active = True
company = env.ref("base.main_company")
company.write({"country_id": indonesia.id, "currency_id": indonesia.currency_id.id})
partners = env["res.partner"].with_context(active_test=False).search([])
partners.write({"lang": "id_ID", "tz": "Asia/Jakarta"})
env["ir.default"].set("res.partner", "lang", "id_ID")
env["ir.default"].set("res.partner", "tz", "Asia/Jakarta")
# a visitor whose browser asks for English, as most do unasked, is to see Indonesian, too
env.ref("base.lang_en").active = False
# a browser that was left alone is logged out after half a day, not after a week
env["ir.config_parameter"].set_param("sessions.max_inactivity_seconds", 12 * 3600)
# it tells Odoo's maker about the office every week
env.ref("mail.ir_cron_module_update_notification").active = False
admin = env.ref("base.user_admin")
if os.environ.get("LAPOR_ADMIN_PASSWORD"):
    admin.password = os.environ["LAPOR_ADMIN_PASSWORD"]
else:
    # shorter than people may choose; ./lapor run replaces it before anybody can log in
    admin._set_encrypted_password(admin.id, admin._crypt_context().hash("admin"))
if os.environ.get("LAPOR_SECOND_FACTOR"):
    env["ir.config_parameter"].set_param("lapor.second_factor", "1")
env.cr.commit()
