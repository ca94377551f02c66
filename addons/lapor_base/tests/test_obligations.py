import os
from collections import Counter
from datetime import timedelta
from unittest.mock import patch

import pytest

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..tools.mail_reader import read_mail
from .mails import MailIntakeCase
from .random_sops import RandomOffice
from .soundness import unsound

# How many random offices to try: LAPOR_SEEDS=100 for a long look.
SEEDS = int(os.environ.get("LAPOR_SEEDS") or 5)
ACTS = 60
WROTE = "supporter_wrote"


class ObligedOffice(RandomOffice):
    """A random office that promises, asks, merges, splits and undoes more than others, and whose
    complainants write at any time."""

    def __init__(self, case, seed):
        super().__init__(case, seed)
        # Supporters whose complainants wrote, and closed cases: nobody has read it yet.
        self.unread, self.late_unread = set(), set()
        for _number in range(5):
            self._file()

    def act(self):
        alive = self.cases.sudo().filtered("current_step_id").sudo(False)
        if not alive or self.random.random() < 0.5:
            return super().act()
        complaint = self.random.choice(self.cases if self.random.random() < 0.3 else alive)
        draw = self.random.choice(
            [
                self._complainant_writes,
                self._complainant_writes,
                self._promise,
                self._due,
                self._merge_all,
                self._separate_one,
                self._end_main,
                self._undo_end,
                self._split,
                self._unsplit,
            ]
        )
        return complaint, draw(complaint)

    def _complainant_writes(self, complaint):
        raw = self.case._mail(text="Masih rusak, mohon dicek.", subject=f"[{complaint.number}]")
        case = complaint.sudo()

        def write():
            case._post_mail(read_mail(raw))
            if case.phase == "closed":
                self.late_unread.add(case.id)
            elif case.main_id:
                self.unread.add(case.id)

        return write

    def _promise(self, complaint):
        # In all time zones after today.
        day = fields.Date.today() + timedelta(days=self.random.randint(2, 9))
        return lambda: complaint.with_user(self.case.operator).action_promise("Ditambal", day)

    def _due(self, _complaint):
        promises = self.cases.sudo().promise_ids.filtered(lambda one: one.state == "open")

        later = fields.Datetime.now() + timedelta(days=30)

        def remind():
            # The office's day alone: events do not go back in time.
            with patch.object(self.case.env.registry["lapor.unit"], "_local_now", lambda _: later):
                for promise in promises:
                    promise._remind()

        return remind

    def _mains(self):
        return self.cases.sudo().filtered("supporter_count").sudo(False)

    def _merge_all(self, complaint):
        others = self._several(self.cases.sudo().filtered("current_step_id").sudo(False))
        return lambda: others.with_user(self.case.operator).action_merge(complaint.id)

    def _separate_one(self, complaint):
        case = self.random.choice(self.cases.sudo().filtered("main_id").sudo(False) or complaint)
        return lambda: case.with_user(self.case.operator).action_separate()

    def _end_main(self, complaint):
        main = self.random.choice(self._mains() or complaint).with_user(self.case.operator)
        reason = self.case.env["lapor.archive.reason"].search([], limit=1).id
        return self.random.choice(
            [
                lambda: main.action_archive_case(reason, "Rangkap"),
                lambda: main.action_withdraw("Ditelepon pelapor."),
            ]
        )

    def _undo_end(self, complaint):
        closed = self.cases.sudo().filtered(lambda case: case.phase == "closed").sudo(False)
        case = self.random.choice(closed or complaint).with_user(self.case.operator)
        mistake = self.random.random() < 0.7
        return lambda: case.action_reopen("Keliru", None, mistake)

    def _split(self, complaint):
        name = f"Hal lain {self.random.randint(1, 9)}"

        def split():
            user = self.case.operator
            second = complaint.with_user(user).action_split(name, self.case.category.id)
            self.cases |= second.with_user(self.case.env.user)

        return split

    def _unsplit(self, complaint):
        case = self.random.choice(
            self.cases.sudo().filtered("split_from_id").sudo(False) or complaint
        )
        return lambda: case.with_user(self.case.operator).action_unsplit()

    # ------------------------------------------------------------
    # WHAT IS OWED
    # ------------------------------------------------------------

    def forgotten(self):
        """What is promised, asked or told, and nobody would see: a list of sentences."""
        self.case.env.flush_all()
        self.case.env.invalidate_all()
        found = []
        for case in self.cases.sudo():
            found += [f"{case.number}: {what}" for what in self._forgotten_of(case)]
        return found

    def _forgotten_of(self, case):
        tasks = case._tasks()
        codes = set(tasks.mapped("lapor_task"))
        for task in tasks:
            if not self._is_seen(case, task):
                yield f"nobody sees the task “{task.lapor_task}”"
        for promise in case.promise_ids.filtered(lambda one: one.state == "open"):
            if case.promise_id != promise:
                yield "a promise is open, and the case does not know it"
            if promise.reminded_at and "promise_due" not in codes:
                yield "a promise is due, and nobody is reminded"
        hold = case.hold_id
        if hold and (case.phase == "closed" or not case.current_step_id.activity_ids):
            yield "its complainant is asked, and nobody waits for the answer"
        if hold.reply_waits_at and "hold_reply" not in codes:
            yield "what was asked for has come, and nobody looks"
        for response in case.response_ids.filtered("delivery_waits"):
            turn = response.delivery_ids.sorted("attempt")[-1:].turn_activity_id
            if not (turn.active and self._is_seen(case, turn)):
                yield "a text waits to be passed on, and nobody is asked to"
        yield from self._unread_of(case, codes)

    def _unread_of(self, case, codes):
        if case.id in self.late_unread and case.phase != "closed":
            self.late_unread.discard(case.id)
            if case.main_id:
                # Opened again along with its main one: nobody has looked at it.
                self.unread.add(case.id)
        if case.id in self.late_unread and "closed_reply" not in codes:
            yield "its complainant wrote after the closing, and nobody is asked"
        if case.phase == "closed" or case.main_id.phase == "closed":
            # Answered by somebody who had the task.
            self.unread.discard(case.id)
        if case.id in self.unread and WROTE not in set(
            (case.main_id or case)._tasks().mapped("lapor_task")
        ):
            yield "its complainant wrote, and nobody at work is asked to read it"

    def _is_seen(self, case, task):
        user = task.user_id
        if user:
            return user.active and case.with_user(user).has_access("read")
        # A step in the queue takes its tasks along; where nobody coordinates nobody can be asked.
        waits = task.lapor_with_step and not case.current_step_id.user_id
        return waits or not case._coordinating_positions().holder_id


