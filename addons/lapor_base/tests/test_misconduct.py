from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .papers import PapersCase


@tagged("post_install", "-at_install")
class TestMisconduct(PapersCase):
    """From the moment a case is marked, the unit it may accuse learns nothing more of it."""

    def setUp(self):
        super().setUp()
        self.complaint = self._make_complaint(name="Jalan", description="Rusak")
        self._walk_to(self.complaint, "3")
        self.accused = (self.engineer, self.opd_admin, self.opd_head)
        for user in self.accused:
            self.assertTrue(self._sees(self.complaint, user))

    def _mark(self, user=None):
        self.complaint.with_user(user or self.operator).write(
            {"is_misconduct": True, "name": "Kabid meminta uang"}
        )
        self.env.invalidate_all()

    def test_marked_case_is_gone_for_the_handling_unit_at_once(self):
        self._mark()
        for user in (*self.accused, self.overseer, self.administrator):
            own = self.complaint.with_user(user)
            with self.subTest(user.login):
                self.assertFalse(self._sees(self.complaint, user))
                self.assertFalse(own.search_count([("number", "=", self.complaint.number)]))
                self.assertFalse(own.search([("name", "ilike", "Kabid meminta")]))
                self.assertNotIn("Kabid", own.display_name)
                for name in ("name", "description", "phase"):
                    with self.assertRaises(AccessError):
                        own.read([name])
                with self.assertRaises(AccessError):
                    self._advance(self.complaint, user, response={"body": "<p>Tidak benar</p>"})
        for user in (self.operator, self.head, self.inspector):
            with self.subTest(user.login):
                self.assertTrue(self._sees(self.complaint, user))

    def test_complainant_of_a_misconduct_case_is_hidden_too(self):
        self._mark()
        for user in (*self.accused, self.overseer, self.administrator):
            self.assertFalse(self._sees(self.complaint.complainant_id, user))
        for user in (self.operator, self.head, self.inspector):
            self.assertTrue(self._sees(self.complaint.complainant_id, user))

    def test_thread_files_and_papers_are_gone_too(self):
        post = self.complaint.with_user(self.operator).message_post(
            body="Bukti", attachments=[("bukti.txt", b"isi")], subtype_xmlid="mail.mt_comment"
        )
        self._mark()
        for user in self.accused:
            with self.subTest(user.login):
                files = post.attachment_ids.with_user(user)
                self.assertFalse(files.has_access("read"))
                for name in ("step_ids", "disposition_ids", "event_ids"):
                    self.assertFalse(self._sees(self.complaint.sudo()[name][0], user))

    def test_handling_unit_is_told_nothing_new(self):
        """Holders of steps follow their case: what is written in it would reach them."""
        followers = self.complaint.message_partner_ids
        self.assertIn(self.engineer.partner_id, followers)
        self._mark()
        accused = self.env["res.users"].union(*self.accused).partner_id
        self.assertFalse(self.complaint.message_partner_ids & accused)
        with self.mock_mail_gateway():
            post = self.complaint.with_user(self.operator).message_post(
                body="Saksi sudah didengar.", subtype_xmlid="mail.mt_comment"
            )
        self.assertFalse(post.notified_partner_ids & accused)
        self.assertFalse(self._new_mails)
        for user in self.accused:
            with self.subTest(user.login), self.assertRaises(AccessError):
                post.with_user(user).read(["body"])

    def test_open_step_goes_back_to_the_managing_office(self):
        before = len(self.complaint.event_ids)
        self._mark()
        visit = self.complaint.sudo().current_step_id
        self.assertEqual(visit.unit_id.office_id, self.manager)
        self.assertNotIn(visit.user_id, self.accused)
        self.assertFalse(
            self.env["mail.activity"]
            .with_user(self.engineer)
            .search([("res_model", "=", "lapor.complaint"), ("res_id", "=", self.complaint.id)])
        )
        self.assertIn("reassigned", self.complaint.event_ids[before:].mapped("code"))

    def test_case_marked_from_the_beginning_can_be_given_to_those_who_may_see_it_only(self):
        complaint = self._make_complaint(is_misconduct=True)
        self._walk_to(complaint, "2")
        with self.assertRaises(UserError):
            self._advance(
                complaint,
                self.head,
                disposition={"lead_position_id": self.engineer_position.id, "note": "Rahasia"},
            )
        self.assertFalse(complaint.disposition_ids)

    def test_misconduct_case_walks_to_its_end_by_those_who_may_see_it(self):
        """The inspectorate handles it; where no role fits, whoever coordinates it acts."""
        complaint = self._make_complaint(is_misconduct=True)
        self._walk_to(complaint, "2")
        inspectorate = self.inspector.lapor_position_ids
        self._advance(
            complaint,
            self.head,
            disposition={"lead_position_id": inspectorate.id, "note": "Tinjau"},
        )
        self.assertEqual(complaint.sudo().current_user_id, self.inspector)
        self._advance(complaint, self.inspector, response={"body": "<p>Terbukti.</p>"})
        visit = complaint.sudo().current_step_id
        self.assertEqual((visit.kind, visit.unit_id), ("sign", self.manager))
        self._advance(complaint, self.head, sign=True)
        complaint.with_user(self.inspector).action_agree_end()
        self._walk_to(complaint, None)
        self.assertEqual(complaint.phase, "closed")

    def test_marked_case_goes_on_in_the_managing_office(self):
        self._mark()
        self._advance(self.complaint, self.head, response={"body": "<p>Sudah diperiksa.</p>"})
        self.assertEqual(self.complaint.sudo().current_step_id.unit_id, self.manager)
        self._advance(self.complaint, self.operator, sign=True)
        self.complaint.with_user(self.inspector).action_agree_end()
        self._walk_to(self.complaint, None)
        self.assertEqual(self.complaint.phase, "closed")

    def test_step_of_a_misconduct_case_is_not_for_other_officers(self):
        self._mark()
        visit = self.complaint.sudo().current_step_id
        for user in (*self.accused, self.outsider, self.overseer, self.inspector):
            with self.subTest(user.login):
                self.assertFalse(visit._may_act(user))

    def test_mark_is_set_by_those_who_write_the_case_only(self):
        for user in (*self.accused, self.head, self.overseer):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.complaint.with_user(user).is_misconduct = True
        self._mark(self.administrator)
        with self.assertRaises(AccessError):
            self.complaint.with_user(self.administrator).is_misconduct = False
