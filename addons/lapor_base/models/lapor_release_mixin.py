from odoo import models
from odoo.fields import Command

from .lapor_disposition_part_mixin import OPEN_STATES


class LaporReleaseMixin(models.AbstractModel):
    """An office that gave a case back, or whose work went on to a successor, sees it no more,
    unless it has the case again or did a part of it. What its people wrote stays in the case."""

    _name = "lapor.release.mixin"
    _description = "Offices That Have a Case No More"
    _inherit = ["lapor.case.mixin"]

    def _release(self, units):
        """Take these cases away from the offices of these units, as far as nothing ties them to
        it; and from whoever followed them there.

        :param units: ``lapor.unit`` that gave back or handed on; or, for several cases, a dict of
            these by case
        """
        gone = {}
        for case in self:
            left = units[case] if isinstance(units, dict) else units
            # Whoever coordinates a case or took it in has it whatever becomes of it.
            offices = left.office_id - case.managing_unit_id - case.intake_unit_id.office_id
            gone[case] = case.involved_unit_ids.filtered(
                lambda unit, offices=offices: unit.office_id in offices
            )
            if gone[case]:
                gone[case] -= case._units_at_work()
        gone_from = self.filtered(lambda case: gone[case])
        # Cases that the same units lose are written together: each write of them is a query.
        for lost, cases in gone_from.grouped(lambda case: gone[case]).items():
            cases._engine_write({"involved_unit_ids": [Command.unlink(unit.id) for unit in lost]})
        gone_from._withdraw_from_blind()

    def _units_at_work(self):
        """Units that have this case or a part of it, or did one, with their offices."""
        self.ensure_one()
        answers = self.response_ids.filtered(lambda one: one.state in ("signed", "delivered"))
        inspections = self.inspection_ids.filtered(lambda one: one.state != "draft")
        parafs = self.response_ids.filtered(lambda one: one.state != "void").paraf_ids
        positions = (
            self.disposition_line_ids.filtered(_is_alive).position_id
            | inspections.member_ids.user_id.lapor_position_ids
            | parafs.filtered(lambda one: one.state in ("waiting", "given")).position_id
            | self.promise_ids.filtered(lambda one: one.state != "dropped").position_id
        )
        units = (
            self.unit_id
            | self.current_step_id.unit_id
            | positions.unit_id
            | answers.visit_id.unit_id
            | inspections.visit_id.unit_id
        )
        return units | units.office_id

    def _after_act(self):
        """What the screen does after an act: closes the dialog, or leaves a case that is no longer
        open to whoever did it.

        :returns: an action
        """
        if self.has_access("read"):
            return {"type": "ir.actions.act_window_close"}
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lapor_base.lapor_complaint_action_mine"
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Done. It is no longer with your office."),
                "next": {**action, "target": "main"},
            },
        }


def _is_alive(line):
    """Whether a line of a disposition ties its addressee to the case: still open, done, or handed
    on to somebody whom it ties."""
    if line.state == "passed":
        return any(_is_alive(child) for child in line.child_ids.line_ids)
    return line.state in OPEN_STATES or line.state == "done"
