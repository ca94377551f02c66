import json

from psycopg2 import DatabaseError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from . import common
from .soundness import replay, standing

MAIN_PATH = [
    "received",
    "step_opened",
    "step_done",
    "step_opened",
    "disposition",
    "step_done",
    "step_opened",
    "response_drafted",
    "step_done",
    "step_opened",
    "response_signed",
    "step_done",
    "step_opened",
    "response_delivered",
    "step_done",
    "closed",
]


@tagged("post_install", "-at_install")
class TestEvents(common.LaporCase):
    """Every act leaves its fact, and no fact can be changed afterwards."""

    def _codes(self, complaint):
        self.env.invalidate_all()
        return complaint.event_ids.mapped("code")

    def _assert_replays(self, complaint):
        self.env.invalidate_all()
        self.assertEqual(replay(complaint.event_ids), standing(complaint))

    # What is recorded

    def test_each_act_of_the_main_path_leaves_its_event(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, None)
        self.assertEqual(self._codes(complaint), MAIN_PATH)
        self.assertEqual(complaint.event_ids.mapped("sequence"), list(range(1, 17)))

    def test_events_say_who_did_it_and_in_which_position(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, None)
        done = complaint.event_ids.filtered(lambda event: event.code == "step_done")
        self.assertEqual(
            [(event.user_id, event.position_id) for event in done],
            [
                (self.operator, self.operator_position),
                (self.head, self.head_position),
                (self.engineer, self.engineer_position),
                (self.opd_head, self.opd_head_position),
                (self.operator, self.operator_position),
            ],
        )
        self.assertEqual(done.visit_id, complaint.step_ids)
        self.assertEqual(
            [event.data["transition"] for event in done],
            complaint.step_ids.mapped("transition_id.id"),
        )

    def test_return_hand_over_and_data_leave_their_events(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, "4")
        count = len(complaint.event_ids)
        self._advance(complaint, self.opd_head, "return", note="Sebutkan tanggal")
        self.engineer_position.user_id = self.outsider
        complaint.name = "Jalan dan selokan"
        self.assertEqual(
            self._codes(complaint)[count:],
            ["response_returned", "step_done", "step_opened", "reassigned", "data_changed"],
        )
        returned, left, _opened, passed, changed = complaint.event_ids[count:]
        self.assertEqual(returned.data["response"], complaint.response_ids.id)
        self.assertEqual(
            (left.data["kind"], left.data["note"]), ("return", self._sealed("Sebutkan tanggal"))
        )
        self.assertEqual(passed.data, {"from": self.engineer.id, "to": self.outsider.id})
        version = complaint.version_ids[-1]
        self.assertEqual(changed.data, {"fields": ["name"], "words": version.hash})

    def test_complaint_without_sop_says_so(self):
        self.sop.action_retire()
        complaint = self._make_complaint()
        self.assertEqual(self._codes(complaint), ["sop_missing"])
        self._assert_replays(complaint)
        self._make_sop(name="Baru")
        complaint.with_user(self.operator).action_enter_sop()
        self._assert_replays(complaint)

    def test_replaying_the_events_gives_where_the_case_stands(self):
        complaint = self._make_complaint()
        for number in ("1", "2", "3", "4", "5", None):
            self._walk_to(complaint, number)
            self._assert_replays(complaint)
        other = self._make_complaint()
        self._walk_to(other, "4")
        self._advance(other, self.opd_head, "return", note="Lengkapi")
        self._assert_replays(other)
        self.engineer_position.user_id = False
        self._assert_replays(other)
        self.engineer_position.user_id = self.outsider
        self._assert_replays(other)

    def test_events_of_several_cases_in_one_call_are_chained_each(self):
        complaints = self._make_complaint() | self._make_complaint() | self._make_complaint()
        complaints.with_user(self.operator).action_advance(self._arrow(complaints[0]).id)
        self.assertEqual(
            complaints[1].event_ids.mapped("code"),
            ["received", "step_opened", "step_done", "step_opened"],
        )
        self.assertEqual(self.env["lapor.event"]._verify_chains(complaints), {})

    def test_nothing_is_recorded_of_a_move_that_was_refused(self):
        complaint = self._make_complaint()
        with self.assertRaises(AccessError):
            self._advance(complaint, self.head)
        self.assertEqual(self._codes(complaint), ["received", "step_opened"])

    def test_no_identity_of_the_complainant_stands_in_an_event(self):
        complaint = self._make_complaint(channel_id=self.env.ref("lapor_base.channel_email").id)
        secrets = {
            "name": "Budi Santoso",
            "email": "budi@warga.example",
            "phone": "081234567890",
            "nik": "6311010101800001",
            "address": "Jalan Melati 5",
        }
        complaint.complainant_id.write(secrets)
        with self.mock_mail_gateway():
            self._walk_to(complaint, "5")
            self._advance(complaint, self.operator, "close", delivery={})
        complaint.event_ids.flush_recordset()
        self.env.cr.execute(
            SQL(
                "SELECT row_to_json(e)::text FROM lapor_event e WHERE complaint_id = %s",
                complaint.id,
            )
        )
        rows = " ".join(row for (row,) in self.env.cr.fetchall())
        self.assertIn("response_delivered", rows)
        for secret in (*secrets.values(), complaint.sudo().tracking_code, complaint.name):
            self.assertNotIn(secret, rows)
        self.assertNotIn(f'"complainant": {complaint.complainant_id.id}', rows)

    # Nothing is changed afterwards

    def test_events_can_be_written_changed_or_removed_by_nobody(self):
        events = self._make_complaint().event_ids
        users = (self.env.ref("base.user_root"), self.administrator, self.operator, self.head)
        for user in users:
            own = events.with_user(user)
            for attempt in (
                lambda own=own: own.write({"code": "closed"}),
                lambda own=own: own.write({}),
                lambda own=own: own.unlink(),
                lambda own=own: own[0].copy(),
                lambda own=own: own.create([{"complaint_id": events.complaint_id.id}]),
            ):
                with self.subTest(user.login), self.assertRaises(UserError):
                    attempt()
        for attempt in (
            lambda: events.sudo().write({"at": "2020-01-01 00:00:00"}),
            lambda: events.sudo().unlink(),
        ):
            with self.assertRaises(UserError):
                attempt()

    @mute_logger("odoo.sql_db")
    def test_database_refuses_changes_too(self):
        event = self._make_complaint().event_ids[0]
        self.env.flush_all()
        for statement in (
            SQL("UPDATE lapor_event SET code = 'closed' WHERE id = %s", event.id),
            SQL("UPDATE lapor_event SET data = '{}'"),
            SQL("DELETE FROM lapor_event WHERE id = %s", event.id),
            SQL("TRUNCATE lapor_event"),
        ):
            with self.subTest(statement.code), self.assertRaises(DatabaseError) as caught:
                self.env.cr.execute(statement)
            self.assertIn("append-only", str(caught.exception))
        self.assertTrue(event.exists())

    def test_complaint_with_events_cannot_leave_the_database(self):
        complaint = self._make_complaint()
        self.env.flush_all()
        with mute_logger("odoo.sql_db"), self.assertRaises(DatabaseError):
            self.env.cr.execute(SQL("DELETE FROM lapor_complaint WHERE id = %s", complaint.id))

    # The chain

    def _tamper(self, *statements):
        """Change events behind the program's back, as an owner of the database could."""
        self.env.flush_all()
        self.env.cr.execute(SQL("ALTER TABLE lapor_event DISABLE TRIGGER USER"))
        for statement in statements:
            self.env.cr.execute(statement)
        self.env.cr.execute(SQL("ALTER TABLE lapor_event ENABLE TRIGGER USER"))
        self.env.invalidate_all()

    def test_untouched_chains_hold(self):
        first, second = self._make_complaint(), self._make_complaint()
        self._walk_to(first, None)
        Event = self.env["lapor.event"]
        self.assertEqual(Event._verify_chains(first | second), {})
        self.assertNotIn(first.id, Event._verify_chains())

    def test_every_changed_part_of_an_event_is_found(self):
        complaint, other = self._make_complaint(), self._make_complaint()
        self._walk_to(complaint, "3")
        event = complaint.event_ids[2]
        changes = {
            "code": "'closed'",
            "data": '\'{"note": "palsu"}\'',
            "at": "at - interval '1 day'",
            "user_id": str(self.outsider.id),
            "position_id": str(self.outsider_position.id),
            "visit_id": str(other.step_ids.id),
            "hash": f"'{'0' * 64}'",
            "previous_hash": f"'{'0' * 64}'",
        }
        for column, value in changes.items():
            with self.subTest(column), self.env.cr.savepoint() as savepoint:
                statement = f"UPDATE lapor_event SET {column} = {value} WHERE id = {event.id}"
                self._tamper(SQL(statement))
                self.assertEqual(
                    self.env["lapor.event"]._verify_chains(complaint | other), {complaint.id: 3}
                )
                savepoint.rollback()
            self.env.invalidate_all()
        self.assertEqual(self.env["lapor.event"]._verify_chains(complaint | other), {})

    def test_removed_and_swapped_events_are_found(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, "3")
        second, third = complaint.event_ids[1:3]
        for statements, broken in (
            ([SQL("DELETE FROM lapor_event WHERE id = %s", second.id)], 2),
            (
                [
                    SQL("UPDATE lapor_event SET sequence = 99 WHERE id = %s", second.id),
                    SQL("UPDATE lapor_event SET sequence = 2 WHERE id = %s", third.id),
                    SQL("UPDATE lapor_event SET sequence = 3 WHERE id = %s", second.id),
                ],
                2,
            ),
        ):
            with self.env.cr.savepoint() as savepoint:
                self._tamper(*statements)
                self.assertEqual(
                    self.env["lapor.event"]._verify_chains(complaint), {complaint.id: broken}
                )
                savepoint.rollback()
            self.env.invalidate_all()

    def test_events_moved_to_another_case_are_found_in_it(self):
        first, second = self._make_complaint(), self._make_complaint()
        self._walk_to(first, "3")
        self._tamper(
            SQL("DELETE FROM lapor_event WHERE complaint_id = %s", second.id),
            SQL(
                "UPDATE lapor_event SET complaint_id = %s WHERE complaint_id = %s",
                second.id,
                first.id,
            ),
        )
        self.assertEqual(self.env["lapor.event"]._verify_chains(second), {second.id: 1})

    def test_facts_survive_the_way_through_the_database(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, "2")
        self._advance(
            complaint,
            self.head,
            "return",
            note='Kutip "ini" \\ ’ 😡 السلام\nbaris dua',
        )
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.env["lapor.event"]._verify_chains(complaint), {})
        note = complaint.event_ids.filtered(lambda event: event.data.get("note")).data["note"]
        self.assertEqual(json.loads(json.dumps(note)), self._sealed(complaint.step_ids[1].note))
