from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError


class LaporResponseMixin(models.AbstractModel):
    """What the responses of a case mean for its way: initials, returns, cancelled letters."""

    _name = "lapor.response.mixin"
    _description = "Responses of a Complaint"
    _inherit = ["lapor.case.mixin"]

    has_undelivered = fields.Boolean(
        compute="_compute_has_undelivered",
        search="_search_has_undelivered",
        string="Response Not Arrived",
        help="A response was sent but did not reach the complainant, or waits to be delivered.",
    )

    @api.depends("response_ids.delivery_failed", "response_ids.delivery_waits")
    def _compute_has_undelivered(self):
        for complaint in self:
            complaint.has_undelivered = bool(complaint._undelivered_response())

    def _search_has_undelivered(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("response_ids", "any" if True in value else "not any", self._undelivered_domain())]

    @api.model
    def _undelivered_domain(self):
        return ["|", ("delivery_failed", "=", True), ("delivery_waits", "=", True)]

    def _undelivered_response(self):
        return self.response_ids.filtered(
            lambda response: response.delivery_failed or response.delivery_waits
        ).sorted("id")[-1:]

    def _get_more_acts(self, visit, mine):
        acts = super()._get_more_acts(visit, mine)
        asked = self._my_paraf_response()
        if asked:
            acts.append(
                {
                    "id": "paraf",
                    "method": "action_open_paraf",
                    "label": asked._paraf_label(),
                    "kind": "paraf",
                    "help": self.env._("Read the response; initial it or return it with a note."),
                    "primary": not mine,
                }
            )
        # Deliveries that wait for this very user.
        undelivered = self.sudo()._undelivered_response().delivery_ids.sorted("attempt")[-1:]
        if undelivered and self.env.user in undelivered.user_id | undelivered._turn_user():
            acts.append(
                {
                    "id": "deliver",
                    "method": "action_open_deliver",
                    "label": self.env._("Deliver the Response"),
                    "kind": "deliver",
                    "help": self.env._("It has not reached the complainant yet."),
                    "primary": not mine and len(acts) == 0,
                }
            )
        return acts

    def _get_act_state(self):
        state = super()._get_act_state()
        # Whose initial is waited for, told to whoever may read the case.
        waiting = state and self.sudo().current_step_id.kind == "sign"
        paraf = waiting and self._final_response("submitted").sudo().next_paraf_id
        if paraf:
            state["message"] = (
                self.env._("Your initial is asked for before the response is signed.")
                if paraf._turn_user() == self.env.user
                else self.env._(
                    "Before the signature: the initial of %(who)s.",
                    who=paraf.position_id.display_name,
                )
            )
        return state

    def action_open_paraf(self):
        """The dialog of the response that waits for this user's initial."""
        self.ensure_one()
        self.check_access("read")
        response = self._my_paraf_response() or self._final_response("submitted")
        return response.action_open_paraf()

    def action_open_deliver(self):
        """The dialog of the response that has not reached the complainant."""
        self.ensure_one()
        self.check_access("read")
        return self._undelivered_response().action_open_deliver()

    def _my_paraf_response(self):
        """The response of this case that waits for this user's initial.

        :rtype: lapor.response
        """
        self.ensure_one()
        return self.env["lapor.response"].search(
            [
                ("complaint_id", "in", self.ids),
                ("next_paraf_id.position_id.holder_id", "=", self.env.uid),
            ],
            limit=1,
        )

    def _take(self, transition, note, attachments):
        """Whom the SOP names between draft and signature initials by taking the own step."""
        visits = self.current_step_id
        if transition.kind == "forward" and transition.step_id.kind in (
            "verify",
            "report",
            "receive",
            "handle",
        ):
            for visit in visits:
                response = visit.complaint_id._final_response("submitted")
                paraf = response.next_paraf_id
                if paraf and paraf.position_id == visit.position_id:
                    response._give_paraf(paraf, note)
        return super()._take(transition, note, attachments)

    def _mask_responses(self):
        """Keep the complainant out of the texts of a case that becomes anonymous; what was signed
        stays, sealed (``lapor.response.seal.mixin``)."""
        # As the system: whoever marks a case need not know what its papers say.
        for case in self.sudo().filtered("complainant_id"):
            case.response_ids._mask_texts(case)
            case.response_ids.version_ids._mask_texts(case)
            for line in case.response_ids.agenda_id:
                line.subject = line.subject and case._without_identity(line.subject)

    def _close(self, outcome, **details):
        result = super()._close(outcome, **details)
        self.response_ids.filtered(lambda response: response.state == "submitted")._drop_parafs()
        return result

    def _return_draft(self, response, note):
        """Return a submitted response to its drafter, and the case with it.

        By the SOP's arrow of return where there is one; the step that is left has not been done.
        """
        self.ensure_one()
        visit = self.current_step_id
        arrows = visit.sop_step_id.transition_ids.filtered(lambda arrow: arrow.kind == "return")
        target = response.visit_id.sop_step_id
        arrow = arrows.filtered(lambda arrow: arrow.to_step_id == target)[:1]
        if arrow:
            self._take(arrow, note, self.env["ir.attachment"])
            return
        response._send_back(note)
        if visit and visit.sop_step_id != target:
            self._go_back(target, note)

    def _go_back(self, step, note):
        """Open an earlier step again, where the SOP has no arrow for it.

        :param step: ``lapor.sop.step``
        :param str note: why
        """
        self.ensure_one()
        visit = self.current_step_id
        visit._leave(self.env["lapor.sop.transition"], note, self.env["ir.attachment"], "returned")
        self.env["lapor.complaint.step"]._open([(self, step)])
        self._message_log(
            body=Markup("<p>%s</p><p class='o_lapor_said'>%s</p>")
            % (
                self.env._(
                    "Back to %(step)s, %(who)s.",
                    step=step.display_name,
                    who=self.current_step_id._who(),
                ),
                note,
            ),
            author_id=self.env.user.partner_id.id,
        )

    # ------------------------------------------------------------
    # RESPONSES OF THE CASE
    # ------------------------------------------------------------

    def _response_title(self):
        """What a response is about (“Hal”), when nobody wrote it. Letters are Indonesian,
        whatever the language of the staff."""
        return f"Tanggapan atas aduan {self.number or ''}".strip()

    def _final_response(self, state):
        """The case's newest final response if it has come at least as far as ``state``.

        An answer that was sent before the case came back says nothing about the next one.
        """
        order = ["draft", "submitted", "signed", "delivered"]
        newest = self.response_ids.filtered(lambda response: response.kind == "final").sorted("id")
        return newest[-1:].filtered(
            lambda response: (
                response.state in order[order.index(state) :] and not response.before_reopening
            )
        )

    def _response_to_deliver(self, transition):
        """The response that a delivery with this move means: interim before a forward arrow
        that demands one, else the final one.

        :raises UserError: when there is none
        """
        codes = transition._demands().mapped("code")
        kind = "interim" if "interim" in codes and "publish" not in codes else "final"
        response = self._open_response(kind)
        if not response:
            raise UserError(self.env._("There is no response to send yet. Write it first."))
        return response

    def _open_response(self, kind):
        """The case's newest response of a kind that has not been sent or cancelled.

        :rtype: lapor.response
        """
        return self.response_ids.filtered(
            lambda response: (
                response.kind == kind
                and response.state not in ("delivered", "void")
                # It has left; somebody is bringing it.
                and not response.delivery_waits
            )
        ).sorted("id")[-1:]

    def _needs_signature(self):
        """Whether this case's SOP has a signature before an answer may leave."""
        self.ensure_one()
        return "sign" in self.sop_id.step_ids.mapped("kind")
