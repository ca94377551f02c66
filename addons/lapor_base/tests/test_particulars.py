from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from .governments import GovernmentsCase

PARTICULARS = {
    "name": "Bukan Saya (Bupati)",
    "email": "bupati@lain.example",
    "login": "bupati",
    "lapor_nip": "196704031994032008",
    "lapor_rank": "Pembina Utama (IV/e)",
}


@tagged("post_install", "-at_install")
class TestParticulars(GovernmentsCase):
    """What stands on letters is entered by whoever administers users; governments do not read
    each other's staff."""

    def test_official_changes_nothing_that_stands_on_letters(self):
        for user in (self.operator, self.head, self.administrator, self.employee):
            own = user.with_user(user)
            for name, value in PARTICULARS.items():
                for act in (
                    lambda own=own, name=name, value=value: own.write({name: value}),
                    lambda own=own, name=name, value=value: own.web_save({name: value}, {}),
                ):
                    with self.subTest(user=user.login, field=name), self.assertRaises(AccessError):
                        act()
            for name in ("name", "email"):
                partner = user.partner_id.with_user(user)
                for one in (partner, partner.sudo()):
                    with self.subTest(user=user.login), self.assertRaises(AccessError):
                        one.write({name: PARTICULARS[name]})
        self.operator.with_user(self.operator).write({"tz": "Asia/Makassar"})

    def test_administrator_of_users_changes_it(self):
        admin = self.env.ref("base.user_admin")
        everywhere = {"allowed_company_ids": admin.company_ids.ids}
        self.operator.with_user(admin).with_context(**everywhere).write({"name": "Nama Baru"})
        self.assertEqual(self.operator.name, "Nama Baru")

    def test_form_shows_what_is_not_ones_own_to_change(self):
        view = self.env.ref("base.view_users_form_simple_modif")
        arch = self.env["res.users"].with_user(self.operator).get_view(view.id)["arch"]
        for name in ("name", "email"):
            field = arch[arch.index(f'<field name="{name}"') :]
            self.assertIn('readonly="1"', field[: field.index(">")], name)

    def test_staff_of_other_governments_are_not_read(self):
        theirs = self.operator | self.head | self.administrator
        for user in (self.their_operator, self.their_head, self.their_admin):
            own = self._from_there(self.env["res.users"], user)
            contacts = own.env["res.partner"]
            self.assertFalse(own.search([("id", "in", theirs.ids)]))
            self.assertFalse(contacts.search([("id", "in", theirs.partner_id.ids)]))
            self.assertFalse(contacts.name_search(self.head.name))
            for record in (own.browse(self.head.id), contacts.browse(self.head.partner_id.id)):
                with self.assertRaises(AccessError):
                    record.read(["email"])

    def test_what_the_program_does_is_told_in_its_own_name(self):
        program = self.env.ref("base.partner_root")
        self.assertEqual(program.name, "Lapor")
        program.name = "Sistem Aduan"
        program._lapor_name_program()
        self.assertEqual(program.name, "Sistem Aduan")

    def test_what_everybody_needs_stays_readable(self):
        complainant = self.env.ref("lapor_base.partner_complainant")
        needed = (
            self.operator,
            self.head,
            self.operator.partner_id,
            self.head.partner_id,
            self.env.ref("base.user_root"),
            self.env.ref("base.partner_root"),
            self.company.partner_id,
            complainant,
        )
        for record in needed:
            own = record.with_user(self.operator).with_context(active_test=False)
            with self.subTest(record=record):
                self.assertTrue(own.has_access("read"))
                self.assertTrue(own.search([("id", "=", record.id)]))


@tagged("post_install", "-at_install")
class TestOwnAccount(HttpCase, GovernmentsCase):
    def test_page_of_the_own_account_gives_nobody_another_name(self):
        self.operator.password = "lapor_uji_123"
        self.authenticate(self.operator.login, "lapor_uji_123")
        before = self.operator.name, self.operator.email
        for url in ("/my/account", "/my/address/submit"):
            page = self.url_open("/my/account")
            token = page.text.partition('csrf_token" value="')[2].partition('"')[0]
            data = {
                "csrf_token": token,
                "partner_id": self.operator.partner_id.id,
                "name": "Bukan Saya",
                "email": "bukan@saya.example",
                "street": "Jalan",
                "city": "Kota",
                "country_id": self.env.ref("base.id").id,
                "phone": "0812",
                "zipcode": "55555",
            }
            self.url_open(url, data=data)
            self.env.invalidate_all()
            self.assertEqual((self.operator.name, self.operator.email), before)
