from babel.dates import format_date as format_letter_date
from markupsafe import Markup

from odoo import api, fields, models

from ..tools.personal_data import mask_html, mask_personal
from ..tools.retelling import retold

# What the complainants of supporters are told as well.
ANSWERS = ("interim", "final", "out_of_authority")


class LaporSupporterMixin(models.AbstractModel):
    """Gabung: complaints about the same thing become supporters of one of them.

    A supporter keeps its number, its complainant and its channel. Its step stands still, with its
    activity put away, until the main complaint is answered: then its complainant receives an
    answer of his own, which tells nothing of the others, and it is closed as a duplicate. Until
    then it can be separated again, and stands where it stood. When the main complaint ends without
    an answer, its supporters go on by themselves.
    """

    _name = "lapor.supporter.mixin"
    _description = "Supporters of a Complaint"
    _inherit = ["lapor.ending.mixin", "lapor.engine.mixin", "lapor.secrecy.mixin"]

    main_id = fields.Many2one(
        "lapor.complaint",
        string="Supports",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The main complaint, with which this one is answered.",
    )
    merged_at = fields.Datetime(readonly=True, copy=False)
    supporter_ids = fields.One2many("lapor.complaint", "main_id", string="Supporters")
    supporter_count = fields.Integer(
        string="Supported By", readonly=True, copy=False, help="Complaints about the same thing."
    )

    _main_check = models.Constraint(
        "CHECK (main_id IS NULL OR main_id != id)", "A complaint cannot support itself."
    )

    @api.model
    def _engine_fields(self):
        return super()._engine_fields() | {
            "main_id",
            "merged_at",
            "supporter_ids",
            "supporter_count",
        }

    def _lock_cases(self):
        """With a case those that are handled with it: what is done to one is done to all."""
        result = super()._lock_cases()
        # Locks change nothing; cases that the user may not see are locked with their main one.
        cases = self.sudo()
        family = (cases.main_id | cases.filtered("supporter_count").supporter_ids) - cases
        if family:
            super(LaporSupporterMixin, family)._lock_cases()
        return result

    # ------------------------------------------------------------
    # MERGING AND SEPARATING, AS THE SYSTEM
    # ------------------------------------------------------------

    def _merge_into(self, main, note):
        """Let cases support another one, with a trace in both."""
        before = self.main_id - main
        self._engine_write({"main_id": main.id, "merged_at": fields.Datetime.now()})
        for case in self:
            case._pause_step()
        (main | before)._count_supporters()
        self._log_merge("merged", {case: {"main": main.id, "note": note or None} for case in self})
        main._log_merge("supporters_added", {main: {"supporters": self.ids}})
        numbers = ", ".join(self.mapped("number"))
        self._tell_merge(
            self.env._("Merged: supports %s, and is answered with it.", main.number), note
        )
        main._tell_merge(self.env._("Supported by %s.", numbers), note)

    def _separate(self, note=None):
        """Let supporters go on by themselves, with a trace in both cases."""
        mains = {case: case.main_id for case in self}
        self._engine_write({"main_id": False, "merged_at": False})
        for case, main in mains.items():
            case._resume_step()
            case._log_merge("separated", {case: {"main": main.id, "note": note or None}})
            case._tell_merge(self.env._("Separated from %s.", main.number), note)
            main._log_merge("supporters_removed", {main: {"supporters": case.ids}})
            main._tell_merge(self.env._("%s no longer supports it.", case.number), note)
        self.browse().union(*mains.values())._count_supporters()

    def _withdraw_from_blind(self):
        result = super()._withdraw_from_blind()
        # Called when the case became more secret, by whoever may say so.
        for case in self.sudo():
            # What has become more secret than the others is no longer answered with them.
            apart = case.supporter_ids.filtered(
                lambda other, case=case: case.is_secret or other.is_misconduct != case.is_misconduct
            )
            if case.main_id and case.main_id.is_misconduct != case.is_misconduct:
                apart |= case
            apart.filtered(lambda other: other.phase != "closed")._separate()
        return result

    def _count_supporters(self):
        for main in self:
            main._engine_write({"supporter_count": len(main.supporter_ids)})

    def _is_step_paused(self):
        """Whether the case's step stands still, because the case is handled with another one."""
        self.ensure_one()
        return bool(self.main_id) and not self._waiting_answer()

    def _pause_step(self):
        """Put the activity of the step away; the step itself stays open where it stands."""
        self.ensure_one()
        self.current_step_id.activity_ids.filtered("active").write({"active": False})

    def _resume_step(self):
        """Bring the activity of the step back, as the step is now."""
        self.ensure_one()
        visit = self.current_step_id
        if not visit:
            return
        expected = visit._activity_values()
        activity = visit.with_context(active_test=False).activity_ids
        if not activity:
            self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(expected)
        activity.write(
            {
                "active": True,
                "user_id": expected["user_id"],
                "date_deadline": expected["date_deadline"],
            }
        )

    def _log_merge(self, code, data):
        self.env["lapor.event"]._log(
            [
                {
                    "complaint": case,
                    "code": code,
                    "visit": case.current_step_id,
                    "position": case.current_position_id,
                    "data": facts,
                }
                for case, facts in data.items()
            ]
        )

    def _tell_merge(self, *sentences):
        body = Markup().join(Markup("<p>%s</p>") % text for text in sentences if text)
        self._message_log_batch(
            bodies={case.id: body for case in self}, author_id=self.env.user.partner_id.id
        )

    # ------------------------------------------------------------
    # THE ANSWER OF THE MAIN COMPLAINT
    # ------------------------------------------------------------

    def _take(self, transition, note, attachments):
        visits = {case: case.current_step_id for case in self}
        result = super()._take(transition, note, attachments)
        for case, visit in visits.items():
            case._answer_supporters(visit)
        return result

    def _close(self, outcome, **details):
        visits = {case: case.step_ids.sorted("id")[-1:] for case in self}
        result = super()._close(outcome, **details)
        for case, visit in visits.items():
            if case.main_id and (case.main_id.phase != "closed" or case.main_id in self):
                # It ended by itself, such as withdrawn by its complainant, or put aside together
                # with the other, not answered with it.
                case._separate()
            case._answer_supporters(visit)
            case._finish_supporters()
        return result

    def _answers_of_main(self):
        """The answers that this supporter got of its main complaint, the newest last."""
        self.ensure_one()
        return self.response_ids.filtered(
            lambda response: (
                response.origin_id.complaint_id == self.main_id and not response.before_reopening
            )
        ).sorted("id")

    def _waiting_answer(self):
        """The answer of the main complaint that a person has yet to pass on."""
        self.ensure_one()
        return self._answers_of_main().filtered(lambda answer: answer.state != "delivered")[-1:]

    def _answer_supporters(self, visit):
        """Tell the complainants of supporters what was sent to the one of the main complaint.

        By mail the program tells them; for other channels the answer waits for whoever answered
        the main complaint. An interim answer goes by mail only: it decides nothing.

        :param visit: the step in which the main complaint was answered
        """
        self.ensure_one()
        supporters = self.supporter_ids.filtered(lambda case: case.phase != "closed")
        if not supporters:
            return
        sent = self.response_ids.filtered(
            lambda response: (
                response.kind in ANSWERS
                and response.state == "delivered"
                and not response.before_reopening
            )
        ).sorted("id")
        for case in supporters:
            known = case._answers_of_main().origin_id
            for response in sent - known:
                by_mail = case._is_answered_by_mail()
                if response.delivered_at < case.merged_at or (
                    response.kind == "interim" and not by_mail
                ):
                    continue
                answer = self._retell(response, case)
                if by_mail:
                    answer._deliver(case.current_step_id, False)
                else:
                    # Whoever answered the main complaint passes this one on, too.
                    case.current_step_id._move(visit.unit_id, visit.position_id)
                    case._resume_step()

    def _finish_supporters(self):
        """Close the supporters of a closed case that have been answered with it; let those go on
        by themselves whose complainants got no answer."""
        self.ensure_one()
        for case in self.supporter_ids.filtered(lambda case: case.phase != "closed"):
            answers = case._answers_of_main().filtered(lambda answer: answer.kind != "interim")
            if not answers:
                case._separate(self.env._("%s was closed without an answer.", self.number))
            elif not case._waiting_answer():
                case._close_with_main()

    def _close_with_main(self):
        """Close a supporter whose complainant has got the answer of the main complaint."""
        self.ensure_one()
        self._end("duplicate", note=self.env._("Answered together with %s.", self.main_id.number))

    def _retell(self, response, supporter):
        """The same answer for the complainant of a supporter, ready to be sent.

        Its text follows from the one that was signed and sent, by a fixed rule alone; so the
        signature stands for it, the letter's number does not.

        :param response: ``lapor.response`` that this case's complainant got
        :param supporter: ``lapor.complaint`` whose complainant is told
        :rtype: lapor.response
        """
        self.ensure_one()
        answer = self.env["lapor.response"].create(
            {
                "complaint_id": supporter.id,
                "visit_id": supporter.current_step_id.id,
                "kind": response.kind,
                "subject": self._retelling(response.subject, supporter, mask_personal),
                "body": Markup(self._retelling(str(response.body), supporter, mask_html)),
                "state": "signed" if response.signed_at else "submitted",
                "author_id": response.author_id.id,
                "origin_id": response.id,
                "signer_position_id": response.signer_position_id.id,
                "signer_appointment_id": response.signer_appointment_id.id,
                "signer_title": response.signer_title,
                "signed_by_id": response.signed_by_id.id,
                "signed_at": response.signed_at,
            }
        )
        if response.signed_at:
            answer.text_hash = answer._text_hash(answer.number)
        answer._record("response_drafted", supporter.current_step_id, {"origin": response.id})
        return answer

    def _retelling(self, text, other, mask):
        """A text about this case as it may be told to the complainant of another one.

        :param text: text or HTML that was sent to this case's complainant
        :param other: the supporter
        :param mask: ``mask_personal`` or ``mask_html``
        """
        self.ensure_one()
        # Of an anonymous case the answer has no name in it; comparing it would tell who that is.
        own = [] if self.is_anonymous else self._own_identity()
        text = retold(
            text,
            {self.number: other.number, self.name: other.name},
            [self.tracking_code, *own],
            tuple(
                format_letter_date(case._local_received_at(), "d MMMM y", locale="id")
                for case in (self, other)
            ),
        )
        # What else tells who the other complainant is: parts of the name, numbers spelled apart.
        return mask(text, own, ("own", "nik"))
