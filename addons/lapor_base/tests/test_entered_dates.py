from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from . import common

SLIPS = {"0206-03-10": "years back", "2206-03-10": "years ahead"}


@tagged("post_install", "-at_install")
class TestEnteredDates(common.LaporCase):
    """A date that nobody can mean is refused where it is entered, with what to do instead."""

    def _ready(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, "2")
        return complaint

    def _dispose(self, complaint, **values):
        self._advance(
            complaint,
            self.head,
            disposition={
                "lead_position_id": self.engineer_position.id,
                "note": "Tinjau",
                **values,
            },
        )

    def test_due_of_a_disposition_lies_not_in_the_past(self):
        complaint = self._ready()
        part = {"position_id": self.outsider_position.id}
        with freeze_time("2026-11-20 03:00:00"):
            for due in ("2026-11-19", "2026-11-19 16:59:59", fields.Date.to_date("2026-11-19")):
                for values in (
                    {"date_due": due},
                    {"parts": [{**part, "date_due": due}]},
                    {"date_due": "2026-11-30", "parts": [{**part, "date_due": due}]},
                ):
                    with self.subTest(values=values), self.assertRefused("over already"):
                        self._dispose(complaint, **values)
            for due, words in SLIPS.items():
                with (
                    self.subTest(due=due),
                    self.assertRefused("over already" if words == "years back" else words),
                ):
                    self._dispose(complaint, date_due=due)
            self.assertFalse(complaint.sudo().disposition_ids)
            # An hour of today that is over, too: the part would be late at birth.
            with self.assertRefused("over already"):
                self._dispose(complaint, date_due="2026-11-20 01:00:00")
            self._dispose(complaint, date_due="2026-11-20 05:00:00")
        self.assertTrue(complaint.sudo().disposition_ids)

    def test_today_is_the_day_of_the_addressee_s_unit(self):
        self.opd.tz = "Asia/Jayapura"
        complaint = self._ready()
        # In Jakarta it is still the 19th, in Jayapura the 20th.
        with freeze_time("2026-11-19 16:00:00"):
            with self.assertRefused("over already"):
                self._dispose(complaint, date_due="2026-11-19")
            self._dispose(complaint, date_due="2026-11-20")

    def test_mass_disposition_disposes_nothing_with_a_due_in_the_past(self):
        complaints = self._ready() | self._ready()
        wizard = (
            self.env["lapor.disposition.mass"]
            .with_user(self.head)
            .create(
                {
                    "complaint_ids": complaints.ids,
                    "lead_position_id": self.engineer_position.id,
                    "disposition_note": "Tinjau",
                    "date_due": fields.Datetime.now() - timedelta(days=2),
                }
            )
        )
        with self.assertRefused("over already"):
            wizard.action_confirm()
        self.assertFalse(complaints.sudo().disposition_ids)

    def test_what_is_handed_on_has_no_due_in_the_past_either(self):
        complaint = self._ready()
        self._dispose(complaint)
        line = complaint.sudo().disposition_line_ids.with_user(self.engineer).sudo(False)
        with self.assertRefused("over already"):
            line.action_pass_on(
                {
                    "lead_position_id": self.opd_admin_position.id,
                    "note": "Tinjau",
                    "date_due": "2020-01-01",
                }
            )
        self.assertEqual(line.state, "open")

    def test_windows_and_promises_lie_ahead_but_not_in_another_age(self):
        complaint = self._make_complaint().with_user(self.operator)
        soon = fields.Date.today() + timedelta(days=20)
        for date, words in ({"besok": "not a date", 7: "not a date"} | SLIPS).items():
            with self.subTest(date=date, of="hold"), self.assertRefused(words):
                complaint.action_hold([], "Kapan?", date)
            with self.subTest(date=date, of="promise"), self.assertRefused(words):
                complaint.action_promise("Dianggarkan", date)
        complaint.action_promise("Dianggarkan", soon)
        complaint.action_hold(self._items(), None, soon, "Ditelepon")
        for date, words in ({"besok": "not a date"} | SLIPS).items():
            with self.subTest(date=date, of="longer hold"), self.assertRefused(words):
                complaint.action_extend_hold(date, "Minta waktu")
            with self.subTest(date=date, of="moved promise"), self.assertRefused(words):
                complaint.action_move_promise(date, "Mundur")

    def test_what_happened_lies_not_ahead(self):
        complaint = self._make_complaint().with_user(self.operator)
        tomorrow = fields.Date.today() + timedelta(days=2)
        for name, date, words in (
            ("incident_date", tomorrow, "not come yet"),
            ("incident_date", "0206-03-10", "years back"),
            ("letter_date", "2206-03-10", "years ahead"),
            ("letter_date", "0206-03-10", "years back"),
        ):
            with self.subTest(name=name, date=date), self.assertRefused(words):
                complaint.write({name: date})
        complaint.write({"incident_date": fields.Date.today(), "letter_date": "1999-12-31"})
        with self.assertRefused("years back"):
            self._make_complaint(received_at="0206-03-10 08:00:00")

    def test_dates_of_positions_leaves_and_sops(self):
        for values in (
            {"acting_from": "2206-01-01"},
            {"acting_from": "2026-01-01", "acting_to": "2206-01-01"},
        ):
            with self.subTest(values=values), self.assertRefused("years ahead"):
                self.engineer_position.write(
                    {"user_id": False, "acting_user_id": self.outsider.id, "acting_kind": "plt"}
                    | values
                )
        with self.assertRefused("years ahead"):
            self.env["lapor.leave"].create(
                {"user_id": self.engineer.id, "date_from": "2026-01-01", "date_to": "2206-01-01"}
            )
        draft = self._make_sop(activate=False)
        with self.assertRefused("years back"):
            draft.date_signed = "0206-01-01"
        draft.write({"date_signed": "1998-01-01", "valid_to": "9999-12-31"})
