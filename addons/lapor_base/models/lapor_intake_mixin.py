import re

import lxml.html
from lxml import etree
from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tools import (
    email_normalize,
    html2plaintext,
    parse_contact_from_email,
    plaintext2html,
)

from ..tools.plain_text import bare_subject, clean_line, clean_text, split_quoted
from ..tools.tracking_code import new_tracking_code


class LaporIntakeMixin(models.AbstractModel):
    """How a case begins, whoever takes it in; and how a mail becomes a complaint, or a message
    in the thread of one.

    The complainant's address is stored with the complainant only: messages in the thread
    carry the neutral author "Pelapor", so that hiding an identity later leaves no trace of
    it in the chatter.
    """

    _name = "lapor.intake.mixin"
    _description = "Intake of Complaints"
    _inherit = ["lapor.case.mixin"]

    @api.model
    def _prepare_complaint(self, vals, found=None):
        """Complete the values of an intake: office, number, tracking code and SOP.

        :param dict found: what was looked up for other complaints of the same call
        :raises UserError: when a field is given that only acts may set, or when the
            government has no managing office
        """
        self._refuse_engine_fields(vals, self._engine_fields() - {"company_id"})
        vals = self._clean_texts(vals)
        if vals.get("description") and not vals.get("name"):
            vals["name"] = clean_line(vals["description"], 80)
        if not vals.get("name") or not vals.get("description"):
            raise ValidationError(self.env._("A complaint needs a title and a text."))
        intake_unit = self.env["lapor.unit"].browse(vals.get("intake_unit_id")).sudo()
        company = (
            intake_unit.company_id
            or self.env["res.company"].browse(vals.get("company_id"))
            or self.env.company
        )
        found = {} if found is None else found
        place = (intake_unit, company)
        if place not in found:
            found[place] = self._find_managing_unit(intake_unit, company)
        managing_unit = found[place]
        received_at = fields.Datetime.to_datetime(vals.get("received_at")) or fields.Datetime.now()
        if received_at > fields.Datetime.now():
            raise ValidationError(self.env._("A complaint cannot be received in the future."))
        local = fields.Datetime.context_timestamp(
            self.with_context(tz=managing_unit._get_tz()), received_at
        )
        category = self.env["lapor.category"].browse(vals.get("category_id"))
        classification = vals.get("classification") or "complaint"
        # The SOP and the counter belong to the office, not to whoever keys in the complaint.
        kind = (managing_unit, local.date(), classification, category)
        if kind not in found:
            found[kind] = self.env["lapor.sop"].sudo()._in_force(*kind)
        sop = found[kind]
        counter = (company, local.date())
        if counter not in found:
            found[counter] = company.sudo()._complaint_numbering(local.date())
        office = intake_unit.office_id
        vals.update(
            number=found[counter]._next(),
            tracking_code=new_tracking_code(),
            company_id=company.id,
            managing_unit_id=managing_unit.id,
            intake_unit_id=intake_unit.id or managing_unit.id,
            unit_id=office.id if office and office != managing_unit else False,
            # From the first moment: whoever takes a case in must see it to take it in.
            involved_unit_ids=[Command.set((managing_unit | office).ids)],
            sop_id=sop.id,
            received_at=received_at,
        )
        return vals

    @api.model
    def _find_managing_unit(self, intake_unit, company):
        office = intake_unit.office_id
        if office.kind == "manager":
            return office
        manager = (
            self.env["lapor.unit"]
            .sudo()
            .with_context(active_test=True)
            .search([("kind", "=", "manager"), ("company_id", "=", company.id)], limit=1)
        )
        if not manager:
            raise UserError(
                self.env._(
                    "%(company)s has no managing office yet. Create a unit of the kind "
                    "“Managing office” first.",
                    company=company.name,
                )
            )
        return manager

    def _start(self):
        """Begin new cases: first event, first step, and past the step of filing itself."""
        cases = self.sudo()
        cases.env["lapor.event"]._log(
            [
                {
                    "complaint": complaint,
                    "code": "received" if complaint.sop_id else "sop_missing",
                    "data": {
                        "channel": complaint.channel_id.code,
                        "sop": complaint.sop_id.id or None,
                        "received_at": fields.Datetime.to_string(complaint.received_at),
                    },
                }
                for complaint in cases
            ]
        )
        cases._enter_sop()
        if "lapor_automatic_mail" not in self.env.context:
            # The mail gateway acknowledges by itself, after the mail is in the thread.
            cases._acknowledge()

    def _enter_sop(self):
        """Open the first step; where the SOP starts with the filing itself, it is done."""
        starting = self.filtered("sop_id")
        if not starting:
            return
        Visit = self.env["lapor.complaint.step"]
        visits = Visit._open(
            [(complaint, complaint.sop_id._first_step()) for complaint in starting]
        )
        for visit in visits.filtered(lambda visit: visit.kind == "intake"):
            transition = visit._main_transition()
            if not transition.to_step_id:
                # Drawn with a choice after the filing: the office makes it.
                continue
            visit._leave(transition, False, self.env["ir.attachment"])
            Visit._open([(visit.complaint_id, transition.to_step_id)])

    def action_enter_sop(self):
        """Start complaints that came in while no SOP was in force."""
        self.check_access("write")
        self._lock_cases()
        for complaint in self.sudo().filtered(lambda case: not case.sop_id):
            sop = (
                self.env["lapor.sop"]
                .sudo()
                ._in_force(
                    complaint.managing_unit_id,
                    complaint._local_received_at().date(),
                    complaint.classification,
                    complaint.category_id,
                )
            )
            if not sop:
                raise UserError(
                    self.env._(
                        "%(unit)s has no SOP in force for this complaint. Activate one first.",
                        unit=complaint.managing_unit_id.name,
                    )
                )
            complaint._engine_write({"sop_id": sop.id})
            complaint._enter_sop()

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Make a complaint of a mail to an office's alias."""
        # The gateway acts as the user with the sender's address: a complainant's account would
        # stand as the author of the case, its steps and its events.
        self = self.with_user(SUPERUSER_ID)
        values = dict(custom_values or {})
        unit = self.env["lapor.unit"].browse(values.get("intake_unit_id"))
        text = self._mail_text(msg_dict)
        name, address = parse_contact_from_email(msg_dict.get("email_from") or "")
        company = unit.company_id or self.env.company
        complainant = self.env["lapor.complainant"].create(
            {
                "name": clean_line(name, 120) or address or self.env._("Unknown"),
                "email": address or False,
                "company_id": company.id,
            }
        )
        subject = clean_line(bare_subject(msg_dict.get("subject") or ""), 250)
        text = text or subject or self.env._("(No text; see the attached files.)")
        values.update(
            name=subject or clean_line(text, 80),
            description=text,
            channel_id=self.env.ref("lapor_base.channel_email").id,
            complainant_id=complainant.id,
            company_id=company.id,
        )
        return self.create([values])

    def message_update(self, msg_dict, update_vals=None):
        """Note that a message came in; the thread keeps its text."""
        # The gateway runs as the system; anybody else would feign the complainant's message.
        if not self.env.su:
            raise AccessError(self.env._("Messages of complainants come in by mail only."))
        cases = self.with_user(SUPERUSER_ID)
        self.env["lapor.event"].with_user(SUPERUSER_ID)._log(
            [
                {"complaint": complaint, "code": "message_received"}
                for complaint in cases
                if not complaint._staff_sender(msg_dict)
            ]
        )
        return super().message_update(msg_dict, update_vals)

    def message_post(self, **kwargs):
        # Only the mail gateway posts as the superuser with the type of a received mail.
        if kwargs.get("message_type") != "email" or self.env.uid != SUPERUSER_ID:
            return super().message_post(**kwargs)
        message = super().message_post(**self._hide_sender(kwargs))
        # Acknowledged after its own message, so that the thread tells the story in order.
        if self.env.context.get("lapor_automatic_mail") is False and not self.response_ids:
            self._acknowledge()
        return message

    def _hide_sender(self, kwargs):
        """Replace the writer's address by the neutral author of the complaint's thread.

        A colleague's mail becomes an internal note; a stranger's is marked as such.
        """
        self.ensure_one()
        sender = email_normalize(kwargs.get("email_from"))
        known = self.complainant_id.email_normalized
        kwargs = dict(
            kwargs,
            subject=self._plain_subject(kwargs.get("subject") or ""),
            body=self._without_secrets(self._in_paragraphs(kwargs.get("body") or "")),
            incoming_email_to=False,
            incoming_email_cc=False,
        )
        staff = self._staff_sender(kwargs)
        if staff:
            kwargs.update(
                author_id=staff.partner_id.id,
                subtype_id=self.env.ref("mail.mt_note").id,
                partner_ids=[],
            )
            return kwargs
        if sender and sender != known:
            kwargs["body"] = (
                Markup("<p><em>%s</em></p>")
                % self.env._("Sent from another address than the complainant's.")
            ) + (kwargs.get("body") or "")
        kwargs.update(
            author_id=self.env.ref("lapor_base.partner_complainant").id,
            email_from=self.managing_unit_id._mail_sender() or self.company_id.email_formatted,
            subtype_id=self.env.ref("lapor_base.mt_complainant").id,
            # A held case waits for this message: whoever has its step must see it.
            partner_ids=self.current_user_id.partner_id.ids if self.hold_id else [],
        )
        return kwargs

    def _plain_subject(self, subject):
        subject = clean_line(subject, 250)
        return self._without_identity(subject) if self.is_anonymous else subject

    def _staff_sender(self, mail):
        """The colleague who wrote a mail; nobody when the complainant did.

        :param dict mail: with ``email_from``
        """
        self.ensure_one()
        sender = email_normalize(mail.get("email_from"))
        if not sender or sender == self.complainant_id.email_normalized:
            return self.env["res.users"]
        return self.env["res.users"].search(
            [("email_normalized", "=", sender), ("share", "=", False)], limit=1
        )

    def _without_secrets(self, body):
        """A mail's body without what its quoted tail repeats of our own mails: the tracking
        code, and the complainant's address in the heads of Outlook."""
        self.ensure_one()
        secrets = [self.tracking_code, self.complainant_id.email_normalized]
        words = "|".join(re.escape(secret) for secret in secrets if secret)
        kind = type(body)
        body = kind(re.sub(words, "…", body, flags=re.IGNORECASE)) if words else body
        if not self.is_anonymous or not self.complainant_id:
            return body
        masked = self._without_identity(Markup(body))
        if masked != body:
            self.complainant_id._keep_original([html2plaintext(body)])
        return masked

    @api.model
    def _in_paragraphs(self, body):
        """A plain mail as paragraphs: the gateway gives it as one preformatted block, whose
        long lines the thread cuts off."""
        text = str(body).strip()
        if not text.startswith("<pre>"):
            return body
        return plaintext2html(clean_text(lxml.html.fromstring(text).text_content()))

    @api.model
    def _mail_text(self, msg_dict):
        """What the writer says: the mail's text without pictures, emphasis and quoted tail."""
        body = str(msg_dict.get("body") or "").strip()
        if not body:
            return ""
        root = lxml.html.fromstring(body)
        etree.strip_elements(root, "img", "style", "script", with_tail=False)
        etree.strip_tags(root, "b", "strong", "i", "em", "u")
        if root.tag == "pre":
            text = root.text_content()
        else:
            text = html2plaintext(
                etree.tostring(root, encoding="unicode"), include_references=False
            )
        return split_quoted(clean_text(text))[0]

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        # The core looks for a field with the sender's address on the complaint itself.
        return [("complainant_id.email_normalized", "=", email_from_normalized)]

    def _notify_get_reply_to(self, default=None, author_id=False):
        replies = super()._notify_get_reply_to(default=default, author_id=author_id)
        for complaint in self.sudo():
            address = complaint.managing_unit_id.alias_email
            if address:
                replies[complaint.id] = address
        return replies

    def _acknowledge(self):
        """Tell new complainants who can be reached by mail their number and tracking code."""
        for complaint in self:
            if complaint.channel_id.delivery == "email" and complaint.complainant_id.email:
                self.env["lapor.response"]._acknowledge(complaint)
