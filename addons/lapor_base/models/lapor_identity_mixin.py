from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime


class LaporIdentityMixin(models.AbstractModel):
    """Who complained: shown, masked, or opened with a reason.

    Whoever filed an anonymous complaint is unknown to everybody. Those who coordinate the case
    (for a misconduct case the inspectorate, too) may open the identity for themselves or for
    one colleague, with a reason and for a limited time (``lapor.unit.reveal_minutes``). Each
    opening, and each refused attempt, is an event of the case and told to a superior.
    """

    _name = "lapor.identity.mixin"
    _description = "Identity of the Complainant"
    _inherit = ["lapor.case.mixin"]

    complainant_name = fields.Char(compute="_compute_complainant")
    complainant_contact = fields.Char(string="Contact", compute="_compute_complainant")
    can_see_complainant = fields.Boolean(compute="_compute_complainant")
    reveal_ids = fields.One2many("lapor.reveal", "complaint_id", string="Openings of the Identity")

    @api.depends(
        "complainant_id.name",
        "complainant_id.phone",
        "complainant_id.email",
        "complainant_id.address",
        "complainant_id.nik",
        "is_anonymous",
    )
    @api.depends_context("uid", "lang")
    def _compute_complainant(self):
        # Which identities this user may read, decided by his own rules.
        readable = self.sudo().complainant_id.with_user(self.env.uid)._filtered_access("read")
        for complaint in self:
            # As the system: what may not be read is masked here.
            complainant = complaint.sudo().complainant_id
            shown = complainant.with_user(self.env.uid) in readable
            complaint.can_see_complainant = shown or not complainant
            complaint.complainant_name = complainant.name if shown else self.env._("Anonymous")
            complaint.complainant_contact = ", ".join(
                value if shown else f"{complaint._mask_label(name)} ••••••"
                for name in ("phone", "email", "address", "nik")
                if (value := complainant[name])
            )

    @api.model
    def _mask_label(self, name):
        return self.env["lapor.complainant"]._fields[name]._description_string(self.env)

    @api.model
    def _engine_fields(self):
        return super()._engine_fields() | {"reveal_ids"}

    def _get_more_acts(self, visit, mine):
        acts = super()._get_more_acts(visit, mine)
        if not self._is_hidden():
            return acts
        if self._my_reveal():
            acts.append(
                {
                    "id": "conceal",
                    "method": "action_conceal_identity",
                    "label": self.env._("Hide the identity again"),
                    "kind": "reveal",
                    "help": self.env._("The identity is open to you; close it when done."),
                    "primary": False,
                }
            )
        elif self._may_reveal():
            acts.append(
                {
                    "id": "reveal",
                    "method": "action_open_reveal",
                    "label": self.env._("Open the identity"),
                    "kind": "reveal",
                    "help": self.env._(
                        "The complainant is anonymous. Opening the identity is recorded with "
                        "your reason."
                    ),
                    "primary": False,
                }
            )
        return acts

    def _is_hidden(self):
        """Whether the case has an identity that is to be kept."""
        self.ensure_one()
        # Only whether there is a complainant, not who.
        return bool(self.is_anonymous and self.sudo().complainant_id)

    def _may_reveal(self):
        """Whether this user may open the identity: who coordinates the case, and for a
        misconduct case the inspectorate."""
        self.ensure_one()
        return self._may_coordinate(self.env.user)

    def _my_reveal(self):
        """The opening that shows the identity to this user now."""
        now = fields.Datetime.now()
        # Only openings made for this very user.
        return self.sudo().reveal_ids.filtered(
            lambda reveal: (
                reveal.user_id == self.env.user and reveal.date_until and reveal.date_until > now
            )
        )

    def _check_identity_is_open(self):
        """Refuse to change whose case it is, or that it is anonymous, without the identity open:
        it would be a way to read it without a reason.

        :raises UserError: when it is hidden from this user
        """
        for complaint in self:
            if complaint._is_hidden() and not complaint._my_reveal():
                raise UserError(
                    self.env._(
                        "The complainant of %(number)s is anonymous. Open the identity first, "
                        "with the reason why it has to change.",
                        number=complaint.number,
                    )
                )

    def action_open_reveal(self):
        """The dialog of :meth:`action_reveal_identity`."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Open the Identity"),
            "res_model": "lapor.reveal.ask",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_complaint_id": self.id},
        }

    def action_reveal_identity(self, reason, user_id=None):
        """Open the identity of an anonymous complainant for a limited time.

        An attempt by somebody who may not is recorded and answered with a notice, not with an
        error: an error would undo the record.

        :param str reason: why; at least a few words
        :param int user_id: ``res.users`` to whom it is shown; by default whoever opens it
        :returns: True, or the action of the notice
        :raises UserError: when there is nothing hidden, no reason, the other person does not
            see the case, or it is open to that person already
        :raises AccessError: when this user does not see the case
        """
        self.ensure_one()
        self.check_access("read")
        self._lock_cases()
        reason = self._clean(reason or "")
        if not self._is_hidden():
            raise UserError(self.env._("The identity in %s is not hidden.", self.number))
        if len(reason) < 10:
            raise UserError(self.env._("Say why you need the identity, in a few words."))
        person = self.env["res.users"].browse(user_id or self.env.uid).exists()
        if not self._may_reveal():
            # As the system: nobody has the right to write records of acts.
            self.sudo()._refuse_reveal(reason)
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "danger",
                    "message": self.env._(
                        "The identity is opened by the coordinator of this complaint only. Your "
                        "attempt has been recorded."
                    ),
                    "next": {"type": "ir.actions.act_window_close"},
                },
            }
        if not person or not self.with_user(person).has_access("read"):
            raise UserError(self.env._("This person does not see the complaint."))
        opened = self.with_user(person)._my_reveal()[:1]
        if opened:
            raise UserError(
                self.env._(
                    "The identity is open to %(person)s already, until %(time)s.",
                    person=person.name,
                    time=format_datetime(
                        self.env, opened.date_until, tz=self.sudo().managing_unit_id._get_tz()
                    ),
                )
            )
        self.sudo()._reveal(reason, person)
        return True

    def action_conceal_identity(self):
        """Close this user's openings before their time, also those made for others."""
        self.check_access("read")
        self._lock_cases()
        now = fields.Datetime.now()
        # Only openings that this user has or made are ended.
        for case in self.sudo():
            opened = case.reveal_ids.filtered(
                lambda reveal: (
                    self.env.user in reveal.user_id | reveal.opened_by_id
                    and reveal.date_until
                    and reveal.date_until > now
                )
            )
            opened.date_until = now
            opened._record("identity_concealed", {})
        self.env.invalidate_all()
        return True

    def _reveal(self, reason, person):
        """Open the identity for a person, as the system."""
        self.ensure_one()
        now = fields.Datetime.now()
        until = now + timedelta(minutes=self.managing_unit_id.reveal_minutes)
        reveal = self.env["lapor.reveal"].create(
            {
                "complaint_id": self.id,
                "user_id": person.id,
                "opened_by_id": self.env.uid,
                "reason": reason,
                "opened_at": now,
                "date_until": until,
            }
        )
        reveal._record("identity_revealed", {"until": fields.Datetime.to_string(until)})
        body = self.env._(
            "%(who)s opened the identity of the complainant, to be seen by %(person)s.",
            who=self.env.user.name,
            person=person.name,
        )
        self._message_log(body=body, author_id=self.env.user.partner_id.id)
        self._tell_coordinators(body)
        self.env.invalidate_all()

    def _refuse_reveal(self, reason):
        """Record an attempt, once for each person while an opening would last."""
        self.ensure_one()
        window = timedelta(minutes=self.managing_unit_id.reveal_minutes)
        now = fields.Datetime.now()
        if self.reveal_ids.filtered(
            lambda reveal: (
                reveal.is_refused
                and reveal.user_id == self.env.user
                and reveal.opened_at > now - window
            )
        ):
            return
        reveal = self.env["lapor.reveal"].create(
            {
                "complaint_id": self.id,
                "user_id": self.env.uid,
                "opened_by_id": self.env.uid,
                "reason": reason,
                "is_refused": True,
            }
        )
        reveal._record("identity_refused", {})
        self._tell_coordinators(
            self.env._(
                "%(who)s tried to open the identity of the complainant and was refused.",
                who=self.env.user.name,
            )
        )

    def _tell_coordinators(self, sentence):
        """Notify who watches over openings: the superior who coordinates the same office, or
        where there is none, the others who coordinate it. The reason is not told here: the
        message stays with the case."""
        self.ensure_one()
        positions = self._coordinating_positions().filtered("holder_id")
        own = positions.filtered(lambda position: position.holder_id == self.env.user)
        superiors = (own.parent_id & positions).holder_id - self.env.user
        watchers = superiors or positions.holder_id - self.env.user
        if watchers:
            self.message_notify(
                partner_ids=watchers.partner_id.ids,
                subject=self.env._("Identity: complaint %s", self.number),
                body=Markup("<p>%s</p><p>%s</p>")
                % (sentence, self.env._("Why is in the list “Opened Identities”.")),
                author_id=self.env.user.partner_id.id,
                email_add_signature=False,
            )
