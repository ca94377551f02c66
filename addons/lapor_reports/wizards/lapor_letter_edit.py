from odoo import api, fields, models

from ..models.lapor_letter_template import SECURITIES, URGENCIES


class LaporLetterEdit(models.TransientModel):
    """Dialog: the particulars of a letter before it is signed."""

    _name = "lapor.letter.edit"
    _description = "Particulars of a Letter"
    _inherit = ["lapor.live.preview.mixin"]

    response_id = fields.Many2one("lapor.response", required=True, readonly=True)
    subject = fields.Char(related="response_id.subject")
    letter_security = fields.Selection(
        SECURITIES, string="Confidentiality (Sifat)", required=True, default="normal"
    )
    letter_urgency = fields.Selection(URGENCIES, string="Urgency", required=True, default="normal")
    enclosures = fields.Integer(help="How many; 0 prints “-”.")
    addressee = fields.Text(
        help="Only when the letter does not go to the complainant: who, and where, line by line."
    )
    copies_to = fields.Text(
        string="Tembusan", help="One line each. Empty: as the office's template says."
    )

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        response = self.env["lapor.response"].browse(values.get("response_id")).exists()
        if response:
            response._check_letter_is_open()
            template = self.env["lapor.letter.template"]._find(
                response._paper_unit(), response.kind
            )
            values.update(
                letter_security=response.letter_security or template.security or "normal",
                letter_urgency=response.letter_urgency or template.urgency or "normal",
                enclosures=response.enclosures,
                addressee=response.addressee,
                copies_to=response.copies_to,
            )
        return values

    def _preview_fields(self):
        return {"letter_security", "letter_urgency", "enclosures", "addressee", "copies_to"}

    def _preview_paper(self):
        self.action_confirm()
        return "lapor_reports.letter", self.response_id

    def action_confirm(self):
        """Store the particulars."""
        self.ensure_one()
        self.response_id._set_letter(
            {
                "letter_security": self.letter_security,
                "letter_urgency": self.letter_urgency,
                "enclosures": max(0, min(self.enclosures, 999)),
                "addressee": self.addressee,
                "copies_to": self.copies_to,
            }
        )
        return {"type": "ir.actions.act_window_close"}
