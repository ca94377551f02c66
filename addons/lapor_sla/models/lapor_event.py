from odoo import fields, models


def _keep(events):
    """Events are evidence: they stay when the addon goes."""


class LaporEvent(models.Model):
    """Facts about the time of a case."""

    _inherit = "lapor.event"

    code = fields.Selection(
        selection_add=[
            ("clock_moved", "Deadline Moved"),
            ("clock_paused", "Clocks Paused"),
            ("clock_resumed", "Clocks Resumed"),
            ("clock_extended", "Time Extended"),
            ("extension_asked", "More Time Asked For"),
            ("extension_granted", "More Time Granted"),
            ("extension_refused", "More Time Refused"),
            ("escalated", "Escalated"),
        ],
        ondelete={
            "clock_moved": _keep,
            "clock_paused": _keep,
            "clock_resumed": _keep,
            "clock_extended": _keep,
            "extension_asked": _keep,
            "extension_granted": _keep,
            "extension_refused": _keep,
            "escalated": _keep,
        },
    )
