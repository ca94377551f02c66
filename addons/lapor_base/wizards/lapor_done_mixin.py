from odoo import models


class LaporDoneMixin(models.AbstractModel):
    """A dialog that closes and tells what it did, as one cannot see it of several records."""

    _name = "lapor.done.mixin"
    _description = "Dialog That Tells What Was Done"

    def _close_telling(self, message):
        """
        :param str message: what was done
        :returns: the action that closes the dialog and shows the message
        """
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
