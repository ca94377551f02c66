"""The pen of held mails is where coordinators work."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..tools.mail_likelihood import person_score
from .mails import MailIntakeCase


@tagged("post_install", "-at_install")
class TestMailPen(MailIntakeCase):
    def _hold(self, **values):
        self.assertEqual(self._process(self._mail(**values))["status"], "held")
        return self.env["lapor.mail.held"].search([], limit=1)

    def test_score_grows_with_the_signs_of_a_person(self):
        bare = person_score(20, sender="a@x.example")
        self.assertEqual(bare, 20)
        self.assertGreater(person_score(20, sender="a@x.example", has_name=True), bare)
        self.assertGreater(person_score(20, sender="a@x.example", words=40), bare)
        self.assertGreater(person_score(20, sender="a@x.example", files=1), bare)
        self.assertGreater(person_score(20, sender="a@x.example", answers_us=True), bare + 30)
        self.assertLess(person_score(20), bare)
        self.assertLess(person_score(20, sender="a@x.example", returns_nowhere=True), bare)
        self.assertEqual(person_score(0, answers_us=True, words=99), 0)
        self.assertEqual(person_score(100, answers_us=True, sender="a", words=99), 100)
        self.assertEqual(person_score(5), 1)

    def test_likely_persons_come_first(self):
        machine = self._hold(Precedence="bulk", Return_Path="<>", text="ok")
        person = self._hold(sender="Ibu Ani <noreply@x.example>", text="kata " * 40)
        self.assertGreater(person.score, machine.score)
        first = self.env["lapor.mail.held"].search([], order="score desc, id", limit=1)
        self.assertEqual(first, person)

    def test_number_on_the_first_page_opens_exactly_its_list(self):
        Held = self.env["lapor.mail.held"]
        self.assertFalse(Held.with_user(self.operator).waiting_for_me())
        waiting = self._hold(Precedence="bulk") | self._hold(sender="noreply@x.example")
        # Behind these nobody waits.
        self._hold(sender=self.office_address)
        self._hold(sender="MAILER-DAEMON@x.example")
        told = Held.with_user(self.operator).waiting_for_me()
        self.assertEqual(told["count"], 2)
        listed = Held.with_user(self.operator).search(told["action"]["domain"])
        self.assertEqual(listed, waiting.with_user(self.operator))
        for user in (self.opd_admin, self.engineer, self.administrator):
            self.assertFalse(Held.with_user(user).waiting_for_me())
        waiting.with_user(self.operator).action_discard()
        self.assertFalse(Held.with_user(self.operator).waiting_for_me())

    def _decide(self, mails, act, user=None):
        dialog = (
            self.env["lapor.mail.decide"]
            .with_user(user or self.operator)
            .with_context(active_model="lapor.mail.held", active_ids=mails.ids)
            .create({"act": act})
        )
        will = dialog.line_ids.mapped("will")
        with self.mock_mail_gateway():
            dialog.action_decide()
        self.env.invalidate_all()
        return dialog, will

    def test_many_are_taken_in_at_once_and_each_outcome_is_told(self):
        broken = self.env["lapor.mail.held"].search([])
        self._process(bytes(range(256)) + self.office_address.encode())
        mails = self._hold(sender="noreply@x.example", text="Lampu mati di RT 3")
        mails |= self._hold(Precedence="bulk", text="Jalan rusak", sender="Ani <ani@x.example>")
        broken = self.env["lapor.mail.held"].search([("kind", "=", "unreadable")]) - broken
        broken.company_id = self.company
        dialog, will = self._decide(mails | broken, "release")
        self.assertEqual(dialog.count, 3)
        self.assertEqual(len([words for words in will if "its sender gets a receipt" in words]), 2)
        self.assertEqual(len([words for words in will if "cannot be opened" in words]), 1)
        self.assertEqual(set(mails.mapped("state")), {"released"})
        self.assertEqual(broken.state, "held")
        # Whoever is a person gets a receipt.
        self.assertEqual(len(self._new_mails), 2)
        for line in dialog.line_ids:
            if line.held_id in mails:
                self.assertIn(line.held_id.complaint_id.number, line.outcome)
            else:
                self.assertIn("Not done", line.outcome)
        with self.assertRaises(UserError):
            dialog.action_decide()

    def test_many_are_put_aside_or_taken_in_without_a_receipt(self):
        mails = self._hold(sender="noreply@x.example") | self._hold(Precedence="bulk")
        dialog, will = self._decide(mails, "discard")
        self.assertTrue(all("Discarded" in words for words in will))
        self.assertEqual(set(mails.mapped("state")), {"discarded"})
        mails.with_user(self.operator).action_hold_again()
        dialog, will = self._decide(mails, "machine")
        self.assertTrue(all("without a receipt" in words for words in will))
        self.assertEqual(set(mails.mapped("state")), {"released"})
        self.assertFalse(self._new_mails)
        for user in (self.opd_admin, self.engineer):
            with self.assertRaises(AccessError):
                self._decide(mails, "discard", user=user)

    def test_what_waits_for_more_than_a_day_is_told_to_the_superior(self):
        Held = self.env["lapor.mail.held"]
        held = self._hold(sender="noreply@x.example")
        position = Held.sudo()._pen_position(self.company)
        position.parent_id = self.head_position
        self.assertFalse(Held._overdue_for(self.head))
        old = fields.Datetime.now() - timedelta(days=1, hours=1)
        self.env.cr.execute(
            "UPDATE lapor_mail_held SET create_date = %s WHERE id = %s", [old, held.id]
        )
        self.env.invalidate_all()
        self.assertEqual(Held._overdue_for(self.head), held)
        self.assertFalse(Held._overdue_for(self.engineer))
        held.with_user(self.operator).action_discard()
        self.assertFalse(Held._overdue_for(self.head))
