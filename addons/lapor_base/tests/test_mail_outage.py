import smtplib
import ssl
from contextlib import contextmanager
from datetime import timedelta
from email.utils import parseaddr
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models import ir_mail_server as core_server

from ..tools.smtp_failure import PAUSES, connection_fault, fault_of, pause
from . import common

LOGGERS = (
    "odoo.addons.mail.models.mail_mail",
    "odoo.addons.base.models.ir_mail_server",
)


class _Server:
    """A mail server that keeps what it took, and does what a test says of a recipient."""

    def __init__(self):
        self.got = []
        self.down = None
        #: What is raised for a recipient; "after" means: once it has been taken.
        self.says = {}

    def __call__(self, *_args, **_kwargs):
        if self.down:
            raise self.down
        return _Session(self)


class _Session:
    def __init__(self, server):
        self.server, self.torn = server, False

    def send_message(self, message, sender, recipients):
        if self.torn:
            raise smtplib.SMTPServerDisconnected("please run connect() first")
        error = self.server.says.get(recipients[0])
        if error:
            self.torn = isinstance(error, smtplib.SMTPServerDisconnected | ConnectionError)
            raise error
        self.server.got.append((message, sender, recipients[0]))

    def __getattr__(self, name):
        if name.startswith("_") or name in ("from_filter", "smtp_from"):
            raise AttributeError(name)
        return lambda *_args, **_kwargs: (250, b"")


