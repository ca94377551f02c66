from unittest.mock import patch

from odoo.tests import tagged

from ..models.lapor_history_import_batch import BATCH
from .books import csv_file, line
from .common import HistoryCase

MANY = BATCH + 20


@tagged("post_install", "-at_install")
class TestLongFile(HistoryCase):
    """A long file comes in piece by piece, by a job that may be killed."""

    def setUp(self):
        super().setUp()
        self.record = self._import(csv_file([line(str(n)) for n in range(1, MANY + 1)]))

    def _run(self, pieces=100):
        """The job, which is killed after some pieces."""
        left = [pieces]

        def progress(*_args, **_kwargs):
            left[0] -= 1
            return left[0] > 0

        with patch.object(type(self.env["ir.cron"]), "_commit_progress", progress):
            self.env["lapor.history.import"]._cron_import()

    def test_killed_import_goes_on_with_what_is_left(self):
        self.record.action_import()
        self.assertEqual((self.record.state, len(self._cases())), ("importing", 0))
        self._run(pieces=1)
        self.assertEqual((self.record.state, len(self._cases())), ("importing", BATCH))
        self.assertEqual((self.record.count_imported, self.record.count_new), (BATCH, 20))
        self._run()
        self.assertEqual((self.record.state, len(self._cases())), ("done", MANY))
        self._run()
        self.assertEqual(len(self._cases()), MANY)

    def test_what_came_in_meanwhile_is_not_taken_in_again(self):
        self.record.action_import()
        self._import(csv_file([line(str(n)) for n in range(1, 11)])).action_import()
        self._run()
        self.assertEqual(len(self._cases()), MANY)
        self.assertEqual((self.record.count_known, self.record.count_imported), (10, MANY - 10))

    def test_job_stops_for_who_may_no_longer(self):
        self.record.action_import()
        self.operator_position.user_id = False
        self._run()
        record = self.record.with_user(self.head)
        self.assertEqual(
            (record.state, bool(record.stopped), len(self._cases())), ("checked", True, 0)
        )
        record.action_import()
        self._run()
        self.assertEqual(len(self._cases()), MANY)

    def test_cost_does_not_grow_with_each_row(self):
        self.record.action_import()
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self._run(pieces=1)
        self.assertLess(self.env.cr.sql_log_count - before, 60)
