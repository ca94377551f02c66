from odoo import api, models
from odoo.exceptions import UserError

from ..tools.letter_frame import has_pictures, plain_lines, says_nothing
from ..tools.letter_slots import fill_automatic, open_slots
from ..tools.plain_text import bulleted

#: Kinds whose text a person writes; the others say what the program says.
WRITTEN = ("final", "interim", "out_of_authority", "handover")


class LaporResponse(models.Model):
    """Nothing empty leaves: a text that is only its frame, or in which a slot is open, is refused
    when it is submitted, initialled, signed and sent, whoever hands it in by whatever door."""

    _inherit = "lapor.response"

    @api.model
    def _find_missing(self, complaint, kind, subject, body):
        """What a text still lacks before it can leave.

        :param complaint: ``lapor.complaint``, as the system
        :param str kind: of the response
        :param str subject: "Hal"; empty: the program's own
        :param body: HTML
        :returns: sentences, all of them
        :rtype: list[str]
        """
        body = str(body or "")
        values = self.env["lapor.response.template"]._values(complaint)
        missing = []
        if not plain_lines(body):
            missing.append(self.env._("The response has no text yet."))
        elif says_nothing(body, self._frames(complaint, kind, values), list(values.values())):
            missing.append(
                self.env._(
                    "The response says nothing beside its greeting and the words of its template. "
                    "Write what was found, what is done, or what the answer is."
                )
            )
        known = (complaint.name or "", complaint.place or "", complaint.description or "")
        slots = open_slots(f"{subject or ''}\n{body}", known)
        if slots:
            missing.append(self.env._("Fill in or choose in the text: %s.", "; ".join(slots)))
        if has_pictures(body):
            missing.append(
                self.env._(
                    "A picture in the text is not printed in the letter. Take it out, and say in "
                    "words what it shows."
                )
            )
        return missing

    @api.model
    def _frames(self, complaint, kind, values):
        """What a response of this case may have been begun with, filled in by the program.

        :returns: HTML of each
        """
        # Of every office, also of those that the user may not see: their words are no answer.
        templates = (
            self.env["lapor.response.template"]
            .sudo()
            .with_context(active_test=False)
            .search([("company_id", "in", [False, complaint.company_id.id])])
        )
        frames = [str(fill_automatic(str(template.body), values)) for template in templates]
        return frames + [str(complaint._response_frame(name)) for name in ("final", "interim")]

    def _check_words(self):
        """
        :raises UserError: naming all that the text lacks
        """
        for response in self:
            if response.kind not in WRITTEN:
                continue
            subject, body = response._sealed_text()
            response._refuse(
                self._find_missing(response.complaint_id, response.kind, subject, body)
            )

    @api.model
    def _refuse(self, missing):
        """
        :param list missing: sentences
        :raises UserError: with all of them, when there are any
        """
        if missing:
            raise UserError(bulleted(missing))

    def _give_paraf(self, paraf, note=False):
        self._check_words()
        return super()._give_paraf(paraf, note)

    def _check_may_leave(self):
        result = super()._check_may_leave()
        self._check_words()
        return result

    def _attempt_by_mail(self):
        self._check_words()
        return super()._attempt_by_mail()
