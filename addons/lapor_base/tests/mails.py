import base64
import itertools
from email.message import EmailMessage

from . import common

CITIZEN = "budi.santoso@warga.example"
COUNTER = itertools.count(1)


class MailIntakeCase(common.LaporCase):
    """Mails as mail servers hand them over."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.office_address = f"uji-aduan@{cls.alias_domain}"

    def _mail(
        self,
        text="Lampu jalan di RT 03 mati sejak Senin.",
        subject="Lampu jalan mati",
        sender=f"Budi Santoso <{CITIZEN}>",
        to=None,
        html=None,
        photo=None,
        answers=None,
        message_id=None,
        **headers,
    ):
        """One mail as bytes.

        :param answers: Message-Id that it replies to
        :param headers: further headers, with ``_`` for ``-``
        """
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = sender, to or self.office_address, subject
        mail["Message-Id"] = message_id or f"<uji-{next(COUNTER)}@mail.example>"
        mail["Date"] = "Mon, 02 Nov 2026 08:15:00 +0700"
        if answers:
            mail["In-Reply-To"] = mail["References"] = answers
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(text)
        if html:
            mail.add_alternative(html, subtype="html")
        if photo:
            mail.add_attachment(photo, maintype="image", subtype="jpeg", filename="lampu.jpg")
        return mail.as_bytes()

    def _process(self, raw, user=None):
        """Hand a mail over as the administrator's command does; mails sent by it are in
        ``self._new_mails``."""
        with self.mock_mail_gateway():
            result = (
                self.env["lapor.mail.held"].with_user(user or self.administrator).process_raw(raw)
            )
        self.env.invalidate_all()
        return result

    def _take_in(self, raw, **kwargs):
        """Process a mail that must become a complaint."""
        result = self._process(raw, **kwargs)
        self.assertEqual(result["status"], "new", result)
        return self.env["lapor.complaint"].search([("number", "=", result["number"])])

    def _release(self, held, user=None):
        """Take a held mail in, as the operator; returns its complaint."""
        with self.mock_mail_gateway():
            held.with_user(user or self.operator).action_release()
        self.env.invalidate_all()
        self.assertEqual(held.state, "released")
        return held.complaint_id

    def _held(self):
        return self.env["lapor.mail.held"].search([], limit=1)

    def _raw(self, held):
        return base64.b64decode(held.raw or b"")

    def _acknowledgement(self, complaint):
        return complaint.response_ids.filtered(lambda response: response.kind == "ack")

    def _complainant_posts(self, complaint):
        subtype = self.env.ref("lapor_base.mt_complainant")
        return complaint.message_ids.filtered(lambda post: post.subtype_id == subtype)

    def _assert_address_nowhere(self, complaint, *words):
        """None of these words stands in any text of the complaint's messages."""
        posts = self.env["mail.message"].search(
            [("model", "=", "lapor.complaint"), ("res_id", "=", complaint.id)]
        )
        self.assertTrue(posts)
        for post in posts:
            for name, field in post._fields.items():
                if field.store and field.type in ("char", "text", "html"):
                    for word in words:
                        self.assertNotIn(word, str(post[name] or ""), f"{name} of {post.subject}")
            for partner in post.author_id | post.partner_ids | post.notified_partner_ids:
                for word in words:
                    self.assertNotIn(word, f"{partner.name} {partner.email or ''}")
