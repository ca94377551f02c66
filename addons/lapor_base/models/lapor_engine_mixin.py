from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..tools.plain_text import clean_text
from ..tools.text_limits import LIMITS

# What may come with a move, and the kinds of demands that ask for it (none: always welcome).
EVIDENCE = {
    "attachment_ids": set(),
    "inspection": {"inspect"},
    "response": {"draft", "interim", "publish"},
    "sign": {"sign"},
    "delivery": {"interim", "publish"},
    "disposition": {"direct"},
    "parts_reason": set(),
    "unasked_reason": set(),
}
#: Which demands are met by what comes with the move.
MAKES = {
    "inspection": {"inspect"},
    "response": {"draft"},
    "sign": {"sign", "send"},
    "delivery": {"interim", "publish"},
    "disposition": {"direct"},
}


class LaporEngineMixin(models.AbstractModel):
    """The one way on: how a complaint walks through its SOP.

    :meth:`action_advance` is the only public move; buttons, kanban drag, finished
    activities, mail and RPC all end there. Everything it needs is checked as the user;
    what follows is written as the system.
    """

    _name = "lapor.engine.mixin"
    _description = "SOP Engine"
    _inherit = ["lapor.lock.mixin", "lapor.case.mixin"]

    # ------------------------------------------------------------
    # PUBLIC ACTS
    # ------------------------------------------------------------

    def action_advance(self, transition, note=None, **evidence):
        """Take complaints along an arrow of their SOP.

        :param transition: ``lapor.sop.transition`` record or id; the complaints must all be
            at its step
        :param str note: what was found or decided; the reason where the arrow asks for one
        :param evidence: what the step's kind demands, made in the same transaction:
            ``attachment_ids`` (list of ids), ``inspection`` (values), ``response`` (values),
            ``sign`` (True), ``delivery`` (dict with ``note``, and with ``channel_id`` and
            ``reason`` when the complainant's channel fails), ``disposition`` (values),
            ``parts_reason`` (why the case goes on without required parts of others),
            ``unasked_reason`` (why a case is left unanswered whose complainant was not asked)
        :raises UserError: when the case has moved on meanwhile, evidence is missing, or
            somebody else is writing the case
        :raises AccessError: when the step is not this user's
        """
        transition = self._check_transition(transition)
        unknown = evidence.keys() - EVIDENCE.keys()
        if unknown:
            raise UserError(
                self.env._("Unknown evidence: %(names)s.", names=", ".join(sorted(unknown)))
            )
        self._check_asked_for(transition, evidence)
        self.check_access("read")
        self._lock_cases()
        note, evidence = self._clean(note), self._clean(evidence)
        attachments = self._check_attachments(evidence.get("attachment_ids"))
        self._check_attachments((evidence.get("inspection") or {}).get("attachment_ids"))
        for complaint in self:
            complaint._check_may_advance(transition)
        # From here on as the system: the user has the step, not rights on every record.
        cases = self.sudo()
        for case in cases:
            case._check_given(transition, note, attachments, evidence)
            case._add_evidence(transition, evidence)
            case._check_demands(transition, note, attachments)
        cases._take(transition, note, attachments)
        return True

    # ------------------------------------------------------------
    # CHECKS, AS THE USER
    # ------------------------------------------------------------

    def _check_transition(self, transition):
        if isinstance(transition, models.BaseModel):
            if transition._name != "lapor.sop.transition":
                raise UserError(self.env._("This is not an arrow of an SOP."))
            transition = transition.id
        # Arrows are read as the system: which of them may be taken is checked per case.
        arrow = self.env["lapor.sop.transition"].sudo().browse(transition).exists()
        if len(arrow) != 1:
            raise UserError(self.env._("This way on does not exist (any more)."))
        return arrow

    def _check_asked_for(self, transition, evidence):
        """Refuse what this move does not ask for: nobody answers, signs or hands over a case
        in a step that the SOP gave another purpose."""
        codes = set(transition._demands().mapped("code"))
        surplus = [
            name
            for name, value in evidence.items()
            # An empty delivery is one by mail, without a proof.
            if value not in (None, False) and EVIDENCE[name] and not EVIDENCE[name] & codes
        ]
        if surplus:
            raise UserError(
                self.env._(
                    "“%(name)s” does not ask for: %(names)s.",
                    name=transition.name,
                    names=", ".join(sorted(surplus)),
                )
            )

    def _check_may_advance(self, transition):
        """Whether this user may take this arrow with this case now.

        :raises UserError: the case is not (any more) at the arrow's step
        :raises AccessError: the step is somebody else's
        """
        self.ensure_one()
        # Where the case stands, which whoever may read it may know.
        visit = self.sudo().current_step_id
        if visit.sop_step_id != transition.step_id or visit.state != "open":
            if self.sudo().phase == "closed":
                raise UserError(
                    self.env._(
                        "Complaint %(number)s has been closed meanwhile. Reload the page to see "
                        "how it ended.",
                        number=self.number,
                    )
                )
            done = self.sudo().step_ids.filtered(
                lambda step: step.sop_step_id == transition.step_id and step.state != "open"
            )[-1:]
            if done:
                raise UserError(
                    self.env._(
                        "“%(step)s” of %(number)s has already been done by %(user)s. Reload the "
                        "page to see where the complaint is now.",
                        step=transition.step_id.display_name,
                        number=self.number,
                        user=done.done_by_id.name,
                    )
                )
            raise UserError(
                self.env._(
                    "Complaint %(number)s is not at the step “%(step)s”.",
                    number=self.number,
                    step=transition.step_id.display_name,
                )
            )
        self._check_step_is_mine()
        self._check_not_waiting(transition)

    def _check_step_is_mine(self):
        """Whether the case has an open step and it is this user's.

        :raises UserError: the case is closed or has no step
        :raises AccessError: the step is somebody else's
        """
        self.ensure_one()
        # Whose the open step is, which whoever may read the case may know.
        visit = self.sudo().current_step_id
        if not visit:
            raise UserError(self.env._("Complaint %s is at no step.", self.number))
        if not visit._may_act(self.env.user):
            raise AccessError(
                self.env._(
                    "“%(step)s” of %(number)s is for %(who)s to do.",
                    step=visit.sop_step_id.display_name,
                    number=self.number,
                    who=visit._who(),
                )
            )

    @api.model
    def _clean(self, value, limit=LIMITS["text"]):
        """Evidence with its texts as they can be stored: a note of blanks is no note.

        :raises ValidationError: for a note that is too long
        """
        if isinstance(value, str):
            if len(value) > limit:
                raise ValidationError(
                    self.env._(
                        "A note or reason may have at most %(limit)s characters; yours has "
                        "%(length)s.",
                        limit=limit,
                        length=len(value),
                    )
                )
            return clean_text(value)
        if isinstance(value, dict):
            longer = {"body": LIMITS["html"]}
            return {key: self._clean(part, longer.get(key, limit)) for key, part in value.items()}
        return value

    def _check_attachments(self, attachment_ids):
        """Files given as evidence: the user's own uploads only.

        :raises AccessError: when the user may not read one of them
        """
        attachments = self.env["ir.attachment"].browse(attachment_ids or []).exists()
        attachments.check_access("read")
        return attachments

    # ------------------------------------------------------------
    # THE MOVE, AS THE SYSTEM
    # ------------------------------------------------------------

    def _check_given(self, transition, note, attachments, evidence):
        """Say all that a move still lacks at once, before anything of it is made.

        :raises UserError: naming every missing part
        """
        self.ensure_one()
        missing = self._missing_of_move(transition, note, attachments, evidence)
        self._check_nothing_missing(transition, missing)

    def _missing_of_move(self, transition, note, attachments, evidence):
        """Called before a move, as the system: what lacks in it, and in what came with it.

        :rtype: list[str]
        """
        asked = transition.requires_note and not note
        missing = [self.env._("Give the reason in the note.")] if asked else []
        made = set().union(
            *(MAKES.get(name, set()) for name, value in evidence.items() if value or value == {})
        )
        demands = transition._demands().filtered(lambda kind: kind.code not in made)
        return missing + self._missing_of_demands(demands, note, attachments)

    def _add_evidence(self, transition, evidence):
        """Make the records that came with the move, in the order in which an office works."""
        self.ensure_one()
        visit = self.current_step_id
        if evidence.get("inspection"):
            self.env["lapor.inspection"]._record(visit, evidence["inspection"])
        if evidence.get("response"):
            self.env["lapor.response"]._draft(visit, evidence["response"])
        if evidence.get("sign"):
            self._final_response("submitted")._sign(visit)
        if evidence.get("delivery") is not None:
            given = evidence["delivery"] or {}
            self._response_to_deliver(transition)._deliver(
                visit,
                given.get("note"),
                channel=self.env["lapor.channel"].browse(given.get("channel_id")).exists(),
                reason=given.get("reason"),
            )
        if evidence.get("disposition"):
            self.env["lapor.disposition"]._issue(visit, transition, evidence["disposition"])

    def _keep_files(self, attachments):
        """Files given as evidence, as the case's own: readable by whoever reads the case.

        Uploads of a dialog belong to nobody yet and are taken; files of other records are
        copied.
        """
        self.ensure_one()
        kept = self.env["ir.attachment"]
        # That the user may use these files was checked (_check_attachments).
        for attachment in attachments.sudo():
            own = {"res_model": self._name, "res_id": self.id}
            if not attachment.res_id:
                attachment.write(own)
            elif (attachment.res_model, attachment.res_id) != (self._name, self.id):
                attachment = attachment.copy(own)
            kept += attachment
        return kept

    def _check_demands(self, transition, note, attachments):
        missing = self._missing_of_demands(transition._demands(), note, attachments)
        if transition.requires_note and not note:
            missing.insert(0, self.env._("Give the reason in the note."))
        self._check_nothing_missing(transition, missing)

    def _missing_of_demands(self, kinds, note, attachments):
        given = note or (attachments and self.env._("See the attached files."))
        return kinds._missing_evidence(self.current_step_id, given)

    def _check_nothing_missing(self, transition, missing):
        """
        :param list missing: sentences that say what is missing for this move
        :raises UserError: when something is
        """
        if missing:
            raise UserError(
                self.env._(
                    "“%(name)s” cannot be done yet for %(number)s:\n%(missing)s",
                    name=transition.name,
                    number=self.number,
                    missing="\n".join(f"• {sentence}" for sentence in missing),
                )
            )

    def _take(self, transition, note, attachments):
        """Leave the step and enter the next one, or close the cases."""
        visits = self.current_step_id
        if transition.kind == "return":
            for complaint in self:
                complaint._final_response("submitted")._send_back(note)
        visits._leave(
            transition, note, attachments, "returned" if transition.kind == "return" else "done"
        )
        if transition.to_step_id:
            self.env["lapor.complaint.step"]._open(
                [(complaint, transition.to_step_id) for complaint in self]
            )
        else:
            self._close(transition.outcome, note=note)
        self._tell_step(visits, transition, note)

    def _close(self, outcome, **details):  # pylint: disable=unused-argument
        """End cases.

        :param str outcome: one of ``OUTCOMES``
        :param details: more about how they ended, for the parts of a case that keep it
        """
        self._engine_write(
            {
                "phase": "closed",
                "outcome": outcome,
                "closed_at": fields.Datetime.now(),
                "current_step_id": False,
            }
        )
        self.env["lapor.event"]._log(
            [
                {"complaint": complaint, "code": "closed", "data": {"outcome": outcome}}
                for complaint in self
            ]
        )

    def _tell_step(self, visits, transition, note):
        """Tell the move in the thread, without notifying anybody."""
        bodies = {}
        for visit in visits:
            complaint = visit.complaint_id
            if complaint.current_step_id:
                after = self.env._(
                    "Next: %(step)s, %(who)s.",
                    step=complaint.current_step_id.sop_step_id.display_name,
                    who=complaint.current_step_id._who(),
                )
            else:
                labels = dict(self._fields["outcome"]._description_selection(self.env))
                after = self.env._("Closed: %(outcome)s.", outcome=labels[complaint.outcome])
            bodies[complaint.id] = (
                Markup("<p><b>%s</b> · %s</p>") % (visit.sop_step_id.display_name, transition.name)
                + (Markup("<p class='o_lapor_said'>%s</p>") % note if note else "")
                + Markup("<p>%s</p>") % after
            )
        self._message_log_batch(bodies=bodies, author_id=self.env.user.partner_id.id)

    def _find_owner(self, step, found=None, without=None):
        """Where and with whom a step lands: its unit and position.

        The person to whom a disposition gave the case comes first; then whoever did this
        step before (after a return); then the holder of the role where the SOP puts it.

        :param step: ``lapor.sop.step``
        :param dict found: positions already looked up for other cases of the same call
        :param without: ``lapor.position`` that must not get it again
        :returns: pair (unit, position); the position is empty when nobody has the role
        """
        self.ensure_one()
        managing = self.managing_unit_id
        unit = managing if step.scope == "managing" else self.unit_id or managing
        if self.is_misconduct:
            # The unit that it may accuse has no part in it.
            unit = managing
        roles = step.role_id | step.alternative_role_id
        before = self.step_ids.filtered(
            lambda visit: (
                visit.sop_step_id == step
                and visit.position_id.active
                and visit.position_id != without
                and visit.unit_id.office_id == unit.office_id
                and self._is_open_to(visit.position_id)
                and self._is_resumed(visit)
            )
        )[-1:]
        newest = self.disposition_ids.sorted("id")[-1:]
        lead = newest.lead_position_id
        named = (
            lead.active
            and lead != without
            and lead.role_id in roles
            and lead.unit_id.office_id == unit.office_id
        )
        # A case that was disposed anew goes to whom it was disposed, not to whom it was before.
        if named and newest.visit_id.id > before.id:
            return lead.unit_id, lead
        if before.position_id:
            return before.unit_id, before.position_id
        if named:
            return lead.unit_id, lead
        # A misconduct case is handled by whom it was given to, such as the inspectorate, whatever
        # the role; but nobody signs the own draft.
        handles = self.is_misconduct and step.scope == "handling" and step.kind != "sign"
        if handles and lead and self._is_open_to(lead):
            return lead.unit_id, lead
        found = {} if found is None else found
        for place in (unit, managing):
            if (place, roles) not in found:
                found[place, roles] = place._find_positions(roles)
            if found[place, roles]:
                break
        candidates = found[place, roles].filtered(self._is_open_to)
        position = place._choose_position(candidates, found.setdefault("load", {}))
        if candidates and not position:
            return candidates[0].unit_id, position
        return (position.unit_id or unit), position
