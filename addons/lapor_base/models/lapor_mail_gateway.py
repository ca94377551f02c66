import base64
import logging
import random
import time

from psycopg2 import IntegrityError, InterfaceError, OperationalError

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..tools import mail_bounds, mail_reader
from ..tools.mail_likelihood import person_score
from ..tools.mail_report import read_report
from ..tools.plain_text import clean_line
from .lapor_mail_sorter import UNREADABLE

_logger = logging.getLogger(__name__)

#: How often a mail is tried that others get in the way of.
TRIES = 8


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
        return gateway._deliver(gateway._read(raw, recipients, unit))

    @api.model
    def _read(self, raw, recipients, unit):
        """Read a mail within bounds, and find out whom it is for.

        :rtype: SortedMail
        """
        sorter = self.env["lapor.mail.sorter"]
        bound = mail_bounds.excess(raw)
        try:
            mail = mail_reader.read_mail(raw) if not bound else None
            if mail:
                addresses = [address.casefold() for address in recipients] + mail.recipients
                return sorter._sort(mail, raw, addresses, unit)
        except UNREADABLE as error:
            _logger.info("Held an unreadable mail: %s", error)
        return sorter._sort_unread(raw, bound, recipients, unit)

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
        results = []
        for unit in post.doors():
            rule, result = self._deliver_once(post, unit)
            results.append(result)
            if rule and rule.is_fixed and (rule.is_silent or rule.outcome == "report"):
                # What a machine wrote is one office's business.
                break
        return next((result for result in results if result["status"] != "duplicate"), results[0])

    @api.model
    def _deliver_once(self, post, unit):
        """Do with a mail for one office what the rules say (``lapor.mail.rule``).

        When it fails, the mail is held: the receipt and the held mail stay in any case.

        :returns: pair (the rule that caught it, None for a new complaint; the result)
        """
        post.begin()
        receipt = self._enter(post, unit)
        rules = self.env["lapor.mail.rule"]
        try:
            with self.env.cr.savepoint():
                rule, detail = rules._decide(post, unit)
                return rule, self._act(post, unit, receipt, rule, detail)
        except (UserError, ValidationError, AccessError) as error:
            self.env.invalidate_all()
            post.refusal = str(error.args[0]) or type(error).__name__
        except UNREADABLE as error:
            _logger.info("Held a mail that failed: %s", error, exc_info=True)
            self.env.invalidate_all()
            post.failure = type(error).__name__
        rule, detail = rules._decide(post, unit)
        return rule, self._hold(post, unit, receipt, rule, detail)

    @api.model
    def _act(self, post, unit, receipt, rule, detail):
        outcome = rule.outcome if rule else "new"
        if outcome == "known":
            return self._duplicate(post, unit)
        if outcome == "hold":
            return self._hold(post, unit, receipt, rule, detail)
        if outcome == "report":
            return self._take_report(post, unit, receipt, rule, detail)
        if outcome == "note":
            return self._take_note(post, unit, receipt)
        if outcome == "reply":
            return self._take_reply(post, unit, receipt)
        return self._make_complaint(post, unit, receipt)

    @api.model
    def _enter(self, post, unit):
        """The new receipt of a mail for an office; empty when it has been received before.

        Another content under a known Message-Id is neither lost nor taken for the known mail: it
        is entered under a key of its own.
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
            receipt = Receipt._claim(f"{post.key}#{post.fingerprint}", office, values)
            post.is_reused = bool(receipt)
        post.is_known = not receipt
        return receipt

    @api.model
    def _duplicate(self, post, unit):
        known = self.env["lapor.mail.receipt"]._find(post.key, unit.office_id or unit)
        return {
            "status": "duplicate",
            "number": known.complaint_id.number,
            "reason": self.env._("This mail has been taken in before."),
            "rule": "known",
        }

    # ------------------------------------------------------------
    # FATES
    # ------------------------------------------------------------

    @api.model
    def _make_complaint(self, post, unit, receipt):
        Complaint = self.env["lapor.complaint"].with_company(unit.company_id)
        left = [file.name for file in post.left]
        # A form names who gets the receipt.
        answer = bool(post.source) or self._returnable(post)
        complaint = Complaint._new_from_mail(
            post.taken_mail(), unit, answer, left, lost=post.lost, channel=post.channel()
        )
        self._keep_original(post, unit, receipt, complaint)
        return self._done(receipt, "new", complaint, post.raw)

    @api.model
    def _returnable(self, post):
        """Whether an answer can reach the sender: nothing answers a mail of which the sender's
        address is empty (RFC 3834)."""
        returned = mail_reader.header(post.mail.message, "Return-Path")
        return bool(post.mail.sender) and returned.replace(" ", "") != "<>"

    @api.model
    def _take_note(self, post, unit, receipt):
        """An internal note of a colleague in the thread of a case."""
        colleague = self.env["lapor.mail.rule"]._writer(post)[2]
        left = [file.name for file in post.left]
        post.case._post_mail(post.taken_mail(), colleague=colleague, left=left, lost=post.lost)
        self._keep_original(post, unit, receipt, post.case)
        return self._done(receipt, "note", post.case)

    @api.model
    def _take_reply(self, post, unit, receipt):
        """A message of its complainant in the thread of a case."""
        proven = self.env["lapor.mail.rule"]._writer(post)[0]
        left = [file.name for file in post.left]
        post.case._post_mail(post.taken_mail(), proven=proven, left=left, lost=post.lost)
        self._keep_original(post, unit, receipt, post.case)
        return self._done(receipt, "reply", post.case, post.raw)

    @api.model
    def _take_report(self, post, unit, receipt, rule, mark):
        """What another server says of a mail of ours, to the attempt that it was."""
        report = read_report(post.mail.message, post.mail.text or post.mail.html)
        attempt = self.env["lapor.response"]._find_mailed(report, post.tokened_case)
        if not attempt:
            return self._hold(post, unit, receipt, rule, report.reason or mark)
        if not report.action:
            # It answers a mail of ours, but says nothing that a program understands.
            post.case = attempt.complaint_id
            return self._hold(post, unit, receipt, rule, mark)
        attempt._note_report(report)
        # The report itself stays as it came, as proof.
        held = self._keep(post, unit, rule, report.reason or mark)
        held.write({"state": "released", "complaint_id": attempt.complaint_id.id})
        receipt.held_id = held
        return self._done(receipt, "report", attempt.complaint_id)

    @api.model
    def _unfit_files(self, mail, company):
        """The files of a mail that cannot be evidence, empty ones too: one bad file costs only
        that file.

        :rtype: list[MailFile]
        """
        return [file for file in mail.files if company._lapor_file_fault(file.name, file.content)]

    @api.model
    def _keep_original(self, post, unit, receipt, complaint):
        """Keep a mail whole of which not all could be taken in."""
        if post.left:
            code, detail = "attachment", ", ".join(file.name for file in post.left)
        elif post.lost:
            code, detail = "words", str(post.lost)
        else:
            return
        rule = self.env["lapor.mail.rule"]._by_code(code)
        held = self._keep(post, unit, rule, detail)
        held.write({"state": "released", "complaint_id": complaint.id})
        receipt.held_id = held

    @api.model
    def _done(self, receipt, fate, complaint, raw=None):
        """Enter what became of a mail; a mail of a complainant (``raw``) is kept as it came in."""
        vals = {"fate": fate, "complaint_id": complaint.id, "company_id": complaint.company_id.id}
        if raw:
            vals["raw"] = base64.b64encode(raw)
        receipt.write(vals)
        return {"status": fate, "number": complaint.number, "reason": False, "rule": False}

    @api.model
    def _hold(self, post, unit, receipt, rule, detail=""):
        held = self._keep(post, unit, rule, detail)
        receipt.write({"fate": "held", "held_id": held.id, "company_id": held.company_id.id})
        # Silent is only what nobody can be waiting behind; what answers a mail of ours never is.
        if not rule.is_silent or post.parent or post.tokened_case:
            post.case._ask_about_held()
        if not post.case:
            held._ask_coordinator()
        return {
            "status": "held",
            "number": False,
            "reason": held.reason,
            "rule": rule.code,
        }

    @api.model
    def _keep(self, post, unit, rule, detail=""):
        company = post.case.company_id or unit.company_id or post.company
        mail = post.mail
        base = self.env["lapor.mail.rule"].browse(rule.id).likelihood
        score = person_score(
            base,
            answers_us=bool(post.parent or post.tokened_case),
            has_name=bool(mail.sender_name),
            sender=mail.sender or post.through or (not post.is_read and mail.sender_name) or "",
            words=0 if post.failure else len(mail.words()[:2000].split()),
            files=len(mail.files),
            returns_nowhere=mail_reader.header(mail.message, "Return-Path").strip() == "<>",
        )
        return self.env["lapor.mail.held"].create(
            {
                "score": score,
                "name": clean_line(post.mail.subject, 200) or self.env._("(no subject)"),
                "sender": clean_line(post.mail.shown_sender() or post.through, 200),
                "rule_id": rule.id,
                "detail": clean_line(detail, 250),
                "raw": base64.b64encode(post.raw),
                "size": len(post.raw),
                "unit_id": unit.id,
                "complaint_id": post.case.id,
                "company_id": company.id,
            }
        )
