from odoo import api, models

from ..tools.mail_headers import automatic_reason


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        # The headers are known only here; the new complaint must know that it is not to
        # acknowledge a machine's mail.
        thread = self.with_context(lapor_automatic_mail=bool(automatic_reason(message)))
        return super(MailThread, thread)._message_route_process(message, message_dict, routes)
