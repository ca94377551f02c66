from unittest.mock import patch

import psycopg2

from odoo.tests import HttpCase, tagged

from odoo.addons.lapor_base.tests.common import LaporCase

from ..models import lapor_tracking_try
from ..models.lapor_tracking_try import MOST_WRONG


@tagged("post_install", "-at_install")
class TestTracking(LaporCase):
    """Complainants follow their case by number and code."""

    def _track(self, number, code):
        return (
            self.env["lapor.complaint"]
            .with_user(self.env.ref("base.public_user"))
            ._track(number, code)
        )

    def test_right_pair_as_people_type_it(self):
        complaint = self._make_complaint()
        code = complaint.sudo().tracking_code
        for number, typed in (
            (complaint.number, code),
            (f" {complaint.number.lower()} ", code.lower().replace("-", " ")),
            (complaint.number, code.replace("0", "O").replace("1", "l")),
        ):
            self.assertEqual(self._track(number, typed), complaint)

    def test_every_wrong_pair_finds_nothing(self):
        complaint, other = self._make_complaint(), self._make_complaint(name="Lain")
        code = complaint.sudo().tracking_code
        for number, typed in (
            (other.number, code),
            (complaint.number, other.sudo().tracking_code),
            (complaint.number, ""),
            ("", code),
            ("%", "%"),
            (complaint.number, code[:-1]),
            (False, False),
        ):
            self.assertFalse(self._track(number, typed))

    def test_facts_tell_where_it_stands_and_nothing_else(self):
        complaint = self._make_complaint(is_anonymous=True, place="Pasar Lama")
        self._walk_to(complaint, "0")
        facts = complaint.sudo()._tracking_facts()
        told = [words for _at, words in facts["events"]]
        self.assertEqual(told[0], "Aduan diterima")
        self.assertEqual(told[-1], "Aduan ditutup")
        self.assertEqual(told.count("Diteruskan kepada unit yang menangani"), 1)
        self.assertEqual(facts["status"], "Selesai")
        self.assertTrue(facts["outcome"])
        for words in ("Budi", "0812", complaint.name, "Pasar", self.engineer.name, self.opd.name):
            self.assertNotIn(words, str({**facts, "unit": ""}))

    def test_limit_is_of_one_number_and_of_all_and_keeps_none(self):
        self.registry_enter_test_mode()
        Try = self.env["lapor.tracking.try"].with_user(self.env.ref("base.public_user"))
        for _time in range(MOST_WRONG):
            self.assertFalse(Try._is_one_too_many("UJI-2026-00001"))
        # However it is typed, and whether there is such a complaint or not.
        self.assertTrue(Try._is_one_too_many(" uji-2026-00001 "))
        self.assertFalse(Try._is_one_too_many("UJI-2026-00002"))
        kept = str(Try.sudo().search([]).read(["key", "count"]))
        self.assertNotIn("00001", kept)
        with patch.object(lapor_tracking_try, "MOST_WRONG_ALL", MOST_WRONG + 2):
            self.assertTrue(Try._is_one_too_many("UJI-2026-00003"))

    def test_count_is_kept_whatever_becomes_of_the_page(self):
        self.registry_enter_test_mode()
        Try = self.env["lapor.tracking.try"]
        failing = [psycopg2.OperationalError()] * 2
        cursor = type(self.env.cr).execute

        def execute(cr, query, *args, **kwargs):
            if failing and "lapor_tracking_try" in str(query):
                raise failing.pop()
            return cursor(cr, query, *args, **kwargs)

        with patch.object(type(self.env.cr), "execute", execute):
            self.assertEqual(Try._counted("a"), 1)
        self.assertEqual(Try._counted("a"), 2)


@tagged("post_install", "-at_install")
class TestTrackingPage(HttpCase, LaporCase):
    """The public page itself."""

    def _ask(self, number, code):
        page = self.url_open("/aduan")
        self.assertEqual(page.status_code, 200)
        token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
        return self.url_open("/aduan", data={"nomor": number, "kode": code, "csrf_token": token})

    def test_page(self):
        complaint = self._make_complaint(place="Pasar Lama")
        code = complaint.sudo().tracking_code
        page = self.url_open(f"/aduan?nomor={complaint.number}")
        self.assertIn(complaint.number, page.text)
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        self.assertNotIn("<script", page.text)
        right = self._ask(complaint.number, code)
        self.assertIn("Diterima dan sedang diperiksa", right.text)
        for words in ("Budi", "0812", complaint.name, "Pasar", code):
            self.assertNotIn(words, right.text)
        wrong = [
            self._ask(complaint.number, "0000-0000-0000"),
            self._ask("XXX-2000-00001", code),
        ]
        for answer in wrong:
            self.assertEqual(answer.status_code, 200)
            self.assertIn("Nomor dan kode tidak cocok", answer.text)
        for _number in range(MOST_WRONG - 1):
            self.assertEqual(self._ask(complaint.number, "salah").status_code, 200)
        self.assertEqual(self._ask(complaint.number, "salah").status_code, 429)
        # Nobody is shut out by those who guess.
        right = self._ask(complaint.number, code)
        self.assertEqual(right.status_code, 200)
        self.assertIn("Diterima dan sedang diperiksa", right.text)
        # A number that nobody has is answered in the same way.
        for _number in range(MOST_WRONG - 1):
            self.assertEqual(self._ask("XXX-2000-00001", "salah").status_code, 200)
        self.assertEqual(self._ask("XXX-2000-00001", "salah").status_code, 429)

    def test_markup_in_the_address_is_text(self):
        page = self.url_open("/aduan?nomor=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
        self.assertNotIn("<script", page.text)
