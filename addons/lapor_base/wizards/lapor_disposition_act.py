from odoo import fields, models


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
    # Read as the user: anybody may give the dialog any line.
    complaint_id = fields.Many2one(related="line_id.complaint_id", related_sudo=False)
    from_title = fields.Char(related="line_id.from_title", string="From", related_sudo=False)
    given_note = fields.Text(related="line_id.note", string="Their Note", related_sudo=False)
    given_instruction_ids = fields.Many2many(
        related="line_id.instruction_ids", string="Their Instructions", related_sudo=False
    )
    addressee_ids = fields.One2many(
        "lapor.disposition.addressee", "act_id", string="Helpers and Copies"
    )
    note = fields.Text()
    attachment_ids = fields.Many2many("ir.attachment", string="Files")

    def action_confirm(self):
        """Do what the dialog is for and close it."""
        self.ensure_one()
        if self.act == "return":
            self.line_id.action_return(self.note)
        elif self.act == "pass":
            self.line_id.action_pass_on(self._prepare_disposition())
        else:
            self.line_id.action_report(self.note, self.attachment_ids.ids)
        return {"type": "ir.actions.act_window_close"}
