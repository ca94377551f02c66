from odoo.tests import tagged

from ..tools import mail_thread_key
from .mails import CITIZEN, MailIntakeCase


@tagged("post_install", "-at_install")
class TestMailOnce(MailIntakeCase):
    """Each mail once for each office, whatever servers do to it on the way."""

    def _count(self):
        return self.env["lapor.complaint"].search_count([])

    def test_same_mail_to_two_addresses_of_one_office_is_one_complaint(self):
        self.bidang.alias_name = "uji-jalan"
        self.opd.alias_name = "uji-dpupr"
        self.env["lapor.mail.address"].create(
            {"name": "Dinas.PUPR@Surel.example", "unit_id": self.opd.id}
        )
        to = (
            f"uji-jalan@{self.alias_domain}, uji-dpupr@{self.alias_domain}, "
            "dinas.pupr@surel.example"
        )
        complaint = self._take_in(self._mail(to=to))
        self.assertEqual(complaint.unit_id, self.opd)
        self.assertEqual(self._count(), 1)

    def test_same_mail_delivered_to_each_address_is_one_complaint_of_each_office(self):
        """A mail server delivers one copy for each recipient, each with heads of its own."""
        self.opd.alias_name, self.bidang.alias_name = "uji-dpupr", "uji-jalan"
        self.other_opd.alias_name = "uji-dinkes"
        names = ("uji-dpupr", "uji-jalan", "uji-dinkes")
        to = ", ".join(f"{name}@{self.alias_domain}" for name in names)
        raw = self._mail(to=to)
        statuses = []
        for name in names:
            copy = f"Delivered-To: {name}@{self.alias_domain}\nReceived: by {name}\n".encode() + raw
            statuses.append(self._process(copy)["status"])
        self.assertEqual(statuses, ["new", "duplicate", "duplicate"])
        complaints = self.env["lapor.complaint"].search([])
        self.assertEqual(set(complaints.mapped("unit_id")), {self.opd, self.other_opd})
        self.assertEqual(len(complaints), 2)

    def test_mail_without_message_id_is_known_by_its_content(self):
        def strip(raw):
            return b"\n".join(
                line for line in raw.split(b"\n") if not line.lower().startswith(b"message-id")
            )

        raw = strip(self._mail())
        self._take_in(raw)
        self.assertEqual(self._process(b"Received: by y\n" + raw)["status"], "duplicate")
        self.assertEqual(self._process(strip(self._mail(text="Lain lagi.")))["status"], "new")

    def test_held_mail_is_held_once(self):
        raw = self._mail(Precedence="bulk")
        self.assertEqual(self._process(raw)["status"], "held")
        held = self._held()
        self.assertEqual(self._process(raw)["status"], "duplicate")
        self.assertEqual(self._process(b"")["status"], "held")
        self.assertEqual(self._process(b"")["status"], "duplicate")
        self._release(held)
        result = self._process(raw)
        self.assertEqual(
            (result["status"], result["number"]), ("duplicate", held.complaint_id.number)
        )

    def test_known_message_id_with_another_content_is_neither_lost_nor_taken_for_it(self):
        self._take_in(self._mail(message_id="<sama@warga.example>"))
        other = self._mail(text="Sesuatu yang lain.", message_id="<sama@warga.example>")
        self.assertEqual(self._process(other)["status"], "held")
        self.assertEqual(self._held().kind, "reused")
        self.assertEqual(self._process(other)["status"], "duplicate")
        self.assertEqual(self._release(self._held()).description, "Sesuatu yang lain.")

    def test_receipt_names_nobody(self):
        complaint = self._take_in(self._mail())
        receipt = self.env["lapor.mail.receipt"].search([("complaint_id", "=", complaint.id)])
        values = str(receipt.read())
        self.assertNotIn(CITIZEN, values)
        self.assertNotIn("Budi", values)


