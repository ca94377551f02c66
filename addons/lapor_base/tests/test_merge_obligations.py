from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .mails import MailIntakeCase
from .soundness import unsound

TASK = "supporter_wrote"
SITI = "siti.aminah@warga.example"


@tagged("post_install", "-at_install")
class TestMergeObligations(MailIntakeCase):
    """What complainants were promised, and what they write, outlives merging and its undo."""

    def setUp(self):
        super().setUp()
        self.main = self._walk_to(self._make_complaint(), "3")
        self.other = self._mailed("Siti Aminah", SITI)
        self.other.sudo().complainant_id.phone = "081234500001"

    def _mailed(self, name, email, **values):
        complaint = self._take_in(self._mail(sender=f"{name} <{email}>", subject=f"Dari {email}"))
        complaint.sudo().write({"category_id": self.category.id, **values})
        return complaint

    def _merge(self, *supporters, main=None):
        cases = self.env["lapor.complaint"].union(*supporters)
        cases.with_user(self.operator).action_merge((main or self.main).id)
        self.env.invalidate_all()

    def _writes(self, complaint, text="Tambahan: lubangnya makin dalam.", **values):
        mail = self._mail(
            text=text,
            subject=f"Re: [{complaint.number}]",
            sender=values.pop("sender", f"Siti Aminah <{SITI}>"),
            answers=self._acknowledgement(complaint).mail_id.message_id,
            **values,
        )
        self.assertEqual(self._process(mail)["number"], complaint.number)

    def _tasks(self, complaint, user=None):
        tasks = complaint.sudo()._tasks([TASK])
        return tasks.filtered(lambda task: task.user_id == user) if user else tasks

    def _sound(self, *complaints):
        self.env.flush_all()
        for complaint in complaints:
            self.assertEqual(unsound(complaint.sudo()), [])

    def _walk_closed(self, complaint):
        with self.mock_mail_gateway():
            self._walk_to(complaint, None)
        self.env.invalidate_all()

    # What supporters write

    def test_whoever_works_on_the_main_one_reads_it_without_the_writer(self):
        self._merge(self.other)
        self._writes(
            self.other,
            "Lubangnya makin dalam. Hubungi saya Siti di 081234500001 atau "
            f"{SITI}, NIK 6371014501900003.\n\nSalam,\nSiti Aminah",
        )
        note = self.main.with_user(self.engineer).message_ids[0].body
        self.assertIn("Lubangnya makin dalam", note)
        self.assertIn(self.other.number, note)
        code = self.other.sudo().tracking_code
        for secret in ("Siti", "Aminah", "081234500001", SITI, "6371014501900003", code):
            self.assertNotIn(secret, note)
        task = self._tasks(self.main, self.engineer)
        self.assertEqual(len(task), 1)
        self.assertNotIn("Siti", f"{task.summary} {task.note}")
        self.assertFalse(self.other.with_user(self.engineer).has_access("read"))
        self._writes(self.other, "Sudah ada yang jatuh.")
        self.assertEqual(self._tasks(self.main), task, "one task, however many mails")
        self._sound(self.main, self.other)

    def test_of_a_confidential_supporter_the_number_only_is_told(self):
        self.other.sudo().is_secret = True
        self._merge(self.other)
        self._writes(self.other, "Mandornya bernama Tono.")
        note = self.main.message_ids[0].body
        self.assertIn(self.other.number, note)
        self.assertNotIn("Tono", note)
        self.assertTrue(self._tasks(self.main, self.engineer))

    def test_what_becomes_confidential_is_no_longer_told(self):
        self._merge(self.other)
        self._writes(self.other, "Mandornya bernama Tono.")
        note = self.main.message_ids[0]
        self.assertIn("Tono", note.body)
        self.other.with_user(self.operator).is_secret = True
        self.env.invalidate_all()
        self.assertNotIn("Tono", note.body)
        self.assertIn(self.other.number, note.body)
        self._sound(self.main, self.other)

    def test_of_an_anonymous_supporter_nothing_tells_who_it_is(self):
        self.other.sudo().is_anonymous = True
        self._merge(self.other)
        self._writes(self.other, "Saya Siti Aminah, 081234500001, melihat sendiri.")
        note = self.main.message_ids[0].body
        self.assertIn("melihat sendiri", note)
        for secret in ("Siti", "Aminah", "081234500001"):
            self.assertNotIn(secret, note)

    def test_task_follows_the_step_of_the_main_one_and_ends_with_it(self):
        self._merge(self.other)
        self._writes(self.other)
        self.engineer_position.user_id = self.outsider
        self.env.invalidate_all()
        self.assertTrue(self._tasks(self.main, self.outsider))
        self.engineer_position.user_id = self.engineer
        self._walk_closed(self.main)
        self.assertEqual(self.other.outcome, "duplicate")
        self.assertFalse(self._tasks(self.main) | self._tasks(self.other))

    def test_unread_it_goes_along_with_whoever_is_separated(self):
        quiet = self._make_complaint()
        self._merge(self.other, quiet)
        self._writes(self.other)
        quiet.with_user(self.operator).action_separate()
        self.assertFalse(self._tasks(quiet))
        self.assertTrue(self._tasks(self.main))
        self.other.with_user(self.operator).action_separate()
        self.env.invalidate_all()
        owner = self.other.sudo().current_step_id.user_id
        self.assertTrue(self._tasks(self.other, owner))
        self.assertFalse(self._tasks(self.main))
        self._merge(self.other)
        self.assertTrue(self._tasks(self.main, self.engineer))
        self.assertFalse(self._tasks(self.other))
        self._sound(self.main, self.other, quiet)

    def test_unread_it_goes_along_when_the_main_one_ends_without_an_answer(self):
        self._merge(self.other)
        self._writes(self.other)
        self.main.with_user(self.operator).action_withdraw("Pelapor menelepon")
        self.env.invalidate_all()
        self.assertFalse(self.other.main_id)
        self.assertTrue(self._tasks(self.other, self.other.sudo().current_step_id.user_id))

    def test_unread_it_goes_along_when_the_main_one_is_merged_itself(self):
        self._merge(self.other)
        self._writes(self.other)
        newer = self._walk_to(self._make_complaint(), "2")
        self._merge(self.main, main=newer)
        self.assertEqual(self.other.main_id, newer)
        self.assertTrue(self._tasks(newer, self.head))
        self.assertIn("makin dalam", newer.message_ids[0].body)
        self.assertFalse(self._tasks(self.main))
        self._sound(self.main, self.other, newer)

    def test_read_it_is_done(self):
        self._merge(self.other)
        self._writes(self.other)
        self._tasks(self.main).with_user(self.engineer).action_feedback("Sudah dibaca")
        self.other.with_user(self.operator).action_separate()
        self.assertFalse(self._tasks(self.other))

    def test_reply_after_the_closing_reaches_the_reopened_main_one(self):
        self._merge(self.other)
        self._walk_closed(self.main)
        self._writes(self.other, "Masih berlubang.")
        self.assertTrue(self.other.sudo()._tasks(["closed_reply"]))
        with self.mock_mail_gateway():
            self.main.with_user(self.operator).action_reopen("Ada laporan baru")
        self.env.invalidate_all()
        self.assertEqual(self.other.main_id, self.main)
        self.assertTrue(self._tasks(self.main, self.main.sudo().current_step_id.user_id))
        self.assertIn(self.other.number, self.main.message_ids[0].body)

    # Mistakes

    def test_archived_by_mistake_it_gets_its_supporters_back(self):
        gone_on = self._make_complaint()
        self._merge(self.other, gone_on)
        reason = self.env["lapor.archive.reason"].search([], limit=1)
        with self.mock_mail_gateway():
            self.main.with_user(self.operator).action_archive_case(reason.id)
            self.env.invalidate_all()
            self.assertFalse(self.other.main_id or gone_on.main_id)
            self._walk_to(gone_on, "2")
            self.main.with_user(self.operator).action_reopen("Salah tekan", mistake=True)
        self.env.invalidate_all()
        self.assertEqual(self.main.supporter_ids, self.other)
        self.assertEqual(self.main.supporter_count, 1)
        self.assertFalse(self.other.sudo().current_step_id.activity_ids)
        self._sound(self.main, self.other, gone_on)

    def test_archived_rightly_it_does_not(self):
        self._merge(self.other)
        reason = self.env["lapor.archive.reason"].search([], limit=1)
        with self.mock_mail_gateway():
            self.main.with_user(self.operator).action_archive_case(reason.id)
            self.main.with_user(self.operator).action_reopen("Ada hal baru")
        self.env.invalidate_all()
        self.assertFalse(self.other.main_id)

    # Promises

    def _promise(self, complaint, user):
        date = fields.Date.today() + timedelta(days=20)
        complaint.with_user(user).action_promise("Ditambal", date)
        return complaint.sudo().promise_id

    def _notices(self, complaint):
        return complaint.sudo().response_ids.filtered(lambda item: item.kind == "notice")

    def test_own_promise_outlives_the_answer_of_the_main_one(self):
        promise = self._promise(self.other, self.operator)
        self._merge(self.other)
        self._walk_closed(self.main)
        self.assertEqual((self.other.outcome, promise.state), ("duplicate", "open"))
        self._sound(self.main, self.other)
        with freeze_time(promise.date_promised + timedelta(days=1)):
            self.env["lapor.promise"].browse(promise.id).sudo()._remind()
            task = self.other.sudo()._tasks(["promise_due"])
            self.assertTrue(task.user_id)
            with self.mock_mail_gateway():
                self.other.with_user(self.operator).action_keep_promise("Sudah ditambal")
        self.assertEqual((self.other.outcome, promise.state), ("duplicate", "kept"))
        self.assertIn("telah dilaksanakan", self._notices(self.other)[:1].subject)

    def test_promise_of_the_main_one_is_kept_to_all_who_were_told(self):
        promise = self._promise(self.main, self.engineer)
        self._merge(self.other)
        self._walk_closed(self.main)
        self.assertEqual((self.main.outcome, self.other.outcome), ("scheduled", "duplicate"))
        self.assertFalse(self._notices(self.other))
        with self.mock_mail_gateway():
            later = promise.date_promised + timedelta(days=9)
            self.main.with_user(self.engineer).action_move_promise(later, "Aspal belum tiba")
            self.main.with_user(self.engineer).action_keep_promise("Sudah ditambal")
        told = self._notices(self.other).mapped("subject")
        self.assertEqual(len(told), 2)
        for subject in told:
            self.assertIn(self.other.number, subject)
            self.assertNotIn(self.main.number, subject)

    # Positions

    def test_task_of_a_position_that_becomes_vacant_is_seen_by_the_coordinator(self):
        promise = self._promise(self.main, self.engineer)
        self._walk_closed(self.main)
        with freeze_time(promise.date_promised + timedelta(days=1)):
            promise._remind()
        task = self.main.sudo()._tasks(["promise_due"])
        self.assertEqual(task.user_id, self.engineer)
        self.engineer_position.user_id = False
        self.env.invalidate_all()
        self.assertIn(task.user_id, self.operator | self.operator2 | self.head)

    def test_text_to_pass_on_goes_on_when_its_sender_leaves(self):
        complaint = self._make_complaint()
        complaint.with_user(self.operator2).action_withdraw("Ditelepon")
        waiting = complaint.sudo().response_ids.delivery_ids
        self.assertEqual(waiting.turn_activity_id.user_id, self.operator2)
        self.operator2_position.user_id = False
        self.env.invalidate_all()
        turn = waiting.turn_activity_id
        self.assertTrue(turn.active)
        self.assertIn(turn.user_id, self.operator | self.head)
        (self.operator_position | self.head_position).user_id = False
        self.operator2_position.user_id = self.operator2
        self.env.invalidate_all()
        self.assertEqual(waiting.turn_activity_id.user_id, self.operator2)
