from odoo import api, models
from odoo.exceptions import UserError

from ..tools.plain_text import clean_line

#: Kinds of texts that begin something when they leave, and what that is: a method of the case.
BEGINS = {"out_of_authority": "_close_agreed", "request": "_hold_agreed"}
KINDS = (*BEGINS, "handover")


class LaporComplaint(models.Model):
    """Texts beside the SOP with which something begins (a closing, a hold), where the SOP has a
    signature: nothing leaves and nothing begins before whoever signs has agreed.

    By mail it begins with the agreement. For another channel whoever wrote the text tells the
    complainant then, and does the act once more, with the proof.
    """

    _inherit = "lapor.complaint"

    def _submit_beside(self, kind, subject, body):
        """Keep a text that a person wrote beside the SOP, and ask for the agreement that it needs.

        :param str kind: one of ``KINDS``
        :rtype: lapor.response
        """
        self.ensure_one()
        visit = self.current_step_id
        response = self.env["lapor.response"]._submit_text(
            visit, kind, clean_line(subject, 250), body, beside_sop=True
        )
        if not response.paraf_ids.filtered(lambda paraf: paraf.state in ("waiting", "given")):
            response._ask_parafs(visit, response.version_ids.sorted("number")[-1:])
        self._drop_tasks(["interim_returned", "text_agreed"])
        return response

    def _pending_act(self, kind):
        """What begins when the open text of a kind leaves, or False."""
        self.ensure_one()
        # Written for the file of a case that the caller may read.
        return self._open_response(kind).sudo().pending_act

    def _after_agreement(self, response):
        """Whoever signs has agreed with all that is to leave: begin, where the program tells the
        complainant; else whoever wrote the text does so first.

        :raises UserError: when the case has gone on since, or waits for its complainant
        """
        self.ensure_one()
        if self.phase == "closed" or self.current_step_id != response.visit_id:
            raise UserError(
                self.env._("Complaint %s has gone on since. Return the text.", self.number)
            )
        self._check_not_waiting()
        if self._is_answered_by_mail():
            getattr(self, BEGINS[response.kind])(response)
            return
        self._add_task(
            "text_agreed",
            response.visit_id.position_id,
            self.env._("The text is agreed: tell the complainant, and say how"),
            user=response.author_id,
        )

    def _drop_texts(self, kinds=KINDS):
        """Put away texts that wait for an agreement: the case goes another way."""
        texts = self.response_ids.filtered(
            lambda response: response.kind in kinds and response.state == "submitted"
        ).filtered(lambda response: not response.delivery_ids)
        if texts:
            texts.state = "draft"
            texts._drop_parafs()
            self._drop_tasks(["text_agreed"])

    def _take(self, transition, note, attachments):
        self._drop_texts()
        return super()._take(transition, note, attachments)

    def _return_draft(self, response, note):
        """Texts that leave together are returned together."""
        result = super()._return_draft(response, note)
        if response.kind in KINDS:
            self._drop_texts()
        return result

    @api.model
    def _tasks_of_open_cases(self):
        return super()._tasks_of_open_cases() | {"text_agreed"}

    def _get_act_state(self):
        state = super()._get_act_state()
        # Whose agreement is waited for, told to whoever may read the case.
        asked = (
            state
            and self.sudo()
            .response_ids.filtered(lambda response: response.kind in KINDS)
            .next_paraf_id[:1]
        )
        if asked and asked._turn_user() != self.env.user:
            state["message"] = self.env._(
                "What the complainant is to be told waits for the agreement of %(who)s.",
                who=asked.position_id.display_name,
            )
        return state
