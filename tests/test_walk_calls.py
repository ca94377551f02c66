"""Every public method of every model of cases, by everybody: nothing shut comes out or changes.

Small here; ``./lapor bench fuzz`` makes the large run of the same walk.
"""

import itertools
import json
import os
import time
from pathlib import Path

import pytest

from odoo.exceptions import AccessError, MissingError
from odoo.tests import tagged

from .walk import WalkCase

SIZE = int(os.environ.get("LAPOR_WALK_CALLS", "2000"))


@tagged("post_install", "-at_install")
class TestWalkCalls(WalkCase):
    maxDiff = None

    @pytest.mark.slow
    def test_no_call_tells_or_changes_what_is_shut(self):
        self.keep_marks()
        started = time.monotonic()
        with self.no_printer(), self.mock_mail_gateway():
            fates, wrong = self.walk(SIZE)
        report_figures("calls", {**fates, "seconds": round(time.monotonic() - started)}, wrong)
        self.assertEqual(sorted(wrong), [])
        self.assertGreater(fates["done"], SIZE / 20)
        self.assertGreater(fates["refused"], SIZE / 20)

    def test_no_report_tells_what_is_shut(self):
        """Every report by every converter, of each of its records, by everybody."""
        wrong, count = set(), 0
        reports = self.env["ir.actions.report"].search([("model", "in", list(self.rows))])
        with self.no_printer():
            for report, (person, user) in itertools.product(reports, self.people.items()):
                own = self._own("ir.actions.report", user)
                shut = [
                    row
                    for row, case in self.rows[report.model].items()
                    if case in self.shut[person]
                ]
                for row, converter in itertools.product(shut, ("html", "text", "pdf")):
                    count += 1
                    self.env.invalidate_all()
                    try:
                        with self.env.cr.savepoint(flush=False):
                            shown = getattr(own, f"_render_qweb_{converter}")(report.id, [row])[0]
                    except (AccessError, MissingError) as error:
                        shown = str(error)
                    except Exception as error:  # a refusal in other words is one as well
                        shown = str(error)
                    else:
                        wrong.add(f"{person} is handed {report.report_name} by {converter}")
                    for word in self.leaked(person, str(shown)):
                        wrong.add(f"{person} reads {word} in {report.report_name} by {converter}")
        report_figures("reports", {"done": count}, wrong)
        self.assertTrue(count or not reports)
        self.assertEqual(sorted(wrong), [])


def report_figures(what, figures, wrong):
    """Leave the figures where the bench asked for them."""
    path = os.environ.get("LAPOR_WALK_REPORT")
    if path:
        line = {"what": what, "figures": figures, "wrong": sorted(wrong)}
        with Path(path).open("a") as handle:
            handle.write(json.dumps(line) + "\n")
