from odoo import api, models


class LaporCaseMixin(models.AbstractModel):
    """What every part of a case (``lapor.*.mixin``) adds to: each part says which fields are its
    own to write, which acts it offers, and what stands in the way of a move."""

    _name = "lapor.case.mixin"
    _description = "Part of a Complaint"

    @api.model
    def _engine_fields(self):
        """Fields that only acts may set, never a plain ``create`` or ``write``.

        :rtype: set[str]
        """
        return set()

    def _get_more_acts(self, visit, mine):
        """Acts offered to this user beside the SOP's arrows.

        They only offer; each act checks by itself who may do it.

        :param visit: the open ``lapor.complaint.step`` (as the system), empty for a closed case
        :param bool mine: whether the step is this user's to do
        :returns: list of dicts with ``id``, ``method`` (of the complaint, without arguments),
            ``label``, ``kind``, ``help`` and ``primary``
        """
        return []

    def _check_not_waiting(self, transition=None):
        """Whether the case may be moved on now, as far as this part knows.

        :param transition: the arrow of the SOP that is to be taken, if it is one
        :raises UserError: when it waits for something else first
        """

    def _finish_otherwise(self, feedback):
        """Do what ticking off the activity of the step means, where it means no move.

        :param str feedback: what the user wrote
        :returns: whether it has been done
        """
        return False

    def _is_resumed(self, visit):
        """Whether whoever did a step before does it again when the case comes back to it.

        :param visit: an earlier ``lapor.complaint.step`` of the case
        """
        return True

    def _note_reply(self, message, came_at=None):
        """What follows when the complainant has written, as the system.

        :param message: the ``mail.message`` in the thread
        :param came_at: naive UTC moment at which it came, where that is earlier: it was held
        """

    @api.model
    def _tasks_of_open_cases(self):
        """Codes of the tasks that end with the case.

        :rtype: set[str]
        """
        return set()
