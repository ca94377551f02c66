from odoo import fields, models
from odoo.exceptions import UserError


class LaporResponseInterimMixin(models.AbstractModel):
    """Texts beside the SOP's arrows, such as jawaban sementara: it decides nothing, but tells the
    complainant that something is being done.

    Where the SOP has a signature before an answer leaves, whatever else a person writes needs the
    agreement of whoever signs, too (an initial; it is no letter and takes no number). Where the
    SOP has none, it leaves at once, as its final answer does.
    """

    _name = "lapor.response.interim.mixin"
    _description = "Interim Responses"
    _inherit = ["lapor.paraf.mixin", "lapor.delivery.mixin"]

    beside_sop = fields.Boolean(
        string="Beside the SOP", help="Written at no arrow of the SOP that asks for it."
    )

    def _find_paraf_positions(self, visit):
        if self.beside_sop:
            return self.complaint_id._find_interim_approver(visit, self.author_id)
        return super()._find_paraf_positions(visit)

    def _give_paraf(self, paraf, note=False):
        result = super()._give_paraf(paraf, note)
        if self.kind == "interim" and not self.next_paraf_id:
            self._leave_interim()
        return result

    def _is_approved(self):
        """Whether the text as it is now may leave, as far as its signer is concerned."""
        self.ensure_one()
        asked = self.paraf_ids.filtered(
            lambda paraf: paraf.version == self.version and paraf.state != "void"
        )
        agreed = asked and all(paraf.state == "given" for paraf in asked)
        return bool(agreed) or not self.complaint_id._needs_signature()

    def _check_may_leave(self):
        if self._needs_agreement() and not self._is_approved():
            raise UserError(
                self.env._("This text cannot leave before whoever signs answers has agreed.")
            )
        return super()._check_may_leave()

    def _needs_agreement(self):
        """Whether a person wrote this text beside what the SOP has signed. What is told again of
        another case was agreed to there."""
        self.ensure_one()
        written = self.beside_sop or self.kind in ("out_of_authority", "handover")
        return written and not self.origin_id

    def _leave_interim(self, proof=None):
        """Send what is approved: by mail at once; else with the proof of whoever has told the
        complainant, or as a task of its author."""
        self.ensure_one()
        complaint, visit = self.complaint_id, self.visit_id
        if complaint._is_answered_by_mail() or proof:
            self._deliver(visit, proof)
        else:
            self._check_may_leave()
            self._tell()
            # Whoever wrote it brings it, not whoever agreed.
            self.with_user(self.author_id).sudo()._attempt(visit, complaint.channel_id, "waiting")
        complaint._answer_supporters(complaint.current_step_id)

    def _count_interims(self):
        self.filtered(lambda response: response.kind == "interim").complaint_id._count_interims()

    def _interim_facts(self):
        """What events say of an interim answer besides: how many have left."""
        self.ensure_one()
        return {"count": self.complaint_id.interim_count} if self.kind == "interim" else {}
