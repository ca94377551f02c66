import base64
import hashlib
import logging
import random
import time
from email.errors import MessageError
from email.parser import BytesHeaderParser

from psycopg2 import DataError, IntegrityError, InterfaceError, OperationalError

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..tools import mail_bounds, mail_reader
from ..tools.mail_headers import automatic_mark
from ..tools.mail_report import read_report
from ..tools.plain_text import clean_line

_logger = logging.getLogger(__name__)

#: Why mails are held of which nobody has to be told at their complaint.
SILENT = {"automatic", "list", "own", "repeat"}

#: How often a mail is tried that others get in the way of.
TRIES = 8

# What the mail package, lxml and the database driver raise on hopeless mails.
UNREADABLE = (
    MessageError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    RecursionError,
    AssertionError,
    OverflowError,
    DataError,
)


class LaporMailGateway(models.AbstractModel):
    """The one door of mails, whoever hands them over.

    For each mail: read it within bounds, find the case or the offices that it is for, enter it
    once (``lapor.mail.receipt``), and take it in or hold it (``lapor.mail.held``). All in the
    caller's transaction: who hands a mail over tells its source only after the commit. Nothing is
    ever answered from here but a new complaint of a person, by its acknowledgement.
    """

    _name = "lapor.mail.gateway"
    _description = "Mail Gateway"

    @api.model
    def _receive(self, raw, recipients=(), unit=None):
        """Take in one mail.

        :param bytes raw: the mail as received (RFC 5322)
        :param recipients: addresses of the envelope, where the source tells them
        :param unit: ``lapor.unit`` whose door this is: it gets what is for nobody else
        :returns: see ``lapor.mail.held.process_raw``; of several offices the first
        :raises psycopg2.OperationalError: when the database asks to try again
        """
        # As the system: the sender is nobody here, and the mail belongs to its office whoever
        # hands it over.
        gateway = self.with_user(SUPERUSER_ID)
        unit = (unit or self.env["lapor.unit"]).with_user(SUPERUSER_ID)
        excess, post = mail_bounds.excess(raw), None
        try:
            mail = mail_reader.read_mail(raw) if not excess else None
            if mail:
                addresses = [address.casefold() for address in recipients] + mail.recipients
                post = gateway.env["lapor.mail.sorter"]._sort(mail, raw, addresses, unit)
        except UNREADABLE as error:
            _logger.info("Held an unreadable mail: %s", error)
        if post is None:
            return gateway._keep_unread(raw, excess, recipients, unit)
        return gateway._deliver(post)

    @api.model
    def _receive_now(self, raw, recipients=(), unit=None):
        """Take in one mail in a transaction of its own, committed when this returns.

        Two processes that take in the same mail, or number two complaints at once, get in each
        other's way: the database lets one win, and the other tries again. So it does when the
        database goes away, even at the commit: what is in by then is known by its receipt.

        :raises psycopg2.Error: when it did not succeed; nothing has been done then
        """
        unit_id = unit.id if unit else False
        context, turn = self._staff_context(), 0
        while True:
            try:
                with self.env.registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, context)
                    unit = env["lapor.unit"].browse(unit_id)
                    return env["lapor.mail.gateway"]._receive(raw, recipients, unit)
            except (OperationalError, IntegrityError, InterfaceError) as error:
                turn += 1
                if turn == TRIES:
                    raise
                _logger.info("A mail is tried again: %s", error)
            time.sleep(random.uniform(0, 0.1 * 2**turn))

    @api.model
    def _staff_context(self):
        """What the program writes by itself is for the staff: in Indonesian where it is there."""
        installed = dict(self.env["res.lang"].get_installed())
        return {"lang": "id_ID"} if "id_ID" in installed else {}

    @api.model
    def _deliver(self, post):
        """Enter a sorted mail for each of its offices, and take it in or hold it."""
        kind, mark = automatic_mark(post.mail.message, self.env["lapor.mail.sorter"]._ours())
        if kind == "report":
            return self._deliver_once(post, post.units[:1], self._take_report, mark)
        if kind:
            return self._deliver_once(post, post.units[:1], self._hold, kind, mark)
        if post.is_own:
            return self._deliver_once(post, post.units[:1], self._hold, "own", post.mail.sender)
        if post.case:
            office = post.case.managing_unit_id
            return self._deliver_once(post, office, self._take_reply)
        if not post.units:
            return self._deliver_once(post, post.units, self._hold, "unrouted")
        results = [self._deliver_once(post, unit, self._take_new) for unit in post.units]
        return next((result for result in results if result["status"] != "duplicate"), results[0])

    @api.model
    def _deliver_once(self, post, unit, take, *args):
        """Let ``take`` handle a mail for one office, unless that has been done before.

        When it fails, the mail is held: the receipt and the held mail stay in any case.
        """
        receipt, reused = self._enter(post, unit)
        if not receipt:
            return self._duplicate(post, unit)
        if reused:
            return self._hold(post, unit, receipt, "reused")
        try:
            with self.env.cr.savepoint():
                return take(post, unit, receipt, *args)
        except (UserError, ValidationError, AccessError) as error:
            self.env.invalidate_all()
            return self._hold(post, unit, receipt, "refused", str(error.args[0]))
        except UNREADABLE as error:
            _logger.info("Held a mail that failed: %s", error, exc_info=True)
            self.env.invalidate_all()
            return self._hold(post, unit, receipt, "unreadable", type(error).__name__)

    @api.model
    def _enter(self, post, unit):
        """The new receipt of a mail for an office; empty when it has been received before.

        Another content under a known Message-Id is neither lost nor taken for the known mail: it
        is entered under a key of its own.

        :returns: pair (receipt, whether another mail has its Message-Id)
        """
        office = unit.office_id or unit
        values = {
            "fingerprint": post.fingerprint,
            "sender_key": post.sender_key,
            "gist": post.gist,
        }
        Receipt = self.env["lapor.mail.receipt"]
        receipt = Receipt._claim(post.key, office, values)
        if not receipt and Receipt._find(post.key, office).fingerprint != post.fingerprint:
            return Receipt._claim(f"{post.key}#{post.fingerprint}", office, values), True
        return receipt, False

    @api.model
    def _duplicate(self, post, unit):
        known = self.env["lapor.mail.receipt"]._find(post.key, unit.office_id or unit)
        return {
            "status": "duplicate",
            "number": known.complaint_id.number,
            "reason": self.env._("This mail has been taken in before."),
        }

    # ------------------------------------------------------------
    # FATES
    # ------------------------------------------------------------

    @api.model
    def _take_new(self, post, unit, receipt):
        """A new complaint, unless something stands against it."""
        obstacle = post.obstacle() or self._limit(post, unit, receipt)
        if obstacle:
            return self._hold(post, unit, receipt, *obstacle)
        return self._make_complaint(post, unit, receipt)

    @api.model
    def _make_complaint(self, post, unit, receipt):
        Complaint = self.env["lapor.complaint"].with_company(unit.company_id)
        left = self._leave_out(post.mail, unit.company_id)
        # RFC 3834: nothing answers a mail that no answer can reach.
        answer = mail_reader.header(post.mail.message, "Return-Path").replace(" ", "") != "<>"
        complaint = Complaint._new_from_mail(post.mail, unit, answer, left)
        if left:
            self._keep_original(post, unit, receipt, complaint, left)
        return self._done(receipt, "new", complaint, post.raw)

    @api.model
    def _take_reply(self, post, unit, receipt):
        """A message in the thread of a case: of its complainant, or of a colleague."""
        case = post.case
        obstacle = post.obstacle(reply=True) or self._limit(post, unit, receipt)
        if obstacle:
            return self._hold(post, unit, receipt, *obstacle)
        sorter = self.env["lapor.mail.sorter"]
        proven, inside = sorter._is_proven(post), sorter._is_from_inside(post)
        if not (proven or inside) and (case.is_anonymous or case.is_restricted):
            # Before anything is compared: nothing tells whether the address is the complainant's.
            return self._hold(post, unit, receipt, "unproven", case.number)
        colleague = case._colleague(post.mail.sender)
        if colleague and (inside or not case._is_hidden()):
            if not inside or not case.with_user(colleague).has_access("read"):
                return self._hold(post, unit, receipt, "staff", colleague.name)
            left = self._leave_out(post.mail, case.company_id)
            case._post_mail(post.mail, colleague=colleague, left=left)
            if left:
                self._keep_original(post, unit, receipt, case, left)
            return self._done(receipt, "note", case)
        if case.complainant_id.email_normalized != post.mail.sender:
            return self._hold(post, unit, receipt, "other_sender", case.number)
        left = self._leave_out(post.mail, case.company_id)
        case._post_mail(post.mail, proven=proven, left=left)
        if left:
            self._keep_original(post, unit, receipt, case, left)
        return self._done(receipt, "reply", case, post.raw)

    @api.model
    def _take_report(self, post, unit, receipt, mark):
        """What another server says of a mail of ours, to the attempt that it was."""
        report = read_report(post.mail.message, post.mail.text or post.mail.html)
        attempt = self.env["lapor.response"]._find_mailed(report, post.tokened_case)
        if not attempt:
            return self._hold(post, unit, receipt, "report", report.reason or mark)
        if not report.action:
            # It answers a mail of ours, but says nothing that a program understands.
            post.case = attempt.complaint_id
            return self._hold(post, unit, receipt, "report", mark)
        attempt._note_report(report)
        # The report itself stays as it came, as proof.
        held = self._keep(post, unit, "report", report.reason or mark)
        held.write({"state": "released", "complaint_id": attempt.complaint_id.id})
        receipt.held_id = held
        return self._done(receipt, "report", attempt.complaint_id)

    @api.model
    def _leave_out(self, mail, company):
        """Take out of a mail the files that cannot be evidence: one bad file costs only that file.

        :returns: names of what was left out; empty files are among them
        """
        left = [file for file in mail.files if company._lapor_file_fault(file.name, file.content)]
        mail.files = [file for file in mail.files if file not in left]
        return [file.name for file in left]

    @api.model
    def _keep_original(self, post, unit, receipt, complaint, left):
        """Keep a mail whole of which not all could be taken in."""
        held = self._keep(post, unit, "attachment", ", ".join(left))
        held.write({"state": "released", "complaint_id": complaint.id})
        receipt.held_id = held

    @api.model
    def _done(self, receipt, fate, complaint, raw=None):
        """Enter what became of a mail; a mail of a complainant (``raw``) is kept as it came in."""
        vals = {"fate": fate, "complaint_id": complaint.id, "company_id": complaint.company_id.id}
        if raw:
            vals["raw"] = base64.b64encode(raw)
        receipt.write(vals)
        return {"status": fate, "number": complaint.number, "reason": False}

    @api.model
    def _hold(self, post, unit, receipt, kind, detail=""):
        held = self._keep(post, unit, kind, detail)
        receipt.write({"fate": "held", "held_id": held.id, "company_id": held.company_id.id})
        # Silent is only what nobody can be waiting behind; what answers a mail of ours never is.
        if kind not in SILENT or post.parent or post.tokened_case:
            post.case._ask_about_held()
        if not post.case:
            held._ask_coordinator()
        return {"status": "held", "number": False, "reason": held.reason}

    @api.model
    def _keep(self, post, unit, kind, detail=""):
        company = post.case.company_id or unit.company_id or post.company
        return self.env["lapor.mail.held"].create(
            {
                "name": clean_line(post.mail.subject, 200) or self.env._("(no subject)"),
                "sender": clean_line(post.mail.shown_sender(), 200),
                "kind": kind,
                "detail": clean_line(detail, 250),
                "raw": base64.b64encode(post.raw),
                "size": len(post.raw),
                "unit_id": unit.id,
                "complaint_id": post.case.id,
                "company_id": company.id,
            }
        )

    @api.model
    def _keep_unread(self, raw, excess, recipients, unit):
        """Hold what is not opened; its heads are read as far as they go."""
        digest = hashlib.sha256(raw).hexdigest()
        Receipt = self.env["lapor.mail.receipt"]
        receipt = Receipt._claim(f"raw:{digest}", unit, {"fingerprint": digest})
        if not receipt:
            return {
                "status": "duplicate",
                "number": False,
                "reason": self.env._("This mail has been taken in before."),
            }
        subject, sender, addresses = "", "", list(recipients)
        try:
            heads = BytesHeaderParser(policy=mail_reader.POLICY).parsebytes(
                raw[: mail_bounds.MAX_HEADERS]
            )
            subject, sender = (
                mail_reader.header(heads, "Subject"),
                mail_reader.header(heads, "From"),
            )
            addresses += mail_reader.recipients(heads)
        except UNREADABLE as error:
            _logger.info("A held mail has unreadable heads: %s", error)
        sorter = self.env["lapor.mail.sorter"]
        unit = unit or next(iter(sorter._find_units(addresses).values()), unit)
        company = unit.company_id or sorter._find_company(addresses)
        held = self.env["lapor.mail.held"].create(
            {
                "name": clean_line(subject, 200) or self.env._("(no subject)"),
                "sender": clean_line(sender, 200),
                "kind": "excess" if excess else "unreadable",
                "detail": excess,
                "raw": base64.b64encode(raw),
                "size": len(raw),
                "unit_id": unit.id,
                "company_id": company.id,
            }
        )
        receipt.write({"fate": "held", "held_id": held.id, "company_id": held.company_id.id})
        return {"status": "held", "number": False, "reason": held.reason}

    @api.model
    def _limit(self, post, unit, receipt):
        """Whether this sender has written too much lately.

        :returns: pair (kind, detail) to hold it by, or None
        """
        hour, day, same, undecided = self.env["lapor.mail.receipt"]._recent(
            post.sender_key, post.gist
        )
        office = post.case.managing_unit_id or unit._managing_office()
        if not office:
            return None
        reason = None
        if same > office.mail_repeat_limit:
            reason = ("repeat", self.env._("%s times in a week", same))
        elif hour > office.mail_hour_limit:
            reason = ("flood", self.env._("%s mails in an hour", hour))
        elif day > office.mail_day_limit:
            reason = ("flood", self.env._("%s mails in a day", day))
        elif undecided:
            # What a machine began would go on every hour: somebody decides first.
            reason = ("flood", self.env._("%s earlier mails are still held", undecided))
        if reason and self.env["mail.gateway.allowed"].search_count(
            [("email_normalized", "=", post.mail.sender)], limit=1
        ):
            return None
        return reason
