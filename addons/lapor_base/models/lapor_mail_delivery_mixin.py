import secrets

from odoo import api, models
from odoo.tools import email_normalize, formataddr

from ..tools import mail_thread_key


class LaporMailDeliveryMixin(models.AbstractModel):
    """A response on its way by mail: what its mail carries, and which one a report is about."""

    _name = "lapor.mail.delivery.mixin"
    _description = "Delivery by Mail"

    def _mail_identity(self):
        """A Message-Id that tells nothing of the machine or the program.

        :rtype: str
        """
        unit = self.complaint_id.managing_unit_id
        domain = (unit.alias_email or unit.email or "lapor.invalid").rpartition("@")[2]
        return f"<{secrets.token_hex(16)}@{domain}>"

    def _mail_reply_to(self, sender):
        """Where the complainant's reply goes: the office, and where its mail server can do it,
        with the complaint's own mark."""
        complaint = self.complaint_id
        unit = complaint.managing_unit_id
        address = unit.alias_email or email_normalize(sender or "")
        if not address:
            return sender
        if unit.mail_plus:
            signature = self.env["lapor.mail.sorter"]._signature(complaint.number)
            address = mail_thread_key.add_extra(address, complaint.number, signature)
        return formataddr((unit.name, address))

    def _mail_references(self):
        """Message-Id of the complainant's last mail, so that mail programs show both together."""
        last = self.env["mail.message"].search(
            [
                ("model", "=", "lapor.complaint"),
                ("res_id", "=", self.complaint_id.id),
                ("message_type", "=", "email"),
                ("subtype_id", "=", self.env.ref("lapor_base.mt_complainant").id),
            ],
            order="id desc",
            limit=1,
        )
        return last.message_id or False

    @api.model
    def _find_mailed(self, report, case=None):
        """The attempt whose mail a delivery report is about.

        By the Message-Id of the mail; or, since some servers replace it, by the complaint's number
        together with the address that refused it.

        :param DeliveryReport report: the report
        :param case: complaint that the report's own address names with a signature
        :rtype: lapor.delivery
        """
        # As the system: the gateway reads for no user.
        attempts = self.env["lapor.delivery"].sudo()
        if report.message_ids:
            found = attempts.search(
                [("mail_id.mail_message_id.message_id", "in", report.message_ids)],
                order="id desc",
                limit=1,
            )
            if found:
                return found
        for complaint in case or self.env["lapor.mail.sorter"].sudo()._by_number(
            mail_thread_key.numbers_in_subject(report.numbers_in), limit=5
        ):
            if case or complaint.complainant_id.email_normalized in report.recipients:
                return attempts.search(
                    [("complaint_id", "=", complaint.id), ("mail_id", "!=", False)],
                    order="id desc",
                    limit=1,
                )
        return attempts.browse()
