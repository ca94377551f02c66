from odoo.tests import tagged

from .common import SlaCase


@tagged("post_install", "-at_install")
class TestDigest(SlaCase):
    """One mail a day for each person, not one for each case."""

    def run_job(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.assertIs(self.env.ref("lapor_sla.ir_cron_digest").method_direct_trigger(), True)
        self.env.invalidate_all()

    def digests(self, user):
        return self.env["lapor.digest"].search([("user_id", "=", user.id)])

    def test_once_a_day_in_office_hours(self):
        with self.at("2026-02-02 09:00"):
            case = self._make_complaint()
            self._make_complaint()
        with self.at("2026-02-02 22:00"):
            self.run_job()
        self.assertFalse(self.digests(self.operator))
        with self.at("2026-02-03 07:40"):
            self.run_job()
            self.run_job()
        digest = self.digests(self.operator)
        self.assertEqual(len(digest), 1)
        self.assertRegex(digest.mail_id.subject, r": 2 \D+, 0 ")
        self.assertIn(case.number, digest.mail_id.body_html)
        # What a complaint says does not leave by mail.
        self.assertNotIn(case.name, digest.mail_id.body_html)
        self.assertFalse(self.digests(self.outsider))
        with self.at("2026-02-04 07:40"):
            self.run_job()
        self.assertEqual(len(self.digests(self.operator)), 2)

    def test_summary_of_a_day_that_has_not_come_yet_is_none(self):
        with self.at("2026-02-02 09:00"):
            self._make_complaint()
        with self.at("2026-02-05 07:40"):
            self.run_job()
        for moment in ("2026-02-03 07:40", "2026-02-05 07:40"):
            with self.at(moment):
                self.run_job()
        self.assertEqual(
            [str(day) for day in self.digests(self.operator).mapped("date")],
            ["2026-02-05", "2026-02-03"],
        )
        mails = self.digests(self.operator).mail_id
        self.assertEqual(len(mails), 2)

    def test_escalated_cases_are_listed_for_those_told(self):
        with self.at("2026-02-02 09:00"):
            case = self._make_complaint()
        with self.at("2026-02-02 10:30"), self.enter_registry_test_mode():
            self.env.ref("lapor_sla.ir_cron_escalate").method_direct_trigger()
        with self.at("2026-02-02 13:40"):
            self.run_job()
        self.assertIn(case.number, self.digests(self.head).mail_id.body_html)
