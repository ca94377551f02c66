from datetime import datetime, time

import pytz
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_datetime

URGENCIES = [("normal", "Normal"), ("urgent", "Urgent"), ("very_urgent", "Very Urgent")]
CONFIDENTIALITIES = [
    ("normal", "Normal"),
    ("limited", "Limited"),
    ("secret", "Secret"),
    ("very_secret", "Very Secret"),
]


class LaporDisposition(models.Model):
    """An instruction handed from a position to positions, with the case.

    One addressee is in charge, others help, others get a copy. Going down the hierarchy it
    is a disposisi, sideways a teruskan. Issued by a step (``lapor.engine.mixin``) or by whoever
    passes on what was handed to him (``lapor.disposition.line``), never changed afterwards.
    """

    _name = "lapor.disposition"
    _description = "Disposition"
    _inherit = ["lapor.evidence.mixin"]
    _order = "issued_at desc, id desc"
    _check_company_auto = True
    _lapor_proved = (
        "complaint_id",
        "visit_id",
        "parent_id",
        "parent_line_id",
        "from_position_id",
        "from_user_id",
        "from_title",
        "from_name",
        "from_rank",
        "from_nip",
        "direction",
        "lead_position_id",
        "unit_id",
        "unit_before_id",
        "instruction_ids",
        "note",
        "urgency",
        "confidentiality",
        "date_due",
        "issued_at",
        "agenda_number",
    )

    complaint_id = fields.Many2one(
        "lapor.complaint", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, precompute=True, index=True
    )
    visit_id = fields.Many2one(
        "lapor.complaint.step", required=True, ondelete="restrict", index=True
    )
    parent_id = fields.Many2one(
        "lapor.disposition", string="Continues", ondelete="restrict", index="btree_not_null"
    )
    parent_line_id = fields.Many2one(
        "lapor.disposition.line",
        string="Passed On From",
        ondelete="restrict",
        index="btree_not_null",
        help="What was handed to the issuer and is handed on here.",
    )
    from_position_id = fields.Many2one("lapor.position", string="From", ondelete="restrict")
    from_user_id = fields.Many2one("res.users", string="Issued By", required=True)
    from_title = fields.Char(help="Title of the issuer at that moment, with Plt. or Plh.")
    from_name = fields.Char(string="Issuer's Name", help="At that moment, for the sheet.")
    from_rank = fields.Char(string="Issuer's Rank")
    from_nip = fields.Char(string="Issuer's NIP")
    direction = fields.Selection(
        [("down", "Disposition"), ("sideways", "Forwarding")], required=True, default="down"
    )
    lead_position_id = fields.Many2one(
        "lapor.position", string="In Charge", required=True, ondelete="restrict", index=True
    )
    line_ids = fields.One2many("lapor.disposition.line", "disposition_id", string="Addressees")
    unit_id = fields.Many2one(
        "lapor.unit", string="Handled By", help="Unit that handles the case from here on."
    )
    unit_before_id = fields.Many2one(
        "lapor.unit", string="Handled Before By", help="Unit to which a return gives it back."
    )
    instruction_ids = fields.Many2many(
        "lapor.instruction", string="Instructions", check_company=True
    )
    note = fields.Text()
    urgency = fields.Selection(URGENCIES, required=True, default="normal")
    confidentiality = fields.Selection(CONFIDENTIALITIES, required=True, default="normal")
    date_due = fields.Datetime(string="Due", help="For addressees without a due of their own.")
    issued_at = fields.Datetime(required=True, default=fields.Datetime.now, string="Issued")
    agenda_number = fields.Char(readonly=True)

    @api.depends("complaint_id.number", "lead_position_id.name", "direction")
    def _compute_display_name(self):
        labels = dict(self._fields["direction"]._description_selection(self.env))
        for disposition in self:
            # The name of a position, which may be one of another office.
            disposition.display_name = (
                f"{labels[disposition.direction]} {disposition.agenda_number or ''} → "
                f"{disposition.lead_position_id.sudo().name}"
            )

    # ------------------------------------------------------------
    # ISSUING, AS THE SYSTEM
    # ------------------------------------------------------------

    @api.model
    def _evidence_fields(self):
        """What may be given with a move; the rest is the engine's.

        ``parts`` are helpers with more to say: dicts of ``position_id``, ``required`` (default
        True: the step of whoever is in charge waits for this part) and ``date_due``.
        """
        return {
            "lead_position_id",
            "helper_position_ids",
            "copy_position_ids",
            "parts",
            "instruction_ids",
            "unit_id",
            "note",
            "urgency",
            "confidentiality",
            "date_due",
        }

    @api.model
    def _issue(self, visit, transition, values, line=None, lead_is_part=False):
        """Issue a disposition from a visit's position, or from an addressee who passes it on.

        :param visit: the open ``lapor.complaint.step``
        :param transition: the arrow with which it is issued; empty when it is passed on
        :param dict values: see :meth:`_evidence_fields`; positions and instructions as ids, dues
            as a date or a moment in UTC
        :param line: ``lapor.disposition.line`` that is passed on
        :param bool lead_is_part: whether what goes to the one in charge is a required part of
            the work, not the case itself
        :rtype: lapor.disposition
        :raises UserError: when nobody is addressed, or an addressee is of another government
            or may not see the case
        """
        unknown = values.keys() - self._evidence_fields()
        if unknown:
            raise UserError(
                self.env._("Unknown part of a disposition: %s.", ", ".join(sorted(unknown)))
            )
        self.env["lapor.response"]._refuse(self._find_missing(values))
        complaint = visit.complaint_id
        # For whom it is issued, and in which position: of a vacant one it is a superior's.
        owner = line.position_id if line else visit.position_id
        own = owner._acting_for(self.env.user) if line else visit._acting_position(self.env.user)
        issuer = own or owner
        signing = issuer._signing_as(self.env.user)
        lines = self._prepare_lines(values, lead_is_part)
        addressed = self.env["lapor.position"].browse(vals["position_id"] for vals in lines)
        unit = self.env["lapor.unit"].browse(values.get("unit_id") or []).exists()
        self._check_addressed(complaint, issuer, addressed, unit)
        lead = addressed[0]
        if transition and transition.to_step_id.scope == "handling" and not unit:
            unit = lead.unit_id.office_id
        parent_line = line or complaint._line_of(owner)
        disposition = self.create(
            {
                "complaint_id": complaint.id,
                "visit_id": visit.id,
                "parent_id": self._parent_of(complaint, owner, parent_line).id,
                "parent_line_id": parent_line.id,
                "from_position_id": issuer.id,
                "from_user_id": self.env.uid,
                "from_title": signing["title"] or signing["name"],
                "from_name": signing["name"],
                "from_rank": signing["rank"],
                "from_nip": signing["nip"],
                "direction": self._direction(issuer, lead),
                "lead_position_id": lead.id,
                "unit_id": unit.id,
                "unit_before_id": complaint.unit_id.id,
                "instruction_ids": [Command.set(values.get("instruction_ids") or [])],
                "note": values.get("note"),
                "urgency": values.get("urgency") or "normal",
                "confidentiality": values.get("confidentiality") or "normal",
                "date_due": self._moment(values.get("date_due"), lead.unit_id),
                "agenda_number": self._next_agenda(owner.unit_id or visit.unit_id, complaint),
                "line_ids": [Command.create(vals) for vals in lines],
            }
        )
        units = addressed.unit_id
        new = (units | units.office_id | unit) - complaint.involved_unit_ids
        vals = {"involved_unit_ids": [Command.link(item.id) for item in new]} if new else {}
        if unit and unit != complaint.unit_id:
            vals["unit_id"] = unit.id
        if vals:
            complaint._engine_write(vals)
        disposition._record(visit)
        disposition._tell()
        disposition.line_ids._open_parts()
        return disposition

    @api.model
    def _prepare_lines(self, values, lead_is_part):
        """Values of the addressees, the one in charge first, each position once."""
        Position = self.env["lapor.position"]
        lead = Position.browse(values.get("lead_position_id"))
        parts = [{"required": True, **part} for part in values.get("parts") or []]
        wanted = [{"position_id": lead.id, "kind": "lead", "required": lead_is_part}]
        wanted += [
            {
                "position_id": part.get("position_id"),
                "kind": "helper",
                "required": bool(part["required"]),
                "date_due": part.get("date_due"),
            }
            for part in parts
        ]
        for kind in ("helper", "copy"):
            wanted += [
                {"position_id": position_id, "kind": kind}
                for position_id in values.get(f"{kind}_position_ids") or []
            ]
        lines, seen = [], set()
        for vals in wanted:
            position = Position.browse(vals["position_id"]).exists()
            if not position or position.id in seen:
                continue
            seen.add(position.id)
            due = vals.get("date_due") or values.get("date_due")
            if vals["kind"] == "copy":
                due = False  # for information only
            lines.append({**vals, "date_due": self._moment(due, position.unit_id)})
        return lines

    @api.model
    def _check_addressed(self, complaint, issuer, addressed, unit):
        for record in (*addressed, *unit):
            if record.company_id != complaint.company_id:
                raise UserError(
                    self.env._(
                        "“%(name)s” belongs to another government.", name=record.display_name
                    )
                )
        for position in addressed:
            if not position.active:
                raise UserError(
                    self.env._(
                        "“%(name)s” is archived; choose another position.",
                        name=position.display_name,
                    )
                )
            if not complaint._is_open_to(position):
                raise UserError(
                    self.env._(
                        "“%(name)s” may not see a misconduct case: only the managing office and "
                        "the inspectorate may.",
                        name=position.display_name,
                    )
                )

    @api.model
    def _parent_of(self, complaint, owner, parent_line):
        """The disposition that a new one continues: what was handed to the position for which it
        is issued, else the newest one; one issued anew for the same stands beside the one before.
        """
        if parent_line:
            return parent_line.disposition_id
        newest = complaint.disposition_ids.sorted("id")[-1:]
        return newest.parent_id if newest._issued_for() == owner else newest

    def _issued_for(self):
        """The position for which it was issued: not the superior's who stepped in for it."""
        return self.parent_line_id.position_id or self.visit_id.position_id or self.from_position_id

    @api.model
    def _moment(self, value, unit):
        """A due as a naive moment in UTC: of a plain date, the end of that day at the unit.

        :raises UserError: when it is neither a date nor a moment, or it is over at the unit
        """
        value = unit._entered_date(value)
        if not value:
            return False
        day = unit._coming_day(value)
        if isinstance(value, datetime):
            if value <= fields.Datetime.now():
                # A part would be late at birth.
                raise UserError(
                    self.env._(
                        "%(moment)s is over already. Choose a later hour or a later day.",
                        moment=format_datetime(self.env, value, tz=unit._get_tz()),
                    )
                )
            return value
        local = pytz.timezone(unit._get_tz()).localize(datetime.combine(day, time(23, 59, 59)))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    @api.model
    def _direction(self, issuer, lead):
        """Down when the addressee stands below the issuer or in its office, else sideways."""
        above = lead.parent_id
        while above:
            if above == issuer:
                return "down"
            above = above.parent_id
        return "down" if lead.unit_id.office_id == issuer.unit_id.office_id else "sideways"

    @api.model
    def _next_agenda(self, unit, complaint):
        office = unit.office_id or unit
        year = office._local_now().year
        return str(self.env["lapor.agenda"]._next(office, "disposition", year, complaint))

    def _record(self, visit):
        self.env["lapor.event"]._log(
            [
                {
                    "complaint": disposition.complaint_id,
                    "code": "disposition",
                    "visit": visit,
                    "position": disposition.from_position_id,
                    "data": {
                        "disposition": disposition.id,
                        "lead": disposition.lead_position_id.id,
                        "unit": disposition.unit_id.id or None,
                        "passed_on": disposition.parent_line_id.id or None,
                    },
                }
                for disposition in self
            ]
        )

    def _tell(self):
        """Post the disposition in the case's thread and notify its addressees."""
        for disposition in self:
            partners = disposition.line_ids.position_id.holder_id.partner_id
            disposition.complaint_id._post_act(
                body=self.env["ir.qweb"]._render(
                    "lapor_base.disposition_message",
                    {"disposition": disposition, "labels": disposition._labels()},
                    minimal_qcontext=True,
                ),
                subject=disposition.display_name,
                subtype_xmlid="lapor_base.mt_disposition",
                partner_ids=partners.ids,
                author_id=disposition.from_user_id.partner_id.id,
                message_type="comment",
            )

    def _labels(self):
        """Words of the selections, in the reader's language, for templates."""
        self.ensure_one()
        return {
            name: dict(self._fields[name]._description_selection(self.env))[self[name]]
            for name in ("direction", "urgency", "confidentiality")
        } | {"instructions": ", ".join(self.instruction_ids.mapped("name")) or Markup("–")}

    # ------------------------------------------------------------
    # THE SHEET
    # ------------------------------------------------------------

    def _sheet(self):
        """What the paper form (lembar disposisi, domain of Permendagri 54/2009) asks for.

        :returns: dict of texts, dates and moments in UTC. The sender of an anonymous or
            confidential complaint is not named, whoever prints it: the sheet goes from hand to
            hand.
        """
        self.ensure_one()
        complaint = self.complaint_id
        hidden = complaint.is_anonymous or complaint.is_secret or complaint.is_misconduct
        office = self._issued_for().unit_id.office_id or complaint.managing_unit_id
        return {
            "office": office,
            "sender": self.env._("Anonymous") if hidden else complaint.complainant_name,
            "letter_number": complaint.channel_reference or complaint.number,
            "letter_date": complaint.letter_date or complaint._local_received_at().date(),
            "received_at": complaint.received_at,
            "agenda_number": self.agenda_number,
            "subject": complaint.name,
            "urgency": self.urgency,
            "confidentiality": self.confidentiality,
            "addressees": [
                {
                    "kind": line.kind,
                    "title": line.position_id.name,
                    "unit": line.position_id.unit_id.name,
                    "required": line.required,
                    "date_due": line.date_due,
                }
                for line in self.line_ids
            ],
            "instructions": self.instruction_ids,
            "note": self.note,
            "title": self.from_title,
            "name": self.from_name or self.from_user_id.name,
            "rank": self.from_rank,
            "nip": self.from_nip,
            "issued_at": self.issued_at,
        }
