from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools.mail_report import DeliveryReport
from . import common, samples

ADDRESS = "budi@warga.example"


@tagged("post_install", "-at_install")
class TestDelivery(common.LaporCase):
    """Each attempt to reach the complainant is written down; a failed one is somebody's."""

    def _sent_by_mail(self):
        complaint = self._make_complaint(channel_id=self.env.ref("lapor_base.channel_email").id)
        complaint.complainant_id.email = ADDRESS
        self._walk_to(complaint, "5")
        self._advance(complaint, self.operator, "close", delivery={})
        return complaint, complaint.sudo()._final_response("delivered")

    def _run_queue(self, response, error=None):
        """Send the response's mail as the queue does."""
        server = type(self.env["ir.mail_server"])
        with self.mock_mail_gateway(), mute_logger("odoo.addons.mail.models.mail_mail"):
            if error:
                with patch.object(server, "send_email", side_effect=ValueError(error)):
                    response.mail_id.send()
            else:
                response.mail_id.send()
        self.env["lapor.delivery"]._cron_follow_mails()
        self.env.invalidate_all()

    def _turns(self, complaint):
        return complaint.sudo().activity_ids.filtered("lapor_turn_model").user_id

    def test_mail_that_went_out_is_delivered(self):
        complaint, response = self._sent_by_mail()
        self.assertEqual(response.delivery_ids.mapped("state"), ["sending"])
        self._run_queue(response)
        self.assertEqual(response.delivery_ids.mapped("state"), ["delivered"])
        self.assertFalse(response.delivery_failed or complaint.has_undelivered)
        for act in (
            lambda own: own.action_send_again(),
            lambda own: own.action_deliver_otherwise(1, "x"),
        ):
            with self.assertRefused("has arrived already"):
                act(response.with_user(self.operator))

    def test_failed_mail_is_the_senders_business_until_it_is_sent_again(self):
        complaint, response = self._sent_by_mail()
        self._run_queue(response, f"<{ADDRESS}> unknown")
        delivery = response.delivery_ids
        self.assertEqual(delivery.state, "failed")
        self.assertTrue(response.delivery_failed and complaint.has_undelivered)
        self.assertIn(complaint, complaint.search([("has_undelivered", "=", True)]))
        self.assertEqual(self._turns(complaint), self.operator)
        self.assertIn("delivery_failed", complaint.event_ids.mapped("code"))
        own = complaint.with_user(self.operator)
        self.assertIn("action_open_deliver", [act["method"] for act in own.act_state["acts"]])
        response.with_user(self.operator).action_send_again()
        self.assertEqual(response.delivery_ids.mapped("state"), ["failed", "sending"])
        self.assertFalse(self._turns(complaint))
        mails = self.env["mail.mail"].search([("email_to", "like", ADDRESS)])
        count = len(mails)
        # A double click sends it once.
        with self.assertRefused("on its way"):
            response.with_user(self.operator).action_send_again()
        self.assertEqual(self.env["mail.mail"].search_count([("email_to", "like", ADDRESS)]), count)
        self._run_queue(response)
        self.assertEqual(response.delivery_ids.mapped("state"), ["failed", "delivered"])
        self.assertFalse(complaint.has_undelivered)

    def test_mail_that_came_back_is_a_failed_one(self):
        complaint, response = self._sent_by_mail()
        self._run_queue(response)
        report = DeliveryReport(
            action="failed",
            status="5.1.1",
            reason="user unknown",
            message_ids=[response.mail_id.message_id],
            recipients=[ADDRESS],
        )
        self.env["lapor.response"]._find_mailed(report)._note_report(report)
        self.env["lapor.delivery"]._cron_follow_mails()
        self.assertTrue(response.delivery_failed)
        self.assertEqual(self._turns(complaint), self.operator)

    def test_reason_of_failure_does_not_tell_the_address(self):
        _complaint, response = self._sent_by_mail()
        response.mail_id.write({"state": "exception", "failure_reason": f"550 <{ADDRESS}> unknown"})
        self.env["lapor.delivery"]._cron_follow_mails()
        told = response.with_user(self.opd_head).mail_failure
        self.assertTrue(told.startswith("550 <…> unknown. "), told)
        self.assertNotIn(ADDRESS, told)

    def test_failed_mail_is_delivered_by_another_channel_with_proof(self):
        complaint, response = self._sent_by_mail()
        self._run_queue(response, f"<{ADDRESS}> unknown")
        phone = self.env.ref("lapor_base.channel_phone")
        own = response.with_user(self.operator)
        with self.assertRefused("how the complainant received"):
            own.action_deliver_otherwise(phone.id, "  ")
        for user in (self.engineer, self.opd_admin):
            with self.assertRaises(AccessError):
                response.with_user(user).action_deliver_otherwise(phone.id, "Ditelepon")
        photo = (
            self.env["ir.attachment"]
            .with_user(self.operator)
            .create({"name": "bukti.jpg", "raw": samples.JPEG})
        )
        own.action_deliver_otherwise(phone.id, "Dibacakan pukul 9", photo.ids)
        self.assertEqual(
            [(item.channel_id.code, item.state) for item in response.delivery_ids],
            [("email", "failed"), ("phone", "delivered")],
        )
        self.assertEqual(response.delivery_ids[1].attachment_ids, photo)
        self.assertTrue(photo.with_user(self.head).has_access("read"))
        self.assertEqual(response.channel_id, phone)
        self.assertFalse(complaint.has_undelivered)

    def test_other_channel_at_once_needs_a_reason(self):
        complaint = self._make_complaint(channel_id=self.env.ref("lapor_base.channel_phone").id)
        self._walk_to(complaint, "5")
        letter = self.env.ref("lapor_base.channel_letter").id
        with self.assertRefused("does not go by the channel"):
            self._advance(
                complaint,
                self.operator,
                "close",
                delivery={"note": "Resi 12", "channel_id": letter},
            )
        self._advance(
            complaint,
            self.operator,
            "close",
            delivery={"note": "Resi 12", "channel_id": letter, "reason": "Nomor tidak aktif"},
        )
        response = complaint.sudo()._final_response("delivered")
        self.assertEqual(
            [(item.channel_id.code, item.state, item.failure) for item in response.delivery_ids],
            [("phone", "failed", "Nomor tidak aktif"), ("letter", "delivered", False)],
        )
        self.assertFalse(response.delivery_failed)

    def test_notice_waits_for_staff_where_no_mail_can_go(self):
        complaint = self._make_complaint()
        response = self.env["lapor.response"]._notice(
            complaint.sudo(), "notice", "Aduan digabung", "<p>Digabung.</p>"
        )
        self.assertTrue(complaint.has_undelivered)
        self.assertEqual(self._turns(complaint), self.operator)
        response.with_user(self.operator2).action_deliver_otherwise(
            self.env.ref("lapor_base.channel_counter").id, "Diserahkan"
        )
        self.assertEqual(response.state, "delivered")
        self.assertFalse(self._turns(complaint))
        with self.assertRefused("step that the SOP names"):
            response._notice(complaint.sudo(), "final", "Jawaban", "<p>x</p>")

    def test_texts_to_copy_name_no_staff(self):
        _complaint, response = self._sent_by_mail()
        for text in (response.copy_text, response.short_text):
            self.assertIn("Sudah kami tambal", text)
            for user in (self.operator, self.engineer, self.opd_head):
                self.assertNotIn(user.name, text)
        self.assertIn(response.number, response.copy_text)
        response.sudo().body = "<p>Yth. Bapak/Ibu,</p><p>%s</p>" % ("Kata panjang " * 80)
        self.assertLessEqual(len(response.short_text), 306)
        self.assertNotIn("Yth", response.short_text)

    def test_acknowledgement_sent_again_carries_the_code(self):
        complaint = self._make_complaint()
        complaint.complainant_id.email = ADDRESS
        complaint.channel_id = self.env.ref("lapor_base.channel_email")
        response = self.env["lapor.response"]._acknowledge(complaint.sudo())
        response.mail_id.write({"state": "exception", "failure_reason": "x"})
        self.env["lapor.delivery"]._cron_follow_mails()
        response.with_user(self.operator).action_send_again()
        self.assertIn(complaint.sudo().tracking_code, response.mail_id.body_html)
        self.assertNotIn(complaint.sudo().tracking_code, response.body)

    def test_attempts_are_written_by_acts_only(self):
        _complaint, response = self._sent_by_mail()
        for user in (self.operator, self.administrator):
            with self.assertRaises(UserError):
                response.delivery_ids.with_user(user).write({"state": "delivered"})
