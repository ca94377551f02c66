from odoo import api, models
from odoo.exceptions import LockError, UserError
from odoo.tools import SQL


class LaporLockMixin(models.AbstractModel):
    """One officer at a time: what locks a case before it is acted on."""

    _name = "lapor.lock.mixin"
    _description = "Lock of a Complaint"

    def _lock_cases(self):
        """Lock the cases and forget what was read of them before.

        :raises UserError: when another transaction holds one of them
        """
        try:
            # A lock changes nothing; every act checks the user's rights besides.
            self.sudo().lock_for_update()
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is working on this complaint at this moment. Wait a little, "
                    "reload the page and try again."
                )
            ) from error
        self.invalidate_recordset()
        self.env["lapor.complaint.step"].invalidate_model()

    @api.private
    def lock_for_update(self, *, allow_referencing=False):  # pylint: disable=method-required-super
        """As the ORM's, and write the rows as they are.

        So an act that began to read before another one was committed fails here, and is tried
        anew by the server with what is now so; else it would act on a part of the case (an
        initial, an opened identity) as it was before.
        """
        if not self.ids:
            return
        locked = self.env.execute_query(
            SQL(
                """WITH free AS (
                       SELECT id FROM lapor_complaint WHERE id IN %s FOR UPDATE SKIP LOCKED
                   )
                   UPDATE lapor_complaint AS held SET write_date = held.write_date
                     FROM free WHERE held.id = free.id RETURNING held.id""",
                tuple(self.ids),
            )
        )
        if len(locked) < len(set(self.ids)):
            raise LockError("complaints")
