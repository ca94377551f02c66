from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .lapor_disposition_part_mixin import OPEN_STATES


class LaporTakebackMixin(models.AbstractModel):
    """A unit or a position that was archived by mistake, and is active again, takes back what it
    gave to its successor.

    What that was is read from the events of the hand-over. Only what still is open with the
    successor comes back: what has gone on stays where it is.
    """

    _name = "lapor.takeback.mixin"
    _description = "Taking Back What Was Handed Over"

    def action_unarchive(self):
        """Unarchive; where work is still with a successor, the dialog that takes it back."""
        result = super().action_unarchive()
        if len(self) == 1 and self.active and self._given_away():
            return self.action_open_take_back()
        return result

    def action_open_take_back(self):
        """The dialog of :meth:`action_take_back`.

        :raises UserError: when nothing is left to take back
        """
        self.ensure_one()
        self.check_access("write")
        if not self._given_away():
            raise UserError(self._nothing_left())
        return self._succession_dialog(self.env._("Take the Work Back"), takes_back=True)

    def action_take_back(self, reason):
        """Take back the work that was handed over when this was archived, as far as it is still
        open with the successor.

        :param str reason: why; goes into thread and events of every case
        :returns: the cases taken back
        :rtype: lapor.complaint
        :raises UserError: without a reason, while it is archived, or when nothing is left
        :raises AccessError: for others than administrators of units and positions
        """
        self.ensure_one()
        self._check_succession()
        reason = self.env["lapor.complaint"]._reason(reason)
        if not self.active:
            raise UserError(self.env._("“%s” is archived. Unarchive it first.", self.display_name))
        self.env["lapor.complaint"].concat(
            *(case for case, *_rest in self._given_away())
        )._lock_cases()
        given = self._given_away()
        if not given:
            raise UserError(self._nothing_left())
        for _case, _record, take in given:
            take(reason)
        return self.env["lapor.complaint"].concat(*(case for case, *_rest in given))

    def _nothing_left(self):
        return self.env._(
            "Nothing of what “%s” handed over is still open with its successor.",
            self.display_name,
        )

    def _check_succession(self):
        """Whether this user may give the work of this unit or position away, or take it back.

        :raises AccessError: for others than administrators of units and positions
        """
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group("lapor_base.group_lapor_admin"):
            raise AccessError(self.env._("Only an administrator archives units and positions."))

    def _succession_key(self):
        """By which events name what was archived."""
        self.ensure_one()
        return f"{self._name},{self.id}"

    def _given_away(self):
        """What was handed over and is still open where it went.

        :returns: list of (case, record, act that takes it back with a reason), as the system,
            each record once
        """
        self.ensure_one()
        # As the system: also what the administrator may not read comes back.
        Event = self.env["lapor.event"].sudo()
        Event.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM lapor_event
                    WHERE company_id = %s AND code = ANY(%s) AND data ->> 'archived' = %s
                 ORDER BY id""",
                self.company_id.id,
                ["office_succeeded", "reassigned", "part_readdressed", "turn_readdressed"],
                self._succession_key(),
            )
        )
        found = {}
        for event in Event.browse(row[0] for row in rows):
            record, take = getattr(self, f"_back_{event.code}")(event)
            if record:
                found[record] = (event.complaint_id, record, take)
        return [
            one
            for one in found.values()
            # A case that its new office has gone on with stays there.
            if one[1] != one[0] or self._is_untouched(one[0], found)
        ]

    @api.model
    def _is_untouched(self, case, found):
        visit = case.current_step_id
        return visit in found or visit.unit_id.office_id != case.unit_id

    # What one event of the hand-over gave away, or nothing where it went on since, and the act
    # that takes it back. As the system: called for an administrator of units, whose right to
    # take back was checked, about records that the system wrote into the event.

    def _back_office_succeeded(self, event):
        # Where the work was, by the case's own events; the right to take back was checked.
        case, office = event.complaint_id, self.env["lapor.unit"].sudo().browse(event.data["from"])
        still = case.phase != "closed" and case.unit_id.id == event.data["to"] and office.active
        return still and case, lambda reason: case._succeed_office(office, reason)

    def _back_reassigned(self, event):
        visit, position = event.visit_id, self._back_position(event.data["from_position"])
        # Where the work was, by the case's own events; the right to take back was checked.
        unit = self.env["lapor.unit"].sudo().browse(event.data["from_unit"])
        still = (
            visit.state == "open"
            and visit.position_id == event.position_id
            and unit.active
            and (not position or (position.active and position.role_id in visit._roles()))
            and event.complaint_id._is_open_to(position)
        )
        return still and visit, lambda reason: visit._move(unit, position, reason)

    def _back_part_readdressed(self, event):
        # Where the work was, by the case's own events; the right to take back was checked.
        line = self.env["lapor.disposition.line"].sudo().browse(event.data["line"])
        still = line.state in OPEN_STATES and event.complaint_id.phase != "closed"
        return self._back_readdressed(event, still and line)

    def _back_turn_readdressed(self, event):
        # Where the work was, by the case's own events; the right to take back was checked.
        turn = self.env[event.data["model"]].sudo().browse(event.data["id"])
        return self._back_readdressed(event, turn._is_open_turn() and turn)

    def _back_readdressed(self, event, record):
        position = self._back_position(event.data["from"])
        still = (
            record
            and record.position_id.id == event.data["to"]
            and position.active
            and event.complaint_id._is_open_to(position)
        )
        return still and record, lambda reason: record._readdress(position, reason)

    @api.model
    def _back_position(self, position_id):
        # Where the work was, by the case's own events; the right to take back was checked.
        return self.env["lapor.position"].sudo().browse(position_id or [])
