from odoo import api, models
from odoo.fields import Domain


class LaporThreadPartMixin(models.AbstractModel):
    """What hangs on the thread of a case (followers, messages, notifications, activities) is read
    by whoever may read the case, and by nobody else.

    The core lets every employee read who follows what and who was told what, and the author, the
    recipients and the assigned of a message or an activity for ever.
    """

    _name = "lapor.thread.part.mixin"
    _description = "Part of a Thread"

    # Field with the model of the document, and field of the message through which it is reached.
    _thread_model_field = "model"
    _thread_path = ""

    @api.model
    def _case_threads(self):
        """Names of the models whose threads are cases."""
        mixin = self.env.registry["lapor.thread.mixin"]
        return [
            name
            for name, model in self.env.registry.items()
            if issubclass(model, mixin) and not model._abstract
        ]

    @api.model
    def _open_parts(self):
        """What belongs to no case, or to one that this user may read.

        :rtype: Domain
        """
        threads = self._case_threads()
        domain = Domain(self._thread_model_field, "not in", threads)
        for name in threads:
            cases = self.env[name].with_context(active_test=False)
            if cases.has_access("read"):
                domain |= Domain(self._thread_model_field, "=", name) & Domain(
                    "res_id", "in", cases._search([])
                )
        return Domain(self._thread_path, "any!", domain) if self._thread_path else domain

    def _shut_parts(self):
        """Those of these records that belong to a case that this user may not read."""
        shut = self.browse()
        threads = self._case_threads()
        by_model = {}
        # Only which documents these are; they are asked for as the user.
        for record in self.sudo():
            part = record[self._thread_path] if self._thread_path else record
            model = part[self._thread_model_field]
            if model in threads and part.res_id:
                by_model.setdefault(model, {}).setdefault(part.res_id, []).append(record.id)
        for model, parts in by_model.items():
            documents = self.env[model].browse(parts)
            readable = set(documents._filtered_access("read").ids)
            shut += self.browse(
                record_id
                for res_id, record_ids in parts.items()
                if res_id not in readable
                for record_id in record_ids
            )
        return shut

    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not self.env.su and not bypass_access:
            domain = Domain(domain) & self._open_parts()
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _check_access(self, operation):
        refused = super()._check_access(operation)
        if self.env.su or not any(self._ids):
            return refused
        rest = self - refused[0] if refused else self
        shut = rest._shut_parts()
        if not shut:
            return refused
        refuse = lambda: self.env["ir.rule"]._make_access_error(operation, shut)  # noqa: E731
        return (refused[0] + shut, refused[1]) if refused else (shut, refuse)


class MailFollowers(models.Model):
    _name = "mail.followers"
    _inherit = ["lapor.thread.part.mixin", "mail.followers"]

    _thread_model_field = "res_model"

    @api.model_create_multi
    def create(self, vals_list):
        followers = super().create(vals_list)
        followers._check_readers()
        return followers

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"partner_id", "res_id", "res_model"}:
            self._check_readers()
        return result

    def _check_readers(self):
        if self.env.su:
            # The program asks before, see :meth:`_insert_followers`.
            return
        threads = self._case_threads()
        # Whether somebody may read a case is told, nothing of it.
        for follower in self.sudo().filtered(lambda one: one.res_model in threads):
            self.env[follower.res_model].browse(follower.res_id)._check_readers(follower.partner_id)

    def _insert_followers(self, res_model, res_ids, partner_ids, *args, **kwargs):
        """Nobody becomes a follower of a case that he may not read, whoever makes him one."""
        if res_model not in self._case_threads() or not partner_ids:
            return super()._insert_followers(res_model, res_ids, partner_ids, *args, **kwargs)
        # As the system: who may read a case is asked for each of them.
        partners = self.env["res.partner"].sudo().browse(partner_ids)
        cases = self.env[res_model].sudo().browse(res_ids)
        for readers, known in cases.grouped(
            lambda case: tuple(case._reading_partners(partners).ids)
        ).items():
            if readers:
                super()._insert_followers(res_model, known.ids, list(readers), *args, **kwargs)
        return None


class MailMessage(models.Model):
    _name = "mail.message"
    _inherit = ["lapor.thread.part.mixin", "mail.message"]


class MailNotification(models.Model):
    _name = "mail.notification"
    _inherit = ["lapor.thread.part.mixin", "mail.notification"]

    _thread_path = "mail_message_id"


class MailTrackingValue(models.Model):
    _name = "mail.tracking.value"
    _inherit = ["lapor.thread.part.mixin", "mail.tracking.value"]

    _thread_path = "mail_message_id"


class MailScheduledMessage(models.Model):
    _name = "mail.scheduled.message"
    _inherit = ["lapor.thread.part.mixin", "mail.scheduled.message"]


class MailActivity(models.Model):
    _name = "mail.activity"
    _inherit = ["lapor.thread.part.mixin", "mail.activity"]

    _thread_model_field = "res_model"

    @api.model_create_multi
    def create(self, vals_list):
        self._check_assignees(
            (vals.get("user_id"), self._document_of(vals), vals.get("res_id")) for vals in vals_list
        )
        return super().create(vals_list)

    def write(self, vals):
        if vals.keys() & {"user_id", "res_id", "res_model_id", "res_model"}:
            # As the system: which documents these are; who is assigned is asked for below.
            self._check_assignees(
                (
                    vals.get("user_id", activity.user_id.id),
                    self._document_of(vals) or activity.res_model,
                    vals.get("res_id", activity.res_id),
                )
                for activity in self.sudo()
            )
        return super().write(vals)

    def _document_of(self, vals):
        model_id = vals.get("res_model_id")
        if model_id:
            # The name of a model is no secret.
            return self.env["ir.model"].sudo().browse(model_id).model
        return vals.get("res_model")

    def _check_assignees(self, wanted):
        """Refuse to give somebody a task in a case that he may not read.

        :param wanted: triples of user, model and id of the document
        :raises UserError: naming whoever it is
        """
        if self.env.su:
            return
        threads = self._case_threads()
        for user_id, model, res_id in wanted:
            if user_id and res_id and model in threads:
                # Whether somebody may read a case is told, nothing of it.
                partner = self.env["res.users"].sudo().browse(user_id).partner_id
                self.env[model].browse(res_id)._check_readers(partner)
