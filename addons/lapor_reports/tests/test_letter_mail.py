from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from . import pdfa
from .common import PaperCase

ADDRESS = "budi@warga.example"


@tagged("post_install", "-at_install")
class TestLetterByMail(PaperCase):
    """The mail that brings a signed response brings the letter as PDF."""

    def _sent(self, **values):
        """A case whose final response has just been queued as a mail.

        :returns: (case, response)
        """
        complaint = self._make_complaint(
            channel_id=self.env.ref("lapor_base.channel_email").id, **values
        )
        complaint.sudo().complainant_id.email = ADDRESS
        self._walk_to(complaint, "5")
        self._advance(complaint, self.operator, "close", delivery={})
        return complaint, complaint.sudo()._final_response("delivered")

    def _letters(self, response):
        """The files that leave with a response's mail: (name, content)."""
        with self.mock_mail_gateway():
            response.mail_id.send()
        self.env["lapor.delivery"]._cron_follow_mails()
        self.env.invalidate_all()
        (sent,) = self._mails
        return [(name, content) for name, content, _kind in sent["attachments"]]

    def test_letter_leaves_as_it_was_signed(self):
        _complaint, response = self._sent()
        ((name, content),) = self._letters(response)
        self.assertEqual(response.delivery_ids.state, "delivered")
        self.assertEqual(content, response.paper_ids._bytes())
        self.assertEqual(pdfa.faults(content), [])
        self.assertNotIn("/", name)
        text = self._text(content)
        for words in (response.number, "Budi Santoso", "Sudah kami tambal."):
            self.assertIn(words, text)
        # No file of the thread: whoever reads the case would find it there.
        self.assertFalse(response.mail_id.attachment_ids)

    def test_letter_of_an_anonymous_complainant_names_nobody(self):
        _complaint, response = self._sent(is_anonymous=True)
        ((_name, content),) = self._letters(response)
        self.assertNotIn("Budi", self._text(content))

    def test_letter_of_who_became_anonymous_since_names_nobody(self):
        complaint, response = self._sent()
        self.assertTrue(response.paper_ids.names_complainant)
        complaint.sudo().with_context(active_test=True)._engine_write({"is_anonymous": True})
        ((_name, content),) = self._letters(response)
        text = self._text(content)
        self.assertNotIn("Budi", text)
        self.assertIn(response.number, text)

    def test_other_mails_take_no_letter_along(self):
        complaint = self._make_complaint(channel_id=self.env.ref("lapor_base.channel_email").id)
        complaint.sudo().complainant_id.email = ADDRESS
        response = self.env["lapor.response"]._acknowledge(complaint.sudo())
        self.assertEqual(self._letters(response), [])

    def test_mail_leaves_without_where_no_printer_is_installed(self):
        Response = type(self.env["lapor.response"])
        with patch.object(Response, "_freeze_letter", lambda _self: None):
            _complaint, response = self._sent()
            self.assertEqual(self._letters(response), [])
        self.assertEqual(response.delivery_ids.state, "delivered")

    def test_letter_that_is_not_what_was_signed_stops_the_mail_visibly(self):
        complaint, response = self._sent()
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "lapor.paper"),
                ("res_id", "=", response.paper_ids.id),
                ("res_field", "=", "content"),
            ]
        )
        right = attachment.raw
        attachment.raw = b"%PDF-1.7 other"
        self.env.invalidate_all()
        with self.mock_mail_gateway(), mute_logger("odoo.addons.mail.models.mail_mail"):
            response.mail_id.send()
        self.assertFalse(self._mails)
        self.env["lapor.delivery"]._cron_follow_mails()
        self.assertEqual(response.delivery_ids.state, "failed")
        self.assertIn("differs", response.mail_failure)
        self.assertEqual(
            complaint.sudo().activity_ids.filtered("lapor_turn_model").user_id, self.operator
        )
        attachment.raw = right
        self.env.invalidate_all()
        response.with_user(self.operator).action_send_again()
        self.assertEqual(len(self._letters(response)), 1)
