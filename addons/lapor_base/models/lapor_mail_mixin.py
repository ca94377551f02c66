import re

from lxml import etree
from markupsafe import Markup

from odoo import SUPERUSER_ID, api, models
from odoo.tools import html2plaintext, plaintext2html

from ..tools.mail_html import parse_html, without_remote
from ..tools.mail_reader import read_mail
from ..tools.plain_text import bare_subject, clean_line, clean_text, split_quoted

MAX_BODY = 200_000


class LaporMailMixin(models.AbstractModel):
    """How a mail becomes a complaint, or a message in the thread of one.

    The complainant's address is stored with the complainant only: messages in the thread
    carry the neutral author "Pelapor", so that hiding an identity later leaves no trace of
    it in the chatter.
    """

    _name = "lapor.mail.mixin"
    _description = "Mails of a Complaint"
    _inherit = ["lapor.case.mixin"]

    # ------------------------------------------------------------
    # IN
    # ------------------------------------------------------------

    @api.model
    def _new_from_mail(self, mail, unit, answer=True):
        """Make a complaint of a mail to a unit, as the system.

        :param ReadMail mail: the mail
        :param unit: ``lapor.unit`` that takes it in
        :param bool answer: False for the mail of a machine
        """
        gateway = self.with_user(SUPERUSER_ID)
        complainant = gateway.env["lapor.complainant"].create(
            {
                "name": clean_line(mail.sender_name, 120) or mail.sender or self.env._("Unknown"),
                "email": mail.sender or False,
                "company_id": unit.company_id.id,
            }
        )
        subject = clean_line(bare_subject(mail.subject), 250)
        text = self._text_of(mail) or subject or self.env._("(No text; see the attached files.)")
        complaint = gateway.with_context(
            mail_create_nosubscribe=True, mail_create_nolog=True
        )._file(
            [
                {
                    "name": subject or clean_line(text, 80),
                    "description": text,
                    "channel_id": self.env["ir.model.data"]._xmlid_to_res_id(
                        "lapor_base.channel_email"
                    ),
                    "complainant_id": complainant.id,
                    "company_id": unit.company_id.id,
                    "intake_unit_id": unit.id,
                }
            ]
        )
        # First what the complainant wrote, so that the thread tells the story in order.
        complaint._post_from_complainant(mail)
        complaint._start()
        if answer:
            complaint._acknowledge()
        return complaint

    def _post_mail(self, mail, colleague=None, confirmed=False):
        """Put a mail into the thread of a case, as the system.

        :param ReadMail mail: the mail
        :param colleague: ``res.users`` who wrote it; nobody when the complainant did
        :param bool confirmed: it came from another address, and somebody confirmed it
        """
        self.ensure_one()
        case = self.with_user(SUPERUSER_ID)
        if colleague:
            # A note for colleagues, whoever else the mail went to: it never leaves the office.
            return case._post(
                mail,
                author_id=colleague.partner_id.id,
                email_from=colleague.email_formatted,
                subtype_xmlid="mail.mt_note",
                is_internal=True,
            )
        message = case._post_from_complainant(mail, confirmed=confirmed)
        case.env["lapor.event"]._log([{"complaint": case, "code": "message_received"}])
        case._note_reply(message)
        return message

    def _post_from_complainant(self, mail, confirmed=False):
        head = None
        if confirmed:
            head = Markup("<p><em>%s</em></p>") % self.env._(
                "Sent from another address than the complainant's; confirmed by %s.",
                self.env.user.name if self.env.uid != SUPERUSER_ID else self.env._("an officer"),
            )
        return self._post(
            mail,
            head=head,
            author_id=self.env["ir.model.data"]._xmlid_to_res_id("lapor_base.partner_complainant"),
            email_from=self.managing_unit_id._mail_sender() or self.company_id.email_formatted,
            record_company_id=self.company_id.id,
            record_alias_domain_id=self.company_id.alias_domain_id.id,
            subtype_xmlid="lapor_base.mt_complainant",
            # A held case waits for this message: whoever has its step must see it.
            partner_ids=self.current_user_id.partner_id.ids if self.hold_id else [],
        )

    def _post(self, mail, head=None, **values):
        self.ensure_one()
        names = {file.cid for file in mail.files if file.cid}
        # Another sender's address is nobody's business either; a colleague's is known.
        others = [] if values.get("is_internal") else [mail.sender]
        return self.with_context(
            mail_create_nosubscribe=True, mail_post_autofollow_author_skip=True
        ).message_post(
            body=(head or Markup()) + self._without_secrets(self._body_of(mail, names), *others),
            subject=self._plain_subject(mail.subject),
            message_type="email",
            attachments=[
                (file.name, file.content, {"cid": file.cid} if file.cid else {})
                for file in mail.files
                # There is nothing in it that could be lost; a file that cannot be taken for
                # another reason holds the mail.
                if file.content
            ],
            **({"message_id": mail.message_id} if 0 < len(mail.message_id) < 250 else {}),
            **values,
        )

    def _note_reply(self, message):
        result = super()._note_reply(message)
        if self.phase == "closed" and self.managing_unit_id.closed_reply == "ask":
            self._add_task(
                "closed_reply",
                self._task_owner(),
                self.env._("The complainant wrote after the closing: answer, or reopen the case"),
            )
        return result

    def _colleague(self, address):
        """The colleague whose address this is; nobody when it is the complainant's.

        The address alone proves nothing: see ``lapor.mail.sorter._is_from_inside``.

        :rtype: res.users
        """
        self.ensure_one()
        if not address or address == self.complainant_id.email_normalized:
            return self.env["res.users"]
        return self.env["res.users"].search(
            [("email_normalized", "=", address), ("share", "=", False)], limit=1
        )

    # ------------------------------------------------------------
    # TEXT
    # ------------------------------------------------------------

    @api.model
    def _text_of(self, mail):
        """What the writer says: the mail's text without pictures, emphasis and quoted tail.

        A mail that only forwards another as a file says what that one says.
        """
        text = self._plain(mail)
        if not text:
            for file in mail.files:
                if file.mimetype == "message/rfc822":
                    inner = read_mail(file.content)
                    text = self._plain(inner) if inner else ""
                    break
        return split_quoted(text)[0]

    @api.model
    def _plain(self, mail):
        root = parse_html(mail.html)
        if root is None:
            return clean_text(mail.text)
        etree.strip_elements(root, "img", "style", "script", "head", etree.Comment, with_tail=False)
        etree.strip_tags(root, "b", "strong", "i", "em", "u", "font")
        text = html2plaintext(etree.tostring(root, encoding="unicode"), include_references=False)
        return clean_text(text) or clean_text(mail.text)

    @api.model
    def _body_of(self, mail, pictures):
        """The mail for the thread: cleaned, nothing loaded from elsewhere, its quoted tail marked
        so that the thread folds it away.

        :param set pictures: Content-Ids of the pictures that came with it
        """
        root = parse_html(mail.html)
        if root is not None:
            return Markup(without_remote(root, pictures)[:MAX_BODY])
        own, tail = split_quoted(clean_text(mail.text)[:MAX_BODY])
        body = plaintext2html(own)
        if tail:
            body += Markup('<div data-o-mail-quote="1">%s</div>') % plaintext2html(tail)
        return body

    def _plain_subject(self, subject):
        subject = clean_line(subject, 250)
        return self._without_identity(subject) if self.is_anonymous else subject

    def _without_secrets(self, body, *more):
        """A text without what the quoted tail of a mail repeats of our own mails: the tracking
        code, and the complainant's address in the heads of Outlook.

        :param body: plain text, or HTML as ``Markup``
        :param more: further words to leave out
        """
        self.ensure_one()
        secrets = [self.tracking_code, self.complainant_id.email_normalized, *more]
        words = "|".join(re.escape(secret) for secret in secrets if secret)
        kind = type(body)
        body = kind(re.sub(words, "…", body, flags=re.IGNORECASE)) if words else body
        if not self.is_anonymous or not self.complainant_id:
            return body
        masked = self._without_identity(Markup(body))
        if masked != body:
            self.complainant_id._keep_original([html2plaintext(body)])
        return masked

    # ------------------------------------------------------------
    # OUT
    # ------------------------------------------------------------

    def _notify_get_reply_to(self, default=None, author_id=False):
        replies, others = {}, self.browse()
        # The office's public address only.
        for complaint in self.sudo():
            replies[complaint.id] = complaint.managing_unit_id.alias_email
            others |= self.browse() if replies[complaint.id] else self.browse(complaint.id)
        if others or not self:
            replies.update(
                super(LaporMailMixin, others)._notify_get_reply_to(
                    default=default, author_id=author_id
                )
            )
        return replies
