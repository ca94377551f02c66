import ast
import email
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .mails import MailIntakeCase

START = datetime(2026, 11, 2, 1)
#: Heads by which machines say that they are; a mail server that "cleans" mails drops them.
MARKS = ("auto-submitted", "precedence", "x-auto-response-suppress", "return-path")
THREAD = ("in-reply-to", "references", "message-id")


class Machine:
    """Another office's program: answers every mail, in its own words, without any mark."""

    def __init__(self, address, delay, words):
        self.address, self.delay, self.words, self.turn = address, delay, words, 0

    def answer(self, message):
        self.turn += 1
        reply = email.message.EmailMessage()
        reply["From"], reply["To"] = self.address, message["Reply-To"] or message["From"]
        reply["Subject"] = f"Tiket #{1000 + self.turn} telah kami terima"
        reply["Message-Id"] = f"<tiket-{self.turn}@dinas-lain.example>"
        reply.set_content(self.words(self.turn))
        return reply.as_bytes()


@tagged("post_install", "-at_install")
class TestMailPingPong(MailIntakeCase):
    """Two machines that answer each other for a week, whatever is lost on the way: a handful of
    mails, and then silence."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.neighbour = cls.env["res.company"].create(
            {
                "name": "Pemkab Sebelah",
                "lapor_code": "SBL",
                "alias_domain_id": cls.mail_alias_domain.id,
            }
        )
        cls.env.user.company_ids += cls.neighbour
        cls.other = cls.env["lapor.unit"].create(
            {
                "name": "Kominfo Sebelah",
                "code": "SBL",
                "kind": "manager",
                "company_id": cls.neighbour.id,
                "alias_name": "sebelah-aduan",
            }
        )
        cls.other_address = f"sebelah-aduan@{cls.alias_domain}"

    def _wire(self, mail, stripped):
        """A mail of ours as it arrives elsewhere."""
        message = email.message.EmailMessage()
        message["From"], message["To"] = mail.email_from, mail.email_to
        message["Subject"], message["Reply-To"] = mail.subject, mail.reply_to
        message["Message-Id"], message["Date"] = mail.message_id, "Mon, 02 Nov 2026 08:15:00 +0700"
        for name, value in ast.literal_eval(mail.headers or "{}").items():
            message[name] = value
        for name in stripped:
            del message[name]
        message.set_content(mail.body_html, subtype="html")
        return message

    def _play(self, first, machines=(), stripped=()):
        """Hand a mail over, then for a week every mail that comes of it.

        :returns: how many mails we sent
        """
        machines = {machine.address: machine for machine in machines}
        waiting, sent = [(START, first)], 0
        while waiting:
            waiting.sort(key=lambda pair: pair[0])
            at, raw = waiting.pop(0)
            if at > START + timedelta(days=7):
                break
            with freeze_time(at):
                self.env.cr._now = None
                self._process(raw)
            for mail in self._new_mails:
                sent += 1
                self.assertLess(sent, 200, "they never stop")
                message = self._wire(mail, stripped)
                address = email.utils.parseaddr(mail.email_to)[1]
                machine = machines.get(address)
                if machine:
                    waiting.append((at + machine.delay, machine.answer(message)))
                elif address in (self.office_address, self.other_address):
                    waiting.append((at + timedelta(minutes=1), message.as_bytes()))
        self.env.cr._now = None
        return sent

    def _count(self):
        return self.env["lapor.complaint"].search_count([])

    def test_two_offices_of_ours(self):
        """The first mail has the other office's address as sender, as a colleague there writes or
        anybody pretends."""
        for turn, stripped in enumerate(((), MARKS, MARKS + THREAD)):
            raw = self._mail(sender=self.other_address, subject=f"Mohon data {'abc'[turn] * 4}")
            with self.subTest(stripped):
                self.assertEqual(self._play(raw, stripped=stripped), 0)
        self.assertFalse(self._count())

    def test_two_offices_of_ours_when_somebody_takes_the_first_mail_in(self):
        self._process(self._mail(sender=self.other_address))
        self._release(self._held())
        self.assertEqual(self._count(), 1)
        self.assertFalse(self._new_mails)

    def test_offices_of_ours_behind_addresses_that_nobody_told(self):
        """Neither knows the other's sender: mail comes in by forwarding, and goes out through a
        server that puts its own address."""
        unknown = {self.office_address: "a@luar.example", self.other_address: "b@luar.example"}

        def forwarded(raw):
            for ours, theirs in unknown.items():
                raw = raw.replace(f"<{ours}>".encode(), f"<{theirs}>".encode())
            return raw

        for turn, stripped in enumerate((MARKS, MARKS + THREAD)):
            raw = self._mail(sender="b@luar.example", subject=f"Surat {'xy'[turn] * 4}")
            sent = 0
            unit = self.manager
            for _hour in range(7 * 24):
                with self.mock_mail_gateway():
                    self.env["lapor.mail.gateway"]._receive(raw, unit=unit)
                if not self._new_mails:
                    break
                sent += len(self._new_mails)
                raw = forwarded(self._wire(self._new_mails[0], stripped).as_bytes())
                unit = self.other if unit == self.manager else self.manager
            self.assertLessEqual(sent, 2)

    def test_mail_of_ours_that_comes_back_is_held(self):
        """A rule of the receiving mailbox forwards it, with a sender of its own or with ours."""
        complaint = self._take_in(self._mail())
        sent = self._acknowledgement(complaint).mail_id
        for sender in (sent.email_from, "budi@warga.example", f"catchall.test@{self.alias_domain}"):
            message = self._wire(sent, MARKS)
            del message["From"], message["To"], message["Subject"]
            message["From"], message["To"], message["Subject"] = sender, self.office_address, "x"
            raw = message.as_bytes().replace(b"Subject: x", b"Subject: %s" % sender[:3].encode())
            with self.subTest(sender):
                self.assertEqual(self._process(raw)["status"], "held")
                self.assertFalse(self._new_mails)
                self.assertIn(self._held().kind, ("own", "reused"))

    def test_notification_of_a_colleague_that_comes_back_is_held(self):
        complaint = self._take_in(self._mail())
        complaint.category_id = self.category
        self._walk_to(complaint, "3")
        internal = self.env.ref("lapor_base.mt_disposition")
        post = complaint.message_ids.filtered(lambda post: post.subtype_id == internal)[:1]
        count = self._count()
        raw = self._mail(
            sender=self.engineer.email, subject="Disposisi", message_id=post.message_id
        )
        self.assertEqual(self._process(raw)["status"], "held")
        self.assertEqual((self._held().kind, self._count()), ("own", count))

    def test_a_machine_outside_without_any_mark(self):
        for minutes in (0, 5, 60, 6 * 60, 23 * 60):
            machine = Machine(
                f"layanan{minutes}@dinas-lain.example",
                timedelta(minutes=minutes),
                lambda turn: f"Terima kasih. Tiket #{turn * 37} kami proses pukul {turn % 24}.30.",
            )
            raw = self._mail(sender=machine.address, text=f"Kami {'abcde'[minutes % 5]} minta data")
            with self.subTest(minutes=minutes):
                self.assertLessEqual(self._play(raw, [machine], MARKS), 5)

    def test_a_machine_outside_that_never_writes_the_same_twice(self):
        machine = Machine(
            "acak@dinas-lain.example",
            timedelta(minutes=2),
            lambda turn: f"Petugas {chr(97 + turn % 26) * 4} akan {chr(97 + turn // 26) * 5}.",
        )
        self.assertLessEqual(self._play(self._mail(sender=machine.address), [machine], MARKS), 11)

    def test_a_machine_outside_that_answers_with_our_subject(self):
        machine = Machine("kutip@dinas-lain.example", timedelta(minutes=1), lambda _turn: "Baik.")
        answer = machine.answer

        def quoting(message):
            raw = answer(message)
            return raw.replace(b"Subject: ", f"Subject: Re: {message['Subject']} ".encode())

        machine.answer = quoting
        self.assertEqual(self._play(self._mail(sender=machine.address), [machine], MARKS), 1)
