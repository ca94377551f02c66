import base64
from email.message import EmailMessage

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from ..tools import mail_bounds

#: Characters of the text that is shown.
SHOWN = 5000


class LaporMailTry(models.TransientModel):
    """A test mail: what would become of it, without anything being stored or sent."""

    _name = "lapor.mail.try"
    _description = "Test Mail"

    unit_id = fields.Many2one("lapor.unit", string="Office", required=True, readonly=True)
    way = fields.Selection(
        [
            ("write", "Write one"),
            ("file", "Choose a file"),
            ("paste", "Paste its source"),
        ],
        string="Mail",
        required=True,
        default="write",
    )
    sender = fields.Char(string="From", default="Warga <warga@contoh.example>")
    reply_to = fields.Char(string="Reply-To", help="As web forms set it. Empty: none.")
    recipient = fields.Char(string="To")
    subject = fields.Char(default=lambda self: self.env._("Street lamp out of order"))
    body = fields.Text(
        string="Text",
        default=lambda self: self.env._("The street lamp of RT 03 has been out since Monday."),
    )
    eml = fields.Binary(string="File (.eml)", attachment=False)
    eml_name = fields.Char()
    source = fields.Text()

    is_done = fields.Boolean(readonly=True)
    result = fields.Char(string="Becomes", readonly=True)
    rule_id = fields.Many2one("lapor.mail.rule", readonly=True)
    reason = fields.Char(readonly=True)
    said_title = fields.Char(string="Title", readonly=True)
    said_text = fields.Text(string="Text of the Complaint", readonly=True)
    complainant = fields.Char(readonly=True)
    receipt = fields.Char(readonly=True)
    files = fields.Char(readonly=True)
    left_out = fields.Char(readonly=True)

    @api.model
    def default_get(self, names):
        values = super().default_get(names)
        unit = self.env["lapor.unit"].browse(values.get("unit_id"))
        if not unit and "unit_id" in names:
            unit = self.env["lapor.mail.rule"]._office_here()
            values["unit_id"] = unit.id
        if unit and "recipient" in names:
            values["recipient"] = unit.alias_email or unit.mail_address_ids[:1].name
        return values

    def action_try(self):
        """Ask the rules about the mail, and show what would become of it.

        :raises UserError: when there is no mail to try, or it is larger than any that is read
        """
        self.ensure_one()
        # Only who may set up the office's mail asks how its rules decide.
        self.unit_id.check_access("write")
        told = self.env["lapor.mail.gateway"]._foresee(self._raw())
        company = self.unit_id.company_id
        told = [one for one in told if (one["case"] or one["unit"]).company_id <= company]
        self.write(self._shown(told[0]) if told else self._shown_elsewhere())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Test Mail"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _raw(self):
        if self.way == "file":
            raw = base64.b64decode(self.eml or b"")
        elif self.way == "paste":
            raw = (self.source or "").strip().encode()
        else:
            raw = self._written()
        if not raw:
            raise UserError(self.env._("There is no mail yet: choose a file, or paste its source."))
        if len(raw) > mail_bounds.MAX_SIZE:
            raise UserError(
                self.env._(
                    "The file has more than %s MB; such a mail is held unopened. Choose another.",
                    mail_bounds.MAX_SIZE // 1024**2,
                )
            )
        return raw

    def _written(self):
        for address in (self.sender, self.recipient):
            if not email_normalize(address or ""):
                raise UserError(
                    self.env._(
                        "“%(address)s” is not a mail address. Write it like warga@contoh.example.",
                        address=address or "",
                    )
                )
        mail = EmailMessage()
        for name, value in (
            ("From", self.sender),
            ("To", self.recipient),
            ("Reply-To", self.reply_to),
            ("Subject", self.subject),
        ):
            if value:
                mail[name] = " ".join(value.split())
        mail.set_content(self.body or "")
        return mail.as_bytes()

    def _shown(self, told):
        # As the system found it: of a case that the user may not see nothing is told, nor who is
        # its complainant.
        case = told["case"].with_user(self.env.user)
        if case and (told["case"]._is_hidden() or not case.has_access("read")):
            return {**self._shown_elsewhere(), "result": self.env._("It names a complaint.")}
        labels = {
            "new": self.env._("A new complaint of %s", told["unit"].name),
            "held": self.env._("Held, as a task of the coordinator"),
            "report": self.env._("A delivery report, noted at %s", case.number),
            "note": self.env._("An internal note at %s", case.number),
            "reply": self.env._("A message of the complainant at %s", case.number),
            "duplicate": self.env._("Nothing: it has been taken in before"),
        }
        answered = told["receipt"]
        receipt = self.env._("to %s", answered) if answered else self.env._("none")
        return {
            "is_done": True,
            "result": labels[told["status"]],
            "rule_id": told["rule"].id,
            "reason": told["reason"],
            "said_title": told["title"],
            "said_text": told["text"][:SHOWN],
            "complainant": told["sender"] or self.env._("Unknown"),
            "receipt": receipt,
            "files": ", ".join(told["files"]),
            "left_out": ", ".join(told["left"]),
        }

    def _shown_elsewhere(self):
        """Nothing but that it is not this government's."""
        return {
            "is_done": True,
            "result": self.env._("It is for no office of this government."),
            **dict.fromkeys(
                (
                    *("rule_id", "reason", "said_title", "said_text"),
                    *("complainant", "receipt", "files", "left_out"),
                ),
                False,
            ),
        }
