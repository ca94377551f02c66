import logging

import psycopg2

from odoo import http
from odoo.http import request

from ..tools.mail_bounds import MAX_SIZE

_logger = logging.getLogger(__name__)


class LaporMailDoor(http.Controller):
    """Where a mail server hands mails over: see static/scripts/lapor-mailgate.py."""

    @http.route(
        "/lapor/mail/<int:unit_id>",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
        max_content_length=MAX_SIZE,
        lapor_raw_body=True,
    )
    def take_in(self, unit_id, **_kwargs):
        """Take in the mail in the body (RFC 5322), for the office whose secret comes with it.

        Headers: ``Authorization: Bearer <secret>``, and ``X-Envelope-To`` with the recipients of
        the envelope, parted by commas. Answers only after the mail is committed: 200 when it is
        taken in or held, 400 for an empty body, 401 for a wrong secret, 413 when it is too large
        even to be kept, 415 for a form (send ``Content-Type: message/rfc822``), 503 when it
        should be handed over again later.
        """
        heads = request.httprequest.headers
        scheme, _blank, secret = (heads.get("Authorization") or "").partition(" ")
        # As the system: the secret is what gives the right, and to hand over mails only.
        unit = request.env["lapor.unit"].sudo().browse(unit_id).exists()
        if scheme.casefold() != "bearer" or not unit._is_mail_secret(secret.strip()):
            return request.make_json_response({"error": "wrong secret"}, status=401)
        raw = request.httprequest.get_data(cache=False)
        if not raw.strip():
            return request.make_json_response({"error": "no mail in the body"}, status=400)
        recipients = [
            part.strip() for part in heads.get("X-Envelope-To", "").split(",") if "@" in part
        ]
        try:
            result = request.env["lapor.mail.gateway"]._receive_now(raw, recipients, unit)
        except psycopg2.Error:
            _logger.exception("A mail for unit %s was not taken in", unit_id)
            return request.make_json_response({"error": "try again"}, status=503)
        return request.make_json_response(
            {"status": result["status"], "number": result["number"] or None}
        )
