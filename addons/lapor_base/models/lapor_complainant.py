from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize

from ..tools.plain_text import clean_line, clean_text

# By what a complainant is known.
IDENTITY_FIELDS = ("name", "email", "phone", "nik", "address")


class LaporComplainant(models.Model):
    """Who filed one complaint: the identity, kept apart from the case.

    One record per complaint, never shared: whoever may see two cases must not learn that
    an anonymous and an open complaint come from the same person. There is no contact
    (``res.partner``) behind it, because every employee may read contacts.
    Readable by those who coordinate the case, and by those who handle it unless it is
    anonymous (``security/lapor_rules.xml``).
    """

    _name = "lapor.complainant"
    _description = "Complainant"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    email = fields.Char()
    email_normalized = fields.Char(
        compute="_compute_email_normalized",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    phone = fields.Char()
    nik = fields.Char(string="NIK", help="16 digits. Only when the complaint needs it.")
    address = fields.Char()
    occupation = fields.Char()
    original_text = fields.Text(
        readonly=True,
        help="What an anonymous complainant wrote, before the name and the numbers in it were "
        "masked.",
    )
    file_ids = fields.One2many(
        "ir.attachment",
        "res_id",
        domain=[("res_model", "=", "lapor.complainant"), ("res_field", "=", False)],
        string="Original Files",
        readonly=True,
        help="Files of an anonymous complainant as they came in, with what tells who sent them.",
    )
    complaint_ids = fields.One2many("lapor.complaint", "complainant_id", string="Complaints")

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._clean_texts(vals) for vals in vals_list])

    def write(self, vals):
        result = super().write(self._clean_texts(vals))
        if vals.keys() & set(IDENTITY_FIELDS):
            # As the system: whoever corrects a name need not see the case it is hidden in.
            self.sudo().complaint_ids._hide_identity()
        return result

    @api.model
    def _clean_texts(self, vals):
        if not self.env.su:
            self._check_lengths(vals)
        vals = {
            name: value
            if not isinstance(value, str)
            else clean_text(value)
            if name == "original_text"
            else clean_line(value, 250)
            for name, value in vals.items()
        }
        if not vals.get("name", True):
            raise ValidationError(self.env._("A complainant needs a name."))
        return vals

    def _keep_original(self, texts):
        """Keep texts as they were before they were masked.

        :param texts: iterable of plain texts
        """
        self.ensure_one()
        kept = [self.original_text] if self.original_text else []
        kept += [text for text in texts if text not in kept]
        self.original_text = "\n\n".join(kept)

    @api.depends("email")
    def _compute_email_normalized(self):
        for complainant in self:
            complainant.email_normalized = email_normalize(complainant.email)

    @api.depends("name")
    @api.depends_context("uid")
    def _compute_display_name(self):
        # Many2one values are read as the system; the name must still be told only to those
        # who may read the record.
        readable = self.with_user(self.env.uid)._filtered_access("read")
        for complainant in self:
            complainant.display_name = (
                complainant.name if complainant in readable else self.env._("Anonymous")
            )
