from odoo import api, models

from ..tools.mail_headers import machine_marks


class LaporMailRule(models.Model):
    """The questions of the rules that every installation has, in the order of their records."""

    _inherit = "lapor.mail.rule"

    def _catches_known(self, post, unit):
        return "" if post.is_known else None

    def _catches_refused(self, post, unit):
        return post.refusal or None

    def _catches_excess(self, post, unit):
        return post.bound or None

    def _catches_unreadable(self, post, unit):
        return post.failure if post.failure or not post.is_read else None

    def _catches_reused(self, post, unit):
        return "" if post.is_reused else None

    # ------------------------------------------------------------
    # MACHINES
    # ------------------------------------------------------------

    @api.model
    def _marks(self, post):
        """What shows that a mail is a machine's, by kind of machine; nothing where a person is
        known to be behind it.

        :rtype: dict[str, str]
        """
        if post.marks is None:
            ours = self.env["lapor.mail.sorter"]._ours()
            post.marks = machine_marks(post.mail.message, ours)
            if post.source:
                # The machine is the office's own, and somebody is behind it.
                post.marks = {kind: mark for kind, mark in post.marks.items() if kind == "report"}
        return post.marks

    def _catches_report(self, post, unit):
        return self._marks(post).get("report")

    def _catches_automatic(self, post, unit):
        return self._marks(post).get("automatic")

    def _catches_own(self, post, unit):
        return post.mail.sender if post.is_own else None

    def _catches_list(self, post, unit):
        return self._marks(post).get("list")

    def _catches_noreply(self, post, unit):
        return self._marks(post).get("noreply")

    def _catches_scanner(self, post, unit):
        return post.through if post.source == "scanner" else None

    # ------------------------------------------------------------
    # WHAT IT SAYS
    # ------------------------------------------------------------

    def _catches_unrouted(self, post, unit):
        return None if post.case or unit else ""

    def _catches_encrypted(self, post, unit):
        return "" if post.mail.encrypted else None

    def _catches_cut(self, post, unit):
        return post.mail.cut if post.mail.is_cut() else None

    def _catches_no_text(self, post, unit):
        says = post.case._text_of(post.mail) or post.mail.subject
        if says or (post.case and post.mail.files):
            return None
        return ""

    def _catches_attachment(self, post, unit):
        company = (post.case or unit).company_id
        post.left = self.env["lapor.mail.gateway"]._unfit_files(post.mail, company)
        return ", ".join(file.name for file in post.left) if post.left else None

    def _catches_words(self, post, unit):
        post.lost = post.case._words_lost(post.mail, new=not post.case)
        return str(post.lost) if post.lost else None

    # ------------------------------------------------------------
    # HOW OFTEN
    # ------------------------------------------------------------

    @api.model
    def _recent(self, post):
        """See ``lapor.mail.receipt._recent``; nothing of a sender who has no limit."""
        if post.recent is None:
            # What the office's own machine sends for nobody is answered to nobody.
            free = (post.source and not post.mail.sender) or self.env[
                "mail.gateway.allowed"
            ].search_count([("email_normalized", "=", post.mail.sender)], limit=1)
            Receipt = self.env["lapor.mail.receipt"]
            post.recent = (
                (0, 0, 0, 0) if free else Receipt._recent(post.sender_key, post.gist, post.key)
            )
        return post.recent

    def _catches_repeat(self, post, unit):
        office = post.office(unit)
        same = self._recent(post)[2] if office else 0
        if office and same >= office.mail_repeat_limit:
            return self.env._("%s times in a week", same + 1)
        return None

    def _catches_flood(self, post, unit):
        office = post.office(unit)
        if not office:
            return None
        hour, day, _same, undecided = self._recent(post)
        if hour >= office.mail_hour_limit:
            return self.env._("%s mails in an hour", hour + 1)
        if day >= office.mail_day_limit:
            return self.env._("%s mails in a day", day + 1)
        if undecided:
            # What a machine began would go on every hour: somebody decides first.
            return self.env._("%s earlier mails are still held", undecided)
        return None

    # ------------------------------------------------------------
    # WHO WRITES TO A CASE
    # ------------------------------------------------------------

    @api.model
    def _writer(self, post):
        """Who answers a case: (whether more than an address proves the sender, whether he answers
        a message that only colleagues have got, the colleague whose address it is)."""
        if post.writer is None:
            sorter = self.env["lapor.mail.sorter"]
            case, inside = post.case, sorter._is_from_inside(post)
            colleague = self.env["res.users"]
            if inside or not case._is_hidden():
                colleague = case._colleague(post.mail.sender)
            post.writer = sorter._is_proven(post), inside, colleague
        return post.writer

    def _catches_unproven(self, post, unit):
        case = post.case
        if not case or not (case.is_anonymous or case.is_restricted):
            return None
        # Before anything is compared: nothing tells whether the address is the complainant's.
        proven, inside, _colleague = self._writer(post)
        return None if proven or inside else case.number

    def _catches_staff(self, post, unit):
        if not post.case:
            return None
        _proven, inside, colleague = self._writer(post)
        if colleague and not (inside and post.case.with_user(colleague).has_access("read")):
            return colleague.name
        return None

    def _catches_other_sender(self, post, unit):
        case = post.case
        if not case or self._writer(post)[2]:
            return None
        same = case.complainant_id.email_normalized == post.mail.sender
        return None if same else case.number

    def _catches_note(self, post, unit):
        return "" if post.case and self._writer(post)[2] else None

    def _catches_reply(self, post, unit):
        return "" if post.case else None
