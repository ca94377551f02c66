import contextlib
import hashlib
from pathlib import Path

from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from ..tools.file_check import clean_name
from ..tools.file_identity import without_identity
from ..tools.program import as_program, is_program

#: What makes a file another one, or another record's, or everybody's.
CONTENT = {
    "public",
    *("raw", "datas", "db_datas", "store_fname", "checksum", "file_size", "type", "url"),
    *("name", "mimetype", "res_model", "res_id", "res_field"),
}


class IrAttachment(models.Model):
    """Files of complaints and of their dialogs: refused while they are handed in, with a sentence
    that says what to do, whatever the way (form, thread, RPC, import)."""

    _inherit = "ir.attachment"

    _lapor_evidence = True

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
        attachments._strip_identity()
        attachments._await_seals()
        return attachments

    def write(self, vals):
        if vals.keys() & CONTENT:
            self._check_no_evidence()
        result = super().write(vals)
        if vals.keys() & {"raw", "datas", "name", "res_model", "type"}:
            self._check_lapor_files()
        if vals.keys() & {"raw", "datas", "res_model", "res_id"}:
            self._strip_identity()
        if vals.keys() & CONTENT:
            # Of what acts took in, the act itself says how it looked.
            (self - self._of_complaints()._of_acts())._await_seals()
        return result

    def unlink(self):
        self._check_no_evidence(removing=True)
        self._await_seals(gone=True)
        return super().unlink()

    def _await_seals(self, gone=False):
        """Let an event tell what became of files of complaints."""
        files = self._of_complaints()
        if files:
            self.env["lapor.event"]._await_seals(files, gone)

    def _check_no_evidence(self, removing=False):
        """Refuse to change files of complaints, and to remove what somebody else has attached, or
        what was received, sent, or handed in with a step.

        :raises UserError: for everybody but the program
        """
        # The program writes files of fields as the system, through the record that has them.
        if not self.env.su and any(
            str(file.res_model or "").startswith("lapor.") and file.res_field
            for file in self.sudo()
        ):
            raise UserError(self.env._("This file is changed in the form that it belongs to only."))
        files = self._of_complaints()
        if is_program() or not files:
            return
        if files._of_acts():
            raise UserError(
                self.env._(
                    "This file was received, sent, or handed in with a step: it stays with the "
                    "complaint as it is."
                )
            )
        if not removing or any(file.create_uid != self.env.user for file in files):
            raise UserError(
                self.env._(
                    "A file of a complaint stays as it was attached, and only whoever attached it "
                    "takes it away. Attach another one beside it."
                )
            )

    def _of_complaints(self):
        # As the system: the web client attaches and removes files with its rights.
        return self.sudo().filtered(
            lambda file: file.res_model == "lapor.complaint" and file.res_id and not file.res_field
        )

    def _of_acts(self):
        """Those of these files that were received, sent, or handed in with a step."""
        if not self:
            return self
        given = [("attachment_ids", "in", self.ids)]
        return self & (
            self.env["mail.message"].search(given)._of_acts().attachment_ids
            | self.env["lapor.complaint.step"].search(given).attachment_ids
            | self.env["lapor.delivery"].search(given).attachment_ids
        )

    def _strip_identity(self):
        """Take out of the files of anonymous cases what tells who made them: the same for every
        file, whoever complained. The originals are kept with the identity, for whom it is open.
        """
        files = self.filtered(
            lambda file: (
                file.res_model == "lapor.complaint"
                and file.res_id
                and file.type == "binary"
                and not file.res_field
            )
        )
        if not files:
            return
        # As the system: whoever hands a file in may not know the complainant.
        cases = self.env["lapor.complaint"].sudo().browse(files.mapped("res_id"))
        hidden = {case.id: case for case in cases.exists() if case._is_hidden()}
        for file in files.sudo().filtered(lambda file: file.res_id in hidden):
            before = file.raw or b""
            after = without_identity(file.name or "", before)
            if after == before:
                continue
            file.copy(
                {"res_model": "lapor.complainant", "res_id": hidden[file.res_id].complainant_id.id}
            )
            vals = {"raw": after}
            if after is None:
                vals = {
                    "name": f"{file.name}.txt",
                    "raw": self._placeholder().encode(),
                    "mimetype": "text/plain",
                }
            with as_program():
                file.write(vals)

    @api.model
    def _placeholder(self):
        context = self.env["lapor.mail.gateway"]._staff_context()
        return self.with_context(**context).env._(
            "The original is kept with the identity of the complainant: it tells who sent it, "
            "or cannot be looked into. It can be seen when the identity is open."
        )

    def _seal(self):
        """Fingerprint of what a file holds, its name, and whose it is."""
        self.ensure_one()
        return self.env["lapor.complaint.version"]._seal(
            {
                "of": [self.res_model or "", self.res_id or 0, self.res_field or ""],
                "name": self.name,
                "url": [self.type, self.url or ""],
                "bytes": hashlib.sha256(self.raw or b"").hexdigest(),
            }
        )

    @api.model
    def _broken_evidence(self):
        """Files that are not what the events say of them, and those that no event tells of."""
        yield from self.env["lapor.event"]._broken_seals(
            "files", self, self.env._("a file that was received or handed in was changed")
        )
        reason = self.env._("a file was put in that nobody attached")
        for file_id, complaint_id in self.env["lapor.event"]._untold_files():
            number = self.env["lapor.complaint"].browse(complaint_id).number
            yield {
                "model": self._name,
                "res_id": file_id,
                "complaint_id": complaint_id,
                "number": number,
                "sequence": 0,
                "reason": "file_new",
                "sentence": self.env._("%(number)s: %(reason)s", number=number, reason=reason),
            }

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
