from odoo import models


class LaporRejoinMixin(models.AbstractModel):
    """What opening a case again means for those that were merged with it.

    A main complaint takes the supporters along that were closed with it: its next answer is
    theirs, too. Where it was closed by mistake, those come back that went on by themselves for
    want of an answer, as far as nobody has gone on with them. A supporter that is opened again by
    itself goes on by itself.
    """

    _name = "lapor.rejoin.mixin"
    _description = "Reopening of Merged Complaints"
    _inherit = ["lapor.supporter.mixin", "lapor.reopen.mixin"]

    def _reopen(self, note, step, mistake):
        if self.main_id:
            self._separate(note)
        left = self._left_for_want_of_an_answer() if mistake else self.browse()
        closed = self.supporter_ids.filtered(lambda case: case.outcome == "duplicate")
        wrote = closed.filtered(lambda case: case._tasks(["closed_reply"]))
        result = super()._reopen(note, step, mistake)
        for case in closed:
            case._reopen(note, case._default_reopen_step(mistake=True), mistake)
            case._merge_into(self, note)
        for case in wrote:
            # What came after the closing is for those who work on the main complaint to read.
            case._pass_on(case._reply_untold())
        if left:
            left._merge_into(self, note)
        return result

    def _left_for_want_of_an_answer(self):
        """Supporters that have gone on by themselves since this closed case ended without an
        answer, and stand where they stood.

        :rtype: lapor.complaint
        """
        self.ensure_one()
        events = self.event_ids.sorted("sequence")
        closed = events.filtered(lambda event: event.code == "closed")[-1:]
        gone = events.filtered(
            lambda event: event.code == "supporters_removed" and event.sequence > closed.sequence
        )
        ids = {case_id for event in gone for case_id in event.data["supporters"]}
        return self.browse(sorted(ids)).filtered(lambda case: case._stands_since_separated(self))

    def _stands_since_separated(self, main):
        """Whether nobody has gone on with this case since it was separated from a main one, and it
        may support it again."""
        self.ensure_one()
        last = self.event_ids.filtered(lambda event: event.code == "separated").sorted("sequence")
        return (
            bool(self.current_step_id)
            and last[-1:].data.get("main") == main.id
            # Opened again by itself it was at no step when it was separated.
            and last[-1:].visit_id == self.current_step_id
            and not self.main_id
            and not self.hold_id
            and not self.supporter_ids
            and self.is_misconduct == main.is_misconduct
            and not self._answer_sent()
        )
