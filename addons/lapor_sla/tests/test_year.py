import random
from datetime import timedelta

import pytest

from odoo.tests import tagged

from .common import SlaCase, wib


@tagged("post_install", "-at_install")
class TestYear(SlaCase):
    """Cases that come, wait, are held, returned and closed over months, with holidays that are
    announced late: what must hold at every end."""

    def moves(self, case, rng):
        """One act of an office, picked by chance."""
        visit = case.sudo().current_step_id
        number = visit.sop_step_id.number
        if case.sudo().hold_id:
            case.with_user(visit.user_id).action_resume()
        elif rng.random() < 0.2:
            case.with_user(visit.user_id).action_hold([], note="Foto", delivery_note="Telepon")
        elif number in "24" and rng.random() < 0.3:
            self._advance(case, visit.user_id, "return", note="Belum lengkap")
        else:
            following = {"1": "2", "2": "3", "3": "4", "4": "5", "5": None}[number]
            self._walk_to(case, following)

    @pytest.mark.slow
    def test_what_must_hold(self):
        rng = random.Random(7)
        moment = wib("2026-01-05 08:00")
        cases = []
        for turn in range(70):
            moment += timedelta(minutes=rng.randrange(20, 3000))
            with self.at(f"{moment + timedelta(hours=7):%Y-%m-%d %H:%M}"):
                if len(cases) < 10 and turn % 4 == 0:
                    cases.append(self._make_complaint())
                elif turn % 20 == 10:
                    self.env["lapor.holiday"].create(
                        {"date": (moment + timedelta(days=3)).date(), "name": f"Libur {turn}"}
                    )
                else:
                    running = [case for case in cases if case.sudo().current_step_id]
                    if running:
                        self.moves(rng.choice(running), rng)
                self.env.flush_all()
                with self.enter_registry_test_mode():
                    self.env.ref("lapor_sla.ir_cron_escalate").method_direct_trigger()
        for case in cases:
            self.check(case.sudo())

    def check(self, case):
        clocks = case.clock_ids
        running = clocks.filtered(lambda clock: clock.state != "stopped")
        for clock in clocks:
            stopped = clock.state == "stopped"
            self.assertEqual(stopped, bool(clock.stopped_at and clock.result))
            for pause in clock.pause_ids:
                self.assertGreaterEqual(pause.started_at, clock.started_at)
                if stopped:
                    self.assertLessEqual(pause.ended_at, clock.stopped_at)
            if stopped:
                span = (clock.stopped_at - clock.started_at).total_seconds() / 60
                self.assertLessEqual(clock.used_minutes, span)
                if clock.result == "late":
                    self.assertGreater(clock.stopped_at, clock.due_at)
            levels = clock.escalation_ids.rule_id
            self.assertEqual(len(levels), len(clock.escalation_ids))
        step_clocks = running.filtered(lambda clock: clock.kind == "step")
        self.assertEqual(step_clocks.visit_id, case.current_step_id)
        if case.phase == "closed":
            self.assertFalse(running)
            self.assertFalse(case.due_at)
        else:
            due = running.filtered(lambda clock: clock.state == "running" and clock.due_at)
            self.assertEqual(case.due_at, min(due.mapped("due_at"), default=False))
            self.assertEqual(case.current_step_id.due_at, step_clocks.due_at)
        self.assertFalse(self.env["lapor.event"]._verify_chains(case))
