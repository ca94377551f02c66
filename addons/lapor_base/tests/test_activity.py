from datetime import date, datetime, timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import samples
from .chains import ChainCase


class ActivityCase(ChainCase):
    def _activities(self, complaint):
        return (
            self.env["mail.activity"]
            .with_context(active_test=False)
            .search([("res_model", "=", "lapor.complaint"), ("res_id", "=", complaint.id)])
        )

    def _activity(self, complaint):
        """The only open activity of the complaint that is a step."""
        activity = self._activities(complaint).filtered(
            lambda act: act.active and act.lapor_step_id
        )
        activity.ensure_one()
        return activity


@tagged("post_install", "-at_install")
class TestActivity(ActivityCase):
    """The activity mirrors its step: it cannot be moved apart from it by anybody."""

    def test_each_open_step_has_one_activity_and_each_done_step_a_done_one(self):
        complaint = self._make_complaint()
        for number in ("1", "2", "3", "4", "5"):
            self._walk_to(complaint, number)
            visit, activity = complaint.current_step_id, self._activity(complaint)
            self.assertEqual(activity.lapor_step_id, visit)
            self.assertEqual(activity.user_id, visit.user_id)
            self.assertEqual(activity.summary, visit.sop_step_id.display_name)
            self.assertTrue(activity.automated)
            done = self._activities(complaint) - activity
            self.assertEqual(done.lapor_step_id, complaint.step_ids - visit)
        self._walk_to(complaint, None)
        self.assertFalse(self._activities(complaint).filtered("active"))
        self.assertEqual(len(self._activities(complaint)), 5)

    def test_step_returned_to_has_a_new_activity(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, "4")
        self._advance(complaint, self.opd_head, "return", note="Lengkapi")
        self.assertEqual(self._activity(complaint).user_id, self.engineer)
        self.assertEqual(len(self._activities(complaint)), 5)
        self.assertEqual(
            self._activities(complaint).filtered(lambda act: act.feedback == "Lengkapi").user_id,
            self.opd_head,
        )

    def test_activity_of_a_vacant_position_is_nobodys(self):
        self.opd_head_position.user_id = False
        complaint = self._make_complaint()
        self._walk_to(complaint, "4")
        self.assertFalse(self._activity(complaint).user_id)

    def test_opening_a_step_sends_no_mail(self):
        self.operator.notification_type = "email"
        with self.mock_mail_gateway():
            complaint = self._make_complaint(self.operator2)
            self.operator2_position.active = False
            self._advance(complaint, self.operator)
        self.assertFalse(self._new_mails)

    def _attempts(self, complaint, activity):
        """Every way in which somebody may try to move the activity apart from its step."""
        other = self._make_complaint()
        later = activity.date_deadline + timedelta(days=9)
        todo = self.env.ref("mail.mail_activity_data_todo").id
        step_type = ["lapor_base.mail_activity_type_step"]
        return {
            "unlink": lambda act, case: act.unlink(),
            "cancel": lambda act, case: act.action_cancel(),
            "archive": lambda act, case: act.action_archive(),
            "inactive": lambda act, case: act.write({"active": False}),
            "reassign": lambda act, case: act.write({"user_id": self.outsider.id}),
            "disown": lambda act, case: act.write({"user_id": False}),
            "to another case": lambda act, case: act.write({"res_id": other.id}),
            "to another model": lambda act, case: act.write(
                {"res_model_id": self.env["ir.model"]._get_id("res.partner")}
            ),
            "other type": lambda act, case: act.write({"activity_type_id": todo}),
            "loosen": lambda act, case: act.write({"lapor_step_id": False}),
            "other step": lambda act, case: act.write({"lapor_step_id": other.step_ids.id}),
            "deadline": lambda act, case: act.write({"date_deadline": later}),
            "today": lambda act, case: act.action_reschedule_today(),
            "tomorrow": lambda act, case: act.action_reschedule_tomorrow(),
            "next week": lambda act, case: act.action_reschedule_nextweek(),
            "mixin reschedule": lambda act, case: case.activity_reschedule(
                step_type, date_deadline=later
            ),
            "mixin reassign": lambda act, case: case.activity_reschedule(
                step_type, new_user_id=self.outsider.id
            ),
            "mixin unlink": lambda act, case: case.activity_unlink(step_type),
            "through the case": lambda act, case: case.write(
                {"activity_ids": [Command.delete(activity.id)]}
            ),
            "update through the case": lambda act, case: case.write(
                {"activity_ids": [Command.update(activity.id, {"user_id": self.outsider.id})]}
            ),
            "user on the case": lambda act, case: case.write(
                {"activity_user_id": self.outsider.id}
            ),
            "type on the case": lambda act, case: case.write({"activity_type_id": todo}),
        }

    def test_nobody_moves_the_activity_apart_from_its_step(self):
        system = self._make_officer("system", "Admin Sistem", groups="base.group_system")
        complaint = self._make_complaint()
        self._walk_to(complaint, "4")
        activity = self._activity(complaint)
        mirrored = [*activity._mirrored_fields(), "active"]
        before = activity.read(mirrored)
        root = self.env.ref("base.user_root")
        for user in (self.opd_head, self.operator, self.administrator, system, root):
            refused = set()
            for name, attempt in self._attempts(complaint, activity).items():
                with self.subTest(name, user=user.login):
                    if self._refused(attempt, activity.with_user(user), complaint.with_user(user)):
                        refused.add(name)
                    self.assertEqual(activity.exists().read(mirrored), before)
            if user in (self.administrator, root):
                # The core has no way to write the first activity's user on the record.
                attempts = self._attempts(complaint, activity).keys() - {"user on the case"}
                self.assertEqual(refused, attempts)

    def _refused(self, attempt, activity, complaint):
        """Whether this is refused; what it did, if anything, stays to be looked at."""
        try:
            with self.env.cr.savepoint():
                attempt(activity, complaint)
                self.env.flush_all()
        except UserError:
            return True
        finally:
            self.env.invalidate_all()
        return False

    def test_refusal_says_what_to_do_instead(self):
        complaint = self._make_complaint()
        activity = self._activity(complaint).with_user(self.operator)
        with self.assertRefused("ends by being done, not by deleting"):
            activity.unlink()
        with self.assertRefused("Open the complaint to do the step or hand it over"):
            activity.user_id = self.head

    @mute_logger("odoo.sql_db")
    def test_step_has_no_second_activity(self):
        complaint = self._make_complaint()
        values = complaint.current_step_id._activity_values()
        with self.assertRaises(IntegrityError):
            self.env["mail.activity"].create([values])
        self._advance(complaint, self.operator)
        with self.assertRefused("has been done already"):
            self._activities(complaint).filtered(lambda act: not act.active).active = True

    @mute_logger("odoo.sql_db")
    def test_activity_cannot_be_given_a_step_by_hand(self):
        complaint = self._make_complaint()
        todo = complaint.with_user(self.operator).activity_schedule("mail.mail_activity_data_todo")
        with self.assertRefused("keeps the step"):
            todo.write({"lapor_step_id": self._make_complaint().step_ids.id})
        with self.assertRaises(IntegrityError):
            todo.copy({"lapor_step_id": complaint.step_ids[0].id})

    def test_words_of_the_activity_may_be_changed(self):
        activity = self._activity(self._make_complaint()).with_user(self.operator)
        activity.write({"note": "<p>Telepon dulu</p>", "summary": "Catat sekarang"})
        self.assertEqual(activity.summary, "Catat sekarang")

    def test_overdue_steps_outlive_the_cleaning_of_old_activities(self):
        """The core deletes activities that are years overdue; a step is not done by that."""
        complaint = self._make_complaint()
        activity = self._activity(complaint)
        old = complaint.with_user(self.operator).activity_schedule(
            "mail.mail_activity_data_todo", date_deadline=date(2010, 1, 1)
        )
        visit = complaint.current_step_id.sudo()
        visit.started_at = datetime(2010, 1, 1)
        activity.date_deadline = visit._activity_deadline()
        self.env["mail.activity"]._gc_delete_old_overdue_activities()
        self.assertTrue(activity.exists())
        self.assertFalse(old.exists())

    # Deadlines

    def test_deadline_counts_working_days_from_the_day_after_at_the_office(self):
        step = self.sop.step_ids[2]
        visit = self._make_complaint().sudo().current_step_id
        friday_evening = datetime(2026, 3, 6, 16, 59)  # 23:59 in Jakarta
        for started, amount, unit, expected in (
            (datetime(2026, 3, 2, 3), 5, "working_day", date(2026, 3, 9)),
            (datetime(2026, 3, 2, 3), 12, "working_day", date(2026, 3, 18)),
            (datetime(2026, 3, 5, 3), 1, "working_day", date(2026, 3, 6)),
            (datetime(2026, 3, 5, 3), 2, "working_day", date(2026, 3, 9)),
            (friday_evening, 1, "working_day", date(2026, 3, 9)),
            (friday_evening, 60, "minute", date(2026, 3, 6)),
            (friday_evening + timedelta(minutes=1), 60, "minute", date(2026, 3, 9)),
            (friday_evening + timedelta(minutes=1), 1, "working_day", date(2026, 3, 9)),
            (friday_evening, 14, "calendar_day", date(2026, 3, 20)),
            (friday_evening, 0, "working_day", date(2026, 3, 6)),
        ):
            with self.subTest(started=started, amount=amount, unit=unit):
                revision = step.new(
                    {"allowance_amount": amount, "allowance_unit": unit}, origin=step
                )
                virtual = visit.new({"started_at": started}, origin=visit)
                virtual.sop_step_id = revision
                if "due_at" in visit._fields:
                    # Where lapor_sla is installed, its clocks say the day of a planned step.
                    virtual.due_at = False
                self.assertEqual(virtual._activity_deadline(), expected)

    # Other activities

    def test_other_activities_on_a_complaint_work_as_everywhere(self):
        complaint = self._make_complaint()
        case = complaint.with_user(self.operator)
        todo = case.activity_schedule(
            "mail.mail_activity_data_todo", summary="Telepon", user_id=self.head.id
        )
        todo.write({"user_id": self.operator2.id, "date_deadline": fields.Date.today()})
        todo.action_reschedule_tomorrow()
        self.assertEqual(todo.user_id, self.operator2)
        todo.with_user(self.operator2).action_feedback("Sudah ditelepon")
        self.assertFalse(todo.active)
        self.assertEqual(complaint.current_step_id.sop_step_id.number, "1")
        second = case.activity_schedule("mail.mail_activity_data_todo")
        second.action_cancel()
        self.assertFalse(second.exists())
        self.assertEqual(self._activity(complaint).lapor_step_id, complaint.current_step_id)

    def test_other_activities_and_steps_finish_together(self):
        complaint = self._make_complaint()
        todo = complaint.with_user(self.operator).activity_schedule("mail.mail_activity_data_todo")
        both = (todo | self._activity(complaint)).with_user(self.operator)
        both.action_feedback("Beres")
        self.assertFalse(todo.active)
        self.assertEqual(complaint.current_step_id.sop_step_id.number, "2")


