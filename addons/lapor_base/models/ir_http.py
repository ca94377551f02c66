import logging

import psycopg2.errors
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from odoo import models
from odoo.exceptions import UserError
from odoo.http import request

_logger = logging.getLogger(__name__)

#: Seconds that one query of a request may take, and one of a report that is printed or written.
QUERY_SECONDS = 30
REPORT_SECONDS = 180
#: Seconds after which the database notices that nobody waits for a query any more.
NOTICED = 10
_REPORTS = ("/report/", "/lapor/periodic/")
# A body that is a form is taken apart before a door sees it.
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class IrHttp(models.AbstractModel):
    """What one request may cost: time in the database, and the kind of its body."""

    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        if rule.endpoint.routing.get("lapor_raw_body"):
            if request.httprequest.mimetype in _FORMS:
                raise UnsupportedMediaType("Send the mail as it is: Content-Type message/rfc822.")
            if request.httprequest.content_length == 0:
                raise BadRequest("There is no mail in the body.")
        cls._limit_queries(rule.rule.startswith(_REPORTS))
        return super()._pre_dispatch(rule, args)

    @classmethod
    def _limit_queries(cls, report):
        """Bound the queries of this transaction, and let them end with the worker that waits."""
        name = "lapor_base.report_seconds" if report else "lapor_base.query_seconds"
        # Two numbers; the parameters are the system administrator's.
        value = request.env["ir.config_parameter"].sudo().get_param(name)
        seconds = REPORT_SECONDS if report else QUERY_SECONDS
        if value and value.isdecimal() and int(value):
            seconds = int(value)
        request.env.cr.execute(
            """SELECT set_config('statement_timeout', %s, true),
                      set_config(name, %s, true) FROM pg_settings
                WHERE name = 'client_connection_check_interval'""",
            [f"{seconds}s", f"{NOTICED}s"],
        )

    @classmethod
    def _handle_error(cls, exception):
        if isinstance(exception, psycopg2.errors.QueryCanceled):
            exception = UserError(
                request.env._(
                    "This takes too long and was stopped. Narrow the search: a shorter period, one "
                    "office, fewer conditions."
                )
            )
        return super()._handle_error(exception)
