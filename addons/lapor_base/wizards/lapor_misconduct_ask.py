from odoo import fields, models


class LaporMisconductAsk(models.TransientModel):
    """The dialog of the acts on a misconduct case."""

    _name = "lapor.misconduct.ask"
    _description = "Misconduct Case"

    act = fields.Selection(
        [
            ("accused", "Name the Accused"),
            ("ask_end", "Ask the Inspectorate to Agree"),
            ("agree_end", "Agree That It May Be Ended"),
            ("unmark", "No Misconduct Case"),
        ],
        required=True,
        readonly=True,
        default="accused",
    )
    complaint_id = fields.Many2one("lapor.complaint", required=True, readonly=True)
    company_id = fields.Many2one(related="complaint_id.company_id")
    unit_ids = fields.Many2many(
        "lapor.unit", string="Units", domain="[('company_id', '=', company_id)]"
    )
    position_ids = fields.Many2many(
        "lapor.position", string="Positions", domain="[('company_id', '=', company_id)]"
    )
    user_ids = fields.Many2many("res.users", string="Persons", domain="[('share', '=', False)]")
    note = fields.Text(string="Why")

    def action_confirm(self):
        """Do the act and close the dialog."""
        self.ensure_one()
        complaint = self.complaint_id
        if self.act == "accused":
            complaint.action_name_accused(
                self.unit_ids.ids, self.position_ids.ids, self.user_ids.ids, note=self.note
            )
        elif self.act == "ask_end":
            complaint.action_ask_end(self.note)
        elif self.act == "agree_end":
            complaint.action_agree_end(note=self.note)
        else:
            complaint.action_unmark_misconduct(self.note)
        if not complaint.with_user(self.env.user).has_access("read"):
            # Whoever named his own office sees the case no more; its form would fail to load.
            return self.env["ir.actions.act_window"]._for_xml_id(
                "lapor_base.lapor_complaint_action"
            )
        return {"type": "ir.actions.act_window_close"}
