from odoo import api, fields, models


class LaporTurnMixin(models.AbstractModel):
    """What waits for one person besides the step: an initial, a signature, a failed delivery.

    While it waits it owns one activity of that person on the case; the activity mirrors it, as
    the activity of a step mirrors its step.
    """

    _name = "lapor.turn.mixin"
    _description = "Waits for One Person"
    _inherit = ["lapor.acts.mixin"]

    turn_activity_id = fields.Many2one("mail.activity", ondelete="set null", copy=False)

    def _turn_user(self):
        """Who has to act now: nobody, unless the paper says.

        :rtype: res.users
        """
        return self.env["res.users"]

    def _turn_summary(self):
        """What is to be done, in a few words without anything secret: what kind of paper waits,
        unless it says more.

        :rtype: str
        """
        return self.env["ir.model"]._get(self._name).name

    def _sync_turns(self):
        """Let the activities say whose turn it is."""
        for record in self:
            user = record._turn_user()
            activity = record.turn_activity_id
            if not user:
                activity.filtered("active").write({"active": False})
                continue
            if activity.active and activity.user_id != user:
                activity.write({"user_id": user.id})
            elif not activity.active:
                record.turn_activity_id = record._make_turn_activity(user)

    @api.model
    def _turn_type(self):
        return self.env["ir.model.data"]._xmlid_to_res_id("lapor_base.mail_activity_type_turn")

    def _make_turn_activity(self, user):
        # No mail per activity, as for steps.
        return (
            self.env["mail.activity"]
            .with_context(mail_activity_quick_update=True)
            .create(
                {
                    "res_model_id": self.env["ir.model"]._get_id("lapor.complaint"),
                    "res_id": self.complaint_id.id,
                    "activity_type_id": self._turn_type(),
                    "summary": self._turn_summary(),
                    "user_id": user.id,
                    "date_deadline": self.complaint_id.managing_unit_id._local_now().date(),
                    "automated": True,
                    "lapor_turn_model": self._name,
                    "lapor_turn_id": self.id,
                }
            )
        )
