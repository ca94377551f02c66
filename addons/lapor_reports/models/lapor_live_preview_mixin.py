import base64

from odoo import api, models
from odoo.exceptions import UserError


class LaporLivePreviewMixin(models.AbstractModel):
    """What is being edited on a form, shown on paper beside it before it is saved.

    A model that inherits this says what is printed (``_preview_paper``) and which of its fields
    change it (``_preview_fields``).
    """

    _name = "lapor.live.preview.mixin"
    _description = "Shown on Paper While It Is Edited"

    def _preview_paper(self):
        """The report and the records that show these values, which are written for the moment.

        Each model that inherits this must say so; called as the user, inside the savepoint.

        :returns: (technical name of the report, records to print)
        :raises UserError: when there is nothing yet that could be printed
        """
        raise NotImplementedError(f"{self._name} does not say what is printed of it.")

    def _preview_fields(self):
        """Which fields change the paper: only these are written for the moment, so that nothing
        else of the form can have an effect. None, unless the model says more.

        :rtype: collection of str
        """
        return ()

    @api.model
    def preview_paper(self, res_id, values):
        """Print a record as it would be with other values; nothing is stored.

        The values are written with the user's own rights and checks, printed, and taken back: a
        value that could not be saved gives the words of its error.

        :param res_id: id of the record; False for a new one
        :param dict values: the changed fields
        :returns: dict with ``pdf`` (base64) or ``error`` (words)
        :raises AccessError: when the user may not change the record
        """
        record = self.browse(res_id or ())
        wanted = self._preview_fields()
        values = {name: value for name, value in (values or {}).items() if name in wanted}
        record.check_access(("write" if values else "read") if record else "create")
        savepoint = self.env.cr.savepoint()
        try:
            with savepoint:
                try:
                    record = self._preview_write(record, values)
                    report, printed = record._preview_paper()
                    content = self.env["ir.actions.report"]._render_qweb_pdf(report, printed.ids)[0]
                finally:
                    # What was written for the moment is nobody's.
                    savepoint.rollback()
        except UserError as error:
            return {"error": str(error)}
        finally:
            self.env.invalidate_all(flush=False)
        return {"pdf": base64.b64encode(content).decode()}

    def _preview_write(self, record, values):
        if not record:
            return self.create(values)
        if values:
            record.write(values)
        return record
