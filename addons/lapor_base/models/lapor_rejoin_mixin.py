from odoo import models


class LaporRejoinMixin(models.AbstractModel):
    """What opening a case again means for those that were merged with it.

    A main complaint takes the supporters along that were closed with it: its next answer is
    theirs, too. A supporter that is opened again by itself goes on by itself.
    """

    _name = "lapor.rejoin.mixin"
    _description = "Reopening of Merged Complaints"
    _inherit = ["lapor.supporter.mixin", "lapor.reopen.mixin"]

    def _reopen(self, note, step, mistake):
        if self.main_id:
            self._separate(note)
        result = super()._reopen(note, step, mistake)
        closed = self.supporter_ids.filtered(lambda case: case.outcome == "duplicate")
        for case in closed:
            case._reopen(note, case._default_reopen_step(mistake=True), mistake)
            case._merge_into(self, note)
        return result
