import hashlib

from werkzeug.exceptions import UnprocessableEntity

from odoo import models
from odoo.exceptions import UserError


class IrAttachment(models.Model):
    """Frozen files are handed out as they were frozen, or not at all: whoever reads one, by
    address, by RPC, for a mail or for a print, gets its bytes from here."""

    _inherit = "ir.attachment"

    def _compute_raw(self):
        result = super()._compute_raw()
        for attachment in self:
            attachment._check_frozen(attachment.raw or b"")
        return result

    def _to_http_stream(self):
        try:
            # Streams go from the disk to the browser: read here, they are checked.
            self._check_frozen(None)
        except UserError as error:
            # A UserError would become "not found" here.
            raise UnprocessableEntity(str(error)) from error
        return super()._to_http_stream()

    def _check_frozen(self, content):
        """Refuse bytes that are not those that were frozen.

        :param bytes content: None to read them
        :raises UserError: naming the file
        """
        self.ensure_one()
        # As the system: which record a file belongs to; the file itself was asked for.
        own = self.sudo()
        model = self.env.get(own.res_model) if own.res_model and own.res_field else None
        name = model is not None and model._lapor_frozen_files.get(own.res_field)
        record = name and model.sudo().browse(own.res_id).exists()
        # What is being written has no fingerprint yet.
        if not record or not record[name]:
            return
        if content is None:
            content = own._file_read(own.store_fname) if own.store_fname else own.db_datas or b""
        if hashlib.sha256(content).hexdigest() != record[name] or not record._is_as_recorded():
            # Or the next one to ask would be given what was read now.
            self.invalidate_recordset(["raw", "datas"])
            raise UserError(
                self.env._(
                    "The stored file “%(name)s” differs from what was frozen and is not handed "
                    "out. Tell the administrator to verify the evidence.",
                    name=record.display_name,
                )
            )
