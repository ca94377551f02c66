from odoo.tests import tagged

from .papers import PapersCase


@tagged("post_install", "-at_install")
class TestRelease(PapersCase):
    """Offices that gave a case back lose it; offices that did a part of it keep it."""

    def setUp(self):
        super().setUp()
        self.complaint = self._make_complaint(category_id=self.category.id).sudo()

    def _reads(self, user):
        self.env.invalidate_all()
        return self.complaint.with_user(user).has_access("read")

    def _give_back(self):
        self._walk_to(self.complaint, "3")
        own = self.complaint.with_user(self.engineer)
        own.message_post(body="Bukan urusan kami", subtype_xmlid="mail.mt_comment")
        self.complaint.message_subscribe(self.opd_head.partner_id.ids)
        own.action_refuse_authority("Jalan provinsi, bukan kabupaten")

    def test_office_that_refused_loses_the_case(self):
        self._walk_to(self.complaint, "3")
        self.assertTrue(self._reads(self.opd_admin))
        self._give_back()
        for user in (self.opd_admin, self.opd_head, self.engineer):
            with self.subTest(user.login):
                self.assertFalse(self._reads(user))
                self.assertNotIn(user.partner_id, self.complaint.message_partner_ids)
                self.assertFalse(
                    self.complaint.activity_ids.filtered(lambda a, u=user: a.user_id == u)
                )
        self.assertFalse(self.complaint.involved_unit_ids & (self.opd | self.bidang))
        self.assertTrue(self._reads(self.operator))
        # What they wrote stays with the case.
        self.assertIn("Bukan urusan kami", "".join(self.complaint.message_ids.mapped("body")))

    def test_office_that_gets_it_again_reads_it_again(self):
        self._give_back()
        user = self.complaint.current_user_id
        self.complaint.with_user(user).action_send_back("Jalan itu milik kabupaten")
        for user in (self.opd_head, self.engineer):
            self.assertTrue(self._reads(user), user.login)

    def test_office_that_did_a_part_keeps_the_case(self):
        self._walk_to(self.complaint, "5")
        self.env["lapor.inspection"]._record(
            self.complaint.current_step_id,
            {"date": "2026-01-05", "place": "Pasar", "findings": "Benar", "conclusion": "Benar"},
        )
        inspection = self.complaint.inspection_ids
        inspection.visit_id = self.complaint.step_ids.filtered(
            lambda visit: visit.unit_id.office_id == self.opd
        )[:1]
        self.assertTrue(inspection.visit_id)
        self.complaint._engine_write({"unit_id": False})
        self.complaint.disposition_line_ids.write({"state": "returned"})
        self.complaint._release(self.opd)
        self.assertEqual(self._reads(self.opd_head), inspection.state != "draft", inspection.state)

    def test_tasks_go_to_the_coordinator(self):
        self._walk_to(self.complaint, "3")
        task = self.complaint._add_task("extension", self.opd_head_position, "Putuskan")
        self.complaint.with_user(self.operator).is_misconduct = True
        self.env.invalidate_all()
        self.assertTrue(task.exists() and task.active)
        self.assertTrue(task.lapor_position_id.role_id.coordinates)
        self.assertEqual(task.user_id, task.lapor_position_id.holder_id)
        self.assertTrue(self._reads(task.user_id))

    def test_screen_leaves_a_case_that_is_given_back(self):
        self._walk_to(self.complaint, "3")
        dialog = (
            self.env["lapor.misroute.ask"]
            .with_user(self.engineer)
            .create(
                {"complaint_id": self.complaint.id, "kind": "authority", "reason": "Jalan provinsi"}
            )
        )
        action = dialog.action_confirm()
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(action["params"]["next"]["res_model"], "lapor.complaint")
