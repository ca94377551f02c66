from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError


class LaporMailDecide(models.TransientModel):
    """Decide on many held mails at once: what would become of each, and then what became of it."""

    _name = "lapor.mail.decide"
    _description = "Decide on Held Mails"

    act = fields.Selection(
        [
            ("release", "Take in"),
            ("machine", "Take in without a receipt"),
            ("discard", "Discard"),
        ],
        string="Do",
        required=True,
        default="release",
    )
    line_ids = fields.One2many("lapor.mail.decide.line", "decide_id", string="Mails")
    count = fields.Integer(compute="_compute_count")
    is_done = fields.Boolean(readonly=True)

    @api.depends("line_ids")
    def _compute_count(self):
        for decide in self:
            decide.count = len(decide.line_ids)

    @api.model
    def default_get(self, names):
        values = super().default_get(names)
        ids = self.env.context.get("active_ids") or []
        if "line_ids" in names and self.env.context.get("active_model") == "lapor.mail.held":
            mails = self.env["lapor.mail.held"].search([("id", "in", ids), ("state", "=", "held")])
            values["line_ids"] = [fields.Command.create({"held_id": held.id}) for held in mails]
        return values

    def action_decide(self):
        """Do with each mail what was previewed. One that cannot be taken in stops no other.

        :raises UserError: when no mail was chosen, or all of it has been done
        """
        self.ensure_one()
        if self.is_done or not self.line_ids:
            raise UserError(self.env._("Nothing is left to decide. Choose held mails in the list."))
        for line in self.line_ids:
            line._do(self.act)
        self.is_done = True
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Decide on Held Mails"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }


class LaporMailDecideLine(models.TransientModel):
    """One of the held mails that are decided on at once."""

    _name = "lapor.mail.decide.line"
    _description = "Held Mail to Decide On"
    _order = "id"

    decide_id = fields.Many2one("lapor.mail.decide", required=True, ondelete="cascade", index=True)
    held_id = fields.Many2one("lapor.mail.held", string="Mail", required=True, ondelete="cascade")
    sender = fields.Char(related="held_id.sender")
    subject = fields.Char(related="held_id.name")
    will = fields.Char(string="Would Become", compute="_compute_will")
    outcome = fields.Char(readonly=True)

    @api.depends("held_id", "decide_id.act")
    def _compute_will(self):
        for line in self:
            held, act = line.held_id, line.decide_id.act
            if held.state != "held":
                line.will = self.env._("Nothing: it has been decided on")
            elif act == "discard":
                line.will = self.env._("Discarded; it stays readable")
            elif held.kind in ("unreadable", "excess"):
                line.will = self.env._("Stays held: it cannot be opened")
            elif held.complaint_id and act == "release":
                line.will = self.env._("A message at %s", held.complaint_id.number)
            elif not held.unit_id:
                line.will = self.env._("Stays held, unless its addresses name an office")
            elif act == "machine":
                line.will = self.env._(
                    "A new complaint of %s, without a receipt", held.unit_id.name
                )
            else:
                line.will = self.env._(
                    "A new complaint of %s; its sender gets a receipt", held.unit_id.name
                )

    def _do(self, act):
        held = self.held_id
        if held.state != "held":
            self.outcome = self.env._("Nothing: it has been decided on")
            return
        try:
            with self.env.cr.savepoint():
                if act == "discard":
                    held.action_discard()
                elif act == "machine":
                    held.action_release_machine()
                else:
                    held.action_release()
        except (UserError, ValidationError, AccessError) as error:
            self.env.invalidate_all()
            self.outcome = self.env._("Not done: %s", error.args[0])
            return
        if act == "discard":
            self.outcome = self.env._("Discarded")
        else:
            self.outcome = self.env._("Taken in: %s", held.complaint_id.number)
