import base64
import email
import email.policy
import logging

from psycopg2 import DataError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize_all

from ..tools.mail_headers import automatic_reason
from ..tools.plain_text import clean_line

_logger = logging.getLogger(__name__)

# What the mail package, lxml and the database driver raise on hopeless mails.
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, RecursionError, DataError)

RECIPIENTS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")


class LaporMailHeld(models.Model):
    """A mail that did not become a complaint: kept whole, with the reason, to be replayed."""

    _name = "lapor.mail.held"
    _description = "Held Mail"
    _order = "id desc"

    name = fields.Char(string="Subject", readonly=True)
    sender = fields.Char(readonly=True)
    reason = fields.Char(required=True, readonly=True)
    raw = fields.Binary(string="Original Mail", attachment=True, readonly=True)
    raw_name = fields.Char(default="mail.eml", readonly=True)
    state = fields.Selection(
        [("held", "Held"), ("released", "Taken In"), ("discarded", "Discarded")],
        required=True,
        default="held",
        readonly=True,
    )
    complaint_id = fields.Many2one("lapor.complaint", readonly=True)
    company_id = fields.Many2one(
        "res.company",
        string="Government",
        readonly=True,
        index=True,
        help="Whose office the mail was sent to. Empty: nobody knows; administrators see it.",
    )

    @api.model
    def process_raw(self, raw):
        """Take in one mail as a mail server hands it over; what cannot be taken is held.

        The caller commits. Only for those who may create held mails (administrators).

        :param bytes raw: the mail as received (RFC 822)
        :returns: dict with ``status`` ("new", "reply", "duplicate" or "held"), ``number`` of
            the complaint or False, and ``reason`` or False
        """
        self.check_access("create")
        # A public method can be called with text; a mail is bytes.
        raw = raw.encode(errors="surrogateescape") if isinstance(raw, str) else bytes(raw)
        message, subject, sender = self._read_heads(raw)
        heads = {"name": subject, "sender": sender}
        if message is None:
            return self._hold(raw, heads, self.env._("This is not a readable mail."))
        heads["company_id"] = self._find_company(message).id
        reason = automatic_reason(message)
        if reason:
            return self._hold(raw, heads, self.env._("Automatic mail (%(header)s).", header=reason))
        result, reason = self._take_in(raw, message)
        return result or self._hold(raw, heads, reason)

    def _take_in(self, raw, message):
        """Hand a mail to the gateway.

        :returns: pair (result as of :meth:`process_raw`, or False; reason to hold it)
        """
        Complaint = self.env["lapor.complaint"].sudo()
        message_id = str(message.get("Message-Id") or "").strip()
        known = (
            self.env["mail.message"]
            .sudo()
            .search([("message_id", "=", message_id), ("model", "=", Complaint._name)], limit=1)
            if message_id
            else self.env["mail.message"]
        )
        if known:
            number = Complaint.browse(known.res_id).number
            return {
                "status": "duplicate",
                "number": number,
                "reason": self.env._("This mail has been taken in before."),
            }, False
        newest = Complaint.search([], order="id desc", limit=1).id or 0
        try:
            # A savepoint, so that the mail can still be held when the gateway fails.
            with self.env.cr.savepoint():
                thread_id = self.env["mail.thread"].sudo().message_process(None, raw)
        except UserError as error:
            return False, str(error)
        except UNREADABLE as error:
            _logger.info("Held a mail that the gateway cannot take: %s", error)
            # The gateway raises a plain ValueError for a mail without a route.
            if str(error).startswith("No possible route"):
                return False, self.env._("No office has this address.")
            return False, self.env._("The mail gateway cannot read it (%(error)s).", error=error)
        if not thread_id:
            return False, self.env._("The mail gateway refused it (loop or bounce).")
        complaint = Complaint.browse(thread_id).exists()
        status = "new" if thread_id > newest else "reply"
        return {"status": status, "number": complaint.number, "reason": False}, False

    @api.model
    def _hold(self, raw, heads, reason):
        # As the system: the mail may be for a government that is not the caller's.
        self.sudo().create([{**heads, "reason": reason, "raw": base64.b64encode(raw)}])
        return {"status": "held", "number": False, "reason": reason}

    @api.model
    def _find_company(self, message):
        """The government whose office a mail was sent to: by the office's alias, else by the
        domain of the address.

        :rtype: res.company
        """
        try:
            heads = [str(message.get(name) or "") for name in RECIPIENTS]
        except UNREADABLE as error:
            _logger.info("A held mail has unreadable recipients: %s", error)
            heads = []
        addresses = email_normalize_all(",".join(heads))
        # As the system: a mail belongs to its government whoever hands it over.
        units = (
            self.env["lapor.unit"].sudo().search([("alias_id.alias_full_name", "in", addresses)])
        )
        companies = units.company_id
        if not companies:
            domains = [address.partition("@")[2] for address in addresses]
            aliased = self.env["mail.alias.domain"].sudo().search([("name", "in", domains)])
            companies = aliased.company_ids
        return companies if len(companies) == 1 else companies.browse()

    @api.model
    def _read_heads(self, raw):
        """Parse a mail as far as it goes: (message or None, subject, sender)."""
        try:
            message = email.message_from_bytes(raw, policy=email.policy.SMTP)
            subject = clean_line(str(message.get("Subject") or ""), 200)
            sender = clean_line(str(message.get("From") or ""), 200)
        except UNREADABLE as error:
            _logger.info("Held an unreadable mail: %s", error)
            return None, False, False
        if not raw.strip() or not (sender or message.get("To")):
            return None, subject, sender
        return message, subject, sender

    def action_release(self):
        """Take held mails in after all, as mails of a person."""
        self.check_access("write")
        for held in self.filtered(lambda mail: mail.state == "held"):
            raw = base64.b64decode(held.raw or b"")
            message, _subject, _sender = self._read_heads(raw)
            result, reason = (
                self._take_in(raw, message)
                if message is not None
                else (False, self.env._("This is not a readable mail."))
            )
            if result:
                complaint = self.env["lapor.complaint"].search(
                    [("number", "=", result["number"])], limit=1
                )
                held.write({"state": "released", "complaint_id": complaint.id})
            else:
                held.reason = reason
        return True

    def action_discard(self):
        """Put held mails aside; they stay readable."""
        self.check_access("write")
        self.filtered(lambda mail: mail.state == "held").state = "discarded"
        return True