@tagged("post_install", "-at_install")
class TestFinishActivity(ActivityCase):
    """Ticking off the activity does the step, or leads to the complaint."""

    FINISHES = {
        "action_feedback": lambda act: act.action_feedback(feedback="Sudah diperiksa"),
        "action_feedback_schedule_next": lambda act: act.action_feedback_schedule_next(
            feedback="Sudah diperiksa"
        ),
    }
    FINISHES_WITHOUT_NOTE = {
        "action_done": lambda act: act.action_done(),
        "action_done_schedule_next": lambda act: act.action_done_schedule_next(),
        "action_done_redirect_to_other": lambda act: act.action_done_redirect_to_other(),
    }

    def test_note_does_the_step_where_a_note_is_enough(self):
        for name, finish in self.FINISHES.items():
            with self.subTest(name):
                self._make_chain("verify")
                complaint = self._make_complaint()
                activity = self._activity(complaint).with_user(self.operator)
                finish(activity)
                visit = complaint.step_ids[0]
                self.assertEqual((visit.state, visit.note), ("done", "Sudah diperiksa"))
                self.assertEqual(visit.done_by_id, self.operator)
                self.assertEqual(self._kind(complaint), "receive")
                self.assertFalse(activity.active)
                self.assertEqual(activity.feedback, "Sudah diperiksa")
                self.assertEqual(complaint.event_ids[-2].code, "step_done")

    def test_step_that_needs_nothing_is_done_by_a_tick(self):
        for name, finish in self.FINISHES_WITHOUT_NOTE.items():
            with self.subTest(name):
                self._make_chain("receive", "verify")
                complaint = self._make_complaint()
                finish(self._activity(complaint).with_user(self.operator))
                self.assertEqual(self._kind(complaint), "verify")
                self.assertEqual(len(self._activities(complaint).filtered("active")), 1)

    def test_mixin_s_feedback_does_the_step_too(self):
        self._make_chain("receive", "verify")
        complaint = self._make_complaint()
        complaint.with_user(self.operator).activity_feedback(
            ["lapor_base.mail_activity_type_step"], feedback="Diterima"
        )
        self.assertEqual(self._kind(complaint), "verify")

    def test_step_that_needs_more_leads_to_the_complaint(self):
        finishes = {**self.FINISHES, **self.FINISHES_WITHOUT_NOTE}
        for kind, sentence in (
            ("direct", "Issue a disposition"),
            ("draft", "Draft the response"),
            ("inspect", "inspection report"),
            ("publish", "Deliver the response"),
        ):
            self._make_chain(kind)
            complaint = self._make_complaint()
            for name, finish in finishes.items():
                with self.subTest(kind=kind, finish=name):
                    activity = self._activity(complaint).with_user(self.operator)
                    with self.assertRaises(RedirectWarning) as caught:
                        finish(activity)
                    message, action, button = caught.exception.args[:3]
                    self.assertIn(sentence, message)
                    self.assertIn(complaint.number, message)
                    self.assertEqual(
                        (action["res_model"], action["res_id"]), ("lapor.complaint", complaint.id)
                    )
                    self.assertTrue(button)
                    self.assertEqual(self._kind(complaint), kind)
                    self.assertTrue(self._activity(complaint).active)

    def test_note_that_is_missing_leads_to_the_complaint(self):
        self._make_chain("verify")
        activity = self._activity(self._make_complaint()).with_user(self.operator)
        for feedback in (False, "", "  \n"):
            with self.subTest(feedback=feedback), self.assertRaises(RedirectWarning):
                activity.action_feedback(feedback=feedback)

    def test_files_of_the_activity_are_evidence(self):
        self._make_chain("handle")
        complaint = self._make_complaint()
        photo = (
            self.env["ir.attachment"]
            .with_user(self.operator)
            .create({"name": "foto.jpg", "raw": samples.JPEG})
        )
        activity = self._activity(complaint).with_user(self.operator)
        activity.action_feedback(attachment_ids=photo.ids)
        self.assertEqual(complaint.step_ids[0].attachment_ids, photo)
        self.assertTrue(photo.with_user(self.head).has_access("read"))

    def test_somebody_else_cannot_finish_the_step(self):
        self._make_chain("receive", "verify")
        complaint = self._make_complaint()
        activity = self._activity(complaint)
        for user in (self.head, self.outsider, self.administrator):
            with self.subTest(user.login), self.assertRaises(AccessError):
                activity.with_user(user).action_feedback("Selesai")
        self.assertEqual(self._kind(complaint), "receive")
        activity.with_user(self.operator2).action_feedback("Selesai")
        self.assertEqual(complaint.step_ids[0].done_by_id, self.operator2)

    def test_activity_is_finished_once(self):
        self._make_chain("receive", "receive", "receive")
        complaint = self._make_complaint()
        activity = self._activity(complaint).with_user(self.operator)
        activity.action_feedback("Selesai")
        with freeze_time(fields.Datetime.now() + timedelta(seconds=1)):
            activity.action_feedback("Selesai lagi")
        self.assertEqual(len(complaint.step_ids), 2)
        self.assertEqual(complaint.step_ids[0].note, "Selesai")

    def test_choice_between_arrows_takes_the_forward_one(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, "4")
        with self.assertRaises(RedirectWarning):
            self._activity(complaint).with_user(self.opd_head).action_feedback("Setuju")
        self.assertEqual(complaint.current_step_id.sop_step_id.number, "4")
