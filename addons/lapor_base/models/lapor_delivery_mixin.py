from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import html2plaintext

from ..tools import fingerprint
from ..tools.plain_text import clean_line

SMS_LENGTH = 306


class LaporDeliveryMixin(models.AbstractModel):
    """How a response reaches the complainant: the channel that was used, another one when that
    fails, each attempt with its proof."""

    _name = "lapor.delivery.mixin"
    _description = "Delivery of Responses"

    delivery_ids = fields.One2many("lapor.delivery", "response_id", string="Attempts")
    delivery_failed = fields.Boolean(
        compute="_compute_delivery_failed",
        store=True,
        help="The last attempt to reach the complainant failed.",
    )
    delivery_waits = fields.Boolean(
        compute="_compute_delivery_failed",
        store=True,
        string="To Be Delivered by Hand",
    )
    mail_failure = fields.Text(compute="_compute_mail_failure")
    copy_text = fields.Text(
        compute="_compute_copy_text",
        help="For WhatsApp, SP4N-LAPOR! and others. Without names of staff.",
    )
    short_text = fields.Text(compute="_compute_copy_text", help="For SMS: two messages at most.")

    @api.depends("delivery_ids.state", "delivery_ids.attempt")
    def _compute_delivery_failed(self):
        for response in self:
            latest = response.delivery_ids.sorted("attempt")[-1:]
            response.delivery_failed = latest.state == "failed"
            response.delivery_waits = latest.state == "waiting"

    @api.depends("delivery_ids.failure", "delivery_failed")
    def _compute_mail_failure(self):
        for response in self:
            latest = response.delivery_ids.sorted("attempt")[-1:]
            response.mail_failure = response.delivery_failed and latest.failure

    @api.depends("subject", "body", "number")
    def _compute_copy_text(self):
        for response in self:
            complaint = response.complaint_id
            unit = complaint.managing_unit_id
            text = html2plaintext(response.body or "", include_references=False).strip()
            head = [unit.name or "", response.number and f"Nomor: {response.number}", ""]
            tail = ["", f"Aduan nomor {complaint.number}."]
            response.copy_text = "\n".join(
                line for line in (*head, text, *tail) if line is not False
            )
            first = " ".join(
                line for line in text.split("\n") if not line.strip().lower().startswith("yth")
            )
            response.short_text = clean_line(
                f"{unit.name}, aduan {complaint.number}: {first}", SMS_LENGTH
            )

    # ------------------------------------------------------------
    # PUBLIC ACTS
    # ------------------------------------------------------------

    def action_open_deliver(self):
        """The dialog of a new attempt."""
        self.ensure_one()
        self._check_may_deliver()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Deliver the Response"),
            "res_model": "lapor.deliver",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_response_id": self.id},
        }

    def action_send_again(self):
        """Send a response by mail once more, after the mail before failed.

        :raises UserError: when no attempt failed, or the complainant has no address
        :raises AccessError: for others than the sender, the step's owner and the coordinator
        """
        self._lock_responses()
        for response in self:
            response._check_may_deliver()
            # Checked as the user; addresses are used, not shown.
            case = response.sudo()
            if not case._may_be_mailed():
                raise UserError(
                    self.env._(
                        "There is no e-mail address to send it to. Deliver the response by "
                        "another channel."
                    )
                )
            case._attempt_by_mail()
        return True

    def action_deliver_otherwise(self, channel_id, proof, attachment_ids=None):
        """Note that staff has brought a response to the complainant by another channel.

        :param int channel_id: ``lapor.channel``
        :param str proof: when, to whom, with which proof
        :param attachment_ids: ids of files of proof
        :raises UserError: when no attempt failed, or the proof is missing
        :raises AccessError: for others than the sender, the step's owner and the coordinator
        """
        self.ensure_one()
        self._lock_responses()
        self._check_may_deliver()
        complaint = self.complaint_id
        files = complaint._check_attachments(attachment_ids)
        channel = self.env["lapor.channel"].browse(channel_id).exists()
        proof = complaint._clean(proof or "")
        # Checked above as the user; what follows is written as the system.
        response = self.sudo()
        response._check_words()
        response._refuse(self._missing_proof(channel, proof))
        visit = response.delivery_ids.sorted("attempt")[-1:].visit_id
        response._attempt(visit, channel, "delivered", proof=proof, files=files)
        response.write(
            {
                "state": "delivered",
                "channel_id": channel.id,
                "delivered_at": fields.Datetime.now(),
                "delivered_by_id": self.env.uid,
                "delivery_note": proof,
            }
        )
        response._record("response_delivered", visit, {"channel": channel.code})
        return True

    def action_give_up(self, reason):
        """Note that the complainant cannot be told, such as an anonymous one without address.

        :param str reason: why
        :raises UserError: when no attempt failed, or without a reason
        :raises AccessError: for others than the sender, the step's owner and the coordinator
        """
        self._lock_responses()
        reason = self.env["lapor.complaint"]._clean(reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why the complainant cannot be told."))
        for response in self:
            response._check_may_deliver()
        # Checked above as the user; what follows is written as the system.
        self.sudo()._give_up(reason)
        return True

    def _may_be_mailed(self):
        """Whether there is an address that a mail of this response goes to."""
        self.ensure_one()
        # Whether there is an address is no secret; which one is.
        response = self.sudo()
        if response.kind == "handover":
            return bool(response.outside_unit_id.email)
        return response.complaint_id._has_mail_address()

    def _check_may_deliver(self):
        """Whether a new attempt is due and this user may make it.

        :raises UserError: when the last attempt did not fail
        :raises AccessError: for others than the sender, the step's owner and the coordinator
        """
        self.ensure_one()
        self.check_access("read")
        # The state of the last attempt, for a check of who asks.
        response = self.sudo()
        latest = response.delivery_ids.sorted("attempt")[-1:]
        if latest.state not in ("failed", "waiting"):
            raise UserError(
                self.env._(
                    "This response is on its way or has arrived already. It is sent once more "
                    "only when the last attempt failed."
                )
            )
        user = self.env.user
        if (
            user not in latest.user_id | latest._turn_user()
            and not (latest.visit_id and latest.visit_id._may_act(user))
            and not response.complaint_id._may_coordinate(user)
        ):
            raise AccessError(
                self.env._("Whoever sent this response, or the managing office, sends it again.")
            )

    # ------------------------------------------------------------
    # AS THE SYSTEM
    # ------------------------------------------------------------

    @api.model
    def _notice(self, complaint, kind, subject, body, visit=None, note=None):
        """Tell the complainant something that no step of the SOP asks for.

        By mail where there is an address; with the proof of staff (``note``); else it waits,
        as an activity of the managing office, until staff has delivered it.

        :param str kind: "notice", "request", "out_of_authority" or "handover"
        :param body: HTML, from a template of the program (never typed by a user unescaped)
        :rtype: lapor.response
        """
        if kind in ("final", "interim"):
            raise UserError(self.env._("An answer leaves in the step that the SOP names."))
        visit = visit or self.env["lapor.complaint.step"]
        response = self.create(
            {
                "complaint_id": complaint.id,
                "visit_id": visit.id,
                "kind": kind,
                "subject": clean_line(subject, 250),
                "body": body,
                "state": "submitted",
                "author_id": self.env.uid,
            }
        )
        if complaint._is_answered_by_mail() or (note or "").strip():
            response._deliver(visit, note)
        else:
            response._tell()
            response._attempt(visit, complaint.channel_id, "waiting")
        return response

    def _deliver(self, visit, note, mail_body=None, channel=None, reason=None):
        """Send the response by the channel that the complainant used.

        By e-mail the system sends it; by every other channel staff has done so and says how
        (``note``).

        :param visit: the open step, or empty for an acknowledgement
        :param str note: what proves the delivery
        :param mail_body: text of the mail where it differs from the response; never given by a
            user, so that nothing leaves that was not signed
        :param channel: another ``lapor.channel`` than the complainant's, when that one failed
        :param str reason: why the complainant's own channel did not do
        :raises UserError: before the SOP's signature, or when a proof or an address is missing
        """
        for response in self:
            complaint = response.complaint_id
            response._check_may_leave()
            usual = complaint.channel_id
            response._refuse(self._missing_to_deliver(complaint, note, channel, reason))
            if channel and channel != usual:
                response._attempt(visit, usual, "failed", failure=reason)
            used = channel or usual
            by_mail = used.delivery == "email" and complaint.complainant_id.email
            message = response._tell(by_mail=bool(by_mail))
            response.write(
                {
                    "state": "delivered",
                    "channel_id": used.id,
                    "delivered_at": fields.Datetime.now(),
                    "delivered_by_id": self.env.uid,
                    "delivery_note": note or False,
                    "mail_id": by_mail and response._send_mail(message, mail_body).id,
                }
            )
            response._attempt(
                visit,
                used,
                "sending" if by_mail else "delivered",
                proof=note,
                mail_id=response.mail_id.id,
            )
            response._record(
                "response_delivered", visit, {"channel": used.code, **message._sealed_facts()}
            )

    def _check_may_leave(self):
        """Whether this text may go out now.

        :raises UserError: when it went out already, or before the signature that the SOP asks for
        """
        if self.state in ("delivered", "void"):
            raise UserError(self.env._("This response has been sent already."))
        if self.kind == "final" and self.complaint_id._needs_signature() and self.state != "signed":
            raise UserError(
                self.env._("The response cannot leave before it is signed, says the SOP.")
            )
        self._check_text_unchanged()

    def _check_text_unchanged(self):
        if self.text_hash and not self._is_as_signed():
            raise UserError(self.env._("The text differs from what was signed. It is not sent."))

    @api.model
    def _missing_to_deliver(self, complaint, note, channel=None, reason=None):
        """What lacks before an answer can be noted as delivered, or sent.

        :param str note: what proves the delivery
        :param channel: ``lapor.channel`` that is used; the complainant's where there is none
        :param str reason: why it is another one than the complainant's
        :rtype: list[str]
        """
        usual = complaint.channel_id
        used = channel or usual
        missing = []
        if used != usual and not (reason or "").strip():
            missing.append(
                self.env._(
                    "Say why the response does not go by the channel of the complainant "
                    "(%(channel)s).",
                    channel=usual.name,
                )
            )
        if not (used.delivery == "email" and complaint.complainant_id.email):
            missing += self._missing_proof(used, note)
        return missing

    @api.model
    def _missing_proof(self, channel, proof):
        if (proof or "").strip():
            return []
        return [
            self.env._(
                "Say how the complainant received the response (%(channel)s): when, by "
                "whom, with which proof.",
                channel=channel.name,
            )
        ]

    def _attempt(self, visit, channel, state, proof=None, failure=None, files=None, mail_id=None):
        """Write down one attempt, and whose business a failed one is.

        :rtype: lapor.delivery
        """
        self.ensure_one()
        mail = self.env["mail.mail"].browse(mail_id or [])
        delivery = self.env["lapor.delivery"].create(
            {
                "response_id": self.id,
                "complaint_id": self.complaint_id.id,
                "visit_id": visit.id,
                "attempt": len(self.delivery_ids) + 1,
                "channel_id": channel.id,
                "state": state,
                "user_id": self.env.uid,
                "at": fields.Datetime.now(),
                "proof": proof or False,
                "failure": failure or False,
                "mail_id": mail_id,
                "address_proof": mail.email_to and fingerprint.proof({"address": mail.email_to}),
            }
        )
        if files:
            delivery.attachment_ids = self.complaint_id._keep_files(files)
        self.delivery_ids._sync_turns()
        return delivery

    def _give_up(self, reason):
        """Leave it at what was tried: nobody will reach the complainant with these."""
        for response in self:
            latest = response.delivery_ids.sorted("attempt")[-1:]
            response._attempt(latest.visit_id, latest.channel_id, "given_up", failure=reason)
            response._record("delivery_given_up", latest.visit_id, {"reason": reason})

    def _tell(self, by_mail=False):
        """Post the response in the thread; the complainant gets a mail of its own.

        :param bool by_mail: the mail follows; the message has its heads from the beginning
        """
        self.ensure_one()
        labels = dict(self._fields["kind"]._description_selection(self.env))
        head = Markup("<p><b>%s</b>%s</p>") % (
            labels[self.kind],
            f" · {self.number}" if self.number else "",
        )
        complaint = self.complaint_id
        heads = self._mail_heads() if by_mail else {"subject": self.subject}
        return complaint._post_act(
            body=head + Markup(self.body),
            record_company_id=complaint.company_id.id,
            record_alias_domain_id=complaint.company_id.alias_domain_id.id,
            **heads,
            subtype_xmlid="lapor_base.mt_response",
            message_type="comment",
            message_id=self._mail_identity(),
            # What the program sends by itself comes from the government, not from a robot.
            author_id=(
                self.company_id.partner_id
                if self.env.uid == SUPERUSER_ID or self.kind == "ack"
                else self.env.user.partner_id
            ).id,
        )
