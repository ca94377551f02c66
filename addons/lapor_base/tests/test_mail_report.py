from odoo.tests import tagged

from ..tools.mail_reader import read_mail
from ..tools.mail_report import read_report
from .mail_bounces import bounces
from .mails import CITIZEN, MailIntakeCase

DSN = """\
From: MAILER-DAEMON@mail.example (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Message-Id: <dsn-{turn}@mail.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="x"

--x
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {reason}
--x
Content-Type: message/rfc822

{returned}
--x--
"""


@tagged("post_install", "-at_install")
class TestMailReport(MailIntakeCase):
    """What comes back of our mails is told where it matters: at the response."""

    def setUp(self):
        super().setUp()
        self.complaint = self._take_in(self._mail())
        self.response = self._acknowledgement(self.complaint)
        self.sent = self.response.mail_id
        self.attempt = self.response.delivery_ids
        self.sent.state = "sent"
        self.turn = 0

    def _dsn(self, returned=None, **values):
        self.turn += 1
        if returned is None:
            returned = (
                f"Message-Id: {self.sent.message_id}\nTo: {CITIZEN}\n"
                f"Subject: {self.sent.subject}\n\nIsi"
            )
        values = {
            "to": self.office_address,
            "recipient": CITIZEN,
            "action": "failed",
            "status": "5.1.1",
            "reason": f"550 5.1.1 <{CITIZEN}>: user unknown",
            "turn": self.turn,
            **values,
        }
        return DSN.format(returned=returned, **values).encode()

    def _assert_failed(self, raw):
        result = self._process(raw)
        self.assertEqual((result["status"], result["number"]), ("report", self.complaint.number))
        self.assertFalse(self._new_mails)
        self.env["lapor.delivery"]._cron_follow_mails()
        self.assertEqual(self.attempt.state, "failed")

    def test_returned_mail_is_not_delivered_and_says_why_and_what_next(self):
        self.complaint.complainant_id.phone = "0812"
        raw = self._dsn()
        self._assert_failed(raw)
        self.assertIn("user unknown", self.attempt.failure)
        self.assertNotIn(CITIZEN, self.attempt.failure)
        self.assertIn("WhatsApp", self.attempt.failure)
        self.assertEqual(self.complaint.event_ids[-1].code, "delivery_failed")
        self._assert_address_nowhere(self.complaint, CITIZEN)
        held = self._held()
        self.assertEqual((held.state, held.complaint_id), ("released", self.complaint))
        self.assertEqual(self._raw(held), raw)
        # Said once, however often the server repeats itself.
        self._assert_failed(self._dsn())
        codes = self.complaint.event_ids.mapped("code")
        self.assertEqual(codes.count("delivery_failed"), 1)

    def test_report_without_the_identity_of_our_mail(self):
        """Some servers give our mails a Message-Id of their own."""
        returned = f"Message-Id: <lain@penyedia.example>\nSubject: {self.sent.subject}\n\nIsi"
        self._assert_failed(self._dsn(returned))

    def test_report_to_the_signed_address(self):
        self.manager.mail_plus = True
        to = self.response._mail_reply_to("x@uji.example")
        self._assert_failed(self._dsn("Subject: hilang\n\nIsi", to=to, recipient="x@y.example"))

    def test_report_in_plain_words(self):
        raw = (
            f"From: Mailer-Daemon@mx.example\nTo: {self.office_address}\nSubject: failure notice\n"
            "Message-Id: <qmail@mx.example>\n\n"
            f"Hi. This is the qmail-send program.\n<{CITIZEN}>:\n"
            "550 5.2.2 mailbox full\n\n--- Below this line is a copy of the message.\n\n"
            f"Message-ID: {self.sent.message_id}\nSubject: x\n"
        ).encode()
        self._assert_failed(raw)
        self.assertIn("mailbox full", self.attempt.failure)

    def test_reports_in_all_forms_reach_the_mail_that_they_return(self):
        forms = bounces(self.sent.message_id, self.sent.subject, CITIZEN, self.office_address)
        self.assertGreaterEqual(len(forms), 60)
        missed = []
        for form in forms:
            mail = read_mail(form.raw)
            report = read_report(mail.message, mail.text or mail.html)
            found = self.env["lapor.response"]._find_mailed(report)
            fate = self.env["lapor.mail.gateway"]._foresee(form.raw)[0]
            if (found, report.action, fate["status"]) != (self.attempt, form.action, "report"):
                missed.append((form.name, found, report.action, fate["status"]))
        self.assertFalse(missed)
        for form in forms[::20]:
            self.assertEqual(self._process(form.raw)["status"], "report", form.name)

    def test_delay_is_no_failure_and_a_failure_stays_one(self):
        self._process(self._dsn(action="delayed", status="4.4.1", reason="timed out"))
        self.env["lapor.delivery"]._cron_follow_mails()
        self.assertEqual(self.attempt.state, "delivered")
        self._assert_failed(self._dsn())
        self._process(self._dsn(action="delivered", status="2.0.0", reason="ok"))
        self.assertEqual(self.attempt.state, "failed")

    def test_notice_that_it_was_read_is_no_failure(self):
        raw = self._dsn().replace(b"report-type=delivery-status", b"report-type=x")
        raw = raw.replace(b"message/delivery-status", b"message/disposition-notification")
        self.assertEqual(self._process(raw)["status"], "report")
        self.assertFalse(self.attempt.has_bounced)

    def test_report_that_says_nothing_is_for_people(self):
        raw = self._mail(
            text="Surel Anda sedang kami periksa.",
            sender="Postmaster@mx.example",
            answers=self.sent.message_id,
        )
        self.assertEqual(self._process(raw)["status"], "held")
        held = self._held()
        self.assertEqual((held.kind, held.complaint_id), ("report", self.complaint))
        self.assertFalse(self.attempt.has_bounced)
        self.assertTrue(self.complaint.sudo()._tasks(["held_mail"]))

    def test_next_way_is_proposed_where_it_is_chosen(self):
        person = self.complaint.complainant_id
        person.write({"phone": "0812", "address": "Jalan Melati 3"})
        self._assert_failed(self._dsn())
        Dialog = self.env["lapor.deliver"].with_user(self.operator)
        for phone, address, code in (
            ("0812", False, "whatsapp"),
            (False, "Jalan Melati 3", "letter"),
            (False, False, False),
        ):
            person.write({"phone": phone, "address": address})
            dialog = Dialog.create({"response_id": self.response.id})
            self.assertEqual(dialog.channel_id.code, code)

    def test_somebody_else_s_report_is_held(self):
        for raw in (
            self._dsn("Message-Id: <bukan@kami.example>\nSubject: x\n\nIsi"),
            # The number alone is known to many; the address is not that of the complainant.
            self._dsn(f"Subject: [{self.complaint.number}]\n\nIsi", recipient="x@y.example"),
        ):
            self.assertEqual(self._process(raw)["status"], "held")
            self.assertEqual(self._held().kind, "report")
        self.assertFalse(self.attempt.has_bounced)

    def test_mail_names_no_program_no_machine_and_nobody_of_the_staff(self):
        heads = f"{self.sent.message_id} {self.sent.email_from} {self.sent.reply_to}"
        for word in ("openerp", "odoo", "lapor.complaint", self.operator.name, self.operator.email):
            self.assertNotIn(word.casefold(), heads.casefold())
        self.assertNotIn("odoo", self.sent.body_html.casefold())
        self.assertEqual(self.sent.references, self._complainant_posts(self.complaint).message_id)
