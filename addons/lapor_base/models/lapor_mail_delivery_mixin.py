import secrets

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import email_normalize, formataddr, html2plaintext

from ..tools import mail_thread_key
from ..tools.program import as_program
from .lapor_mail_sorter import HIDDEN_ID

#: Before the acknowledgement of a mail of which a file could not be taken in.
LEFT_OUT = (
    "%(body)s<p>Berkas berikut tidak dapat kami terima: %(names)s. Bila berkas itu diperlukan, "
    "kirimkan kembali sebagai foto atau PDF dengan membalas surel ini.</p>"
)


class LaporMailDeliveryMixin(models.AbstractModel):
    """A response on its way by mail: what its mail carries, and which one a report is about."""

    _name = "lapor.mail.delivery.mixin"
    _description = "Delivery by Mail"

    @api.model
    def _acknowledge(self, complaint, left=()):
        """Tell the complainant number and tracking code, by the office's own template.

        :param left: names of files that could not be taken in; the complainant is told

        The text with the code goes into the mail only: whoever reads the case must not be
        able to pass as the complainant.
        """
        # Asked for each complaint: without env.ref's query whether it exists.
        template = self.env["mail.template"].browse(
            self.env["ir.model.data"]._xmlid_to_res_id(
                "lapor_base.mail_template_acknowledgement", raise_if_not_found=True
            )
        )
        subject = template._render_field("subject", complaint.ids)[complaint.id]
        body = template._render_field("body_html", complaint.ids)[complaint.id]
        if left:
            body = Markup(LEFT_OUT) % {"names": ", ".join(left), "body": body}
        response = self.create(
            {
                "complaint_id": complaint.id,
                "kind": "ack",
                "subject": html2plaintext(str(subject)).strip(),
                "body": Markup("<p>%s</p>")
                % self.env._("Number and tracking code have been sent to the complainant."),
                "state": "submitted",
                "author_id": self.env.uid,
            }
        )
        response._deliver(self.env["lapor.complaint.step"], False, mail_body=body)
        return response

    def _attempt_by_mail(self):
        """Send the same mail once more, to the address of today."""
        self.ensure_one()
        self._check_text_unchanged()
        before = self.mail_id
        visit = self.delivery_ids.sorted("attempt")[-1:].visit_id
        if self.kind == "handover":
            complaint = self.complaint_id
            message = before.mail_message_id
            mail = complaint._mail_outside(self, message, self.outside_unit_id)
        else:
            message = before.mail_message_id or self._tell(by_mail=True)
            mail = self._send_mail(message)
        if before.body_html:
            # An acknowledgement carries the tracking code, which stands in the mail only.
            mail.body_html = before.body_html
        channel = self.env["lapor.channel"].search(
            [("delivery", "=", "email"), ("company_id", "=", False)], limit=1
        )
        self.write(
            {
                "state": "delivered",
                "mail_id": mail.id,
                "channel_id": channel.id,
                "delivered_at": fields.Datetime.now(),
                "delivered_by_id": self.env.uid,
            }
        )
        self._attempt(visit, channel, "sending", mail_id=mail.id)
        facts = message._sealed_facts() if message else {}
        self._record("response_delivered", visit, {"channel": channel.code, **facts})

    def _mail_heads(self):
        """Heads of the mail to the complainant: from the office, without names of staff. They are
        those of the message in the thread, too: of a sealed text the subject stays masked.

        :rtype: dict
        """
        complaint = self.complaint_id
        unit = complaint.managing_unit_id
        sender = unit._mail_sender() or unit.company_id.email_formatted or False
        return {
            "subject": f"[{complaint.number}] {self.subject}",
            "email_from": sender,
            "reply_to": self._mail_reply_to(sender),
        }

    def _send_mail(self, message, body=None):
        """Queue the mail to the complainant."""
        complaint = self.complaint_id
        name, address = complaint.complainant_id.name, complaint.complainant_id.email
        heads = self._mail_heads()
        references = self._mail_references()
        # The heads of the mail become those of its message.
        with as_program():
            return self.env["mail.mail"].create(
                {
                    "mail_message_id": message.id,
                    # A mail has the heads of its message: nothing to write where they are the same.
                    **{head: value for head, value in heads.items() if message[head] != value},
                    "body_html": self.env["ir.qweb"]._render(
                        "lapor_base.response_mail",
                        {
                            "response": self,
                            "complaint": complaint,
                            "unit": complaint.managing_unit_id,
                            "body": body or self._sealed_text()[1],
                        },
                        minimal_qcontext=True,
                    ),
                    "references": references,
                    "email_to": formataddr((name, address)) if name else address,
                    "auto_delete": False,
                    "is_notification": False,
                    "headers": self._mail_marks(references),
                }
            )

    def _mail_marks(self, references):
        """Whether the program wrote this mail by itself, in answer to a mail or not (RFC 3834, 5):
        nothing is to answer it. What a person wrote has no mark.

        :param references: Message-Id of the mail that it answers, or False
        :rtype: dict
        """
        if self.kind not in ("ack", "reminder", "notice"):
            return {}
        return {
            "Auto-Submitted": "auto-replied" if references else "auto-generated",
            "X-Auto-Response-Suppress": "All",
        }

    def _mail_files(self):
        """Files that the mail of this response takes along. What is raised here is the failure of
        the mail, which somebody is told of.

        :returns: list of (name, bytes, MIME type)
        """
        return []

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
                (
                    "subtype_id",
                    "=",
                    self.env["ir.model.data"]._xmlid_to_res_id("lapor_base.mt_complainant"),
                ),
            ],
            order="id desc",
            limit=1,
        )
        if not (last.message_id or "").endswith(HIDDEN_ID):
            return last.message_id or False
        # The mail of an anonymous complainant is known by its receipt alone.
        sorter = self.env["lapor.mail.sorter"]
        receipts = self.env["lapor.mail.receipt"].sudo()
        for receipt in receipts.search([("complaint_id", "=", self.complaint_id.id)]):
            if sorter._hidden_id(receipt.key) == last.message_id:
                return receipt.key
        return False

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
            # A report that only names a number and an address can be made up: of an anonymous case
            # it would tell whose address that is.
            named = complaint.complainant_id.email_normalized in report.recipients
            if case or (named and not complaint._is_hidden()):
                return attempts.search(
                    [("complaint_id", "=", complaint.id), ("mail_id", "!=", False)],
                    order="id desc",
                    limit=1,
                )
        return attempts.browse()
