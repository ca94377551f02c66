from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError

from .lapor_disposition_part_mixin import OPEN_STATES


class LaporSuccessionMixin(models.AbstractModel):
    """A unit or a position that is to be archived gives its open work to a successor first.

    The server refuses to archive a unit with open cases; this is the way there is instead. Every
    case keeps in its events who had it, who got it, and why; by these it can be taken back
    (``lapor.takeback.mixin``).
    """

    _name = "lapor.succession.mixin"
    _description = "Succession before Archiving"
    _inherit = ["lapor.takeback.mixin"]

    def action_archive(self):
        """Archive; where open work is left, the dialog that gives it to a successor."""
        self.check_access("write")
        if len(self) == 1 and self.active and self._left_work():
            return self._succession_dialog(self.env._("Hand Over and Archive"))
        return super().action_archive()

    def _succession_dialog(self, name, **defaults):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "lapor.archive.ask",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_unit_id": self._name == "lapor.unit" and self.id,
                "default_position_id": self._name == "lapor.position" and self.id,
                **{f"default_{key}": value for key, value in defaults.items()},
            },
        }

    def _left_work(self):
        """What is open with it: visits of steps, parts of dispositions, initials and promises that
        wait for it, and cases in its hands.

        :returns: a tuple of ``lapor.complaint.step``, ``lapor.disposition.line``, list of records
            that wait for one position, and ``lapor.complaint``, as the system; empty where
            nothing is left
        """
        self.ensure_one()
        positions, units = self._of_succession()
        # As the system: also what the administrator may not read has to be handed over.
        env = self.sudo().env
        visits = env["lapor.complaint.step"].search(
            [
                ("state", "=", "open"),
                "|",
                ("position_id", "in", positions.ids),
                ("unit_id", "in", units.ids),
            ]
        )
        parts = env["lapor.disposition.line"].search(
            [
                ("position_id", "in", positions.ids),
                ("state", "in", OPEN_STATES),
                ("kind", "!=", "copy"),
                ("complaint_id.phase", "!=", "closed"),
            ]
        )
        of_them = [("position_id", "in", positions.ids)]
        turns = [
            *env["lapor.response.paraf"].search([*of_them, ("state", "=", "waiting")]),
            *env["lapor.promise"].search([*of_them, ("state", "=", "open")]),
        ]
        cases = env["lapor.complaint"].search(
            [("phase", "!=", "closed"), ("unit_id", "in", units.ids)]
        )
        return (visits, parts, turns, cases) if visits or parts or turns or cases else ()

    def _left_cases(self):
        """The cases of :meth:`_left_work`."""
        # As the system, as in :meth:`_left_work`.
        cases = self.env["lapor.complaint"].sudo()
        for records in self._left_work():
            for record in records:
                cases |= record if record._name == cases._name else record.complaint_id
        return cases

    def _of_succession(self):
        """What goes with it when it is archived. Each model that inherits this says so.

        :returns: pair of its ``lapor.position`` and its ``lapor.unit``, archived ones too
        """
        return self.env["lapor.position"], self.env["lapor.unit"]

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
        self._check_succession()
        reason = self.env["lapor.complaint"]._reason(reason)
        positions, units = self._of_succession()
        if (
            not successor.active
            or successor.company_id != self.company_id
            or successor in (positions if successor._name == "lapor.position" else units)
        ):
            raise UserError(self.env._("Choose another one of this government as successor."))
        self._left_cases()._lock_cases()
        found = self._left_cases()
        visits, parts, turns, cases = self._left_work() or ((), (), (), ())
        archived, known = self._succession_key(), {}
        for case in cases:
            case._succeed_office(successor.office_id, reason, archived=archived)
        # The right to hand over was checked; steps are written as the system.
        moves = defaultdict(self.env["lapor.complaint.step"].sudo)
        for visit in visits:
            position = self._successor_of(successor, visit._roles(), visit.complaint_id, known)
            moves[position, visit.position_id, visit.unit_id] += visit
        for (position, before, unit), moved in moves.items():
            moved._move(
                position.unit_id,
                position,
                reason,
                archived=archived,
                from_position=before.id or None,
                from_unit=unit.id,
            )
        for part in parts:
            roles = part.position_id.role_id
            position = self._successor_of(successor, roles, part.complaint_id, known)
            part._readdress(position, reason, archived=archived)
        for turn in turns:
            # Where nobody can take it over, it waits for nobody: an initial of a vacant position
            # is passed over, a promise comes back to the coordinator.
            position = self._find_successor(successor, turn.position_id.role_id, known)
            if position and turn.complaint_id._is_open_to(position):
                turn._readdress(position, reason, archived=archived)
        return found

    def _find_successor(self, successor, roles, known):
        """The position with the successor that does what these roles did; empty without.

        :param dict known: what was found for other cases of the same call
        """
        if roles not in known:
            if successor._name == "lapor.unit":
                known[roles] = successor._find_position(roles)
            else:
                known[roles] = successor.filtered(lambda position: position.role_id in roles)
        return known[roles]

    def _successor_of(self, successor, roles, case, known):
        """The position that takes over what these roles did.

        :raises UserError: without one, or when it may not see the case
        """
        position = self._find_successor(successor, roles, known)
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
