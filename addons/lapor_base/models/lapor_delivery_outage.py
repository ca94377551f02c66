from odoo import api, fields, models
from odoo.tools import format_datetime

#: The task that says that no mail leaves.
OUTAGE_TASK = "mail_outage"


class LaporDelivery(models.Model):
    """While the outgoing mail server is away nothing is failed and nobody has to send anything
    again; whoever coordinates is told once, until mails leave again."""

    _inherit = "lapor.delivery"

    @api.model
    def _cron_follow_mails(self):
        result = super()._cron_follow_mails()
        self.env["mail.mail"]._wake_put_off()
        self._tell_outage()
        return result

    @api.model
    def _tell_outage(self):
        """Keep one task for each government whose letters wait for the mail server: since when,
        and how many. A server that is away for one attempt only is no outage."""
        tasks = self.env["mail.activity"].search(
            [("lapor_task", "=", OUTAGE_TASK), ("res_model", "=", "lapor.complaint")]
        )
        waiting = self.search(
            [
                ("state", "=", "sending"),
                ("mail_id.state", "=", "outgoing"),
                ("mail_id.lapor_put_off", "=", "outage"),
                ("mail_id.lapor_tries", ">", 1),
            ],
            order="id",
        )
        kept = tasks.browse()
        for company in waiting.company_id:
            ours = waiting.filtered(lambda one, company=company: one.company_id == company)
            kept |= ours._tell_outage_of_office(tasks)
        gone = tasks - kept
        if gone:
            gone.write({"active": False, "date_done": fields.Date.today()})

    def _tell_outage_of_office(self, tasks):
        """The task of one government, on the case whose letter waits longest."""
        case = self[:1].complaint_id
        since = min(self.mail_id.mapped("lapor_put_off_at"))
        summary = self.env._(
            "Outgoing mail does not work since %(since)s: %(count)s letters wait. Tell the "
            "administrator; they leave by themselves when it works again.",
            since=format_datetime(
                self.env, since, tz=case.managing_unit_id._get_tz(), dt_format="d MMM y HH.mm"
            ),
            count=len(self),
        )
        known = tasks.filtered(lambda task: task.lapor_position_id.company_id == case.company_id)
        known = known[:1] or case._add_task(OUTAGE_TASK, case._coordinator(), summary)
        if known.summary != summary:
            known.with_context(mail_activity_quick_update=True).write({"summary": summary})
        return known
