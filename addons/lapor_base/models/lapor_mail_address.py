from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize

from ..tools.mail_source import MACHINES


class LaporMailAddress(models.Model):
    """A further address of an office, beside its alias.

    Mails to an address of the first two kinds are for that office, also at other providers, from
    which mail is fetched or forwarded. From the others machines of the office send what somebody
    else wrote: what they send is read as his (``tools/mail_source.py``).
    """

    _name = "lapor.mail.address"
    _description = "Further Mail Address of an Office"
    _inherit = ["lapor.address.book.mixin"]
    _order = "name"

    name = fields.Char(string="Address", required=True)
    unit_id = fields.Many2one(
        "lapor.unit", string="Office", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(
        [
            ("office", "Address of the office"),
            ("group", "Group address or list"),
            ("form", "Web form"),
            ("scanner", "Scanner"),
            ("forwarder", "Mailbox that passes mails on"),
        ],
        required=True,
        default="office",
        help="Address of the office, group address: mails to it are for the office; of what a "
        "group sends in its own name, the complainant is whoever wrote to it. Web form: mails "
        "from it are of whom Reply-To, or the named line of the text, names. Scanner: mails from "
        "it are letters, held to be keyed in. Mailbox that passes mails on: mails from it are of "
        "whom they were passed on from.",
    )
    line = fields.Char(
        string="Line With the Sender",
        help="Of a web form: what stands in the mail before the complainant's address, such as "
        "“E-mail”. Empty: the form puts the address into Reply-To.",
    )
    company_id = fields.Many2one(related="unit_id.company_id", store=True, index=True)

    _name_uniq = models.UniqueIndex(
        "(name) WHERE kind IN ('office', 'group')", "This address belongs to an office already."
    )
    # The same service may send the forms of many offices.
    _machine_uniq = models.UniqueIndex(
        "(name, unit_id) WHERE kind NOT IN ('office', 'group')",
        "The office has this address already.",
    )

    @api.constrains("name", "unit_id", "kind")
    def _check_name(self):
        for further in self.filtered(lambda further: further.kind not in MACHINES):
            self.env["lapor.address.book"]._check_free(further.unit_id, [further.name])

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._normalized(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._normalized(vals))

    @api.model
    def _normalized(self, vals):
        if "name" not in vals:
            return vals
        address = email_normalize(vals["name"] or "")
        if not address:
            raise ValidationError(
                self.env._(
                    "“%(address)s” is not a mail address. Write it like pengaduan@kab.go.id.",
                    address=vals["name"] or "",
                )
            )
        return {**vals, "name": address}
