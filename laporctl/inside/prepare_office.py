"""Run in Odoo's shell on a copy of the template: make it an Indonesian office's database."""

indonesia = env.ref("base.id")
indonesia.currency_id.active = True
company = env.ref("base.main_company")
company.write({"country_id": indonesia.id, "currency_id": indonesia.currency_id.id})
partners = env["res.users"].with_context(active_test=False).search([]).partner_id
(partners | company.partner_id).write({"lang": "id_ID", "tz": "Asia/Jakarta"})
env["ir.default"].set("res.partner", "lang", "id_ID")
env["ir.default"].set("res.partner", "tz", "Asia/Jakarta")
env.ref("base.user_admin").password = "admin"
env.cr.commit()
