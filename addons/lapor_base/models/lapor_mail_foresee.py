from odoo import SUPERUSER_ID, api, models

from ..tools import mail_bounds, mail_reader
from ..tools.mail_report import read_report
from .lapor_mail_sorter import UNREADABLE


class LaporMailGateway(models.AbstractModel):
    """What would become of a mail, asked without taking it in."""

    _inherit = "lapor.mail.gateway"

    @api.model
    def _foresee(self, raw, recipients=(), unit=None):
        """Ask the rules about a mail as if it came now; nothing is written, nothing is sent.

        :param bytes raw: the mail as received (RFC 5322)
        :param recipients: addresses of the envelope, where the source tells them
        :param unit: ``lapor.unit`` whose door this is
        :returns: list of dicts, one for each office that it is for: ``status`` as of
            :meth:`_receive` ("duplicate" where it is there already), ``rule`` and ``unit``
            (records, empty for none), ``case``, ``reason``, ``sender`` (who the complainant would
            be), ``receipt`` (the address to which a receipt would go), and what :meth:`_says` tells
        """
        # As the system: see _receive. Whoever asks is checked by the dialog that asks.
        gateway = self.with_user(SUPERUSER_ID)
        unit = (unit or self.env["lapor.unit"]).with_user(SUPERUSER_ID)
        post = gateway._read(raw, recipients, unit)
        return [gateway._foresee_at(post, office) for office in post.doors()]

    @api.model
    def _foresee_at(self, post, unit):
        post.begin()
        Receipt, office = self.env["lapor.mail.receipt"], unit.office_id or unit
        known = Receipt._find(post.key, office)
        other = bool(known) and known.fingerprint != post.fingerprint
        if other:
            known = Receipt._find(f"{post.key}#{post.fingerprint}", office)
        post.is_known, post.is_reused = bool(known), other and not known
        rules = self.env["lapor.mail.rule"]
        try:
            rule, detail = rules._decide(post, unit)
        except UNREADABLE as error:
            post.failure = type(error).__name__
            rule, detail = rules._decide(post, unit)
        status = self._foreseen_status(post, rule)
        rule = rules.browse(rule.id if rule else ())
        says = {"title": post.mail.subject, "text": "", "files": [], "left": []}
        if post.is_read:
            says = self._says(post.mail, post.left)
        answered = status == "new" and (post.source or self._returnable(post))
        return {
            "status": status,
            "rule": rule,
            "unit": unit,
            "case": post.case,
            "reason": self.env["lapor.mail.held"]._said(rule, detail) if rule else False,
            "sender": post.mail.shown_sender(),
            "receipt": post.mail.sender if answered else "",
            **says,
        }

    @api.model
    def _foreseen_status(self, post, rule):
        outcome = rule.outcome if rule else "new"
        if outcome == "report":
            report = read_report(post.mail.message, post.mail.text or post.mail.html)
            found = self.env["lapor.response"]._find_mailed(report, post.tokened_case)
            return "report" if found and report.action else "held"
        return {"hold": "held", "known": "duplicate"}.get(outcome, outcome)

    @api.model
    def _says(self, mail, left=()):
        """What a mail says, as a complaint would.

        :param ReadMail mail: the mail
        :param left: those of its files that stay outside
        :returns: dict of ``title``, ``text``, and names of ``files`` and of those ``left`` out
        """
        title, text = self.env["lapor.complaint"]._said_by(mail)
        return {
            "title": title,
            "text": text,
            "files": [file.name for file in mail.files if file not in left],
            "left": [file.name for file in left],
        }

    @api.model
    def _tell(self, raw, result):
        """What became of a mail that was taken in, and what it says.

        :param bytes raw: the mail as received
        :param dict result: see :meth:`_receive`
        :returns: the result with what :meth:`_says` tells
        """
        try:
            mail = None if mail_bounds.excess(raw) else mail_reader.read_mail(raw)
            # The number is False of what was held.
            case = self.env["lapor.complaint"].search([("number", "=", result["number"])], limit=1)
            left = self._unfit_files(mail, case.company_id) if mail and case else ()
            says = self._says(mail, left) if mail else {}
        except UNREADABLE:
            says = {}
        return {**result, **says}
