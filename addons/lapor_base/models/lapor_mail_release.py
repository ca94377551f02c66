from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError

from ..tools import mail_bounds, mail_reader
from ..tools.mail_headers import automatic_mark
from .lapor_mail_gateway import UNREADABLE


class LaporMailGateway(models.AbstractModel):
    """Held mails that somebody takes in."""

    _inherit = "lapor.mail.gateway"

    @api.model
    def _release(self, held, new=False):
        """Take a held mail in because somebody says so, past what held it.

        :returns: the complaint
        :raises UserError: when it cannot be taken in, and why
        """
        gateway = self.with_user(SUPERUSER_ID)
        held = held.with_user(SUPERUSER_ID)
        raw = held._raw_bytes()
        try:
            mail = None if mail_bounds.excess(raw) else mail_reader.read_mail(raw)
        except UNREADABLE:
            mail = None
        if mail is None:
            raise UserError(
                self.env._(
                    "This mail cannot be opened. Download the original, register the complaint "
                    "by hand, then discard the mail."
                )
            )
        case = self.env["lapor.complaint"] if new else held.complaint_id
        post = gateway.env["lapor.mail.sorter"]._sort(mail, raw, mail.recipients, held.unit_id)
        unit = held.unit_id or post.units[:1]
        receipt = gateway.env["lapor.mail.receipt"].search([("held_id", "=", held.id)], limit=1)
        if not (case or unit):
            raise UserError(self.env._("No office has this address. Choose the office first."))
        note = gateway._leave_out(mail, (case or unit).company_id)
        if case:
            case = case.with_user(SUPERUSER_ID)
            # Of an anonymous case nothing tells whether the address is the complainant's.
            hidden = case._is_hidden()
            confirmed = not hidden and case.complainant_id.email_normalized != mail.sender
            proven = not hidden and gateway.env["lapor.mail.sorter"]._is_proven(post)
            case._post_mail(mail, confirmed=confirmed, proven=proven, note=note)
            gateway._done(receipt, "reply", case)
            return case
        # Neither a machine nor an office of ours is answered, whoever takes its mail in.
        answer = not automatic_mark(mail.message)[0] and not post.is_own
        complaint = gateway.env["lapor.complaint"]._new_from_mail(mail, unit, answer, note)
        gateway._done(receipt, "new", complaint)
        return complaint

    @api.model
    def _leave_out(self, mail, company):
        """Take out of a released mail the files that cannot be evidence: they stay with its
        original, and the rest need not wait for them.

        :returns: what is to be said about it, or None
        """
        left = [
            file
            for file in mail.files
            if file.content and company._lapor_file_fault(file.name, file.content)
        ]
        mail.files = [file for file in mail.files if file not in left]
        said = []
        if left:
            names = ", ".join(file.name for file in left)
            said.append(self.env._("Not taken in with it: %s.", names))
        if left or mail.cut:
            said.append(self.env._("The whole mail is kept among the held mails."))
        return " ".join(said) or None
