from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import format_date


class LaporLeave(models.Model):
    """A leave of absence (cuti, dinas luar): between two days somebody else acts in the positions
    of its person, or nobody: then the work waits where colleagues may take it.

    A Plh. by letter of assignment is entered at the position; this is for all positions of a
    person at once. They return to him by themselves on the day after.
    """

    _name = "lapor.leave"
    _description = "Leave of Absence"
    _order = "date_from desc, id desc"
    _rec_name = "user_id"
    _check_company_auto = True

    user_id = fields.Many2one(
        "res.users",
        string="Who",
        required=True,
        ondelete="cascade",
        index=True,
        domain="[('share', '=', False)]",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Government",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    date_from = fields.Date(string="First Day", required=True, default=fields.Date.context_today)
    date_to = fields.Date(string="Last Day", required=True)
    substitute_id = fields.Many2one(
        "res.users",
        ondelete="restrict",
        domain="[('share', '=', False)]",
        help="Acts in all positions of this person as Plh. Empty: the work waits in the queue, "
        "where colleagues with the same role may take it.",
    )
    note = fields.Char(string="Reason")
    position_ids = fields.Many2many("lapor.position", compute="_compute_position_ids")

    _dates_check = models.Constraint(
        "CHECK (date_from <= date_to)", "The last day of a leave lies before the first."
    )

    @api.depends("user_id", "company_id")
    def _compute_position_ids(self):
        for leave in self:
            leave.position_ids = self.env["lapor.position"].search(
                [
                    ("company_id", "=", leave.company_id.id),
                    "|",
                    ("user_id", "=", leave.user_id.id),
                    ("acting_user_id", "=", leave.user_id.id),
                ]
            )

    @api.constrains("user_id", "substitute_id", "date_from", "date_to", "company_id")
    def _check_leave(self):
        unit = self.env["lapor.unit"]
        for leave in self:
            unit._near_day(leave.date_from)
            unit._near_day(leave.date_to)
            if leave.substitute_id == leave.user_id:
                raise ValidationError(self.env._("Nobody is one's own substitute."))
            if leave.substitute_id.share:
                raise ValidationError(self.env._("A substitute is a member of the staff."))
            if self.search_count(
                [
                    ("id", "!=", leave.id),
                    ("user_id", "=", leave.user_id.id),
                    ("company_id", "=", leave.company_id.id),
                    ("date_from", "<=", leave.date_to),
                    ("date_to", ">=", leave.date_from),
                ],
                limit=1,
            ):
                raise ValidationError(
                    self.env._(
                        "%(name)s is on leave on these days already.", name=leave.user_id.name
                    )
                )

            leave._check_not_circular()

    def _check_not_circular(self):
        """Refuse substitutes who stand in for each other on the same days: nobody would be there.

        :raises ValidationError: naming who is away when
        """
        waiting = [(self, self.substitute_id, self.date_from, self.date_to)]
        while waiting:
            seen, person, first, last = waiting.pop()
            others = self.search(
                [
                    ("id", "not in", seen.ids),
                    ("user_id", "=", person.id),
                    ("company_id", "=", self.company_id.id),
                    ("date_from", "<=", last),
                    ("date_to", ">=", first),
                ]
            )
            for other in others.filtered("substitute_id"):
                if other.substitute_id == self.user_id:
                    self._refuse_circle(seen, other)
                waiting.append(
                    (
                        seen | other,
                        other.substitute_id,
                        max(first, other.date_from),
                        min(last, other.date_to),
                    )
                )

    def _refuse_circle(self, seen, other):
        """
        :param seen: the leaves that lead from this one to ``other``
        :param other: ``lapor.leave`` whose substitute is the person of this one
        :raises ValidationError: always
        """
        raise ValidationError(
            self.env._(
                "%(substitute)s is on leave from %(first)s to %(last)s, and "
                "%(name)s is the substitute. Choose somebody else.",
                substitute=self.substitute_id.name,
                first=format_date(self.env, other.date_from),
                last=format_date(self.env, other.date_to),
                name=self.user_id.name,
            )
            if seen == self
            else self.env._(
                "These substitutes stand in for each other in a circle: %s. Choose somebody else.",
                ", ".join((seen | other).user_id.mapped("name")),
            )
        )

    @api.model_create_multi
    def create(self, vals_list):
        with self.env["lapor.position"]._not_for_oneself():
            leaves = super().create(vals_list)
        leaves._positions()._refresh_holders()
        return leaves

    def write(self, vals):
        positions, substitutes = self._positions(), self.substitute_id
        with self.env["lapor.position"]._not_for_oneself():
            result = super().write(vals)
        (positions | self._positions())._refresh_holders(substitutes)
        return result

    def unlink(self):
        positions, substitutes = self._positions(), self.substitute_id
        result = super().unlink()
        positions._refresh_holders(substitutes)
        return result

    def _positions(self):
        """Positions whose holder of today may change with these leaves, archived ones too."""
        return self.env["lapor.position"]._of(self.user_id)

    @api.model
    def _on(self, user, company, date):
        """The leave of a person on a day.

        :param user: ``res.users``
        :param company: government in whose offices he is away
        :param datetime.date date: local date at the office
        :rtype: lapor.leave
        """
        return user.lapor_leave_ids.filtered(
            lambda leave: leave.company_id == company and leave.date_from <= date <= leave.date_to
        )[:1]
