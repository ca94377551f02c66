import ast
import hashlib
import hmac
import secrets

from odoo import api, fields, models
from odoo.tools import formataddr


class LaporMailOfficeMixin(models.AbstractModel):
    """An office's mail: its addresses, its limits, its sender."""

    _name = "lapor.mail.office.mixin"
    _description = "Mail of an Office"
    _inherit = ["mail.alias.mixin.optional"]

    email = fields.Char(help="Sender of mails to complainants. Empty: the office's mail alias.")
    mail_address_ids = fields.One2many(
        "lapor.mail.address",
        "unit_id",
        string="Further Addresses",
        help="Other addresses whose mail is for this office.",
    )
    mail_plus = fields.Boolean(
        string="Plus Addresses",
        help="The mail server delivers name+anything@… to name@…. Replies then find their "
        "complaint also when a mail program drops all other marks. Try it before: send a mail to "
        "the office's address with “+uji” before the @.",
    )
    mail_auth_server = fields.Char(
        string="Mail Server That Proves Senders",
        help="The name with which the office's own mail server begins its “Authentication-Results” "
        "header, such as mx.balangankab.go.id. A reply whose sender it has proved (DKIM or DMARC) "
        "counts as the complainant's. Only for a server that removes such headers from what it "
        "receives. Empty: none.",
    )
    mail_hour_limit = fields.Integer(
        string="Mails of One Sender in an Hour",
        default=10,
        required=True,
        help="More are held, and not answered. Trusted addresses (Settings → Technical → Gateway "
        "Allowed) have no limit.",
    )
    mail_day_limit = fields.Integer(
        string="Mails of One Sender in a Day", default=30, required=True
    )
    mail_repeat_limit = fields.Integer(
        string="Same Mail of One Sender in a Week",
        default=3,
        required=True,
        help="A sender who writes the same again and again is a machine: more are held.",
    )
    closed_reply = fields.Selection(
        [("note", "Keep it in the thread"), ("ask", "Keep it, and ask whether to reopen")],
        string="Reply to a Closed Complaint",
        default="ask",
        required=True,
    )

    mail_secret_hash = fields.Char(
        readonly=True,
        copy=False,
        groups="lapor_base.group_lapor_admin",
        export_string_translation=False,
    )

    _mail_limits_check = models.Constraint(
        "CHECK (mail_hour_limit > 0 AND mail_day_limit > 0 AND mail_repeat_limit > 0)",
        "Limits of mails are numbers from 1 on.",
    )

    @api.constrains("email")
    def _check_email(self):
        for unit in self.filtered("email"):
            self.env["lapor.address.book"]._check_free(unit, [unit.email])

    def action_new_mail_secret(self):
        """Make the key with which a mail server hands over mails for this office; show it once."""
        self.ensure_one()
        self.check_access("write")
        secret = secrets.token_urlsafe(32)
        # Only its hash is kept: whoever reads the database cannot hand over mails.
        self.sudo().mail_secret_hash = hashlib.sha256(secret.encode()).hexdigest()
        wizard = self.env["lapor.mail.secret"].create(
            {
                "unit_id": self.id,
                "url": f"{self.get_base_url()}/lapor/mail/{self.id}",
                "secret": secret,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Key of the Mail Server"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _is_mail_secret(self, secret):
        """Whether this is the office's key; takes the same time whatever is wrong with it."""
        given = hashlib.sha256(secret.encode(errors="replace")).hexdigest()
        # Only whether the key given is the right one.
        known = self.sudo().mail_secret_hash if self else None
        return hmac.compare_digest(given, known or "0" * 64) and bool(known)

    def _managing_office(self):
        """The managing office of this unit's government; empty when there is none yet."""
        self.ensure_one()
        if self.office_id.kind == "manager":
            return self.office_id
        return self.search(
            [("kind", "=", "manager"), ("company_id", "=", self.company_id.id)], limit=1
        )

    def _mail_sender(self):
        """Address that mails of this office come from, formatted; False when it has none."""
        self.ensure_one()
        email = self.email or (self.alias_email if self.alias_name else False)
        if not email and self.parent_id:
            return self.parent_id._mail_sender()
        return formataddr((self.name, email)) if email else False

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id("lapor.complaint")
        if self.id:
            defaults = ast.literal_eval(self.alias_defaults or "{}")
            values["alias_defaults"] = {**defaults, "intake_unit_id": self.id}
        return values
