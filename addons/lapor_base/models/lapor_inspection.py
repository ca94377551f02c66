import base64
import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command

from ..tools.fingerprint import of_bytes


class LaporInspection(models.Model):
    """A field visit, from which the berita acara (BA) is made (Kapuas, step 3).

    The team writes it as a draft, on the spot if need be; then each member signs the same text.
    With the last signature it is complete, numbered where the office numbers its reports, and
    frozen. A member who cannot sign is excused by the team's head, with the reason.
    """

    _name = "lapor.inspection"
    _description = "Field Inspection"
    _inherit = ["lapor.inspection.sign.mixin", "lapor.evidence.mixin"]
    _order = "date desc, id desc"
    _rec_name = "place"
    _check_company_auto = True
    _lapor_proved = (
        "complaint_id",
        "visit_id",
        "number",
        "agenda_id",
        "assignment_number",
        "assignment_agenda_id",
        "state",
        "text_hash",
    )

    complaint_id = fields.Many2one(
        "lapor.complaint", required=True, ondelete="restrict", index=True, readonly=True
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, precompute=True, index=True
    )
    visit_id = fields.Many2one(
        "lapor.complaint.step", required=True, ondelete="restrict", index=True, readonly=True
    )
    number = fields.Char(string="Report Number", readonly=True)
    agenda_id = fields.Many2one("lapor.agenda", ondelete="restrict", readonly=True)
    assignment_number = fields.Char(
        string="Letter of Assignment", help="Number of the surat tugas."
    )
    assignment_date = fields.Date(string="Date of Assignment")
    assignment_agenda_id = fields.Many2one("lapor.agenda", ondelete="restrict", readonly=True)
    can_number_assignment = fields.Boolean(compute="_compute_can_number_assignment")
    date = fields.Date(string="Date of Visit")
    hour = fields.Float(string="Time of Visit", help="Local time at the place.")
    place = fields.Char()
    latitude = fields.Float(digits=(10, 7))
    longitude = fields.Float(digits=(10, 7))
    member_ids = fields.One2many("lapor.inspection.member", "inspection_id", string="Team")
    team_ids = fields.Many2many("res.users", compute="_compute_team_ids", string="Signers")
    person_ids = fields.One2many("lapor.inspection.person", "inspection_id", string="People Asked")
    heard = fields.Text(
        string="People Heard", help="What they said in general, without names to be kept secret."
    )
    findings = fields.Text()
    conclusion = fields.Text()
    recommendation = fields.Text()
    photo_ids = fields.One2many("lapor.inspection.photo", "inspection_id")
    attachment_ids = fields.Many2many("ir.attachment", string="Files")
    state = fields.Selection(
        [("draft", "Draft"), ("signing", "Being Signed"), ("done", "Completed")],
        required=True,
        default="draft",
        readonly=True,
    )
    is_my_signature = fields.Boolean(compute="_compute_is_my_signature")
    text_hash = fields.Char(
        string="Fingerprint",
        readonly=True,
        help="Keyed fingerprint of all that the members signed.",
    )

    sealed_content = fields.Json(
        groups=fields.NO_ACCESS,
        copy=False,
        help="What was signed, when the complainant's name in it has been hidden since.",
    )

    @api.depends("member_ids.user_id")
    def _compute_team_ids(self):
        for inspection in self:
            inspection.team_ids = inspection.member_ids.user_id

    @api.depends("state", "member_ids.state")
    @api.depends_context("uid")
    def _compute_is_my_signature(self):
        for inspection in self:
            inspection.is_my_signature = inspection.state == "signing" and bool(
                inspection._own_signature()
            )

    @api.depends("visit_id.unit_id")
    def _compute_can_number_assignment(self):
        for inspection in self:
            # The office's setting, no secret to whoever reads the report.
            series = inspection.sudo()._office().letter_series_ids
            inspection.can_number_assignment = "assignment" in series.mapped("document")

    @api.constrains("latitude", "longitude")
    def _check_coordinates(self):
        for inspection in self:
            if abs(inspection.latitude) > 90 or abs(inspection.longitude) > 180:
                raise ValidationError(self.env._("There is no such place on earth."))

    @api.constrains("date", "assignment_date")
    def _check_date(self):
        for inspection in self:
            unit = inspection.visit_id.unit_id
            if inspection.date and inspection.date > unit._today():
                raise ValidationError(
                    self.env._("The visit in the field cannot lie in the future.")
                )
            unit._near_day(inspection.date)
            unit._near_day(inspection.assignment_date)

    def write(self, vals):
        guarded = vals.keys() - self._draft_fields()
        if not self.env.su and guarded:
            raise UserError(self.env._("This part of an inspection is written by its acts only."))
        return super().write(vals)

    @api.model
    def _draft_fields(self):
        """What the team writes while it is a draft."""
        return {
            "assignment_number",
            "assignment_date",
            "date",
            "hour",
            "place",
            "latitude",
            "longitude",
            "member_ids",
            "person_ids",
            "heard",
            "findings",
            "conclusion",
            "recommendation",
            "photo_ids",
            "attachment_ids",
        }

    @api.model
    def _evidence_fields(self):
        return {
            "assignment_number",
            "date",
            "place",
            "team_ids",
            "heard",
            "findings",
            "conclusion",
            "recommendation",
            "attachment_ids",
        }

    @api.model
    def _begin(self, visit, values=None):
        """Begin a draft for a visit of a step, with this user as head of the team.

        :param visit: the open ``lapor.complaint.step``
        :rtype: lapor.inspection
        """
        return self.create(
            {
                "place": visit.complaint_id.place,
                "date": visit.unit_id._local_now().date(),
                **(values or {}),
                "complaint_id": visit.complaint_id.id,
                "visit_id": visit.id,
                "member_ids": [Command.create({"user_id": self.env.uid, "is_head": True})],
            }
        )

    @api.model
    def _record(self, visit, values):
        """Record, and sign, a visit in the field that this user made alone.

        :param visit: the open ``lapor.complaint.step``
        :param dict values: see :meth:`_evidence_fields`; users and files as ids
        :raises UserError: when a part of the report is missing or lies in the future, or when
            others belong to the team, who sign by themselves
        """
        unknown = values.keys() - self._evidence_fields()
        if unknown:
            raise UserError(
                self.env._("Unknown part of an inspection: %s.", ", ".join(sorted(unknown)))
            )
        values = dict(values)
        if set(values.pop("team_ids", None) or [self.env.uid]) != {self.env.uid}:
            raise UserError(
                self.env._(
                    "Each member of the team signs the report. Open it with “Inspection Report "
                    "(BA)”, let the members sign, then finish the step."
                )
            )
        photos = self.env["ir.attachment"].browse(values.get("attachment_ids") or []).exists()
        values["attachment_ids"] = [Command.set(visit.complaint_id._keep_files(photos).ids)]
        self._check_complete(values)
        inspection = self._begin(visit, values)
        inspection._submit()
        inspection._sign_member(inspection.member_ids)
        return inspection

    def _office(self):
        unit = self.visit_id.unit_id
        return unit.office_id or unit

    def _content(self):
        """All that the members sign, as plain JSON values in a fixed order."""
        self.ensure_one()
        names = sorted(self._draft_fields() - {"member_ids", "person_ids", "photo_ids"})
        # The fingerprint is made of everything, whoever computes it; it goes to nobody.
        record = self.sudo()
        values = {name: str(record[name] or "") for name in names if name != "attachment_ids"}
        return {
            **values,
            "complaint": record.complaint_id.number,
            "team": [[member.user_id.id, member.task or ""] for member in record.member_ids],
            "people": [
                [person.kind, person.secret_name or "", person.statement or ""]
                for person in record.person_ids
            ],
            "photos": [photo.sha256 for photo in record.photo_ids],
            "files": [file.checksum for file in record.attachment_ids],
        }

    @api.model
    def _proof_triggers(self):
        return super()._proof_triggers() | self._draft_fields() | {"sealed_content"}

    def _is_provable(self):
        return self.state != "draft"

    def _proved_values(self):
        # What the team still writes is no evidence yet.
        if self.state == "draft":
            return {"complaint_id": self.complaint_id.ids, "visit_id": self.visit_id.ids}
        photos = self.photo_ids.with_context(bin_size=False)
        return {
            **super()._proved_values(),
            "content": of_bytes(self._signed_content().encode()),
            # What everybody reads, when what was signed is sealed.
            "shown": self._content(),
            "pictures": [of_bytes(base64.b64decode(photo.image or b"")) for photo in photos],
            "signatures": [
                [
                    member.user_id.id,
                    member.state,
                    member.signed_title or "",
                    fields.Datetime.to_string(member.signed_at) or "",
                    member.text_hash or "",
                    member.excuse_reason or "",
                ]
                for member in self.member_ids
            ],
        }

    def _fits(self, known):
        # A text that does not fit its own fingerprint is not even signed.
        changed = self.state != "draft" and not self._is_as_signed()
        return not changed and super()._fits(known)

    def _content_hash(self):
        return self.env["lapor.complaint.version"]._seal(self._signed_content())

    def _signed_content(self):
        # As the system: proved, never shown.
        content = self.sudo().sealed_content or self._content()
        return json.dumps(content, sort_keys=True, ensure_ascii=False)

    def _is_as_signed(self):
        """Whether the report is what its members signed."""
        if self.text_hash == self._content_hash():
            return True
        # Signed before fingerprints were keyed.
        return self.text_hash == of_bytes(self._signed_content().encode())

    def _seal_content(self):
        """Keep what was signed, before a name in it is hidden: the fingerprint proves it."""
        # What hides an identity reaches every report; what was signed goes where nobody reads it.
        for inspection in self.sudo():
            if inspection.state != "draft" and not inspection.sealed_content:
                inspection.sealed_content = inspection._content()

    def action_number_assignment(self):
        """Take the number of the surat tugas from the office's agenda.

        :raises UserError: when it has one already, or the office does not number them here
        :raises AccessError: for others than the team
        """
        self.ensure_one()
        self._lock_inspection()
        self.check_access("write")
        # Checked above as the user; numbers and reports are written as the system.
        inspection = self.sudo()
        if inspection.assignment_number:
            raise UserError(self.env._("The letter of assignment has a number already."))
        if not inspection.can_number_assignment:
            raise UserError(
                self.env._(
                    "This office does not number its letters of assignment here. Type the number."
                )
            )
        line = (
            self.env["lapor.agenda"]
            .sudo()
            ._take_number(
                inspection._office(),
                "assignment",
                inspection.complaint_id,
                f"Surat tugas pemeriksaan aduan {inspection.complaint_id.number}",
            )
        )
        inspection.write(
            {
                "assignment_number": line.number,
                "assignment_agenda_id": line.id,
                "assignment_date": inspection.assignment_date or line.date,
            }
        )
        return True

    def _lock_inspection(self):
        """Lock the case of a report that the user may read, and read it anew."""
        self.check_access("read")
        self.complaint_id._lock_cases()
        self.invalidate_recordset()
        self.env["lapor.inspection.member"].invalidate_model()
        # Only whether the case is closed.
        if self.sudo().complaint_id.phase == "closed":
            raise UserError(self.env._("Complaint %s is closed.", self.complaint_id.number))

    def _check_team(self):
        """Whether this user belongs to the team or has the step.

        :raises AccessError: when not
        """
        # Answers whether this user belongs to the team.
        inspection = self.sudo()
        user = self.env.user
        if user not in inspection.member_ids.user_id and not inspection.visit_id._may_act(user):
            raise AccessError(self.env._("This report is written and signed by its team."))
