import re
from contextlib import contextmanager
from unittest.mock import patch

from odoo.sql_db import Cursor
from odoo.tests import tagged, warmup

from . import common

# Tables that other addons of the suite use when a case moves; their costs are theirs to test.
FOREIGN = re.compile(r'"?(resource_calendar|ir_cron_trigger)')

# Of acts beside the SOP, for one case, and for twenty in one call.
# One more than they were: what is told, or who has the step, is read to be proved.
ONE = {"hold": 27, "withdraw": 44, "archive": 46, "hand over": 30, "take over": 28, "reveal": 29}
TWENTY = {"archive": 200, "hand over": 30, "take over": 28}
RESUME_TWENTY, REOPEN = 36, 50
MERGE_ONE, MERGE_NINETEEN = 27, 63
# The office loses the case: its units, followers, notifications and activities go with it.
MISROUTE_ONE, MISROUTE_TWENTY = 82, 88


@tagged("post_install", "-at_install")
class TestQueryCounts(common.LaporCase):
    """What an act costs the database, so that a hundred cases do not cost a hundred times it.

    The numbers are measured, not wished for; one that grows should have a reason.
    """

    @contextmanager
    def _assert_queries(self, bound):
        """At most so many queries, those of other addons of the suite not counted."""
        queries = []
        execute = Cursor.execute
        others = [
            model._table
            for name, model in self.env.registry.items()
            if name.startswith("lapor.") and model._original_module != "lapor_base"
        ]
        foreign = re.compile(rf'"({"|".join(others)})"') if others else FOREIGN

        def record(cursor, query, *args, **kwargs):
            queries.append(str(getattr(query, "code", query)))
            return execute(cursor, query, *args, **kwargs)

        self.env.flush_all()
        with patch.object(Cursor, "execute", record):
            yield
            self.env.flush_all()
        own = [
            query for query in queries if not foreign.search(query) and not FOREIGN.search(query)
        ]
        # The other addons read a little more of the same tables.
        bound += 6 if others else 0
        if self.warm:
            self.assertLessEqual(len(own), bound, "\n".join(query[:150] for query in own))

    def _values(self, count):
        return [
            {
                "name": f"Jalan berlubang {number}",
                "description": "Jalan di depan pasar berlubang besar.",
                "category_id": self.category.id,
                "is_anonymous": True,
            }
            for number in range(count)
        ]

    def _complaints(self, count):
        complaints = (
            self.env["lapor.complaint"].with_user(self.operator).create(self._values(count))
        )
        self.env.flush_all()
        self.env.invalidate_all()
        return complaints

    def _advance_all(self, complaints, user, **evidence):
        complaints.with_user(user).action_advance(self._arrow(complaints[0]).id, **evidence)

    @warmup
    def test_keying_in_one_complaint(self):
        Complaint = self.env["lapor.complaint"].with_user(self.operator)
        values = self._values(1)
        with self._assert_queries(42):
            Complaint.create(values)

    @warmup
    def test_keying_in_twenty_complaints(self):
        Complaint = self.env["lapor.complaint"].with_user(self.operator)
        values = self._values(20)
        with self._assert_queries(80):
            Complaint.create(values)

    @warmup
    def test_taking_one_forward_step(self):
        complaint = self._complaints(1)
        with self._assert_queries(45):
            self._advance_all(complaint, self.operator)

    @warmup
    def test_taking_twenty_cases_a_step_forward_in_one_call(self):
        complaints = self._complaints(20)
        with self._assert_queries(46):
            self._advance_all(complaints, self.operator)

    @warmup
    def test_issuing_one_disposition(self):
        complaint = self._complaints(1)
        self._advance_all(complaint, self.operator)
        self.env.flush_all()
        self.env.invalidate_all()
        with self._assert_queries(77):
            lead = {"lead_position_id": self.engineer_position.id, "note": "Tinjau"}
            self._advance_all(complaint, self.head, disposition=lead)

    @warmup
    def test_disposing_ten_cases_by_one_dialog(self):
        """Each case is a transaction of its own inside, so it costs what one alone costs."""
        complaints = self._complaints(10)
        self._advance_all(complaints, self.operator)
        wizard = (
            self.env["lapor.disposition.mass"]
            .with_user(self.head)
            .create(
                {
                    "complaint_ids": complaints.ids,
                    "lead_position_id": self.engineer_position.id,
                    "disposition_note": "Tinjau",
                }
            )
        )
        self.env.flush_all()
        self.env.invalidate_all()
        with self._assert_queries(600):
            wizard.action_confirm()

    @warmup
    def test_opening_the_form_of_what_was_handed_to_one(self):
        """Noting that it was read costs one look, and one write the first time."""
        complaint = self._complaints(1)
        self._advance_all(complaint, self.operator)
        lead = {"lead_position_id": self.engineer_position.id, "note": "Tinjau"}
        self._advance_all(complaint, self.head, disposition=lead)
        own = complaint.with_user(self.engineer)
        form = {"description": {}, "number": {}}
        own.web_read(form)
        self.env.flush_all()
        self.env.invalidate_all()
        with self._assert_queries(1):
            own.web_read(form)

    @warmup
    def test_reading_a_page_of_the_board(self):
        """What the board asks for eighty cards, as an officer of an OPD."""
        complaints = self._complaints(80)
        self._advance_all(complaints, self.operator)
        lead = {"lead_position_id": self.engineer_position.id, "note": "Tinjau"}
        self._advance_all(complaints, self.head, disposition=lead)
        self.env.flush_all()
        self.env.invalidate_all()
        specification = {
            name: {}
            for name in ("number", "name", "phase", "step_name", "age_days", "progress", "can_act")
        }
        specification["current_user_id"] = {"fields": {"display_name": {}}}
        specification["complainant_id"] = {"fields": {"display_name": {}}}
        board = self.env["lapor.complaint"].with_user(self.engineer)
        with self._assert_queries(10):
            board.web_search_read([], specification, limit=80)

    # Acts beside the SOP, for one case and, where a list offers them, for twenty in one call

    def _side_acts(self, complaints):
        """Acts of the operator on cases that are at their first step, by name."""
        own = complaints.with_user(self.operator)
        reason = self.env["lapor.archive.reason"].search([], limit=1).id
        items = self._items()
        return {
            "hold": lambda: own.action_hold(items, delivery_note="Ditelepon"),
            "withdraw": lambda: own.action_withdraw("Ditelepon"),
            "archive": lambda: own.action_archive_case(reason, "Rangkap"),
            "hand over": lambda: own.action_hand_over(self.operator2_position.id, "Rapat"),
            "take over": lambda: complaints.with_user(self.operator2).action_take_over("Rapat"),
            "reveal": lambda: own.action_reveal_identity("Menelepon pelapor"),
        }

    def _measure(self, bounds, count):
        for name, bound in bounds.items():
            with self.subTest(name):
                complaints = self._complaints(count)
                if name == "reveal":
                    complaints = self._make_complaint(is_anonymous=True)
                act = self._side_acts(complaints)[name]
                self.env.flush_all()
                self.env.invalidate_all()
                with self._assert_queries(bound):
                    act()

    @warmup
    def test_side_acts_on_one_case(self):
        self._measure(ONE, 1)

    @warmup
    def test_side_acts_on_twenty_cases(self):
        self._measure(TWENTY, 20)

    @warmup
    def test_resuming_and_reopening(self):
        complaints = self._complaints(20)
        own = complaints.with_user(self.operator)
        for complaint in own:
            complaint.action_hold(self._items(), delivery_note="Ditelepon")
        self.env.flush_all()
        self.env.invalidate_all()
        with self._assert_queries(RESUME_TWENTY):
            own.action_resume()
        own[0].action_withdraw("Ditelepon")
        self.env.flush_all()
        self.env.invalidate_all()
        with self._assert_queries(REOPEN):
            own[0].action_reopen("Belum selesai")

    @warmup
    def test_merging_one_and_nineteen(self):
        for count, bound in ((2, MERGE_ONE), (20, MERGE_NINETEEN)):
            with self.subTest(count):
                own = self._complaints(count).with_user(self.operator)
                main = own[0].id
                self.env.flush_all()
                self.env.invalidate_all()
                with self._assert_queries(bound):
                    own.action_merge(main)

    @warmup
    def test_giving_back_one_and_twenty_that_came_to_the_wrong_office(self):
        for count, bound in ((1, MISROUTE_ONE), (20, MISROUTE_TWENTY)):
            with self.subTest(count):
                complaints = self._complaints(count)
                self._advance_all(complaints, self.operator)
                lead = {"lead_position_id": self.engineer_position.id, "note": "Tinjau"}
                self._advance_all(complaints, self.head, disposition=lead)
                self.env.flush_all()
                self.env.invalidate_all()
                with self._assert_queries(bound):
                    complaints.with_user(self.engineer).action_refuse_authority("Jalan provinsi")
