from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, clean_context, email_normalize

from ..tools.program import is_program

#: What a message says, who, when and where: written with it, and never by hand again.
SAID = {
    *("body", "subject", "author_id", "author_guest_id", "email_from", "date", "model", "res_id"),
    *("subtype_id", "message_type", "parent_id", "message_id", "reply_to", "attachment_ids"),
    *("tracking_value_ids", "is_internal", "record_name"),
}
#: Of these the core itself writes some later on, with the system's rights: what mail servers made
#: of a mail.
LATER = {"message_id", "reply_to", "is_internal", "attachment_ids"}
#: Kinds of messages that somebody writes or that tell what somebody did in Odoo.
BY_USERS = ("comment", "notification", "user_notification", "auto_comment")
#: What goes to complainants or comes from them: an event has the fingerprint of each.
SEALED_SUBTYPES = ("lapor_base.mt_response", "lapor_base.mt_complainant")
#: How far a message's time may be from now.
NOW = timedelta(minutes=5)


class MailMessage(models.Model):
    """Messages of cases: what was sent, received or written by acts is evidence.

    Users write notes in threads, and edit their own as Odoo does, with its mark. All else is
    written by the program (``tools/program.py``), whatever rights and ways somebody has.
    """

    _inherit = "mail.message"
    _lapor_evidence = True

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if is_program():
            return super().create(vals_list)
        default = self.env.context.get("default_model")
        if any(_is_ours(vals.get("model") or default) for vals in vals_list):
            # Nothing of a message comes from a key of the context.
            self = self.with_context(clean_context(self.env.context))
            if not self.env.su:
                for vals in vals_list:
                    # By its Message-Id the answer to a message finds its case.
                    vals.pop("message_id", None)
                    vals.pop("date", None)
        messages = super().create(vals_list)
        messages._of_cases()._check_hand(self.env)
        return messages

    def write(self, vals):
        if not is_program() and vals.keys() & SAID:
            ours = self._of_cases()
            said = vals.keys() & (SAID - LATER if self.env.su else SAID)
            if (ours and said) or _is_ours(vals.get("model")):
                self._refuse_change()
        return super().write(vals)

    def unlink(self):
        if not is_program():
            ours = self._of_cases()
            if ours if not self.env.su else ours._of_acts():
                self._refuse_change()
        return super().unlink()

    def _has_field_access(self, field, operation):
        """Message-Ids are for mail servers: who knows that of a letter to the complainant could
        answer it in the complainant's place, and those of received mails name their senders."""
        if field.name == "message_id" and operation == "read" and not self.env.su:
            return self.env.user.has_group("base.group_system")
        return super()._has_field_access(field, operation)

    # ------------------------------------------------------------
    # GUARDS
    # ------------------------------------------------------------

    def _of_cases(self):
        """Those of these messages that belong to records of the suite."""
        # As the system: which record a message belongs to decides who may write it.
        return self.sudo().filtered(lambda message: _is_ours(message.model))

    def _of_acts(self):
        """Those of these messages that the program wrote, sent or received for a case."""
        subtypes = self.env["lapor.complaint"]._act_subtype_ids()
        return self._of_cases().filtered(
            lambda message: message.message_type != "comment" or message.subtype_id.id in subtypes
        )

    def _check_hand(self, env):
        """Refuse messages by hand that pass for those of somebody else, of another time, or of an
        act.

        :param env: environment in which they were written: with the system's rights the core
            writes some in its own name
        :raises UserError: saying what is not possible
        """
        subtypes = self.env["lapor.complaint"]._act_subtype_ids()
        complainant = self.env["ir.model.data"]._xmlid_to_res_id("lapor_base.partner_complainant")
        user, now = env.user, fields.Datetime.now()
        for message in self:
            if message.subtype_id.id in subtypes or message.message_type not in BY_USERS:
                self._refuse_act()
            own = message.author_id == user.partner_id and email_normalize(
                message.email_from or ""
            ) == email_normalize(user.email or message.email_from or "")
            if message.author_id.id == complainant or not (own or env.su):
                raise UserError(
                    self.env._("The author of a message is who writes it. Leave the sender out.")
                )
            if abs(message.date - now) > NOW:
                raise UserError(self.env._("A message has the time at which it is written."))

    def _sealed_facts(self, mail=None):
        """Fingerprints of messages and of their files, as the event tells them that speaks of
        them; of a received mail that of its bytes, too.

        :param ReadMail mail: the mail that a message was made of
        :rtype: dict
        """
        files = self.attachment_ids
        facts = {"messages": {str(message.id): message._seal() for message in self}}
        if files:
            facts["files"] = {str(file.id): file._seal() for file in files}
        if mail and mail.raw_hash:
            facts["mail"] = self.env["lapor.complaint.version"]._seal(mail.raw_hash)
        return facts

    def _seal(self):
        """Fingerprint of what a message says, who said it, and when."""
        self.ensure_one()
        return self.env["lapor.complaint.version"]._seal(
            {
                "case": [self.model, self.res_id],
                "author": self.author_id.id,
                "date": fields.Datetime.to_string(self.date),
                "kind": [self.message_type, self.subtype_id.id],
                "subject": self.subject or "",
                "body": str(self.body or ""),
            }
        )

    @api.model
    def _broken_evidence(self):
        """Messages that are not what the events say of them, and those that no event tells of."""
        yield from self.env["lapor.event"]._broken_seals(
            "messages", self, self.env._("a message that was sent or received was changed")
        )
        reason = self.env._("a message was put in that was neither sent nor received")
        for message_id, complaint_id in self._unsealed():
            number = self.env["lapor.complaint"].browse(complaint_id).exists().number
            yield {
                "model": self._name,
                "res_id": message_id,
                "complaint_id": complaint_id,
                "number": number,
                "sequence": 0,
                "reason": "message_new",
                "sentence": self.env._(
                    "%(number)s: %(reason)s", number=number or f"#{complaint_id}", reason=reason
                ),
            }

    @api.model
    def _unsealed(self):
        """Words of complainants and answers to them that no event has a fingerprint of.

        :returns: list of (id, complaint id)
        """
        self.env.flush_all()
        find = self.env["ir.model.data"]._xmlid_to_res_id
        return self.env.execute_query(
            SQL(
                """SELECT id, res_id FROM mail_message WHERE model = 'lapor.complaint'
                      AND subtype_id = ANY(%s) AND id NOT IN (
                          SELECT told.key::int FROM lapor_event event,
                                 jsonb_each(event.data -> 'messages') told
                           WHERE jsonb_typeof(event.data -> 'messages') = 'object')
                      -- What waits to be passed on is proved when that is done.
                      AND NOT EXISTS (
                          SELECT 1 FROM lapor_delivery delivery
                           WHERE delivery.complaint_id = mail_message.res_id
                             AND delivery.state = 'waiting')
                 ORDER BY id""",
                [find(xmlid) for xmlid in SEALED_SUBTYPES],
            )
        )

    def _refuse_act(self):
        raise UserError(
            self.env._("This kind of message is written by doing the step, not by hand.")
        )

    def _refuse_change(self):
        raise UserError(
            self.env._(
                "What stands in the thread of a complaint stays. Of your own notes you change the "
                "text there, by “Edit”."
            )
        )

    @api.depends_context("uid")
    def _compute_display_name(self):
        """A message's name is its subject, and every employee may read to whom messages went
        (``mail.notification``): a case's subjects are told only to those who may read it."""
        result = super()._compute_display_name()
        ours = self.filtered(lambda message: (message.model or "").startswith("lapor."))
        hidden = ours - ours.with_user(self.env.uid)._filtered_access("read")
        hidden.display_name = ""
        return result


def _is_ours(model):
    return str(model or "").startswith("lapor.")
