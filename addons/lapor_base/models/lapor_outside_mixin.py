from babel.dates import format_date as format_letter_date

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import formataddr

from ..tools.letter_frame import plain_lines
from ..tools.plain_text import clean_line
from ..tools.program import as_program


class LaporOutsideMixin(models.AbstractModel):
    """Bukan wewenang pemerintah daerah: nobody of this government has the authority.

    The managing office closes the case and tells the complainant why and where to turn, through
    the channel that he used; where it forwards the complaint itself, the letter to the body
    outside stays on record, without the complainant's identity.
    """

    _name = "lapor.outside.mixin"
    _description = "Complaints Out of Authority"
    _inherit = ["lapor.ending.mixin", "lapor.engine.mixin"]

    def _get_more_acts(self, visit, mine):
        acts = super()._get_more_acts(visit, mine)
        # Facts of the case that this check needs; the user learns yes or no.
        if mine and not self.sudo().is_on_hold and self._is_with_manager(visit):
            acts.append(
                {
                    "id": "close_outside",
                    "method": "action_open_outside",
                    "label": self.env._("Nobody here has the authority: close"),
                    "kind": "close_outside",
                    "help": self.env._(
                        "A body outside this government has to handle it; the complainant is told."
                    ),
                    "primary": False,
                }
            )
        return acts

    def _is_with_manager(self, visit):
        """Whether the managing office has the case's open step."""
        # Facts of the case that this check needs; the user learns yes or no.
        return visit.unit_id.office_id == self.sudo().managing_unit_id

    def action_open_outside(self):
        """The dialog of :meth:`action_close_outside`."""
        self._check_may_close_outside()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Out of This Government's Authority"),
            "res_model": "lapor.outside.ask",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_complaint_id": self.id, "dialog_size": "large"},
        }

    def action_close_outside(
        self, reason, notice, unit_id=None, body=None, delivery_note=None, handover=None
    ):
        """Close a case for which nobody in this government has the authority.

        Where the SOP has a signature, nothing leaves before whoever signs has agreed with both
        texts. By mail the case is closed with the agreement; for another channel whoever wrote the
        notice tells the complainant then, and calls this once more with the proof.

        :param str reason: why; for the file
        :param str notice: HTML of what the complainant is told
        :param int unit_id: ``lapor.unit`` of the kind "outside" that has the authority
        :param str body: the body outside, where it is no unit here
        :param str delivery_note: proof that the notice reached the complainant, where the channel
            is not mail and nobody has to agree first
        :param dict handover: where the complaint is forwarded: ``letter`` (HTML) and ``note`` (how
            it was sent; needed where the body has no mail address here)
        :raises UserError: without a reason, a notice or a body to forward to, or when an office
            has the case
        :raises AccessError: when the step is somebody else's
        """
        self.ensure_one()
        self.check_access("read")
        self._lock_cases()
        self._check_may_close_outside()
        reason = self._clean(reason or "").strip()
        unit = self.env["lapor.unit"].browse(unit_id or []).exists()
        if unit and (unit.kind != "outside" or unit.company_id != self.company_id):
            raise UserError(self.env._("Choose a body outside this government."))
        target = unit.name or clean_line(body or "", 120)
        missing = [] if reason else [self.env._("Say why nobody here has the authority.")]
        # Texts and ways of this case, whose step is the user's.
        missing += self.sudo()._missing_outside(unit, target, notice, delivery_note, handover)
        self.env["lapor.response"]._refuse(missing)
        # The step is the user's; what follows is written as the system.
        self.sudo()._close_outside(reason, notice, unit, target, delivery_note, handover)
        return True

    def _check_may_close_outside(self):
        """
        :raises UserError: when another office has the case, or it waits for something
        :raises AccessError: when the step is somebody else's
        """
        self.ensure_one()
        self.check_access("read")
        self._check_step_is_mine()
        self._check_not_waiting()
        # Facts of the case that this check needs; the user learns yes or no.
        if not self._is_with_manager(self.sudo().current_step_id):
            raise UserError(
                self.env._(
                    "An office has complaint %s. It gives it back first, if it has no authority.",
                    self.number,
                )
            )

    # ------------------------------------------------------------
    # AS THE SYSTEM
    # ------------------------------------------------------------

    def _close_outside(self, reason, notice, unit, target, delivery_note, handover):
        """Close at once, or ask for the agreement that the texts need first."""
        self.ensure_one()
        notice = self._submit_beside(
            "out_of_authority", f"Aduan {self.number}: bukan wewenang", notice
        )
        letter = self.env["lapor.response"]
        if handover is None:
            self._drop_texts(["handover"])
        else:
            letter = self._submit_beside(
                "handover",
                f"Penerusan aduan {self.number} kepada {target}",
                handover.get("letter"),
            )
        notice.pending_act = {
            "reason": reason,
            "unit": unit.id or None,
            "target": target,
            "letter": letter.id or None,
            "note": self._clean((handover or {}).get("note") or ""),
        }
        if all(text._is_approved() for text in notice._leaving_together()):
            self._close_agreed(notice, self._clean(delivery_note or ""))

    def _close_agreed(self, notice, delivery_note=""):
        self.ensure_one()
        visit, pending = self.current_step_id, notice.pending_act
        notice._deliver(visit, delivery_note)
        letter = notice.browse(pending["letter"] or [])
        if letter:
            unit = self.env["lapor.unit"].browse(pending["unit"] or [])
            self._hand_over_outside(letter, unit, pending["target"], pending["note"])
        reason = pending["reason"]
        if pending["target"]:
            reason = self.env._("%(reason)s (%(body)s)", reason=reason, body=pending["target"])
        self._end("out_of_authority", note=reason)

    def _agreement_outside(self, user):
        """Whose agreement closing as out of authority needs, and whether it is there.

        :param user: ``res.users`` who writes the texts
        :returns: dict with ``approver``, ``agreed``, ``notice``, ``letter`` and ``return_note``
        """
        self.ensure_one()
        approver = self._find_interim_approver(self.current_step_id, user)
        notice = self._open_response("out_of_authority")
        texts = notice._leaving_together()
        return {
            "approver": approver.display_name,
            "agreed": bool(notice.pending_act)
            and all(text.state == "submitted" and text._is_approved() for text in texts),
            "notice": notice.body,
            "letter": (texts - notice).body,
            "return_note": "\n".join(filter(None, texts.mapped("return_note"))),
        }

    def _missing_outside(self, unit, target, notice, delivery_note, handover):
        """What lacks in the papers of :meth:`action_close_outside`, all of it.

        :rtype: list[str]
        """
        Response = self.env["lapor.response"]
        missing = [
            self.env._("Notice to the complainant: %s", sentence)
            for sentence in Response._find_missing(self, "out_of_authority", "", notice)
        ]
        if not plain_lines(str(notice or "")):
            missing = [self.env._("Write what the complainant is told.")]
        if not self._needs_signature():
            missing += Response._missing_to_deliver(self, delivery_note)
        if handover is None:
            return missing
        if not target:
            missing.append(self.env._("Say to which body the complaint is forwarded."))
        letter = str(handover.get("letter") or "")
        if plain_lines(letter):
            missing += [
                self.env._("Letter to the body outside: %s", sentence)
                for sentence in Response._find_missing(self, "handover", "", letter)
            ]
        else:
            missing.append(self.env._("Write the letter to the body outside."))
        if not unit.email and not (handover.get("note") or "").strip():
            missing.append(
                self.env._("Say how the complaint was forwarded: number and date of the letter.")
            )
        return missing

    def _hand_over_outside(self, response, unit, target, note):
        """Send the letter to the body outside where its mail address is known."""
        visit = self.current_step_id
        response._check_may_leave()
        message = response._tell()
        response.write(
            {
                "outside_unit_id": unit.id,
                "state": "delivered",
                "delivered_at": fields.Datetime.now(),
                "delivered_by_id": self.env.uid,
                "delivery_note": note or False,
                "mail_id": unit.email and self._mail_outside(response, message, unit).id,
            }
        )
        if response.mail_id:
            # A mail that fails or comes back is somebody's business here as well.
            channel = self.env["lapor.channel"].search([("delivery", "=", "email")], limit=1)
            response._attempt(visit, channel, "sending", mail_id=response.mail_id.id)
        response._record("response_delivered", visit, message._sealed_facts())
        self.env["lapor.event"]._log(
            [
                {
                    "complaint": self,
                    "code": "handed_outside",
                    "visit": visit,
                    "position": visit.position_id,
                    "data": {"response": response.id, "unit": unit.id or None, "body": target},
                }
            ]
        )

    def _mail_outside(self, response, message, unit):
        """Queue the mail to the body outside; its answer comes into the case's thread."""
        office = self.managing_unit_id
        sender = office._mail_sender() or self.company_id.email_formatted or False
        values = {
            "mail_message_id": message.id,
            "subject": f"[{self.number}] {response.subject}",
            "body_html": response.body,
            "email_from": sender,
            "reply_to": formataddr((office.name, office.alias_email))
            if office.alias_email
            else sender,
            "email_to": formataddr((unit.name, unit.email)),
            "auto_delete": False,
            "is_notification": False,
        }
        # The heads of the mail become those of its message.
        with as_program():
            return self.env["mail.mail"].create(values)

    def _draft_outside(self, template, target):
        """Proposed text of the notice or of the letter, in Indonesian as letters are.

        :param str template: external id
        :param str target: name of the body outside, or ""
        """
        self.ensure_one()
        # The text goes out of the house: nobody's numbers and names go with it.
        values = {
            "complaint": self,
            "target": target,
            "title": self._public_text(self.name),
            "text": self._public_text(self.description),
            "received_on": format_letter_date(self._local_received_at(), "d MMMM y", locale="id"),
        }
        return self.env["ir.qweb"]._render(template, values, minimal_qcontext=True)
