from odoo import models
from odoo.exceptions import AccessError, UserError

from .lapor_disposition_part_mixin import OPEN_STATES


class LaporSuccessionMixin(models.AbstractModel):
    """A unit or a position that is to be archived gives its open work to a successor first.

    The server refuses to archive a unit with open cases; this is the way there is instead. Every
    case keeps in its events who had it, who got it, and why.
    """

    _name = "lapor.succession.mixin"
    _description = "Succession before Archiving"

    def action_archive(self):
        """Archive; where open work is left, the dialog that gives it to a successor."""
        self.check_access("write")
        if len(self) == 1 and self.active and self._left_work():
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Hand Over and Archive"),
                "res_model": "lapor.archive.ask",
                "view_mode": "form",
                "views": [(False, "form")],
                "target": "new",
                "context": {
                    "default_unit_id": self._name == "lapor.unit" and self.id,
                    "default_position_id": self._name == "lapor.position" and self.id,
                },
            }
        return super().action_archive()

    def _left_work(self):
        """What is open with it: visits of steps, parts of dispositions, and cases in its hands.

        :returns: a tuple of ``lapor.complaint.step``, ``lapor.disposition.line`` and
            ``lapor.complaint``, as the system; empty where nothing is left
        """
        self.ensure_one()
        positions, units = self._of_succession()
        # As the system: also what the administrator may not read has to be handed over.
        visits = (
            self.env["lapor.complaint.step"]
            .sudo()
            .search(
                [
                    ("state", "=", "open"),
                    "|",
                    ("position_id", "in", positions.ids),
                    ("unit_id", "in", units.ids),
                ]
            )
        )
        parts = (
            self.env["lapor.disposition.line"]
            .sudo()
            .search(
                [
                    ("position_id", "in", positions.ids),
                    ("state", "in", OPEN_STATES),
                    ("kind", "!=", "copy"),
                    ("complaint_id.phase", "!=", "closed"),
                ]
            )
        )
        cases = (
            self.env["lapor.complaint"]
            .sudo()
            .search([("phase", "!=", "closed"), ("unit_id", "in", units.ids)])
        )
        return (visits, parts, cases) if visits or parts or cases else ()

    def _of_succession(self):
        """The positions that go with it, and the units."""
        raise NotImplementedError

    def _hand_work_to(self, successor, reason):
        """Give all open work to a successor; who takes what follows from the roles.

        :param successor: ``lapor.unit`` or ``lapor.position`` of the same government
        :param str reason: why; goes into thread and events of every case
        :returns: the cases handed over
        :rtype: lapor.complaint
        :raises UserError: without a reason or a successor, when a role has no position with the
            successor, or when a case may not be seen there
        :raises AccessError: for others than administrators of units and positions
        """
        self.ensure_one()
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group("lapor_base.group_lapor_admin"):
            raise AccessError(self.env._("Only an administrator archives units and positions."))
        reason = self.env["lapor.complaint"]._reason(reason)
        positions, units = self._of_succession()
        if (
            not successor.active
            or successor.company_id != self.company_id
            or successor in (positions if successor._name == "lapor.position" else units)
        ):
            raise UserError(self.env._("Choose another one of this government as successor."))
        visits, parts, cases = self._left_work() or (
            self.env["lapor.complaint.step"],
            self.env["lapor.disposition.line"],
            self.env["lapor.complaint"],
        )
        found = visits.complaint_id | parts.complaint_id | cases
        found._lock_cases()
        for case in cases:
            case._succeed_office(successor.office_id, reason)
        for visit in visits:
            position = self._successor_of(successor, visit._roles(), visit.complaint_id)
            visit._move(position.unit_id, position, reason)
        for part in parts:
            before = part.position_id
            position = self._successor_of(successor, before.role_id, part.complaint_id)
            part._readdress(position, reason)
        return found

    def _successor_of(self, successor, roles, case):
        """The position that takes over what these roles did."""
        if successor._name == "lapor.position":
            position = successor if successor.role_id in roles else successor.browse()
        else:
            position = successor._find_position(roles)
        if not position:
            raise UserError(
                self.env._(
                    "%(successor)s has no position with the role “%(role)s”. Choose another "
                    "successor, or add the position first.",
                    successor=successor.display_name,
                    role=", ".join(roles.mapped("name")),
                )
            )
        if not case._is_open_to(position):
            raise UserError(
                self.env._(
                    "A misconduct case is among them, which this successor may not see. Let the "
                    "coordinator move it first."
                )
            )
        return position
