import os

import pytest

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from . import common
from .random_sops import RandomOffice
from .soundness import gaps, standing, unsound

# How many random offices to try: LAPOR_SEEDS=200 for a long look.
SEEDS = int(os.environ.get("LAPOR_SEEDS") or 6)
ACTS = 60


@tagged("post_install", "-at_install")
class TestRandomSops(common.LaporCase):
    """Whatever the SOP and whoever tries what: every case stays sound, and what is refused
    leaves no trace."""

    def _run(self, seed):
        office = RandomOffice(self, seed)
        done = refused = 0
        for number in range(ACTS):
            complaint, act = office.act()
            before = self._print(complaint)
            try:
                with self.env.cr.savepoint():
                    act()
                done += 1
            except (AccessError, UserError, ValidationError):
                self.env.invalidate_all()
                refused += 1
                self.assertEqual(self._print(complaint), before, f"seed {seed}, act {number}")
            self.env.flush_all()
            for case in complaint.sudo() or office.cases.sudo()[-1:]:
                self.assertEqual(unsound(case), [], f"seed {seed}, act {number}")
        return office, done, refused

    def _print(self, complaint):
        """What a refused act must leave as it is."""
        case = complaint.sudo()
        case.invalidate_recordset()
        return [
            (
                standing(one),
                one.hold_id.id,
                len(one.event_ids),
                len(one.message_ids),
                one.disposition_line_ids.mapped("state"),
                one.misroute_id.id,
                one.reopen_count,
                one.response_ids.mapped("state"),
            )
            for one in case
        ]

    @pytest.mark.slow
    def test_cases_stay_sound_through_random_acts_on_random_sops(self):
        done = refused = closed = 0
        for seed in range(SEEDS):
            with self.subTest(seed=seed):
                office, one_done, one_refused = self._run(seed)
                done, refused = done + one_done, refused + one_refused
                cases = office.cases.sudo()
                closed += len(cases.filtered(lambda case: case.phase == "closed"))
                self.assertEqual(len(set(cases.mapped("number"))), len(cases))
                offices = cases.disposition_ids.from_position_id.unit_id.office_id
                for unit in offices:
                    issued = self.env["lapor.disposition"].search(
                        [("from_position_id.unit_id.office_id", "=", unit.id)]
                    )
                    taken = [int(number) for number in issued.mapped("agenda_number")]
                    self.assertFalse(gaps(taken), f"{unit.name}: {sorted(taken)}")
        # Both sorts of acts were really tried, and cases came to an end.
        self.assertGreater(done, SEEDS * ACTS // 4)
        self.assertGreater(refused, SEEDS * ACTS // 20)
        self.assertGreater(closed, 0)
