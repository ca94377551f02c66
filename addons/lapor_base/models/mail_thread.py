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

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        result = super()._routing_handle_bounce(email_message, message_dict)
        mails = (
            self.env["mail.mail"]
            .sudo()
            .search([("message_id", "in", message_dict.get("bounced_msg_ids") or [])])
        )
        # As the system: the gateway runs as whoever's address it finds.
        deliveries = self.env["lapor.delivery"].sudo().search([("mail_id", "in", mails.ids)])
        if deliveries:
            deliveries.has_bounced = True
            mails._order_follow_up()
        return result
