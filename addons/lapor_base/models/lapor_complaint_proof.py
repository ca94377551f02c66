from odoo import models


class LaporComplaint(models.Model):
    """Where a case stands, whose it is and who may see it is proved by its events."""

    _name = "lapor.complaint"
    _inherit = ["lapor.complaint", "lapor.evidence.mixin"]

    _lapor_proved = (
        "number",
        "tracking_code",
        "company_id",
        "managing_unit_id",
        "intake_unit_id",
        "unit_id",
        "involved_unit_ids",
        "sop_id",
        "phase",
        "outcome",
        "closed_at",
        "current_step_id",
        "received_at",
        "classification",
        "category_id",
        "channel_id",
        "channel_reference",
        "is_anonymous",
        "is_secret",
        "is_misconduct",
        "complainant_id",
        "main_id",
        "hold_id",
        "promise_id",
        "misroute_id",
    )

    def _evidence_case(self):
        return self

    def _evidence_domain(self, complaints):
        return [("id", "in", complaints.ids)]

    def _evidence_name(self):
        return ""
