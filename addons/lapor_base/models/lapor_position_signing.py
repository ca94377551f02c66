from datetime import UTC, datetime, time, timedelta

import pytz

from odoo import api, fields, models


class LaporPosition(models.Model):
    """Who acts at this very moment, for whom somebody may step in, and how he signs.

    Whoever steps in does so in the own position: a vacant position signs nothing. Whoever only
    administers the program holds no position, so nothing here is ever his.
    """

    _inherit = "lapor.position"

    holder_until = fields.Date(
        compute="_compute_holder_id",
        store=True,
        help="Last day for which the holder is known; after it the days are looked at anew.",
    )

    def _compute_holder_id(self):
        result = super()._compute_holder_id()
        for position in self:
            position.holder_until = position._known_until(position._today())
        return result

    def _known_until(self, today):
        """The last day before somebody's time here begins or ends; False where none does."""
        turns = []
        if self.acting_user_id:
            turns.append((self.acting_from, self.acting_to))
        people = self.user_id | self.acting_user_id
        leaves = people.lapor_leave_ids
        if leaves:
            leaves |= leaves.substitute_id.lapor_leave_ids
        turns += [(leave.date_from, leave.date_to) for leave in leaves]
        last_days = [first - timedelta(days=1) for first, _last in turns if first]
        last_days += [last for _first, last in turns if last]
        return min((day for day in last_days if day >= today), default=False)

    def _holder_now(self):
        """Who acts in this position at this moment, also before the job has moved the holder on.

        :rtype: res.users
        """
        if not self:
            return self.env["res.users"]
        self.ensure_one()
        if not self.holder_until or self._today() <= self.holder_until:
            return self.holder_id
        return self._holder_on(self._today())

    @api.model
    def _held_by(self, user):
        """Positions in which a user acts at this moment.

        :rtype: lapor.position
        """
        positions = self.search([("holder_id", "=", user.id)])
        return positions.filtered(lambda position: position._holder_now() == user)

    def _superior(self):
        """The nearest position above this one that has a holder."""
        superior = self.parent_id
        while superior and not superior._holder_now():
            superior = superior.parent_id
        return superior

    def _acting_for(self, user):
        """The position in which a user may do what was handed to this one: this one, if he holds
        it; that of a colleague with the same role in the same unit; and while it is vacant that of
        the nearest superior.

        :returns: ``lapor.position``; empty where he may not
        """
        self.ensure_one()
        holder = self._holder_now()
        if holder and holder == user:
            return self
        colleague = self._held_by(user).filtered(
            lambda position: position.role_id == self.role_id and position.unit_id == self.unit_id
        )
        if colleague or holder:
            return colleague[:1]
        superior = self._superior()
        return superior if superior and superior._holder_now() == user else self.browse()

    def _is_acted_by(self, user):
        """Whether this user may do what was handed to this position, see :meth:`_acting_for`.

        :rtype: bool
        """
        return bool(self._acting_for(user))

    # ------------------------------------------------------------
    # SIGNING
    # ------------------------------------------------------------

    def _signing_as(self, user=None, moment=None):
        """How somebody signs in this position: the particulars of his appointment at a moment.

        :param user: ``res.users`` who signs; by default whoever acts
        :param datetime.datetime moment: in UTC; now without
        :returns: dict with ``appointment`` (``lapor.appointment``, empty where he has none),
            ``title`` (with Plt. or Plh.), ``own_title`` (without), ``name``, ``rank`` and ``nip``
        """
        # Titles, ranks and NIP stand on every paper; whoever signs or prints need not read users.
        position = self.sudo()
        Appointment = self.env["lapor.appointment"].sudo()
        if position and not moment and position._holder_now() != position.holder_id:
            # A day has passed, and the job that enters it has not run yet.
            position._refresh_holders()
        entry = Appointment._at(position, moment or fields.Datetime.now())
        if user and entry.user_id != user:
            entry = Appointment
        if entry:
            return entry._signing()
        user = (user or position.holder_id).sudo()
        return {
            "appointment": entry,
            "title": position._title() if position else "",
            "own_title": position.name or "",
            "name": user.name or "",
            "rank": user.lapor_rank or "",
            "nip": user.lapor_nip or "",
        }

    def _apply_holders(self, before):
        result = super()._apply_holders(before)
        # The job runs when a day comes that changes something, not up to an hour later.
        moments = {
            position._end_of(position.holder_until)
            for position in self
            if position.holder_until and position.holder_until >= position._today()
        }
        if moments:
            # The job is the system's.
            self.env.ref("lapor_base.ir_cron_apply_positions").sudo()._trigger(at=sorted(moments))
        return result

    def _end_of(self, day):
        """The moment in UTC at which a local day at this position's unit is over."""
        zone = pytz.timezone(self.unit_id._get_tz())
        midnight = zone.localize(datetime.combine(day + timedelta(days=1), time()))
        return midnight.astimezone(UTC).replace(tzinfo=None)
