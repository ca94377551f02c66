from odoo import http
from odoo.http import request

from ..report.paper import Paper

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

    @http.route("/aduan", type="http", auth="public", methods=["GET"], sitemap=False)
    def ask(self, nomor=""):
        """The empty form; the QR code of a receipt fills in the number."""
        return self._page(number=nomor[:40])

    @http.route("/aduan", type="http", auth="public", methods=["POST"], sitemap=False)
    def show(self, nomor="", kode=""):
        """Where the complaint of a right pair stands; the same answer for every wrong one."""
        Try = request.env["lapor.tracking.try"]
        address = request.httprequest.remote_addr
        if Try._is_too_many(address):
            return self._page(number=nomor[:40], status=429, error="many")
        case = request.env["lapor.complaint"]._track(nomor[:40], kode[:40])
        if not case:
            Try._note(address)
            return self._page(number=nomor[:40], error="wrong")
        facts = case._tracking_facts()
        return self._page(facts=facts, paper=Paper(request.env, facts["unit"]))

    def _page(self, status=200, **values):
        values = {"number": "", "facts": None, "error": "", "paper": None, **values}
        return request.render("lapor_reports.tracking_page", values, status=status, headers=HEADERS)
