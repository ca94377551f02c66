from odoo import fields, models

from .lapor_complaint_agreement import KINDS


class LaporResponse(models.Model):
    """What begins when a text beside the SOP leaves, kept while its agreement is waited for."""

    _inherit = "lapor.response"

    pending_act = fields.Json(
        string="Waiting Act",
        groups=fields.NO_ACCESS,
        copy=False,
        help="What is done with the case when the text may leave.",
    )

    def _give_paraf(self, paraf, note=False):
        result = super()._give_paraf(paraf, note)
        if self.kind in KINDS:
            self._follow_agreement()
        return result

    def _follow_agreement(self):
        """Go on when nobody's agreement is waited for any more."""
        complaint = self.complaint_id
        begins = complaint._open_response(
            "out_of_authority" if self.kind == "handover" else self.kind
        )
        if begins.pending_act and all(text._is_approved() for text in begins._leaving_together()):
            complaint._after_agreement(begins)

    def _leaving_together(self):
        """This text, and the letter that leaves with it."""
        return self | self.browse((self.pending_act or {}).get("letter") or [])

    def _mask_texts(self, complaint):
        result = super()._mask_texts(complaint)
        for response in self.filtered("pending_act"):
            response.pending_act = {
                key: complaint._without_identity(value) if isinstance(value, str) else value
                for key, value in response.pending_act.items()
            }
        return result
