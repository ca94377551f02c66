from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.addons.base.tests import test_ir_cron
from odoo.addons.lapor_base.tests import common


class SlaCase(common.LaporCase, test_ir_cron.CronMixinCase):
    """The small government of lapor_base, at moments that the test chooses.

    Times are written as people in Jakarta read them.
    """

    @contextmanager
    def at(self, text):
        """Run at a local time in Jakarta, such as "2026-02-02 09:00"."""
        now = wib(text)
        self.env.flush_all()
        with freeze_time(now), patch.object(self.env.cr, "now", lambda: now):
            yield now
            self.env.flush_all()
        self.env.invalidate_all()

    def clock(self, complaint, kind="step", rule=None):
        """The newest clock of a kind."""
        clocks = complaint.sudo().clock_ids.filtered(
            lambda clock: clock.kind == kind and (not rule or clock.rule_id.code == rule)
        )
        return clocks.sorted("id")[-1:]

    def assertDue(self, record, text, field="due_at"):
        """A moment of a record, in Jakarta's time."""
        moment = record[field]
        self.assertEqual(moment and f"{moment + timedelta(hours=7):%Y-%m-%d %H:%M}", text)


def wib(text):
    """A naive UTC moment from a local one in Jakarta."""
    return datetime.fromisoformat(text) - timedelta(hours=7)
