"""What an office's own machines send is of whoever is behind it."""

import base64
from email import message_from_bytes, policy
from email.message import EmailMessage

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..tools.mail_reader import read_mail
from ..tools.mail_source import person_behind
from .mails import CITIZEN, MailIntakeCase

FORM = "wordpress@server12.hosting.example"


@tagged("post_install", "-at_install")
class TestMailSources(MailIntakeCase):
    def _source(self, kind, name=FORM, unit=None, **values):
        return self.env["lapor.mail.address"].create(
            {"name": name, "kind": kind, "unit_id": (unit or self.manager).id, **values}
        )

    def _receipt_to(self):
        return {address for mail in self._new_mails for address in [mail.email_to] if address}

    # ------------------------------------------------------------
    # WEB FORMS
    # ------------------------------------------------------------

    def test_form_is_of_whom_reply_to_names(self):
        raw = self._mail(sender=f"Situs <{FORM}>", Reply_To=f"Budi <{CITIZEN}>")
        self.assertEqual(self.env["lapor.mail.gateway"]._foresee(raw)[0]["receipt"], FORM)
        self._source("form")
        complaint = self._take_in(raw)
        self.assertEqual(complaint.complainant_id.email, CITIZEN)
        self.assertEqual(complaint.complainant_id.name, "Budi")
        self.assertTrue(self._acknowledgement(complaint))
        self.assertIn(CITIZEN, str(self._new_mails.mapped("email_to")))

    def test_form_is_of_whom_the_named_line_names(self):
        self._source("form", line="Alamat e-mail")
        text = (
            f"Nama: Siti Aminah\nAlamat E-mail : siti@warga.example\nTelepon: 0812\n\nIsi aduan:\n"
            f"Lampu mati. Tetangga saya tetangga@warga.example juga mengeluh.\n-- {FORM}"
        )
        complaint = self._take_in(self._mail(text=text, sender=FORM))
        self.assertEqual(complaint.complainant_id.email, "siti@warga.example")
        self.assertEqual(complaint.complainant_id.name, "Siti Aminah")
        self.assertIn("Lampu mati.", complaint.description)

    def test_form_that_says_it_is_a_machine_is_no_machine(self):
        name = "noreply@situs.example"
        self._source("form", name=name)
        raw = self._mail(
            sender=name,
            Reply_To=CITIZEN,
            Auto_Submitted="auto-generated",
            Precedence="bulk",
            Return_Path="<>",
        )
        complaint = self._take_in(raw)
        self.assertEqual(complaint.complainant_id.email, CITIZEN)
        self.assertTrue(self._new_mails)
        report = self._mail(sender=name, X_Failed_Recipients=CITIZEN)
        self.assertEqual(self._process(report)["status"], "held")

    def test_form_that_names_nobody_is_taken_in_and_answered_to_nobody(self):
        self._source("form")
        self.manager.mail_hour_limit = 2
        for turn in range(4):
            complaint = self._take_in(self._mail(sender=FORM, text=f"Nama: Budi\nHP: {turn}"))
            self.assertEqual(complaint.complainant_id.name, "Budi")
            self.assertFalse(complaint.complainant_id.email)
            self.assertFalse(self._new_mails)
        # An address of ours is nobody's who complains.
        raw = self._mail(sender=FORM, Reply_To=self.office_address, text="Lain lagi")
        self.assertFalse(self._take_in(raw).complainant_id.email)

    def test_limits_are_those_of_the_citizen_not_of_the_form(self):
        self._source("form")
        self.manager.mail_hour_limit = 2
        for name in "abcd":
            raw = self._mail(
                sender=FORM, Reply_To=f"{name}@warga.example", text=f"Aduan {name * 5}"
            )
            self.assertEqual(self._process(raw)["status"], "new")
        for turn in "xyz":
            raw = self._mail(sender=FORM, Reply_To="a@warga.example", text=f"Lagi {turn * 5}")
            result = self._process(raw)
        self.assertEqual((result["status"], result["rule"]), ("held", "flood"))

    def test_form_of_another_government_is_a_sender_like_others(self):
        neighbour = self.env["res.company"].create({"name": "Sebelah", "lapor_code": "SBL"})
        office = self.env["lapor.unit"].create(
            {"name": "Sebelah", "code": "SBL", "kind": "manager", "company_id": neighbour.id}
        )
        self._source("form", unit=office)
        raw = self._mail(sender=FORM, Reply_To=CITIZEN)
        self.assertEqual(self._take_in(raw).complainant_id.email, FORM)
        # The same service may send the forms of both.
        self._source("form")
        raw = self._mail(sender=FORM, Reply_To=CITIZEN, text="Lain lagi")
        self.assertEqual(self._take_in(raw).complainant_id.email, CITIZEN)

    # ------------------------------------------------------------
    # SCANNERS, FORWARDERS, GROUPS
    # ------------------------------------------------------------

    def test_scan_is_held_to_be_keyed_in(self):
        name = "noreply@desa.example"
        self._source("scanner", name=name)
        scan = self._mail(sender=name, text="Scanned from copier", photo=b"\xff\xd8\xff foto")
        self.assertEqual(self._process(scan)["rule"], "scanner")
        held = self._held()
        self.assertEqual(held.sender, name)
        with self.mock_mail_gateway():
            held.with_user(self.operator).action_release_new()
        case = held.complaint_id
        self.assertFalse(case.complainant_id.email)
        self.assertEqual(case.channel_id, self.env.ref("lapor_base.channel_letter"))
        self.assertFalse(self._new_mails)
        self.env.ref("lapor_base.mail_rule_scanner").with_user(self.administrator).action_switch()
        for turn in range(5):
            photo = b"\xff\xd8\xff foto %d" % turn
            case = self._take_in(self._mail(sender=name, text="Scanned from copier", photo=photo))
            self.assertFalse(case.complainant_id.email)
            self.assertEqual(case.channel_id, self.env.ref("lapor_base.channel_letter"))
            self.assertFalse(self._new_mails)

    def test_forwarded_mail_is_of_whom_it_was_passed_on_from(self):
        name = "camat@desa.example"
        self._source("forwarder", name=name)
        heads = (
            "---------- Forwarded message ---------\n"
            f"Dari: Budi Santoso <{CITIZEN}>\nTanggal: Sen, 2 Nov 2026\nPerihal: Lampu\n"
            "Kepada: <camat@desa.example>\n\nLampu mati.",
            f"________________\nFrom: {CITIZEN} <mailto:{CITIZEN}>\nSent: Monday\nTo: Camat\n"
            "Subject: Lampu\n\nLampu sudah mati.",
        )
        for text in heads:
            raw = self._mail(sender=f"Camat <{name}>", text=text, subject="Fwd: Lampu")
            complaint = self._take_in(raw)
            self.assertEqual(complaint.complainant_id.email, CITIZEN)
            self.assertIn("mati.", complaint.description)
        inner = self._mail(text="Selokan mampet.", sender="Ana <ana@warga.example>", to=name)
        outer = EmailMessage()
        outer["From"], outer["To"], outer["Subject"] = name, self.office_address, "Fwd: Selokan"
        outer.set_content("Mohon ditindaklanjuti.")
        outer.add_attachment(message_from_bytes(inner, policy=policy.default))
        mail = read_mail(outer.as_bytes())
        self.assertEqual(person_behind("forwarder", "", mail)[1], "ana@warga.example")
        # What he writes himself is his own, and his absence notice is a machine's.
        own = self._take_in(self._mail(sender=name, text="Jalan kami sendiri rusak."))
        self.assertEqual(own.complainant_id.email, name)
        away = self._mail(sender=name, Auto_Submitted="auto-replied", subject="Cuti")
        self.assertEqual(self._process(away)["rule"], "automatic")

    def test_group_of_the_office_is_no_foreign_list(self):
        group = "aduan-kab@grup.example"
        self._source("group", name=group)
        raw = self._mail(
            sender=f"'Budi Santoso' via Aduan <{group}>",
            to=group,
            X_Original_From=f"Budi Santoso <{CITIZEN}>",
            Reply_To=group,
            List_Id="<aduan-kab.grup.example>",
            Precedence="list",
        )
        complaint = self._take_in(raw)
        self.assertEqual(complaint.complainant_id.email, CITIZEN)
        self.assertEqual(complaint.managing_unit_id, self.manager)

    def test_address_of_a_machine_is_written_like_an_address(self):
        with self.assertRaises(ValidationError):
            self._source("form", name="situs kami")
        # Mails to a machine are for no office.
        self._source("form")
        self.assertEqual(self._process(self._mail(to=FORM))["rule"], "unrouted")

    # ------------------------------------------------------------
    # THE TEST MAIL
    # ------------------------------------------------------------

    def _try(self, user=None, **values):
        dialog = (
            self.env["lapor.mail.try"]
            .with_user(user or self.administrator)
            .with_context(default_unit_id=self.manager.id)
            .create(values)
        )
        dialog.action_try()
        return dialog

    def test_test_mail_is_to_the_managing_office_unless_another_is_chosen(self):
        dialog = self.env["lapor.mail.try"].with_user(self.administrator)
        self.assertEqual(
            dialog.default_get(["unit_id", "recipient"]),
            {"unit_id": self.manager.id, "recipient": self.office_address},
        )

    def test_test_mail_shows_what_would_become_of_it_and_stores_nothing(self):
        models = ("lapor.mail.receipt", "lapor.mail.held", "lapor.complaint", "mail.mail")
        before = [self.env[model].sudo().search_count([]) for model in models]
        dialog = self._try()
        self.assertEqual(dialog.recipient, self.office_address)
        self.assertIn(self.manager.name, dialog.result)
        self.assertFalse(dialog.rule_id)
        self.assertEqual(dialog.receipt, "to warga@contoh.example")
        self._source("form", name="situs@contoh.example")
        dialog = self._try(sender="situs@contoh.example", reply_to=f"Budi <{CITIZEN}>")
        self.assertIn(CITIZEN, dialog.complainant)
        raw = self._mail(Auto_Submitted="auto-replied")
        for values in (
            {"way": "paste", "source": raw.decode()},
            {"way": "file", "eml": base64.b64encode(raw)},
        ):
            dialog = self._try(**values)
            self.assertEqual(dialog.rule_id, self.env.ref("lapor_base.mail_rule_automatic"))
            self.assertIn("auto-replied", dialog.reason)
            self.assertEqual(dialog.said_title, "Lampu jalan mati")
            self.assertIn("RT 03", dialog.said_text)
        raw = self._mail(photo=b"\xff\xd8\xff foto")
        dialog = self._try(way="file", eml=base64.b64encode(raw))
        self.assertEqual(dialog.files or dialog.left_out, "lampu.jpg")
        after = [self.env[model].sudo().search_count([]) for model in models]
        self.assertEqual(before, after)

    def test_what_the_test_foretells_is_what_happens(self):
        from .mail_samples import build

        known = {"report": "held"}
        for sample in build(self.office_address)[::3]:
            with self.subTest(sample.name):
                told = self.env["lapor.mail.gateway"]._foresee(sample.raw)[0]
                result = self._process(sample.raw)
                status = known.get(told["status"], told["status"])
                self.assertEqual(status, result["status"])
                self.assertEqual(told["rule"].code or False, result["rule"])

    def test_test_mail_tells_nothing_of_cases_that_are_hidden(self):
        complaint = self._take_in(self._mail())
        subject = f"Re: [{complaint.number}]"
        own = self._try(subject=subject, sender=CITIZEN)
        self.assertIn(complaint.number, own.result)
        complaint.with_user(self.operator).is_anonymous = True
        hidden = [
            self._try(subject=subject, sender=sender) for sender in (CITIZEN, "x@lain.example")
        ]
        for dialog in hidden:
            self.assertEqual(dialog.result, "It names a complaint.")
            self.assertFalse(dialog.reason or dialog.rule_id or dialog.complainant)

    def test_test_mail_is_the_administrators(self):
        for user in (self.operator, self.head, self.engineer):
            with self.assertRaises(AccessError):
                self._try(user=user)
        for values in (
            {"way": "file"},
            {"way": "paste", "source": " "},
            {"sender": "bukan alamat"},
        ):
            with self.assertRaises(UserError):
                self._try(**values)
