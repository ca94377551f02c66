from odoo import api, fields, models
from odoo.exceptions import UserError


class LaporArchiveAsk(models.TransientModel):
    """The dialog that hands all open work of a unit or a position over, then archives it; or takes
    it back, once that is active again."""

    _name = "lapor.archive.ask"
    _description = "Hand Over and Archive"
    _inherit = ["lapor.done.mixin"]

    unit_id = fields.Many2one("lapor.unit", readonly=True)
    position_id = fields.Many2one("lapor.position", readonly=True)
    company_id = fields.Many2one("res.company", compute="_compute_left")
    takes_back = fields.Boolean(readonly=True)
    role_id = fields.Many2one(related="position_id.role_id", string="Role")
    case_count = fields.Integer(compute="_compute_left", string="Open Complaints")
    hidden_count = fields.Integer(compute="_compute_left")
    complaint_ids = fields.Many2many("lapor.complaint", compute="_compute_left")
    manages = fields.Boolean(compute="_compute_left")
    successor_unit_id = fields.Many2one(
        "lapor.unit",
        string="Successor",
        domain="[('company_id', '=', company_id), ('id', '!=', unit_id)]",
        help="Who does what follows from the roles: each step goes to the position with its role.",
    )
    successor_position_id = fields.Many2one(
        "lapor.position",
        domain="[('company_id', '=', company_id), ('role_id', '=', role_id), "
        "('id', '!=', position_id)]",
    )
    reason = fields.Text()

    @api.depends("unit_id", "position_id", "takes_back")
    def _compute_left(self):
        for wizard in self:
            record = wizard.unit_id or wizard.position_id
            # Counted as the system; shown as far as the user may read.
            cases = self.env["lapor.complaint"].sudo()
            if record and wizard.takes_back:
                cases = cases.concat(*(case for case, *_rest in record._given_away()))
                cases = cases.browse(dict.fromkeys(cases.ids))
            elif record:
                cases = record._left_cases()
            # Of what this administrator may not read, only the number is told.
            known = cases.with_user(self.env.user)._filtered_access("read")
            wizard.company_id = record.company_id
            wizard.complaint_ids = known
            wizard.case_count = len(cases)
            wizard.hidden_count = len(cases) - len(known)
            wizard.manages = bool(
                wizard.unit_id
                and self.env["lapor.complaint"]
                .sudo()
                .search_count(
                    [
                        ("phase", "!=", "closed"),
                        ("managing_unit_id", "child_of", wizard.unit_id.id),
                    ],
                    limit=1,
                )
            )

    def action_confirm(self):
        """Hand over, archive, and tell what was done; or take back."""
        self.ensure_one()
        record = self.unit_id or self.position_id
        if record and self.takes_back:
            return self._close_telling(
                self.env._(
                    "%(count)s complaints are back with %(name)s.",
                    count=len(record.action_take_back(self.reason)),
                    name=record.display_name,
                )
            )
        successor = self.successor_unit_id if self.unit_id else self.successor_position_id
        if not record or (self.unit_id and not successor):
            raise UserError(self.env._("Choose who takes the open complaints over."))
        if not successor:
            record.write({"active": False})
            return {"type": "ir.actions.act_window_close"}
        cases = record._hand_work_to(successor, self.reason)
        record.write({"active": False})
        return self._close_telling(
            self.env._(
                "%(count)s complaints now are with %(successor)s. “%(name)s” is archived; "
                "“Unarchive” brings it back and offers to take back what is still open there.",
                count=len(cases),
                successor=successor.display_name,
                name=record.display_name,
            )
        )