class OutgoingCase(common.LaporCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.mail_server"].search([]).active = False
        cls.server = cls.env["ir.mail_server"].create(
            {"name": "Uji", "smtp_host": "surel.example", "smtp_encryption": "none"}
        )
        cls.env["mail.mail"].search([("state", "=", "outgoing")]).state = "cancel"
        cls.box = _Server()

    def setUp(self):
        super().setUp()
        self.box.__init__()

    @contextmanager
    def _posting(self):
        with (
            patch.object(core_server.smtplib, "SMTP", self.box),
            patch.object(type(self.server), "_disable_send", lambda _self: False),
            mute_logger(*LOGGERS),
        ):
            yield

    def _run_queue(self):
        """The queue, and the job that follows it."""
        with self._posting():
            self.env["mail.mail"].process_email_queue()
        self.env["lapor.delivery"]._cron_follow_mails()
        self.env.invalidate_all()

    def _later(self, mails):
        """The pause is over."""
        mails.exists().filtered("scheduled_date").scheduled_date = (
            fields.Datetime.now() - timedelta(minutes=1)
        )

    def _acknowledged(self, address):
        complaint = self._make_complaint(channel_id=self.env.ref("lapor_base.channel_email").id)
        complaint.sudo().complainant_id.email = address
        return self.env["lapor.response"]._acknowledge(complaint.sudo())

    def _several(self, count=4):
        responses = self.env["lapor.response"]
        for number in range(count):
            responses |= self._acknowledged(f"warga{number}@warga.example")
        return responses

    def _outage_tasks(self):
        return self.env["mail.activity"].search([("lapor_task", "=", "mail_outage")])


@tagged("post_install", "-at_install")
class TestOutage(OutgoingCase):
    """A mail server that is away costs nobody anything but time."""

    def test_refused_connections_are_tried_again_and_told_once(self):
        responses = self._several()
        deliveries = responses.delivery_ids
        for down in (
            ConnectionRefusedError(111, "Connection refused"),
            TimeoutError("timed out"),
            ssl.SSLCertVerificationError(1, "certificate verify failed"),
            smtplib.SMTPAuthenticationError(535, b"5.7.8 not accepted"),
            smtplib.SMTPConnectError(421, b"too busy"),
        ):
            self.box.down = down
            self._run_queue()
            self.assertEqual(set(responses.mail_id.mapped("state")), {"outgoing"}, down)
            self.assertEqual(set(deliveries.mapped("state")), {"sending"}, down)
            self.assertFalse(
                self.env["mail.mail"].search(
                    [
                        ("id", "in", responses.mail_id.ids),
                        ("scheduled_date", "<=", fields.Datetime.now()),
                    ]
                )
            )
            self._later(responses.mail_id)
        task = self._outage_tasks()
        self.assertEqual(len(task), 1)
        self.assertIn("4", task.summary)
        self.assertNotIn("delivery_failed", responses.complaint_id.event_ids.mapped("code"))
        self.box.down = None
        self._run_queue()
        self.assertEqual(set(deliveries.mapped("state")), {"delivered"})
        self.assertEqual(
            sorted(to for _message, _sender, to in self.box.got),
            sorted(responses.complaint_id.complainant_id.mapped("email")),
        )
        self.assertFalse(self._outage_tasks())

    def test_what_waits_leaves_as_soon_as_one_mail_has_left(self):
        waiting = self._several(2)
        self.box.down = ConnectionRefusedError(111, "Connection refused")
        self._run_queue()
        self.box.down = None
        fresh = self._acknowledged("baru@warga.example")
        # The waiting ones were written in this transaction: as if some time ago.
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_mail SET write_date = write_date - interval '1 minute' WHERE id IN %s",
            [tuple(waiting.mail_id.ids)],
        )
        self.env.invalidate_all()
        self._run_queue()
        self.assertEqual(fresh.delivery_ids.state, "delivered")
        self._run_queue()
        self.assertEqual(set(waiting.delivery_ids.mapped("state")), {"delivered"})
        self.assertEqual(len(self.box.got), 3)

    def test_a_connection_that_breaks_in_a_batch_loses_and_doubles_nothing(self):
        for broken in (
            smtplib.SMTPServerDisconnected("Connection unexpectedly closed"),
            ConnectionResetError(104, "Connection reset by peer"),
            BrokenPipeError(32, "Broken pipe"),
        ):
            self.box.__init__()
            responses = self._several()
            self.box.says["warga1@warga.example"] = broken
            self._run_queue()
            self.assertNotIn("failed", responses.delivery_ids.mapped("state"), broken)
            self.box.says.clear()
            for _run in range(3):
                self._later(responses.mail_id)
                self._run_queue()
            self.assertEqual(
                sorted(to for _message, _sender, to in self.box.got),
                [f"warga{number}@warga.example" for number in range(4)],
            )
            self.assertEqual(set(responses.delivery_ids.mapped("state")), {"delivered"})

    def test_only_a_refusal_for_good_fails(self):
        refused, later, fine = (
            self._acknowledged(f"{name}@warga.example") for name in ("tolak", "nanti", "baik")
        )
        self.box.says = {
            "tolak@warga.example": smtplib.SMTPRecipientsRefused(
                {"tolak@warga.example": (550, b"5.1.1 no such user")}
            ),
            "nanti@warga.example": smtplib.SMTPDataError(451, b"4.7.1 greylisted"),
        }
        self._run_queue()
        self.assertEqual(
            [one.delivery_ids.state for one in (refused, later, fine)],
            ["failed", "sending", "delivered"],
        )
        self.assertIn("550 5.1.1 no such user", refused.mail_failure)
        # One that waits for its own recipient's server is no outage.
        self.assertFalse(self._outage_tasks())
        for _pause in PAUSES:
            self._later(later.mail_id)
            self._run_queue()
        self.assertEqual(later.delivery_ids.state, "failed")
        self.assertIn("451 4.7.1 greylisted", later.mail_failure)
        self.assertEqual([to for *_rest, to in self.box.got], ["baik@warga.example"])

    def test_a_mail_leaves_right_after_the_commit(self):
        queue = self.env.ref("mail.ir_cron_mail_scheduler_action")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", queue.id)])
        self._several(2)
        self.env.cr.precommit.run()
        ordered = self.env["ir.cron.trigger"].search([("cron_id", "=", queue.id)]) - triggers
        self.assertEqual(len(ordered), 1)


