from datetime import datetime

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from . import common


@tagged("post_install", "-at_install")
class TestHold(common.SlaCase):
    """A held case (tunda): the office's clocks stand still until it is resumed."""

    def test_time_on_hold_is_not_the_office_s(self):
        with self.at("2026-02-02 08:00"):
            complaint = self._make_complaint()
            clocks = complaint.sudo().clock_ids.filtered(lambda clock: not clock.on_complainant)
            due = {clock: clock.due_at for clock in clocks}
        self.assertTrue(clocks)
        with self.at("2026-02-02 08:20"):
            complaint.with_user(self.operator).action_hold(
                self.env.ref("lapor_base.missing_item_kapan").ids, delivery_note="Ditelepon"
            )
        self.assertEqual(set(clocks.mapped("state")), {"paused"})
        self.assertEqual(complaint.due_state, "paused")
        with self.at("2026-02-05 08:20"):
            complaint.with_user(self.operator).action_resume()
        self.assertEqual(set(clocks.mapped("state")), {"running"})
        for clock in clocks:
            self.assertGreater(clock.due_at, due[clock])
        self.assertDue(self.clock(complaint), "2026-02-05 09:00")
        with self.at("2026-02-05 08:30"):
            self._advance(complaint, self.operator)
        step = clocks.filtered(lambda clock: clock.kind == "step")
        self.assertEqual(step.used_minutes, 30)
        self.assertEqual(step.result, "on_time")

    def _held(self, moment="2026-02-02 10:00"):
        with self.at("2026-02-02 08:00"):
            complaint = self._walk_to(self._make_complaint(), "3")
        with self.at(moment):
            complaint.with_user(self.engineer).action_hold(
                self.env.ref("lapor_base.missing_item_kapan").ids,
                date_until="2026-02-27",
                delivery_note="Ditelepon",
            )
        return complaint

    def test_pause_ends_on_the_day_on_which_it_came_otherwise(self):
        came, resumed = self._held(), self._held()
        with self.at("2026-02-11 09:00"):
            came.with_user(self.engineer).action_resume("2026-02-05", "Ditelepon: hari Senin.")
        with self.at("2026-02-05 00:00"):
            resumed.with_user(self.engineer).action_resume()
        for kind in ("step", "sop"):
            clock = self.clock(came, kind)
            self.assertDue(clock.pause_ids, "2026-02-05 00:00", "ended_at")
            self.assertEqual(clock.due_at, self.clock(resumed, kind).due_at)
        event = came.sudo().event_ids.filtered(lambda event: event.code == "hold_reply_told")
        self.assertEqual(event.data["came"], "2026-02-05")
        self.assertIn("Ditelepon: hari Senin.", "".join(came.sudo().message_ids.mapped("body")))
        self.assertFalse(came.is_on_hold)

    def test_came_on_the_day_of_the_hold_or_after_an_unread_reply(self):
        same, replied = self._held(), self._held()
        with self.at("2026-02-04 09:00"):
            case = replied.sudo()
            case._note_reply(case._message_log(body="Hari Senin."))
        with self.at("2026-02-11 09:00"):
            same.with_user(self.engineer).action_resume("2026-02-02", "Di loket.")
            replied.with_user(self.engineer).action_resume("2026-02-06", "Di loket.")
        self.assertDue(self.clock(same).pause_ids, "2026-02-02 10:00", "ended_at")
        self.assertDue(self.clock(replied).pause_ids, "2026-02-04 09:00", "ended_at")

    def test_day_on_which_it_came_is_true(self):
        complaint = self._held()
        own = complaint.with_user(self.engineer)
        with self.at("2026-02-11 09:00"):
            for day, note, words in (
                ("2026-02-12", "Di loket.", "has not come yet"),
                ("2026-02-01", "Di loket.", "cannot have come before"),
                ("0206-02-05", "Di loket.", "Check the year"),
                ("kemarin", "Di loket.", "not a date"),
                ("2026-02-05", "  ", "how it came"),
            ):
                with self.assertRefused(words), self.env.cr.savepoint():
                    own.action_resume(day, note)
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                complaint.with_user(self.outsider).action_resume("2026-02-05", "Di loket.")
            self.assertTrue(complaint.sudo().is_on_hold)
            self.assertIn("came", [act["id"] for act in own.act_state["acts"]])
            action = own.action_open_came()
            dialog = Form(
                self.env["lapor.hold.extend"]
                .with_user(self.engineer)
                .with_context(action["context"])
            )
            self.assertEqual(str(dialog.came_on), "2026-02-11")
            dialog.came_on = "2026-02-10"
            dialog.note = "Di loket."
            dialog.save().action_confirm()
        self.assertDue(self.clock(complaint).pause_ids, "2026-02-10 00:00", "ended_at")

    def test_an_unread_reply_is_no_plain_pause(self):
        silent, replied = self._held(), self._held()
        with self.at("2026-02-04 09:00"):
            case = replied.sudo()
            case._note_reply(case._message_log(body="Hari Senin."))
            own = (silent | replied).with_user(self.engineer)
            self.assertEqual(own.mapped("due_state"), ["paused", "reply"])
            self.assertEqual(own.mapped("due_text"), ["paused", "a reply waits"])
            lines = [one._get_due_line(datetime.now()) for one in own]
            self.assertEqual([line["state"] for line in lines], ["paused", "reply"])
            replied.with_user(self.engineer).action_refuse_reply("Bukan itu.")
            self.env.invalidate_all()
            self.assertEqual(own.mapped("due_state"), ["paused", "paused"])
