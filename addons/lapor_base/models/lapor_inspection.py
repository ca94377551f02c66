from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class LaporInspection(models.Model):
    """A field visit, from which the berita acara (BA) is made (Kapuas, step 3)."""

    _name = "lapor.inspection"
    _description = "Field Inspection"
    _inherit = ["lapor.acts.mixin"]
    _order = "date desc, id desc"
    _rec_name = "place"
    _check_company_auto = True

    complaint_id = fields.Many2one(
        "lapor.complaint", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(related="complaint_id.company_id", store=True, index=True)
    visit_id = fields.Many2one(
        "lapor.complaint.step", required=True, ondelete="restrict", index=True
    )
    assignment_number = fields.Char(
        string="Letter of Assignment", help="Number of the surat tugas."
    )
    date = fields.Date(string="Date of Visit", required=True)
    place = fields.Char(required=True)
    team_ids = fields.Many2many("res.users")
    heard = fields.Text(string="People Heard")
    findings = fields.Text(required=True)
    conclusion = fields.Text(required=True)
    recommendation = fields.Text()
    attachment_ids = fields.Many2many("ir.attachment", string="Photos")
    state = fields.Selection(
        [("draft", "Draft"), ("done", "Completed")], required=True, default="draft"
    )

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
    def _record(self, visit, values):
        """Record a completed visit in the field.

        :param visit: the open ``lapor.complaint.step``
        :param dict values: see :meth:`_evidence_fields`; users and files as ids
        :raises UserError: when a part of the report is missing or lies in the future
        """
        unknown = values.keys() - self._evidence_fields()
        if unknown:
            raise UserError(
                self.env._("Unknown part of an inspection: %s.", ", ".join(sorted(unknown)))
            )
        values = dict(values)
        for name in ("date", "place", "findings", "conclusion"):
            if not values.get(name):
                raise UserError(
                    self.env._(
                        "The inspection report (BA) still lacks: %(field)s.",
                        field=self._fields[name]._description_string(self.env),
                    )
                )
        if fields.Date.to_date(values["date"]) > visit.unit_id._local_now().date():
            raise UserError(self.env._("The visit in the field cannot lie in the future."))
        values["team_ids"] = [Command.set(values.get("team_ids") or [self.env.uid])]
        photos = self.env["ir.attachment"].browse(values.get("attachment_ids") or []).exists()
        values["attachment_ids"] = [Command.set(visit.complaint_id._keep_files(photos).ids)]
        inspection = self.create(
            {
                **values,
                "complaint_id": visit.complaint_id.id,
                "visit_id": visit.id,
                "state": "done",
            }
        )
        self.env["lapor.event"]._log(
            [
                {
                    "complaint": visit.complaint_id,
                    "code": "inspection",
                    "visit": visit,
                    "position": visit.position_id,
                    "data": {"inspection": inspection.id},
                }
            ]
        )
        return inspection
