from markupsafe import Markup

from odoo import models
from odoo.tools import plaintext2html

from ..tools.mail_quotes import split_quoted
from ..tools.personal_data import KINDS, mask_personal
from ..tools.plain_text import clean_text
from ..tools.program import as_program

# The task of whoever works on the main complaint.
TASK = "supporter_wrote"
# So much of a mail is told in another case; the whole stands in its own.
MAX_TOLD = 5000


class LaporComplaint(models.Model):
    """What the complainant of a supporter writes reaches whoever works on the main complaint: a
    note there without the writer's identity, and a task. Of a confidential supporter the note tells
    the number only.

    What nobody has read yet goes along: with the supporter when it is separated, with the main
    complaint when that one is merged into another.
    """

    _inherit = "lapor.complaint"

    def _post_mail(self, mail, colleague=None, **details):
        message = super()._post_mail(mail, colleague, **details)
        # As the system, as the mail itself is written.
        case = self.sudo()
        if not colleague and case.main_id and case.phase != "closed":
            case._pass_on(case._reply_told(mail, message, details.get("proven", True)))
        return message

    def _reply_told(self, mail, message, proven):
        """What the complainant of this supporter wrote, for those who work on the main complaint.

        :param ReadMail mail: what was written
        :param message: the ``mail.message`` that was made of it
        :param bool proven: whether it is known to come from the complainant
        :returns: HTML of the note
        """
        self.ensure_one()
        if self.is_restricted:
            return self._reply_untold()
        text = clean_text(mail.words())
        if mail.is_answer() and not mail.is_forward():
            text = split_quoted(text)[0]
        text = self._without_secrets(
            text[:MAX_TOLD], mail.sender, proven=proven, sender=(mail.sender, mail.sender_name)
        )
        # An anonymous complainant's words are not compared with the identity once more.
        own = [] if self.is_anonymous else self._own_identity()
        text = mask_personal(text, [*own, mail.sender_name or ""], KINDS)
        said = [self.env._("The complainant of %s, which supports this one, wrote:", self.number)]
        if not proven:
            said.append(
                self.env._("Sender not proven: nothing but the address says who wrote this.")
            )
        files = len(message.attachment_ids)
        body = Markup("<p>%s</p>") % " ".join(said)
        body += Markup("<blockquote>%s</blockquote>") % plaintext2html(text or "–")
        if files:
            body += Markup("<p>%s</p>") % self.env._(
                "Files came with it: %(count)s. Whoever coordinates %(number)s finds them there.",
                count=files,
                number=self.number,
            )
        return body

    def _reply_untold(self):
        """The note about a supporter of which only the number may be told."""
        return Markup("<p>%s</p>") % self.env._(
            "The complainant of %s, which supports this one, wrote. Whoever coordinates it reads "
            "there what.",
            self.number,
        )

    def _pass_on(self, told):
        """Note in the main complaint what this supporter's complainant wrote, as the system; where
        the main one is closed already, whoever still has to tell the answer is asked to read it.

        :param told: HTML of :meth:`_reply_told`
        """
        self.ensure_one()
        main = self.main_id
        if main.phase == "closed":
            self._ask_to_read()
            return
        note = main._message_log(body=told, author_id=main._acting_partner().id)
        main._ask_to_read()
        self.env["lapor.event"]._log(
            [
                {"complaint": self, "code": TASK, "data": {"main": main.id, "note": note.id}},
                {"complaint": main, "code": TASK, "data": {"supporter": self.id, "note": note.id}},
            ]
        )

    def _ask_to_read(self):
        """Give whoever works on this case the task to read what a complainant wrote."""
        self._add_task(
            TASK,
            self._task_owner(),
            self.env._("A complainant of a merged complaint wrote: read it and answer it, too"),
        )

    # ------------------------------------------------------------
    # WHAT NOBODY HAS READ YET GOES ALONG
    # ------------------------------------------------------------

    def _unread_notes(self):
        """Notes about these supporters that nobody at the main complaint has said to have read.

        :returns: dict of supporter to ``mail.message``; without those that have none
        """
        asked = set((self | self.main_id)._tasks([TASK]).mapped("res_id"))
        found = {}
        for case in self if asked else ():
            if not asked & {case.id, case.main_id.id}:
                continue
            events = case.event_ids.sorted("sequence")
            merged = events.filtered(lambda event: event.code == "merged")[-1:].sequence
            told = [
                event.data["note"]
                for event in events
                if event.code == TASK and event.sequence > merged
            ]
            if notes := self.env["mail.message"].browse(told).exists():
                found[case] = notes
        return found

    def _end_reading(self):
        """Nobody is asked any more to read what supporters of these cases wrote, where these have
        gone with it."""
        asked = self.browse(self._tasks([TASK]).mapped("res_id"))
        asked.filtered(lambda case: not case.supporter_ids._unread_notes())._drop_tasks([TASK])

    def _merge_into(self, main, note):
        unread = self._unread_notes()
        mains = self | self.main_id
        result = super()._merge_into(main, note)
        for case, notes in unread.items():
            for told in notes:
                case._pass_on(told.body)
        (mains - main)._end_reading()
        return result

    def _separate(self, note=None):
        unread = self._unread_notes()
        mains = self.main_id
        result = super()._separate(note)
        for case in unread:
            if case.phase != "closed":
                case._ask_to_read()
        mains._end_reading()
        return result

    def _close(self, outcome, **details):
        # Supporters that go on by themselves take along what is unread: after them.
        result = super()._close(outcome, **details)
        self._drop_tasks([TASK])
        return result

    def _withdraw_from_blind(self):
        result = super()._withdraw_from_blind()
        # What is confidential from now on is no longer told in other cases, whoever says so.
        for case in self.sudo().filtered("is_restricted"):
            told = case.event_ids.filtered(lambda event: event.code == TASK)
            notes = self.env["mail.message"].sudo()
            notes = notes.browse(event.data["note"] for event in told).exists()
            if notes:
                with as_program():
                    notes.write({"body": case._reply_untold()})
        return result
