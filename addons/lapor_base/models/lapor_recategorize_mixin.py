from odoo import models
from odoo.exceptions import UserError


class LaporRecategorizeMixin(models.AbstractModel):
    """Salah kategori: an office says that category or class are wrong, the coordinator decides.

    A corrected category keeps the SOP with which the case began; a corrected class begins anew
    with the SOP of that class, and so does a category where the coordinator says so.
    """

    _name = "lapor.recategorize.mixin"
    _description = "Correction of Categories"
    _inherit = ["lapor.misroute.mixin"]

    def action_dispute_category(self, reason, category_id=None, classification=None):
        """Give complaints back to the managing office: their category or class is wrong.

        :param str reason: what is wrong with it
        :param int category_id: ``lapor.category`` that would be right
        :param str classification: class that would be right
        :raises UserError: without a reason and another category or class; as
            :meth:`action_refuse_authority`
        :raises AccessError: when the step is somebody else's
        """
        reason = self._check_reason(reason, self.env._("Say what is wrong with the category."))
        self.check_access("read")
        self._lock_cases()
        category = self._check_category(category_id)
        self._check_classification(classification)
        for complaint in self:
            complaint._check_may_give_back()
            other_class = classification and classification != complaint.classification
            if not other_class and (not category or category == complaint.category_id):
                raise UserError(self.env._("Propose the right category or class."))
        # The step is the user's; what follows is written as the system.
        self.sudo()._return_misrouted(
            "category",
            reason,
            proposed_category_id=category.id,
            proposed_classification=classification or False,
        )
        return True

    def action_confirm_category(
        self, category_id=None, classification=None, note=None, restart=None
    ):
        """Change the category or class that an office called wrong.

        The case keeps its SOP, unless its class was wrong or the coordinator says so: then it
        begins anew with the SOP that the right class and category have.

        :param int category_id: ``lapor.category``; by default the proposed one
        :param str classification: class; by default the proposed one
        :param str note: kept with the decision
        :param bool restart: whether the case begins anew under the SOP in force for them; by
            default when the class changes
        :raises UserError: when nothing is to be decided or would change
        :raises AccessError: when the step is somebody else's
        """
        self.ensure_one()
        self.check_access("read")
        self._lock_cases()
        misroute = self._check_may_decide("category")
        category = self._check_category(category_id) or misroute.proposed_category_id
        classification = classification or misroute.proposed_classification or self.classification
        self._check_classification(classification)
        # The step is the user's, and with it the decision; not the right to write cases.
        case = self.sudo()
        changes = {}
        if category and category != case.category_id:
            changes["category_id"] = category.id
        if classification != case.classification:
            changes["classification"] = classification
        if not changes:
            raise UserError(
                self.env._("This is the category that it has. Change it, or send it back.")
            )
        case._confirm_category(misroute, changes, self._clean(note or ""), restart)
        return True

    def _check_category(self, category_id):
        category = self.env["lapor.category"].browse(category_id or []).exists()
        # A category of another government is as good as none: the caller may not read it.
        category.check_access("read")
        return category

    def _check_classification(self, classification):
        if classification and classification not in dict(self._fields["classification"].selection):
            raise UserError(self.env._("There is no such class."))

    def _check_not_waiting(self, transition=None):
        result = super()._check_not_waiting(transition)
        # Only what the case waits for.
        if self.sudo().misroute_id.kind == "category":
            raise UserError(
                self.env._(
                    "An office says that the category of %s is wrong. Decide on it first.",
                    self.number,
                )
            )
        return result

    # ------------------------------------------------------------
    # AS THE SYSTEM
    # ------------------------------------------------------------

    def _confirm_category(self, misroute, changes, note, restart):
        self.ensure_one()
        before = {"category": self.category_id.id or None, "class": self.classification}
        misroute._decide("accepted", note)
        self.write(changes)
        self._log_misroute(
            "category_confirmed",
            misroute,
            category=[before["category"], self.category_id.id or None],
            classification=[before["class"], self.classification],
        )
        decided = self.env._(
            "Category decided: %(category)s.", category=self.category_id.display_name or "–"
        )
        self._tell_misroute({self: (decided, note)})
        before, sop = self.sop_id, self._sop_in_force(self.classification, self.category_id)
        if restart and (not sop or sop == before):
            raise UserError(
                self.env._("No other SOP is in force for this class and category: no new start.")
            )
        if sop and sop != before and (restart or (restart is None and "classification" in changes)):
            self._restart_sop(sop, note)

    def _restart_sop(self, sop, note):
        """Begin anew under another SOP; what was done so far stays on record."""
        self.ensure_one()
        before = self.sop_id
        self.current_step_id._leave(
            self.env["lapor.sop.transition"], note, self.env["ir.attachment"], "returned"
        )
        self._engine_write({"sop_id": sop.id})
        self.env["lapor.event"]._log(
            [
                {
                    "complaint": self,
                    "code": "sop_changed",
                    "data": {"from": before.id, "to": sop.id},
                }
            ]
        )
        self._enter_sop()
        begun = self.env._("The complaint begins anew with the SOP “%s”.", sop.display_name)
        following = self.env._("Next: %s.", self.current_step_id._who())
        self._tell_misroute({self: (begun, following)})

    def _sop_in_force(self, classification, category):
        """The SOP that the case would have if it had come in with this class and category."""
        self.ensure_one()
        # Which SOP applies is the office's matter, not a right of whoever asks.
        return (
            self.env["lapor.sop"]
            .sudo()
            ._in_force(
                self.managing_unit_id.sudo(),
                self._local_received_at().date(),
                classification,
                category,
            )
        )
