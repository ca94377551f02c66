from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

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
    is a disposisi, sideways a teruskan. Issued by a step (``lapor.engine.mixin``), never
    changed afterwards.
    """

    _name = "lapor.disposition"
    _description = "Disposition"
    _inherit = ["lapor.acts.mixin"]
    _order = "issued_at desc, id desc"
    _check_company_auto = True

    complaint_id = fields.Many2one(
        "lapor.complaint", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(related="complaint_id.company_id", store=True, index=True)
    visit_id = fields.Many2one(
        "lapor.complaint.step", required=True, ondelete="restrict", index=True
    )
    parent_id = fields.Many2one(
        "lapor.disposition", string="Continues", ondelete="restrict", index="btree_not_null"
    )
    from_position_id = fields.Many2one("lapor.position", string="From", ondelete="restrict")
    from_user_id = fields.Many2one("res.users", string="Issued By", required=True)
    from_title = fields.Char(help="Title of the issuer at that moment, with Plt. or Plh.")
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
    instruction_ids = fields.Many2many("lapor.instruction", string="Instructions")
    note = fields.Text()
    urgency = fields.Selection(URGENCIES, required=True, default="normal")
    confidentiality = fields.Selection(CONFIDENTIALITIES, required=True, default="normal")
    date_due = fields.Date(string="Due")
    issued_at = fields.Datetime(required=True, default=fields.Datetime.now, string="Issued")
    agenda_number = fields.Char(readonly=True)

    @api.depends("complaint_id.number", "lead_position_id.name", "direction")
    def _compute_display_name(self):
        labels = dict(self._fields["direction"]._description_selection(self.env))
        for disposition in self:
            disposition.display_name = (
                f"{labels[disposition.direction]} {disposition.agenda_number or ''} → "
                f"{disposition.lead_position_id.sudo().name}"
            )

    @api.model
    def _evidence_fields(self):
        """What may be given with a move; the rest is the engine's."""
        return {
            "lead_position_id",
            "helper_position_ids",
            "copy_position_ids",
            "instruction_ids",
            "unit_id",
            "note",
            "urgency",
            "confidentiality",
            "date_due",
        }

    @api.model
    def _issue(self, visit, transition, values):
        """Issue a disposition from a visit's position.

        :param visit: the open ``lapor.complaint.step``
        :param transition: the arrow with which it is issued
        :param dict values: see :meth:`_evidence_fields`; positions and instructions as ids
        :rtype: lapor.disposition
        :raises UserError: when nobody is addressed, or an addressee is of another government
            or may not see the case
        """
        unknown = values.keys() - self._evidence_fields()
        if unknown:
            raise UserError(
                self.env._("Unknown part of a disposition: %s.", ", ".join(sorted(unknown)))
            )
        Position = self.env["lapor.position"]
        complaint = visit.complaint_id
        lead = Position.browse(values.get("lead_position_id")).exists()
        if not lead.active:
            raise UserError(self.env._("Choose to whom the disposition goes."))
        helpers = Position.browse(values.get("helper_position_ids") or []).exists() - lead
        copies = Position.browse(values.get("copy_position_ids") or []).exists() - lead - helpers
        unit = self.env["lapor.unit"].browse(values.get("unit_id") or []).exists()
        for record in (*(lead | helpers | copies), *unit):
            if record.company_id != complaint.company_id:
                raise UserError(
                    self.env._(
                        "“%(name)s” belongs to another government.", name=record.display_name
                    )
                )
        for position in lead | helpers | copies:
            if not complaint._is_open_to(position):
                raise UserError(
                    self.env._(
                        "“%(name)s” may not see a misconduct case: only the managing office and "
                        "the inspectorate may.",
                        name=position.display_name,
                    )
                )
        if transition.to_step_id.scope == "handling" and not unit:
            unit = lead.unit_id.office_id
        issuer = visit.position_id
        disposition = self.create(
            {
                "complaint_id": complaint.id,
                "visit_id": visit.id,
                "parent_id": complaint.disposition_ids.sorted("id")[-1:].id,
                "from_position_id": issuer.id,
                "from_user_id": self.env.uid,
                "from_title": issuer._title() if issuer else self.env.user.name,
                "direction": self._direction(issuer, lead),
                "lead_position_id": lead.id,
                "unit_id": unit.id,
                "instruction_ids": [Command.set(values.get("instruction_ids") or [])],
                "note": values.get("note"),
                "urgency": values.get("urgency") or "normal",
                "confidentiality": values.get("confidentiality") or "normal",
                "date_due": values.get("date_due"),
                "agenda_number": self._next_agenda(issuer.unit_id or visit.unit_id),
                "line_ids": [
                    Command.create({"position_id": position.id, "kind": kind})
                    for kind, positions in (
                        ("lead", lead),
                        ("helper", helpers),
                        ("copy", copies),
                    )
                    for position in positions
                ],
            }
        )
        units = (lead | helpers | copies).unit_id
        vals = {
            "involved_unit_ids": [
                Command.link(item.id)
                for item in (units | units.office_id | unit) - complaint.involved_unit_ids
            ]
        }
        if unit:
            vals["unit_id"] = unit.id
        complaint._engine_write(vals)
        disposition._record(visit)
        disposition._tell()
        return disposition

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
    def _next_agenda(self, unit):
        office = unit.office_id or unit
        seq = self.env["lapor.agenda"]._next(office, "disposition", office._local_now().year)
        return str(seq)

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
                    },
                }
                for disposition in self
            ]
        )

    def _tell(self):
        """Post the disposition in the case's thread and notify its addressees."""
        for disposition in self:
            partners = disposition.line_ids.position_id.holder_id.partner_id
            disposition.complaint_id.message_post(
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
