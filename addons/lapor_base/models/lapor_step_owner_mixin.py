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
        """Whether this user may do the step now, see :meth:`_acting_position`; the program may."""
        return user.id == SUPERUSER_ID or bool(self._acting_position(user))

    def _acting_position(self, user):
        """The position in which a user does the step, and signs what comes of it.

        The step's position, if he holds it; else his own, as a colleague with one of the step's
        roles in the same unit (in the whole office when nobody holds the step's position); and
        when nobody does: as the nearest superior with a holder, or for a misconduct case as whoever
        coordinates it. A case that the inspectorate leads is for those who inspect. Whoever only
        administers the program has none of these.

        :returns: ``lapor.position``; empty where the step is not his to do
        """
        self.ensure_one()
        # Positions and steps above may be out of the user's reach.
        visit = self.sudo()
        position, case = visit.position_id, visit.complaint_id
        if case._is_shut_out(user):
            return position.browse()
        holder = position._holder_now()
        if case.is_led_by_inspectorate:
            if not case._inspects(user):
                return position.browse()
            inspecting = position._held_by(user).filtered(
                lambda own: own.role_id.inspects and own.company_id == case.company_id
            )
            return inspecting.sorted(lambda own: own != position)[:1]
        if holder and holder == user:
            return position
        held = position._held_by(user)
        fitting = held.filtered(lambda own: own.role_id in visit._roles())
        near = fitting.filtered(lambda own: own.unit_id == visit.unit_id)
        if near or holder:
            return near[:1]
        office = visit.unit_id.office_id
        if near := fitting.filtered(lambda own: own.unit_id.office_id == office):
            return near[:1]
        if case.is_misconduct and case.managing_unit_id in user.lapor_coordinated_unit_ids:
            return held.filtered(
                lambda own: (
                    own.role_id.coordinates and own.unit_id.office_id == case.managing_unit_id
                )
            )[:1]
        superior = position._superior()
        return superior if superior._holder_now() == user else position.browse()

    def _doing_position(self):
        """The position in which whoever acts now does this step; the step's own for the program
        and for those who act beside the step."""
        return self._acting_position(self.env.user) or self.position_id

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
        self._adopt_orphans(positions)
        visits = self.search([("position_id", "in", positions.ids), ("state", "=", "open")])
        for holder, of_holder in visits.grouped(lambda visit: visit.position_id.holder_id).items():
            moved = of_holder.filtered(lambda visit, holder=holder: visit.user_id != holder)
            if moved:
                moved._hand_over(holder)

    def _adopt_orphans(self, positions):
        """Open steps whose role nobody had go to these positions, where they have it now."""
        roles = positions.filtered("holder_id").role_id
        orphans = self.search(
            [
                ("position_id", "=", False),
                ("state", "=", "open"),
                ("company_id", "in", positions.company_id.ids),
                "|",
                ("sop_step_id.role_id", "in", roles.ids),
                ("sop_step_id.alternative_role_id", "in", roles.ids),
            ]
        )
        for visit in orphans:
            unit, position = visit.complaint_id._find_owner(visit.sop_step_id)
            if position in positions:
                visit._move(unit, position)

    def _ask_to_fill(self):
        """Where nobody at all can do an open step, whoever coordinates the case is told."""
        known = {}
        for visit in self.filtered(lambda visit: visit.state == "open" and not visit.user_id):
            place = (
                visit.position_id,
                visit.unit_id,
                visit._roles(),
                visit.complaint_id.is_misconduct,
            )
            if place not in known:
                known[place] = visit._can_be_done()
            if not known[place]:
                position = visit.position_id.name or visit.sop_step_id.role_id.name
                visit.complaint_id._add_task(
                    "fill_position",
                    visit.complaint_id._coordinator(),
                    self.env._(
                        "Nobody can do “%(step)s”: have “%(position)s” in %(unit)s filled",
                        step=visit.sop_step_id.display_name,
                        position=position,
                        unit=visit.unit_id.name,
                    ),
                )

    def _can_be_done(self):
        """Whether there is anybody to do this step that nobody has."""
        self.ensure_one()
        if self.complaint_id.is_misconduct or self.position_id._superior():
            return True
        return bool(
            self.env["lapor.position"].search_count(
                [
                    ("unit_id.office_id", "=", self.unit_id.office_id.id),
                    ("role_id", "in", self._roles().ids),
                    ("holder_id", "!=", False),
                ],
                limit=1,
            )
        )

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
        before = self.unit_id - unit
        self.write({"unit_id": unit.id, "position_id": position.id})
        self.complaint_id._involve(unit)
        self._hand_over(position.holder_id, reason, **facts)
        if before:
            self.complaint_id._release(before)

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
        if user:
            self.complaint_id._drop_tasks(["fill_position"])
        self._ask_to_fill()
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
