from odoo import api, fields, models

from .lapor_sop import CLASSIFICATIONS

KINDS = [("authority", "Out of Authority"), ("category", "Wrong Category")]


class LaporMisroute(models.Model):
    """A case that came to the wrong office, or in the wrong category, and was given back.

    Who gave it back and why, what was proposed instead, and what the coordinator made of it.
    Written by the acts of ``lapor.misroute.mixin`` only.
    """

    _name = "lapor.misroute"
    _description = "Misrouted Complaint"
    _inherit = ["lapor.evidence.mixin"]
    _order = "id desc"
    _rec_name = "complaint_id"
    _lapor_proved = (
        "complaint_id",
        "kind",
        "visit_id",
        "unit_id",
        "position_id",
        "user_id",
        "returned_at",
        "reason",
        "proposed_unit_id",
        "proposed_body",
        "proposed_category_id",
        "proposed_classification",
        "state",
        "decided_at",
        "decided_by_id",
        "decision_note",
    )

    complaint_id = fields.Many2one(
        "lapor.complaint", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, precompute=True, index=True
    )
    kind = fields.Selection(KINDS, required=True)
    visit_id = fields.Many2one(
        "lapor.complaint.step",
        string="At the Step",
        required=True,
        ondelete="restrict",
        index=True,
    )
    unit_id = fields.Many2one(
        "lapor.unit", string="Given Back By", required=True, ondelete="restrict", index=True
    )
    position_id = fields.Many2one("lapor.position", ondelete="restrict")
    user_id = fields.Many2one("res.users", string="Officer", required=True, ondelete="restrict")
    returned_at = fields.Datetime(string="Given Back On", required=True)
    reason = fields.Text(required=True)
    proposed_unit_id = fields.Many2one("lapor.unit", ondelete="restrict")
    proposed_body = fields.Char(string="Proposed Outside Body")
    proposed_category_id = fields.Many2one("lapor.category", ondelete="restrict")
    proposed_classification = fields.Selection(CLASSIFICATIONS, string="Proposed Class")
    state = fields.Selection(
        [
            ("open", "To Be Decided"),
            ("accepted", "Accepted"),
            ("rejected", "Sent Back"),
            ("moot", "Closed Meanwhile"),
        ],
        required=True,
        default="open",
        index=True,
    )
    decided_at = fields.Datetime()
    decided_by_id = fields.Many2one("res.users", ondelete="restrict")
    decision_note = fields.Text()

    _open_uniq = models.UniqueIndex(
        "(complaint_id) WHERE state = 'open'", "A complaint is given back once at a time."
    )

    @api.depends("unit_id.code", "kind")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for misroute in self:
            misroute.display_name = f"{misroute.unit_id.code}: {labels[misroute.kind]}"

    def _decide(self, state, note=None):
        """Note what the coordinator made of it, as the system."""
        self.write(
            {
                "state": state,
                "decided_at": fields.Datetime.now(),
                "decided_by_id": self.env.uid,
                "decision_note": note or False,
            }
        )
        # The next one is inserted before pending updates are written.
        self.flush_recordset(["state"])
        self.complaint_id._engine_write({"misroute_id": False})

    def _proposal(self):
        """What was proposed instead, in words; empty when nothing was."""
        self.ensure_one()
        labels = dict(self._fields["proposed_classification"]._description_selection(self.env))
        parts = (
            self.proposed_unit_id.name,
            self.proposed_body,
            labels.get(self.proposed_classification),
            self.proposed_category_id.display_name,
        )
        return ", ".join(part for part in parts if part)

    def action_open_complaint(self):
        self.ensure_one()
        return self.complaint_id._get_form_action()
