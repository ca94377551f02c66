from odoo import api, fields, models
from odoo.exceptions import RedirectWarning
from odoo.fields import Command

from ..tools.plain_text import clean_text


class LaporComplaintStep(models.Model):
    """One visit of a case to one step of its SOP: who had it, since when, what came of it.

    A step that is returned to gets a second visit. An open visit owns exactly one activity
    of its position's holder (of nobody while the position is vacant); the activity mirrors
    the visit, never the other way round. Written by the engine only.
    """

    _name = "lapor.complaint.step"
    _description = "Step of a Complaint"
    _inherit = ["lapor.evidence.mixin", "lapor.step.activity.mixin", "lapor.step.owner.mixin"]
    _order = "complaint_id, id"
    _check_company_auto = True
    _lapor_proved = (
        "complaint_id",
        "sop_step_id",
        "visit",
        "state",
        "unit_id",
        "position_id",
        "started_at",
        "done_at",
        "done_by_id",
        "transition_id",
        "note",
        "attachment_ids",
    )

    complaint_id = fields.Many2one(
        "lapor.complaint", required=True, ondelete="restrict", index=True, readonly=True
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, precompute=True, index=True
    )
    sop_step_id = fields.Many2one(
        "lapor.sop.step", string="Step", required=True, ondelete="restrict", index=True
    )
    kind = fields.Char(related="sop_step_id.kind")
    visit = fields.Integer(default=1, help="How many times the case has come to this step.")
    state = fields.Selection(
        [
            ("open", "Open"),
            ("done", "Done"),
            ("returned", "Returned"),
            ("stopped", "Left Undone"),
        ],
        required=True,
        default="open",
        index=True,
    )
    unit_id = fields.Many2one("lapor.unit", required=True, ondelete="restrict", index=True)
    position_id = fields.Many2one("lapor.position", ondelete="restrict", index="btree_not_null")
    user_id = fields.Many2one(
        "res.users",
        string="In Charge",
        ondelete="restrict",
        index="btree_not_null",
        help="Empty: the step waits in the unit's queue.",
    )
    started_at = fields.Datetime(required=True, default=fields.Datetime.now)
    done_at = fields.Datetime()
    done_by_id = fields.Many2one("res.users", ondelete="restrict")
    transition_id = fields.Many2one(
        "lapor.sop.transition", string="Arrow Taken", ondelete="restrict"
    )
    note = fields.Text()
    attachment_ids = fields.Many2many("ir.attachment", string="Evidence")
    disposition_ids = fields.One2many("lapor.disposition", "visit_id")
    inspection_ids = fields.One2many("lapor.inspection", "visit_id")
    activity_ids = fields.One2many("mail.activity", "lapor_step_id")

    _open_uniq = models.UniqueIndex(
        "(complaint_id) WHERE state = 'open'", "A complaint is at one step at a time."
    )

    @api.depends("complaint_id.number", "sop_step_id.display_name")
    def _compute_display_name(self):
        for visit in self:
            visit.display_name = f"{visit.complaint_id.number}: {visit.sop_step_id.display_name}"

    # ------------------------------------------------------------
    # OPENING, LEAVING (called by the engine, as the system)
    # ------------------------------------------------------------

    @api.model
    def _open(self, complaint_steps):
        """Open a visit for each complaint.

        :param complaint_steps: list of (complaint, sop step) pairs
        :rtype: lapor.complaint.step
        """
        vals_list = []
        found = {}
        for complaint, step in complaint_steps:
            unit, position = complaint._find_owner(step, found)
            vals_list.append(
                {
                    "complaint_id": complaint.id,
                    "sop_step_id": step.id,
                    "visit": 1 + sum(visit.sop_step_id == step for visit in complaint.step_ids),
                    "unit_id": unit.id,
                    "position_id": position.id,
                    "user_id": position.holder_id.id,
                }
            )
        visits = self.create(vals_list)
        # Cases of the same new units are written together: each write of them is a query.
        for missing, joining in visits.grouped(
            lambda visit: (
                (visit.unit_id | visit.unit_id.office_id) - visit.complaint_id.involved_unit_ids
            )
        ).items():
            if missing:
                joining.complaint_id._engine_write(
                    {"involved_unit_ids": [Command.link(unit.id) for unit in missing]}
                )
        for visit in visits:
            visit.complaint_id._engine_write(
                {"current_step_id": visit.id, "phase": visit.sop_step_id.phase}
            )
        # No mail per activity: the thread tells the story, the systray counts.
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [{**visit._activity_values(), **visit._activity_labels()} for visit in visits]
        )
        self.env["lapor.event"]._log(
            [
                {
                    "complaint": visit.complaint_id,
                    "code": "step_opened",
                    "visit": visit,
                    "position": visit.position_id,
                    "data": {
                        "step": visit.sop_step_id.id,
                        "unit": visit.unit_id.id,
                        "owner": visit.user_id.id or None,
                        "phase": visit.sop_step_id.phase,
                    },
                }
                for visit in visits
            ]
        )
        visits._ask_to_fill()
        return visits

    def _leave(self, transition, note, attachments, state="done"):
        """Close visits: trace, activity and event. The next step is the engine's business.

        :param transition: the arrow taken; empty where the case ends beside its SOP
        :param str state: "done", "returned", or "stopped" for a step left undone
        """
        now = fields.Datetime.now()
        vals = {
            "state": state,
            "done_at": now,
            "done_by_id": self.env.uid,
            "transition_id": transition.id,
        }
        if note:
            vals["note"] = note
        self.write(vals)
        if attachments:
            for visit in self:
                visit.attachment_ids += visit.complaint_id._keep_files(attachments)
        # The next visit is inserted before pending updates are written: the database must
        # know first that this one is no longer open.
        self.flush_recordset(["state"])
        activities = self.activity_ids.filtered("active")
        activities.write({"active": False, "feedback": note or False})
        if waited := self.filtered(lambda visit: not visit.user_id):
            waited.complaint_id._drop_tasks(["fill_position"])
        self.env["lapor.event"]._log(
            [
                {
                    "complaint": visit.complaint_id,
                    "code": "step_stopped" if state == "stopped" else "step_done",
                    "visit": visit,
                    "position": visit._doing_position(),
                    "data": {
                        "step": visit.sop_step_id.id,
                        "transition": transition.id or None,
                        "kind": transition.kind or None,
                        "to": transition.to_step_id.id or None,
                        "note": note or None,
                        **(
                            {"files": {str(file.id): file._seal() for file in visit.attachment_ids}}
                            if attachments
                            else {}
                        ),
                    },
                }
                for visit in self
            ]
        )

    def _has_open_activity(self):
        """Whether the activity of this visit must be open: not while the case is handled with
        another one."""
        self.ensure_one()
        return self.state == "open" and not self.complaint_id._is_step_paused()

    # ------------------------------------------------------------
    # FROM THE ACTIVITY MENU AND LISTS
    # ------------------------------------------------------------

    def _main_transition(self):
        """The arrow that finishing the step takes when nothing else is chosen."""
        self.ensure_one()
        transitions = self.sop_step_id.transition_ids
        return (
            transitions.filtered(lambda transition: transition.kind == "forward")
            or transitions.filtered(lambda transition: transition.kind == "close")
        )[:1]

    def _finish_from_activity(self, feedback, attachment_ids):
        """Do the step whose activity was ticked off, or lead to the form that can.

        :raises RedirectWarning: when more than a note is needed to do the step
        """
        self.ensure_one()
        feedback = clean_text(feedback or "")
        # The activity is the user's own, but the acts that follow check the user again.
        complaint = self.sudo(False).complaint_id
        if complaint._finish_otherwise(feedback):
            return
        visit = self.sudo()
        transition = visit._main_transition()
        missing = transition._demands()._missing_evidence(
            visit, feedback or (attachment_ids and self.env._("See the attached files."))
        )
        if missing:
            raise RedirectWarning(
                self.env._(
                    "“%(step)s” of %(number)s is not finished yet:\n%(missing)s",
                    step=visit.sop_step_id.display_name,
                    number=visit.complaint_id.number,
                    missing="\n".join(missing),
                ),
                complaint._get_form_action(),
                self.env._("Open the Complaint"),
            )
        complaint.action_advance(
            transition, note=feedback or None, attachment_ids=attachment_ids or []
        )

    def action_open_complaint(self):
        self.ensure_one()
        return self.complaint_id._get_form_action()
