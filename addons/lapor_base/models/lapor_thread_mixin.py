from odoo import api, models
from odoo.exceptions import UserError

from ..tools.program import as_program, is_program

# Words of the office that only acts say in the thread.
ACT_SUBTYPES = (
    "lapor_base.mt_response",
    "lapor_base.mt_disposition",
    "lapor_base.mt_complainant",
)


class LaporThreadMixin(models.AbstractModel):
    """The thread of a case stays inside the office: nothing leaves by it.

    The complainant is answered by responses only, after the SOP's approval. Whatever somebody
    writes, schedules or sends from the thread reaches colleagues alone.
    """

    _name = "lapor.thread.mixin"
    _description = "Thread of a Complaint"
    _inherit = ["lapor.case.mixin"]
    # A message answers another one only when it says so; threads of mails follow their heads.
    _mail_flat_thread = False

    def message_post(self, **kwargs):
        kwargs = self._check_stays_inside(kwargs)
        for case in self:
            case._check_no_probing(f"{kwargs.get('subject') or ''} {kwargs.get('body') or ''}")
        return super().message_post(**kwargs)

    def _post_act(self, **kwargs):
        """Post what an act says in the thread: the only way to messages that nobody changes."""
        with as_program():
            return self.message_post(**kwargs)

    def _message_log_batch(self, bodies, *args, **kwargs):
        # What somebody says with an act stands here, too.
        for case in self:
            case._check_no_probing(bodies.get(case.id) or "")
        with as_program():
            return super()._message_log_batch(bodies, *args, **kwargs)

    def _message_update_content(self, message, /, **kwargs):
        # The web client comes with the system's rights, and the core lets some callers pass.
        self._check_can_update_message_content(message.sudo())
        with as_program():
            return super()._message_update_content(message, **kwargs)

    def unlink(self):
        with as_program():
            return super().unlink()

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        self._check_colleagues(partner_ids)
        if self.env.su:
            # The program subscribes whoever has a task: nobody needs to look who is active.
            return self._message_subscribe(partner_ids, subtype_ids)
        return super().message_subscribe(partner_ids, subtype_ids)

    def _message_subscribe(self, partner_ids=None, subtype_ids=None, customer_ids=None):
        # Nobody outside follows a case: nobody needs to look who of these is outside.
        return super()._message_subscribe(partner_ids, subtype_ids, customer_ids or [])

    def message_get_followers(self, after=None, limit=100, filter_recipients=False):
        self.check_access("read")
        return super().message_get_followers(after, limit, filter_recipients)

    def _notify_thread_by_email(self, message, recipients_data, **kwargs):
        # The core writes the subject of the mail into the message that it is made of.
        with as_program():
            return super()._notify_thread_by_email(message, recipients_data, **kwargs)

    def _notify_thread_with_out_of_office(self, message, recipients_data, msg_vals=False, **kwargs):
        subtype_id = (msg_vals or {}).get("subtype_id") or message.subtype_id.id
        if subtype_id in self._act_subtype_ids():
            # The core would answer the complainant, or the office its own letter.
            return self.env["mail.message"]
        return super()._notify_thread_with_out_of_office(
            message, recipients_data, msg_vals=msg_vals, **kwargs
        )

    @api.model
    def _act_subtype_ids(self):
        return [self.env["ir.model.data"]._xmlid_to_res_id(xmlid) for xmlid in ACT_SUBTYPES]

    def message_notify(self, **kwargs):
        kwargs = self._check_stays_inside(kwargs)
        return super().message_notify(**kwargs)

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        # Last gate: whoever became a follower or a recipient in whatever way.
        recipients = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        staff = [recipient for recipient in recipients if not recipient["share"]]
        users = self.env["res.users"].browse(
            recipient["uid"] for recipient in staff if recipient["uid"]
        )
        readers = set(self._readers(users).ids)
        return [recipient for recipient in staff if recipient["uid"] in readers]

    # ------------------------------------------------------------
    # WHO MAY READ IT
    # ------------------------------------------------------------

    def _readers(self, users):
        """Those of these users who may read all of these cases.

        :param users: ``res.users``
        :rtype: res.users
        """
        # Each by his own rights, and in all of his own governments.
        cases = self.with_context(allowed_company_ids=[])
        return users.filtered(lambda user: cases.with_user(user).has_access("read"))

    def _reading_partners(self, partners):
        """Those of these partners one of whose users may read all of these cases.

        :param partners: ``res.partner``, as the system
        :rtype: res.partner
        """
        return partners.filtered(lambda partner: self._readers(partner.user_ids))

    def _check_readers(self, partners):
        """Refuse to let people in on cases that they may not read.

        :param partners: ``res.partner``, as the system
        :raises UserError: naming them
        """
        refused = partners - self._reading_partners(partners)
        if refused:
            raise UserError(
                self.env._(
                    "%(names)s may not read %(number)s, and so cannot be told of it, follow it or "
                    "be given a task in it. Ask whoever coordinates it to hand it to them.",
                    names=", ".join(refused.mapped("name")),
                    number=", ".join(self.sudo().mapped("number")) or self._description,
                )
            )

    def _check_can_update_message_content(self, messages):
        if messages._of_acts() or messages.author_id - self.env.user.partner_id:
            raise UserError(self.env._("What was sent or received stands in the thread as it was."))
        return super()._check_can_update_message_content(messages)

    def _check_stays_inside(self, values):
        """Refuse a message that would leave the office, reach somebody who may not read the case,
        or pass for an act of it.

        :param dict values: of ``message_post`` or ``message_notify``
        :returns: the values; the program's own, without whoever may not read the case
        :raises UserError: naming what to do instead
        """
        if self.env.su and self and values.get("partner_ids"):
            partners = self.env["res.partner"].browse(values["partner_ids"])
            values = {**values, "partner_ids": self._reading_partners(partners).ids}
        if is_program():
            return values
        self._check_colleagues(values.get("partner_ids"))
        outside = ("outgoing_email_to", "partner_emails", "email_to", "email_cc")
        if any(values.get(name) for name in outside):
            self._refuse_outside()
        subtype = values.get("subtype_xmlid")
        subtype_id = values.get("subtype_id")
        if subtype in ACT_SUBTYPES or subtype_id in self._act_subtype_ids():
            self.env["mail.message"]._refuse_act()
        return values

    def _check_colleagues(self, partner_ids):
        if self.env.su or not partner_ids:
            return
        # Whether somebody is a colleague is no secret; nothing else of the partner is told.
        partners = self.env["res.partner"].sudo().browse(partner_ids).exists()
        if any(partner.partner_share for partner in partners):
            self._refuse_outside()
        self._check_readers(partners)

    def _refuse_outside(self):
        raise UserError(
            self.env._(
                "Messages in the thread go to colleagues only. The complainant is answered by "
                "the step of the SOP: draft the response there."
            )
        )
