from odoo import api, models
from odoo.tools import SQL

from odoo.addons.lapor_base.tools import fingerprint

LINE = ("sequence", "section", "label", "amount", "unit", "extra", "complaint_ids_json")


class LaporPeriodic(models.Model):
    """A final report is anchored with its figures, and never changes after."""

    _inherit = "lapor.periodic"

    @api.model
    def _anchored_rows(self):
        rows = {}
        # As the system: fingerprints only.
        for report in self.sudo().search([("state", "=", "final")], order="id"):
            rows[report.id] = fingerprint.fingerprint(
                {
                    "kind": report.kind,
                    "unit": report.unit_id.id,
                    "from": str(report.date_from),
                    "to": str(report.date_to),
                    "computed_at": str(report.computed_at),
                    "problems": report.problems,
                    "recommendations": report.recommendations,
                    "pdf": report.pdf_sha256,
                    "xlsx": report.xlsx_sha256,
                    "lines": [
                        [line[name] if line[name] else None for name in LINE]
                        for line in report.line_ids.sorted("id")
                    ],
                }
            )
        return rows

    @api.model
    def _broken_evidence(self):
        """Final reports whose files are not those that were frozen, and those that no anchor has
        seen; the anchors prove the rest (``lapor.event.anchor._broken_others``)."""
        yield from super()._broken_evidence()
        unseen = self.env.execute_query(
            SQL(
                """
                WITH newest AS (SELECT MAX(at) AS at FROM lapor_event_anchor WHERE edition > 1)
                SELECT report.id FROM lapor_periodic report, newest
                 WHERE report.state = 'final'
                   AND report.computed_at < newest.at - interval '2 hours'
                   AND NOT EXISTS (SELECT FROM lapor_event_anchor
                                    WHERE heads ? ('lapor.periodic:' || report.id))
              ORDER BY report.id
                """
            )
        )
        for (res_id,) in unseen:
            why = self.env._("no anchor has seen it; it was put in later than it says")
            yield self._broken_report(self.browse(res_id), "inserted", why)
        for report, reason in self._broken_files():
            why = self.env._("its file is not the one that was frozen")
            yield self._broken_report(report, reason, why)

    @api.model
    def _broken_report(self, report, reason, why):
        return {
            "model": self._name,
            "res_id": report.id,
            "complaint_id": False,
            "number": False,
            "reason": reason,
            "sentence": f"{report.file_name}: {why}",
        }
