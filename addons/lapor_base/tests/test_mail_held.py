from email.message import EmailMessage

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .mails import CITIZEN, MailIntakeCase


@tagged("post_install", "-at_install")
class TestMailHeld(MailIntakeCase):
    """No mail is lost: what does not become a complaint is kept whole, with the reason."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Mails to none of the governments are shown to whoever has all of them.
        cls.administrator.company_ids += cls.env["res.company"].search(
            [("lapor_code", "!=", False)]
        )

    def _count(self):
        return self.env["lapor.complaint"].search_count([])

    def _assert_held(self, raw, reason):
        count = self._count()
        result = self._process(raw)
        self.assertEqual((result["status"], result["number"]), ("held", False))
        self.assertRegex(result["reason"], reason)
        held = self._held()
        self.assertEqual(self._raw(held), raw)
        self.assertEqual((held.state, held.reason), ("held", result["reason"]))
        self.assertEqual(self._count(), count)
        return held

    def test_automatic_mail_is_held_and_never_answered(self):
        for headers, reason in (
            ({"Auto_Submitted": "auto-replied"}, "Auto-Submitted: auto-replied"),
            ({"Precedence": "bulk"}, "Precedence: bulk"),
            ({"List_Id": "<milis.example>"}, "list-id"),
            ({"Return_Path": "<MAILER-DAEMON@x.example>"}, "Return-Path"),
        ):
            with self.subTest(headers):
                held = self._assert_held(self._mail(**headers), reason)
                self.assertFalse(self._new_mails)
                self.assertEqual(held.name, "Lampu jalan mati")
                self.assertIn(CITIZEN, held.sender)

    def test_automatic_reply_to_an_acknowledgement_is_held_too(self):
        complaint = self._take_in(self._mail())
        answers = self._acknowledgement(complaint).mail_id.message_id
        posts = len(complaint.message_ids)
        self._assert_held(
            self._mail(text="Saya cuti.", answers=answers, Auto_Submitted="auto-replied"),
            "auto-replied",
        )
        self.assertEqual(len(complaint.message_ids), posts)

    def test_mail_to_nobody_is_held_and_taken_in_after_the_alias_is_there(self):
        raw = self._mail(to=f"belum-ada@{self.alias_domain}")
        held = self._assert_held(raw, "No office has this address")
        with self.assertRefused("Choose the office first"):
            held.with_user(self.administrator).action_release()
        self.assertEqual((held.state, held.reason), ("held", "No office has this address."))
        self.opd.alias_name = "belum-ada"
        complaint = self._release(held, self.administrator)
        self.assertEqual(complaint.intake_unit_id, self.opd)
        self.assertEqual(complaint.complainant_id.email, CITIZEN)
        self._assert_address_nowhere(complaint, CITIZEN)
        self.assertEqual(self._raw(held), raw)

    def test_mail_to_nobody_is_shown_to_whoever_has_all_governments(self):
        held = self._assert_held(self._mail(to="siapa@lain.example"), "No office")
        self.assertTrue(held.with_user(self.administrator).has_access("read"))
        # As soon as there is a government that is not the administrator's it may be meant for it.
        self.env["res.company"].create({"name": "Kabupaten Lain", "lapor_code": "LAIN"})
        for record in (held, self.env["lapor.mail.receipt"].search([], limit=1, order="id desc")):
            self.assertFalse(record.company_id)
            record = record.with_user(self.administrator)
            self.assertFalse(record.has_access("read"))
            self.assertFalse(record.search([("id", "=", record.id)]))

    def test_mail_to_nobody_is_taken_in_by_the_office_that_is_chosen(self):
        held = self._assert_held(self._mail(to="siapa@lain.example"), "No office")
        held.with_user(self.administrator).unit_id = self.other_opd
        self.assertEqual(self._release(held, self.administrator).intake_unit_id, self.other_opd)
        with self.assertRefused("can be chosen"):
            held.with_user(self.administrator).unit_id = self.opd

    def test_what_was_held_cannot_be_rewritten(self):
        held = self._assert_held(self._mail(Precedence="bulk"), "bulk")
        for values in ({"raw": b"eA=="}, {"state": "released"}, {"reason": "x", "kind": "own"}):
            with self.subTest(values), self.assertRefused("can be chosen"):
                held.with_user(self.administrator).write(values)
        with self.assertRefused("by the mail gateway"):
            self.env["lapor.mail.held"].with_user(self.administrator).create({"kind": "own"})

    def test_operator_reads_what_is_held_before_deciding(self):
        held = self._assert_held(self._mail(Precedence="bulk", photo=b"x"), "bulk")
        seen = held.with_user(self.operator)
        self.assertIn("Lampu jalan di RT 03", seen.preview)
        self.assertEqual(seen.file_names, "lampu.jpg")
        self.assertEqual(seen.size, len(self._raw(held)))

    def test_released_mail_of_a_machine_is_taken_in_as_a_person_s(self):
        held, count = self._assert_held(self._mail(Precedence="bulk"), "bulk"), self._count()
        with self.mock_mail_gateway():
            held.with_user(self.administrator).action_release()
            held.with_user(self.administrator).action_release()
        self.assertEqual(held.state, "released")
        self.assertEqual(self._count(), count + 1)
        self.assertEqual(held.complaint_id.name, "Lampu jalan mati")
        # Whoever releases it says that a person wrote it, who gets the receipt, once.
        self.assertEqual(len(self._new_mails), 1)
        self.assertEqual(held.decided_by_id, self.administrator)

    def test_discarded_mail_stays_readable_and_is_not_released(self):
        raw = self._mail(Precedence="bulk")
        held = self._assert_held(raw, "bulk")
        held.with_user(self.administrator).action_discard()
        count = self._count()
        held.with_user(self.administrator).action_release()
        self.assertEqual(held.state, "discarded")
        self.assertEqual(self._count(), count)
        self.assertEqual(self._raw(held), raw)
        held.with_user(self.operator).action_hold_again()
        self.assertEqual((held.state, held.decided_by_id.id), ("held", False))

    def test_released_mail_is_not_discarded_afterwards(self):
        held = self._assert_held(self._mail(Precedence="bulk"), "bulk")
        with self.mock_mail_gateway():
            held.with_user(self.administrator).action_release()
        held.with_user(self.administrator).action_discard()
        self.assertEqual(held.state, "released")

    def test_empty_and_unreadable_bytes_are_held_whole(self):
        for raw in (b"", b"\n\n", b"   ", b"\x00\x01\x02", b"bukan surat", bytes(range(256)) * 40):
            with self.subTest(raw[:20]):
                held = self._assert_held(raw, "not a readable mail")
                with self.assertRefused("cannot be opened"):
                    held.with_user(self.administrator).action_release()
                self.assertEqual(held.state, "held")

    def test_text_instead_of_bytes_is_a_mail_too(self):
        complaint = self._take_in(self._mail().decode())
        self.assertEqual(complaint.name, "Lampu jalan mati")

    def test_broken_mails_are_taken_in_or_held_but_never_lost(self):
        good = self._mail()
        head, _sep, _body = good.partition(b"\n\n")
        nested = EmailMessage()
        nested.set_content("inti")
        for _level in range(30):
            outer = EmailMessage()
            outer.add_attachment(nested)
            nested = outer
        broken = {
            "unknown charset": good.replace(b'charset="utf-8"', b'charset="x-tidak-ada"'),
            "bad base64": head + b"\nContent-Transfer-Encoding: base64\n\n%%%%not base64%%%%\n",
            "NUL in the text": good.replace(b"Lampu jalan di", b"Lampu\x00 jalan di"),
            "eight bits in the heads": good.replace(b"Lampu jalan mati", b"Lampu \xff\xfe mati"),
            "bad encoded word": good.replace(b"Lampu jalan mati", b"=?utf-8?b?@@@?="),
            "bad date": good.replace(b"Mon, 02 Nov 2026", b"Kemarin, 99 Foo"),
            "no date": good.replace(b"Date: Mon, 02 Nov 2026 08:15:00 +0700\n", b""),
            "no message id": b"\n".join(
                line for line in good.split(b"\n") if not line.startswith(b"Message-Id")
            ),
            "bad message id": good.replace(b"Message-Id: <", b"Message-Id: [<<"),
            "no sender": good.replace(b"From: Budi Santoso <" + CITIZEN.encode() + b">\n", b""),
            "strange sender": good.replace(CITIZEN.encode(), b"<<>>@@,;"),
            "boundary that never comes": head.replace(
                b"text/plain", b'multipart/mixed; boundary="x"; y'
            )
            + b"\n\n--x\n\n",
            "cut in the middle": good[: len(good) // 2],
            "only heads": head,
            "very long line": good + b"x" * 200_000,
            "many mails in a mail": b"To: " + self.office_address.encode() + b"\n"
            b"From: " + CITIZEN.encode() + b"\nSubject: Berlapis\n" + nested.as_bytes(),
            "comment only": self._mail(html="<!-- kosong -->"),
            "style only": self._mail(html="<style>p {color: red}</style>"),
            "broken html": self._mail(html="<p><div><table><tr></b>Lampu <mati"),
        }
        for turn, (name, raw) in enumerate(broken.items()):
            with self.subTest(name):
                raw = raw.replace(b"<uji-", b"<uji-%d-" % turn)
                complaints, held = self._count(), self._held()
                status = self._process(raw)["status"]
                if status == "held":
                    self.assertNotEqual(self._held(), held)
                    self.assertEqual(self._raw(self._held()), raw)
                else:
                    self.assertEqual(status, "new")
                    self.assertEqual(self._count(), complaints + 1)

    def test_same_mail_twice_makes_one_complaint(self):
        raw = self._mail()
        complaint = self._take_in(raw)
        result = self._process(raw)
        self.assertEqual((result["status"], result["number"]), ("duplicate", complaint.number))
        self.assertFalse(self._new_mails)
        reply = self._mail(answers=self._acknowledgement(complaint).mail_id.message_id)
        self.assertEqual(self._process(reply)["status"], "reply")
        posts = len(complaint.message_ids)
        self.assertEqual(self._process(reply)["status"], "duplicate")
        self.assertEqual(len(complaint.message_ids), posts)

    def test_office_that_cannot_take_complaints_has_its_mails_held(self):
        company = self.env["res.company"].create(
            {"name": "Pemkab Baru", "alias_domain_id": self.mail_alias_domain.id}
        )
        self.env["lapor.unit"].create(
            {
                "name": "Dinas Baru",
                "code": "BARU",
                "kind": "opd",
                "company_id": company.id,
                "alias_name": "uji-baru",
            }
        )
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self._assert_held(
                self._mail(to=f"uji-baru@{self.alias_domain}"), "no managing office yet"
            )

    def test_held_mail_belongs_to_the_government_it_was_sent_to(self):
        machine = {"Precedence": "bulk"}
        held = self._assert_held(self._mail(**machine), "bulk")
        self.assertEqual(held.company_id, self.company)
        copied = self._mail(to="Dinas <dinas@lain.example>", Cc=self.office_address, **machine)
        self.assertEqual(self._assert_held(copied, "bulk").company_id, self.company)
        forwarded = self._mail(
            to="semua@milis.example", Delivered_To=self.office_address, **machine
        )
        self.assertEqual(self._assert_held(forwarded, "bulk").company_id, self.company)
        self.mail_alias_domain.company_ids = self.company
        typo = self._mail(to=f"uji-adaun@{self.alias_domain}")
        self.assertEqual(self._assert_held(typo, "No office").company_id, self.company)
        lost = self._assert_held(self._mail(to="siapa@lain.example"), "No office")
        self.assertFalse(lost.company_id)
        self.assertTrue(held.with_user(self.operator).has_access("read"))
        self.assertFalse(lost.with_user(self.operator).has_access("read"))
        self.assertTrue(lost.with_user(self.administrator).has_access("read"))

    def test_mail_of_an_anonymous_case_is_decided_on_by_who_learns_nothing(self):
        complaint = self._take_in(self._mail())
        complaint.with_user(self.operator).is_anonymous = True
        other = "budi.kantor@lain.example"
        raw = self._mail(
            text=f"Saya Budi Santoso, foto menyusul.\nBalas ke {other}",
            subject=f"Re: [{complaint.number}] dari Budi Santoso",
            sender=f"Budi Santoso <{other}>",
        )
        self.assertEqual(self._process(raw)["status"], "held")
        held = self._held()
        # Whether the address is the complainant's is told to nobody.
        self.assertEqual((held.kind, held._raw_bytes()), ("unproven", raw))
        own = held.with_user(self.operator)
        self.env.invalidate_all()
        seen = str(own.read())
        self.assertIn("foto menyusul", seen)
        for secret in ("Budi", other):
            self.assertNotIn(secret, seen)
        files = self.env["ir.attachment"].with_user(self.operator)
        domain = [("res_model", "=", "lapor.mail.held"), ("res_id", "=", held.id)]
        self.assertFalse(files.search([*domain, ("res_field", "!=", False)]))
        self._release(held)
        post = self._complainant_posts(complaint)[0]
        self.assertIn("foto menyusul", post.body)
        self._assert_address_nowhere(complaint, other)

    def test_name_in_the_files_of_an_anonymous_case_is_masked(self):
        complaint = self._take_in(self._mail())
        complaint.with_user(self.operator).is_anonymous = True
        answers = self._acknowledgement(complaint).mail_id.message_id
        raw = self._mail(answers=answers, photo=b"\xff\xd8\xff foto")
        self._process(raw.replace(b"lampu.jpg", b'"KTP Budi Santoso.jpg"'))
        (name,) = self._complainant_posts(complaint)[0].attachment_ids.mapped("name")
        # A picture that nobody can look into is kept with the identity.
        self.assertRegex(name, r"^KTP .*\.jpg\.txt$")
        self.assertNotIn("Budi", name)

    def test_held_mail_of_a_case_is_a_task_of_the_coordinator_until_it_is_decided(self):
        complaint = self._take_in(self._mail())
        subject = f"Re: [{complaint.number}]"
        for turn, sender in enumerate(("tetangga@warga.example", "istri@warga.example")):
            self._process(self._mail(text=f"Tambahan {turn}", sender=sender, subject=subject))
        first, second = self.env["lapor.mail.held"].search([("complaint_id", "=", complaint.id)])
        own = complaint.with_user(self.operator)
        self.assertEqual(own.held_mail_count, 2)
        self.assertEqual(first | second, first.search(own.action_view_held_mails()["domain"]))
        tasks = complaint.sudo()._tasks(["held_mail"])
        self.assertEqual(len(tasks), 1)
        self.assertIn(tasks.user_id, self.operator | self.operator2)
        self._release(first)
        self.assertTrue(complaint.sudo()._tasks(["held_mail"]))
        second.with_user(self.operator).action_discard()
        self.assertFalse(complaint.sudo()._tasks(["held_mail"]))
        second.with_user(self.operator).action_hold_again()
        self.assertTrue(complaint.sudo()._tasks(["held_mail"]))
        # An out-of-office reply is nobody's business.
        second.with_user(self.operator).action_discard()
        self._process(self._mail(subject=subject, Auto_Submitted="auto-replied"))
        self.assertFalse(complaint.sudo()._tasks(["held_mail"]))

    def test_mail_held_before_its_case_became_anonymous_is_sealed_with_it(self):
        complaint = self._take_in(self._mail())
        raw = self._mail(subject=f"Re: [{complaint.number}]", sender="Budi <b@lain.example>")
        self._process(raw)
        held = self._held()
        self.assertIn("b@lain.example", held.with_user(self.operator).sender)
        complaint.with_user(self.operator).is_anonymous = True
        self.env.invalidate_all()
        self.assertNotIn("lain.example", str(held.with_user(self.operator).read()))
        self.assertEqual(held._raw_bytes(), raw)

    def test_mail_is_handed_over_by_administrators_only(self):
        raw = self._mail()
        stranger = self._make_users({"login": "stranger"})
        for user in (self.operator, self.head, self.engineer, stranger):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._process(raw, user=user)
        held = self._assert_held(self._mail(Precedence="bulk"), "bulk")
        for user in (self.head, self.opd_admin, stranger):
            for name in (
                "action_release",
                "action_release_new",
                "action_discard",
                "action_hold_again",
            ):
                with self.subTest(name, user=user.login), self.assertRaises(AccessError):
                    getattr(held.with_user(user), name)()
