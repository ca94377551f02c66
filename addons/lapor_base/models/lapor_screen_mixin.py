from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class LaporScreenMixin(models.AbstractModel):
    """What the screens show of a case and offer to this user: the SOP's path, the one thing to
    do now, and the dialog of a move. It only shows; ``lapor.engine.mixin`` decides."""

    _name = "lapor.screen.mixin"
    _description = "Screens of a Complaint"
    _inherit = ["lapor.case.mixin"]

    progress = fields.Integer(compute="_compute_progress", help="Share of the SOP, in percent.")
    age_days = fields.Integer(compute="_compute_age_days", string="Age (days)")
    sop_path = fields.Json(compute="_compute_sop_path", string="Path along the SOP")
    act_state = fields.Json(compute="_compute_act_state")
    can_edit_data = fields.Boolean(compute="_compute_can_edit_data")
    can_act = fields.Boolean(compute="_compute_can_act", string="My Turn")
    disposition_count = fields.Integer(compute="_compute_paper_counts")
    response_count = fields.Integer(compute="_compute_paper_counts")

    @api.depends("phase", "current_step_id")
    def _compute_progress(self):
        for complaint in self:
            steps = complaint.sop_id.step_ids.ids
            current = complaint.current_step_id.sop_step_id.id
            if complaint.phase == "closed":
                complaint.progress = 100
            elif current in steps:
                complaint.progress = round(100 * steps.index(current) / len(steps))
            else:
                complaint.progress = 0

    @api.depends("received_at", "closed_at")
    def _compute_age_days(self):
        now = fields.Datetime.now()
        for complaint in self:
            start = complaint.received_at or now
            complaint.age_days = max(0, ((complaint.closed_at or now) - start).days)

    @api.depends("step_ids.state", "current_step_id", "phase")
    def _compute_sop_path(self):
        for complaint in self:
            complaint.sop_path = complaint._get_sop_path()

    @api.depends("current_step_id", "phase", "step_ids.state", "hold_id")
    @api.depends_context("uid", "lang")
    def _compute_act_state(self):
        for complaint in self:
            complaint.act_state = complaint._get_act_state()

    @api.depends_context("uid")
    def _compute_can_edit_data(self):
        editable = self._filtered_access("write")
        for complaint in self:
            complaint.can_edit_data = not complaint.id or (
                complaint in editable and complaint.phase != "closed"
            )

    @api.depends("current_user_id")
    @api.depends_context("uid")
    def _compute_can_act(self):
        for complaint in self:
            complaint.can_act = complaint.current_user_id.id == self.env.uid

    @api.depends("disposition_ids", "response_ids")
    def _compute_paper_counts(self):
        for complaint in self:
            complaint.disposition_count = len(complaint.disposition_ids)
            complaint.response_count = len(complaint.response_ids)

    def action_start_transition(self, transition_id):
        """What a button does: the move itself when nothing is to be filled in, else its dialog.

        :param int transition_id: ``lapor.sop.transition``
        :returns: an action, or True when the move is done
        """
        transition = self._check_transition(transition_id)
        self.check_access("read")
        for complaint in self:
            complaint._check_may_advance(transition)
        if len(self) == 1 and self._needs_inspection(transition):
            return self.action_open_inspection()
        return {
            "type": "ir.actions.act_window",
            "name": transition.name,
            "res_model": "lapor.advance",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_complaint_ids": self.ids,
                "default_transition_id": transition.id,
                "dialog_size": "large",
            },
        }

    def action_move_to_phase(self, phase):
        """A kanban drag: the allowed move into that column, or a clear refusal.

        :param str phase: key of the column on which the card was dropped
        :returns: the action of the move's dialog
        :raises UserError: when no arrow leads from the case's step into that column
        """
        self.ensure_one()
        self.check_access("read")
        # Which arrows the SOP has; the move itself is checked as the user.
        visit = self.sudo().current_step_id
        target = dict(self._fields["phase"]._description_selection(self.env)).get(phase)
        if target is None:
            raise UserError(self.env._("There is no such column."))
        arrows = visit.sop_step_id.transition_ids.filtered(
            lambda arrow: (arrow.to_step_id.phase or "closed") == phase
        )
        if not arrows:
            names = ", ".join(visit.sop_step_id.transition_ids.mapped("name"))
            raise UserError(
                self.env._(
                    "From “%(step)s” the SOP does not lead to “%(phase)s”. What can follow: "
                    "%(names)s.",
                    step=visit.sop_step_id.display_name or self.env._("no step"),
                    phase=target,
                    names=names or "–",
                )
            )
        return self.action_start_transition(arrows[0].id)

    def action_view_dispositions(self):
        return self._paper_action("lapor_base.lapor_disposition_action")

    def action_view_responses(self):
        return self._paper_action("lapor_base.lapor_response_action")

    def _paper_action(self, xmlid):
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        return {**action, "domain": [("complaint_id", "in", self.ids)], "context": {}}

    def _get_form_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "current",
        }

    def _get_sop_path(self):
        """The SOP's steps with what became of them, for the path on the form."""
        self.ensure_one()
        visits = defaultdict(lambda: self.env["lapor.complaint.step"])
        for visit in self.step_ids:
            visits[visit.sop_step_id] |= visit
        path = []
        # The texts of an SOP are public; its record may belong to rights the reader lacks.
        for step in self.sop_id.sudo().step_ids:
            visit = visits[step][-1:]
            state = visit.state if visit else ("skipped" if self.phase == "closed" else "coming")
            path.append(
                {
                    "id": step.id,
                    "number": (step.number or "").rstrip("."),
                    "name": step.short_name,
                    "activity": step.name,
                    "role": visit.position_id.name or step.role_id.name,
                    "allowance": step.allowance_text,
                    "state": state,
                    "owner": visit.user_id.sudo().name or "",
                    "unit": visit.unit_id.code or "",
                    "done": fields.Datetime.to_string(visit.done_at) if visit.done_at else "",
                    "visits": len(visits[step]),
                }
            )
        return path

    def _get_act_state(self):
        """What this user should do now: for the one primary button and its companions.

        :returns: dict with ``may_act``, ``message`` and ``acts`` (list of dicts with ``id``,
            ``label``, ``kind``, ``help``, ``primary``, and ``method`` where it is not an arrow),
            or False for a new record
        """
        self.ensure_one()
        if not self.id:
            return False
        # Where the case stands, told to whoever may read it.
        visit = self.sudo().current_step_id
        if not visit:
            message = self.env._("No SOP was in force when this complaint came in.")
            if self.phase == "closed":
                message = self.env._(
                    "Closed on %(date)s: %(outcome)s.",
                    date=format_date(
                        self.env,
                        fields.Datetime.context_timestamp(
                            self.with_context(tz=self.managing_unit_id._get_tz()), self.closed_at
                        ).date(),
                    ),
                    outcome=dict(self._fields["outcome"]._description_selection(self.env))[
                        self.outcome
                    ],
                )
            acts = self._get_more_acts(visit, mine=False)
            return {"may_act": False, "message": message, "acts": acts}
        if not visit._may_act(self.env.user):
            return {
                "may_act": False,
                "message": self.env._("Waiting for %(who)s.", who=visit._who()),
                "acts": self._get_more_acts(visit, mine=False),
            }
        hold = self.sudo().hold_id
        if hold:
            return self._get_hold_state(visit, hold)
        main = visit._main_transition()
        acts = []
        for transition in visit.sop_step_id.transition_ids:
            primary = transition == main
            acts.append(
                {
                    "id": transition.id,
                    "label": (
                        visit.sop_step_id.kind_id.call_to_action if primary else transition.name
                    ),
                    "kind": transition.kind,
                    "help": transition.help or transition.name,
                    "primary": primary,
                }
            )
        acts.sort(key=lambda act: not act["primary"])
        acts += self._get_more_acts(visit, mine=True)
        return {
            "may_act": True,
            "message": self.env._("Your step now: %(step)s", step=visit.sop_step_id.display_name),
            "acts": acts,
        }

    def _get_hold_state(self, visit, hold):
        """As :meth:`_get_act_state`, for a case that waits for its complainant."""
        missing = ", ".join(hold.item_ids.mapped("name")) or hold.note
        message = self.env._(
            "On hold until %(date)s, waiting for: %(missing)s",
            date=format_date(self.env, hold.date_until),
            missing=missing,
        )
        if self._reply_waits():
            message = self.env._(
                "A message came in during the hold. Is it what was asked for (%(missing)s)?",
                missing=missing,
            )
        elif self._is_window_over():
            message = self.env._(
                "The window passed on %(date)s. Still missing: %(missing)s",
                date=format_date(self.env, hold.date_until),
                missing=missing,
            )
        return {
            "may_act": True,
            "message": message,
            "acts": [
                {
                    "id": "resume",
                    "method": "action_resume",
                    "label": self.env._("Resume"),
                    "kind": "resume",
                    "help": self.env._("What was asked for has come, or is no longer needed."),
                    "primary": True,
                },
                *self._get_silence_acts(visit),
                *self._get_more_acts(visit, mine=True),
            ],
        }

    def _get_silence_acts(self, visit):
        """The arrows that end a held case whose complainant was silent."""
        if self._reply_waits() or not self._is_window_over():
            return []
        return [
            {
                "id": transition.id,
                "label": transition.name,
                "kind": transition.kind,
                "help": transition.help or transition.name,
                "primary": False,
            }
            for transition in visit.sop_step_id.transition_ids
            if self._ends_by_silence(transition)
        ]
