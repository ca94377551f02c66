from odoo.exceptions import AccessError
from odoo.tests import tagged

from .mails import CITIZEN, MailIntakeCase

PHOTO = b"\xff\xd8\xff\xe0 foto"


@tagged("post_install", "-at_install")
class TestMailIntake(MailIntakeCase):
    """A mail to an office becomes a complaint; a reply to it a message of the complainant."""

    def test_mail_makes_a_complaint_with_its_first_step(self):
        complaint = self._take_in(self._mail(photo=PHOTO))
        self.assertEqual(complaint.name, "Lampu jalan mati")
        self.assertEqual(complaint.description, "Lampu jalan di RT 03 mati sejak Senin.")
        self.assertEqual(complaint.channel_id, self.env.ref("lapor_base.channel_email"))
        self.assertEqual(complaint.complainant_id.name, "Budi Santoso")
        self.assertEqual(complaint.complainant_id.email, CITIZEN)
        self.assertEqual(complaint.company_id, self.company)
        self.assertEqual(complaint.managing_unit_id, self.manager)
        self.assertEqual(complaint.intake_unit_id, self.manager)
        self.assertFalse(complaint.unit_id)
        self.assertEqual(complaint.sop_id, self.sop)
        self.assertEqual(complaint.current_user_id, self.operator)
        self.assertEqual(len(complaint.activity_ids), 1)
        self.assertEqual(complaint.event_ids[0].code, "received")
        self.assertEqual(complaint.event_ids[0].data["channel"], "email")
        post = self._complainant_posts(complaint)
        self.assertIn("Lampu jalan di RT 03", post.body)
        self.assertEqual(post.attachment_ids.name, "lampu.jpg")
        self.assertEqual(post.attachment_ids.raw, PHOTO)
        for user in (self.operator, self.head):
            self.assertTrue(post.attachment_ids.with_user(user).has_access("read"))
        self.assertFalse(post.attachment_ids.with_user(self.outsider).has_access("read"))

    def test_mail_to_another_office_is_handled_there(self):
        self.opd.alias_name = "uji-dpupr"
        complaint = self._take_in(self._mail(to=f"uji-dpupr@{self.alias_domain}"))
        self.assertEqual(complaint.intake_unit_id, self.opd)
        self.assertEqual(complaint.unit_id, self.opd)
        self.assertEqual(complaint.managing_unit_id, self.manager)
        self.assertEqual(complaint.current_user_id, self.operator)
        self.assertTrue(complaint.with_user(self.opd_admin).has_access("read"))

    def test_html_mail_is_read_as_text(self):
        html = "<p>Jalan <b>rusak</b> &amp; gelap.</p><ul><li>RT 03</li></ul>"
        complaint = self._take_in(self._mail(html=f"{html}<img src='https://jejak.example/x'>"))
        self.assertIn("Jalan rusak & gelap.", complaint.description)
        self.assertIn("RT 03", complaint.description)
        self.assertNotIn("jejak", complaint.description)

    def test_mail_without_subject_or_text_is_taken_in_too(self):
        complaint = self._take_in(self._mail(subject="", text="Jembatan putus di Desa A."))
        self.assertEqual(complaint.name, "Jembatan putus di Desa A.")
        complaint = self._take_in(self._mail(text="", subject="Jembatan putus"))
        self.assertEqual(complaint.description, "Jembatan putus")
        result = self._process(self._mail(text="", subject="", photo=PHOTO))
        self.assertEqual((result["status"], self._held().kind), ("held", "no_text"))
        complaint = self._release(self._held())
        self.assertTrue(complaint.name and complaint.description)
        self.assertEqual(self._complainant_posts(complaint).attachment_ids.name, "lampu.jpg")

    def test_sender_without_name_is_called_by_the_address(self):
        complaint = self._take_in(self._mail(sender=CITIZEN))
        self.assertEqual(complaint.complainant_id.name, CITIZEN)

    def test_hostile_words_in_the_heads_are_cleaned(self):
        complaint = self._take_in(
            self._mail(
                subject="=?utf-8?q?Jalan=00_=1Brusak_=E2=80=AEparah?=",
                sender=f"=?utf-8?q?Budi=00_Santoso?= <{CITIZEN}>",
            )
        )
        self.assertNotRegex(complaint.name, "[\x00-\x1f\u202e]")
        self.assertNotRegex(complaint.complainant_id.name, "[\x00-\x1f\u202e]")

    def test_quoted_tail_is_not_part_of_the_complaint(self):
        tail = "Pada Sen, 2 Nov 2026 pukul 08.00 Humas <humas@uji.example> menulis:\n> Selamat pagi"
        complaint = self._take_in(self._mail(text=f"Lampu mati.\n\n{tail}", subject="Re: Lampu"))
        self.assertEqual(complaint.description, "Lampu mati.")
        self.assertIn("Selamat pagi", self._complainant_posts(complaint).body)
        html = (
            "<p>Lampu mati.</p><div><p><b>Dari:</b> Humas &lt;humas@uji.example&gt;<br>"
            "<b>Dikirim:</b> Senin<br><b>Subjek:</b> Selamat pagi</p><p>Isi lama</p></div>"
        )
        complaint = self._take_in(self._mail("Lampu mati.", html=html, subject="RE: Lampu"))
        self.assertEqual(complaint.description, "Lampu mati.")

    # Acknowledgement

    def test_acknowledgement_tells_number_and_code_to_the_complainant_only(self):
        complaint = self._take_in(self._mail())
        mail = self._new_mails
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.email_to, f'"Budi Santoso" <{CITIZEN}>')
        self.assertFalse(mail.recipient_ids or mail.email_cc)
        self.assertIn(complaint.number, mail.subject)
        self.assertIn(complaint.number, mail.body_html)
        self.assertIn(complaint.tracking_code, mail.body_html)
        self.assertIn(self.office_address, mail.email_from)
        self.assertIn(self.office_address, mail.reply_to)
        self.assertIn("Auto-Submitted", mail.headers)
        response = self._acknowledgement(complaint)
        self.assertEqual((response.state, response.mail_id), ("delivered", mail))

    def test_tracking_code_stands_nowhere_else(self):
        """Whoever handles the case must not be able to pass as the complainant."""
        complaint = self._take_in(self._mail())
        code = complaint.tracking_code
        self._assert_address_nowhere(complaint, code)
        self.assertNotIn(code, self._acknowledgement(complaint).body)
        reply = self._mail(
            text=f"Terima kasih.\n\n> Kode pelacakan: {code}",
            answers=self._acknowledgement(complaint).mail_id.message_id,
        )
        self.assertEqual(self._process(reply)["status"], "reply")
        self._assert_address_nowhere(complaint, code)

    def test_mail_server_that_hands_over_to_the_core_gets_the_same_treatment(self):
        """The core's own script and its fetching end in the same door."""
        Thread = self.env["mail.thread"]
        for headers in ({"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}):
            with self.mock_mail_gateway():
                self.assertFalse(Thread.message_process(None, self._mail(**headers)))
            self.assertEqual(self._held().kind, "automatic")
            self.assertFalse(self._new_mails)
        raw = self._mail()
        with self.mock_mail_gateway():
            made = Thread.message_process(None, raw)
            self.assertEqual(Thread.message_process(None, raw), made)
        self.assertTrue(self._acknowledgement(self.env["lapor.complaint"].browse(made)))
        with self.assertRaises(AccessError):
            Thread.with_user(self.operator).message_process(None, self._mail())

    # Replies

    def _replied(self, complaint, **values):
        acknowledgement = self._acknowledgement(complaint).mail_id
        values.setdefault("text", "Lampunya ada tiga.")
        result = self._process(self._mail(answers=acknowledgement.message_id, **values))
        self.assertEqual((result["status"], result["number"]), ("reply", complaint.number))
        return complaint.message_ids[0]

    def test_reply_goes_into_the_thread_and_makes_no_complaint(self):
        complaint = self._take_in(self._mail())
        count = self.env["lapor.complaint"].search_count([])
        post = self._replied(complaint, subject=f"Re: [{complaint.number}] Aduan Anda")
        self.assertIn("Lampunya ada tiga.", post.body)
        self.assertEqual(post.author_id, self.env.ref("lapor_base.partner_complainant"))
        self.assertEqual(post.subtype_id, self.env.ref("lapor_base.mt_complainant"))
        self.assertEqual(self.env["lapor.complaint"].search_count([]), count)
        self.assertEqual(complaint.event_ids[-1].code, "message_received")
        self.assertFalse(self._new_mails)
        self.assertEqual(complaint.description, "Lampu jalan di RT 03 mati sejak Senin.")

    def test_reply_to_a_closed_case_still_arrives(self):
        complaint = self._take_in(self._mail())
        complaint.category_id = self.category
        self._walk_to(complaint, "5")
        with self.mock_mail_gateway():
            self._advance(complaint, self.operator, "close", delivery={})
        self._replied(complaint, text="Masih mati.")
        self.assertEqual(complaint.phase, "closed")

    def _disposition_post(self, complaint):
        """A message of the case that colleagues only have got."""
        self._walk_to(complaint, "3")
        internal = self.env.ref("lapor_base.mt_disposition")
        return complaint.message_ids.filtered(lambda post: post.subtype_id == internal)[:1]

    def test_colleague_s_reply_to_a_disposition_is_an_internal_note(self):
        complaint = self._take_in(self._mail())
        complaint.category_id = self.category
        answered = self._disposition_post(complaint)
        self.flush_tracking()
        events = len(complaint.event_ids)
        raw = self._mail(
            text="Sudah saya cek.",
            sender=f"Kabid <{self.engineer.email}>",
            answers=answered.message_id,
            Cc=CITIZEN,
        )
        result = self._process(raw)
        self.assertEqual((result["status"], result["number"]), ("note", complaint.number))
        post = complaint.message_ids[0]
        self.assertEqual(post.author_id, self.engineer.partner_id)
        self.assertEqual(post.subtype_id, self.env.ref("mail.mt_note"))
        self.assertTrue(post.is_internal)
        self.assertFalse(self._new_mails)
        # It is no message of the complainant.
        self.assertEqual(len(complaint.event_ids), events)

    def test_address_of_a_colleague_alone_gives_no_right(self):
        """Whoever got the acknowledgement can write any sender on an answer to it."""
        complaint = self._take_in(self._mail())
        known = self._acknowledgement(complaint).mail_id.message_id
        own = self._complainant_posts(complaint).message_id
        complaint.category_id = self.category
        internal = self._disposition_post(complaint).message_id
        self.flush_tracking()
        for sender, answers in (
            (self.engineer, known),
            (self.engineer, own),
            # This colleague has nothing to do with the case.
            (self.outsider, internal),
        ):
            posts = len(complaint.message_ids)
            raw = self._mail(text="Tutup saja.", sender=sender.email, answers=answers)
            self.assertEqual(self._process(raw)["status"], "held")
            self.assertEqual(self._held().kind, "staff")
            self.assertEqual(len(complaint.message_ids), posts)

    def test_stranger_s_reply_waits_for_confirmation(self):
        complaint = self._take_in(self._mail())
        posts = len(complaint.message_ids)
        raw = self._mail(
            text="Saya tetangganya.",
            sender="Tetangga <tetangga@warga.example>",
            answers=self._acknowledgement(complaint).mail_id.message_id,
        )
        self.assertEqual(self._process(raw)["status"], "held")
        held = self._held()
        self.assertEqual((held.kind, held.complaint_id), ("other_sender", complaint))
        self.assertEqual(len(complaint.message_ids), posts)
        self._release(held)
        post = complaint.message_ids[0]
        self.assertIn("another address", post.body)
        self.assertIn("Saya tetangganya.", post.body)
        self.assertEqual(post.author_id, self.env.ref("lapor_base.partner_complainant"))
        self._assert_address_nowhere(complaint, "tetangga@warga.example")

    def test_stranger_s_reply_may_be_a_complaint_of_its_own(self):
        complaint = self._take_in(self._mail())
        raw = self._mail(sender="tetangga@warga.example", subject=f"Re: [{complaint.number}] Lampu")
        self.assertEqual(self._process(raw)["status"], "held")
        with self.mock_mail_gateway():
            self._held().with_user(self.operator).action_release_new()
        made = self._held().complaint_id
        self.assertNotEqual(made, complaint)
        self.assertEqual(made.complainant_id.email, "tetangga@warga.example")

    # Identity

    def test_address_and_name_stand_in_no_message(self):
        for user in (self.administrator, self.env.ref("base.user_root")):
            number = len(self.env["lapor.complaint"].search([]))
            complaint = self._take_in(
                self._mail(Cc=f"Siti <siti@warga.example>, {self.office_address}"), user=user
            )
            outlook = f"Ya.\n\nDari: Dinas\nDikirim: Senin\nKepada: B. <{CITIZEN.upper()}>\n\nYth."
            self._replied(complaint, subject=f"Re: Lampu {number}", text=outlook)
            complaint.category_id = self.category
            self._walk_to(complaint, "3")
            self._assert_address_nowhere(complaint, CITIZEN, CITIZEN.upper(), "Budi", "siti@")
            self.assertFalse(
                self.env["res.partner"]
                .with_context(active_test=False)
                .search([("email_normalized", "in", [CITIZEN, "siti@warga.example"])])
            )
            texts = str(complaint.event_ids.mapped("data"))
            self.assertNotIn("Budi", texts)
            self.assertNotIn(CITIZEN, texts)

    def test_complainant_with_an_account_stays_hidden_too(self):
        """Somebody's portal account has the same address: the gateway would act as that user."""
        account = self._create_portal_user()
        account.write({"email": CITIZEN, "name": "Budi Santoso"})
        complaint = self._take_in(self._mail())
        self._replied(complaint)
        self._assert_address_nowhere(complaint, CITIZEN, "Budi")
        for record in (
            complaint,
            complaint.complainant_id,
            complaint.event_ids,
            complaint.step_ids,
            complaint.message_ids,
            complaint.response_ids,
        ):
            with self.subTest(record._name):
                self.assertNotIn(account, record.create_uid | record.write_uid)
        self.assertNotIn(account, complaint.event_ids.user_id)
        self.assertNotIn(account, complaint.response_ids.author_id)
        self.assertNotIn(account.partner_id, complaint.message_partner_ids)

    def test_citizens_are_no_followers_and_get_no_notes(self):
        complaint = self._take_in(self._mail())
        staff = self.env["res.users"].search([("share", "=", False)]).partner_id
        self.assertLessEqual(complaint.message_partner_ids, staff)
        with self.mock_mail_gateway():
            complaint.with_user(self.operator).message_post(
                body="Pelapor ini sering melapor.", subtype_xmlid="mail.mt_comment"
            )
        self.assertNotIn(CITIZEN, str(self._new_mails.mapped("email_to")))
