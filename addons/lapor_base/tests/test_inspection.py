import base64
import io
from datetime import datetime

from PIL import Image

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .chains import ChainCase

REPORT = {"place": "Pasar", "findings": "Lampu mati", "conclusion": "Aduan benar"}


def photo(taken=None, offset=None, size=(2400, 1800), form="JPEG"):
    """A photo as base64, with the time that a camera would write."""
    exif = Image.Exif()
    if taken:
        details = exif.get_ifd(0x8769)
        details[36867] = taken
        if offset:
            details[36881] = offset
    out = io.BytesIO()
    Image.new("RGB", size, "gray").save(out, form, exif=exif.tobytes() if taken else b"")
    return base64.b64encode(out.getvalue())


@tagged("post_install", "-at_install")
class TestInspection(ChainCase):
    """A report is written by its team, signed by each member, and frozen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_chain("inspect")

    def setUp(self):
        super().setUp()
        self.complaint = self._make_complaint()
        action = self.complaint.with_user(self.operator).action_open_inspection()
        self.report = self.env["lapor.inspection"].browse(action["res_id"])
        self.own = self.report.with_user(self.operator)

    def _with_team(self):
        self.own.write({**REPORT, "member_ids": [Command.create({"user_id": self.operator2.id})]})

    def test_draft_is_saved_from_the_first_moment_and_opened_again(self):
        self.assertEqual((self.report.state, self.report.team_ids), ("draft", self.operator))
        self.own.write({"findings": "Lampu"})
        action = self.complaint.with_user(self.operator).action_open_inspection()
        self.assertEqual(action["res_id"], self.report.id)
        arrow = self._arrow(self.complaint).id
        action = self.complaint.with_user(self.operator).action_start_transition(arrow)
        self.assertEqual(
            (action["res_model"], action["res_id"]), (self.report._name, self.report.id)
        )
        with self.assertRefused("is a draft"):
            self._do(self.complaint)

    def test_only_the_team_writes_and_only_the_draft(self):
        for user in (self.head, self.operator2, self.administrator):
            with self.assertRaises(AccessError):
                self.report.with_user(user).write({"findings": "Lain"})
        self._with_team()
        self.report.with_user(self.operator2).write({"recommendation": "Ganti"})
        self.own.action_submit()
        for user in (self.operator, self.operator2):
            own = self.report.with_user(user)
            for attempt in (
                lambda own=own: own.write({"findings": "Lain"}),
                lambda own=own: own.member_ids[0].write({"task": "Lain"}),
                lambda own=own: own.member_ids[1].unlink(),
                lambda own=own: own.write({"photo_ids": [Command.create({"image": photo()})]}),
            ):
                with self.assertRaises(AccessError):
                    attempt()

    def test_what_acts_write_is_refused_to_the_team(self):
        for values in (
            {"state": "done"},
            {"number": "BA-1"},
            {"text_hash": "0" * 64},
            {"complaint_id": self.complaint.id},
            {"member_ids": [Command.update(self.report.member_ids.id, {"state": "signed"})]},
            {"member_ids": [Command.create({"user_id": self.head.id, "state": "signed"})]},
        ):
            with self.subTest(values), self.assertRefused("by its acts only"):
                self.own.write(values)

    def test_each_member_signs_the_same_text_and_the_last_one_completes_it(self):
        self._with_team()
        self.own.action_submit()
        self.assertEqual(self.report.member_ids.mapped("state"), ["signed", "waiting"])
        self.assertEqual(self.report.state, "signing")
        turns = self.complaint.sudo().activity_ids.filtered("lapor_turn_model")
        self.assertEqual(turns.user_id, self.operator2)
        with self.assertRefused("waits for the signatures of: Operator Dua"):
            self._do(self.complaint)
        with self.assertRefused("signed this report already"):
            self.own.action_sign()
        with self.assertRefused("members of its team", AccessError):
            self.report.with_user(self.head).action_sign()
        self.report.with_user(self.operator2).action_sign()
        self.assertEqual(self.report.state, "done")
        self.assertEqual(set(self.report.member_ids.mapped("text_hash")), {self.report.text_hash})
        self.assertEqual(self.report.member_ids[1].signed_title, "Admin Layanan 2")
        codes = self.complaint.event_ids.mapped("code")
        self.assertEqual(codes.count("inspection_signed"), 2)
        self._do(self.complaint)
        self.assertEqual(self._kind(self.complaint), "receive")

    def test_text_changed_behind_the_team_is_not_signed(self):
        self._with_team()
        self.own.action_submit()
        self.report.sudo().write({"findings": "Lain"})
        with self.assertRefused("differs from what was submitted"):
            self.report.with_user(self.operator2).action_sign()

    def test_member_who_does_not_sign_is_excused_by_the_head(self):
        self._with_team()
        self.own.action_submit()
        member = self.report.member_ids[1]
        with self.assertRefused("head of the team", AccessError):
            self.report.with_user(self.head).action_excuse(member.id, "Sakit")
        with self.assertRefused("why this member"):
            self.own.action_excuse(member.id, "  ")
        with self.assertRefused("not waited for"):
            self.own.action_excuse(self.report.member_ids[0].id, "Sakit")
        action = member.with_user(self.operator).action_open_excuse()
        self.env["lapor.inspection.ask"].with_user(self.operator).with_context(
            **action["context"]
        ).create({"reason": "Menolak: tidak sependapat"}).action_confirm()
        self.assertEqual((member.state, self.report.state), ("excused", "done"))
        self.assertEqual(member.excuse_reason, "Menolak: tidak sependapat")

    def test_reopened_report_is_signed_anew(self):
        self._with_team()
        self.own.action_submit()
        self.report.with_user(self.operator2).action_reopen("Salah tempat")
        self.assertEqual(self.report.state, "draft")
        self.assertEqual(set(self.report.member_ids.mapped("state")), {"waiting"})
        self.own.write({"place": "Terminal"})
        self.own.action_submit()
        self.report.with_user(self.operator2).action_sign()
        self.assertEqual(self.report.state, "done")
        with self.assertRefused("being signed can be reopened"):
            self.own.action_reopen("Lagi")

    def test_report_lacks_no_part(self):
        with self.assertRefused("still lacks: Findings"):
            self.own.write({"place": "Pasar"}) and self.own.action_submit()
        with self.assertRefused("future"):
            self.own.write({"date": "2090-01-01"})
        with self.assertRefused("no such place"):
            self.own.write({"latitude": 95})

    def test_member_who_may_not_see_the_case_cannot_be_in_the_team(self):
        self.complaint.is_misconduct = True
        self.own.write({**REPORT, "member_ids": [Command.create({"user_id": self.engineer.id})]})
        with self.assertRefused("may not see this complaint"):
            self.own.action_submit()

    def test_reports_and_assignments_are_numbered_where_the_office_wants_it(self):
        Series = self.env["lapor.letter.series"]
        with self.assertRefused("does not number"):
            self.own.action_number_assignment()
        for document, pattern in (("assignment", "ST/{seq}/{year}"), ("report", "BA/{seq}/{year}")):
            Series.create(
                {
                    "unit_id": self.manager.id,
                    "document": document,
                    "pattern": pattern,
                    "own_book": True,
                }
            )
        self.own.action_number_assignment()
        self.assertRegex(self.report.assignment_number, r"^ST/1/")
        self.assertTrue(self.report.assignment_date)
        with self.assertRefused("a number already"):
            self.own.action_number_assignment()
        self.own.write(REPORT)
        self.own.action_submit()
        self.assertRegex(self.report.number, r"^BA/1/")

    # Photos

    def _photo(self, **values):
        return (
            self.env["lapor.inspection.photo"]
            .with_user(self.operator)
            .create({"inspection_id": self.report.id, **values})
        )

    def test_photo_is_kept_as_taken_with_its_time(self):
        raw = photo("2026:01:05 09:30:00")
        taken = self._photo(image=raw, name="Tiang")
        self.assertEqual(taken.time_source, "camera")
        # 09.30 in the zone of the office, WIB.
        self.assertEqual(taken.taken_at, datetime(2026, 1, 5, 2, 30))
        self.assertEqual(taken.with_context(bin_size=False).image, raw)
        told = self._photo(image=photo("2026:01:05 09:30:00", "+08:00"))
        self.assertEqual(told.taken_at, datetime(2026, 1, 5, 1, 30))

    def test_photo_without_a_time_has_that_of_its_upload(self):
        for image in (photo(), photo("0000:00:00 00:00:00"), photo("2090:01:01 00:00:00")):
            self.assertEqual(self._photo(image=image).time_source, "upload")

    def test_what_is_no_photo_is_refused(self):
        program = base64.b64encode(b"MZ" + b"\0" * 200)
        for image, sentence in ((program, "is no photo"), (b"", "is empty")):
            with self.assertRefused(sentence):
                self._photo(image=image, file_name="a.jpg")
        taken = self._photo(image=photo())
        for values in ({"image": photo()}, {"taken_at": "2020-01-01 00:00:00"}):
            with self.assertRaises(UserError):
                taken.with_user(self.operator).write(values)

    # People

    def test_secret_name_is_told_to_team_and_coordinator_only(self):
        self.own.write(
            {
                "person_ids": [
                    Command.create({"kind": "witness", "name": "Siti Saksi", "statement": "Ya"}),
                    Command.create(
                        {"kind": "official", "name": "Joko Lurah", "is_name_secret": False}
                    ),
                ]
            }
        )
        self.env.invalidate_all()
        secret, known = self.report.person_ids
        for user in (self.operator, self.head):
            self.assertEqual(secret.with_user(user).name, "Siti Saksi")
        for user in (self.overseer, self.administrator):
            self.assertEqual(secret.with_user(user).name, "Witness")
            self.assertEqual(known.with_user(user).name, "Joko Lurah")
            with self.assertRaises(AccessError):
                secret.with_user(user).read(["secret_name"])
            with self.assertRaises(AccessError):
                secret.with_user(user).search([("secret_name", "ilike", "siti")])

    def test_name_of_an_anonymous_complainant_is_not_kept(self):
        self.complaint.is_anonymous = True
        self.own.write(
            {"person_ids": [Command.create({"kind": "complainant", "name": "Budi Santoso"})]}
        )
        self.env.invalidate_all()
        person = self.report.person_ids
        self.assertFalse(person.sudo().secret_name)
        self.assertEqual(person.with_user(self.operator).name, "Complainant")
