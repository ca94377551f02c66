import os
from collections import Counter
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import BaseCase, tagged

from ..models.lapor_sop_transition import OUTCOMES
from ..tools.case_account import CODES, DONE, Account, Fact, after, replay
from . import common
from .odd_month import OddMonth
from .random_sops import RandomOffice

SEEDS = int(os.environ.get("LAPOR_SEEDS") or 6)
ACTS = 70
MOMENTS = (
    "forwarded_at",
    "followed_up_at",
    "answered_at",
    "first_followed_up_at",
    "first_answered_at",
)


def facts(*told):
    """Facts an hour apart."""
    begin = datetime(2026, 1, 5, 8)
    return [
        Fact(code, begin + timedelta(hours=number), data)
        for number, (code, data) in enumerate(told)
    ]


RECEIVED = ("received", {"unit": None})
AT_INTAKE = ("step_opened", {"step": 1, "phase": "intake"})
GIVEN = ("disposition", {"unit": 7})
AT_WORK = ("step_opened", {"step": 3, "phase": "handling"})
WORKED = ("step_done", {"step": 3, "kind": "forward", "to": 4})
ANSWERED = ("response_delivered", {"kind": "final", "response": 9})


@tagged("post_install", "-at_install")
class TestAccount(BaseCase):
    """What the words mean, without a database."""

    def account(self, *told):
        return replay(facts(*told))

    def test_status_at_each_moment(self):
        told = facts(
            RECEIVED,
            AT_INTAKE,
            GIVEN,
            AT_WORK,
            WORKED,
            ANSWERED,
            ("closed", {"outcome": "handled"}),
        )
        account, seen = Account(), []
        for fact in told:
            account = after(account, fact)
            seen.append(account.status)
        self.assertEqual(
            seen,
            ["waiting", "waiting", "disposed", "disposed", "process", "process", "done"],
        )
        for number, status in enumerate(seen):
            moment = told[number].at + timedelta(seconds=1)
            self.assertEqual(replay(told, moment).status, status)

    def test_only_an_answer_answers(self):
        for kind in ("ack", "request", "reminder", "notice", "handover", "out_of_authority"):
            account = self.account(
                RECEIVED, AT_INTAKE, GIVEN, ("response_delivered", {"kind": kind, "response": 1})
            )
            self.assertFalse(account.answered_at or account.followed_up_at, kind)
            self.assertEqual(account.status, "disposed", kind)
        interim = self.account(RECEIVED, GIVEN, ("response_delivered", {"kind": "interim"}))
        self.assertTrue(interim.followed_up_at and not interim.answered_at)

    def test_every_end_is_done_or_an_end_of_its_own(self):
        for outcome, _label in OUTCOMES:
            account = self.account(RECEIVED, AT_INTAKE, ("closed", {"outcome": outcome}))
            self.assertEqual(account.is_done, outcome in DONE, outcome)
            self.assertEqual(bool(account.followed_up_at), outcome in DONE, outcome)
        answered = self.account(RECEIVED, ANSWERED, ("closed", {"outcome": "insufficient"}))
        self.assertEqual(answered.status, "done")

    def test_step_that_ends_the_case_unhandled_is_no_follow_up(self):
        ended = {"step": 3, "kind": "close", "to": None}
        account = self.account(
            RECEIVED, GIVEN, AT_WORK, ("step_done", ended), ("closed", {"outcome": "duplicate"})
        )
        self.assertFalse(account.followed_up_at)

    def test_what_was_given_back_was_not_followed_up(self):
        for code in ("authority_refused", "category_disputed"):
            account = self.account(RECEIVED, AT_INTAKE, GIVEN, AT_WORK, WORKED, (code, {"unit": 7}))
            self.assertFalse(account.followed_up_at or account.unit, code)
            self.assertEqual(account.status, "waiting")
            # It was forwarded all the same: the time for that is over.
            self.assertTrue(account.forwarded_at)

    def test_hold_ends_with_the_case(self):
        held = (RECEIVED, AT_INTAKE, ("held", {}))
        self.assertEqual(self.account(*held).status, "pending")
        closed = ("closed", {"outcome": "withdrawn"})
        again = ("reopened", {"mistake": True, "phase": "intake"})
        self.assertEqual(self.account(*held, closed, again).status, "waiting")

    def test_closing_by_mistake_never_was(self):
        before = (RECEIVED, AT_INTAKE, GIVEN, AT_WORK, WORKED, ANSWERED)
        account = self.account(
            *before,
            ("closed", {"outcome": "withdrawn"}),
            ("reopened", {"mistake": True, "phase": "handling"}),
        )
        self.assertEqual(account, self.account(*before))

    def test_reopening_begins_a_round(self):
        done = (RECEIVED, AT_INTAKE, GIVEN, AT_WORK, WORKED, ANSWERED)
        closed = ("closed", {"outcome": "handled"})
        again = ("reopened", {"mistake": False, "phase": "handling"})
        account = self.account(*done, closed, again, AT_WORK)
        self.assertEqual((account.status, account.rounds), ("disposed", 2))
        self.assertFalse(account.answered_at or account.followed_up_at)
        self.assertTrue(account.first_answered_at and account.first_followed_up_at)
        # It is where the office that handles it had it: nothing is verified and forwarded anew.
        self.assertEqual(account.forwarded_at, account.round_at + timedelta(hours=1))
        verified_anew = self.account(*done, closed, again, AT_INTAKE)
        self.assertFalse(verified_anew.forwarded_at)
        self.assertEqual(verified_anew.status, "waiting")

    def test_account_can_be_kept_and_continued(self):
        told = facts(RECEIVED, AT_INTAKE, GIVEN, AT_WORK, ("held", {}), ("resumed", {}), WORKED)
        kept = Account()
        for fact in told:
            kept = Account.from_json(after(kept, fact).to_json())
        self.assertEqual(kept, replay(told))

    def test_late_is_open_not_held_and_past_its_date(self):
        due, later = datetime(2026, 1, 6), datetime(2026, 1, 7)
        self.assertTrue(self.account(RECEIVED).is_late(due, later))
        self.assertFalse(self.account(RECEIVED).is_late(due, due))
        self.assertFalse(self.account(RECEIVED).is_late(None, later))
        self.assertFalse(self.account(RECEIVED, ("held", {})).is_late(due, later))
        closed = self.account(RECEIVED, ("closed", {"outcome": "handled"}))
        self.assertFalse(closed.is_late(due, later))


