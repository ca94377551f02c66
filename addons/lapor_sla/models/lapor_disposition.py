from odoo import models


class LaporDisposition(models.Model):
    """A case that is passed on inside a step may be forwarded with that."""

    _inherit = "lapor.disposition"

    def _record(self, visit):
        result = super()._record(visit)
        # With a move, the next step looks at the clocks.
        forwarding = self.filtered(
            lambda disposition: (
                disposition.parent_line_id
                and disposition.complaint_id.forwarded_at == disposition.issued_at
            )
        )
        forwarding.complaint_id._sync_clocks()
        return result
