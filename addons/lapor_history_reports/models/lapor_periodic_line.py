from odoo import models

from .lapor_periodic import RECEIVED, TOTAL


class LaporPeriodicLine(models.Model):
    _inherit = "lapor.periodic.line"

    def action_open_complaints(self):
        """Of a figure of the old register its old cases, of those this user may read."""
        self.ensure_one()
        if "history" not in (self.extra or {}):
            return super().action_open_complaints()
        self.check_access("read")
        if self.label == TOTAL:
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "title": self.label,
                    "message": self.env._(
                        "This is the sum of “Aduan masuk” and “%s”. Open each of them.", RECEIVED
                    ),
                },
            }
        action = self.env["ir.actions.act_window"]._for_xml_id("lapor_history.lapor_history_action")
        return {
            **action,
            "name": self.label,
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", self.extra["history"])],
            "context": {},
        }
