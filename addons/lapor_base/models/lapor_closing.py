from odoo import fields, models

from .lapor_sop_transition import OUTCOMES


class LaporClosing(models.Model):
    """How a case ended, and how it was opened again: each closing stays in evidence.

    Written by the engine and by :meth:`lapor.complaint.action_reopen` only.
    """

    _name = "lapor.closing"
    _description = "Closing of a Complaint"
    _check_company_auto = True
    _inherit = ["lapor.evidence.mixin"]
    _order = "complaint_id, id"
    _rec_name = "complaint_id"
    _lapor_proved = (
        "complaint_id",
        "outcome",
        "visit_id",
        "closed_at",
        "closed_by_id",
        "beside_sop",
        "reason_id",
        "note",
        "attachment_ids",
        "reopened_at",
        "reopened_by_id",
        "reopen_note",
        "was_mistake",
    )

    complaint_id = fields.Many2one(
        "lapor.complaint", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, precompute=True, index=True
    )
    outcome = fields.Selection(OUTCOMES, required=True)
    visit_id = fields.Many2one(
        "lapor.complaint.step", string="Last Step", ondelete="restrict", index="btree_not_null"
    )
    closed_at = fields.Datetime(required=True)
    closed_by_id = fields.Many2one("res.users", required=True)
    beside_sop = fields.Boolean(
        string="Beside the SOP", help="Ended by an act of the rules, not by an arrow of the SOP."
    )
    reason_id = fields.Many2one("lapor.archive.reason", check_company=True, ondelete="restrict")
    note = fields.Text()
    attachment_ids = fields.Many2many("ir.attachment", string="Proof")
    reopened_at = fields.Datetime(string="Reopened On")
    reopened_by_id = fields.Many2one("res.users")
    reopen_note = fields.Text(string="Why It Was Reopened")
    was_mistake = fields.Boolean(string="Closed by Mistake")

    _open_uniq = models.UniqueIndex(
        "(complaint_id) WHERE reopened_at IS NULL", "A complaint is closed once at a time."
    )
