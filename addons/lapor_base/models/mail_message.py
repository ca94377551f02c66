from odoo import api, models


class MailMessage(models.Model):
    _inherit = "mail.message"

    @api.depends_context("uid")
    def _compute_display_name(self):
        """A message's name is its subject, and every employee may read to whom messages went
        (``mail.notification``): a case's subjects are told only to those who may read it."""
        result = super()._compute_display_name()
        ours = self.filtered(lambda message: (message.model or "").startswith("lapor."))
        hidden = ours - ours.with_user(self.env.uid)._filtered_access("read")
        hidden.display_name = ""
        return result
