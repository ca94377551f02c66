from freezegun import freeze_time

from odoo.tests import tagged

from .common import PaperCase


@tagged("post_install", "-at_install")
class TestBoard(PaperCase):
    """The managers' start page."""

    def _cards(self, user):
        figures = self.env["lapor.board"].with_user(user).get_figures()
        return {card["key"]: card["count"] for card in figures["cards"]}, figures

    def test_each_number_is_that_of_its_list(self):
        first, second = self._make_complaint(), self._make_complaint(name="Kedua")
        self._walk_to(second, "3")
        items = self.env["lapor.missing.item"].search([], limit=1)
        first.with_user(self.operator).action_hold(items.ids, delivery_note="Ditelepon")
        late = self._make_complaint(name="Lama", received_at="2020-01-01 03:00:00")
        cards, figures = self._cards(self.head)
        self.assertEqual((cards["new"], cards["open"], cards["held"]), (2, 3, 1))
        Complaint = self.env["lapor.complaint"].with_user(self.head)
        rows = figures["cards"] + figures["units"] + figures["categories"] + figures["steps"]
        for row in rows:
            self.assertEqual(len(Complaint.search(row["domain"])), row["count"], row["label"])
        self.assertEqual(figures["oldest"][0]["id"], late.id)
        for day in figures["trend"]:
            for what in ("received", "closed"):
                self.assertEqual(len(Complaint.search(day[f"{what}_domain"])), day[what])
        self.assertEqual(sum(day["received"] for day in figures["trend"]), 2)
        self.assertEqual(sum(row["count"] for row in figures["steps"]), 3)

    def test_days_are_those_of_the_office(self):
        """18:30 UTC is already the next day in Jakarta."""
        with freeze_time("2026-01-05 18:30:00"):
            complaint = self._make_complaint(received_at="2026-01-05 18:30:00")
        with freeze_time("2026-01-06 03:00:00"):
            self._walk_to(complaint, "0")
            cards, figures = self._cards(self.head)
            self.assertEqual(cards["new"], 1)
        days = {day["day"]: (day["received"], day["closed"]) for day in figures["trend"]}
        self.assertEqual((days["2026-01-05"], days["2026-01-06"]), ((0, 0), (1, 1)))

    def test_figures_are_those_of_the_readers_rights(self):
        complaint = self._make_complaint()
        secret = self._make_complaint(name="Pungli")
        secret.with_user(self.operator).is_misconduct = True
        self._walk_to(complaint, "3")
        for user, count in (
            (self.operator, 2),
            (self.engineer, 1),
            (self.outsider, 0),
            (self.overseer, 1),
            (self.inspector, 1),
        ):
            cards, figures = self._cards(user)
            self.assertEqual(cards["open"], count, user.login)
            names = {row["name"] for row in figures["oldest"]}
            self.assertEqual("Pungli" in names, user in (self.operator, self.inspector))

    def test_cost_does_not_grow(self):
        def cost():
            self.env.invalidate_all()
            board = self.env["lapor.board"].with_user(self.head)
            board.get_figures()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            board.get_figures()
            return self.env.cr.sql_log_count - before

        self._make_complaint()
        few = cost()
        for number in range(6):
            self._walk_to(self._make_complaint(name=f"Aduan {number}"), "3")
        self.assertLessEqual(cost(), few + 4)
        self.assertLess(few, 45)
