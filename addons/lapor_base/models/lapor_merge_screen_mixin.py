from odoo import models
from odoo.exceptions import UserError


class LaporMergeScreenMixin(models.AbstractModel):
    """What the screens offer of merging: the dialog, the list of supporters, the undo."""

    _name = "lapor.merge.screen.mixin"
    _description = "Screens of Merged Complaints"
    _inherit = ["lapor.merge.mixin", "lapor.screen.mixin"]

    def _get_more_acts(self, visit, mine):
        acts = super()._get_more_acts(visit, mine)
        # Facts of the case that this check needs; the user learns yes or no.
        case = self.sudo()
        mergeable = visit and not case.main_id and not case.is_on_hold
        if mergeable and self._may_merge() and not case._answer_sent():
            acts.append(
                {
                    "id": "merge",
                    "method": "action_open_merge",
                    "label": self.env._("Merge with another complaint"),
                    "kind": "merge",
                    "help": self.env._(
                        "It is about the same thing: it will be answered with that one."
                    ),
                    "primary": False,
                }
            )
        return acts

    def _get_act_state(self):
        # Of the main case only its number is told.
        case = self.sudo()
        if not self.id or not case.main_id or case.phase == "closed":
            return super()._get_act_state()
        main, acts = case.main_id, []
        waiting = case._waiting_answer()
        may_merge = self._may_merge()
        if waiting and may_merge:
            acts.append(
                {
                    "id": "pass_answer",
                    "method": "action_open_pass_answer",
                    "label": self.env._("Pass the Answer On"),
                    "kind": "pass_answer",
                    "help": self.env._("Tell this complainant the answer of %s.", main.number),
                    "primary": True,
                }
            )
        acts.append(
            {
                "id": "open_main",
                "method": "action_view_main",
                "label": self.env._("Open %s", main.number),
                "kind": "open_main",
                "help": self.env._("The main complaint, which is handled and answered."),
                "primary": not acts,
            }
        )
        if may_merge and not case._answers_of_main().filtered(lambda item: item.kind != "interim"):
            acts.append(
                {
                    "id": "separate",
                    "method": "action_separate",
                    "label": self.env._("Separate again"),
                    "kind": "separate",
                    "help": self.env._("It goes on by itself, where it stood."),
                    "primary": False,
                }
            )
        message = (
            self.env._("%s has been answered. Pass the answer on to this complainant.", main.number)
            if waiting
            else self.env._("Supports %s, and is answered with it.", main.number)
        )
        return {"may_act": bool(waiting and may_merge), "message": message, "acts": acts}

    def action_open_merge(self):
        """The dialog of :meth:`action_merge`, for one complaint or for those of a list."""
        self.check_access("read")
        for complaint in self:
            complaint._check_may_merge()
        return self._merge_dialog(
            "lapor.merge", self.env._("Merge Complaints"), default_complaint_ids=self.ids
        )

    def action_open_pass_answer(self):
        """The dialog of :meth:`action_pass_answer`."""
        self.ensure_one()
        self.check_access("read")
        self._check_may_merge()
        # Only whether an answer waits.
        if not self.sudo()._waiting_answer():
            raise UserError(self.env._("No answer waits to be passed on for %s.", self.number))
        return self._merge_dialog(
            "lapor.merge.answer",
            self.env._("Pass the Answer On"),
            default_complaint_id=self.id,
        )

    def _merge_dialog(self, model, name, **context):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": context,
        }

    def action_view_main(self):
        """The form of the main complaint."""
        self.ensure_one()
        self.check_access("read")
        main = self.main_id
        main.check_access("read")
        return main._get_form_action()

    def action_view_supporters(self):
        """The list of supporters, those that the reader may see."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("lapor_base.lapor_complaint_action"),
            "name": self.env._("Supporters"),
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "domain": [("main_id", "in", self.ids)],
            "context": {},
        }
