"""The letter as PDF, by a real SMTP server on loopback and as a mail program reads it."""

import email
import io
import socket
from email import policy
from unittest.mock import patch

import pypdf
from aiosmtpd.controller import Controller

from odoo.tests import tagged

from odoo.addons.lapor_base.tests.common import LaporCase

ADDRESS = "budi@warga.example"


class _Box:
    """An SMTP server that keeps what it gets."""

    def __init__(self):
        self.got = []

    async def handle_DATA(self, _server, _session, envelope):
        self.got.append((envelope.rcpt_tos, envelope.content))
        return "250 OK"


@tagged("post_install", "-at_install")
class TestLetterBySmtp(LaporCase):
    """From the signature to the complainant's mailbox."""

    def _received(self, response):
        """Send a response's mail by SMTP; gives the mail that arrived."""
        box = _Box()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        relay = Controller(box, hostname="127.0.0.1", port=port, ready_timeout=60)
        relay.start()
        try:
            server = self.env["ir.mail_server"].create(
                {
                    "name": "Uji",
                    "smtp_host": "127.0.0.1",
                    "smtp_port": port,
                    "smtp_encryption": "none",
                    "smtp_authentication": "login",
                }
            )
            with patch.object(type(server), "_disable_send", lambda _self: False):
                response.mail_id.mail_server_id = server
                response.mail_id.send()
        finally:
            relay.stop()
        self.env["lapor.delivery"]._cron_follow_mails()
        self.assertEqual(response.delivery_ids.state, "delivered", response.mail_failure)
        ((recipients, content),) = box.got
        self.assertEqual(recipients, [ADDRESS])
        return email.message_from_bytes(content, policy=policy.default)

    def _sent(self, **values):
        complaint = self._make_complaint(
            channel_id=self.env.ref("lapor_base.channel_email").id, **values
        )
        complaint.sudo().complainant_id.email = ADDRESS
        self._walk_to(complaint, "5")
        self._advance(complaint, self.operator, "close", delivery={})
        return complaint.sudo()._final_response("delivered")

    def _letter(self, message):
        (part,) = [
            part
            for part in message.iter_attachments()
            if part.get_content_type() == "application/pdf"
        ]
        pages = pypdf.PdfReader(io.BytesIO(part.get_content())).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())

    def test_signed_response_arrives_with_its_letter(self):
        response = self._sent()
        message = self._received(response)
        text = self._letter(message)
        self.assertIn(response.number, text)
        self.assertIn("Sudah kami tambal.", text)
        for kind in ("plain", "html"):
            body = message.get_body((kind,)).get_content()
            self.assertIn("Sudah kami tambal.", body)
            self.assertNotIn("odoo", body.casefold())

    def test_anonymous_complainant_s_letter_names_nobody(self):
        message = self._received(self._sent(is_anonymous=True))
        self.assertNotIn("Budi", self._letter(message))