@tagged("post_install", "-at_install")
class TestMailLoops(MailIntakeCase):
    """Machines are never answered, and never fill the board."""

    def test_our_own_addresses_are_held(self):
        self.other_opd.alias_name = "uji-dinkes"
        self.manager.email = "halo@uji.example"
        for sender in (
            self.office_address,
            f"uji-dinkes@{self.alias_domain}",
            f"uji-dinkes+abc@{self.alias_domain}",
            "Halo <HALO@uji.example>",
        ):
            with self.subTest(sender):
                self.assertEqual(self._process(self._mail(sender=sender))["status"], "held")
                held = self._held()
                self.assertEqual((held.kind, held.company_id), ("own", self.company))
                self.assertFalse(self._new_mails)

    def test_flood_of_one_sender_is_held_until_somebody_decides(self):
        self.manager.mail_hour_limit = 5
        for turn in range(5):
            self._take_in(self._mail(subject="abcdefgh"[turn:] * 3))
        self.assertEqual(self._process(self._mail(subject="satu"))["status"], "held")
        first = self._held()
        self.assertEqual(first.kind, "flood")
        self.assertFalse(self._new_mails)
        # Two days later the sender still is the one of the flood.
        self.env.cr.execute(
            "UPDATE lapor_mail_receipt SET create_date = create_date - interval '2 days'"
        )
        self.assertEqual(self._process(self._mail(subject="dua"))["status"], "held")
        second = self._held()
        self.assertEqual(self._process(self._mail(sender="siti@warga.example"))["status"], "new")
        (first | second).with_user(self.operator).action_discard()
        self.assertEqual(self._process(self._mail(subject="tiga"))["status"], "new")

    def test_trusted_address_has_no_limit(self):
        self.manager.mail_hour_limit = 1
        self.env["mail.gateway.allowed"].create({"email": CITIZEN})
        for turn in range(3):
            self._take_in(self._mail(subject=f"Lampu {'abc'[turn] * 5}"))

    def test_same_text_again_and_again_is_held(self):
        for turn in range(3):
            self._take_in(
                self._mail(text=f"Tiket #{turn} Anda kami terima 0{turn}:15.", subject="")
            )
        raw = self._mail(text="Tiket #99 Anda kami terima 23:59.", subject="")
        self.assertEqual(self._process(raw)["status"], "held")
        self.assertEqual(self._held().kind, "repeat")


