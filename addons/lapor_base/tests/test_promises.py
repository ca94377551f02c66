from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from . import common, samples
from .soundness import unsound


@tagged("post_install", "-at_install")
class TestPromises(common.LaporCase):
    """Dijadwalkan / menunggu anggaran: answered and closed, and the date comes back."""

    def setUp(self):
        super().setUp()
        self.today = self.manager._local_now().date()
        self.date = self.today + timedelta(days=60)

    def _promised(self, user=None, **values):
        complaint = self._walk_to(self._make_complaint(**values), "3")
        complaint.with_user(user or self.engineer).action_promise(
            "Diaspal dengan APBD Perubahan", self.date
        )
        return complaint

    @contextmanager
    def _on(self, day):
        moment = datetime(day.year, day.month, day.day, 9)
        local = patch.object(type(self.manager), "_local_now", lambda unit: moment)
        with local, patch("odoo.fields.Date.today", return_value=day):
            yield

    def _codes(self, complaint):
        return complaint.sudo().event_ids.sorted("sequence").mapped("code")

    def test_case_with_a_promise_ends_as_scheduled(self):
        complaint = self._promised()
        promise = complaint.promise_id
        self.assertEqual(
            (promise.position_id, promise.state, promise.made_by_id),
            (self.engineer_position, "open", self.engineer),
        )
        self._walk_to(complaint, None)
        self.assertEqual((complaint.outcome, complaint.sp4n_status), ("scheduled", "done"))
        self.assertEqual(complaint.closing_ids.outcome, "scheduled")
        self.assertEqual((complaint.promise_id, complaint.promise_date), (promise, self.date))
        self.assertEqual(unsound(complaint.sudo()), [])

    def test_responsible_position_is_reminded_on_the_day_once(self):
        complaint = self._walk_to(self._promised(), None)
        promise = complaint.sudo().promise_id
        with self._on(self.date - timedelta(days=1)):
            self.assertFalse(promise._remind())
        job = patch.object(type(self.env["ir.cron"]), "_commit_progress", return_value=60.0)
        with self._on(self.date), job:
            for _again in range(3):
                self.env["lapor.promise"].sudo()._cron_watch()
        task = complaint.sudo()._tasks(["promise_due"])
        self.assertEqual((len(task), task.user_id), (1, self.engineer))
        self.assertNotIn("Diaspal", f"{task.summary} {task.note or ''}")
        self.assertEqual(self._codes(complaint).count("promise_due"), 1)
        # A new holder inherits the reminder.
        self.engineer_position.user_id = self.opd_admin
        self.assertEqual(task.user_id, self.opd_admin)

    def test_vacant_position_leaves_it_to_the_coordinator(self):
        complaint = self._walk_to(self._promised(), None)
        self.engineer_position.user_id = False
        with self._on(self.date):
            complaint.sudo().promise_id._remind()
        self.assertEqual(complaint.sudo()._tasks(["promise_due"]).user_id, self.operator)

    def test_promise_that_is_kept_makes_the_case_handled(self):
        complaint = self._walk_to(self._promised(), None)
        photo = (
            self.env["ir.attachment"]
            .with_user(self.engineer)
            .create({"name": "aspal.jpg", "raw": samples.JPEG, "res_model": "lapor.promise.ask"})
        )
        complaint.with_user(self.engineer).action_keep_promise(
            "Diaspal 4 Mei", attachment_ids=photo.ids
        )
        self.assertEqual(complaint.outcome, "handled")
        promise = complaint.promise_ids
        self.assertEqual((promise.state, promise.end_note), ("kept", "Diaspal 4 Mei"))
        self.assertEqual(promise.attachment_ids.res_id, complaint.id)
        self.assertEqual(complaint.closing_ids.outcome, "scheduled", "evidence does not change")
        notice = complaint.response_ids.filtered(lambda response: response.kind == "notice")
        self.assertIn("telah dilaksanakan", notice.body)
        self.assertNotIn("Diaspal 4 Mei", notice.body, "no text leaves that nobody approved")
        self.assertEqual(unsound(complaint.sudo()), [])

    def test_promise_kept_before_the_close_is_no_longer_a_promise(self):
        complaint = self._promised()
        complaint.with_user(self.engineer).action_keep_promise("Sudah diaspal")
        self._walk_to(complaint, None)
        self.assertEqual(complaint.outcome, "handled")
        self.assertFalse(complaint.response_ids.filtered(lambda paper: paper.kind == "notice"))

    def test_moved_date_is_counted_and_told(self):
        complaint = self._walk_to(self._promised(), None)
        with self._on(self.date):
            complaint.sudo().promise_id._remind()
        later = self.date + timedelta(days=30)
        complaint.with_user(self.engineer).action_move_promise(later, "Lelang gagal")
        promise = complaint.promise_id
        self.assertEqual(
            (promise.date_promised, promise.first_date, promise.moved_count), (later, self.date, 1)
        )
        self.assertFalse(promise.reminded_at)
        self.assertEqual(complaint.promise_date, later)
        notice = complaint.response_ids.filtered(lambda response: response.kind == "notice")
        self.assertIn(promise._letter_date(), notice.body)
        event = complaint.event_ids.filtered(lambda event: event.code == "promise_moved")
        self.assertEqual(event.data["count"], 1)

    def test_dropped_only_while_the_complainant_was_not_told(self):
        complaint = self._promised()
        with self.assertRefused("Say why"):
            complaint.with_user(self.engineer).action_drop_promise("")
        complaint.with_user(self.engineer).action_drop_promise("Langsung dikerjakan")
        self.assertFalse(complaint.promise_id)
        closed = self._walk_to(self._promised(), None)
        with self.assertRefused("has been told"):
            closed.with_user(self.operator).action_drop_promise("Batal")

    def test_bad_promises(self):
        complaint = self._walk_to(self._make_complaint(), "3")
        own = complaint.with_user(self.engineer)
        for date in (None, self.today, self.today - timedelta(days=1)):
            with self.subTest(date), self.assertRefused("lies in the future"):
                own.action_promise("Diaspal", date)
        with self.assertRefused("what is promised"):
            own.action_promise(" \x00", self.date)
        with self.assertRefused("no part in this complaint"):
            own.action_promise("Diaspal", self.date, self.outsider_position.id)
        for act in (
            lambda: own.action_keep_promise("Sudah"),
            lambda: own.action_move_promise(self.date, "Mundur"),
            lambda: own.action_drop_promise("Batal"),
        ):
            with self.assertRefused("no open promise"):
                act()
        own.action_promise("Diaspal", self.date)
        with self.assertRefused("open promise already"):
            own.action_promise("Diaspal", self.date)
        with self.assertRefused("promised date already"):
            own.action_move_promise(self.date, "Mundur")
        with self.assertRefused("Say why"):
            own.action_move_promise(self.date + timedelta(days=1), None)
        with self.assertRefused("Say what was done"):
            own.action_keep_promise("  ")
        closed = self._walk_to(self._make_complaint(), None)
        with self.assertRefused("is closed"):
            closed.with_user(self.operator).action_promise("Diaspal", self.date)

    def test_by_whom(self):
        complaint = self._promised()
        later = self.date + timedelta(days=1)
        for user in (self.opd_head, self.overseer, self.outsider):
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    complaint.with_user(user).action_move_promise(later, "Mundur")
                with self.assertRaises(AccessError):
                    complaint.with_user(user).action_keep_promise("Sudah")
        # The responsible position keeps it when the step is somebody else's.
        self._walk_to(complaint, "4")
        complaint.with_user(self.engineer).action_move_promise(later, "Mundur")
        complaint.with_user(self.operator).action_keep_promise("Sudah")
        self.assertEqual(complaint.promise_ids.state, "kept")

    def test_arrow_to_scheduled_needs_a_promise(self):
        self.sop.action_retire()
        sop = self._make_sop(activate=False, name="SOP Janji")
        arrow = sop.step_ids[4].transition_ids.filtered(lambda arrow: arrow.kind == "close")
        arrow.outcome = "scheduled"
        sop.action_activate()
        complaint = self._walk_to(self._make_complaint(), "5")
        with self.assertRefused("what is promised and until when"):
            self._walk_to(complaint, None)
        self.assertEqual(complaint.phase, "response")
        complaint.with_user(self.operator).action_promise("Diaspal", self.date)
        self._walk_to(complaint, None)
        self.assertEqual(complaint.outcome, "scheduled")

    def test_promise_keeps_the_way_back_open(self):
        complaint = self._walk_to(self._promised(), None)
        with self._on(self.today + timedelta(days=50)):
            complaint.with_user(self.operator).action_reopen("Anggaran turun")
            self._walk_to(complaint, None)
        self.assertEqual(complaint.outcome, "scheduled")
        self.assertEqual(len(complaint.closing_ids), 2)

    def test_withdrawn_case_stays_withdrawn(self):
        complaint = self._promised()
        complaint.with_user(self.operator).action_withdraw("Telepon")
        self.assertEqual(complaint.outcome, "withdrawn")
        self.assertEqual(complaint.promise_ids.state, "dropped")
        self.assertFalse(complaint.promise_id)

    def test_list_of_promises_shows_the_overdue(self):
        complaint = self._walk_to(self._promised(), None)
        Promise = self.env["lapor.promise"].with_user(self.operator)
        self.assertFalse(Promise.search([("is_overdue", "=", True)]))
        promise = complaint.promise_id
        self.assertTrue(promise.with_user(self.overseer).has_access("read"))
        self.assertFalse(promise.with_user(self.outsider).has_access("read"))
        promise.sudo().date_promised = self.today - timedelta(days=1)
        self.assertEqual(Promise.search([("is_overdue", "=", True)]), promise)
        self.assertTrue(promise.with_user(self.operator).is_overdue)
        with self.assertRaises(UserError):
            promise.with_user(self.engineer).write({"date_promised": self.date})

    def test_dialog(self):
        complaint = self._walk_to(self._make_complaint(), "3").with_user(self.engineer)
        action = complaint.action_open_promise()
        dialog = Form(
            self.env["lapor.promise.ask"].with_user(self.engineer).with_context(**action["context"])
        )
        self.assertEqual(dialog.position_id, self.engineer_position)
        dialog.what = "Diaspal"
        dialog.date = self.date
        dialog.save().action_confirm()
        self._walk_to(complaint, None)
        action = complaint.sudo().promise_id.with_user(self.engineer).action_open_keep()
        dialog = Form(
            self.env["lapor.promise.ask"].with_user(self.engineer).with_context(**action["context"])
        )
        self.assertEqual(dialog.promised, "Diaspal")
        dialog.note = "Selesai diaspal"
        dialog.save().action_confirm()
        self.assertEqual(complaint.sudo().outcome, "handled")

    def test_promises_are_grouped_by_the_unit_that_handles(self):
        complaint = self._promised()
        own = self.env["lapor.promise"].with_user(self.operator)
        groups = own.formatted_read_group(
            [("complaint_id", "=", complaint.id)], ["unit_id"], ["__count"]
        )
        self.assertEqual([group["unit_id"][0] for group in groups], self.opd.ids)
