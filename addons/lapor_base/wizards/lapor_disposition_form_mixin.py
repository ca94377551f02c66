from odoo import api, fields, models
from odoo.fields import Command

from ..models.lapor_disposition import CONFIDENTIALITIES, URGENCIES


class LaporDispositionFormMixin(models.AbstractModel):
    """What every dialog that issues dispositions asks for.

    The dialog adds ``addressee_ids``, one-to-many of ``lapor.disposition.addressee``.
    """

    _name = "lapor.disposition.form.mixin"
    _description = "Dialog of a Disposition"

    lead_position_id = fields.Many2one("lapor.position", string="In Charge")
    instruction_ids = fields.Many2many("lapor.instruction", string="Instructions")
    disposition_note = fields.Text(string="Note to the Addressees")
    urgency = fields.Selection(URGENCIES, default="normal", required=True)
    confidentiality = fields.Selection(CONFIDENTIALITIES, default="normal", required=True)
    date_due = fields.Datetime(string="Due")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if "instruction_ids" in fields_list and "instruction_ids" not in values:
            proposed = self.env["lapor.instruction"]._propose(self._proposing_company())
            values["instruction_ids"] = [Command.set(proposed.ids)]
        return values

    @api.model
    def _proposing_company(self):
        """The government of the complaint that the dialog is opened for.

        :rtype: res.company
        """
        context = self.env.context
        complaint = self.env["lapor.complaint"].browse(context.get("default_complaint_ids") or [])
        if context.get("default_line_id"):
            line = self.env["lapor.disposition.line"].browse(context["default_line_id"])
            complaint = line._filtered_access("read").complaint_id
        return complaint[:1]._filtered_access("read").company_id or self.env.company

    def _prepare_disposition(self):
        """What was filled in, in the form ``action_advance`` takes it.

        :rtype: dict
        """
        self.ensure_one()
        helpers = self.addressee_ids.filtered(lambda item: item.kind == "helper")
        copies = self.addressee_ids - helpers
        return {
            "lead_position_id": self.lead_position_id.id,
            "parts": [
                {
                    "position_id": helper.position_id.id,
                    "required": helper.required,
                    "date_due": helper.date_due,
                }
                for helper in helpers
            ],
            "copy_position_ids": copies.position_id.ids,
            "instruction_ids": self.instruction_ids.ids,
            "note": self.disposition_note,
            "urgency": self.urgency,
            "confidentiality": self.confidentiality,
            "date_due": self.date_due,
        }
