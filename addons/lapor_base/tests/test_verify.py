from unittest.mock import patch

from psycopg2 import DatabaseError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..models import lapor_event, lapor_event_anchor
from . import common

# Papers without their events are named besides.
CHAINS = ("lapor.event", "lapor.event.anchor")


@tagged("post_install", "-at_install")
class TestVerify(common.LaporCase):
    """Verifying all evidence names what is broken; anchors show what a chain cannot."""

    def setUp(self):
        super().setUp()
        self.complaint = self._make_complaint()
        self._walk_to(self.complaint, "3")
        self.other = self._make_complaint()
        self.Event = self.env["lapor.event"]
        self.Anchor = self.env["lapor.event.anchor"]

    def _tamper(self, *statements):
        """Change rows behind the program's back, as an owner of the database could."""
        self.env.flush_all()
        for table in ("lapor_event", "lapor_event_anchor"):
            self.env.cr.execute(SQL("ALTER TABLE %s DISABLE TRIGGER USER", SQL.identifier(table)))
        for statement in statements:
            self.env.cr.execute(statement)
        for table in ("lapor_event", "lapor_event_anchor"):
            self.env.cr.execute(SQL("ALTER TABLE %s ENABLE TRIGGER USER", SQL.identifier(table)))
        self.env.invalidate_all()

    def _broken(self):
        ours = (self.complaint | self.other).mapped("number")
        return [
            (one["number"], one["sequence"], one["reason"])
            for one in self.Event._verify()["broken"]
            if one["model"] in CHAINS and (one["number"] in ours or one["reason"] == "anchor")
        ]

    def _cut_tail(self):
        self._tamper(
            SQL(
                "DELETE FROM lapor_event WHERE complaint_id = %s AND sequence >= 5",
                self.complaint.id,
            )
        )

    def test_each_kind_of_break_is_named_with_number_and_event(self):
        event = self.complaint.event_ids[2]
        for statement, reason in (
            (SQL("UPDATE lapor_event SET code = 'closed' WHERE id = %s", event.id), "facts"),
            (SQL("DELETE FROM lapor_event WHERE id = %s", event.id), "gap"),
            (
                SQL("UPDATE lapor_event SET previous_hash = 'x' WHERE id = %s", event.id),
                "order",
            ),
        ):
            with self.subTest(reason), self.env.cr.savepoint() as savepoint:
                self._tamper(statement)
                self.assertEqual(self._broken(), [(self.complaint.number, 3, reason)])
                sentence = self.Event._verify()["broken"][-1]["sentence"]
                self.assertIn(f"{self.complaint.number}, event 3", sentence)
                savepoint.rollback()
            self.env.invalidate_all()
        self.assertEqual(self._broken(), [])

    def test_events_are_read_in_batches(self):
        expected = list(self.Event._links())
        with patch.object(lapor_event, "BATCH", 3):
            self.assertEqual(list(self.Event._links()), expected)
            self.assertEqual(self._broken(), [])

    def test_cut_tail_shows_by_an_anchor_only(self):
        with self.env.cr.savepoint() as savepoint:
            self._cut_tail()
            # A chain without its end is a chain.
            self.assertEqual(self._broken(), [])
            savepoint.rollback()
        self.env.invalidate_all()
        last = self.complaint.event_ids[-1].sequence
        self.Anchor._anchor()
        self.assertEqual(self._broken(), [])
        self._cut_tail()
        self.assertEqual(self._broken(), [(self.complaint.number, last, "cut")])

    def test_chain_written_anew_shows_by_an_anchor_only(self):
        self.Anchor._anchor()
        events = self.other.event_ids
        vals = [
            {
                "complaint_id": self.other.id,
                "sequence": event.sequence,
                "code": event.code,
                "at": event.at,
                "user_id": self.head.id,
                "position_id": event.position_id.id,
                "visit_id": event.visit_id.id,
                "data": event.data,
                "proofs": event.sudo().proofs,
            }
            for event in events
        ]
        previous, statements = "", []
        for event, facts in zip(events, vals, strict=True):
            digest = lapor_event.event_hash(previous, self.Event._facts(facts))
            statements.append(
                SQL(
                    "UPDATE lapor_event SET user_id = %s, previous_hash = %s, hash = %s "
                    "WHERE id = %s",
                    self.head.id,
                    previous,
                    digest,
                    event.id,
                )
            )
            previous = digest
        self._tamper(*statements)
        self.assertEqual(self.Event._verify_chains(self.other), {})
        self.assertEqual(self._broken(), [(self.other.number, events[-1].sequence, "rewritten")])

    def test_anchors_are_a_chain_and_cover_what_has_grown(self):
        with patch.object(lapor_event_anchor, "HEADS", 1):
            first = self.Anchor._anchor()
            self.assertGreaterEqual(len(first), 2)
        self.assertFalse(self.Anchor._anchor())
        self._walk_to(self.complaint, "4")
        second = self.Anchor._anchor()
        self.assertEqual(list(second.heads), [str(self.complaint.id)])
        self.assertEqual(second.previous_hash, first[-1].digest)
        self.assertEqual(self._broken(), [])
        self._tamper(SQL("UPDATE lapor_event_anchor SET heads = '{}' WHERE id = %s", second.id))
        self.assertEqual([reason for _n, _s, reason in self._broken()], ["anchor"])

    def test_event_that_appears_late_is_anchored(self):
        """One with a smaller id than the newest, whose transaction took longer."""
        late = self.complaint.event_ids[-1]
        execute = type(self.env).execute_query
        # As if it could not be seen when the anchor was made.
        with patch.object(
            type(self.env),
            "execute_query",
            lambda env, query: [row for row in execute(env, query) if row[0] != self.complaint.id],
        ):
            first = self.Anchor._anchor()
        self.assertNotIn(str(self.complaint.id), first.heads)
        self.assertGreater(max(self.other.event_ids.ids), late.id)
        second = self.Anchor._anchor()
        self.assertEqual(second.heads, {str(self.complaint.id): [late.sequence, late.hash]})

    @mute_logger("odoo.sql_db")
    def test_anchors_are_changed_by_nobody(self):
        anchor = self.Anchor._anchor()[-1]
        for own in (anchor, anchor.with_user(self.administrator)):
            for attempt in (lambda a=own: a.write({"digest": "x"}), lambda a=own: a.unlink()):
                with self.assertRaises(UserError):
                    attempt()
        for statement in (
            SQL("UPDATE lapor_event_anchor SET digest = 'x' WHERE id = %s", anchor.id),
            SQL("DELETE FROM lapor_event_anchor WHERE id = %s", anchor.id),
        ):
            with self.assertRaises(DatabaseError), self.env.cr.savepoint():
                self.env.cr.execute(statement)

    def test_administrator_verifies_on_the_screen_without_seeing_the_cases(self):
        self.complaint.is_misconduct = True
        Event = self.Event.with_user(self.administrator)
        self.assertEqual(Event.action_verify()["params"]["type"], "success")
        self._tamper(
            SQL("UPDATE lapor_event SET code = 'closed' WHERE id = %s", self.other.event_ids[0].id)
        )
        params = Event.action_verify()["params"]
        self.assertEqual(params["type"], "danger")
        self.assertIn(self.other.number, params["message"])
        for user in (self.operator, self.head):
            with self.assertRaises(AccessError):
                self.Event.with_user(user).action_verify()

    def test_newest_fingerprint_goes_to_the_inspectorate_every_day(self):
        """By mail and inside; it tells numbers and the fingerprint, nothing of a case."""
        before = self.env["mail.mail"].search([])
        self.Anchor._cron_tell()
        newest = self.Anchor.search([], limit=1)
        self.assertEqual(self.Anchor._inspectors()[self.company], self.inspector)
        notice = self.env["mail.message"].search(
            [("partner_ids", "in", self.inspector.partner_id.ids)], order="id desc", limit=1
        )
        mails = self.env["mail.mail"].search([]) - before
        ours = mails.filtered(
            lambda mail: (
                self.inspector.email in (mail.email_to or "")
                or self.inspector.partner_id in mail.recipient_ids
            )
        )
        self.assertTrue(ours)
        for body in (notice.body, *ours.mapped("body_html")):
            self.assertIn(newest.digest, body)
            self.assertNotIn(self.complaint.number, body)
            self.assertNotIn(self.complaint.name, body)
        others = self.operator | self.head | self.outsider
        self.assertFalse(notice.partner_ids & others.partner_id)
