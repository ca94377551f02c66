from collections import defaultdict

from odoo import api, models
from odoo.exceptions import AccessError, UserError


class LaporHandoverMixin(models.AbstractModel):
    """Serahkan and ambil alih: an open step changes hands inside its office, with a reason.

    What the SOP says stays: a step is handed to positions with one of its roles only, and
    taken over by these or by a superior, who then answers for it in the own position.
    """

    _name = "lapor.handover.mixin"
    _description = "Handing Over Steps"
    _inherit = ["lapor.case.mixin"]

    def action_hand_over(self, position_id, reason):
        """Hand the open steps of cases to a colleague.

        :param position_id: ``lapor.position`` or id
        :param str reason: why
        :raises UserError: without a reason, or when the colleague may not do a step
        :raises AccessError: when a step is somebody else's
        """
        position_id = getattr(position_id, "id", position_id)
        self._begin_handover()
        reason = self._reason(reason)
        # Colleagues' positions are compared as the system.
        given = self.env["lapor.position"].sudo().browse(position_id or []).exists()
        found = {}
        for complaint in self:
            complaint._check_step_is_mine()
            # The step is the user's; who else could have it is looked up as the system.
            case = complaint.sudo()
            visit = case.current_step_id
            if given.holder_id and given.holder_id == visit.user_id != self.env.user:
                raise UserError(
                    self.env._(
                        "“%(step)s” of %(number)s is with %(who)s already.",
                        step=visit.sop_step_id.display_name,
                        number=case.number,
                        who=visit._who(),
                    )
                )
            if not given or given not in case._handover_candidates(found):
                raise UserError(
                    self.env._(
                        "“%(step)s” of %(number)s can be handed only to somebody else who has its "
                        "role in %(unit)s.",
                        step=visit.sop_step_id.display_name,
                        number=case.number,
                        unit=visit.unit_id.office_id.name or visit.unit_id.name,
                    )
                )
        # The steps are the user's to give; what follows is written as the system.
        self.sudo().current_step_id._move(given.unit_id, given, reason)
        return True

    def action_take_over(self, reason=None, seen=None):
        """Take over the open steps of cases: from the queue, from a colleague, or as a superior.

        :param str reason: why; not needed for a step that nobody has
        :param dict seen: who had each step when it was decided to take it over (id of the case,
            as text, to id of the user or False); then nobody is deprived who took it meanwhile
        :raises UserError: without a reason, or when a step is one's own already
        :raises AccessError: when one has neither its role in the office nor stands above it
        """
        self._begin_handover()
        # The steps are written as the system once all are checked.
        found, moves = {}, defaultdict(lambda: self.env["lapor.complaint.step"].sudo())
        for complaint in self:
            # Whose the step is; the right to take it over is checked below, as the user.
            case = complaint.sudo()
            visit = case.current_step_id
            if not visit:
                raise UserError(self.env._("Complaint %s is at no step.", case.number))
            if visit.user_id == self.env.user:
                raise UserError(
                    self.env._(
                        "“%(step)s” of %(number)s is yours already.",
                        step=visit.sop_step_id.display_name,
                        number=case.number,
                    )
                )
            if (seen or {}).get(str(case.id), visit.user_id.id) != visit.user_id.id:
                raise UserError(
                    self.env._(
                        "“%(step)s” of %(number)s has changed hands meanwhile: it is now for "
                        "%(who)s to do.",
                        step=visit.sop_step_id.display_name,
                        number=case.number,
                        who=visit._who(),
                    )
                )
            position = case._position_to_take_over(found)
            if not position:
                raise AccessError(
                    self.env._(
                        "“%(step)s” of %(number)s can be taken over only by a colleague with its "
                        "role in the same office, or by a superior.",
                        step=visit.sop_step_id.display_name,
                        number=case.number,
                    )
                )
            given = self._reason(reason) if visit.user_id else self._clean(reason or "").strip()
            moves[position, given] += visit
        for (position, given), visits in moves.items():
            visits._move(position.unit_id, position, given)
        return True

    def _begin_handover(self):
        self.check_access("read")
        self._lock_cases()

    @api.model
    def _reason(self, reason):
        reason = self._clean(reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why the step changes hands."))
        return reason

    def _handover_candidates(self, found=None):
        """Positions with a holder to which the open step can be handed.

        :param dict found: positions already looked up for other cases of the same call
        :rtype: lapor.position
        """
        self.ensure_one()
        visit = self.current_step_id
        office = visit.unit_id.office_id or visit.unit_id
        found = {} if found is None else found
        place = (office, visit._roles())
        if place not in found:
            found[place] = self.env["lapor.position"].search(
                [
                    ("unit_id.office_id", "=", office.id),
                    ("role_id", "in", place[1].ids),
                    ("holder_id", "!=", False),
                ]
            )
        return found[place].filtered(
            lambda position: position.holder_id != visit.user_id and self._is_open_to(position)
        )

    def _position_to_take_over(self, found=None):
        """The position in which this user may take the open step over: one with its role, the
        own unit first, else one above it.

        :param dict found: as for :meth:`_handover_candidates`
        """
        self.ensure_one()
        visit = self.current_step_id
        mine = self._handover_candidates(found).filtered(
            lambda position: position._holder_now() == self.env.user
        )
        if mine:
            return mine.sorted(lambda position: position.unit_id != visit.unit_id)[:1]
        superior = visit.position_id.parent_id
        while superior:
            if superior._holder_now() == self.env.user and self._is_open_to(superior):
                return superior
            superior = superior.parent_id
        return superior

    def _get_more_acts(self, visit, mine):
        acts = super()._get_more_acts(visit, mine)
        if not visit:
            return acts
        # Whether there is somebody who could have the step.
        if mine and self.sudo()._handover_candidates():
            acts.append(
                {
                    "id": "hand_over",
                    "method": "action_open_hand_over",
                    "label": self.env._("Hand over to a colleague…"),
                    "kind": "handover",
                    "help": self.env._("To somebody else who has the role of this step."),
                    "primary": False,
                }
            )
        if visit.user_id != self.env.user and self.sudo()._position_to_take_over():
            acts.append(
                {
                    "id": "take_over",
                    "method": "action_open_take_over",
                    "label": self.env._("Take over…"),
                    "kind": "handover",
                    "help": self.env._("The step becomes yours, with your reason."),
                    "primary": False,
                }
            )
        return acts

    def action_open_hand_over(self):
        """The dialog of :meth:`action_hand_over`."""
        self.check_access("read")
        for complaint in self:
            complaint._check_step_is_mine()
        return self._handover_dialog("hand_over", self.env._("Hand Over to a Colleague"))

    def action_open_take_over(self):
        """The dialog of :meth:`action_take_over`."""
        self.check_access("read")
        return self._handover_dialog("take_over", self.env._("Take Over"))

    def _handover_dialog(self, act, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "lapor.handover.ask",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_complaint_ids": self.ids,
                "default_act": act,
                "default_seen": {str(case.id): case.current_step_id.user_id.id for case in self},
            },
        }
