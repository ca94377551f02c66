from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..controllers.mail import LaporMailDoor
from ..tools import mail_bounds
from .mails import MailIntakeCase


@tagged("post_install", "-at_install")
class TestMailDoor(MailIntakeCase, HttpCase):
    """A mail server hands mails over with the key of its office."""

    def _key(self, unit):
        action = unit.with_user(self.administrator).action_new_mail_secret()
        return self.env["lapor.mail.secret"].browse(action["res_id"]).secret

    def _hand_over(self, unit, raw, secret, **heads):
        return self.url_open(
            f"/lapor/mail/{unit.id}",
            data=raw,
            headers={
                "Authorization": f"Bearer {secret}",
                "Content-Type": "message/rfc822",
                **{name.replace("_", "-"): value for name, value in heads.items()},
            },
        )

    def test_mail_with_the_office_s_key_is_taken_in_once(self):
        secret = self._key(self.manager)
        raw = self._mail()
        for status in ("new", "duplicate"):
            answer = self._hand_over(self.manager, raw, secret)
            self.assertEqual((answer.status_code, answer.json()["status"]), (200, status))
        complaint = self.env["lapor.complaint"].search([("number", "=", answer.json()["number"])])
        self.assertEqual(complaint.name, "Lampu jalan mati")

    @mute_logger("odoo.http")
    def test_what_is_no_mail_is_refused_and_never_held(self):
        secret = self._key(self.manager)
        count = self.env["lapor.mail.receipt"].search_count([])
        for kind, raw, status in (
            ("application/x-www-form-urlencoded", self._mail(), 415),
            ("application/x-www-form-urlencoded; charset=utf-8", b"a=b", 415),
            ("multipart/form-data; boundary=x", self._mail(), 415),
            ("message/rfc822", b"", 400),
            ("message/rfc822", b" \r\n", 400),
        ):
            with self.subTest(kind, status=status):
                answer = self.url_open(
                    f"/lapor/mail/{self.manager.id}",
                    data=raw,
                    headers={"Authorization": f"Bearer {secret}", "Content-Type": kind},
                    method="POST",
                )
                self.assertEqual(answer.status_code, status)
        routing = LaporMailDoor.take_in.original_routing
        self.assertEqual(routing["max_content_length"], mail_bounds.MAX_SIZE)
        self.assertEqual(self.env["lapor.mail.receipt"].search_count([]), count)

    def test_wrong_key_hands_nothing_over(self):
        secret = self._key(self.manager)
        count = self.env["lapor.mail.receipt"].search_count([])
        for unit, key in (
            (self.manager, secret[:-1]),
            (self.manager, ""),
            (self.opd, secret),
            (self.opd, ""),
            (self.env["lapor.unit"].browse(10**6), secret),
        ):
            self.assertEqual(self._hand_over(unit, self._mail(), key).status_code, 401)
        self.assertEqual(self.env["lapor.mail.receipt"].search_count([]), count)

    def test_new_key_ends_the_old_one_and_is_kept_nowhere(self):
        old = self._key(self.opd)
        new = self._key(self.opd)
        self.assertEqual(self._hand_over(self.opd, self._mail(), old).status_code, 401)
        self.assertEqual(self._hand_over(self.opd, self._mail(), new).status_code, 200)
        self.assertNotIn(new, str(self.opd.sudo().read()))
        with self.assertRaises(AccessError):
            self.opd.with_user(self.operator).action_new_mail_secret()

    def test_key_of_an_opd_reaches_that_opd_only(self):
        self.other_opd.alias_name = "uji-dinkes"
        secret = self._key(self.opd)
        raw = self._mail(to=f"uji-dinkes@{self.alias_domain}")
        number = self._hand_over(self.opd, raw, secret).json()["number"]
        complaint = self.env["lapor.complaint"].search([("number", "=", number)])
        self.assertEqual(complaint.intake_unit_id, self.opd)

    def test_envelope_tells_for_whom_a_blind_copy_is(self):
        self.other_opd.alias_name = "uji-dinkes"
        secret = self._key(self.manager)
        raw = self._mail(to="warga@warga.example")
        recipient = f"uji-dinkes@{self.alias_domain}"
        number = self._hand_over(self.manager, raw, secret, X_Envelope_To=recipient).json()[
            "number"
        ]
        complaint = self.env["lapor.complaint"].search([("number", "=", number)])
        self.assertEqual(complaint.intake_unit_id, self.other_opd)
