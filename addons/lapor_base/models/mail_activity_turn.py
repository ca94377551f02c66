from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError


class MailActivity(models.Model):
    """The activity of a paper that waits for somebody mirrors the paper (``lapor.turn.mixin``)."""

    _inherit = "mail.activity"

    lapor_turn_model = fields.Char(readonly=True, copy=False)
    lapor_turn_id = fields.Many2oneReference(
        model_field="lapor_turn_model", readonly=True, copy=False
    )

    @api.model_create_multi
    def create(self, vals_list):
        activities = super().create(vals_list)
        activities._check_mirrors_turn()
        return activities

    def write(self, vals):
        if vals.keys() & {"lapor_turn_model", "lapor_turn_id"}:
            raise UserError(self.env._("An activity keeps the paper that it stands for."))
        result = super().write(vals)
        if vals.keys() & {"user_id", "active", "res_id", "res_model_id", "activity_type_id"}:
            self._check_mirrors_turn()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_turn(self):
        # Only whether a paper waits.
        if any(activity._turn_record()._turn_user() for activity in self.sudo()._of_turns()):
            raise UserError(
                self.env._("A paper waits for this. It ends by being done, not by deleting it.")
            )

    def _of_turns(self):
        return self.filtered("lapor_turn_model")

    def _turn_record(self):
        self.ensure_one()
        return self.env[self.lapor_turn_model].browse(self.lapor_turn_id)

    def _check_mirrors_turn(self):
        """Refuse an activity that says something else than the paper that it stands for.

        :raises UserError: when person, document or state differ
        """
        # Compares with the paper; nothing is shown.
        for activity in self.sudo()._of_turns():
            record = activity._turn_record()
            user = record.exists() and record._turn_user()
            if activity.active != bool(user) or (
                user
                and (
                    activity.user_id != user
                    or activity.res_model != "lapor.complaint"
                    or activity.res_id != record.complaint_id.id
                    or activity.activity_type_id.id != record._turn_type()
                )
            ):
                raise UserError(
                    self.env._(
                        "A paper of this complaint waits for this. Open the complaint to do it."
                    )
                )

    def _action_done(self, feedback=False, attachment_ids=None):
        # Only which case to open; it opens with the user's own rights.
        turns = self.sudo()._of_turns().filtered("active")
        for activity in turns:
            complaint = activity._turn_record().complaint_id.sudo(False)
            raise RedirectWarning(
                self.env._("Read the paper first, then do what it waits for."),
                complaint._get_form_action(),
                self.env._("Open the Complaint"),
            )
        return super()._action_done(feedback, attachment_ids)
