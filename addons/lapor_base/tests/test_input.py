from datetime import datetime, timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import common
from .samples import own_fields, sample

DIRTY = "Jalan\x00 \x1brusak\x07 \ud800\u202eparah"
CLEAN = "Jalan rusak parah"


@tagged("post_install", "-at_install")
class TestInput(common.LaporCase):
    """Whatever people type or paste is stored safely or refused with a sentence."""

    def _create(self, **values):
        return (
            self.env["lapor.complaint"]
            .with_user(self.operator)
            .create([{"name": "Jalan", "description": "Rusak", **values}])
        )

    def _texts(self, model):
        return [
            name
            for name in own_fields(model)
            if model._fields[name].type in ("char", "text") and name not in self._guarded
        ]

    @property
    def _guarded(self):
        return self.env["lapor.complaint"]._engine_fields() | {"email_normalized"}

    def test_no_text_of_a_complaint_or_complainant_breaks_the_database(self):
        complaint = self._make_complaint()
        for record in (complaint, complaint.complainant_id.with_user(self.operator)):
            for name in self._texts(record):
                with self.subTest(model=record._name, field=name):
                    record[name] = DIRTY
                    self.env.flush_all()
                    self.env.invalidate_all()
                    self.assertEqual(record[name], CLEAN)
                    values = {"name": "Jalan", name: DIRTY}
                    if record == complaint:
                        values.setdefault("description", "Rusak")
                    self.assertEqual(record.create([values])[name], CLEAN)

    def test_long_title_is_refused_and_long_text_kept(self):
        complaint = self._create(description="Rusak " * 16000)
        self.assertEqual(len(complaint.description), 6 * 16000 - 1)
        with self.assertRaisesRegex(ValidationError, "at most 250 characters; yours has 10000"):
            complaint.name = "x" * 10000
        with self.assertRaisesRegex(ValidationError, "at most 250 characters"):
            self._create(name="Jalan " * 2000)

    def test_title_is_one_line_and_text_keeps_its_lines(self):
        complaint = self._create(name="Jalan\nrusak\tparah", description="Satu\r\n\r\n\r\n\r\nDua")
        self.assertEqual(complaint.name, "Jalan rusak parah")
        self.assertEqual(complaint.description, "Satu\n\nDua")

    def test_emoji_and_other_scripts_stay(self):
        for text in ("Rusak 😡👨‍👩‍👧", "السلام عليكم", "ꦱꦸꦒꦼꦁ", "街灯が壊れた"):
            complaint = self._create(name=text, description=text)
            self.env.invalidate_all()
            self.assertEqual((complaint.name, complaint.description), (text, text))

    def test_title_is_taken_from_the_text_when_there_is_none(self):
        complaint = self._create(name=False, description="Lampu jalan mati.\nSudah seminggu.")
        self.assertEqual(complaint.name, "Lampu jalan mati. Sudah seminggu.")

    def test_complaint_without_text_is_refused_when_new_and_later(self):
        for empty in ("", "   ", "\n\t", "\x00\x01", False, "\u202e"):
            with self.subTest(text=empty), self.assertRefused("title and a text", ValidationError):
                self._create(description=empty)
            for name in ("name", "description"):
                complaint = self._make_complaint()
                with self.subTest(field=name, text=empty), self.assertRaises(ValidationError):
                    complaint.write({name: empty})

    def test_complainant_without_name_is_refused(self):
        complainant = self._make_complaint().complainant_id
        for empty in ("", "  ", "\x00"):
            with self.assertRaises(ValidationError):
                complainant.name = empty
            with self.assertRaises(ValidationError):
                complainant.create([{"name": empty}])

    def test_complaint_is_not_received_in_the_future(self):
        now = fields.Datetime.now()
        for moment in (now + timedelta(minutes=5), "2099-01-01 00:00:00"):
            with self.assertRefused("in the future", ValidationError):
                self._create(received_at=moment)
        complaint = self._create(received_at=now - timedelta(days=3))
        self.assertEqual(complaint.received_at, now - timedelta(days=3))

    def test_number_belongs_to_the_local_year_of_receipt(self):
        before, after = datetime(2025, 12, 31, 16, 59), datetime(2025, 12, 31, 17, 0)
        self.assertEqual(self._create(received_at=before).number, "UJI-2025-00001")
        self.assertEqual(self._create(received_at=after).number, "UJI-2026-00001")
        self.assertEqual(self._create(received_at=before).number, "UJI-2025-00002")

    def test_government_without_managing_office_is_told_so(self):
        company = self.env["res.company"].create({"name": "Pemkab Baru"})
        with self.assertRefused("no managing office"):
            self.env["lapor.complaint"].create(
                [{"name": "Jalan", "description": "Rusak", "company_id": company.id}]
            )

    def test_relations_stay_inside_the_government(self):
        company = self.env["res.company"].create({"name": "Pemkab Sebelah"})
        category = self.env["lapor.category"].create({"name": "C", "company_id": company.id})
        complainant = self.env["lapor.complainant"].create({"name": "S", "company_id": company.id})
        for values in ({"category_id": category.id}, {"complainant_id": complainant.id}):
            with self.assertRaises(UserError):
                self.env["lapor.complaint"].create(
                    [{"name": "Jalan", "description": "Rusak", **values}]
                )

    @mute_logger("odoo.sql_db")
    def test_complainant_is_never_shared_between_complaints(self):
        """Who sees two cases must not learn that they come from one person; and whoever could
        give a complaint somebody else's complainant could read who that is."""
        first, second = self._make_complaint(), self._make_complaint()
        with self.assertRaises(IntegrityError):
            second.complainant_id = first.complainant_id
            self.env.flush_all()
        with self.assertRaises(IntegrityError):
            self._create(complainant_id=first.complainant_id.id)

    # Data of a case

    def test_changed_data_is_recorded_as_an_event_without_its_content(self):
        complaint = self._make_complaint()
        complaint.write({"name": "Jembatan putus", "place": "Desa Sukamaju"})
        event = complaint.event_ids[-1]
        self.assertEqual(event.code, "data_changed")
        # What was and what is, as a fingerprint (test_first_words.py).
        self.assertEqual(set(event.data), {"fields", "words"})
        self.assertEqual(event.data["fields"], ["name", "place"])
        self.assertNotIn("Jembatan", str(event.data))

    def test_data_of_a_closed_case_cannot_change(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, None)
        guarded = self._guarded | {"received_at", "intake_unit_id"}
        names = [name for name in own_fields(complaint) if name not in guarded]
        self.assertIn("description", names)
        for user in (self.env.ref("base.user_root"), self.administrator, self.operator):
            for name in names:
                with self.subTest(name, user=user.login), self.assertRaises(UserError):
                    complaint.with_user(user).write({name: sample(complaint, name)})
        self.assertFalse(complaint.can_edit_data)

    def test_open_case_may_be_corrected_by_intake_only(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, "3")
        complaint.with_user(self.operator).name = "Jalan dan selokan"
        for user in (self.engineer, self.opd_head, self.overseer, self.head):
            with self.subTest(user.login), self.assertRaises(UserError):
                complaint.with_user(user).name = "Lain"
        self.assertEqual(complaint.name, "Jalan dan selokan")

    # Units with open cases

    def test_unit_with_open_cases_cannot_be_archived(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, "3")
        handling, managing = "1 open complaints", "manages 1 complaints"
        for unit, said in (
            (self.bidang, handling),
            (self.opd, handling),
            (self.manager, managing),
        ):
            with self.subTest(unit.code), self.assertRefused(said, ValidationError):
                unit.active = False
        self.other_opd.active = False
        self._walk_to(complaint, None)
        (self.bidang | self.opd).active = False
        self.assertFalse(self.opd.active)

    def test_archiving_counts_cases_the_administrator_may_not_read(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, "3")
        complaint.is_misconduct = True
        self.assertFalse(complaint.with_user(self.administrator).has_access("read"))
        with self.assertRefused("1 open complaints", ValidationError):
            self.opd.with_user(self.administrator).active = False

    def test_part_needs_its_office_and_no_unit_is_part_of_itself(self):
        with self.assertRefused("part of an office", ValidationError):
            self._make_unit("Bidang", "B", "bidang")
        with self.assertRaises(UserError):
            self.opd.parent_id = self.bidang
        self.assertEqual(self.bidang.office_id, self.opd)

    def test_bad_letter_pattern_is_refused_when_it_is_typed(self):
        for pattern, sentence in (
            ("{seq/{year}", "braces"),
            ("{nomor}/{seq}/{year}", "unknown slot {nomor}"),
            ("{code}/{year}", "needs the slot {seq}"),
            ("{code}/{seq}", "needs the slot {year}"),
        ):
            with self.subTest(pattern), self.assertRefused(sentence, ValidationError):
                self.opd.letter_pattern = pattern
        self.opd.letter_pattern = "{code}/{seq:02}/{unit}/{roman}/{year}"
