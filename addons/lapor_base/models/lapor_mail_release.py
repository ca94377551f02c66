from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError

from ..tools import mail_bounds, mail_reader
from .lapor_mail_sorter import UNREADABLE


class LaporMailGateway(models.AbstractModel):
    """Held mails that somebody takes in."""

    _inherit = "lapor.mail.gateway"

    @api.model
    def _release(self, held, new=False, person=True):
        """Take a held mail in because somebody says so, past what held it.

        :param bool person: whether a person wrote it, who then gets a receipt
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
        post.left = gateway._unfit_files(mail, (case or unit).company_id)
        mail, left = post.taken_mail(), [file.name for file in post.left]
        # Of a mail that is cut that is known, and how much is not.
        cut = mail.is_cut()
        lost = 0 if cut else gateway.env["lapor.complaint"]._words_lost(mail, new=not case)
        whole = bool(left or lost or cut)
        if case:
            case = case.with_user(SUPERUSER_ID)
            # Of an anonymous case nothing tells whether the address is the complainant's.
            hidden = case._is_hidden()
            confirmed = not hidden and case.complainant_id.email_normalized != mail.sender
            proven = not hidden and gateway.env["lapor.mail.sorter"]._is_proven(post)
            case._post_mail(
                mail,
                confirmed=confirmed,
                proven=proven,
                left=left,
                lost=lost,
                whole=whole,
                came_at=held.create_date,
            )
            gateway._done(receipt, "reply", case)
            return case
        # An office of ours is not answered, whoever takes its mail in.
        answer = person and not post.is_own
        complaint = gateway.env["lapor.complaint"]._new_from_mail(
            mail, unit, answer, left, lost=lost, whole=whole, channel=post.channel()
        )
        gateway._done(receipt, "new", complaint)
        return complaint
