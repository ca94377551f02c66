from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.orm.models import NO_ACCESS

from ..tools.plain_text import clean_line
from ..tools.tracking_code import new_tracking_code


class LaporIntakeMixin(models.AbstractModel):
    """How a case begins, whoever takes it in."""

    _name = "lapor.intake.mixin"
    _description = "Intake of Complaints"
    _inherit = ["lapor.case.mixin"]

    # Known for the rest of the transaction: its snapshot does not change, and whoever writes a
    # case holds its lock. What is rolled back is forgotten with all other fields.
    event_tip = fields.Json(
        compute="_compute_event_tip", groups=NO_ACCESS, export_string_translation=False
    )

    @api.constrains("incident_date", "letter_date")
    def _check_dates(self):
        for complaint in self:
            unit = complaint.managing_unit_id
            unit._past_day(complaint.incident_date)
            # Letters are dated ahead now and then.
            unit._near_day(complaint.letter_date)

    def _compute_event_tip(self):
        tips = self.env["lapor.event"]._tips(self)
        for complaint in self:
            complaint.event_tip = tips[complaint.id]

    def _set_event_tip(self, sequence, digest):
        """Remember where the chains of events of these cases end."""
        self._fields["event_tip"]._update_cache(self, [sequence, digest])

    @api.model
    def _prepare_complaint(self, vals, found=None):
        """Complete the values of an intake: office, number, tracking code and SOP.

        :param dict found: what was looked up for other complaints of the same call
        :raises UserError: when a field is given that only acts may set, or when the
            government has no managing office
        """
        self._refuse_engine_fields(vals, self._engine_fields() - {"company_id"})
        vals = self._clean_texts(vals)
        if vals.get("description") and not vals.get("name"):
            vals["name"] = clean_line(vals["description"], 80)
        if not vals.get("name") or not vals.get("description"):
            raise ValidationError(self.env._("A complaint needs a title and a text."))
        # Whose office it is; the right to create was checked, and rules check the record.
        intake_unit = self.env["lapor.unit"].browse(vals.get("intake_unit_id")).sudo()
        company = (
            intake_unit.company_id
            or self.env["res.company"].browse(vals.get("company_id"))
            or self.env.company
        )
        found = {} if found is None else found
        place = (intake_unit, company)
        if place not in found:
            found[place] = self._find_managing_unit(intake_unit, company)
        managing_unit = found[place]
        received_at = fields.Datetime.to_datetime(vals.get("received_at")) or fields.Datetime.now()
        if received_at > fields.Datetime.now():
            raise ValidationError(self.env._("A complaint cannot be received in the future."))
        managing_unit._near_day(received_at)
        local = fields.Datetime.context_timestamp(
            self.with_context(tz=managing_unit._get_tz()), received_at
        )
        category = self.env["lapor.category"].browse(vals.get("category_id"))
        classification = vals.get("classification") or "complaint"
        # The SOP and the counter belong to the office, not to whoever keys in the complaint.
        kind = (managing_unit, local.date(), classification, category)
        if kind not in found:
            found[kind] = self.env["lapor.sop"].sudo()._in_force(*kind)
        sop = found[kind]
        counter = (company, local.date())
        if counter not in found:
            found[counter] = (
                company.sudo()
                .with_context(tz=managing_unit._get_tz())
                ._complaint_numbering(local.date())
            )
        office = intake_unit.office_id
        vals.update(
            number=found[counter]._next(),
            tracking_code=new_tracking_code(),
            company_id=company.id,
            managing_unit_id=managing_unit.id,
            intake_unit_id=intake_unit.id or managing_unit.id,
            unit_id=office.id if office and office != managing_unit else False,
            # From the first moment: whoever takes a case in must see it to take it in.
            involved_unit_ids=[Command.set((managing_unit | office).ids)],
            sop_id=sop.id,
            received_at=received_at,
        )
        return vals

    @api.model
    def _find_managing_unit(self, intake_unit, company):
        office = intake_unit.office_id
        if office.kind == "manager":
            return office
        # Every government has one office to which its complaints go, whoever takes them in.
        manager = (
            self.env["lapor.unit"]
            .sudo()
            .with_context(active_test=True)
            .search([("kind", "=", "manager"), ("company_id", "=", company.id)], limit=1)
        )
        if not manager:
            raise UserError(
                self.env._(
                    "%(company)s has no managing office yet. Create a unit of the kind "
                    "“Managing office” first.",
                    company=company.name,
                )
            )
        return manager

    def _start(self, received=None):
        """Begin new cases: first event, first step, and past the step of filing itself.

        :param dict received: fingerprints of what they came in with, for their first event
        """
        # The complaint was created as the user; its steps and events are the system's.
        cases = self.sudo()
        cases.env["lapor.event"]._log(
            [
                {
                    "complaint": complaint,
                    "code": "received" if complaint.sop_id else "sop_missing",
                    "data": {
                        "channel": complaint.channel_id.code,
                        "sop": complaint.sop_id.id or None,
                        "received_at": fields.Datetime.to_string(complaint.received_at),
                        # Which office took it in and has it, where it is not the managing one.
                        "unit": complaint._intake_office().id or None,
                        "words": complaint.version_ids[:1].hash,
                        **(received or {}),
                    },
                }
                for complaint in cases
            ]
        )
        cases._enter_sop()

    def _enter_sop(self):
        """Open the first step; where the SOP starts with the filing itself, it is done."""
        starting = self.filtered("sop_id")
        if not starting:
            return
        Visit = self.env["lapor.complaint.step"]
        visits = Visit._open(
            [(complaint, complaint.sop_id._first_step()) for complaint in starting]
        )
        for visit in visits.filtered(lambda visit: visit.kind == "intake"):
            transition = visit._main_transition()
            if not transition.to_step_id:
                # Drawn with a choice after the filing: the office makes it.
                continue
            visit._leave(transition, False, self.env["ir.attachment"])
            Visit._open([(visit.complaint_id, transition.to_step_id)])

    def action_enter_sop(self):
        """Start complaints that came in while no SOP was in force."""
        self.check_access("write")
        self._lock_cases()
        # The right to change the cases was checked; where they stand is the engine's.
        for complaint in self.sudo().filtered(lambda case: not case.sop_id):
            sop = (
                self.env["lapor.sop"]
                .sudo()
                ._in_force(
                    complaint.managing_unit_id,
                    complaint._local_received_at().date(),
                    complaint.classification,
                    complaint.category_id,
                )
            )
            if not sop:
                raise UserError(
                    self.env._(
                        "%(unit)s has no SOP in force for this complaint. Activate one first.",
                        unit=complaint.managing_unit_id.name,
                    )
                )
            complaint._engine_write({"sop_id": sop.id})
            complaint._enter_sop()

    def _acknowledge(self, left=()):
        """Tell new complainants who can be reached by mail their number and tracking code.

        :param left: names of the files of their mail that could not be taken in
        """
        for complaint in self:
            if complaint.channel_id.delivery == "email" and complaint.complainant_id.email:
                self.env["lapor.response"]._acknowledge(complaint, left)
