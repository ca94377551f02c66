from odoo import http
from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Files(http.Controller):
    """Files that are written when they are asked for."""

    @http.route(
        "/lapor/periodic/<int:report_id>.xlsx",
        type="http",
        auth="user",
        methods=["GET"],
        max_content_length=0,
    )
    def periodic_xlsx(self, report_id):
        """The spreadsheet of a periodic report, for those who may read it."""
        report = request.env["lapor.periodic"].browse(report_id).exists()
        if not report:
            raise request.not_found()
        content = report._xlsx_bytes()
        return request.make_response(
            content,
            [
                ("Content-Type", XLSX),
                ("Content-Length", str(len(content))),
                ("Content-Disposition", content_disposition(f"{report.file_name}.xlsx")),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
