from odoo import models
from odoo.exceptions import AccessError, RedirectWarning, UserError


class LaporMergeMixin(models.AbstractModel):
    """The acts of gabung: who may merge what, and undo it. What follows from them is in
    ``lapor.supporter.mixin``."""

    _name = "lapor.merge.mixin"
    _description = "Merging of Complaints"
    _inherit = ["lapor.supporter.mixin"]

    # ------------------------------------------------------------
    # ACTS
    # ------------------------------------------------------------

    def action_merge(self, main_id, note=None):
        """Let these complaints support another one.

        Supporters of theirs go with them; a main complaint that supports another one itself
        stands for that one.

        :param int main_id: ``lapor.complaint`` that is handled and answered
        :param str note: why they are the same, for the file
        :raises UserError: when one is closed, held, answered, of another government, or of another
            kind of secrecy
        :raises AccessError: when the user may not see one of them, or neither coordinates them nor
            has their steps
        """
        main = self.browse(main_id or []).exists()
        if len(main) != 1:
            raise UserError(self.env._("Choose the main complaint."))
        self.check_access("read")
        main.check_access("read")
        # Which case is the main one and whose they are; the main one is then checked as the user.
        main = main.sudo().main_id.sudo(False) or main
        main.check_access("read")
        supporters = self - main
        if not supporters and self.browse(main_id) != main:
            raise UserError(
                self.env._(
                    "%(number)s supports %(main)s already.",
                    number=self.browse(main_id).number,
                    main=main.number,
                )
            )
        if not supporters:
            raise UserError(self.env._("Choose at least two complaints to merge."))
        if len((supporters | main).sudo().company_id) > 1:
            raise UserError(self.env._("Complaints of different governments cannot be merged."))
        (supporters | main)._lock_cases()
        for complaint in supporters | main:
            complaint._check_may_merge()
        main._check_main()
        for complaint in supporters:
            complaint._check_supports(main)
        # Checked above as the user; what follows is written as the system.
        note = self._clean(note or "")
        cases = supporters.sudo()
        (cases | cases.supporter_ids)._merge_into(main.sudo(), note)
        return True

    def action_separate(self, note=None):
        """Undo a merge: these complaints go on by themselves, where they stood.

        :param str note: why, for the file
        :raises UserError: when one supports none, or has got the answer of the main one
        :raises AccessError: as :meth:`action_merge`
        """
        self.check_access("read")
        self._lock_cases()
        for complaint in self:
            # Where the case stands; the right to separate is checked below, as the user.
            case = complaint.sudo()
            if not case.main_id or case.phase == "closed":
                raise UserError(
                    self.env._("Complaint %s supports no other complaint.", complaint.number)
                )
            complaint._check_may_merge()
            if case._answers_of_main().filtered(lambda answer: answer.kind != "interim"):
                raise UserError(
                    self.env._(
                        "%(number)s has been answered together with %(main)s.",
                        number=complaint.number,
                        main=case.main_id.number,
                    )
                )
        self.sudo()._separate(self._clean(note or ""))
        return True

    def action_pass_answer(self, delivery_note):
        """Record how the complainants of supporters received the answer of the main complaint.

        :param str delivery_note: when, by whom, with which proof
        :raises UserError: when no answer waits, or without a proof
        :raises AccessError: when the step is somebody else's
        """
        self.check_access("read")
        self._lock_cases()
        for complaint in self:
            # Only whether an answer waits.
            if not complaint.sudo()._waiting_answer():
                raise UserError(
                    self.env._("No answer waits to be passed on for %s.", complaint.number)
                )
            complaint._check_may_merge()
        for case in self.sudo():
            case._waiting_answer()._deliver(case.current_step_id, self._clean(delivery_note or ""))
            if case.main_id.phase == "closed":
                case._close_with_main()
            else:
                case._pause_step()
        return True

    def _finish_otherwise(self, feedback):
        """A supporter whose answer waits has nothing else to do: the feedback is its proof."""
        # Only whether the case supports another one and an answer waits.
        if not self.sudo().main_id or not self.sudo()._waiting_answer():
            return super()._finish_otherwise(feedback)
        if not feedback:
            raise RedirectWarning(
                self.env._(
                    "The answer has not reached the complainant of %s yet. Pass it on, and say "
                    "when, by whom, with which proof.",
                    self.number,
                ),
                self._get_form_action(),
                self.env._("Open the Complaint"),
            )
        return self.action_pass_answer(feedback)

    # ------------------------------------------------------------
    # CHECKS, AS THE USER
    # ------------------------------------------------------------

    def _may_merge(self):
        """Whether this user coordinates the case, or has its step."""
        self.ensure_one()
        # Facts of the case that this check needs; the user learns yes or no.
        case = self.sudo()
        if self._may_coordinate(self.env.user):
            return True
        return bool(case.current_step_id) and case.current_step_id._may_act(self.env.user)

    def _check_may_merge(self):
        """
        :raises AccessError: when the user neither coordinates the case nor has its step
        """
        self.ensure_one()
        if not self._may_merge():
            # The name of the office, for the sentence.
            raise AccessError(
                self.env._(
                    "Whoever coordinates complaints in %(unit)s, or has the step, merges "
                    "%(number)s.",
                    unit=self.sudo().managing_unit_id.name,
                    number=self.number,
                )
            )

    def _check_main(self):
        """Whether others can support this case.

        :raises UserError: when it is closed, answered, or confidential
        """
        self.ensure_one()
        # Facts of the case that this check needs; the user learns yes or no.
        case = self.sudo()
        if case.phase == "closed" or not case.current_step_id:
            raise UserError(
                self.env._("Complaint %s is not being handled; choose an open one.", self.number)
            )
        if case.is_secret:
            raise UserError(
                self.env._(
                    "%s is confidential: its answer would tell the others what it says. Choose "
                    "another main complaint.",
                    self.number,
                )
            )
        if case._answer_sent():
            raise UserError(
                self.env._(
                    "%s has been answered already. Answer the others by themselves.", self.number
                )
            )

    def _likeliest_main(self):
        """Which of these cases the others should support: one that has supporters, that has come
        furthest along its SOP, that is the oldest.

        :rtype: lapor.complaint
        """
        able = self.browse()
        for complaint in self:
            try:
                complaint._check_may_merge()
                complaint._check_main()
            except (AccessError, UserError):
                continue
            able |= complaint
        return able.sorted(
            lambda case: (not case.supporter_count, -case.progress, case.received_at, case.id)
        )[:1]

    def _check_supports(self, main):
        """Whether this case can support another one.

        :raises UserError: when it cannot, and why
        """
        self.ensure_one()
        # Facts of the case that this check needs; the user learns yes or no.
        case, main = self.sudo(), main.sudo()
        if case.main_id == main:
            raise UserError(
                self.env._(
                    "%(number)s supports %(main)s already.", number=self.number, main=main.number
                )
            )
        if case.phase == "closed" or not case.current_step_id:
            raise UserError(
                self.env._("Complaint %s is not being handled; choose an open one.", self.number)
            )
        if case.is_misconduct != main.is_misconduct:
            raise UserError(self.env._("Misconduct cases are merged with misconduct cases only."))
        if case.is_on_hold:
            raise UserError(
                self.env._("Complaint %s waits for its complainant. Resume it first.", self.number)
            )
        if case._answer_sent():
            raise UserError(
                self.env._(
                    "%s has been answered already; it can only be the main one.", self.number
                )
            )

    def _answer_sent(self):
        """Whether the answer of this round has gone out while the case is still open."""
        self.ensure_one()
        return bool(self._final_response("delivered"))

    def _check_step_is_mine(self):
        result = super()._check_step_is_mine()
        # Which case is the main one, told to whoever has the supporter's step.
        main = self.sudo().main_id
        if main:
            raise UserError(
                self.env._(
                    "%(number)s supports %(main)s and is answered with it. Work on that one, or "
                    "separate them.",
                    number=self.number,
                    main=main.number,
                )
            )
        return result
