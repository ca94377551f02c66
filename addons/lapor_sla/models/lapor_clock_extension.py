from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.office_time import Allowance


class LaporClock(models.Model):
    """The longer time that an SOP allows a step: how long and how often is data of the step.

    Balangan's step 7: 5 working days; for a field visit or across OPDs at the latest 14, once,
    however often the complaint comes back to the step.
    """

    _inherit = "lapor.clock"

    def _may_extend(self):
        """Whether this user may extend: a superior of the step's position, or a coordinator;
        never whoever has the step."""
        self.ensure_one()
        # Answers yes or no; positions above may be out of the user's reach.
        clock = self.sudo()
        user = self.env.user
        if clock.visit_id.user_id == user:
            return False
        if clock.complaint_id._may_coordinate(user):
            return True
        superior = clock.visit_id.position_id.parent_id
        while superior:
            if superior._holder_now() == user:
                return True
            superior = superior.parent_id
        return False

    def action_extend(self, reason):
        """Grant a step the longer time that its SOP allows.

        :param str reason: kept with the clock and shown to everybody
        :raises UserError: when the SOP allows none (any more), the time is over, the user may
            not, or without a reason
        """
        self.ensure_one()
        self.check_access("read")
        self.complaint_id._lock_cases()
        self.invalidate_recordset()
        # What the SOP says is no secret to whoever reads the clock.
        refusal = self.sudo()._extension_refusal()
        if refusal:
            raise UserError(refusal)
        step = self.sudo().sop_step_id
        if not (reason or "").strip():
            raise UserError(self.env._("Give the reason for the extension."))
        if not self._may_extend():
            raise UserError(
                self.env._("Only a superior of the position, or the coordinator, may extend.")
            )
        # The user has the right to extend, not the right to write clocks.
        clock = self.sudo()
        clock._extend(Allowance.of([(step.extension_amount, step.extension_unit)]), reason.strip())

    def _extension_refusal(self, late_too=False):
        """Why this clock cannot be given the longer time of its SOP's step, as the system.

        :param bool late_too: also when its time is over: what was asked for in time
        :returns: a sentence; False when it can
        """
        self.ensure_one()
        step = self.sop_step_id
        if self.kind != "step" or self.state == "stopped" or not step.extension_amount:
            return self.env._("The SOP allows no longer time for this.")
        if self.extension_reason:
            return self.env._("This time has been extended already.")
        if self._extensions_given() >= step.extension_count:
            return self.env._(
                "The SOP allows the longer time for this step %s times, also when the complaint "
                "comes back to it, and it has been given so often.",
                step.extension_count,
            )
        if not late_too and self._is_late():
            return self.env._("The time is over: it can no longer be extended.")
        return False

    def _extensions_given(self):
        """How many times this step of the case was given a longer time since the case was received,
        or opened again."""
        case = self.complaint_id
        begun = max(case._true_reopenings().mapped("reopened_at"), default=case.received_at)
        return len(
            case.clock_ids.filtered(
                lambda clock: (
                    clock.kind == "step"
                    and clock.sop_step_id == self.sop_step_id
                    and clock.extension_reason
                    and clock.started_at >= begun
                    and clock.result != "void"
                )
            )
        )

    def _extend(self, allowance, reason):
        """Give a step's clock a longer time, and the clock of the whole SOP as much more; as the
        system: the case is locked, and the right to grant it was checked before.

        :param allowance: the whole time of the step from now on
        """
        self.ensure_one()
        before, due_before = self._allowance(), self.due_at
        whole = self.complaint_id.clock_ids.filtered(
            lambda clock: clock.kind == "sop" and clock.state != "stopped"
        )
        values = {"extended_by_id": self.env.uid, "extension_reason": reason}
        self.write({**self._allowance_values(allowance), **values})
        for clock in whole:
            longer = clock._allowance().grown(before, allowance)
            clock.write({**self._allowance_values(longer), **values})
        clocks = self | whole
        dues = {clock: clock.due_at for clock in clocks}
        for clock in clocks:
            clock.write(clock._plan_again())
        clocks._follow_due(escalations_too=True)
        self.env["lapor.event"]._log(
            [
                {
                    "complaint": self.complaint_id,
                    "code": "clock_extended",
                    "visit": self.visit_id,
                    "data": {
                        "clock": self.id,
                        "reason": reason,
                        "from": fields.Datetime.to_string(due_before) or None,
                        "to": fields.Datetime.to_string(self.due_at) or None,
                        "clocks": clocks._moves(dues).get(self.complaint_id, []),
                    },
                }
            ]
        )
