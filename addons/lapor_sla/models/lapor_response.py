from odoo import models

from odoo.addons.lapor_base.tools.case_account import ANSWERS


class LaporResponse(models.Model):
    """An answer that leaves beside the steps of the SOP stops the clocks that wait for it."""

    _inherit = "lapor.response"

    def _record(self, code, visit, data=None):
        result = super()._record(code, visit, data)
        if code == "response_delivered":
            # A step of sending goes on at once, and looks at the clocks then.
            answers = self.filtered(
                lambda answer: (
                    answer.kind in ANSWERS
                    and answer.complaint_id.current_step_id.kind not in ("send", "publish")
                )
            )
            answers.complaint_id._sync_clocks()
        return result
