from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.plain_text import clean_line
from .lapor_disposition_part_mixin import OPEN_STATES


class LaporMisrouteMixin(models.AbstractModel):
    """Bukan wewenang and salah kategori: a case that came to the wrong office goes back.

    It returns to the step of the managing office that gave it out, with a reason and a
    proposal; the drafts of the office that gives it back end there. The coordinator disposes
    of it anew, decides on the category, or sends it back with a reason. Time runs on: a wrong
    address is the office's own mistake, not a legal reason to wait.
    """

    _name = "lapor.misroute.mixin"
    _description = "Misrouting of Complaints"
    _inherit = ["lapor.engine.mixin"]

    misroute_id = fields.Many2one(
        "lapor.misroute", readonly=True, copy=False, string="Given Back, to Be Decided"
    )
    misroute_ids = fields.One2many("lapor.misroute", "complaint_id", string="Misroutings")
    refusal_count = fields.Integer(
        string="Out of Authority",
        readonly=True,
        copy=False,
        help="How many times an office gave the complaint back as out of its authority.",
    )

    @api.model
    def _engine_fields(self):
        return super()._engine_fields() | {"misroute_id", "misroute_ids", "refusal_count"}

    # ------------------------------------------------------------
    # ACTS OF THE OFFICE
    # ------------------------------------------------------------

    def action_refuse_authority(self, reason, unit_id=None, body=None):
        """Give complaints back to the managing office: another office has the authority.

        :param str reason: why this office has no authority
        :param int unit_id: ``lapor.unit`` that has it, if known
        :param str body: body outside that has it, where it is no unit here
        :raises UserError: without a reason, when no other office gave the case, or when its
            answer is signed already
        :raises AccessError: when the step is somebody else's
        """
        reason = self._check_reason(reason, self.env._("Say why this is not your authority."))
        self.check_access("read")
        self._lock_cases()
        unit = self.env["lapor.unit"].browse(unit_id or []).exists().office_id
        for complaint in self:
            complaint._check_may_give_back()
            if unit and unit.company_id != complaint.company_id:
                raise UserError(
                    self.env._("“%(name)s” belongs to another government.", name=unit.name)
                )
            # Which office has the case, compared with what the user proposes.
            if unit and unit == complaint.sudo().unit_id.office_id:
                raise UserError(self.env._("Propose another office than your own."))
        # The step is the user's; what follows is written as the system.
        self.sudo()._return_misrouted(
            "authority",
            reason,
            proposed_unit_id=unit.id,
            proposed_body=clean_line(body or "", 120) or False,
        )
        return True

    # ------------------------------------------------------------
    # ACTS OF THE COORDINATOR
    # ------------------------------------------------------------

    def action_send_back(self, reason):
        """Send a case back to the office that gave it back: it is to handle it after all.

        :param str reason: why
        :raises UserError: without a reason, or when no office gave the case back
        :raises AccessError: when the step is somebody else's
        """
        self.ensure_one()
        reason = self._check_reason(reason, self.env._("Say why it goes back."))
        self.check_access("read")
        self._lock_cases()
        misroute = self._check_may_decide()
        # The step is the user's; what follows is written as the system.
        self.sudo()._send_back_misrouted(misroute, reason)
        return True

    # ------------------------------------------------------------
    # FOR WHOEVER DISPOSES
    # ------------------------------------------------------------

    def _refusals(self):
        """How these cases were given back as out of authority, the newest of each office."""
        found = {}
        for misroute in self.misroute_ids.filtered(lambda item: item.kind == "authority"):
            found.setdefault((misroute.complaint_id, misroute.unit_id), misroute)
        return self.env["lapor.misroute"].union(*found.values())

    @api.model
    def _refusal_lines(self, misroutes):
        """Who refused and why, a line each."""
        return "\n".join(
            f"{misroute.unit_id.name}: {clean_line(misroute.reason, 200)}" for misroute in misroutes
        )

    def _propose_unit(self):
        """The office to which a case should be given: that has it, was proposed by the one that
        gave it back, or usually handles its category; none that has refused it."""
        self.ensure_one()
        # An office is proposed, by its name; nothing of the reasons.
        case = self.sudo()
        proposed = case.misroute_id.proposed_unit_id
        usual = case.category_id.with_company(case.company_id).unit_id
        unit = case.unit_id or proposed.filtered(lambda unit: unit.kind != "outside") or usual
        refused = unit.office_id in case._refusals().unit_id and unit != case.unit_id
        return unit.browse() if refused else unit.sudo(False)

    # ------------------------------------------------------------
    # CHECKS, AS THE USER
    # ------------------------------------------------------------

    def _check_reason(self, reason, missing):
        reason = self._clean(reason or "")
        if not reason:
            raise UserError(missing)
        return reason

    def _is_with_office(self, visit):
        """Whether another office than the managing one has the case's open step."""
        self.ensure_one()
        # Facts of the case that this check needs; the user learns yes or no.
        case = self.sudo()
        return bool(case.unit_id) and visit.unit_id.office_id != case.managing_unit_id

    def _check_may_give_back(self):
        """Whether this user may give the case back to the managing office now.

        :raises UserError: no other office gave it, or its answer is signed or sent
        :raises AccessError: the step is somebody else's
        """
        self.ensure_one()
        self.check_access("read")
        self._check_step_is_mine()
        self._check_not_waiting()
        # Facts of the case that this check needs; the user learns yes or no.
        case = self.sudo()
        if not self._is_with_office(case.current_step_id):
            raise UserError(
                self.env._(
                    "Complaint %s is with the managing office. If nobody here has the "
                    "authority, close it as out of authority.",
                    self.number,
                )
            )
        since = case._handover().visit_id.id
        answers = case.response_ids.filtered(
            lambda response: (
                response.kind == "final"
                and response.state in ("signed", "delivered")
                and response.visit_id.id > (since or 0)
            )
        )
        if answers:
            raise UserError(
                self.env._(
                    "Your office has answered complaint %s already; it can no longer be given "
                    "back.",
                    self.number,
                )
            )

    def _check_may_decide(self, kind=None):
        """The misrouting that this user has to decide on.

        :param str kind: only of this kind
        :raises UserError: there is none
        :raises AccessError: the step is somebody else's
        """
        self.ensure_one()
        self.check_access("read")
        self._check_step_is_mine()
        # What waits for a decision on the user's own step.
        misroute = self.sudo().misroute_id
        if not misroute or (kind and misroute.kind != kind):
            raise UserError(
                self.env._("There is nothing to decide about complaint %s.", self.number)
            )
        return misroute

    # ------------------------------------------------------------
    # AS THE SYSTEM
    # ------------------------------------------------------------

    def _handover(self):
        """The disposition with which the managing office last gave the case to an office.

        :rtype: lapor.disposition
        """
        self.ensure_one()
        return self.disposition_ids.sorted("id").filtered(
            lambda disposition: (
                disposition.unit_id
                and disposition.visit_id.unit_id.office_id == self.managing_unit_id
            )
        )[-1:]

    def _is_resumed(self, visit):
        """Not when the case has been given to another office since, or has come back from one."""
        self.ensure_one()
        if not super()._is_resumed(visit):
            return False
        if visit.sop_step_id.scope == "managing":
            return True
        if not self.unit_id:
            return visit.unit_id.office_id == self.managing_unit_id
        return visit.id > (self._handover().visit_id.id or 0)

    def _misroute_step(self):
        """The SOP's step to which a case goes back: where an arrow of the SOP leads back to
        the managing office; else where that office gave it out; else (it was taken in by the
        office itself) the first step of disposing.

        :rtype: lapor.sop.step
        :raises UserError: when the SOP has no such step
        """
        self.ensure_one()
        arrows = self.current_step_id.sop_step_id.transition_ids
        drawn = arrows.filtered(
            lambda arrow: arrow.kind == "return" and arrow.to_step_id.scope == "managing"
        ).to_step_id[:1]
        given = self._handover().visit_id.sop_step_id
        disposing = self.sop_id.step_ids.filtered(
            lambda step: any(
                "direct" in arrow._demands().mapped("code") for arrow in step.transition_ids
            )
        )[:1]
        step = drawn or given or disposing
        if not step:
            raise UserError(
                self.env._(
                    "The SOP of %s has no step in which a complaint is disposed of, so it "
                    "cannot go back there.",
                    self.number,
                )
            )
        return step

    def _return_misrouted(self, kind, reason, **proposal):
        """Return cases to the managing office, with a trace of who did so and why."""
        steps = [(case, case._misroute_step()) for case in self]
        visits = self.current_step_id
        now = fields.Datetime.now()
        misroutes = self.env["lapor.misroute"].create(
            [
                {
                    "complaint_id": case.id,
                    "kind": kind,
                    "visit_id": case.current_step_id.id,
                    "unit_id": case.unit_id.office_id.id,
                    "position_id": case.current_step_id.position_id.id,
                    "user_id": self.env.uid,
                    "returned_at": now,
                    "reason": reason,
                    **proposal,
                }
                for case in self
            ]
        )
        for case in self:
            case._withdraw_drafts(reason)
        self._return_parts(reason)
        visits._leave(
            self.env["lapor.sop.transition"], reason, self.env["ir.attachment"], "returned"
        )
        for misroute in misroutes:
            case = misroute.complaint_id
            vals = {"unit_id": False, "misroute_id": misroute.id}
            if kind == "authority":
                vals["refusal_count"] = case.refusal_count + 1
            case._engine_write(vals)
        self._log_misroute(
            "authority_refused" if kind == "authority" else "category_disputed", misroutes
        )
        self.env["lapor.complaint.step"]._open(steps)
        self._tell_misroute(
            {
                misroute.complaint_id: (
                    self._misroute_line(misroute),
                    self.env._("Next: %s.", misroute.complaint_id.current_step_id._who()),
                )
                for misroute in misroutes
            }
        )

    def _withdraw_drafts(self, reason):
        """Cancel what the office has drafted: the next one begins with a text of its own."""
        self.ensure_one()
        since = self._handover().visit_id.id or 0
        drafts = self.response_ids.filtered(
            lambda response: (
                response.state in ("draft", "submitted") and response.visit_id.id > since
            )
        )
        if drafts:
            drafts.write({"state": "void", "return_note": reason})
            drafts._drop_parafs()
            drafts._record("response_voided", self.current_step_id)

    def _return_parts(self, reason):
        """End what was handed to positions of the offices: who was in charge has returned it,
        helpers are not waited for."""
        parts = self.disposition_line_ids.filtered(
            lambda line: (
                line.kind != "copy"
                and line.state in OPEN_STATES
                and line.position_id.unit_id.office_id != line.complaint_id.managing_unit_id
            )
        )
        carrying = parts.filtered(lambda line: line._carries_case())
        if carrying:
            carrying._close_part("returned", reason=reason)
        (parts - carrying)._drop(reason)

    def _send_back_misrouted(self, misroute, reason):
        self.ensure_one()
        misroute._decide("rejected", reason)
        self.current_step_id._leave(
            self.env["lapor.sop.transition"], reason, self.env["ir.attachment"], "returned"
        )
        self._engine_write({"unit_id": misroute.unit_id.id})
        self._log_misroute("misroute_rejected", misroute, unit=misroute.unit_id.id)
        self.env["lapor.complaint.step"]._open([(self, misroute.visit_id.sop_step_id)])
        self._tell_misroute(
            {
                self: (
                    self.env._("Sent back to %s, which is to handle it.", misroute.unit_id.name),
                    reason,
                    self.env._("Next: %s.", self.current_step_id._who()),
                )
            }
        )

    def _take(self, transition, note, attachments):
        result = super()._take(transition, note, attachments)
        for case in self.filtered(lambda case: case.misroute_id and case.unit_id):
            # A new disposition decides: to another office, or to the same one again.
            again = case.unit_id.office_id == case.misroute_id.unit_id
            case.misroute_id._decide("rejected" if again else "accepted", note)
        return result

    def _close(self, outcome, **details):
        result = super()._close(outcome, **details)
        for misroute in self.misroute_id:
            misroute._decide("accepted" if outcome == "out_of_authority" else "moot")
        return result

    def _log_misroute(self, code, misroutes, **data):
        self.env["lapor.event"]._log(
            [
                {
                    "complaint": misroute.complaint_id,
                    "code": code,
                    "visit": misroute.visit_id,
                    "position": misroute.position_id,
                    "data": {
                        "misroute": misroute.id,
                        "unit": misroute.unit_id.id,
                        "proposed_unit": misroute.proposed_unit_id.id or None,
                        **data,
                    },
                }
                for misroute in misroutes
            ]
        )

    def _tell_misroute(self, sentences):
        """Tell in the threads what was given back or decided.

        :param dict sentences: complaint to its sentences, empty ones left out
        """
        self._message_log_batch(
            bodies={
                case.id: Markup().join(
                    Markup("<p>%s</p>") % sentence for sentence in told if sentence
                )
                for case, told in sentences.items()
            },
            author_id=self.env.user.partner_id.id,
        )
