import contextlib
from pathlib import Path

from odoo import api, models
from odoo.exceptions import ValidationError

from ..tools.file_check import clean_name


class IrAttachment(models.Model):
    """Files of complaints and of their dialogs: refused while they are handed in, with a sentence
    that says what to do, whatever the way (form, thread, RPC, import)."""

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [
            {**vals, "name": clean_name(vals["name"]) or self.env._("File")}
            if self._is_lapor(vals) and vals.get("name")
            else vals
            for vals in vals_list
        ]
        attachments = super().create(vals_list)
        attachments._check_lapor_files()
        return attachments

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"raw", "datas", "name", "res_model", "type"}:
            self._check_lapor_files()
        return result

    def _postprocess_contents(self, values):
        """Pictures of complaints stay as they came, byte for byte: made smaller, they would lose
        when and where they were taken, and be no evidence."""
        return values if self._is_lapor(values) else super()._postprocess_contents(values)

    @api.model
    def _file_write(self, bin_value, checksum):
        try:
            return super()._file_write(bin_value, checksum)
        except OSError:
            # A full disk leaves the beginning of the file, which would be taken for another file
            # of the same checksum: the whole one could never be kept, not even with room again.
            path = Path(self._full_path(f"{checksum[:2]}/{checksum}"))
            with contextlib.suppress(OSError):
                if not self._same_content(bin_value, path):
                    path.unlink()
            raise

    @api.model
    def _is_lapor(self, vals):
        return str(vals.get("res_model") or "").startswith("lapor.") and not vals.get("res_field")

    def _check_lapor_files(self):
        """Refuse files that cannot be evidence.

        :raises ValidationError: naming the file, and what to do
        """
        # As the system: whether a file may be kept does not depend on who reads its case.
        owners = {}
        for attachment in self.sudo():
            own = {"res_model": attachment.res_model, "res_field": attachment.res_field}
            if attachment.type == "binary" and self._is_lapor(own):
                key = (attachment.res_model, attachment.res_id)
                if key not in owners:
                    owners[key] = self.env[key[0]].browse(key[1]).exists()
                record = owners[key]
                owner = record if "company_id" in record._fields else attachment
                company = owner.company_id or self.env.company
                fault = company._lapor_file_fault(attachment.name, attachment.raw or b"")
                if fault:
                    raise ValidationError(fault)
