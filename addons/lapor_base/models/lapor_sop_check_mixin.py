from odoo import api, fields, models

from ..tools import sop_check


class LaporSopCheckMixin(models.AbstractModel):
    """The checker on an SOP's form: what is odd in the document, in words."""

    _name = "lapor.sop.check.mixin"
    _description = "Checker of SOPs"

    oddity_ids = fields.Json(string="Oddities", compute="_compute_oddities")
    oddity_count = fields.Integer(compute="_compute_oddities")

    @api.depends(
        "step_ids.number",
        "step_ids.sequence",
        "step_ids.role_id",
        "step_ids.allowance_amount",
        "transition_ids.to_step_id",
        "transition_ids.outcome",
        "line_ids.regulation_id.replaced_by_id",
        "printed_total",
        "total_style",
    )
    def _compute_oddities(self):
        for sop in self:
            oddities = sop._get_oddities()
            sop.oddity_ids = oddities
            sop.oddity_count = len(oddities)

    def _get_oddities(self):
        """What the checker finds in this document.

        :returns: dicts with ``code``, ``text`` (for people) and ``blocking`` (whether the
            SOP cannot run because of it)
        """
        self.ensure_one()
        steps = [
            sop_check.Step(
                key=step._origin.id or -1 - index,
                number=step.number or "",
                name=step.name or "",
                has_role=bool(step.role_id),
                has_allowance=bool(step.allowance_amount),
            )
            for index, step in enumerate(self.step_ids.sorted("sequence"))
        ]
        known = {step.key for step in steps}
        transitions = [
            sop_check.Transition(
                source=transition.step_id._origin.id,
                target=transition.to_step_id._origin.id or None,
                needs_reason=transition.requires_note,
                rejects=transition.outcome == "insufficient",
            )
            for transition in self.transition_ids
            if transition.step_id._origin.id in known
        ]
        superseded = [
            (line.regulation_id.name, line.regulation_id.replaced_by_id.name)
            for line in self.line_ids
            if line.regulation_id.replaced_by_id
        ]
        oddities = sop_check.check_sop(
            steps, transitions, self.printed_total or "", self.computed_total or "", superseded
        )
        return [
            {
                "code": oddity.code,
                "text": self._oddity_text(oddity),
                "blocking": oddity.code in ("no_steps", "no_role", "dead_end"),
            }
            for oddity in oddities
        ]

    def _oddity_text(self, oddity):
        texts = {
            "no_steps": lambda v: self.env._("The SOP has no steps."),
            "number_double": lambda v: self.env._(
                "The number %(number)s is printed more than once.", **v
            ),
            "number_empty": lambda v: self.env._("%(count)s steps have no printed number.", **v),
            "number_missing": lambda v: self.env._("The number %(number)s is missing.", **v),
            "number_order": lambda v: self.env._("The numbers do not rise: %(numbers)s.", **v),
            "no_role": lambda v: self.env._("No role is known for step %(step)s.", **v),
            "no_allowance": lambda v: self.env._("Step %(step)s has no time standard.", **v),
            "total_not_printed": lambda v: self.env._(
                "The document prints no total; the steps add up to %(computed)s.", **v
            ),
            "total_differs": lambda v: self.env._(
                "The printed total is %(printed)s, but the steps add up to %(computed)s.", **v
            ),
            "rejects_incomplete": lambda v: self.env._(
                "Step %(step)s lets an incomplete complaint go unanswered; national rules ask "
                "to request what is missing first.",
                **v,
            ),
            "unreachable": lambda v: self.env._("No arrow leads to step %(step)s.", **v),
            "dead_end": lambda v: self.env._("No way leads from step %(step)s to the end.", **v),
            "superseded": lambda v: self.env._("%(rule)s has been replaced by %(by)s.", **v),
        }
        return texts[oddity.code](oddity.values)
