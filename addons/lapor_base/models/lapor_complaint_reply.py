from markupsafe import Markup

from odoo import SUPERUSER_ID, models
from odoo.exceptions import UserError

#: Ends that say that the complainant was silent, or said too little.
BY_SILENCE = ("no_response", "insufficient")
#: Ends that the office concerned may bring about by itself.
BY_THE_OFFICE = ("withdrawn", *BY_SILENCE)


class LaporComplaint(models.Model):
    """Replies are never ignored: while one waits to be looked at, no case ends for silence,
    whoever or whatever closes it. And each such end has its condition and its notice.
    """

    _inherit = "lapor.complaint"

    # ------------------------------------------------------------
    # A REPLY THAT WAITS
    # ------------------------------------------------------------

    def _reply_waits(self):
        """Whether something of the complainant waits to be looked at while this case is on hold:
        a message in the thread, or a mail that is held and may belong to it.

        :rtype: bool
        """
        self.ensure_one()
        # Answers yes or no about the case.
        case = self.sudo()
        return bool(case.hold_id.reply_waits_at or (case.hold_id and case._held_replies()))

    def _with_waiting_reply(self):
        """Those of these cases of which :meth:`_reply_waits`, found together."""
        # Answers yes or no about each case.
        held = self.sudo().filtered("hold_id")
        if not held:
            return self.browse()
        waiting = held.filtered("hold_id.reply_waits_at")
        return (waiting | (held & held._held_replies().complaint_id)).sudo(self.env.su)

    def _held_replies(self):
        """Mails in the pen that may be an answer in this case, as the system."""
        return self.env["lapor.mail.held"].search(
            [
                ("complaint_id", "in", self.ids),
                ("state", "=", "held"),
                ("rule_id.nobody_waits", "=", False),
            ]
        )

    def _check_no_reply_waits(self):
        """
        :raises UserError: when a reply waits to be looked at
        """
        for case in self:
            if not case._reply_waits():
                continue
            # As the system: whether a reply waits is told to whoever works on the case.
            if case.sudo().hold_id.reply_waits_at:
                raise UserError(
                    self.env._(
                        "The complainant of %s has written, and nobody has looked at it yet. "
                        "Resume if it is what was asked for, else say why it is not.",
                        case.number,
                    )
                )
            raise UserError(
                self.env._(
                    "A mail that may be the reply of the complainant of %s is held. Whoever takes "
                    "mails in decides on it first.",
                    case.number,
                )
            )

    def action_refuse_reply(self, note):
        """Say that what the complainant sent is not what was asked for; the case goes on waiting.

        :param str note: why not; for the file
        :raises UserError: when the case is not on hold, no reply waits, a held mail has to be
            decided on first, or the reason is missing
        :raises AccessError: when the user neither has the step nor coordinates
        """
        self.ensure_one()
        self.check_access("read")
        self._lock_cases()
        self._check_may_refuse_reply()
        note = self._clean(note or "").strip()
        if not note:
            raise UserError(self.env._("Say why what came is not what was asked for."))
        # The hold is the system's; whether the user may change it is checked.
        case = self.sudo()
        hold = case.hold_id
        came_at = hold.reply_waits_at
        hold.reply_waits_at = False
        case._drop_tasks(["hold_reply"])
        case._log_hold("hold_reply_refused", hold, {"came": str(came_at), "note": note})
        case._message_log(
            body=Markup("<p>%s</p><p class='o_lapor_said'>%s</p>")
            % (self.env._("What came is not what was asked for."), note),
            author_id=self.env.user.partner_id.id,
        )
        if not case._is_window_over():
            case._notify_complainant(
                f"Kelengkapan aduan {case.number} belum sesuai",
                "lapor_base.notice_reply_refused",
                {"items": hold.item_ids, "note": hold.note, "until": hold._letter_date()},
            )
        return True

    def action_open_refuse_reply(self):
        """The dialog of :meth:`action_refuse_reply`."""
        self.ensure_one()
        self.check_access("read")
        self._check_may_refuse_reply()
        return self._open_dialog(
            "lapor.hold.extend",
            self.env._("Not What Was Asked For"),
            default_act="refuse_reply",
        )

    def _check_may_refuse_reply(self):
        self._check_may_end_hold()
        # Only whether a reply waits.
        if self.sudo().hold_id.reply_waits_at:
            return
        self._check_no_reply_waits()
        raise UserError(self.env._("No reply of %s waits to be looked at.", self.number))

    # ------------------------------------------------------------
    # ENDS BY SILENCE
    # ------------------------------------------------------------

    def _ends_by_silence(self, transition):
        """Whether an arrow ends a case because its complainant was silent or said too little."""
        return bool(transition) and transition.outcome in BY_SILENCE

    def _add_evidence(self, transition, evidence):
        if self._ends_by_silence(transition):
            self._check_silence(transition, evidence.get("unasked_reason"))
        return super()._add_evidence(transition, evidence)

    def _check_silence(self, transition, unasked_reason):
        """Record by what right an arrow leaves a case unanswered: its complainant was asked and
        the window has passed, or somebody says why nobody was asked.

        :param str unasked_reason: why the complainant was not asked
        :raises UserError: when neither is so
        """
        self.ensure_one()
        reason = (unasked_reason or "").strip()
        if self.hold_id:
            self._check_may_deem()
            reason = None
        elif transition.outcome == "no_response":
            raise UserError(
                self.env._(
                    "Nobody has asked the complainant of %s. Put the complaint on hold first.",
                    self.number,
                )
            )
        elif not reason:
            raise UserError(
                self.env._(
                    "The complainant of %s was not asked for what is missing. Put the complaint "
                    "on hold first, or say why nobody can be asked.",
                    self.number,
                )
            )
        visit = self.current_step_id
        self.env["lapor.event"]._log(
            [
                {
                    "complaint": self,
                    "code": "left_unanswered",
                    "visit": visit,
                    "position": visit.position_id,
                    "data": {"hold": self.hold_id.id or None, "reason": reason},
                }
            ]
        )

    def _close(self, outcome, **details):
        holds = {case: case.hold_id for case in self}
        if outcome in BY_SILENCE:
            # The last gate, whatever leads here.
            self._check_no_reply_waits()
        result = super()._close(outcome, **details)
        if outcome == "insufficient":
            for case, hold in holds.items():
                case._tell_insufficient(hold)
        if outcome in BY_THE_OFFICE:
            self._tell_coordinator(outcome)
        return result

    def _tell_insufficient(self, hold):
        """Tell a complainant that the case was closed unanswered because it is incomplete.

        :param hold: the ``lapor.hold`` in which the complainant was asked, if it was open
        """
        self.ensure_one()
        if self.answered_at:
            # Whoever has an answer is not told that there is none.
            return
        self._notify_complainant(
            f"Aduan {self.number} tidak ditanggapi",
            "lapor_base.notice_insufficient",
            {"until": hold and hold._letter_date(), "replied": bool(hold.replied_at)},
        )

    def _tell_coordinator(self, outcome):
        """Let whoever coordinates look at a case that the office concerned has ended by itself."""
        if self.env.uid == SUPERUSER_ID:
            # The job: the managing office has chosen it.
            return
        labels = dict(self._fields["outcome"]._description_selection(self.env))
        for case in self:
            if case._may_coordinate(self.env.user):
                continue
            owner = case._coordinator()
            if not case._is_open_to(owner):
                continue
            case._add_task(
                "ended_by_office",
                owner,
                self.env._(
                    "The office concerned has ended this complaint (%s): check the reason",
                    labels[outcome],
                ),
            )

    def _reopen(self, note, step, mistake):
        self._drop_tasks(["ended_by_office"])
        return super()._reopen(note, step, mistake)
