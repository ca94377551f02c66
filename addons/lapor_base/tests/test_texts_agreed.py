import inspect
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from . import common

#: A word that nobody but a person writes.
WORD = "Zqxjanji"
TEXT = f"<p>Yth. Bapak Budi Santoso,</p><p>Dengan ini kami sampaikan {WORD} bahwa jalan rata.</p>"
#: What a refused or impossible call may raise.
REFUSED = (UserError, AccessError, ValueError, TypeError, KeyError, AttributeError, AssertionError)


@tagged("post_install", "-at_install")
class TestTextsAgreed(common.LaporCase):
    """Where the SOP has a signature, no act whatsoever brings words of a person to a complainant
    before whoever signs has agreed with them."""

    def _acts(self, record):
        """Every public act of a record, with the names of its arguments: by the registry."""
        for name in sorted(dir(type(record))):
            if not name.startswith("action_"):
                continue
            parameters = list(inspect.signature(getattr(type(record), name)).parameters.values())
            if any(item.kind is item.VAR_POSITIONAL for item in parameters):
                continue
            yield name, [item for item in parameters[1:] if item.kind is not item.VAR_KEYWORD]

    def _argument(self, name, case, other):
        """Something that an act may take for an argument of this name."""
        soon = fields.Date.today() + timedelta(days=20)
        visit = case.sudo().current_step_id
        known = {
            "transition": visit.sop_step_id.transition_ids[:1].id,
            "transition_id": visit.sop_step_id.transition_ids[:1].id,
            "reason_id": self.env["lapor.archive.reason"].search([], limit=1).id,
            "item_ids": [],
            "attachment_ids": [],
            "unit_id": None,
            "outside_unit_id": None,
            "step_id": None,
            "main_id": other.id,
            "position_id": self.operator2_position.id,
            "channel_id": self.env.ref("lapor_base.channel_counter").id,
            "category_id": self.category.id,
            "user_id": self.operator.id,
            "mistake": False,
            "subject": f"Hal {WORD}",
            "handover": {"letter": TEXT, "note": WORD},
        }
        if name in known:
            return known[name]
        if name.startswith("date") or name in ("until", "due"):
            return soon
        if name.endswith("_ids"):
            return []
        if name in ("body", "notice", "letter"):
            return TEXT
        return f"Dengan ini {WORD} disampaikan"

    def _arguments(self, name, parameters, case, other):
        """What an act is called with: each arrow of the step with every evidence, for a move."""
        given = {item.name: self._argument(item.name, case, other) for item in parameters}
        if name != "action_advance":
            yield given
            return
        lead = {"lead_position_id": self.engineer_position.id, "note": WORD}
        for arrow in case.sudo().current_step_id.sop_step_id.transition_ids:
            for kind in (None, "interim", "final"):
                evidence = {
                    "response": kind and {"kind": kind, "body": TEXT},
                    "disposition": lead,
                    "delivery": {"note": WORD},
                    "sign": True,
                }
                for names in (
                    ["delivery"],
                    ["response"],
                    ["response", "delivery"],
                    ["disposition"],
                ):
                    yield {
                        **given,
                        "transition": arrow.id,
                        **{key: evidence[key] for key in (*names, *(["sign"] if not kind else []))},
                    }

    def _states(self):
        """Cases where acts differ: at each step, held, waiting, by mail and not."""
        mail = {"channel_id": self.env.ref("lapor_base.channel_email").id}
        for number in ("1", "2", "3", "4", "5", None):
            for values in ({}, mail) if number in ("1", "3") else ({},):
                case = self._make_complaint(**values)
                case.sudo().complainant_id.email = "budi@warga.example" if values else False
                if number != "1":
                    self._walk_to(case, number)
                yield f"step {number}", case
        held = self._make_complaint()
        held.with_user(self.operator).action_hold(self._items(), delivery_note="Ditelepon")
        yield "held", held
        supporter, main = self._make_complaint(), self._make_complaint()
        supporter.with_user(self.operator).action_merge(main.id)
        yield "merged", supporter
        promised = self._make_complaint()
        promised.with_user(self.operator).action_promise(
            "Dianggarkan", fields.Date.today() + timedelta(days=60)
        )
        yield "promised", promised

    def _unagreed(self, floor):
        """Texts with the word that have left, or are on their way, though nobody who signs has
        agreed with them."""
        responses = self.env["lapor.response"].sudo().search([("id", ">", floor)])
        left = responses.filtered(
            lambda text: (
                WORD in f"{text.subject} {text.body}"
                and (text.state == "delivered" or text.delivery_ids or text.mail_id)
            )
        )
        wrong = left.filtered(lambda text: not (text.signed_at or self._is_agreed(text)))
        mails = self.env["mail.mail"].sudo().search([("id", ">", self.mail_floor)])
        outside = mails.filtered(
            lambda mail: WORD in f"{mail.subject} {mail.body_html}" and not mail.recipient_ids
        )
        agreed = responses.filtered(lambda text: text.signed_at or self._is_agreed(text)).mail_id
        return [
            *(f"{text.kind} has left" for text in wrong),
            *(f"mail to {mail.email_to}" for mail in outside - agreed),
        ]

    def _is_agreed(self, text):
        given = text.paraf_ids.filtered(
            lambda paraf: paraf.state == "given" and paraf.version == text.version
        )
        return any(paraf.user_id and paraf.user_id != text.author_id for paraf in given)

    def _call(self, record, name, arguments, user):
        try:
            getattr(record.with_user(user).sudo(False), name)(**arguments)
        except REFUSED:
            return False
        return True

    @mute_logger("odoo.sql_db", "odoo.http")
    def test_no_act_brings_words_to_a_complainant_that_nobody_agreed_with(self):
        wrong, wrote, called = set(), set(), set()
        other = self._make_complaint()
        people = (self.operator, self.head, self.engineer, self.opd_head)
        Mail = self.env["mail.mail"].sudo()
        for state, case in list(self._states()):
            own = case.sudo()
            records = [
                case,
                *own.response_ids[:3],
                *own.disposition_line_ids[:1],
                *own.inspection_ids[:1],
            ]
            for record in records:
                calls = [
                    (name, arguments)
                    for name, parameters in self._acts(record)
                    for arguments in self._arguments(name, parameters, case, other)
                ]
                for name, arguments in calls:
                    for user in people:
                        self.env.flush_all()
                        floor = self.env["lapor.response"].sudo().search([], limit=1).id or 0
                        self.mail_floor = Mail.search([], limit=1, order="id desc").id or 0
                        savepoint = self.env.cr.savepoint()
                        if self._call(record, name, arguments, user):
                            called.add(name)
                            self.env.flush_all()
                            self.env.invalidate_all()
                            for what in self._unagreed(floor):
                                wrong.add(f"{name} at {state} by {user.login}: {what}")
                            if (
                                self.env["lapor.response"]
                                .sudo()
                                .search_count([("id", ">", floor), ("body", "like", WORD)])
                            ):
                                wrote.add(name)
                        savepoint.close(rollback=True)
                        self.env.invalidate_all()
        self.assertEqual(sorted(wrong), [])
        # The walk has written such texts, by all acts that take some.
        self.assertLessEqual(
            {"action_close_outside", "action_hold", "action_interim"}, wrote, sorted(called)
        )
        self.assertGreater(len(called), 25, sorted(called))

    def test_request_in_own_words_begins_the_hold_when_it_is_agreed(self):
        mail = self.env.ref("lapor_base.channel_email").id
        complaint = self._make_complaint(channel_id=mail)
        case = complaint.sudo()
        case.complainant_id.email = "budi@warga.example"
        complaint.with_user(self.operator).action_hold([], "Lampu yang mana?")
        request = case.response_ids.filtered(lambda text: text.kind == "request")
        self.assertEqual((request.state, case.is_on_hold), ("submitted", False))
        self.assertFalse(request.mail_id)
        self._agree(complaint)
        self.assertTrue(case.is_on_hold)
        self.assertEqual(case.hold_id.note, "Lampu yang mana?")
        self.assertIn("Lampu yang mana?", request.mail_id.body_html)

    def test_request_without_mail_is_brought_by_its_author_when_it_is_agreed(self):
        complaint = self._make_complaint()
        case, own = complaint.sudo(), complaint.with_user(self.operator)
        context = own.action_open_hold()["context"]

        def opened():
            return Form(self.env["lapor.hold.ask"].with_user(self.operator).with_context(**context))

        dialog = opened()
        self.assertFalse(dialog.approver)
        self.assertTrue(dialog.asks_proof)
        dialog.note = "Lampu yang mana?"
        self.assertTrue(dialog.approver)
        self.assertFalse(dialog.asks_proof)
        dialog.save().action_confirm()
        self.assertFalse(case.is_on_hold)
        request = case.response_ids
        holder = request.next_paraf_id.position_id.holder_id
        request.with_user(holder).action_refuse_paraf("Terlalu umum")
        self.assertEqual(request.state, "draft")
        dialog = opened()
        self.assertIn("Terlalu umum", dialog.return_note)
        self.assertEqual(dialog.note, "Lampu yang mana?")
        dialog.note = "Lampu di tiang nomor berapa?"
        dialog.save().action_confirm()
        self._agree(complaint)
        self.assertFalse(case.is_on_hold)
        self.assertEqual(case._tasks(["text_agreed"]).user_id, self.operator)
        dialog = opened()
        self.assertTrue(dialog.agreed)
        self.assertTrue(dialog.asks_proof)
        dialog.delivery_note = "Ditelepon"
        dialog.save().action_confirm()
        self.assertEqual(case.hold_id.response_id, request)
        self.assertEqual((request.version, request.state), (2, "delivered"))
        self.assertFalse(case._tasks(["text_agreed"]))

    def test_list_of_the_office_is_asked_at_once(self):
        complaint = self._make_complaint()
        complaint.with_user(self.operator).action_hold(self._items(), delivery_note="Ditelepon")
        self.assertTrue(complaint.is_on_hold)

    def test_words_of_yesterday_s_day_do_not_leave(self):
        complaint = self._make_complaint()
        tomorrow = fields.Date.today() + timedelta(days=1)
        complaint.with_user(self.operator).action_hold([], "Lampu yang mana?", tomorrow)
        request = complaint.sudo().response_ids
        request.pending_act = {**request.pending_act, "until": "2020-01-01"}
        self._agree(complaint)
        with self.assertRefused("has passed meanwhile"):
            complaint.sudo()._hold_agreed(request, "Ditelepon")
