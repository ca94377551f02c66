from odoo import models


class IrCron(models.Model):
    """What the program's own jobs write into threads and tasks is for the staff, too: nobody
    who runs them has a language."""

    _inherit = "ir.cron"

    def _callback(self, cron_name, server_action_id):
        if self.model_name.startswith("lapor."):
            self = self.with_context(**self.env["lapor.mail.gateway"]._staff_context())
        return super()._callback(cron_name, server_action_id)
