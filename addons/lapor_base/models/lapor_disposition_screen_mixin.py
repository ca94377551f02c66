from odoo import api, fields, models
from odoo.exceptions import AccessError


class LaporDispositionScreenMixin(models.AbstractModel):
    """What the form of a case shows of its dispositions and offers to their addressees."""

    _name = "lapor.disposition.screen.mixin"
    _description = "Dispositions on the Form of a Complaint"
    _inherit = ["lapor.case.mixin"]

    disposition_tree = fields.Json(compute="_compute_disposition_tree", string="Dispositions Chain")

    @api.depends("disposition_line_ids.state", "disposition_line_ids.read_at")
    def _compute_disposition_tree(self):
        for complaint in self:
            complaint.disposition_tree = complaint._get_disposition_tree()

    def _get_disposition_tree(self):
        """The dispositions with their addressees, in the order of the chain.

        :returns: list of dicts with ``depth``, ``title`` and ``lines``; moments as UTC strings
        """
        self.ensure_one()
        direction = dict(
            self.env["lapor.disposition"]._fields["direction"]._description_selection(self.env)
        )
        Line = self.env["lapor.disposition.line"]
        kinds = dict(Line._fields["kind"]._description_selection(self.env))
        states = dict(Line._fields["state"]._description_selection(self.env))
        tree = []

        def add(disposition, depth):
            # The name of a position, which may be one of another office.
            tree.append(
                {
                    "id": disposition.id,
                    "depth": depth,
                    "direction": direction[disposition.direction],
                    "sideways": disposition.direction == "sideways",
                    "number": disposition.agenda_number,
                    "from": disposition.from_title,
                    "issued": fields.Datetime.to_string(disposition.issued_at),
                    "note": disposition.note or "",
                    "instructions": disposition.instruction_ids.mapped("name"),
                    "lines": [
                        {
                            "id": line.id,
                            "kind": kinds[line.kind],
                            "copy": line.kind == "copy",
                            "required": line.required,
                            "position": line.sudo().position_id.display_name,
                            "state": line.state,
                            "state_label": states[line.state],
                            "late": line.is_late,
                            "text": line.result_note or line.reason or "",
                            **{
                                name: fields.Datetime.to_string(line[field]) or ""
                                for name, field in (
                                    ("due", "date_due"),
                                    ("received", "received_at"),
                                    ("read", "read_at"),
                                    ("accepted", "accepted_at"),
                                    ("ended", "done_at"),
                                )
                            },
                        }
                        for line in disposition.line_ids.sorted("id")
                    ],
                }
            )
            for child in children.get(disposition, ()):
                add(child, depth + 1)

        dispositions = self.disposition_ids.sorted("id")
        children = dispositions.grouped("parent_id")
        for disposition in dispositions.filtered(lambda item: item.parent_id not in dispositions):
            add(disposition, 0)
        return tree

    def web_read(self, specification):
        """Opening the case in its form is reading what was handed down with it."""
        result = super().web_read(specification)
        if len(self) == 1 and "description" in specification:
            self.env["lapor.disposition.line"]._read_by(self)
        return result

    def _my_line(self):
        """The newest line of this case that this user may act on."""
        self.ensure_one()
        # Only lines on which this very user may act.
        lines = self.sudo().disposition_line_ids.filtered("can_act")
        return lines.sorted("id")[-1:]

    def _get_more_acts(self, visit, mine):
        acts = super()._get_more_acts(visit, mine)
        # Only whether there are any.
        if self.phase == "closed" or not self.sudo().disposition_ids:
            return acts
        line = self._my_line()
        if not line:
            return acts
        offered = []
        if not line._carries_case():
            offered.append(
                ("report", self.env._("Report my part"), self.env._("What came of your part."))
            )
        offered += [
            (
                "pass_on",
                self.env._("Pass on…"),
                self.env._("To somebody below you or beside you, as a disposition."),
            ),
            ("give_back", self.env._("Return to the issuer"), self.env._("With the reason.")),
        ]
        return acts + [
            {
                "id": f"part_{act}",
                "method": f"action_open_part_{act}",
                "label": label,
                "kind": "part",
                "help": help_text,
                "primary": act == "report" and not mine,
            }
            for act, label, help_text in offered
        ]

    def _open_my_part(self, act):
        self.ensure_one()
        self.check_access("read")
        line = self._my_line()
        if not line:
            raise AccessError(self.env._("Nothing of this case has been handed to you."))
        return line.sudo(False)._open_dialog(act)

    def action_open_part_report(self):
        """The dialog in which this user reports the part handed to him."""
        return self._open_my_part("report")

    def action_open_part_pass_on(self):
        """The dialog in which this user passes on what was handed to him."""
        return self._open_my_part("pass")

    def action_open_part_give_back(self):
        """The dialog in which this user returns what was handed to him."""
        return self._open_my_part("return")
