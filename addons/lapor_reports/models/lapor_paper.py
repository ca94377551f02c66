import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class LaporPaper(models.Model):
    """A paper as it was when it was signed, or left unsigned: the bytes of its PDF, and their hash.

    Printing it again gives these bytes. Never changed and never removed. A letter
    that names its complainant is not for those from whom the identity is hidden later.
    """

    _name = "lapor.paper"
    _description = "Frozen Paper"
    _inherit = ["lapor.evidence.mixin"]
    _order = "id desc"
    _check_company_auto = True

    _lapor_proved = (
        "name",
        "complaint_id",
        "response_id",
        "sha256",
        "names_complainant",
        "frozen_at",
    )
    _lapor_proved_once = True
    _lapor_frozen_files = {"content": "sha256"}

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
        # Asked of the file, not of what this transaction has read of it before.
        self.invalidate_recordset(["content"])
        return base64.b64decode(self.with_context(bin_size=False).content)

    def _evidence_name(self):
        return f"“{self.name}”"

    @api.model
    def _broken_evidence(self):
        """Papers that are not what was recorded, without a signature, or with other bytes."""
        yield from super()._broken_evidence()
        unsigned = self.env.execute_query(
            SQL(
                """
                SELECT id FROM lapor_paper AS paper
                 WHERE NOT EXISTS (
                    SELECT FROM lapor_event
                     WHERE complaint_id = paper.complaint_id AND code = 'response_signed'
                       AND (data ->> 'response')::int = paper.response_id)
                   AND NOT EXISTS (
                    SELECT FROM lapor_event
                     WHERE complaint_id = paper.complaint_id AND code = 'response_delivered'
                       AND (data ->> 'response')::int = paper.response_id)
                   AND NOT EXISTS (
                    SELECT FROM lapor_delivery WHERE response_id = paper.response_id)
              ORDER BY id
                """
            )
        )
        for (res_id,) in unsigned:
            paper = self.browse(res_id)
            why = self.env._("nobody has signed or sent it")
            yield self._break(paper.complaint_id, res_id, paper._evidence_name(), "unsigned", why)
        for paper, reason in self._broken_files():
            why = self.env._("its file is not the one that was frozen")
            yield self._break(paper.complaint_id, paper.id, paper._evidence_name(), reason, why)
