import io
from collections import OrderedDict

from pypdf.errors import PyPdfError

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..report.paper import Paper
from ..tools.pdf import PACKAGES, EngineMissing, write_pdf
from ..tools.pdf_join import Joiner


class IrActionsReport(models.Model):
    """Reports that WeasyPrint prints, behind Odoo's own print menu, mails and addresses.

    Which engine prints is a choice of each report; reports of other addons keep theirs.
    """

    _inherit = "ir.actions.report"

    lapor_engine = fields.Selection(
        [("wkhtmltopdf", "Odoo's own"), ("weasyprint", "WeasyPrint")],
        string="PDF Engine",
        required=True,
        default="wkhtmltopdf",
        help="WeasyPrint writes PDF/A with real text, on the paper and letterhead of the office.",
    )
    lapor_landscape = fields.Boolean(string="Landscape")
    lapor_whole = fields.Boolean(
        string="One Document", help="All chosen records make one document, such as a register."
    )

    @api.model
    def _get_readable_fields(self):
        return super()._get_readable_fields() | {"lapor_engine", "lapor_whole"}

    def report_action(self, docids, data=None, config=True):
        action = super().report_action(docids, data=data, config=config)
        if self.lapor_engine == "weasyprint":
            action |= {"lapor_engine": self.lapor_engine, "lapor_whole": self.lapor_whole}
        return action

    def _get_rendering_context(self, report, docids, data):
        # The one place that every converter (pdf, html, text) and every engine passes. Asked for
        # before anything is read: what the program reads of a record for its paper (its office,
        # its letterhead) would afterwards be in the cache, for everybody to read.
        self._lapor_check_docs(report, docids)
        context = super()._get_rendering_context(report, docids, data)
        # Addresses of reports may carry any value, also one of this name.
        if report.lapor_engine == "weasyprint" and not isinstance(context.get("paper"), Paper):
            context["paper"] = self._lapor_paper(report, context.get("docs"))
        return context

    def _lapor_check_docs(self, report, docids):
        """Whoever prints records must name them, and be able to read them, all of them. A list of
        all that was chosen, such as a register, may be empty: it says so itself.

        :raises UserError: when a paper of ours is asked for without a document
        :raises AccessError: when one of them may not be read
        """
        if not docids and report.lapor_engine == "weasyprint" and not report.lapor_whole:
            raise UserError(
                self.env._("Nothing was chosen to print. Choose the documents in their list first.")
            )
        if docids and report.model in self.env:
            ids = [docids] if isinstance(docids, int) else docids
            self.env[report.model].browse(ids).check_access("read")

    def _lapor_paper(self, report, records):
        """What the templates of a report draw with: the office's sheet, dates, pictures."""
        ours = isinstance(records, self.env.registry["lapor.paper.mixin"])
        unit = records._paper_unit() if ours else self.env["lapor.unit"]
        return Paper(self.env, unit, landscape=report.lapor_landscape)

    @api.model
    def _pre_render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        report = self._get_report(report_ref)
        if report.lapor_engine != "weasyprint":
            return super()._pre_render_qweb_pdf(report_ref, res_ids=res_ids, data=data)
        # Unlike Odoo's own engine this one needs neither a display nor a second worker, and
        # prints in tests too.
        res_ids = [res_ids] if isinstance(res_ids, int) else res_ids
        return self._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids), "pdf"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        report = self._get_report(report_ref)
        # Also here, because what was attached or frozen earlier is not laid out again.
        self._lapor_check_docs(report, res_ids)
        if report.lapor_engine != "weasyprint":
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        res_ids = list(dict.fromkeys(res_ids or []))
        if not res_ids or report.lapor_whole:
            content = self._lapor_write_pdf(report, res_ids, data)
            return {False: {"stream": io.BytesIO(content), "attachment": None}}
        streams = OrderedDict()
        for record in self.env[report.model].browse(res_ids):
            attachment, content = None, self._lapor_frozen_pdf(report, record)
            if not content and report.attachment and not self._lapor_without_attachment():
                attachment = report.retrieve_attachment(record)
                content = attachment.raw if attachment and report.attachment_use else None
            # One sheet after the other: what 100 of them cost in memory is what one costs.
            content = content or self._lapor_write_pdf(report, record.ids, data)
            streams[record.id] = {"stream": io.BytesIO(content), "attachment": attachment}
        return streams

    def _merge_pdfs(self, streams, handle_error=None):
        """Several sheets of ours stay tagged PDF/A as one file; others are joined by Odoo."""
        result = io.BytesIO()
        try:
            joiner = Joiner(result, self.env._("Papers"))
            for stream in streams:
                joiner.add(stream.getvalue())
            joiner.close()
        except (ValueError, PyPdfError):
            more = {"handle_error": handle_error} if handle_error else {}
            return super()._merge_pdfs(streams, **more)
        streams.append(result)
        return result

    def _lapor_frozen_pdf(self, report, record):
        """The PDF of a record as it was signed, or None to print it anew."""
        ours = isinstance(record, self.env.registry["lapor.paper.mixin"])
        return record._frozen_pdf(report) if ours else None

    def _lapor_without_attachment(self):
        return self.env.context.get("report_pdf_no_attachment")

    def _lapor_write_pdf(self, report, res_ids, data):
        """One document of a report, as the user: what he may not read is not in it.

        :raises UserError: when the engine is not installed, naming what to install
        """
        records = self.env[report.model].browse(res_ids)
        paper = self._lapor_paper(report, records)
        values = {**(data or {}), "report_type": "pdf", "paper": paper}
        # Papers are Indonesian, whatever the language of the staff.
        html, _type = self.with_context(lang=paper.lang)._render_qweb_html(
            report.id, res_ids, data=values
        )
        try:
            return write_pdf(f"<!DOCTYPE html>{html.decode()}", paper.assets)
        except EngineMissing as error:
            raise UserError(
                self.env._(
                    "Paper cannot be printed yet: WeasyPrint is not installed completely "
                    "(%(error)s). Install it (pip install weasyprint) and these packages: "
                    "%(packages)s.",
                    error=error,
                    packages=" ".join(PACKAGES),
                )
            ) from error
