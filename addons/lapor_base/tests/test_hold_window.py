from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, LockError, ValidationError
from odoo.tests import Form, tagged

from .mails import CITIZEN, MailIntakeCase
from .soundness import unsound


@tagged("post_install", "-at_install")
class TestHoldWindow(MailIntakeCase):
    """The window of a hold: reminders, more time, a reply, and silence (dianggap mencabut)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.item = cls.env.ref("lapor_base.missing_item_di_mana")
        cls.email = cls.env.ref("lapor_base.channel_email")

    def setUp(self):
        super().setUp()
        self.today = self.manager._local_now().date()
        self.until = self.today + timedelta(days=30)

    def _held(self, mailed=False, words=None, **values):
        complaint = self._make_complaint(
            **{"channel_id": self.email.id} if mailed else {}, **values
        )
        if mailed:
            complaint.complainant_id.email = CITIZEN
        with self.mock_mail_gateway():
            complaint.with_user(self.operator).action_hold(
                self.item.ids,
                note=words,
                date_until=self.until,
                delivery_note="Ditelepon",
            )
            self._agree(complaint)
        return complaint

    @contextmanager
    def _on(self, day, hour=9):
        """Let the managing office's clock show a day and an hour."""
        moment = datetime(day.year, day.month, day.day, hour)
        local = patch.object(type(self.manager), "_local_now", lambda unit: moment)
        with local, patch("odoo.fields.Date.today", return_value=day):
            yield

    def _watch(self, complaint, day, hour=9):
        with self._on(day, hour), self.mock_mail_gateway():
            return complaint.sudo().hold_ids[-1:]._watch()

    def _kind(self, complaint, kind):
        return complaint.sudo().response_ids.filtered(lambda response: response.kind == kind)

    # Reminders

    def test_reminders_are_planned_in_working_days_before_the_last_day(self):
        hold = self._held().sudo().hold_id
        days = [self.manager._add_workdays(self.until, -count) for count in (3, 1)]
        self.assertEqual(hold.next_reminder_on, min(days))
        with self._on(min(days)):
            hold._plan_reminder()
            self.assertEqual(hold.next_reminder_on, max(days))
        with self._on(max(days)):
            hold._plan_reminder()
            self.assertFalse(hold.next_reminder_on)

    def test_reminder_goes_by_mail_once(self):
        complaint = self._held(mailed=True, words="Sebutkan nama jalannya")
        day = complaint.hold_id.next_reminder_on
        self.assertFalse(self._watch(complaint, day - timedelta(days=1)))
        self.assertFalse(self._watch(complaint, day, hour=5), "nobody is written to at night")
        self.assertEqual(self._watch(complaint, day), "reminded")
        for _again in range(2):
            self.assertFalse(self._watch(complaint, day))
        reminder = self._kind(complaint, "reminder")
        self.assertEqual(reminder.state, "delivered")
        self.assertIn(CITIZEN, reminder.mail_id.email_to)
        for text in (self.item.question, "Sebutkan nama jalannya"):
            self.assertIn(text, reminder.body)
        self.assertEqual(complaint.event_ids.mapped("code").count("hold_reminded"), 1)

    def test_reminder_through_other_channels_waits_with_the_text(self):
        complaint = self._held()
        self.assertEqual(self._watch(complaint, complaint.hold_id.next_reminder_on), "reminded")
        reminder = self._kind(complaint, "reminder")
        self.assertTrue(reminder.delivery_waits)
        self.assertIn(self.item.question, reminder.copy_text)
        activity = complaint.activity_ids.filtered(lambda activity: not activity.lapor_step_id)
        self.assertEqual(activity.user_id, self.operator)
        reminder.with_user(self.operator).action_deliver_otherwise(
            complaint.channel_id.id, "Lewat WhatsApp pukul 10"
        )
        self.assertEqual(reminder.state, "delivered")

    def test_reminders_missed_are_not_sent_one_after_the_other(self):
        complaint = self._held(mailed=True)
        last = self.manager._add_workdays(self.until, -1)
        self.assertEqual(self._watch(complaint, last), "reminded")
        self.assertFalse(complaint.hold_id.next_reminder_on)
        self.assertEqual(len(self._kind(complaint, "reminder")), 1)

    def test_days_are_the_offices_own(self):
        self.manager.reminder_days = "5"
        hold = self._held().hold_id
        self.assertEqual(hold.next_reminder_on, self.manager._add_workdays(self.until, -5))
        self.manager.reminder_days = ""
        self.assertFalse(self._held().hold_id.next_reminder_on)
        for wrong in ("x", "3;1", "0", "-2", "200", "1,2,3,4,5,6"):
            with self.subTest(wrong), self.assertRaises(ValidationError):
                self.manager.reminder_days = wrong

    def test_no_reminder_after_the_hold(self):
        complaint = self._held()
        day = complaint.hold_id.next_reminder_on
        self._watch(complaint, day)
        complaint.with_user(self.operator).action_resume()
        self.assertFalse(complaint.has_undelivered, "a reminder would come too late")
        self.assertFalse(complaint.sudo()._tasks())
        self.assertFalse(self._watch(complaint, self.manager._add_workdays(self.until, -1)))

    # The window passes

    def test_passed_window_is_told_to_the_step_and_closes_nothing(self):
        self.manager.reminder_days = False
        complaint = self._held()
        self.assertFalse(self._watch(complaint, self.until, hour=23), "the last day counts")
        after = self.until + timedelta(days=1)
        self.assertEqual(self._watch(complaint, after), "expired")
        self.assertFalse(self._watch(complaint, after))
        self.assertTrue(complaint.is_on_hold)
        task = complaint.sudo()._tasks(["hold_expired"])
        self.assertEqual((len(task), task.user_id), (1, self.operator))
        with self._on(after):
            case = complaint.with_user(self.operator)
            case.invalidate_recordset()
            self.assertIn(case, case.search([("hold_passed", "=", True)]))
            self.assertIn("The window passed", case.act_state["message"])
            case.action_deem_withdrawn()
        self.assertEqual((complaint.outcome, complaint.sp4n_status), ("no_response", "archived"))
        self.assertFalse(complaint.sudo()._tasks(["hold_expired"]))
        self.assertIn("dianggap dicabut", self._kind(complaint, "notice").body)
        self.assertEqual(unsound(complaint.sudo()), [])

    def test_task_of_a_passed_window_goes_with_the_step(self):
        complaint = self._held()
        self._watch(complaint, self.until + timedelta(days=1))
        self.operator_position.user_id = self.operator2
        self.assertEqual(complaint.sudo()._tasks().user_id, self.operator2)

    def test_nobody_deems_before_the_window_is_over(self):
        complaint = self._held()
        with self._on(self.until), self.assertRefused("has time until"):
            complaint.with_user(self.operator).action_deem_withdrawn()
        with self._on(self.until + timedelta(days=1)):
            for user in (self.overseer, self.outsider):
                with self.subTest(user.login), self.assertRaises(AccessError):
                    complaint.with_user(user).action_deem_withdrawn()
            # Whoever coordinates may, too.
            complaint.with_user(self.head).action_deem_withdrawn()
        with self.assertRefused("not on hold"):
            complaint.with_user(self.operator).action_deem_withdrawn()

    def test_nobody_is_deemed_who_was_never_reached(self):
        complaint = self._held(mailed=True)
        complaint.sudo().hold_id.response_id.mail_id.state = "exception"
        self.manager.deems_by_itself = True
        after = self.until + timedelta(days=1)
        self.assertEqual(self._watch(complaint, after), "expired")
        with self._on(after), self.assertRefused("never delivered"):
            complaint.with_user(self.operator).action_deem_withdrawn()
        self.assertTrue(complaint.is_on_hold)

    def test_office_may_let_it_happen_by_itself_once(self):
        self.manager.deems_by_itself = True
        complaint = self._held(mailed=True)
        after = self.until + timedelta(days=1)
        self.assertEqual(self._watch(complaint, after), "deemed")
        self.assertFalse(self._watch(complaint, after))
        self.assertEqual(complaint.outcome, "no_response")
        self.assertEqual(len(complaint.closing_ids), 1)
        notice = self._kind(complaint, "notice")
        self.assertEqual((len(notice), notice.state), (1, "delivered"))
        self.assertEqual(unsound(complaint.sudo()), [])

    def test_job_does_each_case_once_whatever_happens_to_the_others(self):
        self.manager.deems_by_itself = True
        cases = self._held(mailed=True) | self._held(mailed=True)
        first = cases[0].hold_id
        after = self.until + timedelta(days=1)
        Hold = self.env["lapor.hold"].sudo()
        kept = type(Hold)._watch

        def watch(hold):
            done = kept(hold)
            if hold == first:
                raise ValueError("killed in the middle")
            return done

        job = patch.object(type(self.env["ir.cron"]), "_commit_progress", return_value=60.0)
        with self._on(after), self.mock_mail_gateway(), job:
            with (
                patch.object(type(Hold), "_watch", watch),
                self.assertLogs("odoo.addons.lapor_base.models.lapor_hold", "ERROR"),
            ):
                Hold._cron_watch()
            self.assertEqual(cases.mapped("outcome"), [False, "no_response"])
            Hold._cron_watch()
            Hold._cron_watch()
        self.assertEqual(cases.mapped("outcome"), ["no_response"] * 2)
        self.assertEqual([len(case.closing_ids) for case in cases], [1, 1])
        self.assertEqual([len(self._kind(case, "notice")) for case in cases], [1, 1])

    def test_case_that_somebody_works_on_is_left_for_the_next_run(self):
        self.manager.deems_by_itself = True
        complaint = self._held()
        nothing = self.env["lapor.complaint"]
        busy = patch.object(type(complaint), "try_lock_for_update", lambda case, **kw: nothing)
        with busy:
            self.assertFalse(self._watch(complaint, self.until + timedelta(days=1)))
        self.assertTrue(complaint.is_on_hold)

    def test_undo_is_to_reopen(self):
        self.manager.deems_by_itself = True
        complaint = self._held()
        self._watch(complaint, self.until + timedelta(days=1))
        complaint.with_user(self.operator).action_reopen("Kelengkapan datang terlambat")
        self.assertEqual(complaint.current_step_id.sop_step_id.number, "1")
        self.assertFalse(complaint.is_on_hold)

    # More time

    def test_more_time_is_given_with_a_reason_and_counted(self):
        complaint = self._held(mailed=True)
        after = self.until + timedelta(days=1)
        self._watch(complaint, after)
        later = self.until + timedelta(days=20)
        with self._on(after), self.mock_mail_gateway():
            own = complaint.with_user(self.operator)
            action = own.action_open_extend_hold()
            dialog = Form(
                self.env["lapor.hold.extend"]
                .with_user(self.operator)
                .with_context(**action["context"])
            )
            self.assertEqual(dialog.date_until, after + timedelta(days=30))
            dialog.date_until = later
            dialog.note = "Surat keterangan masih diurus"
            dialog.save().action_confirm()
        hold = complaint.hold_id
        self.assertEqual((complaint.hold_until, hold.extension_count), (later, 1))
        self.assertFalse(hold.expired_at)
        self.assertTrue(hold.next_reminder_on)
        self.assertFalse(complaint.sudo()._tasks(["hold_expired"]))
        self.assertIn("kami perpanjang", self._kind(complaint, "notice").body)
        self.assertEqual(self._watch(complaint, later + timedelta(days=1)), "expired")

    def test_more_time_refused(self):
        complaint = self._held()
        own = complaint.with_user(self.operator)
        later = self.until + timedelta(days=1)
        for date in (None, self.until, self.today):
            with self.subTest(date), self.assertRefused("new last day"):
                own.action_extend_hold(date, "Minta waktu")
        with self.assertRefused("Say why"):
            own.action_extend_hold(later, " ")
        for user in (self.overseer, self.outsider):
            with self.subTest(user.login), self.assertRaises(AccessError):
                complaint.with_user(user).action_extend_hold(later, "Minta waktu")
        own.action_resume()
        with self.assertRefused("not on hold"):
            own.action_extend_hold(later, "Minta waktu")

    def test_two_users_at_once(self):
        complaint = self._held()
        locked = patch.object(
            type(complaint), "lock_for_update", side_effect=LockError("locked"), autospec=True
        )
        refused = self.assertRefused("Somebody else is working")
        with self._on(self.until + timedelta(days=1)), locked, refused:
            complaint.with_user(self.operator).action_deem_withdrawn()
        self.assertTrue(complaint.is_on_hold)

    # A reply

    def test_reply_asks_somebody_to_look(self):
        complaint = self._take_in(self._mail())
        complaint.with_user(self.operator).sudo().category_id = self.category
        with self.mock_mail_gateway():
            complaint.with_user(self.operator).action_hold(self.item.ids, date_until=self.until)
        request = complaint.hold_id.response_id.mail_id.mail_message_id
        self._process(self._mail(text="Di Jalan Melati", answers=request.message_id))
        self.assertTrue(complaint.hold_replied_at)
        task = complaint.sudo()._tasks(["hold_reply"])
        self.assertEqual((len(task), task.user_id), (1, self.operator))
        self.assertNotIn("Melati", f"{task.summary} {task.note or ''}")
        state = complaint.with_user(self.operator).act_state
        self.assertIn("Is it what was asked for", state["message"])
        # Whoever wrote is not deemed to have withdrawn.
        self.manager.deems_by_itself = True
        self.assertEqual(self._watch(complaint, self.until + timedelta(days=1)), "expired")
        complaint.with_user(self.operator).action_resume()
        self.assertFalse(complaint.sudo()._tasks())

    def test_held_reply_or_bounced_request_does_not_end_the_case_by_itself(self):
        self.manager.deems_by_itself = True
        for turn in ("reply", "bounce"):
            complaint = self._take_in(self._mail(text=f"Lampu {turn * 4} mati."))
            complaint.with_user(self.operator).sudo().category_id = self.category
            with self.mock_mail_gateway():
                complaint.with_user(self.operator).action_hold(self.item.ids, date_until=self.until)
            response = complaint.hold_id.response_id
            request = response.mail_id.mail_message_id
            if turn == "reply":
                sender = "kantor@warga.example"
                raw = self._mail(text="KTP", sender=sender, answers=request.message_id)
                self.assertEqual(self._process(raw)["status"], "held")
            else:
                response.mail_id.state = "sent"
                response.delivery_ids.has_bounced = True
                self.env["lapor.delivery"]._cron_follow_mails()
            with self.subTest(turn):
                self.assertEqual(self._watch(complaint, self.until + timedelta(days=1)), "expired")

    def test_replay_tells_the_same_story(self):
        complaint = self._held()
        self._watch(complaint, complaint.hold_id.next_reminder_on)
        self._watch(complaint, self.until + timedelta(days=1))
        complaint.with_user(self.operator).action_extend_hold(
            self.until + timedelta(days=5), "Minta waktu"
        )
        complaint.with_user(self.operator).action_resume()
        codes = complaint.event_ids.sorted("sequence").mapped("code")
        self.assertEqual(
            [code for code in codes if code.startswith(("h", "r"))],
            ["received", "response_delivered", "held"]
            + ["hold_reminded", "hold_expired", "hold_extended", "resumed"],
        )
        self.assertEqual(unsound(complaint.sudo()), [])
