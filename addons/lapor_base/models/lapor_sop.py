from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import ormcache

from ..tools.allowance import format_total

CLASSIFICATIONS = [
    ("complaint", "Public Complaint"),
    ("aspiration", "Aspiration"),
    ("information", "Request for Information"),
]


class LaporSop(models.Model):
    """One version of an SOP document, and the program that cases run.

    - Draft: may be edited. Active: cases start on it; nothing in it may change any more,
      a change is a new version. Retired: no new case starts, running cases finish on it.
    - The text is kept word for word as printed, oddities included; :meth:`_get_oddities`
      lists them and mends nothing.
    """

    _name = "lapor.sop"
    _description = "Standard Operating Procedure"
    _inherit = ["lapor.sop.check.mixin", "lapor.sop.layout.mixin", "mail.thread"]
    _order = "company_id, name, version desc, id desc"
    _check_company_auto = True

    name = fields.Char(string="SOP Name", required=True, tracking=True)
    heading = fields.Text(help="The heading lines of the document, as printed.")
    table_heading = fields.Char(help="The heading printed above the step table.")
    number = fields.Char(string="SOP Number", help="As printed; empty when the document has none.")
    date_created = fields.Date(string="Date Made")
    date_revised = fields.Date()
    date_effective = fields.Date()
    date_signed = fields.Date()
    place_signed = fields.Char()
    endorsement = fields.Char(
        help="The line “Disahkan oleh” of the header, as printed, without the person."
    )
    signatory_title = fields.Char(help="Position under the signature, as printed.")
    signatory_name = fields.Char()
    signatory_rank = fields.Char()
    signatory_nip = fields.Char(string="Signatory NIP")
    allowance_heading = fields.Char(
        help="Heading of the column of time, as printed, such as “Waktu (menit)”."
    )
    footnote = fields.Text(help="Explanation below the step table, as printed.")

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    unit_id = fields.Many2one(
        "lapor.unit",
        string="Managing Office",
        required=True,
        check_company=True,
        index=True,
        domain="[('kind', '=', 'manager')]",
        help="Complaints of this office follow this SOP.",
    )
    classification = fields.Selection(
        CLASSIFICATIONS, help="Only complaints of this class follow this SOP. Empty: all."
    )
    category_ids = fields.Many2many(
        "lapor.category",
        string="Categories",
        ondelete="restrict",
        help="Only complaints of these categories follow this SOP. Empty: all.",
    )
    valid_from = fields.Date(
        help="First day on which complaints received follow this version. Empty: always."
    )
    valid_to = fields.Date(help="Last day. Empty: until it is retired.")
    version = fields.Integer(default=1, readonly=True, copy=False)
    previous_id = fields.Many2one(
        "lapor.sop", string="Previous Version", readonly=True, copy=False, index="btree_not_null"
    )
    state = fields.Selection(
        [("draft", "Draft"), ("active", "In Force"), ("retired", "Retired")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    active = fields.Boolean(default=True)

    line_ids = fields.One2many("lapor.sop.line", "sop_id", string="Header Texts", copy=True)
    actor_ids = fields.One2many("lapor.sop.actor", "sop_id", string="Actors", copy=False)
    step_ids = fields.One2many("lapor.sop.step", "sop_id", string="Steps", copy=False)
    transition_ids = fields.One2many("lapor.sop.transition", "sop_id", string="Arrows")
    total_style = fields.Selection(
        [("carried", "Days, hours and minutes"), ("minutes", "Minutes only")],
        default="carried",
        required=True,
        help="How the document adds its times.",
    )
    printed_total = fields.Char(help="The total as printed; empty when the document has none.")
    computed_total = fields.Char(compute="_compute_computed_total")
    complaint_count = fields.Integer(compute="_compute_complaint_count")

    _version_uniq = models.UniqueIndex(
        "(previous_id) WHERE previous_id IS NOT NULL AND state != 'retired'",
        "This SOP already has a newer version.",
    )

    @api.depends("step_ids.allowance_amount", "step_ids.allowance_unit", "total_style")
    def _compute_computed_total(self):
        for sop in self:
            pairs = [(step.allowance_amount, step.allowance_unit) for step in sop.step_ids]
            try:
                sop.computed_total = format_total(pairs, sop.total_style)
            except ValueError:
                sop.computed_total = format_total(pairs, "carried")

    def _compute_complaint_count(self):
        counts = dict(
            self.env["lapor.complaint"]._read_group(
                [("sop_id", "in", self.ids)], ["sop_id"], ["__count"]
            )
        )
        for sop in self:
            sop.complaint_count = counts.get(sop, 0)

    @api.depends("name", "version")
    def _compute_display_name(self):
        for sop in self:
            sop.display_name = (
                sop.name
                if sop.version == 1
                else self.env._(
                    "%(name)s (version %(version)s)", name=sop.name, version=sop.version
                )
            )

    @api.constrains(
        "date_created", "date_revised", "date_effective", "date_signed", "valid_from", "valid_to"
    )
    def _check_validity(self):
        unit = self.env["lapor.unit"]
        for sop in self:
            # The last day may stand for "for ever".
            for name in ("created", "revised", "effective", "signed"):
                unit._near_day(sop[f"date_{name}"])
            unit._near_day(sop.valid_from)
            if sop.valid_from and sop.valid_to and sop.valid_to < sop.valid_from:
                raise ValidationError(
                    self.env._("The SOP's last day lies before its first day of validity.")
                )

    def write(self, vals):
        if "state" in vals or "version" in vals or "previous_id" in vals:
            raise UserError(
                self.env._(
                    "The state of an SOP changes only by its buttons: Activate, Retire, Revise."
                )
            )
        if not vals.keys() <= self._editable_fields():
            self._check_editable()
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if (
                vals.get("state", "draft") != "draft"
                or vals.get("version", 1) != 1
                or vals.get("previous_id")
            ):
                raise UserError(
                    self.env._("A new SOP starts as a draft; activate it by its button.")
                )
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_unused_draft(self):
        for sop in self:
            if sop.state != "draft":
                raise UserError(
                    self.env._(
                        "“%(name)s” has been in force and is kept as evidence.", name=sop.name
                    )
                )

    @api.model
    def _editable_fields(self):
        """Fields that may change on an SOP in force: none of them is the document.

        Thread and archive bookkeeping, and the last day of validity (to hand over to a
        successor on a date).
        """
        thread = {name for name in self._fields if name.startswith(("message_", "website_"))}
        return thread | {"valid_to", "active"}

    def _check_editable(self):
        """Refuse to change a document that is or was in force.

        :raises UserError: when one of these SOPs is not a draft
        """
        for sop in self:
            if sop.state != "draft":
                raise UserError(
                    self.env._(
                        "The SOP “%(name)s” is in force or retired and cannot be changed. "
                        "Press Revise to make a new version.",
                        name=sop.display_name,
                    )
                )

    def action_activate(self):
        """Put drafts into force; the version before is retired, running cases stay on it."""
        self.check_access("write")
        for sop in self:
            if sop.state != "draft":
                raise UserError(self.env._("Only a draft can be activated."))
            blocking = [o["text"] for o in sop._get_oddities() if o["blocking"]]
            if blocking:
                raise UserError(
                    self.env._("This SOP cannot run yet:\n%(reasons)s", reasons="\n".join(blocking))
                )
            previous = sop.previous_id
            if previous.state == "active":
                previous._set_state("retired")
            sop._set_state("active")

    def action_retire(self):
        """Take SOPs out of force: no new case starts on them, running cases finish."""
        self.check_access("write")
        if any(sop.state != "active" for sop in self):
            raise UserError(self.env._("Only an SOP in force can be retired."))
        self._set_state("retired")

    def action_revise(self):
        """Open a draft copy of this SOP as its next version."""
        self.ensure_one()
        self.check_access("write")
        if self.state == "draft":
            raise UserError(self.env._("A draft can simply be edited."))
        revision = self._copy_document()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": revision.id,
            "view_mode": "form",
        }

    def action_view_complaints(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("lapor_base.lapor_complaint_action")
        return {**action, "domain": [("sop_id", "=", self.id)], "context": {}}

    def _set_state(self, state):
        return super().write({"state": state})

    def _copy_document(self):
        """Copy header, actors, steps and arrows into a new draft version."""
        self.ensure_one()
        if self.search_count([("previous_id", "=", self.id), ("state", "!=", "retired")], limit=1):
            raise UserError(self.env._("This SOP already has a newer version."))
        revision = self.copy({"name": self.name, "valid_from": False, "valid_to": False})
        super(LaporSop, revision).write({"version": self.version + 1, "previous_id": self.id})
        actors = {}
        for actor in self.actor_ids:
            actors[actor] = actor.copy({"sop_id": revision.id})
        steps = {}
        for step in self.step_ids:
            steps[step] = step.copy(
                {
                    "sop_id": revision.id,
                    "actor_id": actors.get(step.actor_id, step.actor_id).id,
                    "actor_note_actor_id": actors.get(
                        step.actor_note_actor_id, step.actor_note_actor_id
                    ).id,
                }
            )
        for transition in self.transition_ids:
            transition.copy(
                {
                    "step_id": steps[transition.step_id].id,
                    "to_step_id": steps[transition.to_step_id].id
                    if transition.to_step_id
                    else False,
                }
            )
        return revision

    @ormcache("self.id")
    def _first_step_id(self):
        """Asked for each complaint; cleared when a row of an SOP is written."""
        return self.step_ids.sorted("sequence")[:1].id

    def _first_step(self):
        return self.env["lapor.sop.step"].browse(self._first_step_id() or [])

    @api.model
    def _in_force(self, unit, date, classification=False, category=None):
        """The SOP that a complaint follows.

        :param unit: managing office (``lapor.unit``)
        :param date: local date of receipt
        :param classification: class of the complaint or False
        :param category: ``lapor.category`` or None
        :returns: one SOP or an empty recordset; the most specific wins, then the newest
        """
        domain = Domain(
            [
                ("unit_id", "=", unit.id),
                ("state", "=", "active"),
                ("classification", "in", [classification, False]),
            ]
        )
        domain &= Domain("category_ids", "=", False) | Domain(
            "category_ids", "in", category.ids if category else []
        )
        domain &= Domain("valid_from", "=", False) | Domain("valid_from", "<=", date)
        domain &= Domain("valid_to", "=", False) | Domain("valid_to", ">=", date)
        # A caller's context must not bring archived documents back into force.
        candidates = self.with_context(active_test=True).search(domain)
        return candidates.sorted(
            lambda sop: (
                bool(sop.category_ids),
                bool(sop.classification),
                sop.valid_from or fields.Date.to_date("1900-01-01"),
                sop.id,
            ),
            reverse=True,
        )[:1]
