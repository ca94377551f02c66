from odoo import api, fields, models
from odoo.exceptions import UserError


class LaporInspectionPartMixin(models.AbstractModel):
    """A line of an inspection: the team writes it while the report is a draft.

    Record rules say who and when; what acts write (``_act_fields``) is refused to everybody.
    """

    _name = "lapor.inspection.part.mixin"
    _description = "Part of an Inspection"

    inspection_id = fields.Many2one(
        "lapor.inspection", required=True, ondelete="cascade", index=True
    )
    complaint_id = fields.Many2one(related="inspection_id.complaint_id", store=True, index=True)
    company_id = fields.Many2one(related="complaint_id.company_id", store=True, index=True)

    @api.model
    def _act_fields(self):
        return set()

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_no_act_fields(vals)
        parts = super().create(vals_list)
        parts._await_proofs()
        return parts

    def write(self, vals):
        self._check_no_act_fields(vals)
        if "inspection_id" in vals:
            raise UserError(self.env._("A part of a report stays with its report."))
        result = super().write(vals)
        self._await_proofs()
        return result

    def _await_proofs(self):
        """The report is proved with its parts, from its first signature on."""
        # As the system: only what is recorded of it, nothing is shown.
        reports = self.sudo().inspection_id.filtered(lambda report: report.state != "draft")
        self.env["lapor.event"]._await_proofs(reports)

    def _check_no_act_fields(self, vals):
        if not self.env.su and vals.keys() & (self._act_fields() | {"turn_activity_id"}):
            raise UserError(self.env._("This part of an inspection is written by its acts only."))
