from odoo import api, fields, models

from ..tools.plain_text import clean_line


class LaporMisrouteScreenMixin(models.AbstractModel):
    """What the screens show of misrouted cases, and the dialogs of ``lapor.misroute.mixin``."""

    _name = "lapor.misroute.screen.mixin"
    _description = "Screens of Misrouted Complaints"
    _inherit = ["lapor.recategorize.mixin", "lapor.screen.mixin"]

    misroute_notice = fields.Text(compute="_compute_misroute_notice")

    @api.depends("misroute_ids.state", "phase")
    @api.depends_context("lang")
    def _compute_misroute_notice(self):
        for complaint in self:
            given_back = complaint.misroute_ids.filtered(
                lambda misroute: misroute.kind == "authority" or misroute.state == "open"
            )
            if complaint.phase == "closed":
                given_back = given_back.browse()
            complaint.misroute_notice = "\n".join(
                self._misroute_line(misroute) for misroute in given_back
            )

    @api.model
    def _misroute_line(self, misroute):
        labels = dict(misroute._fields["kind"]._description_selection(self.env))
        # Names of units and categories are known to everybody who may read a case.
        named = misroute.sudo()
        values = {
            "unit": named.unit_id.name,
            "kind": labels[misroute.kind],
            "reason": clean_line(misroute.reason, 300),
            "proposal": named._proposal(),
        }
        if values["proposal"]:
            return self.env._("%(unit)s: %(kind)s: %(reason)s Proposed: %(proposal)s.", **values)
        return self.env._("%(unit)s: %(kind)s: %(reason)s", **values)

    def _get_more_acts(self, visit, mine):
        acts = super()._get_more_acts(visit, mine)
        # What waits for a decision on the user's own step.
        if not mine or self.sudo().is_on_hold:
            return acts
        misroute = self.sudo().misroute_id
        if misroute:
            acts.append(
                {
                    "id": "send_back",
                    "method": "action_open_send_back",
                    "label": self.env._("Send back to %s", misroute.unit_id.code),
                    "kind": "send_back",
                    "help": self.env._("The office is wrong: it is to handle the complaint."),
                    "primary": False,
                }
            )
        elif self._is_with_office(visit):
            acts += [
                {
                    "id": "refuse_authority",
                    "method": "action_open_refuse_authority",
                    "label": self.env._("Not our authority: give back"),
                    "kind": "refuse_authority",
                    "help": self.env._(
                        "Another office, or a body outside, has to handle this complaint."
                    ),
                    "primary": False,
                },
                {
                    "id": "dispute_category",
                    "method": "action_open_dispute_category",
                    "label": self.env._("Wrong category: give back"),
                    "kind": "dispute_category",
                    "help": self.env._("The coordinator decides on the right category."),
                    "primary": False,
                },
            ]
        return acts

    def _get_act_state(self):
        state = super()._get_act_state()
        # What waits for a decision on the user's own step.
        misroute = self.sudo().misroute_id
        decides = state and state["may_act"] and not self.sudo().is_on_hold
        if not decides or misroute.kind != "category":
            return state
        return {
            "may_act": True,
            "message": self.env._(
                "%(unit)s says the category is wrong. Decide first.", unit=misroute.unit_id.name
            ),
            "acts": [
                {
                    "id": "decide_category",
                    "method": "action_open_decide_category",
                    "label": self.env._("Decide on the Category"),
                    "kind": "decide_category",
                    "help": misroute.reason,
                    "primary": True,
                },
                *self._get_more_acts(self.sudo().current_step_id, mine=True),
            ],
        }

    def action_open_refuse_authority(self):
        """The dialog of :meth:`action_refuse_authority`."""
        self._check_may_give_back()
        return self._misroute_dialog(
            "lapor.misroute.ask", self.env._("Not Our Authority"), default_kind="authority"
        )

    def action_open_dispute_category(self):
        """The dialog of :meth:`action_dispute_category`."""
        self._check_may_give_back()
        return self._misroute_dialog(
            "lapor.misroute.ask", self.env._("Wrong Category"), default_kind="category"
        )

    def action_open_decide_category(self):
        """The dialog of :meth:`action_confirm_category`."""
        self._check_may_decide("category")
        return self._misroute_dialog("lapor.misroute.decide", self.env._("Decide on the Category"))

    def action_open_send_back(self):
        """The dialog of :meth:`action_send_back`."""
        self._check_may_decide()
        return self._misroute_dialog(
            "lapor.misroute.decide",
            self.env._("Send Back to the Office"),
            default_only_send_back=True,
        )

    def _misroute_dialog(self, model, name, **context):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_complaint_id": self.id, **context},
        }
