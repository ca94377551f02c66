from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command


class LaporPosition(models.Model):
    """A jabatan: one role in one unit, with its holder or vacancy.

    ``user_id`` is the definitive holder. A Plt. (the position is vacant) or Plh. (the holder
    is away) acts between two dates. ``holder_id`` is who acts today; it is stored, so that
    access rules can join on it, and moved on by a daily job when a date passes.
    Access follows the position: the holder is in the role's group while holding it.
    """

    _name = "lapor.position"
    _inherit = ["lapor.succession.mixin"]
    _description = "Position (Jabatan)"
    _order = "unit_id, sequence, id"
    _rec_names_search = ["name", "unit_id.name", "unit_id.code", "holder_id.name"]
    _check_company_auto = True

    name = fields.Char(string="Position Title", required=True)
    sequence = fields.Integer(default=10)
    unit_id = fields.Many2one(
        "lapor.unit", required=True, check_company=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(related="unit_id.company_id", store=True, index=True)
    role_id = fields.Many2one("lapor.role", required=True, ondelete="restrict", index=True)
    parent_id = fields.Many2one(
        "lapor.position",
        string="Superior",
        check_company=True,
        ondelete="restrict",
        help="Watches over the work of this position while it is vacant.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Definitive Holder",
        domain="[('share', '=', False)]",
        help="Empty: the position is vacant.",
    )
    acting_user_id = fields.Many2one("res.users", string="Acting", domain="[('share', '=', False)]")
    acting_kind = fields.Selection(
        [("plt", "Plt."), ("plh", "Plh.")],
        help="Plt.: the position is vacant. Plh.: its holder is away for some days.",
    )
    acting_from = fields.Date()
    acting_to = fields.Date()
    holder_id = fields.Many2one(
        "res.users",
        string="Holder Today",
        compute="_compute_holder_id",
        store=True,
        index=True,
        help="Who acts in this position today; empty when nobody does.",
    )
    is_vacant = fields.Boolean(compute="_compute_is_vacant", search="_search_is_vacant")
    active = fields.Boolean(default=True)

    _acting_check = models.Constraint(
        "CHECK (acting_user_id IS NULL OR (acting_kind IS NOT NULL AND acting_from IS NOT NULL))",
        "An acting holder needs the kind (Plt. or Plh.) and the first day.",
    )

    @api.depends(
        "user_id.active",
        "user_id.lapor_leave_ids.date_from",
        "user_id.lapor_leave_ids.date_to",
        "user_id.lapor_leave_ids.substitute_id.active",
        "acting_user_id.active",
        "acting_user_id.lapor_leave_ids.date_from",
        "acting_user_id.lapor_leave_ids.date_to",
        "acting_user_id.lapor_leave_ids.substitute_id.active",
        "acting_from",
        "acting_to",
        "active",
    )
    def _compute_holder_id(self):
        for position in self:
            position.holder_id = position._holder_on(position._today())

    @api.depends("holder_id")
    def _compute_is_vacant(self):
        for position in self:
            position.is_vacant = not position.holder_id

    def _search_is_vacant(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("holder_id", "=" if True in value else "!=", False)]

    @api.depends("name", "unit_id.code", "holder_id", "user_id", "acting_kind")
    def _compute_display_name(self):
        for position in self:
            title = position._title()
            # Names of colleagues are no secret inside a government; users may be unreadable
            # here only because they belong to no company of the reader.
            holder = position.sudo().holder_id.name or self.env._("vacant")
            position.display_name = f"{title}, {position.unit_id.code} ({holder})"

    @api.constrains("acting_from", "acting_to")
    def _check_acting_dates(self):
        for position in self:
            position.unit_id._near_day(position.acting_from)
            position.unit_id._near_day(position.acting_to)
            if (
                position.acting_from
                and position.acting_to
                and position.acting_to < position.acting_from
            ):
                raise ValidationError(
                    self.env._("The acting holder's last day lies before the first.")
                )

    @api.constrains("acting_kind", "user_id", "acting_user_id")
    def _check_acting_kind(self):
        for position in self.filtered("acting_user_id"):
            if position.acting_kind == "plt" and position.user_id:
                raise ValidationError(
                    self.env._(
                        "A Plt. acts in a vacant position. Remove the definitive holder, or "
                        "choose Plh. when the holder is only away."
                    )
                )
            if position.acting_kind == "plh" and not position.user_id:
                raise ValidationError(
                    self.env._("A Plh. stands in for a holder. For a vacant position choose Plt.")
                )

    @api.constrains("parent_id")
    def _check_parent_id(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A position cannot be its own superior."))

    @api.model_create_multi
    def create(self, vals_list):
        positions = super().create(vals_list)
        positions._apply_holders(self.env["res.users"])
        return positions

    def write(self, vals):
        before = self.holder_id
        result = super().write(vals)
        if vals.keys() & {
            "user_id",
            "acting_user_id",
            "acting_kind",
            "acting_from",
            "acting_to",
            "active",
            "role_id",
            "unit_id",
        }:
            self._apply_holders(before)
        if vals.keys() & {"role_id", "unit_id"}:
            # Positions administrators need no right on cases: their work only follows.
            self.env["lapor.complaint.step"].sudo()._leave_roles(self)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_if_unused(self):
        # Only whether there are any, also in cases that the editor may not read.
        visits = self.env["lapor.complaint.step"].sudo()
        if visits.search_count([("position_id", "in", self.ids)], limit=1):
            raise ValidationError(
                self.env._("This position has handled complaints. Archive it instead.")
            )

    def unlink(self):
        holders = self.holder_id
        result = super().unlink()
        self._sync_groups(holders)
        return result

    def _of_succession(self):
        return self, self.env["lapor.unit"]

    def _today(self):
        """Local date at this position's unit."""
        return self.unit_id._local_now().date() if self.unit_id else fields.Date.today()

    def _holder_on(self, date):
        """Who acts in this position on a date: the acting holder, else the definitive one.

        :param datetime.date date: local date at the unit
        :rtype: res.users
        """
        self.ensure_one()
        if not self.active:
            return self.env["res.users"]
        acting = self.acting_user_id
        acts = (
            acting.active
            and self.acting_from
            and self.acting_from <= date
            and (not self.acting_to or date <= self.acting_to)
        )
        person = acting if acts else self.user_id
        leave = self.env["lapor.leave"]._on(person, self.company_id, date)
        if leave:
            person = leave.substitute_id
            if self.env["lapor.leave"]._on(person, self.company_id, date):
                person = self.env["res.users"]
        return person if person.active else self.env["res.users"]

    def _title(self):
        """Title with the prefix of an acting holder ("Plt. Kepala Dinas"); the substitute of
        a person on leave acts as Plh."""
        self.ensure_one()
        if not self.holder_id or self.holder_id == self.user_id:
            return self.name
        kinds = dict(self._fields["acting_kind"].selection)
        kind = self.acting_kind if self.holder_id == self.acting_user_id else "plh"
        return f"{kinds[kind]} {self.name}"

    def _apply_holders(self, before):
        """Let rights and open work follow the holders of these positions.

        :param before: users who held one of them until now
        """
        self._sync_groups(before | self.holder_id)
        # The new holder takes over the open steps, whoever changed the position.
        self.env["lapor.complaint.step"].sudo()._follow_holders(self)
        self.env["lapor.response.paraf"].sudo()._follow_holders(self)
        self.env["mail.activity"]._follow_holders(self)
        self.env["lapor.disposition.line"].sudo()._follow_holders(self)
        self.env["lapor.delivery"].sudo()._follow_holders(before | self.holder_id, self)

    def _sync_groups(self, users):
        """Give users the groups of the roles they hold, take those of roles they left."""
        # Administrators of positions need no right on users in general: only groups of Lapor's
        # own that roles may give are touched here, and only as the positions say.
        users = users.sudo().with_context(active_test=False)
        # Every role, also archived ones, whose groups users may still be in. They are few.
        Role = self.env["lapor.role"].sudo().with_context(active_test=False)
        role_groups = Role.search([]).group_id  # pylint: disable=no-search-all
        role_groups = role_groups.filtered(lambda group: group._is_lapor_role_group())
        held = defaultdict(lambda: self.env["res.groups"])
        positions = (
            self.sudo().with_context(active_test=True).search([("holder_id", "in", users.ids)])
        )
        for position in positions:
            held[position.holder_id] |= position.role_id.group_id & role_groups
        for user in users:
            # A portal account cannot hold a position; an internal role group would make it
            # a member of two kinds of user at once.
            wanted = held[user]
            had = user.group_ids & role_groups
            commands = [Command.link(group.id) for group in wanted - had]
            commands += [Command.unlink(group.id) for group in had - wanted]
            if commands:
                user.write({"group_ids": commands})
        self.env.registry.clear_cache()

    @api.model
    def _cron_apply_dates(self):
        """Move holders on where a Plt. or Plh. begins or ends today."""
        Position = self.with_context(active_test=False)
        leaves = self.env["lapor.leave"].search(
            [("date_to", ">=", fields.Date.today() - timedelta(days=7))]
        )
        positions = Position.search([("acting_user_id", "!=", False)]) | leaves._positions()
        # Also where the holder is right already: a change of a user may have computed it
        # before this job came, without moving rights and work.
        positions._refresh_holders(leaves.substitute_id)

    @api.model
    def _of(self, users):
        """Positions in which these users may act: as holders, as Plt. or Plh., or as substitutes
        of somebody on leave; archived ones too.

        :rtype: lapor.position
        """
        # As the system: whoever changes a user or a leave need not have rights on positions.
        return (
            self.sudo()
            .with_context(active_test=False)
            .search(
                [
                    "|",
                    "|",
                    "|",
                    ("user_id", "in", users.ids),
                    ("acting_user_id", "in", users.ids),
                    ("user_id.lapor_leave_ids.substitute_id", "in", users.ids),
                    ("acting_user_id.lapor_leave_ids.substitute_id", "in", users.ids),
                ]
            )
        )

    def _refresh_holders(self, before=None):
        """Compute who acts today anew, and move rights and work where that changed.

        :param before: further users who may have acted until now
        """
        before = before or self.env["res.users"]
        known = before | self.holder_id | self.user_id | self.acting_user_id
        self.env.add_to_compute(self._fields["holder_id"], self)
        self._apply_holders(known)
