import base64

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.lapor_base.tests.papers import ROLES, PapersCase

from .books import HEADINGS, csv_file, line
from .common import HistoryCase

FLAGGED = [*HEADINGS, "Berkadar Pengawasan", "Rahasia"]


@tagged("post_install", "-at_install")
class TestRights(HistoryCase, PapersCase):
    """Who takes a register in, and who reads what came in."""

    def _rows(self):
        return csv_file(
            [
                [*line("1"), "", ""],
                [*line("2", Nama_Pelapor="Budi"), "Ya", ""],
                [*line("3"), "", "Ya"],
                [*line("4", OPD="Dinas Lama"), "", ""],
            ],
            FLAGGED,
        )

    def _read_by(self, user):
        self.env.invalidate_all()
        own = {"allowed_company_ids": user.company_ids.ids}
        cases = self.env["lapor.history"].with_user(user).with_context(**own)
        if not cases.has_access("read"):
            return set()
        return set(cases.search([("managing_unit_id", "=", self.manager.id)]).mapped("number"))

    def test_coordinators_and_administrators_alone_take_a_register_in(self):
        for person in ROLES:
            user = getattr(self, person)
            if person in ("operator", "head", "administrator"):
                self.assertEqual(self._import(csv_file([line()]), user).state, "checked")
            else:
                with self.subTest(person), self.assertRaises(AccessError):
                    self._import(csv_file([line()]), user)

    def test_who_may_not_cannot_use_the_import_of_another(self):
        record = self._import(csv_file([line()]))
        for person in set(ROLES) - {"operator", "head", "administrator"}:
            own = record.with_user(getattr(self, person))
            for act in ("action_read", "action_import", "action_withdraw", "action_open_rows"):
                with self.subTest(person, act=act), self.assertRaises(AccessError):
                    getattr(own, act)()

    def test_old_cases_are_read_as_the_cases_of_today(self):
        self._import(self._rows()).action_import()
        expected = {
            "operator": {"1", "2", "3", "4"},
            "head": {"1", "2", "3", "4"},
            "opd_admin": {"1", "3"},
            "opd_head": {"1", "3"},
            "inspector": {"2"},
            "overseer": {"1", "4"},
            "administrator": {"1", "4"},
        }
        for person in ROLES:
            with self.subTest(person):
                self.assertEqual(self._read_by(getattr(self, person)), expected.get(person, set()))

    def test_complainant_is_read_by_those_who_know_complainants(self):
        self._import(self._rows()).action_import()
        case = self._cases(number="1")
        self.assertEqual(case.with_user(self.operator).complainant, "Siti Rahmah")
        for user in (self.overseer, self.opd_head):
            with self.assertRaises(AccessError):
                case.with_user(user).read(["complainant"])
            self.assertNotIn("complainant", case.with_user(user).fields_get())

    def test_administrator_sees_no_row_that_is_hidden_from_him(self):
        record = self._import(self._rows(), self.administrator)
        self.env.invalidate_all()
        self.assertEqual(record.count_all, 4)
        self.assertEqual(record.row_ids.mapped("number"), [2, 5])
        self.env.invalidate_all()
        self.assertEqual(len(record.with_user(self.operator).row_ids), 4)

    def test_refused_rows_of_misconduct_are_not_downloaded_by_administrators(self):
        bad = csv_file([[*line("5", Status="?", Isi_Aduan="Pungli"), "Ya", ""]], FLAGGED)
        record = self._import(bad, self.administrator)
        self.assertFalse(record.refused_file)
        self.assertTrue(record.with_user(self.operator).refused_file)

    def test_what_was_uploaded_is_not_downloaded(self):
        record = self._import(self._rows())
        record.invalidate_recordset()
        self.assertFalse(record.upload)
        for user in (self.operator, self.administrator):
            with self.assertRaises(AccessError):
                record.with_user(user).read(["content"])
            with self.assertRaises(AccessError):
                record.row_ids[:1].with_user(user).read(["cells"])

    def test_neighbouring_government_has_no_part_in_it(self):
        record = self._import(csv_file([line()]))
        record.action_import()
        neighbour = self.env["res.company"].create({"name": "Tetangga", "lapor_code": "TTG"})
        self.env.user.company_ids = [Command.link(neighbour.id)]
        user = self._make_users(
            {
                "login": "lapor_neighbour",
                "name": "Administrator Tetangga",
                "company_id": neighbour.id,
                "company_ids": [Command.set(neighbour.ids)],
            },
            groups="base.group_user,lapor_base.group_lapor_admin",
        )[0]
        self.assertFalse(self._read_by(user))
        own = self.env["lapor.history.import"].with_user(user)
        own = own.with_context(allowed_company_ids=neighbour.ids)
        self.assertFalse(own.search([("id", "=", record.id)]))
        with self.assertRaises(UserError):
            own.create(
                {
                    "managing_unit_id": self.manager.id,
                    "upload": base64.b64encode(b"a;b"),
                    "file_name": "a.csv",
                }
            )

    def test_register_is_of_a_managing_office(self):
        with self.assertRaises(UserError):
            self._import(csv_file([line()]), self.administrator, managing_unit_id=self.opd.id)
