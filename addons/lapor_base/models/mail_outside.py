from odoo import api, models
from odoo.exceptions import UserError


class MailTemplate(models.Model):
    _inherit = "mail.template"

    def send_mail_batch(self, res_ids, *args, **kwargs):
        if self.model == "lapor.complaint" and not self.env.su:
            self.env["lapor.complaint"]._refuse_outside()
        return super().send_mail_batch(res_ids, *args, **kwargs)


class MailScheduledMessage(models.Model):
    _inherit = "mail.scheduled.message"

    @api.model_create_multi
    def create(self, vals_list):
        messages = super().create(vals_list)
        messages._check_stays_inside()
        return messages

    def write(self, vals):
        result = super().write(vals)
        self._check_stays_inside()
        return result

    def _check_stays_inside(self):
        """Refuse when it is written, not when it is due."""
        # Looks at the recipients of what the user wrote himself.
        for message in self.sudo().filtered(lambda item: item.model == "lapor.complaint"):
            if message.partner_ids.filtered("partner_share"):
                raise UserError(
                    self.env._(
                        "Messages in the thread go to colleagues only. The complainant is "
                        "answered by the step of the SOP: draft the response there."
                    )
                )
            self.env["lapor.complaint"].browse(message.res_id)._check_readers(message.partner_ids)