@tagged("post_install", "-at_install")
class TestObligations(MailIntakeCase):
    """Through merges, separations, splits, ends, reopenings, successions and mistakes: whatever a
    complainant was promised, asked or told, and whatever he wrote, is somebody's visible task."""

    def _run(self, seed):
        office, kinds = ObligedOffice(self, seed), Counter()
        for number in range(ACTS):
            complaint, act = office.act()
            try:
                with self.mock_mail_gateway(), self.env.cr.savepoint():
                    act()
                kinds[act.__qualname__.split(".")[1]] += 1
            except (AccessError, UserError, ValidationError):
                self.env.invalidate_all()
            self.assertEqual(office.forgotten(), [], f"seed {seed}, act {number}: {act}")
            for case in complaint.sudo():
                self.assertEqual(unsound(case), [], f"seed {seed}, act {number}: {act}")
        return kinds

    @pytest.mark.slow
    def test_nothing_is_forgotten_through_random_acts(self):
        done = Counter()
        for seed in range(SEEDS):
            with self.subTest(seed=seed), self.env.cr.savepoint() as office:
                done += self._run(seed)
                # Each office begins with the same people in their positions.
                office.rollback()
            self.env.invalidate_all()
        for kind in ("_complainant_writes", "_merge_all", "_split", "_undo_end", "_promise"):
            self.assertGreater(done[kind], 0, kind)
