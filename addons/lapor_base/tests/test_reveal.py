from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .papers import PapersCase

REASON = "Menelepon pelapor tentang letak kerusakan"
IDENTITY = {
    "name": "Siti Rahasia",
    "phone": "081298765432",
    "email": "siti@warga.example",
    "nik": "6311014101900001",
    "address": "Jalan Melati 5",
}


class RevealCase(PapersCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaint = cls._make_hidden()

    @classmethod
    def _make_hidden(cls, **values):
        complainant = cls.env["lapor.complainant"].create(
            {**IDENTITY, "company_id": cls.company.id}
        )
        return cls.env["lapor.complaint"].create(
            {
                "name": "Jalan berlubang",
                "description": "Jalan di depan pasar berlubang besar.",
                "category_id": cls.category.id,
                "company_id": cls.company.id,
                "complainant_id": complainant.id,
                "is_anonymous": True,
                **values,
            }
        )

    def _reveal(self, user, complaint=None, **values):
        own = (complaint or self.complaint).with_user(user)
        return own.action_reveal_identity(values.pop("reason", REASON), **values)

    def _knows(self, user, complaint=None):
        """Whether this user reads the identity: by the record, the case and a search alike."""
        self.env.invalidate_all()
        own = (complaint or self.complaint).with_user(user)
        complainant = own.sudo().complainant_id.with_user(user)
        knows = complainant.has_access("read")
        self.assertEqual(own.complainant_name == IDENTITY["name"], knows)
        self.assertEqual(IDENTITY["phone"] in own.complainant_contact, knows)
        self.assertEqual(own.can_see_complainant, knows)
        self.assertEqual(
            bool(own.search_count([("complainant_id.phone", "=", IDENTITY["phone"])])), knows
        )
        return knows


@tagged("post_install", "-at_install")
class TestReveal(RevealCase):
    """Opening the identity of an anonymous complainant: by whom, for whom, how long, and seen."""

    def test_what_is_there_is_told_but_not_what_it_is(self):
        own = self.complaint.with_user(self.operator)
        self.assertEqual(own.complainant_name, "Anonymous")
        self.assertEqual(own.complainant_contact.count("••••••"), 4)
        for secret in IDENTITY.values():
            self.assertNotIn(secret, own.complainant_contact)
        self.complaint.complainant_id.write({"phone": False, "nik": False, "address": False})
        self.env.invalidate_all()
        self.assertEqual(own.complainant_contact, "Email ••••••")

    def test_coordinator_opens_it_with_a_reason_for_a_limited_time(self):
        self.assertFalse(self._knows(self.operator))
        self.manager.reveal_minutes = 30
        self.assertIs(self._reveal(self.operator), True)
        self.assertTrue(self._knows(self.operator))
        for user in (self.head, self.operator2, self.administrator):
            with self.subTest(user.login):
                self.assertFalse(self._knows(user))
        with freeze_time(fields.Datetime.now() + timedelta(minutes=31)):
            self.assertFalse(self._knows(self.operator))

    def test_coordinator_may_open_it_for_a_colleague_who_sees_the_case(self):
        self._walk_to(self.complaint, "3")
        self._reveal(self.head, user_id=self.engineer.id)
        self.assertTrue(self._knows(self.engineer))
        self.assertFalse(self._knows(self.head))
        for stranger in (self.outsider, self.employee, self.portal):
            with self.subTest(stranger.login), self.assertRefused("does not see"):
                self._reveal(self.head, user_id=stranger.id)

    def test_opening_ends_where_the_case_is_no_longer_seen(self):
        self._walk_to(self.complaint, "3")
        self._reveal(self.head, user_id=self.engineer.id)
        self.complaint.is_misconduct = True
        self.env.invalidate_all()
        own = self.complaint.complainant_id.with_user(self.engineer)
        self.assertFalse(own.has_access("read"))

    def test_opening_is_a_link_of_the_chain_without_the_identity_or_the_reason(self):
        self._reveal(self.operator)
        event = self.complaint.event_ids[-1]
        self.assertEqual((event.code, event.user_id), ("identity_revealed", self.operator))
        self.assertEqual(event.data["for"], self.operator.id)
        self.assertNotIn("Menelepon", str(event.data))
        for secret in IDENTITY.values():
            self.assertNotIn(secret, str(event.data))
        self.assertEqual(self.env["lapor.event"]._verify_chains(self.complaint), {})

    def test_superior_is_told_and_the_list_says_why(self):
        self._reveal(self.operator)
        message = self._notices()
        self.assertEqual(message.notified_partner_ids, self.head.partner_id)
        self.assertNotIn("Menelepon", message.body)
        reveal = self.env["lapor.reveal"].with_user(self.head).search([])
        self.assertEqual((reveal.opened_by_id, reveal.reason), (self.operator, REASON))
        # Nobody opens unseen: whoever has no superior is watched by the others.
        self._reveal(self.head)
        message = self._notices() - message
        self.assertEqual(message.notified_partner_ids, (self.operator | self.operator2).partner_id)

    def _notices(self):
        return self.env["mail.message"].search(
            [
                ("model", "=", "lapor.complaint"),
                ("res_id", "=", self.complaint.id),
                ("message_type", "=", "user_notification"),
            ]
        )

    def test_attempt_of_a_handler_is_refused_recorded_and_told(self):
        self._walk_to(self.complaint, "3")
        for _attempt in range(2):
            notice = self._reveal(self.engineer)
            self.assertEqual(notice["tag"], "display_notification")
        self.assertFalse(self._knows(self.engineer))
        refused = self.env["lapor.reveal"].search([("complaint_id", "=", self.complaint.id)])
        self.assertEqual(
            (refused.is_refused, refused.user_id, refused.date_until), (True, self.engineer, False)
        )
        codes = self.complaint.event_ids.mapped("code")
        self.assertEqual(codes.count("identity_refused"), 1)

    def test_nobody_opens_a_case_he_does_not_see(self):
        for user in (self.outsider, self.inspector, self.employee):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._reveal(user)

    def test_inspectorate_opens_misconduct_cases_only(self):
        complaint = self._make_hidden(is_misconduct=True)
        self._reveal(self.inspector, complaint)
        self.assertTrue(self._knows(self.inspector, complaint))

    def test_reason_is_needed_and_something_hidden(self):
        for reason in ("", "  ", "perlu", False):
            with self.subTest(reason), self.assertRefused("why"):
                self._reveal(self.operator, reason=reason)
        with self.assertRefused("not hidden"):
            self._reveal(self.operator, self._make_complaint())
        self.assertFalse(self.complaint.reveal_ids)

    def test_anonymity_is_not_lifted_without_opening_the_identity(self):
        """It would be a way to read it without a reason."""
        other = self.env["lapor.complainant"].with_user(self.operator).create({"name": "Lain"})
        for values in ({"is_anonymous": False}, {"complainant_id": other.id}):
            with self.subTest(values), self.assertRefused("Open the identity first"):
                self.complaint.with_user(self.operator).write(values)
        self._reveal(self.operator)
        self.complaint.with_user(self.operator).is_anonymous = False
        self.assertTrue(self._knows(self.engineer) or self._knows(self.head))

    def test_it_can_be_hidden_again_before_its_time(self):
        self._reveal(self.operator)
        own = self.complaint.with_user(self.operator)
        self.assertIn("conceal", [act["id"] for act in own.act_state["acts"]])
        own.action_conceal_identity()
        self.assertFalse(self._knows(self.operator))
        self.assertEqual(self.complaint.event_ids[-1].code, "identity_concealed")
        self.assertIn("reveal", [act["id"] for act in own.act_state["acts"]])

    def test_act_is_offered_to_those_who_may_only(self):
        self._walk_to(self.complaint, "3")
        offered = {}
        for user in (self.operator, self.head, self.engineer, self.opd_head):
            acts = self.complaint.with_user(user).act_state["acts"]
            offered[user] = "reveal" in [act["id"] for act in acts]
        self.assertEqual(
            offered,
            {self.operator: True, self.head: True, self.engineer: False, self.opd_head: False},
        )

    def test_openings_are_written_by_acts_only(self):
        self._reveal(self.operator)
        for user in (self.operator, self.head, self.administrator):
            reveal = self.complaint.reveal_ids.with_user(user)
            for attempt in (
                lambda own=reveal: own.write({"date_until": "2099-01-01 00:00:00"}),
                lambda own=reveal: own.unlink(),
                lambda own=reveal: own.create([{"complaint_id": self.complaint.id}]),
            ):
                with self.assertRaises(UserError):
                    attempt()

    def test_held_mail_that_was_taken_in_does_not_tell_the_sender(self):
        held = self.env["lapor.mail.held"].create(
            {
                "rule_id": self.env.ref("lapor_base.mail_rule_no_text").id,
                "sender": "Siti <siti@warga.example>",
                "company_id": self.company.id,
                "complaint_id": self.complaint.id,
                "state": "released",
            }
        )
        for user in (self.operator, self.administrator):
            self.assertTrue(self._sees(held, user))
            told = str(held.with_user(user).read())
            self.assertIn("••••••", told)
            self.assertNotIn("siti", told.lower())


@tagged("post_install", "-at_install")
class TestConfidential(PapersCase):
    """Rahasia: what the case says is for those who coordinate and handle it."""

    def test_marking_a_case_confidential_takes_it_from_those_who_only_watch(self):
        complaint = self._case()
        complaint.message_subscribe((self.overseer | self.engineer).partner_id.ids)
        self.assertTrue(self._sees(complaint, self.overseer))
        complaint.with_user(self.operator).is_secret = True
        self.env.invalidate_all()
        for user in (self.overseer, self.administrator, self.outsider):
            self.assertFalse(self._sees(complaint, user))
            self.assertNotIn("berlubang", complaint.with_user(user).display_name)
        for user in (self.operator, self.head, self.engineer, self.opd_head):
            self.assertTrue(self._sees(complaint, user))
        self.assertNotIn(self.overseer.partner_id, complaint.message_partner_ids)
        self.assertIn(self.engineer.partner_id, complaint.message_partner_ids)
        self.assertEqual(complaint.sudo().current_user_id, self.operator)


@tagged("post_install", "-at_install")
class TestRevealTour(HttpCase, RevealCase):
    """The dialog in a real browser."""

    def test_reveal(self):
        self.operator.password = "lapor_uji_123"
        self.start_tour(
            f"/odoo/pengaduan/{self.complaint.id}", "lapor_reveal", login=self.operator.login
        )
        self.assertTrue(self._knows(self.operator))
        self.assertEqual(self.complaint.reveal_ids.reason, REASON)
