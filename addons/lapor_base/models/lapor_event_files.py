from odoo import api, models
from odoo.tools import SQL, split_every

PENDING = "lapor.event.files"
# Files fingerprinted at once.
PAGE = 200


class LaporEventFiles(models.Model):
    """Every file of a case is told of by an event: by that of the act that took it in, or, where
    somebody attached it by hand, by one of its own at the end of the transaction."""

    _inherit = "lapor.event"

    @api.model
    def _await_seals(self, files, gone=False):
        """Let an event tell of files that were attached, changed or taken away.

        :param files: ``ir.attachment`` of complaints
        :param bool gone: they are being taken away
        """
        precommit = self.env.cr.precommit
        pending = precommit.data.get(PENDING)
        if pending is None:
            pending = precommit.data[PENDING] = {}
            # As the system: events are written by acts, whoever does them.
            precommit.add(self.sudo()._seal_rest)
        for file in files.sudo():
            pending[file.id] = (file.res_id, gone)

    @api.model
    def _log(self, entries):
        pending = self.env.cr.precommit.data.get(PENDING)
        for entry in entries if pending else ():
            for file_id in (entry.get("data") or {}).get("files") or ():
                pending.pop(int(file_id), None)
        return super()._log(entries)

    @api.model
    def _seal_rest(self):
        """Tell of the files that no event of this transaction has told of."""
        pending = self.env.cr.precommit.data.pop(PENDING, None) or {}
        self._log_files({file_id: case for file_id, (case, gone) in pending.items() if not gone})
        told = {}
        for file_id, (case, gone) in pending.items():
            if gone:
                told.setdefault(case, {})[str(file_id)] = ""
        self._log_seals(told)

    @api.model
    def _seal_all_files(self):
        """Tell of the files that no event speaks of yet, after an upgrade."""
        for part in split_every(PAGE, self._untold_files()):
            self._log_files(dict(part), {"why": "upgrade"})
            self.env.flush_all()
            self.env.invalidate_all()

    @api.model
    def _log_files(self, owners, data=None):
        """
        :param dict owners: id of the complaint by id of its file
        """
        told = {}
        # As the system: fingerprints only; a file may be gone with its savepoint.
        for file in self.env["ir.attachment"].sudo().browse(list(owners)).exists():
            if file.res_model == "lapor.complaint" and file.res_id == owners[file.id]:
                told.setdefault(file.res_id, {})[str(file.id)] = file._seal()
        self._log_seals(told, data)

    @api.model
    def _log_seals(self, told, data=None):
        # As the system: whoever attaches a file may not write events.
        cases = self.env["lapor.complaint"].sudo().browse(told).exists()
        self._log(
            [
                {
                    "complaint": case,
                    "code": "recorded",
                    "data": {**(data or {}), "files": told[case.id]},
                }
                for case in cases
            ]
        )

    @api.model
    def _untold_files(self):
        """Files of complaints that no event tells of.

        :returns: list of (id, complaint id)
        """
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """SELECT file.id, file.res_id FROM ir_attachment file
                     JOIN lapor_complaint complaint ON complaint.id = file.res_id
                    WHERE file.res_model = 'lapor.complaint' AND file.res_field IS NULL
                      AND file.id NOT IN (
                          SELECT told.key::int FROM lapor_event event,
                                 jsonb_each(event.data -> 'files') told
                           WHERE jsonb_typeof(event.data -> 'files') = 'object')
                 ORDER BY file.id"""
            )
        )
