from markupsafe import Markup

from odoo import fields, models
from odoo.tools import html2plaintext


class LaporResponseSealMixin(models.AbstractModel):
    """The frozen text of a response whose case becomes anonymous after it was signed.

    What was signed is evidence and stays, sealed: no user reads it; its fingerprint is proved by
    it, and its complainant gets it. What everybody reads is the text without the identity. A case
    that becomes confidential or a misconduct case needs no such thing: record rules take its
    responses away as a whole from whoever is not in its circle.
    """

    _name = "lapor.response.seal.mixin"
    _description = "Sealed Texts"

    sealed_subject = fields.Char(groups=fields.NO_ACCESS, copy=False)
    sealed_body = fields.Html(groups=fields.NO_ACCESS, copy=False, sanitize=False)

    def _sealed_text(self):
        """Subject and text as they were frozen.

        :returns: (str, Markup)
        """
        self.ensure_one()
        # As the system: proved and sent, never shown.
        frozen = self.sudo()
        return frozen.sealed_subject or self.subject, frozen.sealed_body or self.body

    def _is_frozen(self):
        """Whether the text is one that no act changes any more."""
        self.ensure_one()
        return "state" not in self._fields or self.state in ("signed", "delivered", "void")

    def _mask_texts(self, complaint):
        """Take the complainant out of texts that everybody reads, as the system."""
        for record in self:
            vals = {}
            for name in ("subject", "body"):
                text = record[name] and complaint._without_identity(record[name])
                if text and text != record[name]:
                    vals[name] = text
            if not vals:
                continue
            if not record._is_frozen():
                complaint.complainant_id._keep_original([html2plaintext(record.body)])
            elif not record.sealed_body:
                vals |= {"sealed_subject": record.subject, "sealed_body": Markup(record.body)}
            record.write(vals)
