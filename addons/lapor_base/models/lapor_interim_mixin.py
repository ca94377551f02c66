from odoo import api, fields, models
from odoo.exceptions import UserError


class LaporInterimMixin(models.AbstractModel):
    """Tanggapan sementara, whenever whoever has the step sees a need; counted.

    The rules ask for a first reply within days, while the work may take weeks (the lapor.go.id
    practice, PermenPANRB 62/2018); Bantul's SOP draws an arrow for it, others do not forbid it.
    """

    _name = "lapor.interim.mixin"
    _description = "Interim Answers of a Complaint"
    _inherit = ["lapor.response.mixin", "lapor.notice.mixin"]

    interim_count = fields.Integer(
        string="Interim Answers",
        readonly=True,
        copy=False,
        aggregator="sum",
        help="Interim answers that have left; none of them ends the complaint.",
    )

    @api.model
    def _engine_fields(self):
        return super()._engine_fields() | {"interim_count"}

    def _count_interims(self):
        for case in self:
            sent = case.response_ids.filtered(
                lambda response: response.kind == "interim" and response.state == "delivered"
            )
            case._engine_write({"interim_count": len(sent)})

    def _get_more_acts(self, visit, mine):
        acts = super()._get_more_acts(visit, mine)
        # Facts of the case that this check needs; the user learns yes or no.
        case = self.sudo()
        drawn = "interim" in visit.sop_step_id.transition_ids.demand_ids.mapped("code")
        if mine and visit and not drawn and not case.is_on_hold and not case._answer_sent():
            acts.append(
                {
                    "id": "interim",
                    "method": "action_open_interim",
                    "label": self.env._("Interim answer…"),
                    "kind": "interim",
                    "help": self.env._("Tell the complainant what is being done; nothing ends."),
                    "primary": False,
                }
            )
        return acts

    # ------------------------------------------------------------
    # ACTS
    # ------------------------------------------------------------

    def action_interim(self, body, subject=None, delivery_note=None):
        """Answer a complainant for the time being, beside the arrows of the SOP.

        Where the SOP has a signature, it leaves when whoever signs has agreed.

        :param body: HTML
        :param str subject: of the mail
        :param str delivery_note: proof that the complainant was told, where the channel is not
            mail and nobody has to agree first
        :raises UserError: without a text, after the final answer, while the case waits for its
            complainant, or when nobody else could agree
        :raises AccessError: when the step is somebody else's
        """
        self.ensure_one()
        self.check_access("read")
        self._lock_cases()
        self._check_may_interim()
        values = {"kind": "interim", "subject": self._clean(subject or ""), "body": body}
        # The step is the user's, and with it its answers; what follows is written as the system.
        case = self.sudo()
        response = case.env["lapor.response"]._draft(case.current_step_id, values, beside_sop=True)
        if not response.paraf_ids.filtered(lambda paraf: paraf.state in ("waiting", "given")):
            response._ask_parafs(case.current_step_id, response.version_ids.sorted("number")[-1:])
        case._drop_tasks(["interim_returned"])
        if not response.next_paraf_id:
            response._leave_interim(self._clean(delivery_note or "").strip())
        return True

    def action_open_interim(self):
        """The dialog of :meth:`action_interim`."""
        self.ensure_one()
        self.check_access("read")
        self._check_may_interim()
        return {
            **self._open_dialog("lapor.interim.ask", self.env._("Interim Answer")),
            "context": {"default_complaint_id": self.id, "dialog_size": "large"},
        }

    def _check_may_interim(self):
        """Whether this user may answer for the time being now.

        :raises UserError: after the final answer, or while the case waits for its complainant
        :raises AccessError: when the step is somebody else's
        """
        self.ensure_one()
        self._check_step_is_mine()
        self._check_not_waiting()
        # Only whether the final answer has been sent.
        if self.sudo()._answer_sent():
            raise UserError(
                self.env._("The final answer to %s has been sent already.", self.number)
            )

    # ------------------------------------------------------------
    # AS THE SYSTEM
    # ------------------------------------------------------------

    def _find_interim_approver(self, visit, author):
        """Who has to agree with an interim answer: nobody where the SOP has no signature; else
        who signs, if in the office that has the step; else the nearest superior there; else
        whoever signs or coordinates; never the author.

        :param visit: the open ``lapor.complaint.step``
        :param author: ``res.users``
        :rtype: lapor.position
        :raises UserError: when there is nobody but the author
        """
        self.ensure_one()
        sign_step = self.sop_id.step_ids.filtered(lambda step: step.kind == "sign")[:1]
        positions = self.env["lapor.position"]
        if not sign_step:
            return positions
        signer = self._find_owner(sign_step)[1]
        if signer.unit_id.office_id == visit.unit_id.office_id:
            positions |= signer
        above = visit.position_id.parent_id
        while above and above not in positions:
            positions |= above
            above = above.parent_id
        coordinating = self._coordinating_positions()
        able = (positions | signer | coordinating).filtered(
            lambda position: (
                position.holder_id
                and position.holder_id != author
                and position.company_id == self.company_id
                and self._is_open_to(position)
            )
        )
        if not able:
            raise UserError(
                self.env._(
                    "The SOP has a signature before an answer leaves, and nobody but you could "
                    "agree: fill a position that signs or coordinates first."
                )
            )
        return able[:1]

    def _return_draft(self, response, note):
        """A text beside the SOP that is returned leaves the case where it is."""
        if not response.beside_sop:
            return super()._return_draft(response, note)
        response._send_back(note)
        visit = self.current_step_id
        self._add_task(
            "interim_returned",
            visit.position_id,
            self.env._("The interim answer was returned: write it anew")
            if response.kind == "interim"
            else self.env._("What the complainant is to be told was returned: write it anew"),
            user=response.author_id,
        )
        return None

    @api.model
    def _tasks_of_open_cases(self):
        return super()._tasks_of_open_cases() | {"interim_returned"}
