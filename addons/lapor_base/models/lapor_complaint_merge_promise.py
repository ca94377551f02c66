from odoo import models


class LaporComplaint(models.Model):
    """What was promised to complainants whose complaints are answered together stays promised.

    - A supporter that is closed with its main complaint keeps its own promise: the date brings it
      back (``lapor.promise.mixin._close``).
    - What is promised in the main complaint was told to the complainants of its supporters with
      the answer; they are told as well when the date moves and when it is kept.
    """

    _inherit = "lapor.complaint"

    def _promised_together(self):
        result = super()._promised_together()
        return result | self.supporter_ids.filtered(lambda case: case.outcome == "duplicate")
