from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from . import common


@tagged("post_install", "-at_install")
class TestHold(common.LaporCase):
    """Tunda: what is missing is asked for, and the case waits at its step."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.items = cls.env.ref("lapor_base.missing_item_di_mana") | cls.env.ref(
            "lapor_base.missing_item_bukti"
        )

    def _hold(self, complaint, user=None, **values):
        values.setdefault("delivery_note", "Ditelepon pukul 9")
        return complaint.with_user(user or self.operator).action_hold(self.items.ids, **values)

    def test_hold_asks_the_complainant_and_stays_at_the_step(self):
        complaint = self._make_complaint()
        for _turn in range(2):
            # Own words leave when whoever signs has agreed; then the complainant is asked.
            self._hold(complaint, note="Nama jalannya apa?")
            self._agree(complaint)
        hold = complaint.hold_id
        self.assertTrue(complaint.is_on_hold)
        self.assertEqual(complaint.sp4n_status, "pending")
        self.assertEqual(complaint.current_step_id.sop_step_id.number, "1")
        self.assertEqual(hold.item_ids, self.items)
        self.assertEqual(hold.date_until, self.manager._local_now().date() + timedelta(days=30))
        request = hold.response_id
        self.assertEqual((request.kind, request.state), ("request", "delivered"))
        for text in (*self.items.mapped("question"), "Nama jalannya apa?"):
            self.assertIn(text, request.body)
        self.assertIn("held", complaint.event_ids.mapped("code"))

    def test_activity_is_due_when_the_window_ends(self):
        """Who waits for the complainant is not late with the step."""
        complaint = self._make_complaint()
        activity = complaint.current_step_id.activity_ids
        before = activity.date_deadline
        self._hold(complaint)
        self.assertEqual(activity.date_deadline, complaint.hold_until)
        later = complaint.hold_until + timedelta(days=5)
        complaint.with_user(self.operator).action_extend_hold(later, "Pelapor di luar kota")
        self.assertEqual(activity.date_deadline, later)
        complaint.with_user(self.operator).action_resume()
        self.assertGreaterEqual(activity.date_deadline, before)
        self.assertLess(activity.date_deadline, later)

    def test_request_goes_by_mail_where_the_complaint_came_by_mail(self):
        complaint = self._make_complaint(channel_id=self.env.ref("lapor_base.channel_email").id)
        complaint.complainant_id.email = "budi@warga.example"
        complaint.with_user(self.operator).action_hold(self.items.ids)
        mail = complaint.hold_id.response_id.mail_id
        self.assertEqual(mail.email_to, '"Budi Santoso" <budi@warga.example>')

    def test_window_is_the_offices_own(self):
        self.manager.completion_days = 7
        complaint = self._make_complaint()
        self._hold(complaint)
        self.assertEqual(complaint.hold_until, self.manager._local_now().date() + timedelta(days=7))

    def test_held_case_cannot_be_moved_on_before_it_is_resumed(self):
        complaint = self._make_complaint()
        self._hold(complaint)
        with self.assertRaisesRegex(UserError, "Resume it"):
            self._advance(complaint, self.operator)
        complaint.with_user(self.operator).action_resume()
        self.assertFalse(complaint.is_on_hold)
        self.assertEqual(complaint.hold_ids.ended_by_id, self.operator)
        self.assertEqual(complaint.sp4n_status, "waiting")
        self._advance(complaint, self.operator)
        self.assertEqual(complaint.current_step_id.sop_step_id.number, "2")

    def test_only_the_owner_of_the_step_holds_and_resumes(self):
        complaint = self._make_complaint()
        for user in (self.head, self.outsider):
            with self.assertRaises(AccessError):
                self._hold(complaint, user)
        self._hold(complaint, self.operator2)
        with self.assertRaises(AccessError):
            complaint.with_user(self.head).action_resume()

    def test_what_makes_no_hold(self):
        complaint = self._make_complaint()
        operator = complaint.with_user(self.operator)
        today = self.manager._local_now().date()
        with self.assertRaisesRegex(UserError, "what is missing"):
            operator.action_hold([], note="  ", delivery_note="x")
        with self.assertRaisesRegex(UserError, "tomorrow"):
            operator.action_hold(self.items.ids, date_until=today, delivery_note="x")
        with self.assertRaisesRegex(UserError, "how the complainant received"):
            operator.action_hold(self.items.ids)
        with self.assertRaisesRegex(UserError, "not on hold"):
            operator.action_resume()
        self._hold(complaint)
        with self.assertRaisesRegex(UserError, "already"):
            self._hold(complaint)

    def test_closed_case_is_not_held(self):
        complaint = self._walk_to(self._make_complaint(), None)
        with self.assertRaisesRegex(UserError, "no step"):
            self._hold(complaint)

    def test_hold_is_written_by_its_acts_only(self):
        complaint = self._make_complaint()
        self._hold(complaint)
        with self.assertRaises(UserError):
            complaint.sudo().write({"hold_id": False})
        with self.assertRaises(AccessError):
            complaint.hold_id.with_user(self.operator).write({"date_until": "2030-01-01"})

    def test_screen_offers_the_hold_and_then_only_to_resume(self):
        complaint = self._make_complaint().with_user(self.operator)
        self.assertIn(
            "action_open_hold", [act.get("method") for act in complaint.act_state["acts"]]
        )
        action = complaint.action_open_hold()
        wizard = self.env["lapor.hold.ask"].with_user(self.operator)
        wizard = wizard.with_context(action["context"]).create(
            {"item_ids": self.items.ids, "delivery_note": "Ditelepon"}
        )
        self.assertTrue(wizard.asks_proof)
        wizard.action_confirm()
        complaint.invalidate_recordset()
        acts = complaint.act_state["acts"]
        self.assertEqual([act["method"] for act in acts if act["primary"]], ["action_resume"])
        self.assertFalse([act for act in acts if "method" not in act])
