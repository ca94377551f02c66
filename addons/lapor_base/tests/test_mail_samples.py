import pytest

from odoo.tests import tagged

from ..tools import mail_bounds
from ..tools.mail_headers import machine_marks
from ..tools.mail_reader import read_mail
from .mail_mutations import mutated
from .mail_samples import build
from .mails import MailIntakeCase


@tagged("post_install", "-at_install")
class TestMailSamples(MailIntakeCase):
    """Every kind of mail has the fate that it should have."""

    def setUp(self):
        super().setUp()
        self.samples = build(self.office_address)

    @pytest.mark.slow
    def test_each_sample_has_its_fate(self):
        self.assertGreaterEqual(len(self.samples), 120)
        for sample in self.samples:
            with self.subTest(sample.name):
                result = self._process(sample.raw)
                self.assertIn(result["status"], sample.status.split(" or "), result)
                if result["status"] == "held":
                    held = self._held()
                    self.assertEqual(self._raw(held), sample.raw)
                    self.assertIn(sample.kind, ("", held.kind), held.reason)
                    self.assertFalse(self._new_mails)
                else:
                    self._assert_told(sample, result)
                self.assertEqual(self._process(sample.raw)["status"], "duplicate")

    def _assert_told(self, sample, result):
        complaint = self.env["lapor.complaint"].search([("number", "=", result["number"])])
        # Whoever gives no address cannot be answered.
        self.assertEqual(len(self._new_mails), 1 if complaint.complainant_id.email else 0)
        self.assertIn(" ".join(sample.says.split()), " ".join(complaint.description.split()))
        if sample.hides:
            self.assertNotIn(sample.hides, complaint.description)
        post = self._complainant_posts(complaint)
        self.assertNotRegex(post.body, r"(?i)<script|https://jejak|onerror=")
        self.assertLessEqual(set(sample.files), set(post.attachment_ids.mapped("name")))

    def test_damaged_mails_are_never_lost_doubled_or_answered_as_machines(self):
        raws = [sample.raw for sample in self.samples]
        Receipt = self.env["lapor.mail.receipt"]
        for raw in mutated(raws, 40, seed=20261122):
            before = Receipt.search([], order="id desc", limit=1).id or 0
            result = self._process(raw)
            new = Receipt.search([("id", ">", before)])
            if result["status"] == "duplicate":
                self.assertFalse(new)
                continue
            self.assertTrue(new and all(row.complaint_id or row.held_id for row in new))
            if result["status"] == "held":
                self.assertEqual(self._raw(self._held()), raw)
                self.assertFalse(self._new_mails)
            self.assertEqual(self._process(raw)["status"], "duplicate")

    def test_damaged_mails_are_read_without_an_error(self):
        """The reader alone, on more of them."""
        raws = [sample.raw for sample in self.samples]
        Complaint = self.env["lapor.complaint"]
        for raw in mutated(raws, 800, seed=7):
            mail = None if mail_bounds.excess(raw) else read_mail(raw)
            if mail:
                machine_marks(mail.message)
                Complaint._text_of(mail)
                Complaint._body_of(mail, set())
                mail.fingerprint()
