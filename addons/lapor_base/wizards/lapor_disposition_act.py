from odoo import api, fields, models


class LaporDispositionAct(models.TransientModel):
    """The dialog in which an addressee returns, passes on or reports what was handed to him.

    It only gathers; ``lapor.disposition.line`` checks and acts, as the user.
    """

    _name = "lapor.disposition.act"
    _description = "Answer a Disposition"
    _inherit = ["lapor.disposition.form.mixin"]

    line_id = fields.Many2one("lapor.disposition.line", required=True, readonly=True)
    act = fields.Selection(
        [("return", "Return"), ("pass", "Pass On"), ("report", "Report")],
        required=True,
        readonly=True,
    )
    complaint_id = fields.Many2one("lapor.complaint", compute="_compute_given")
    from_title = fields.Char(compute="_compute_given", string="From")
    given_note = fields.Text(compute="_compute_given", string="Their Note")
    given_instruction_ids = fields.Many2many(
        "lapor.instruction", compute="_compute_given", string="Their Instructions"
    )
    addressee_ids = fields.One2many(
        "lapor.disposition.addressee", "act_id", string="Helpers and Copies"
    )
    note = fields.Text()
    attachment_ids = fields.Many2many("ir.attachment", string="Files")

    @api.depends("line_id")
    def _compute_given(self):
        """What was handed over. Anybody may give the dialog any line: only of one that he may
        read."""
        for wizard in self:
            line = wizard.line_id._origin._filtered_access("read")
            wizard.complaint_id = line.complaint_id
            wizard.from_title = line.from_title
            wizard.given_note = line.note
            wizard.given_instruction_ids = line.instruction_ids

    def action_confirm(self):
        """Do what the dialog is for and close it."""
        self.ensure_one()
        complaint = self.complaint_id
        if self.act == "return":
            self.line_id.action_return(self.note)
        elif self.act == "pass":
            self.line_id.action_pass_on(self._prepare_disposition())
        else:
            self.line_id.action_report(self.note, self.attachment_ids.ids)
        return complaint._after_act()