@tagged("post_install", "-at_install")
class TestAccountOfCases(common.LaporCase):
    """Whatever is done to a case on whatever SOP: its fields say what its events say."""

    def _disagreements(self, cases):
        cases.invalidate_recordset()
        found = []
        for case, account in cases._accounts().items():
            said = {
                "account": case.account or {},
                "status": case.sp4n_status,
                "phase": case.phase,
                "outcome": case.outcome or None,
                "ended_at": case.closed_at or None,
                "unit": case.unit_id.id or None,
                "is_held": case.is_on_hold,
                "rounds": 1
                + len(case.closing_ids.filtered("reopened_at"))
                - len(case.closing_ids.filtered("was_mistake")),
                **{name: case[name] or None for name in MOMENTS},
            }
            read = {
                **{name: getattr(account, name, None) for name in said},
                "account": account.to_json(),
                "is_held": bool(account.held_at),
            }
            if said != read:
                differing = {key: (said[key], read[key]) for key in said if said[key] != read[key]}
                found.append((case.number, differing, case.event_ids.mapped("code")))
        return found

    @contextmanager
    def _running_clock(self):
        """A clock that stands still until it is moved.

        :returns: what moves it, in minutes
        """
        with freeze_time("2026-01-05 02:00:00") as clock:
            now = patch.object(self.env.cr, "now", datetime.now)
            with now:
                yield lambda minutes: clock.tick(timedelta(minutes=minutes))

    @pytest.mark.slow
    def test_fields_say_what_the_events_say(self):
        seen = Counter()
        for seed in range(SEEDS):
            office = RandomOffice(self, 1000 + seed)
            with self._running_clock() as move:
                for number in range(ACTS):
                    move(office.random.choice((7, 90, 2000)))
                    _complaint, act = office.act()
                    try:
                        with self.env.cr.savepoint():
                            act()
                    except (AccessError, UserError, ValidationError):
                        self.env.invalidate_all()
                    self.env.flush_all()
                    cases = office.cases.sudo()
                    self.assertEqual(self._disagreements(cases), [], f"seed {seed}, act {number}")
                    seen.update(cases.mapped("sp4n_status"))
        self.assertLessEqual({"waiting", "disposed", "pending", "done", "archived"}, set(seen))

    def test_every_odd_course(self):
        with self._running_clock() as move:

            def step():
                move(50)
                self.env.flush_all()

            month = OddMonth(self, step)
            cases = self.env["lapor.complaint"].sudo().concat(*month.run().values())
        self.assertEqual(self._disagreements(cases), [])
        self.assertEqual(CODES - set(cases.event_ids.mapped("code")), {"sop_missing"})
        # What the screen says of each, written by hand.
        expected = {
            "waiting": "a_fresh a_registered category_confirmed category_disputed held_and_resumed "
            "interim_and_given_back merged_and_separated merged_and_waiting part_given_back "
            "refused refused_after_work reopened_at_the_register returned_by_the_sop",
            "disposed": "a_disposed class_changed held_withdrawn_and_reopened_by_mistake "
            "refused_and_disposed_anew refused_and_sent_back reopened_where_it_was_handled "
            "succeeded",
            "process": "a_drafted a_signed interim reopened_by_mistake",
            "pending": "held held_while_handled",
            "done": "a_handled not_proven promised promised_and_kept reopened_and_handled_again",
            "archived": "archived duplicate_by_the_sop held_and_deemed_withdrawn incomplete merged "
            "outside withdrawn",
        }
        for status, names in expected.items():
            for name in names.split():
                self.assertEqual(month.cases[name].sudo().sp4n_status, status, name)
        self.assertEqual(sum(len(names.split()) for names in expected.values()), len(month.cases))
        for name in ("refused", "part_given_back", "returned_by_the_sop", "refused_after_work"):
            self.assertFalse(month.cases[name].sudo().unit_id, name)
