import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError


class LaporPaper(models.Model):
    """A paper as it was when it was signed: the bytes of its PDF, and their hash.

    Printing a signed letter again gives these bytes. Never changed and never removed. A letter
    that names its complainant is not for those from whom the identity is hidden later.
    """

    _name = "lapor.paper"
    _description = "Frozen Paper"
    _inherit = ["lapor.acts.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(required=True, readonly=True)
    complaint_id = fields.Many2one(
        "lapor.complaint", required=True, ondelete="restrict", index=True, readonly=True
    )
    company_id = fields.Many2one(related="complaint_id.company_id", store=True, index=True)
    response_id = fields.Many2one(
        "lapor.response", ondelete="restrict", index="btree_not_null", readonly=True
    )
    content = fields.Binary(required=True, readonly=True, attachment=True)
    sha256 = fields.Char(string="Fingerprint", required=True, readonly=True)
    names_complainant = fields.Boolean(string="Names the Complainant", readonly=True)
    frozen_at = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)

    _response_uniq = models.UniqueIndex("(response_id) WHERE response_id IS NOT NULL")

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("A signed paper is evidence and cannot be changed."))

    def unlink(self):  # pylint: disable=method-required-super
        # pylint: disable-next=no-raise-unlink
        raise UserError(self.env._("A signed paper is evidence and cannot be removed."))

    @api.model
    def _freeze(self, response, content, names_complainant):
        """Keep the PDF of a response.

        :param response: ``lapor.response``
        :param bytes content: the PDF
        :param bool names_complainant: whether the letter tells who complained
        :rtype: lapor.paper
        """
        # Written as the system: nobody has the right to make evidence, only signing does.
        return self.sudo().create(
            {
                "name": f"{response.number or response.subject}.pdf",
                "complaint_id": response.complaint_id.id,
                "response_id": response.id,
                "content": base64.b64encode(content),
                "sha256": hashlib.sha256(content).hexdigest(),
                "names_complainant": names_complainant,
            }
        )

    def _bytes(self):
        """The PDF.

        :raises UserError: when it is not what was signed
        """
        self.ensure_one()
        content = base64.b64decode(self.content)
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise UserError(
                self.env._("The stored paper “%s” differs from what was signed.", self.name)
            )
        return content
