from contextlib import contextmanager
from datetime import timedelta
from typing import NamedTuple

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..tools.appointments import Assignment


class Watch(NamedTuple):
    """Something that somebody coordinates, oversees or inspects between two days."""

    position: int
    what: tuple
    user: int
    date_from: str
    date_to: str

    def is_within(self, other):
        return (
            (self.what, self.user) == (other.what, other.user)
            and other.date_from <= self.date_from
            and self.date_to <= other.date_to
        )


class LaporPosition(models.Model):
    """Appointments to a position: what its entries are about, and who may not make them."""

    _inherit = "lapor.position"

    appointment_ids = fields.One2many(
        "lapor.appointment", "position_id", string="Holders So Far", readonly=True
    )

    # ------------------------------------------------------------
    # WHO IS APPOINTED, WHO ACTS
    # ------------------------------------------------------------

    def _assignment(self, capacity, user, date_from=False, date_to=False):
        return Assignment(
            capacity,
            user.id,
            self.role_id.id,
            self.unit_id.id,
            fields.Date.to_string(date_from) or None,
            fields.Date.to_string(date_to) or None,
        )

    def _assignments(self):
        """Who is appointed here now or for days to come, also while somebody else acts.

        :returns: list of :class:`Assignment`
        """
        self.ensure_one()
        if not self.active:
            return []
        today = fields.Date.to_string(self._today())
        return [one for one in self._all_assignments() if not one.is_over(today)]

    def _all_assignments(self):
        """As :meth:`_assignments`, with those whose last day has passed."""
        found = []
        if self.user_id:
            found.append(self._assignment("definitive", self.user_id))
        if self.acting_user_id:
            found.append(
                self._assignment(
                    self.acting_kind, self.acting_user_id, self.acting_from, self.acting_to
                )
            )
        for leave in self._leaves():
            found.append(
                self._assignment("leave", leave.substitute_id, leave.date_from, leave.date_to)
            )
        return list(dict.fromkeys(found))

    def _leaves(self):
        """Leaves with a substitute of those who are appointed here."""
        leaves = (self.user_id | self.acting_user_id).lapor_leave_ids
        return leaves.filtered(
            lambda leave: leave.company_id == self.company_id and leave.substitute_id
        )

    def _absent_on_leave(self, one):
        """For whom a substitute stands in, as :meth:`_assignments` names him."""
        return (
            self._leaves()
            .filtered(
                lambda leave: (
                    self._assignment("leave", leave.substitute_id, leave.date_from, leave.date_to)
                    == one
                )
            )
            .user_id[:1]
        )

    def _acting_assignment(self):
        """By which appointment today's holder acts; None while nobody does."""
        self.ensure_one()
        holder = self.holder_id
        if not holder:
            return None
        today = fields.Date.to_string(self._today())
        found = [one for one in self._all_assignments() if one.user == holder.id]
        found = found or [self._assignment("definitive", holder)]
        # The most particular one in force: a substitute before a Plh., a Plh. before the definitive
        # holder. One that is over counts until the job moves the holder on.
        return max(
            reversed(found),
            key=lambda one: ((one.date_from or "") <= today, not one.is_over(today)),
        )

    def _local_day(self, moment):
        """Local date at this position's unit of a moment in UTC."""
        return fields.Datetime.context_timestamp(
            self.with_context(tz=self.unit_id._get_tz()), moment
        ).date()

    # ------------------------------------------------------------
    # NOBODY APPOINTS HIMSELF
    # ------------------------------------------------------------

    @api.model
    @contextmanager
    def _not_for_oneself(self):
        """Refuse a change by which whoever makes it gains a task of coordinating, overseeing or
        inspecting, now or on a day to come; in the own position or for somebody whom he stands in
        for.

        :raises AccessError: naming who can do it instead
        """
        user = self.env.user
        if self.env.uid == SUPERUSER_ID:
            yield
            return
        # What the user has, whether or not he may read these positions.
        Position = self.env["lapor.position"].sudo()
        # A day more on both sides: which day it is depends on the office.
        today = fields.Date.today()
        leaves = (
            self.env["lapor.leave"]
            .sudo()
            .search(
                [
                    ("substitute_id", "=", user.id),
                    ("date_from", "<=", today + timedelta(days=1)),
                    ("date_to", ">=", today - timedelta(days=1)),
                ]
            )
        )
        selves = user | leaves.user_id
        before = Position._watched_by(selves)
        yield
        gained = [
            one
            for one in Position._watched_by(selves)
            if not any(one.is_within(other) for other in before)
        ]
        companies = Position.browse(one.position for one in gained).company_id
        if not gained or (
            user.has_group("base.group_system")
            and not Position.search_count(
                [
                    ("company_id", "in", companies.ids),
                    ("holder_id", "not in", [*selves.ids, False]),
                ],
                limit=1,
            )
        ):
            return
        raise AccessError(
            self.env._(
                "Nobody appoints himself, or whom he stands in for, to a position that "
                "coordinates, oversees or inspects (%s). Ask another administrator.",
                ", ".join(Position.browse(one.position for one in gained).mapped("name")),
            )
        )

    @api.model
    def _watched_by(self, users):
        """What users coordinate, oversee or inspect by their appointments, also later ones.

        :returns: list of :class:`Watch`
        """
        # As the system: roles and offices of these users, wherever they are.
        users = users.sudo()
        found = []
        for position in self._of(users).filtered("active"):
            role = position.role_id
            office = position.unit_id.office_id or position.unit_id
            flags = [("coordinates", office.id, office.kind == "manager")] * role.coordinates
            flags += [("oversees", position.company_id.id, True)] * role.oversees
            flags += [("inspects", position.company_id.id, True)] * role.inspects
            found += [
                Watch(position.id, flag, one.user, one.date_from or "", one.date_to or "9")
                for one in position._assignments()
                if one.user in users.ids
                for flag in flags
            ]
        return found

    # ------------------------------------------------------------
    # WHO ACTS IS NOT WRITTEN, A POSITION EVER HELD NOT REMOVED
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse_holder(vals_list)
        with self._not_for_oneself():
            return super().create(vals_list)

    def write(self, vals):
        self._refuse_holder([vals])
        with self._not_for_oneself():
            result = super().write(vals)
        if "name" in vals:
            self.env["lapor.appointment"]._record(self)
        return result

    def _refuse_holder(self, vals_list):
        if any("holder_id" in vals for vals in vals_list):
            raise UserError(
                self.env._(
                    "Who acts today follows from the definitive holder, the Plt. or Plh. and "
                    "leaves. Enter one of these instead."
                )
            )

    def _apply_holders(self, before):
        result = super()._apply_holders(before)
        self.env["lapor.appointment"]._record(self)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_if_never_held(self):
        # Only whether there are any; the administrator reads them on the form.
        entries = self.env["lapor.appointment"].sudo()
        if entries.search_count([("position_id", "in", self.ids)], limit=1):
            raise ValidationError(
                self.env._(
                    "Somebody was appointed to this position. Archive it instead, so that its "
                    "history stays."
                )
            )
