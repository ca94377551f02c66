from datetime import datetime
from unittest.mock import patch

import pytest
from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .common import SlaCase
from .year import Year, faults, ticks


@tagged("post_install", "-at_install")
class TestYear(SlaCase):
    """A small office over months; ``./lapor bench year`` does the same with 10,000 complaints."""

    @pytest.mark.slow
    def test_what_must_hold(self):
        desk = self.env(user=self.operator)
        year = Year(self.env, desk, {"category_id": self.category.id}, seed=5)
        moments = ticks(datetime(2026, 1, 5), 28)
        with (
            freeze_time(moments[0]) as frozen,
            patch.object(self.env.cr, "now", fields.Datetime.now),
        ):
            for turn, moment in enumerate(moments):
                frozen.move_to(moment)
                year.live(arrivals=1 if turn < 30 else 0)
                self.env.flush_all()
                self.env.invalidate_all()
            self.assertEqual(faults(self.env, year.cases), [])
        self.assertEqual(len(year.cases), 30)
        clocks = year.cases.clock_ids
        # The replay has met what it is to prove.
        self.assertGreater(year.holidays, 0)
        self.assertTrue(clocks.pause_ids)
        self.assertTrue(clocks.escalation_ids)
        self.assertEqual(set(clocks.mapped("result")), {"late", "on_time", False})
        self.assertIn("closed", year.cases.mapped("phase"))
