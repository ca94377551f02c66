from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from . import common


@tagged("post_install", "-at_install")
class TestPlhDay(common.LaporCase):
    """Whoever acts for some days acts until the last of them is over in the zone of the office,
    whether a job has run or not."""

    def _at(self, utc):
        now = datetime.fromisoformat(utc)
        return freeze_time(now), patch.object(self.env.cr, "now", lambda: now)

    def test_the_day_decides_and_not_the_job(self):
        # In Balangan midnight is at 16:00 UTC.
        self.opd.tz = "Asia/Makassar"
        substitute = self._make_officer("plh", "Pengganti")
        frozen, now = self._at("2026-02-03 02:00:00")
        with frozen, now:
            self.opd_head_position.write(
                {
                    "acting_user_id": substitute.id,
                    "acting_kind": "plh",
                    "acting_from": "2026-02-02",
                    "acting_to": "2026-02-03",
                }
            )
            complaint = self._walk_to(self._make_complaint(), "4")
            self.env.flush_all()
        for utc, may in (("2026-02-03 15:59:00", substitute), ("2026-02-03 16:20:00", None)):
            frozen, now = self._at(utc)
            with self.subTest(utc), frozen, now:
                self.env.invalidate_all()
                self.assertEqual(self.opd_head_position.sudo().holder_id, substitute, "no job ran")
                visit = complaint.sudo().current_step_id
                self.assertEqual(visit._may_act(substitute), bool(may))
                self.assertEqual(visit._may_act(self.opd_head), not may)
                if may:
                    continue
                with self.assertRaises(AccessError):
                    self._advance(complaint, substitute, sign=True)
                # The job is woken at midnight; it gives the holder his rights back.
                self.opd_head_position.sudo()._refresh_holders()
                self._advance(complaint, self.opd_head, sign=True)
        letter = complaint.sudo()._final_response("signed")
        self.assertEqual(letter.signed_by_id, self.opd_head)
        self.assertNotIn("Plh", letter.signer_title)
