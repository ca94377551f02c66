from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .lapor_disposition_part_mixin import OPEN_STATES


class LaporDispositionMixin(models.AbstractModel):
    """What became of the dispositions of a case: parts that its steps wait for, giving back,
    passing on.

    The line of whoever is in charge follows the steps: it is accepted when the addressee takes
    a step on, passed on when he issues the next disposition, done when his work is.
    """

    _name = "lapor.disposition.mixin"
    _description = "Dispositions of Complaints"
    _inherit = ["lapor.misroute.mixin"]

    letter_date = fields.Date(string="Date of the Letter", help="As printed on an incoming letter.")
    disposition_line_ids = fields.One2many(
        "lapor.disposition.line", "complaint_id", string="Addressees"
    )

    @api.model
    def _engine_fields(self):
        return super()._engine_fields() | {"disposition_line_ids"}

    # ------------------------------------------------------------
    # WHAT A MOVE MEANS FOR THEM
    # ------------------------------------------------------------

    def _required_parts(self):
        """Required parts of these cases that are still open."""
        return self.disposition_line_ids.filtered(lambda line: line._has_open_activity())

    def _add_evidence(self, transition, evidence):
        if evidence.get("parts_reason") and self._waits_for_parts(transition):
            self._required_parts()._drop(evidence["parts_reason"])
        return super()._add_evidence(transition, evidence)

    @api.model
    def _waits_for_parts(self, transition):
        """Whether what this arrow ends needs the parts of the others: all but a return, from a
        step whose kind says so."""
        return transition.kind != "return" and transition.step_id.kind_id.waits_for_parts

    def _check_demands(self, transition, note, attachments):
        result = super()._check_demands(transition, note, attachments)
        parts = self._waits_for_parts(transition) and self._required_parts()
        if parts:
            raise UserError(
                self.env._(
                    "%(number)s still waits for required parts of others:\n%(parts)s\nWait for "
                    "them, or say why the case goes on without them.",
                    number=self.number,
                    parts="\n".join(f"• {line.position_id.display_name}" for line in parts),
                )
            )
        return result

    def _take(self, transition, note, attachments):
        visits = self.current_step_id
        result = super()._take(transition, note, attachments)
        for visit in visits:
            visit.complaint_id._follow_lead(visit, transition, note)
        return result

    def _follow_lead(self, visit, transition, note):
        """Let the line of whoever is in charge follow the step that was just left."""
        self.ensure_one()
        if not self.disposition_ids:
            return
        line = self._line_of(visit.position_id)
        if not line:
            # Done by a colleague or a superior, for whom it was handed to.
            office = visit.unit_id.office_id
            line = self.disposition_line_ids.filtered(
                lambda item: (
                    item._carries_case()
                    and item.state in OPEN_STATES
                    and item.position_id.unit_id.office_id == office
                )
            ).sorted("id")[-1:]
        if line and line._carries_case():
            line._mark_read()
            if transition.kind == "return":
                if transition.to_step_id == line.disposition_id.visit_id.sop_step_id:
                    line._close_part("returned", reason=note)
                    if line._gave_to_office():
                        line._record("part_returned", {"reason": note, **self._take_back(line)})
                    self._release(line.position_id.unit_id | visit.unit_id)
            elif line.child_ids.line_ids.filtered(
                lambda child: child._carries_case() and child.state != "returned"
            ):
                line._close_part("passed")
            elif visit.sop_step_id.kind_id.waits_for_parts:
                line._close_part("done", result_note=note)
            elif line.state == "open":
                line.write({"state": "accepted", "accepted_at": fields.Datetime.now()})
        position = self.current_step_id.position_id
        if transition.kind == "return" and position:
            # A draft that is returned puts its author in charge again.
            ended = self.disposition_line_ids.filtered(
                lambda item: item.position_id == position and item._carries_case()
            ).sorted("id")[-1:]
            if ended.state == "done":
                ended._reopen()

    def _return_misrouted(self, kind, reason, **proposal):
        """What was handed to an office goes back with its case."""
        given = {case: case._handover().id for case in self}
        result = super()._return_misrouted(kind, reason, **proposal)
        lines = self.disposition_line_ids.filtered(
            lambda line: (
                line.kind != "copy"
                and line.state in OPEN_STATES
                and line.disposition_id.id >= given[line.complaint_id]
            )
        )
        carrying = lines.filtered(lambda line: line._carries_case())
        if carrying:
            carrying._close_part("returned", reason=reason)
        (lines - carrying)._drop(self.env._("The disposition was returned."))
        left = {}
        for case in self:
            handed = case.disposition_line_ids.filtered(
                lambda line, since=given[case]: line.disposition_id.id >= since
            )
            misroute = case.misroute_id
            left[case] = misroute.unit_id | misroute.visit_id.unit_id | handed.position_id.unit_id
        self._release(left)
        return result

    def _close(self, outcome, **details):
        result = super()._close(outcome, **details)
        self.disposition_line_ids.filtered(
            lambda line: line.kind != "copy" and line.state in OPEN_STATES
        )._drop(self.env._("The complaint is closed."))
        return result

    def _involve(self, unit):
        """Let a unit and its office see these cases from now on."""
        units = unit | unit.office_id
        for new, cases in self.grouped(lambda case: units - case.involved_unit_ids).items():
            if new:
                cases._engine_write({"involved_unit_ids": [Command.link(item.id) for item in new]})

    def _succeed_office(self, office, reason, **facts):
        """Let another office handle the case instead of one that is to be archived.

        :param office: ``lapor.unit``
        :param str reason: why; goes into thread and event
        :param facts: more for the event
        """
        self.ensure_one()
        before = self.unit_id
        self._engine_write({"unit_id": office.id})
        self._involve(office)
        self._release(before)
        self.env["lapor.event"]._log(
            [
                {
                    "complaint": self,
                    "code": "office_succeeded",
                    "visit": self.current_step_id,
                    "data": {"from": before.id, "to": office.id, "reason": reason, **facts},
                }
            ]
        )
        self._message_log(
            body=Markup("<p>%s</p><p class='o_lapor_said'>%s</p>")
            % (
                self.env._(
                    "%(after)s handles this complaint instead of %(before)s.",
                    after=office.name,
                    before=before.name,
                ),
                reason,
            ),
            author_id=self._acting_partner().id,
        )

    def _tell_readdressed(self, record, before, position, reason):
        """Tell in the thread that a part, an initial or a promise waits for another position.

        :param record: what waits
        :param before: ``lapor.position`` for which it waited until now
        """
        self.ensure_one()
        self._message_log(
            body=Markup("<p>%s</p><p class='o_lapor_said'>%s</p>")
            % (
                self.env._(
                    "%(what)s passes from %(before)s to %(after)s.",
                    what=self.env["ir.model"]._get(record._name).name,
                    before=before.name,
                    after=position.display_name,
                ),
                reason,
            ),
            author_id=self._acting_partner().id,
        )

    def _line_of(self, position):
        """The open line with which the case was handed to a position, the newest."""
        self.ensure_one()
        return self.disposition_line_ids.filtered(
            lambda line: (
                line.position_id == position and line.kind != "copy" and line.state in OPEN_STATES
            )
        ).sorted("id")[-1:]

    def _withdraw_from_blind(self):
        result = super()._withdraw_from_blind()
        # Called when the case became more secret, by whoever may say so.
        for complaint in self.sudo():
            complaint.disposition_line_ids.filtered(
                lambda line, case=complaint: (
                    line.kind != "copy"
                    and line.state in OPEN_STATES
                    and not case._is_open_to(line.position_id)
                )
            )._drop(self.env._("The complaint has become a misconduct case."))
        return result

    # ------------------------------------------------------------
    # GIVING BACK AND PASSING ON, AS THE SYSTEM
    # ------------------------------------------------------------

    def _check_still_with(self, line):
        """Whether the case is still where this disposition put it.

        :raises UserError: when it has been handed on, answered, or left the office
        """
        self.ensure_one()
        self._check_not_waiting()
        disposition = line.disposition_id
        later = self.step_ids.filtered(lambda visit: visit.id > disposition.visit_id.id)
        office = line.position_id.unit_id.office_id
        if (
            not self.current_step_id
            or self.disposition_ids.sorted("id")[-1:] != disposition
            or any(visit.unit_id.office_id != office for visit in later)
            or self._final_response("signed")
        ):
            raise UserError(
                self.env._(
                    "%(number)s has gone further since it was handed to you. Use what its step "
                    "offers now.",
                    number=self.number,
                )
            )

    def _take_back(self, line):
        """The case is no longer with the office to which it went with this line, but where it was
        before.

        :returns: the facts for the event
        """
        self.ensure_one()
        before = line.disposition_id.unit_before_id
        self._engine_write({"unit_id": before.id})
        return {"unit": before.id or None}

    def _give_back(self, line, reason):
        """Give the case back to whoever handed it on with this line.

        :returns: the facts for the event
        """
        self._check_still_with(line)
        disposition = line.disposition_id
        visit = self.current_step_id
        line._close_part("returned", reason=reason)
        disposition.line_ids.filtered(lambda other: other._has_open_activity())._drop(
            self.env._("The disposition was returned.")
        )
        facts = self._take_back(line) if line._gave_to_office() else {}
        if visit == disposition.visit_id:
            # Passed on inside the step: the step goes back to whoever had it.
            issuer = disposition._issued_for()
            visit._move(issuer.unit_id, issuer, reason)
            return facts
        step = disposition.visit_id.sop_step_id
        arrow = visit.sop_step_id.transition_ids.filtered(
            lambda item: item.kind == "return" and item.to_step_id == step
        )[:1]
        self._final_response("submitted")._send_back(reason)
        # The SOP need not draw this arrow: what was handed down can always be given back.
        visit._leave(arrow, reason, self.env["ir.attachment"], "returned")
        self.env["lapor.complaint.step"]._open([(self, step)])
        current = self.current_step_id
        self._message_log(
            body=Markup("<p><b>%s</b></p><p class='o_lapor_said'>%s</p><p>%s</p>")
            % (
                self.env._("%s returns the disposition:", line.position_id._title()),
                reason,
                self.env._(
                    "Next: %(step)s, %(who)s.",
                    step=current.sop_step_id.display_name,
                    who=current._who(),
                ),
            ),
            author_id=self.env.user.partner_id.id,
        )
        return facts

    def _pass_case_on(self, line, values):
        """Pass on the case that was handed over with this line.

        The step goes along when the new one in charge may do it; else it stays, and waits for
        him as for a required part.
        """
        self._check_still_with(line)
        visit = self.current_step_id
        Position = self.env["lapor.position"]
        lead = Position.browse(values.get("lead_position_id")).exists()
        held = visit.position_id == line.position_id
        if held and lead.role_id not in visit._roles():
            line.write({"state": "accepted", "accepted_at": fields.Datetime.now()})
            return self.env["lapor.disposition"]._issue(visit, None, values, line, True)
        office = lead.unit_id.office_id
        if office != line.position_id.unit_id.office_id and not values.get("unit_id"):
            values = {**values, "unit_id": office.id}
        disposition = self.env["lapor.disposition"]._issue(visit, None, values, line)
        line._close_part("passed")
        if held:
            visit._move(lead.unit_id, lead, values.get("note"))
        return disposition

    # ------------------------------------------------------------
    # SEVERAL AT ONCE
    # ------------------------------------------------------------

    def _arrow_of_disposition(self):
        """The arrow with which this user can dispose this case now.

        :rtype: lapor.sop.transition
        :raises UserError: when its step is none of disposing, or something else is missing
        :raises AccessError: when the step is somebody else's
        """
        self.ensure_one()
        self.check_access("read")
        self._check_step_is_mine()
        # The step is the user's; which arrows its SOP has is no secret to him.
        visit = self.sudo().current_step_id
        arrow = visit.sop_step_id.transition_ids.filtered(
            lambda item: item.kind == "forward" and "direct" in item._demands().mapped("code")
        )[:1]
        if not arrow:
            raise UserError(
                self.env._(
                    "is at “%(step)s”, where nothing is disposed.",
                    step=visit.sop_step_id.display_name,
                )
            )
        self._check_not_waiting()
        return arrow

    def action_open_mass_disposition(self):
        """The dialog that disposes these complaints together."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Dispose Several Complaints"),
            "res_model": "lapor.disposition.mass",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_complaint_ids": self.ids, "dialog_size": "large"},
        }
