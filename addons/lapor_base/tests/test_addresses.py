from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .governments import GovernmentsCase

DOMAIN = "surel-uji.example"


@tagged("post_install", "-at_install")
class TestAddresses(GovernmentsCase):
    """No office takes an address or a code of another: whatever it is of the other's, wherever
    it is entered, however it is written."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain = cls.env["mail.alias.domain"].create({"name": DOMAIN})
        (cls.company | cls.neighbour).write({"alias_domain_id": cls.domain.id})
        cls.manager.write(
            {
                "alias_name": "lapor-uji",
                "alias_domain_id": cls.domain.id,
                "email": "pengaduan@uji.example",
                "mail_plus": True,
            }
        )
        cls.env["lapor.mail.address"].create(
            {"name": "kotak.lama@penyedia.example", "unit_id": cls.manager.id}
        )
        cls.env["mail.alias"].create(
            {
                "alias_name": "di-mana-saja",
                "alias_incoming_local": True,
                "alias_domain_id": cls.domain.id,
                "alias_model_id": cls.env["ir.model"]._get_id("lapor.complaint"),
                "alias_defaults": {"intake_unit_id": cls.manager.id},
            }
        )
        cls.env["fetchmail.server"].create(
            {
                "name": "Kotak",
                "server_type": "imap",
                "user": "kotak@penyedia.example",
                "lapor_unit_id": cls.manager.id,
            }
        )
        cls.company.email = "humas@uji.example"

    def _assert_refused(self, act):
        """By words of a constraint, or by those of an index that comes first."""
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                act()
                self.env.flush_all()
        except (ValidationError, IntegrityError):
            self.env.invalidate_all()
            return
        self.fail("It was not refused.")

    def _taken(self):
        """Addresses of the other office, its government and of the mail system."""
        return [
            f"lapor-uji@{DOMAIN}",
            "pengaduan@uji.example",
            "kotak.lama@penyedia.example",
            "di-mana-saja@lain.example",
            "kotak@penyedia.example",
            "humas@uji.example",
            self.operator.email,
            self.domain.bounce_email,
            self.domain.catchall_email,
            self.domain.default_from_email,
        ]

    def _written(self, address):
        name, _at, domain = address.partition("@")
        yield from (address, address.upper(), f"{name}+btl-1.abc@{domain}")
        yield f"Pengaduan <{name.title()}@{domain}>"

    def test_no_address_of_another_is_taken(self):
        office = self._from_there(self.their_office, self.their_admin)
        further = self._from_there(self.env["lapor.mail.address"], self.their_admin)
        kept = further.create({"name": "sendiri@sebelah.example", "unit_id": office.id})
        for address in self._taken():
            for written in self._written(address):
                for act in (
                    lambda written=written: further.create({"name": written, "unit_id": office.id}),
                    lambda written=written: kept.write({"name": written}),
                    lambda written=written: office.write({"email": written}),
                ):
                    with self.subTest(written):
                        self._assert_refused(act)
        names = ["lapor-uji", "pengaduan", "di-mana-saja"]
        for name in names:
            with self.subTest(name), self.assertRaises(UserError), self.env.cr.savepoint():
                office.write({"alias_name": name, "alias_domain_id": self.domain.id})
                alias = self.their_office.alias_id
                alias.write({"alias_incoming_local": True})

    def test_alias_of_an_office_is_for_that_office(self):
        office = self._from_there(self.their_office, self.their_admin)
        office.write({"alias_name": "lapor-sebelah", "alias_domain_id": self.domain.id})
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            office.write({"alias_defaults": str({"intake_unit_id": self.manager.id})})
        theirs = self.env["mail.alias.domain"].create({"name": "lain.example"})
        self.company.alias_domain_id = theirs
        with self.assertRaises(UserError), self.env.cr.savepoint():
            office.write({"alias_domain_id": theirs.id})

    def test_office_may_write_its_own_address_twice(self):
        self.manager.email = f"Lapor-Uji@{DOMAIN}"
        own = self.env["lapor.mail.address"].create(
            {"name": "pengaduan@uji.example", "unit_id": self.manager.id}
        )
        self.assertEqual(own.name, "pengaduan@uji.example")

    def test_mail_goes_to_the_owner_where_two_clash_since_earlier(self):
        own = self.env["lapor.mail.address"].create(
            {"name": "sendiri@sebelah.example", "unit_id": self.their_office.id}
        )
        self.env.cr.execute(
            "UPDATE lapor_mail_address SET name = %s WHERE id = %s",
            [f"lapor-uji@{DOMAIN}", own.id],
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        found = self.env["lapor.mail.sorter"]._find_units([f"lapor-uji@{DOMAIN}"])
        self.assertEqual(list(found.values()), [self.manager])

    def test_sorter_knows_a_changed_sender_at_once(self):
        sorter = self.env["lapor.mail.sorter"]
        self.assertFalse(sorter._find_units(["baru@uji.example"]))
        self.manager.email = "baru@uji.example"
        self.assertEqual(list(sorter._find_units(["baru@uji.example"]).values()), [self.manager])

    def test_complaint_code_is_one_government_s(self):
        other = self.env["res.company"].create({"name": "Pemkab Ketiga"})
        for code in ("UJI", "uji", "SBL", "U", "A B", "%", "1AB"):
            with self.subTest(code):
                self._assert_refused(lambda code=code: other.write({"lapor_code": code}))
        self._make_complaint()
        self.company.lapor_code = "UJB"
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            other.lapor_code = "UJI"
        self.company.lapor_code = "UJI"

    def test_government_that_takes_in_complaints_has_a_code(self):
        other = self.env["res.company"].create({"name": "Pemkab Ketiga"})
        office = {"name": "Kominfo", "code": "X", "company_id": other.id}
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.env["lapor.unit"].create({**office, "kind": "manager"})
        self.env["lapor.unit"].create({**office, "kind": "opd"})
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.company.lapor_code = False
