from odoo import fields, models
from odoo.exceptions import UserError


class LaporStepKind(models.Model):
    """What completes a step: the evidence that must be there before it can be left.

    A kind is one data record and one method ``_evidence_<code>`` here, which gets the
    visit of the step (``lapor.complaint.step``) and returns the sentence that says what is
    missing, or False. An SOP's arrows can demand further kinds (``lapor.sop.transition``).
    """

    _name = "lapor.step.kind"
    _description = "Kind of SOP Step"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    help = fields.Text(translate=True, string="Completed By")
    call_to_action = fields.Char(
        translate=True,
        required=True,
        help="Words on the button of a step of this kind.",
    )

    waits_for_parts = fields.Boolean(
        string="Waits for Required Parts",
        help="A step of this kind does not end while another unit still has a required part of "
        "the work, unless whoever does it says why.",
    )

    _code_uniq = models.UniqueIndex("(code)", "Two kinds of step cannot have the same code.")

    def write(self, vals):
        if "code" in vals and self.filtered(lambda kind: kind.code != vals["code"]):
            # Only whether SOPs use it, also those of other governments.
            steps = self.env["lapor.sop.step"].sudo().search_count([("kind_id", "in", self.ids)])
            arrows = self.env["lapor.sop.transition"].sudo()
            if steps or arrows.search_count([("demand_ids", "in", self.ids)]):
                raise UserError(
                    self.env._(
                        "SOPs use this kind of step: its code, which says what completes the "
                        "step, can no longer change."
                    )
                )
        return super().write(vals)

    def _missing_evidence(self, visit, note):
        """Sentences that say what is still missing for these kinds at this visit.

        :param visit: one ``lapor.complaint.step``
        :param note: the note given with the move, text or False
        :rtype: list[str]
        :raises UserError: when a kind has no rule in this program
        """
        missing = []
        for kind in self:
            check = getattr(self, f"_evidence_{kind.code}", None)
            if check is None:
                raise UserError(
                    self.env._(
                        "The kind of step “%(kind)s” has no rule here. Ask the administrator "
                        "to give the SOP's step another kind.",
                        kind=kind.name,
                    )
                )
            sentence = check(visit, note)
            if sentence:
                missing.append(sentence)
        return missing

    def _evidence_intake(self, visit, note):
        return False

    def _evidence_report(self, visit, note):
        return False

    def _evidence_receive(self, visit, note):
        return False

    def _evidence_confirm(self, visit, note):
        return False

    def _evidence_register(self, visit, note):
        complaint = visit.complaint_id
        if not complaint.category_id:
            return self.env._("Choose the category of the complaint.")
        if not complaint.complainant_id and not complaint.is_anonymous:
            return self.env._(
                "Fill in the complainant's identity, or mark the complaint as anonymous."
            )
        return False

    def _evidence_verify(self, visit, note):
        if not (note or visit.note):
            return self.env._("Write the result of the examination in the note.")
        return False

    def _evidence_direct(self, visit, note):
        if not visit.disposition_ids:
            return self.env._("Issue a disposition: to whom, and with which instructions.")
        return False

    def _evidence_handle(self, visit, note):
        if not (note or visit.note or visit.attachment_ids):
            return self.env._("Describe the follow-up in the note, or attach its documentation.")
        return False

    def _evidence_inspect(self, visit, note):
        inspections = visit.inspection_ids
        if inspections.filtered(lambda inspection: inspection.state == "done"):
            return False
        waiting = inspections.member_ids.filtered(lambda member: member.state == "waiting")
        if waiting and "signing" in inspections.mapped("state"):
            return self.env._(
                "The inspection report (BA) still waits for the signatures of: %s.",
                ", ".join(waiting.user_id.mapped("name")),
            )
        if inspections:
            return self.env._("The inspection report (BA) is a draft: submit and sign it.")
        return self.env._("Complete the inspection report (BA) of the field visit.")

    def _evidence_draft(self, visit, note):
        response = visit.complaint_id._final_response("submitted")
        if not response or (response.state == "delivered" and response.visit_id != visit):
            return self.env._("Draft the response to the complainant.")
        return False

    def _evidence_sign(self, visit, note):
        response = visit.complaint_id._final_response("signed")
        if not response or response.signed_visit_id != visit:
            return self.env._("Sign the response.")
        return False

    def _evidence_send(self, visit, note):
        if not visit.complaint_id._final_response("signed"):
            return self.env._("There is no signed response to send on.")
        return False

    def _evidence_interim(self, visit, note):
        if not visit.complaint_id.response_ids.filtered(
            lambda response: (
                response.kind == "interim"
                and response.state == "delivered"
                and not response.before_reopening
            )
        ):
            return self.env._("Send the complainant an interim response first.")
        return False

    def _evidence_publish(self, visit, note):
        if not visit.complaint_id._final_response("delivered"):
            return self.env._("Deliver the response by the channel that the complainant used.")
        return False
