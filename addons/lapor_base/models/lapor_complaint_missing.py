from babel.dates import format_date

from odoo import models


class LaporComplaint(models.Model):
    """What lacks in the papers that come with a move, told together with what the move lacks."""

    _inherit = "lapor.complaint"

    def _missing_of_move(self, transition, note, attachments, evidence):
        missing = super()._missing_of_move(transition, note, attachments, evidence)
        response = evidence.get("response")
        if response:
            missing += self.env["lapor.response"]._find_missing(
                self,
                response.get("kind") or "final",
                response.get("subject"),
                response.get("body"),
            )
        if evidence.get("delivery") is not None:
            given = evidence["delivery"] or {}
            channel = self.env["lapor.channel"].browse(given.get("channel_id")).exists()
            missing += self.env["lapor.response"]._missing_to_deliver(
                self, given.get("note"), channel, given.get("reason")
            )
        if evidence.get("disposition"):
            missing += self.env["lapor.disposition"]._find_missing(evidence["disposition"])
        if evidence.get("inspection"):
            missing += self.env["lapor.inspection"]._find_missing(evidence["inspection"])
        return missing

    def _response_frame(self, kind):
        """What a response is begun with when no template is chosen: salutation, thanks, slot.

        :param str kind: "final", "interim" (of the SOP's arrow) or "progress" (beside it)
        :rtype: Markup
        """
        self.ensure_one()
        return self.env["ir.qweb"]._render(
            "lapor_base.response_skeleton",
            {"complaint": self, "kind": kind, "received_on": self._received_on()},
            minimal_qcontext=True,
        )

    def _received_on(self):
        """The day on which it came in; letters are Indonesian, whatever the staff's language."""
        return format_date(self._local_received_at(), "d MMMM y", locale="id")
