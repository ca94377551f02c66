from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from . import common


@tagged("post_install", "-at_install")
class TestAgenda(common.LaporCase):
    """Letters are numbered from the office's agenda; a cancelled number is never used again."""

    def _signed(self, **values):
        complaint = self._make_complaint(**values)
        self._walk_to(complaint, "5")
        return complaint, complaint.sudo().response_ids

    def test_number_on_the_kapuas_sop_can_be_written(self):
        self.opd.write(
            {"letter_pattern": "{code}/{seq:02}/IKP/{roman}/{year}", "archive_code": "555"}
        )
        _complaint, response = self._signed()
        now = self.opd._local_now()
        self.assertRegex(response.number, rf"^555/01/IKP/[IVX]+/{now.year}$")
        line = response.agenda_id
        self.assertEqual((line.seq, line.number, line.date), (1, response.number, now.date()))
        self.assertEqual(line.subject, response.subject)

    def test_degree_of_security_stands_in_the_number(self):
        self.opd.letter_pattern = "{security}-{seq}/{year}"
        _complaint, open_one = self._signed()
        _complaint, secret = self._signed(is_secret=True)
        self.assertRegex(open_one.number, r"^B-1/")
        self.assertRegex(secret.number, r"^R-2/")

    def test_cancelled_letter_keeps_its_number_and_goes_back_to_the_drafter(self):
        complaint, response = self._signed()
        own = response.with_user(self.opd_head)
        with self.assertRefused("why the letter is cancelled"):
            own.action_void(" ")
        with self.assertRefused("by its signer", AccessError):
            response.with_user(self.engineer).action_void("Salah")
        own.action_void("Salah tanggal")
        line = response.agenda_id
        self.assertEqual(
            (response.state, line.state, line.void_reason, line.voided_by_id),
            ("void", "void", "Salah tanggal", self.opd_head),
        )
        self.assertEqual(complaint.current_step_id.sop_step_id.number, "3")
        self.assertEqual(complaint.current_user_id, self.engineer)
        draft = complaint.sudo().response_ids - response
        self.assertEqual((draft.state, draft.return_note), ("draft", "Salah tanggal"))
        self.assertEqual(draft.body, response.body)
        with self.assertRefused("not yet sent can be cancelled"):
            own.action_void("Lagi")
        self._walk_to(complaint, "5")
        self.assertEqual(draft.agenda_id.seq, 2)
        self.assertEqual(draft.version_ids.mapped("number"), [1])
        self._walk_to(complaint, None)
        self.assertEqual((draft.state, response.state), ("delivered", "void"))
        self.assertIn("response_voided", complaint.event_ids.mapped("code"))

    def test_sent_letter_is_not_cancelled(self):
        complaint, response = self._signed()
        self._walk_to(complaint, None)
        with self.assertRefused("not yet sent"):
            response.with_user(self.opd_head).action_void("Salah")

    def test_book_of_its_own_runs_by_itself(self):
        Series = self.env["lapor.letter.series"]
        Series.create(
            {
                "unit_id": self.opd.id,
                "document": "report",
                "pattern": "BA/{seq}/{year}",
                "own_book": True,
            }
        )
        Series.create(
            {"unit_id": self.opd.id, "document": "assignment", "pattern": "ST/{seq}/{year}"}
        )
        complaint = self._make_complaint()
        Agenda = self.env["lapor.agenda"]
        taken = [
            Agenda._take_number(self.opd, document, complaint, "Uji")
            for document in ("letter", "report", "assignment", "report", "letter")
        ]
        self.assertEqual(
            [(line.kind, line.seq) for line in taken],
            [("letter", 1), ("report", 1), ("letter", 2), ("report", 2), ("letter", 3)],
        )
        self.assertRegex(taken[2].number, r"^ST/2/")

    def test_two_books_that_would_give_the_same_number_are_refused(self):
        with self.assertRaises(ValidationError):
            self.env["lapor.letter.series"].create(
                {
                    "unit_id": self.opd.id,
                    "document": "report",
                    "pattern": self.opd.letter_pattern,
                    "own_book": True,
                }
            )
        with self.assertRefused("unknown slot"):
            self.env["lapor.letter.series"].create(
                {"unit_id": self.opd.id, "document": "report", "pattern": "{seq}/{tahun}/{year}"}
            )

    def test_book_is_written_by_acts_only(self):
        _complaint, response = self._signed()
        line = response.agenda_id
        for user in (self.operator, self.opd_head, self.administrator):
            for attempt in (
                lambda own: own.write({"number": "1"}),
                lambda own: own.unlink(),
                lambda own: own.create([{"unit_id": self.opd.id, "kind": "letter"}]),
            ):
                with self.assertRaises(UserError):
                    attempt(line.with_user(user))