@tagged("post_install", "-at_install")
class TestMailThread(MailIntakeCase):
    """A reply finds its complaint, whatever mail programs drop."""

    def setUp(self):
        super().setUp()
        self.complaint = self._take_in(self._mail())
        self.number = self.complaint.number

    def _assert_reply(self, raw):
        result = self._process(raw)
        self.assertEqual((result["status"], result["number"]), ("reply", self.number), result)
        self.assertFalse(self._new_mails)

    def test_by_the_number_in_the_subject(self):
        for subject in (f"Re: [{self.number}] Aduan Anda", f"Bls: {self.number.lower()}"):
            self._assert_reply(self._mail(text=f"Tambahan {subject}", subject=subject))

    def test_by_number_and_code_anywhere(self):
        code = self.complaint.tracking_code.replace("-", "-")
        text = f"Mau tanya aduan {self.number} dengan kode {code}, sudah sampai mana?"
        self._assert_reply(self._mail(text=text, subject="Tanya"))
        wrong = self._mail(text=f"Aduan {self.number} kode AAAA-BBBB-CCCC", subject="Tanya saja")
        self.assertEqual(self._process(wrong)["status"], "new")

    def test_by_the_plus_address_of_our_mails(self):
        self.manager.mail_plus = True
        complaint = self._take_in(self._mail(text="Selokan mampet.", subject="Selokan"))
        reply_to = self._acknowledgement(complaint).mail_id.reply_to
        address = reply_to.partition("<")[2].rstrip(">")
        self.assertRegex(address, r"^uji-aduan\+uji-\d{4}-\d+\.[0-9a-f]{12}@")
        self.number = complaint.number
        self._assert_reply(self._mail(text="Foto menyusul.", subject="Halo", to=address))

    def test_forged_plus_address_names_the_number_only(self):
        address = mail_thread_key.add_extra(self.office_address, self.number, "0" * 12)
        self._assert_reply(self._mail(text="Tambahan.", subject="Halo", to=address))
        stranger = self._mail(sender="x@warga.example", subject="Halo", to=address)
        self.assertEqual(self._process(stranger)["status"], "held")
        self.assertEqual(self._held().complaint_id, self.complaint)

    def test_any_extra_after_the_plus_reaches_the_office(self):
        to = f"uji-aduan+berita@{self.alias_domain}"
        self.assertEqual(
            self._process(self._mail(to=to, subject="Lain", text="Lain."))["status"], "new"
        )

    def test_reply_to_a_closed_case_asks_whoever_closed_it(self):
        self.complaint.category_id = self.category
        self._walk_to(self.complaint, "5")
        with self.mock_mail_gateway():
            self._advance(self.complaint, self.operator, "close", delivery={})
        self._assert_reply(self._mail(text="Masih mati.", subject=f"Re: [{self.number}]"))
        activity = self.complaint.activity_ids
        self.assertIn(activity.user_id, self.operator | self.operator2)
        self.assertIn("after the closing", activity.summary)
        self._assert_reply(self._mail(text="Masih mati juga.", subject=f"Re: [{self.number}]"))
        self.assertEqual(len(self.complaint.activity_ids), 1)

    def test_reopening_ends_the_question_whether_to_reopen(self):
        self.complaint.category_id = self.category
        self._walk_to(self.complaint, "5")
        with self.mock_mail_gateway():
            self._advance(self.complaint, self.operator, "close", delivery={})
        self._assert_reply(self._mail(text="Masih mati.", subject=f"Re: [{self.number}]"))
        self.assertTrue(self.complaint.sudo()._tasks(["closed_reply"]))
        with self.mock_mail_gateway():
            self.complaint.with_user(self.operator).action_reopen("Pelapor benar")
        self.assertNotEqual(self.complaint.phase, "closed")
        self.assertFalse(self.complaint.sudo()._tasks(["closed_reply"]))

    def test_unit_s_rule_may_be_to_keep_it_only(self):
        self.manager.closed_reply = "note"
        self.complaint.category_id = self.category
        self._walk_to(self.complaint, "5")
        with self.mock_mail_gateway():
            self._advance(self.complaint, self.operator, "close", delivery={})
        self._assert_reply(self._mail(text="Terima kasih.", subject=f"Re: [{self.number}]"))
        self.assertFalse(self.complaint.activity_ids)

    def test_reply_during_tunda_asks_whoever_has_the_step(self):
        items = self.env["lapor.missing.item"].search([], limit=1)
        with self.mock_mail_gateway():
            self.complaint.with_user(self.operator).action_hold(items.ids)
        self._assert_reply(self._mail(text="Ini KTP saya.", subject=f"Re: [{self.number}]"))
        self.assertTrue(self.complaint.is_on_hold and self.complaint.hold_id.replied_at)
        activity = self.complaint.activity_ids.filtered(lambda a: not a.lapor_step_id)
        self.assertEqual(activity.user_id, self.operator)
        self.assertIn("resume", activity.summary)

    def test_quoted_tail_is_folded_away_and_kept(self):
        head = "Pada Sen, 2 Nov 2026 08.00 Dinas <d@uji.example> menulis:"
        text = f"Sudah nyala.\n\n{head}\n> Apakah sudah nyala?"
        self._assert_reply(self._mail(text=text, subject=f"Re: [{self.number}]"))
        body = self.complaint.message_ids[0].body
        own, mark, tail = body.partition("data-o-mail-quote")
        self.assertTrue(mark)
        self.assertIn("Sudah nyala", own)
        self.assertIn("Apakah sudah nyala", tail)
