from odoo import models


class LaporNoticeMixin(models.AbstractModel):
    """What the complainant is told beside the answers of the SOP: reminders, how the case ended.

    By mail the program sends it; for every other channel it waits for a person, with the text to
    copy (``lapor.delivery.mixin``).
    """

    _name = "lapor.notice.mixin"
    _description = "Notices to Complainants"
    _inherit = ["lapor.task.mixin"]

    def _notify_complainant(self, subject, template, values, kind="notice"):
        """Tell the complainant, as the system.

        :param str subject: Indonesian, as letters to citizens are
        :param str template: external id of the text, rendered with ``complaint`` and ``values``
        :param str kind: of the response, "notice" or "reminder"
        :rtype: lapor.response
        """
        self.ensure_one()
        body = self.env["ir.qweb"]._render(
            template, {"complaint": self, **values}, minimal_qcontext=True
        )
        return self.env["lapor.response"]._notice(
            self, kind, subject, body, visit=self.current_step_id
        )

    def _give_up_notices(self, kind, reason):
        """Tell no more what has not been passed on yet and is true no longer.

        :returns: the notices that nobody will pass on
        """
        waiting = self.response_ids.filtered(
            lambda response: response.kind == kind and response.delivery_waits
        )
        waiting._give_up(reason)
        return waiting

    def _open_dialog(self, model, name, **context):
        """The action that opens a dialog on this case."""
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_complaint_id": self.id, **context},
        }
