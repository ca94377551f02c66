from odoo.tests import tagged

from .common import SlaCase


@tagged("post_install", "-at_install")
class TestMenu(SlaCase):
    """The activity menu and the queue of vacant positions: what is due when, and who watches."""

    def group(self, user):
        groups = self.env["res.users"].with_user(user)._get_activity_groups()
        return next((group for group in groups if group["model"] == "lapor.complaint"), None)

    def test_menu_tells_the_hour(self):
        with self.at("2026-02-02 09:00"):
            first = self._make_complaint()
        with self.at("2026-02-02 09:30"):
            second = self._make_complaint()
        with self.at("2026-02-02 10:10"):
            group = self.group(self.operator)
            # The core counts days: both would be "today".
            self.assertEqual((group["overdue_count"], group["today_count"]), (1, 1))
            lines = [(line["id"], line["state"], line["text"]) for line in group["lapor_due"]]
        self.assertEqual(
            lines,
            [(first.id, "late", "late by 10 minutes"), (second.id, "fine", "20 minutes left")],
        )

    def test_menu_speaks_indonesian(self):
        with self.at("2026-02-02 09:00"):
            self._make_complaint()
        self.operator.lang = "id_ID"
        texts = {
            "2026-02-02 09:10": "50 menit lagi",
            "2026-02-02 14:05": "lewat 3 jam kerja",
        }
        for moment, text in texts.items():
            with self.at(moment):
                groups = (
                    self.env["res.users"]
                    .with_user(self.operator)
                    .with_context(lang="id_ID")
                    ._get_activity_groups()
                )
                group = next(group for group in groups if group["model"] == "lapor.complaint")
                self.assertEqual(group["lapor_due"][0]["text"], text)

    def test_held_case_is_paused_there(self):
        with self.at("2026-02-02 09:00"):
            case = self._make_complaint()
        with self.at("2026-02-02 09:20"):
            case.with_user(self.operator).action_hold(self._items(), delivery_note="Telepon")
        with self.at("2026-02-03 09:20"):
            self.assertEqual(self.group(self.operator)["lapor_due"][0]["state"], "paused")

    def test_vacant_position_waits_where_the_coordinator_sees_it(self):
        (self.operator_position | self.operator2_position).user_id = False
        with self.at("2026-02-02 09:00"):
            case = self._make_complaint(user=self.administrator)
        domain = self.env["lapor.complaint"]._vacant_queue()
        self.assertIn(case, self.env["lapor.complaint"].with_user(self.head).search(domain))
        self.assertFalse(self.env["lapor.complaint"].with_user(self.outsider).search(domain))
        with self.at("2026-02-03 08:00"):
            self.env.flush_all()
            digest = self.env["lapor.digest"]._make(self.head)
        self.assertIn(case.number, digest.mail_id.body_html)
