import re

from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import html2plaintext, plaintext2html

from ..tools.mail_html import parse_html, without_quote_marks, without_remote
from ..tools.mail_quotes import split_quoted, split_signature
from ..tools.mail_reader import MAX_TEXT, read_mail
from ..tools.mail_words import missing_words
from ..tools.plain_text import bare_subject, clean_line, clean_text

#: Characters of HTML that the thread shows as it is; of a longer page it shows the text.
MAX_BODY = 200_000
#: Mails passed on as files whose text is read.
MAX_PASSED_ON = 5


class LaporMailMixin(models.AbstractModel):
    """How a mail becomes a complaint, or a message in the thread of one.

    The complainant's address is stored with the complainant only: messages in the thread
    carry the neutral author "Pelapor", so that hiding an identity later leaves no trace of
    it in the chatter.
    """

    _name = "lapor.mail.mixin"
    _description = "Mails of a Complaint"
    _inherit = ["lapor.case.mixin"]

    held_mail_count = fields.Integer(
        compute="_compute_held_mail_count",
        groups="lapor_base.group_lapor_intake,lapor_base.group_lapor_admin",
        help="Mails that seem to belong to this complaint and wait for a decision.",
    )

    def _compute_held_mail_count(self):
        # Counted as the user sees them.
        counts = dict(
            self.env["lapor.mail.held"]._read_group(
                [("complaint_id", "in", self.ids), ("state", "=", "held")],
                ["complaint_id"],
                ["__count"],
            )
        )
        for complaint in self:
            complaint.held_mail_count = counts.get(complaint._origin, 0)

    def action_view_held_mails(self):
        """The mails that are held and seem to belong to this complaint."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Held Mails"),
            "res_model": "lapor.mail.held",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "domain": [("complaint_id", "=", self.id)],
            "context": {"search_default_held": 1},
        }

    # ------------------------------------------------------------
    # IN
    # ------------------------------------------------------------

    @api.model
    def _new_from_mail(
        self, mail, unit, answer=True, left=(), lost=0, whole=None, channel="channel_email"
    ):
        """Make a complaint of a mail to a unit, as the system.

        :param ReadMail mail: the mail
        :param unit: ``lapor.unit`` that takes it in
        :param bool answer: False for the mail of a machine
        :param left: names of files that are not taken in with it
        :param int lost: how many of its words cannot be shown
        :param bool whole: whether the whole mail is kept elsewhere
        :param str channel: XML name of the channel by which it came
        """
        gateway = self.with_user(SUPERUSER_ID)
        complainant = gateway.env["lapor.complainant"].create(
            {
                "name": clean_line(mail.sender_name, 120) or mail.sender or self.env._("Unknown"),
                "email": mail.sender or False,
                "company_id": unit.company_id.id,
            }
        )
        title, text = self._said_by(mail)
        complaint = gateway.with_context(
            mail_create_nosubscribe=True, mail_create_nolog=True
        )._file(
            [
                {
                    "name": title,
                    "description": text,
                    "channel_id": self.env["ir.model.data"]._xmlid_to_res_id(
                        f"lapor_base.{channel}"
                    ),
                    "complainant_id": complainant.id,
                    "company_id": unit.company_id.id,
                    "intake_unit_id": unit.id,
                }
            ]
        )
        # First what the complainant wrote, so that the thread tells the story in order.
        message = complaint._post_from_complainant(mail, note=self._left_note(left, lost, whole))
        complaint._start(message._sealed_facts(mail))
        if answer:
            complaint._acknowledge(left)
        return complaint

    @api.model
    def _said_by(self, mail):
        """What a complaint says that a mail becomes.

        :returns: pair (its title, its text)
        """
        whole = clean_line(bare_subject(mail.subject), 5000)
        subject = clean_line(whole, 250)
        text = self._text_of(mail)
        if subject != whole:
            text = f"{whole}\n\n{text}".strip()
        text = text or subject or self.env._("(No text; see the attached files.)")
        return subject or clean_line(text, 80), text

    @api.model
    def _words_lost(self, mail, new):
        """How many words that were written into a mail neither the complaint nor its thread would
        show, counted apart from how they are read (``mail_words``).

        :param ReadMail mail: the mail
        :param bool new: whether it makes a complaint, which has a text of its own
        """
        kept = [html2plaintext(self._body_of(mail, set()))]
        if new:
            kept.append(self._text_of(mail))
        return missing_words(mail.message, *kept).total()

    @api.model
    def _left_note(self, left, lost=0, whole=None):
        """What the thread says of files and words that were not taken in; None where there is
        nothing."""
        said = []
        if left:
            said.append(self.env._("Not taken in with it: %s.", ", ".join(left)))
        if lost:
            said.append(self.env._("Damaged: %s words of this mail cannot be shown.", lost))
        if whole or ((left or lost) and whole is None):
            said.append(self.env._("The whole mail is kept among the held mails."))
        return " ".join(said) or None

    def _post_mail(
        self,
        mail,
        colleague=None,
        confirmed=False,
        proven=True,
        left=(),
        lost=0,
        whole=None,
        came_at=None,
    ):
        """Put a mail into the thread of a case, as the system.

        :param ReadMail mail: the mail
        :param colleague: ``res.users`` who wrote it; nobody when the complainant did
        :param bool confirmed: it came from another address, and somebody confirmed it
        :param bool proven: it is known to come from the complainant; an address alone is no proof
        :param left: names of files that are not taken in with it
        :param int lost: how many of its words cannot be shown
        :param bool whole: whether the whole mail is kept elsewhere
        :param came_at: naive UTC moment at which it came, where it was held since
        """
        self.ensure_one()
        case = self.with_user(SUPERUSER_ID)
        note = self._left_note(left, lost, whole)
        if colleague:
            # A note for colleagues, whoever else the mail went to: it never leaves the office.
            return case._post(
                mail,
                head=Markup("<p><em>%s</em></p>") % note if note else None,
                proven=False,
                author_id=colleague.partner_id.id,
                email_from=colleague.email_formatted,
                subtype_xmlid="mail.mt_note",
                is_internal=True,
            )
        message = case._post_from_complainant(mail, confirmed, proven, note)
        case.env["lapor.event"]._log(
            [
                {
                    "complaint": case,
                    "code": "message_received",
                    "data": {"proven": proven, **message._sealed_facts(mail)},
                }
            ]
        )
        case._note_reply(message, came_at)
        return message

    def _post_from_complainant(self, mail, confirmed=False, proven=True, note=None):
        said = [note and self._mail_text(note, proven, (mail.sender, mail.sender_name))]
        if confirmed:
            said.append(
                self.env._(
                    "Sent from another address than the complainant's; an officer confirmed it."
                )
            )
        elif not proven:
            said.append(
                self.env._("Sender not proven: nothing but the address says who wrote this.")
            )
        head = Markup().join(Markup("<p><em>%s</em></p>") % words for words in said if words)
        return self._post(
            mail,
            proven=proven,
            head=head,
            author_id=self.env["ir.model.data"]._xmlid_to_res_id("lapor_base.partner_complainant"),
            email_from=self.managing_unit_id._mail_sender() or self.company_id.email_formatted,
            record_company_id=self.company_id.id,
            record_alias_domain_id=self.company_id.alias_domain_id.id,
            subtype_xmlid="lapor_base.mt_complainant",
            # A held case waits for this message: whoever has its step must see it.
            partner_ids=self.current_user_id.partner_id.ids if self.hold_id else [],
        )

    def _post(self, mail, proven=True, head=None, **values):
        self.ensure_one()
        names = {file.cid for file in mail.files if file.cid}
        sender = (mail.sender, mail.sender_name)
        # Another sender's address is nobody's business either; a colleague's is known.
        others = [] if values.get("is_internal") else [mail.sender]
        body = self._without_secrets(
            self._body_of(mail, names), *others, proven=proven, sender=sender
        )
        message_id = mail.message_id
        if self._is_hidden():
            message_id = self.env["lapor.mail.sorter"]._hidden_id(message_id)
        return self.with_context(
            mail_create_nosubscribe=True,
            mail_post_autofollow_author_skip=True,
            # A page that came as a file is shown as its text, whoever opens it.
            attachments_mime_plainxml=True,
        )._post_act(
            body=(head or Markup()) + body,
            subject=self._mail_text(clean_line(mail.subject, 250), proven, sender),
            message_type="email",
            attachments=[
                (
                    self._mail_text(file.name, proven, sender),
                    file.content,
                    {"cid": file.cid} if file.cid else {},
                )
                for file in mail.files
                # There is nothing in it that could be lost; a file that cannot be taken for
                # another reason holds the mail.
                if file.content
            ],
            **({"message_id": message_id} if 0 < len(message_id) < 250 else {}),
            **values,
        )

    def _note_reply(self, message, came_at=None):
        result = super()._note_reply(message, came_at)
        if self.phase == "closed" and self.managing_unit_id.closed_reply == "ask":
            self._add_task(
                "closed_reply",
                self._task_owner(),
                self.env._("The complainant wrote after the closing: answer, or reopen the case"),
            )
        return result

    def _ask_about_held(self):
        """Let whoever coordinates decide on a mail that is held for these cases."""
        for case in self:
            summary = self.env._("A mail to this complaint is held: does it belong here?")
            case._add_task("held_mail", case._coordinator(), summary)

    def _colleague(self, address):
        """The colleague whose address this is; nobody when it is the complainant's.

        The address alone proves nothing: see ``lapor.mail.sorter._is_from_inside``.

        :rtype: res.users
        """
        self.ensure_one()
        # Of an anonymous case nothing tells that a colleague complained.
        own = not self._is_hidden() and self.complainant_id.email_normalized
        if not address or address == own:
            return self.env["res.users"]
        return self.env["res.users"].search(
            [("email_normalized", "=", address), ("share", "=", False)], limit=1
        )

    # ------------------------------------------------------------
    # TEXT
    # ------------------------------------------------------------

    @api.model
    def _text_of(self, mail):
        """What a complaint says that a mail makes: what somebody would copy out of it by hand. Of a
        mail that answers another one the quoted tail is left out; what a mail passes on, in its
        text or as a file, belongs to it.
        """
        text = clean_text(mail.words())
        if mail.is_answer() and not mail.is_forward():
            text = split_quoted(text)[0]
        passed_on = [file for file in mail.files if file.mimetype == "message/rfc822"]
        for file in passed_on[:MAX_PASSED_ON]:
            inner = read_mail(file.content)
            words = clean_text(inner.words()) if inner else ""
            if words:
                head = f"{inner.shown_sender()}: {inner.subject}".strip(" :")
                text = f"{text}\n\n----- {head} -----\n{words}" if text else words
        return text[:MAX_TEXT]

    @api.model
    def _body_of(self, mail, pictures):
        """The mail for the thread: all its parts in their order, cleaned, nothing loaded from
        elsewhere; a quoted tail under the writer's words, and signatures, marked so that the
        thread folds them away.

        :param set pictures: Content-Ids of the pictures that came with it
        """
        answers = mail.is_answer()
        parts, length = [], 0
        for block in mail.blocks:
            part = (
                self._html_part(block, pictures, answers)
                if block.kind == "html"
                else self._plain_part(clean_text(block.content), answers)
            )
            length += len(part)
            parts.append(part)
        if length > MAX_BODY:
            return self._plain_part(clean_text(mail.words()), answers)
        return Markup().join(parts)

    @api.model
    def _html_part(self, block, pictures, answers):
        root = parse_html(block.content)
        if root is None:
            return Markup()
        if not (answers and split_quoted(block.plain())[1]):
            # The writer's words go on below the quoted ones: nothing is folded away.
            without_quote_marks(root)
        return Markup(without_remote(root, pictures))

    @api.model
    def _plain_part(self, text, answers):
        own, tail = split_quoted(text) if answers else (text, "")
        own, signature = split_signature(own)
        body = plaintext2html(own)
        for folded in (signature, tail):
            if folded:
                body += Markup('<div data-o-mail-quote="1">%s</div>') % plaintext2html(folded)
        return body

    def _without_secrets(self, text, *more, proven=True, sender=()):
        """A text without what the quoted tail of a mail repeats of our own mails: the tracking
        code, and the complainant's address in the heads of Outlook.

        :param text: plain text, or HTML as ``Markup``
        :param more: further words to leave out
        :param bool proven: whether it comes from the complainant, or from a server that answers
            a mail to the complainant
        :param sender: see :meth:`_mail_text`
        """
        self.ensure_one()
        secrets = [self.tracking_code, *more]
        if proven or not self.is_anonymous:
            secrets.append(self.complainant_id.email_normalized)
        words = "|".join(re.escape(secret) for secret in secrets if secret)
        kind = type(text)
        text = kind(re.sub(words, "…", text, flags=re.IGNORECASE)) if words else text
        return self._mail_text(text, proven, sender)

    def _mail_text(self, text, proven, sender=()):
        """A text of a mail as the thread shows it: of an anonymous case without the complainant.

        Only what the complainant is known to have written is compared with the identity; whoever
        sends a mail in his name would see what is masked of it.

        :param text: plain text, or HTML as ``Markup``
        :param sender: how the mail calls its sender: masked where nobody knows who that is
        """
        if not text or not self._is_hidden():
            return text
        masked = self._without_identity(text) if proven else self._without_numbers(text, own=sender)
        if masked != text:
            html = hasattr(text, "__html__")
            self.complainant_id._keep_original([html2plaintext(text) if html else text])
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
