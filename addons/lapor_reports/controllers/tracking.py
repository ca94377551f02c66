from odoo import http
from odoo.http import request

from ..report.paper import Paper

#: Bytes of the form: a number, a code and a token.
MAX_BODY = 16 * 1024
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


class Tracking(http.Controller):
    """The page on which complainants see where their own complaint stands."""

    @http.route(
        "/aduan",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
        max_content_length=0,
    )
    def ask(self, nomor=""):
        """The empty form; the QR code of a receipt fills in the number."""
        return self._page(number=nomor[:40])

    @http.route(
        "/aduan",
        type="http",
        auth="public",
        methods=["POST"],
        sitemap=False,
        max_content_length=MAX_BODY,
    )
    def show(self, nomor="", kode=""):
        """Where the complaint of a right pair stands; the same answer for every wrong one.

        A right pair always passes: nobody can shut out a complainant by guessing.
        """
        number, code = str(nomor)[:40], str(kode)[:40]
        case = request.env["lapor.complaint"]._track(number, code)
        if not case:
            if request.env["lapor.tracking.try"]._is_one_too_many(number):
                return self._page(number=number, status=429, error="many")
            return self._page(number=number, error="wrong")
        facts = case._tracking_facts()
        return self._page(facts=facts, paper=Paper(request.env, facts["unit"]))

    def _page(self, status=200, **values):
        values = {"number": "", "facts": None, "error": "", "paper": None, **values}
        return request.render("lapor_reports.tracking_page", values, status=status, headers=HEADERS)