@tagged("post_install", "-at_install")
class TestSender(OutgoingCase):
    """Mails of an office come from its own address, whatever the server is called."""

    def _from(self, response):
        self._run_queue()
        ((message, _sender, _to),) = self.box.got
        return message

    def test_the_office_is_the_sender_out_of_the_box(self):
        response = self._acknowledged("budi@warga.example")
        message = self._from(response)
        office = response.complaint_id.managing_unit_id
        own = office._mail_sender() or office.company_id.email_formatted
        self.assertEqual(parseaddr(message["From"]), parseaddr(own))
        self.assertNotIn("notifications@", message["From"])
        self.assertFalse(message["Return-Path"])
        self.assertFalse(self.server.lapor_uncovered)

    def test_a_filter_for_other_addresses_is_kept_and_told(self):
        self.server.from_filter = "lain.example"
        office = self.env["lapor.unit"].search([("kind", "=", "manager")], limit=1)
        office.email = "aduan@dinas.example"
        self.env.invalidate_all()
        self.assertIn("aduan@dinas.example", self.server.lapor_uncovered)
        self.server.from_filter = "lain.example,dinas.example"
        self.assertNotIn("aduan@dinas.example", self.server.lapor_uncovered or "")

    def test_staff_are_no_office(self):
        self.assertFalse(self.server._is_office_address('"Budi" <budi@warga.example>'))
        self.assertFalse(self.server._is_office_address("%@%"))

    def test_marks_say_who_wrote(self):
        response = self._acknowledged("budi@warga.example")
        message = self._from(response)
        self.assertEqual(message["Auto-Submitted"], "auto-generated")
        for kind in dict(response._fields["kind"]._description_selection(self.env)):
            with self.subTest(kind=kind):
                draft = response.new({"kind": kind})
                machine = kind in ("ack", "reminder", "notice")
                marks = draft._mail_marks("<a@b.example>")
                self.assertEqual(marks.get("Auto-Submitted"), "auto-replied" if machine else None)
                self.assertEqual("X-Auto-Response-Suppress" in marks, machine)

    def test_an_answer_names_the_mail_that_it_answers(self):
        response = self._acknowledged("budi@warga.example")
        response.mail_id.references = "<satu@warga.example>"
        message = self._from(response)
        self.assertEqual(message["In-Reply-To"], "<satu@warga.example>")
        self.assertEqual(message["References"], "<satu@warga.example>")
        html = message.get_body(("html",)).get_content()
        self.assertIn('lang="id"', html)

    def test_plain_text_is_one_that_a_person_would_write(self):
        response = self._acknowledged("budi@warga.example")
        message = self._from(response)
        text = message.get_body(("plain",)).get_content()
        self.assertNotIn("*", text)
        self.assertNotRegex(text, r"\[\d+\]")
        number = response.complaint_id.number
        self.assertTrue(
            [line for line in text.splitlines() if "Nomor aduan" in line and number in line], text
        )


@tagged("post_install", "-at_install")
class TestFaults(common.LaporCase):
    """What each exception means."""

    def test_meaning(self):
        for error, temporary, outage in (
            (smtplib.SMTPDataError(451, b"x"), True, False),
            (smtplib.SMTPDataError(421, b"x"), True, True),
            (smtplib.SMTPDataError(552, b"x"), False, False),
            (smtplib.SMTPSenderRefused(553, b"x", "a@b.example"), False, False),
            (smtplib.SMTPRecipientsRefused({"a": (450, b"x")}), True, False),
            (smtplib.SMTPRecipientsRefused({"a": (450, b"x"), "b": (550, b"y")}), False, False),
            (smtplib.SMTPResponseException(-1, b""), True, True),
            (smtplib.SMTPNotSupportedError("SMTPUTF8"), False, False),
            (OSError(113, "No route to host"), True, True),
        ):
            fault = fault_of(error)
            self.assertEqual((fault.temporary, fault.outage), (temporary, outage), repr(error))
        for error in (ValueError("x"), FileNotFoundError(2, "x"), None):
            self.assertIsNone(fault_of(error))
        fault = connection_fault(smtplib.SMTPAuthenticationError(535, b"no"))
        self.assertEqual((fault.temporary, fault.outage), (True, True))

    def test_chain_is_followed(self):
        try:
            try:
                raise smtplib.SMTPDataError(451, b"later")
            except smtplib.SMTPException as error:
                raise ValueError("wrapped") from error
        except ValueError as error:
            self.assertEqual(fault_of(error).words, "451 later")

    def test_pauses_grow_and_end(self):
        self.assertEqual(sorted(PAUSES), list(PAUSES))
        self.assertIsNone(pause(len(PAUSES) + 1))
        # Within the days that RFC 5321 gives.
        self.assertTrue(3 * 1440 <= sum(PAUSES) <= 5 * 1440)
