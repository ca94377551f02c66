from markupsafe import Markup

from odoo import SUPERUSER_ID, models


class LaporStepOwnerMixin(models.AbstractModel):
    """Who has a visit of a step, who may do it, and how it changes hands.

    Visits that change hands together are written, recorded and told together: a vacated position
    may leave hundreds.
    """

    _name = "lapor.step.owner.mixin"
    _description = "Who Has a Step"

    # ------------------------------------------------------------
    # WHO MAY ACT
    # ------------------------------------------------------------

    def _roles(self):
        step = self.sop_step_id
        return step.role_id | step.alternative_role_id

    def _may_act(self, user):
        """Whether this user may do the step now.

        The holder of its position; a colleague with one of the step's roles in the same unit
        (in the whole office when nobody holds the position); and when nobody holds it: the
        nearest superior with a holder, an administrator, or for a misconduct case, which these
        may not see, whoever coordinates it.
        """
        self.ensure_one()
        # Answers yes or no; positions and steps above may be out of the user's reach.
        visit = self.sudo()
        if user.id == SUPERUSER_ID:
            return True
        if visit.complaint_id._is_shut_out(user):
            return False
        if visit.complaint_id.is_led_by_inspectorate:
            return visit.complaint_id._inspects(user)
        if visit.user_id == user or visit.position_id.holder_id == user:
            return True
        held = self.env["lapor.position"].sudo().search([("holder_id", "=", user.id)])
        held = held.filtered(lambda position: position.role_id in visit._roles())
        if visit.unit_id in held.unit_id:
            return True
        if visit.user_id:
            return False
        if visit.unit_id.office_id in held.unit_id.office_id:
            return True
        if (
            visit.complaint_id.is_misconduct
            and visit.complaint_id.managing_unit_id in user.lapor_coordinated_unit_ids
        ):
            return True
        superior = visit.position_id.parent_id
        while superior and not superior.holder_id:
            superior = superior.parent_id
        return superior.holder_id == user or user.has_group("lapor_base.group_lapor_admin")

    def _who(self):
        """Name of whoever must do the step, for messages to people."""
        self.ensure_one()
        # The name of who has the step is told to whoever may read the case.
        visit = self.sudo()
        if visit.user_id:
            return f"{visit.user_id.name} ({visit.position_id._title() or visit.unit_id.name})"
        if not visit.position_id and (visit.unit_id.office_id.assignment == "queue"):
            return self.env._(
                "whoever takes it: %(position)s, %(unit)s",
                position=visit.sop_step_id.role_id.name,
                unit=visit.unit_id.name,
            )
        return self.env._(
            "%(position)s (vacant), %(unit)s",
            position=visit.position_id.name or visit.sop_step_id.role_id.name,
            unit=visit.unit_id.name,
        )

    # ------------------------------------------------------------
    # CHANGING HANDS (as the system)
    # ------------------------------------------------------------

    def _follow_holders(self, positions):
        """Hand open steps of these positions to their holders of today."""
        visits = self.search([("position_id", "in", positions.ids), ("state", "=", "open")])
        for holder, of_holder in visits.grouped(lambda visit: visit.position_id.holder_id).items():
            moved = of_holder.filtered(lambda visit, holder=holder: visit.user_id != holder)
            if moved:
                moved._hand_over(holder)

    def _leave_roles(self, positions):
        """Find another owner for open steps whose position no longer has their role there."""
        visits = self.search([("position_id", "in", positions.ids), ("state", "=", "open")])
        for visit in visits:
            position = visit.position_id
            office = visit.unit_id.office_id
            if position.role_id in visit._roles() and position.unit_id.office_id == office:
                visit.unit_id = position.unit_id
                continue
            visit._move(*visit.complaint_id._find_owner(visit.sop_step_id, without=position))

    def _move(self, unit, position, reason=None, **facts):
        """Give open steps to another position, of whatever unit.

        :param str reason: what the person who moved them said, for thread and event
        :param facts: more for the events
        """
        self.write({"unit_id": unit.id, "position_id": position.id})
        self.complaint_id._involve(unit)
        self._hand_over(position.holder_id, reason, **facts)

    def _hand_over(self, user, reason=None, **facts):
        """Give open steps to another person of their position (or to the queue).

        :param facts: more for the events
        """
        if not self:
            return
        before = {visit.id: visit.user_id for visit in self}
        self.write({"user_id": user.id})
        # No mail per activity: the systray counts.
        self.activity_ids.filtered("active").with_context(mail_activity_quick_update=True).write(
            {"user_id": user.id}
        )
        self.complaint_id._hand_over_tasks()
        self.env["lapor.event"]._log(
            [
                {
                    "complaint": visit.complaint_id,
                    "code": "reassigned",
                    "visit": visit,
                    "position": visit.position_id,
                    "data": {
                        "from": before[visit.id].id or None,
                        "to": user.id or None,
                        **facts,
                        **({"reason": reason} if reason else {}),
                    },
                }
                for visit in self
            ]
        )
        queue = self.env._("the unit's queue")
        self.complaint_id._message_log_batch(
            bodies={
                visit.complaint_id.id: Markup("<p>%s</p>")
                % self.env._(
                    "%(step)s passes from %(before)s to %(after)s.",
                    step=visit.sop_step_id.display_name,
                    before=before[visit.id].name or queue,
                    after=user.name or queue,
                )
                + (Markup("<p class='o_lapor_said'>%s</p>") % reason if reason else "")
                for visit in self
            }
        )
