from odoo import api, models

from ..tools import fingerprint


class Base(models.AbstractModel):
    """What is evidence says so; dialogs show only papers that their user may read.

    Fields of a dialog that are related to a paper are computed as the system, and anybody may give
    a dialog any paper. So every dialog of the suite, also a future one, is as secret as the papers
    that it is given. Dialogs of others are not touched.
    """

    _inherit = "base"

    #: Whether the rows of a model are evidence, which ``lapor.event._verify`` asks for breaks.
    _lapor_evidence = False
    #: Whether rows are never changed nor removed, by a trigger of the database, too.
    _lapor_append_only = False

    #: The column of the chain of models whose rows are chains of their own, with the columns
    #: ``sequence`` and ``hash``; their ends are anchored.
    _lapor_chain = None
    #: Fields of rows that events prove (``lapor.evidence.mixin``).
    _lapor_proved = ()

    #: Fields of files that never change once they are frozen, each with the field of its SHA-256.
    _lapor_frozen_files = {}

    def _is_as_recorded(self):
        """Whether this row is what was recorded of it, where anything was."""
        return True

    @api.model
    def _broken_files(self):
        """Rows whose frozen files are not those that were frozen, read one after the other.

        :returns: iterable of (record, "file")
        """
        # As the system: bytes are compared, nothing is shown.
        last = 0
        while True:
            rows = self.search([("id", ">", last)], order="id", limit=100)
            if not rows:
                return
            last = rows.ids[-1]
            files = (
                self.env["ir.attachment"]
                .sudo()
                .search(
                    [
                        ("res_model", "=", self._name),
                        ("res_field", "in", list(self._lapor_frozen_files)),
                        ("res_id", "in", rows.ids),
                    ]
                )
            )
            kept = {(file.res_id, file.res_field): file for file in files}
            for row in rows:
                for name, digest in self._lapor_frozen_files.items():
                    file = kept.get((row.id, name))
                    content = (
                        file._file_read(file.store_fname) if file and file.store_fname else b""
                    )
                    if row[digest] and fingerprint.of_bytes(content) != row[digest]:
                        yield row, "file"
            self.env.invalidate_all()

    @api.model
    def _anchored_rows(self):
        """Rows without a case whose fingerprint goes into the next anchor, once and for all.

        :returns: dict of id to fingerprint
        """
        return {}

    @api.model
    def _broken_evidence(self):
        """What does not hold among the rows of this model; models of ``_lapor_evidence`` say it.

        Read in batches, as the system: whoever verifies is told numbers and kinds, no words.

        :returns: iterable of dicts with ``model``, ``res_id``, ``complaint_id`` (or False),
            ``reason`` (short code) and ``sentence`` (in the user's language)
        """
        return iter(())

    def _check_access(self, operation):
        refused = super()._check_access(operation)
        if refused or not self._is_lapor_dialog() or not any(self._ids):
            return refused
        for name in self._paper_fields():
            if not self._fields[name].store:
                continue
            # Only which papers the dialog has; they are checked as the user.
            papers = self.sudo()[name].with_env(self.env)
            if papers and (refusal := papers._check_access("read")):
                return self, refusal[1]
        return None

    def read(self, fields=None, load="_classic_read"):
        if self._is_lapor_dialog():
            # A paper may have been hidden since the dialog was opened; reading asks rules only.
            self.check_access("read")
        return super().read(fields, load)

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self._is_lapor_dialog():
            self._check_papers(values)
        return values

    def onchange(self, values, field_names, fields_spec):
        if not self._is_lapor_dialog():
            return super().onchange(values, field_names, fields_spec)
        self._check_papers(values)
        papers = {name: {} for name in self._paper_fields()}
        result = super().onchange(values, field_names, {**papers, **fields_spec})
        # Also what the dialog found by itself, from the context or by other fields.
        found = result.get("value") or {}
        self._check_papers(found)
        for name in papers.keys() - fields_spec.keys():
            found.pop(name, None)
        return result

    @api.model
    def _is_lapor_dialog(self):
        return self._transient and self._name.startswith("lapor.")

    @api.model
    def _paper_fields(self):
        """Fields of this dialog that hold complaints, complainants or papers of complaints."""
        return [
            name
            for name, field in self._fields.items()
            if field.type in ("many2one", "many2many")
            and field.comodel_name.startswith("lapor.")
            and not self.env[field.comodel_name]._transient
            and (
                field.comodel_name in ("lapor.complaint", "lapor.complainant")
                or "complaint_id" in self.env[field.comodel_name]._fields
            )
        ]

    @api.model
    def _check_papers(self, values):
        """Refuse papers that this user may not read.

        :param dict values: of a dialog, as web clients write them
        :raises AccessError: when there is such a paper
        """
        for name in self._paper_fields():
            papers = self.env[self._fields[name].comodel_name].browse(_ids(values.get(name)))
            if papers := papers.exists():
                papers.check_access("read")


def _ids(value):
    """Identifiers in a value of a relational field: an id, a dict, a list of ids or commands."""
    if isinstance(value, dict):
        value = value.get("id")
    if isinstance(value, int):
        return [value] if value else []
    found = []
    for item in value or []:
        if isinstance(item, (list, tuple)):
            _command, record_id, *ids = item
            found += [record_id, *(ids[0] if ids and isinstance(ids[0], (list, tuple)) else [])]
        else:
            found.append(item)
    return [item for item in found if isinstance(item, int) and item]
