from odoo import models


class MailComposeMessage(models.TransientModel):
    """Mass mails and templates write to anybody without the thread: not from complaints."""

    _inherit = "mail.compose.message"

    def _action_send_mail_mass_mail(self, res_ids, auto_commit=False):
        if self.model == "lapor.complaint" and not self.env.su:
            self.env["lapor.complaint"]._refuse_outside()
        return super()._action_send_mail_mass_mail(res_ids, auto_commit=auto_commit)
