from contextlib import nullcontext
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.base.models.res_partner import _tz_get

from ..tools.letter_number import SLOTS, check_pattern

OFFICE_KINDS = ("manager", "opd", "upt", "bumd", "outside")


class LaporUnit(models.Model):
    """An office of the government, or a part of one.

    Offices (the managing Dinas Kominfo, OPDs, UPTs, BUMDs, outside bodies) handle cases;
    bidang and seksi below them are where positions sit. Each office can have a mail alias:
    a mail to it becomes a complaint.
    """

    _name = "lapor.unit"
    _description = "Office or Part of It"
    _inherit = [
        "lapor.mail.office.mixin",
        "lapor.unit.archive.mixin",
        "lapor.entered.date.mixin",
    ]
    _order = "sequence, name, id"
    _rec_names_search = ["name", "code"]
    _parent_store = True
    _check_company_auto = True

    name = fields.Char(required=True)
    code = fields.Char(string="Short Name", required=True, help="Such as DISKOMINFO or DPUPR.")
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("manager", "Managing office"),
            ("opd", "OPD"),
            ("bidang", "Bidang"),
            ("seksi", "Seksi"),
            ("upt", "UPT"),
            ("bumd", "BUMD"),
            ("outside", "Outside body"),
        ],
        required=True,
        default="opd",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Government",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    parent_id = fields.Many2one(
        "lapor.unit", string="Part Of", check_company=True, ondelete="restrict", index=True
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("lapor.unit", "parent_id", string="Parts")
    office_id = fields.Many2one(
        "lapor.unit",
        compute="_compute_office_id",
        store=True,
        recursive=True,
        help="The office that this unit is, or is part of.",
    )
    position_ids = fields.One2many("lapor.position", "unit_id", string="Positions")
    tz = fields.Selection(
        _tz_get,
        string="Time Zone",
        help="WIB Asia/Jakarta, WITA Asia/Makassar, WIT Asia/Jayapura. Empty: as the office "
        "above, and at last Asia/Jakarta.",
    )
    resource_calendar_id = fields.Many2one(
        "resource.calendar", string="Office Hours", check_company=True
    )
    street = fields.Char(string="Address")
    city = fields.Char()
    phone = fields.Char()
    website = fields.Char()
    letterhead = fields.Text(help="Lines of the letterhead, the government first.")
    logo = fields.Image(max_width=512, max_height=512)
    completion_days = fields.Integer(
        string="Days to Complete",
        default=30,
        required=True,
        help="How many days a complainant has to add what is missing (UU 25/2009: 30).",
    )
    reveal_minutes = fields.Integer(
        string="Identity Open For (minutes)",
        default=60,
        required=True,
        help="How long an anonymous complainant's identity stays visible to whom it was opened.",
    )
    reminder_days = fields.Char(
        string="Reminders Before the Last Day",
        default="3, 1",
        help="How many working days before the last day the complainant is reminded, such as "
        "“3, 1”. Empty: no reminders.",
    )
    deems_by_itself = fields.Boolean(
        string="Deemed Withdrawn by Itself",
        help="Close a held complaint when its window has passed in silence, and tell the "
        "complainant. Otherwise whoever has the step decides.",
    )
    reopen_days = fields.Integer(
        string="Working Days to Reopen",
        default=10,
        required=True,
        help="How many working days after its close a case can be opened again (SP4N-LAPOR!: the "
        "complainant replies within 10 days; local governments use 10 to 60).",
    )
    assignment = fields.Selection(
        [
            ("balanced", "To whoever has the fewest open steps"),
            ("order", "Always to the first in the list of positions"),
            ("queue", "To a queue, from which they take it"),
        ],
        string="Several Holders of a Role",
        default="balanced",
        required=True,
        help="Who gets a step when several people in this office have its role.",
    )
    similar_days = fields.Integer(
        string="Days for Possible Duplicates",
        default=30,
        required=True,
        help="How many days apart two complaints may be to be shown as possible duplicates. 0: "
        "never shown.",
    )
    file_limit = fields.Integer(related="company_id.lapor_file_limit", readonly=False)
    file_blocked = fields.Char(related="company_id.lapor_file_blocked", readonly=False)
    archive_code = fields.Char(help="Code of classification in letter numbers, such as 555.")
    letter_pattern = fields.Char(
        default="{seq:03}/{unit}/{roman}/{year}",
        help="How letters are numbered. Slots: {code}, {seq}, {seq:03}, {unit}, {month}, "
        "{roman}, {year}, {year2}, {security}.",
    )
    letter_series_ids = fields.One2many("lapor.letter.series", "unit_id")
    paraf_source = fields.Selection(
        [
            ("sop", "Those whom the SOP names between draft and signature"),
            ("list", "Those listed here"),
            ("none", "Nobody"),
        ],
        string="Initials before Signing",
        required=True,
        default="sop",
        help="Who must initial a response, one after the other, before this office signs it.",
    )
    paraf_rule_ids = fields.One2many("lapor.paraf.rule", "unit_id", string="Initialled By")
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex(
        "(company_id, code)", "Two units of one government cannot have the same short name."
    )
    _reveal_minutes_check = models.Constraint(
        "CHECK (reveal_minutes BETWEEN 1 AND 1440)",
        "An identity is opened for one minute at least and one day at most.",
    )

    @api.depends("kind", "parent_id.office_id")
    def _compute_office_id(self):
        for unit in self:
            unit.office_id = unit if unit.kind in OFFICE_KINDS else unit.parent_id.office_id

    @api.constrains("parent_id")
    def _check_parent_id(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A unit cannot be a part of itself."))

    @api.constrains("kind", "parent_id")
    def _check_kind(self):
        for unit in self:
            if unit.kind in ("bidang", "seksi") and not unit.parent_id:
                raise ValidationError(
                    self.env._("A bidang or seksi is part of an office: fill in “Part Of”.")
                )

    @api.constrains("kind", "company_id")
    def _check_lapor_code(self):
        self.filtered(lambda unit: unit.kind == "manager").company_id._check_lapor_code_set()

    @api.constrains("completion_days", "reopen_days")
    def _check_windows(self):
        for unit in self:
            if not 1 <= unit.completion_days <= 365 or not 0 <= unit.reopen_days <= 365:
                raise ValidationError(
                    self.env._(
                        "A window for the complainant has 1 to 365 days (reopening: 0 to 365)."
                    )
                )

    @api.constrains("reminder_days")
    def _check_reminder_days(self):
        for unit in self:
            try:
                counts = unit._reminder_counts()
            except ValueError:
                counts = [0]
            if any(not 1 <= count <= 90 for count in counts) or len(counts) > 5:
                raise ValidationError(
                    self.env._(
                        "Reminders are up to five numbers of working days from 1 to 90, such as "
                        "“3, 1”."
                    )
                )

    @api.constrains("letter_pattern")
    def _check_letter_pattern(self):
        for unit in self.filtered("letter_pattern"):
            try:
                check_pattern(unit.letter_pattern)
            except ValueError as error:
                raise ValidationError(unit._pattern_error(error)) from error

    @api.model_create_multi
    def create(self, vals_list):
        units = super().create(vals_list)
        # Record rules are cached with the units, and their parts, of each user.
        self.env.registry.clear_cache()
        return units

    def write(self, vals):
        moves = vals.keys() & {"parent_id", "kind", "company_id"}
        with self.env["lapor.position"]._not_for_oneself() if moves else nullcontext():
            result = super().write(vals)
        if vals.keys() & {"parent_id", "kind", "email", "active"}:
            # The address book of the mail gateway is kept, too.
            self.env.registry.clear_cache()
        if "name" in vals:
            # As the system: the appointments of its positions keep the new name beside the old.
            positions = self.env["lapor.position"].sudo().with_context(active_test=False)
            self.env["lapor.appointment"]._record(positions.search([("unit_id", "in", self.ids)]))
        return result

    def _pattern_error(self, error):
        reason = error.args[0]
        if reason == "slot":
            return self.env._(
                "The letter number has an unknown slot {%(slot)s}. Known: %(slots)s.",
                slot=error.args[1],
                slots=", ".join(f"{{{slot}}}" for slot in SLOTS),
            )
        if reason == "seq":
            return self.env._("The letter number needs the slot {seq}, or numbers would repeat.")
        if reason == "year":
            return self.env._(
                "The letter number needs the slot {year} or {year2}: the running number begins "
                "again every year, and numbers would repeat."
            )
        return self.env._("The braces in the letter number do not fit together.")

    def _get_tz(self):
        """Name of the time zone of this unit, from itself or the nearest unit above it.

        :rtype: str
        """
        return next((unit.tz for unit in self._lineage() if unit.tz), "Asia/Jakarta")

    def _lineage(self):
        """This unit and those above it, the nearest first; read together."""
        path = [int(key) for key in (self.parent_path or "").split("/") if key]
        return self.browse(reversed(path)) if path else self

    def _local_now(self):
        """Now in this unit's time zone, as a naive datetime."""
        self.ensure_one()
        return fields.Datetime.context_timestamp(
            self.with_context(tz=self._get_tz()), fields.Datetime.now()
        ).replace(tzinfo=None)

    def _reminder_counts(self):
        """How many working days before the last day complainants are reminded.

        :rtype: list[int]
        :raises ValueError: when the setting holds something else than numbers
        """
        self.ensure_one()
        return [int(part) for part in (self.reminder_days or "").split(",") if part.strip()]

    def _add_workdays(self, day, count):
        """The date so many working days after a date, or before it when negative: from Monday
        to Friday here; lapor_sla knows the office's own days and holidays.

        :param datetime.date day: local date, not counted itself
        :param int count: working days
        :rtype: datetime.date
        """
        self.ensure_one()
        step = timedelta(days=1 if count >= 0 else -1)
        left = abs(count)
        while left:
            day += step
            left -= self._is_workday(day)
        return day

    def _is_workday(self, day):
        """Whether this unit works on a local date."""
        return day.weekday() < 5

    def _find_position(self, roles):
        """The first of :meth:`_find_positions`.

        :rtype: lapor.position
        """
        return self._find_positions(roles)[:1]

    def _find_positions(self, roles):
        """Who does work of these roles in and around this unit.

        Looked for in the unit itself, in its parts (bidang and seksi, not offices of their own
        below it), then in the units above; the roles in the order given; positions with a
        holder before vacant ones.

        :param roles: ``lapor.role`` in order of preference
        :returns: ``lapor.position`` of the nearest place that has any
        """
        self.ensure_one()
        # Archived positions take no work, whatever the caller's context says.
        Position = self.env["lapor.position"].with_context(active_test=True)
        lineage = self._lineage()
        part = Domain("unit_id", "child_of", self.id)
        part &= Domain("unit_id.office_id", "=", self.office_id.id)
        part |= Domain("unit_id", "in", lineage.ids)
        near = Position.search_fetch(part & Domain("role_id", "in", roles.ids))
        parts = set(near.unit_id.ids) - set(lineage.ids)
        places = [{self.id}, parts, *({unit.id} for unit in lineage[1:])]
        for role in roles:
            for place in places:
                found = near.filtered(
                    lambda position, role=role, place=place: (
                        position.role_id == role and position.unit_id.id in place
                    )
                )
                if found:
                    return found.sorted(lambda position: not position.holder_id)
        return Position

    def _choose_position(self, positions, load):
        """Which of several positions with one role gets the next step here.

        :param positions: as :meth:`_find_positions` gives them
        :param dict load: open steps by position, kept over the cases of one call
        :returns: ``lapor.position``; empty where the office lets them wait in a queue
        """
        held = positions.filtered("holder_id")
        if len(held) < 2:
            return positions[:1]
        assignment = (self.office_id or self).assignment
        if assignment == "queue":
            return positions.browse()
        if assignment == "order":
            return held[:1]
        unknown = held.filtered(lambda position: position not in load)
        if unknown:
            load.update(dict.fromkeys(unknown, 0))
            load.update(
                self.env["lapor.complaint.step"]._read_group(
                    [("position_id", "in", unknown.ids), ("state", "=", "open")],
                    ["position_id"],
                    ["__count"],
                )
            )
        chosen = held.sorted(lambda position: load[position])[:1]
        load[chosen] += 1
        return chosen
