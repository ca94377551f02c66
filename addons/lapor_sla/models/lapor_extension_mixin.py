from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.office_time import Allowance


class LaporExtensionMixin(models.AbstractModel):
    """Perpanjangan: whoever has the step asks for more time, a superior decides."""

    _name = "lapor.extension.mixin"
    _description = "More Time for a Step"
    _inherit = ["lapor.case.mixin"]

    extension_ids = fields.One2many(
        "lapor.extension", "complaint_id", string="Requests for More Time", readonly=True
    )

    @api.model
    def _engine_fields(self):
        return super()._engine_fields() | {"extension_ids"}

    def _get_more_acts(self, visit, mine):
        acts = super()._get_more_acts(visit, mine)
        request = self._open_extension()
        if request and self._may_decide_extension():
            acts.insert(
                0,
                {
                    "id": "decide_extension",
                    "method": "action_open_decide_extension",
                    "label": self.env._("Decide on more time"),
                    "kind": "extension",
                    "help": request.reason,
                    "primary": False,
                },
            )
        elif mine and not request and self._extendable_clock():
            acts.append(
                {
                    "id": "ask_extension",
                    "method": "action_open_ask_extension",
                    "label": self.env._("Ask for more time"),
                    "kind": "extension",
                    "help": visit.sop_step_id.extension_reason
                    or self.env._("The SOP allows this step a longer time."),
                    "primary": False,
                }
            )
        return acts

    # ------------------------------------------------------------
    # ACTS
    # ------------------------------------------------------------

    def action_ask_extension(self, reason, ground="visit", amount=None):
        """Ask a superior for the longer time that the SOP allows the open step.

        :param str reason: why it is needed
        :param str ground: "visit" (field visit), "units" (several OPDs) or "other"
        :param int amount: the whole time asked for, in the unit of the SOP's longer time; all
            that it allows by default
        :raises UserError: when the SOP allows none, it is asked for or given already, the time
            is over, the amount does not fit, or nobody could decide
        :raises AccessError: when the step is somebody else's
        """
        self.ensure_one()
        self.check_access("read")
        self._lock_cases()
        self._check_step_is_mine()
        # The step is the user's; the request is recorded as the system.
        case = self.sudo()
        visit, step = case.current_step_id, case.current_step_id.sop_step_id
        if not case._extendable_clock():
            raise UserError(
                self.env._(
                    "No longer time can be asked for: the SOP allows none, it was given already, "
                    "or the time is over."
                )
            )
        if case._open_extension():
            raise UserError(self.env._("More time has been asked for already."))
        reason = self._clean(reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why more time is needed."))
        if ground not in dict(self.env["lapor.extension"]._fields["ground"].selection):
            raise UserError(self.env._("Choose what the longer time is for."))
        amount = step.extension_amount if amount is None else amount
        same = step.extension_unit == step.allowance_unit
        if not (step.allowance_amount if same else 0) < amount <= step.extension_amount:
            raise UserError(
                self.env._(
                    "The SOP allows up to %(most)s for this step, instead of %(now)s.",
                    most=f"{step.extension_amount} "
                    f"{dict(step._fields['extension_unit']._description_selection(self.env))[step.extension_unit]}",
                    now=step.allowance_text,
                )
            )
        position = case._extension_decider()
        if not position:
            raise UserError(
                self.env._("Nobody above this position, and no coordinator, could decide it.")
            )
        request = case.env["lapor.extension"].create(
            {
                "complaint_id": case.id,
                "visit_id": visit.id,
                "ground": ground,
                "reason": reason,
                "amount": amount,
                "unit": step.extension_unit,
                "asked_by_id": self.env.uid,
                "position_id": position.id,
            }
        )
        case._log_extension("extension_asked", request, {"amount": amount, "reason": reason})
        case._add_task("extension", position, self.env._("Decide on a request for more time"))
        case._message_log(
            body=Markup("<p>%s</p><p class='o_lapor_said'>%s</p>")
            % (self.env._("More time is asked for (%(who)s).", who=position.display_name), reason),
            author_id=self.env.user.partner_id.id,
        )
        return True

    def action_decide_extension(self, granted, note=None):
        """Grant or refuse the open request for more time.

        :param bool granted: whether the step gets it
        :param str note: why; needed to refuse
        :raises UserError: when nothing is asked for, or a refusal has no reason
        :raises AccessError: when the user asked for it, or stands not above the step
        """
        self.ensure_one()
        self.check_access("read")
        self._lock_cases()
        # What is asked for is looked up as the system; the right to decide is checked below.
        case = self.sudo()
        request = case._open_extension()
        if not request:
            raise UserError(
                self.env._(
                    "Nobody asks for more time for %s now: it has been decided, or the step is "
                    "done. Reload the page.",
                    self.number,
                )
            )
        self._check_may_decide_extension()
        note = self._clean(note or "").strip()
        if not granted and not note:
            raise UserError(self.env._("Say why it is refused."))
        request.write(
            {
                "state": "granted" if granted else "refused",
                "decided_at": fields.Datetime.now(),
                "decided_by_id": self.env.uid,
                "decision_note": note,
            }
        )
        if granted:
            clock = case._extendable_clock(late_too=True)
            clock._extend(Allowance.of([(request.amount, request.unit)]), request.reason)
        case._log_extension(f"extension_{request.state}", request, {"note": note or None})
        case._drop_tasks(["extension"])
        labels = dict(request._fields["state"]._description_selection(self.env))
        case._post_act(
            body=Markup("<p>%s</p>")
            % self.env._("More time for the step: %(state)s.", state=labels[request.state])
            + (Markup("<p class='o_lapor_said'>%s</p>") % note if note else ""),
            subtype_xmlid="mail.mt_note",
            message_type="notification",
            author_id=self.env.user.partner_id.id,
            partner_ids=case.current_step_id.user_id.partner_id.ids,
        )
        return True

    def action_open_ask_extension(self):
        """The dialog of :meth:`action_ask_extension`."""
        self.ensure_one()
        self.check_access("read")
        self._check_step_is_mine()
        return self._open_dialog(
            "lapor.extension.ask", self.env._("Ask for More Time"), default_act="ask"
        )

    def action_open_decide_extension(self):
        """The dialog of :meth:`action_decide_extension`."""
        self.ensure_one()
        self.check_access("read")
        self._check_may_decide_extension()
        return self._open_dialog(
            "lapor.extension.ask", self.env._("Decide on More Time"), default_act="decide"
        )

    # ------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------

    def _open_extension(self):
        """The request of the open step that waits for a decision, as the system."""
        self.ensure_one()
        case = self.sudo()
        return case.extension_ids.filtered(
            lambda request: request.state == "asked" and request.visit_id == case.current_step_id
        )[:1]

    def _extendable_clock(self, late_too=False):
        """The clock of the open step if the SOP allows it a longer time that was not given yet.

        :param bool late_too: also when its time is over: what was asked for in time
        """
        self.ensure_one()
        # The clock goes only to methods that check who asks.
        visit = self.sudo().current_step_id
        clock = visit.clock_ids.filtered(
            lambda clock: clock.kind == "step" and clock.state != "stopped"
        )[:1]
        if not clock or clock._extension_refusal(late_too):
            return clock.browse()
        return clock

    def _extension_decider(self):
        """The nearest superior who may decide, else whoever coordinates; never the asker.

        :rtype: lapor.position
        """
        self.ensure_one()
        asker = self.env.user
        positions = self.current_step_id._superiors()
        coordinating = self._coordinating_positions().filtered("holder_id")
        return (positions | coordinating).filtered(
            lambda position: (
                position.holder_id not in (asker, self.current_step_id.user_id)
                and self._is_open_to(position)
            )
        )[:1]

    def _may_decide_extension(self):
        """Whether this user may decide the open request."""
        request = self._open_extension()
        clock = self._extendable_clock(late_too=True)
        return bool(
            request
            and request.asked_by_id != self.env.user
            and clock
            and clock.with_env(self.env)._may_extend()
        )

    def _check_may_decide_extension(self):
        if not self._may_decide_extension():
            raise AccessError(
                self.env._(
                    "Only a superior of the step's position, or the coordinator, decides; never "
                    "who asked for it or has the step."
                )
            )

    def _log_extension(self, code, request, data):
        self.env["lapor.event"]._log(
            [
                {
                    "complaint": self,
                    "code": code,
                    "visit": request.visit_id,
                    "position": request.visit_id.position_id,
                    "data": {"extension": request.id, **data},
                }
            ]
        )
