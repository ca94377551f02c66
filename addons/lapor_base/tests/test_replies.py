from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .mails import CITIZEN, MailIntakeCase
from .soundness import unsound


@tagged("post_install", "-at_install")
class TestReplies(MailIntakeCase):
    """While a reply waits to be looked at, nobody and nothing ends a case for silence; and what
    ends for silence has its condition, its proof and its notice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.item = cls.env.ref("lapor_base.missing_item_di_mana")
        cls.sop.action_retire()
        cls.sop = cls._make_sop(activate=False, name="SOP dengan tidak ditanggapi")
        for step in cls.sop.step_ids:
            for outcome in ("insufficient", "no_response"):
                cls._make_arrow(
                    step, None, outcome, kind="close", outcome=outcome, requires_note=True
                )
        cls.sop.action_activate()

    def setUp(self):
        super().setUp()
        self.until = self.manager._local_now().date() + timedelta(days=30)
        self.after = self.until + timedelta(days=1)

    @contextmanager
    def _on(self, day, hour=9):
        moment = datetime(day.year, day.month, day.day, hour)
        local = patch.object(type(self.manager), "_local_now", lambda unit: moment)
        with local, patch("odoo.fields.Date.today", return_value=day), self.mock_mail_gateway():
            yield

    def _held(self, step=None):
        """A case that came by mail, on hold at a step."""
        case = self._take_in(self._mail())
        case.sudo().category_id = self.category
        if step:
            self._walk_to(case, step)
        user = case.current_step_id.user_id
        with self.mock_mail_gateway():
            case.with_user(user).action_hold(self.item.ids, date_until=self.until)
        return case

    def _reply(self, case, sender=f"Budi Santoso <{CITIZEN}>"):
        request = case.sudo().hold_id.response_id.mail_id.mail_message_id
        return self._process(
            self._mail(text="Di Jalan Melati", sender=sender, answers=request.message_id)
        )

    def _end_arrow(self, case, outcome="insufficient"):
        return case.sudo().current_step_id.sop_step_id.transition_ids.filtered(
            lambda arrow: arrow.outcome == outcome
        )

    def _notice(self, case):
        return case.sudo().response_ids.filtered(lambda one: one.kind == "notice").sorted("id")[-1:]

    def _ends(self, case, user):
        """All ways in which a case can be ended for silence, or put aside."""
        reason = self.env["lapor.archive.reason"].search([], limit=1)
        own, system = case.with_user(user), case.sudo()
        yield "deem", own.action_deem_withdrawn
        yield "archive", lambda: own.action_archive_case(reason.id)
        yield "job's own method", system._deem_withdrawn
        for outcome in ("insufficient", "no_response"):
            arrow = self._end_arrow(case, outcome)
            for extra in ({}, {"unasked_reason": "Tanpa alamat"}):
                yield (
                    f"{outcome} {extra}",
                    lambda arrow=arrow, extra=extra: own.action_advance(
                        arrow.id, note="Tidak jelas", **extra
                    ),
                )
            yield f"close {outcome}", lambda outcome=outcome: system._close(outcome)
            yield f"end {outcome}", lambda outcome=outcome: system._end(outcome)

    # A reply that waits

    def test_nothing_ends_a_case_whose_complainant_has_written(self):
        self.manager.deems_by_itself = True
        for held in (False, True):
            case = self._held()
            sender = "kantor@warga.example" if held else f"Budi Santoso <{CITIZEN}>"
            status = self._reply(case, sender)["status"]
            self.assertEqual(status, "held" if held else "reply")
            # Whoever ticks a task off has not looked at anything yet.
            case.sudo()._drop_tasks()
            with self._on(self.after):
                self.assertEqual(case.sudo().hold_id._watch(), "expired")
                for user in (self.operator, self.head):
                    for name, attempt in self._ends(case, user):
                        with (
                            self.subTest(name, held=held, user=user.login),
                            self.assertRaises(UserError),
                        ):
                            attempt()
                acts = [act["id"] for act in case.with_user(self.operator).act_state["acts"]]
                self.assertNotIn("deem_withdrawn", acts)
                self.assertNotIn(self._end_arrow(case).id, acts)
                self.assertIn("refuse_reply", acts)
            self.assertTrue(case.is_on_hold)
            self.assertFalse(self._notice(case))

    def test_nobody_is_reminded_of_what_may_have_come(self):
        case = self._held()
        self._reply(case)
        day = case.sudo().hold_id.next_reminder_on
        with self._on(day):
            self.assertFalse(case.sudo().hold_id._watch())
        self.assertNotIn("reminder", case.sudo().response_ids.mapped("kind"))

    def test_whoever_says_that_it_is_not_what_was_asked_for_says_why(self):
        case = self._held()
        with self.assertRefused("No reply"):
            case.with_user(self.operator).action_refuse_reply("Belum")
        self._reply(case)
        with self.assertRefused("Say why"):
            case.with_user(self.operator).action_refuse_reply(" ")
        for user in (self.outsider, self.overseer):
            with self.assertRaises(AccessError):
                case.with_user(user).action_refuse_reply("Belum")
        with self.mock_mail_gateway():
            action = case.with_user(self.operator).action_open_refuse_reply()
            dialog = Form(
                self.env[action["res_model"]]
                .with_user(self.operator)
                .with_context(**action["context"])
            )
            dialog.note = "Nomor rumahnya belum ada"
            dialog.save().action_confirm()
        event = case.event_ids.filtered(lambda event: event.code == "hold_reply_refused")
        self.assertEqual(event.user_id, self.operator)
        self.assertEqual(event.data["note"], self._sealed("Nomor rumahnya belum ada"))
        notice = self._notice(case)
        self.assertIn(self.item.question, notice.body)
        self.assertNotIn("Nomor rumahnya", notice.body, "no free text leaves without a signature")
        self.assertFalse(case.sudo()._tasks(["hold_reply"]))
        self.assertNotIn(
            "refuse_reply", [act["id"] for act in case.with_user(self.operator).act_state["acts"]]
        )
        # Silent from then on: the office may close, and says what is true.
        with self._on(self.after):
            case.with_user(self.operator).action_deem_withdrawn()
        notice = self._notice(case)
        self.assertNotIn("belum kami terima", notice.body)
        self.assertIn("telah kami terima", notice.body)
        self.assertIn("what came until", case.closing_ids.note)
        self.assertEqual(unsound(case.sudo()), [])

    def test_a_second_reply_waits_again(self):
        case = self._held()
        self._reply(case)
        with self.mock_mail_gateway():
            case.with_user(self.operator).action_refuse_reply("Belum")
        self._reply(case)
        with self._on(self.after), self.assertRefused("nobody has looked"):
            case.with_user(self.operator).action_deem_withdrawn()

    def test_held_reply_counts_from_when_it_came(self):
        case = self._held()
        self._reply(case, "kantor@warga.example")
        held = self._held_mail(case)
        came_at = held.create_date
        self._release(held)
        self.assertEqual(
            case.sudo().hold_id.reply_waits_at, max(came_at, case.sudo().hold_id.started_at)
        )
        with self.mock_mail_gateway():
            case.with_user(self.operator).action_refuse_reply("Bukan itu")

    def _held_mail(self, case):
        return self.env["lapor.mail.held"].search([("complaint_id", "=", case.id)])

    # Left unanswered

    def test_left_unanswered_after_an_expired_hold(self):
        case = self._held()
        arrow = self._end_arrow(case)
        own = case.with_user(self.operator)
        with self._on(self.until), self.assertRefused("has time until"):
            own.action_advance(arrow.id, note="Tidak jelas")
        with self._on(self.after):
            self.assertIn(arrow.id, [act["id"] for act in own.act_state["acts"]])
            own.action_advance(arrow.id, note="Tidak jelas")
        self.assertEqual(case.outcome, "insufficient")
        event = case.event_ids.filtered(lambda event: event.code == "left_unanswered")
        self.assertEqual(event.data["hold"], case.sudo().hold_ids.id)
        notice = self._notice(case)
        self.assertIn("tidak kami tanggapi", notice.body)
        self.assertIn("menunggu sampai dengan", notice.body)
        self.assertEqual(notice.state, "delivered")
        self.assertEqual(unsound(case.sudo()), [])

    def test_left_unanswered_without_asking_needs_a_reason(self):
        case = self._take_in(self._mail())
        case.sudo().category_id = self.category
        arrow, own = self._end_arrow(case), case.with_user(self.operator)
        for reason in (None, "", "  "):
            with self.assertRefused("was not asked"):
                own.action_advance(arrow.id, note="Tidak jelas", unasked_reason=reason)
        with self.assertRefused("on hold first"):
            own.action_advance(
                self._end_arrow(case, "no_response").id, note="Diam", unasked_reason="Diam"
            )
        with self.mock_mail_gateway():
            dialog = Form(
                self.env["lapor.advance"]
                .with_user(self.operator)
                .with_context(default_complaint_ids=case.ids, default_transition_id=arrow.id)
            )
            self.assertTrue(dialog.asks_unasked_reason)
            dialog.note = "Tidak jelas"
            dialog.unasked_reason = "Alamatnya palsu"
            dialog.save().action_confirm()
        event = case.event_ids.filtered(lambda event: event.code == "left_unanswered")
        self.assertFalse(event.data["hold"])
        self.assertEqual(event.data["reason"], self._sealed("Alamatnya palsu"))
        notice = self._notice(case)
        self.assertIn("tidak kami tanggapi", notice.body)
        self.assertNotIn("telah meminta", notice.body)
        self.assertFalse(case.sudo()._tasks(["ended_by_office"]), "the coordinator did it")

    def test_coordinator_is_told_what_an_office_ends_by_itself(self):
        for outcome in ("insufficient", "no_response", "withdrawn"):
            case = self._held("3")
            own = case.with_user(self.engineer)
            with self._on(self.after):
                if outcome == "insufficient":
                    own.action_advance(self._end_arrow(case).id, note="Tidak jelas")
                elif outcome == "no_response":
                    own.action_deem_withdrawn()
                else:
                    own.action_withdraw("Ditelepon pelapor")
            task = case.sudo()._tasks(["ended_by_office"])
            with self.subTest(outcome):
                self.assertEqual(case.outcome, outcome)
                self.assertEqual((len(task), task.user_id), (1, self.operator))
                with self.mock_mail_gateway():
                    case.with_user(self.operator).action_reopen("Diperiksa", mistake=True)
                self.assertFalse(case.sudo()._tasks(["ended_by_office"]))
