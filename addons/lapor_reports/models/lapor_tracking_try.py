import hashlib
import hmac
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.tools import SQL

#: Wrong codes for one number, and wrong pairs in all, in one window of time.
MOST_WRONG = 10
MOST_WRONG_ALL = 2000
MINUTES = 15
_ALL = "*"
# How often a count is tried again when others count at the same moment.
TRIES = 10


class LaporTrackingTry(models.Model):
    """How many wrong pairs of number and code the public page was given, so that guessing is
    refused. A right pair is never counted and always passes.

    Counted for each number as it was typed, whether it exists or not, and in all; not for each
    address, behind which a whole town may be. Neither number nor code is kept, but a keyed
    fingerprint of the number. Written and read by the system only.
    """

    _name = "lapor.tracking.try"
    _description = "Wrong Tracking Code"
    _order = "id desc"

    key = fields.Char(required=True, help="Keyed fingerprint of the number; * for all.")
    at = fields.Datetime(required=True, help="Beginning of the quarter of an hour.")
    count = fields.Integer(required=True, default=0)

    _key_at_uniq = models.UniqueIndex("(key, at)")

    @api.model
    def _fingerprint(self, number):
        """What is kept of a number."""
        # A key that never leaves the program.
        key = self.env["ir.config_parameter"].sudo().get_param("database.secret", "")
        typed = "".join((number or "").upper().split())
        return hmac.new(key.encode(), typed.encode(errors="replace"), hashlib.sha256).hexdigest()

    @api.model
    def _is_one_too_many(self, number):
        """Count a wrong pair, at once and for good, and tell whether it is one too many."""
        keys = ((_ALL, MOST_WRONG_ALL), (self._fingerprint(number), MOST_WRONG))
        return any(self._counted(key) > most for key, most in keys)

    @api.model
    def _counted(self, key):
        """The number of wrong pairs of a key in this window, this one included.

        In a transaction of its own: of many who try at the same moment each is counted, and none
        is forgotten when the page fails afterwards.
        """
        now = fields.Datetime.now()
        window = now.replace(minute=now.minute // MINUTES * MINUTES, second=0, microsecond=0)
        statement = SQL(
            """
            INSERT INTO lapor_tracking_try AS try (key, at, count) VALUES (%s, %s, 1)
            ON CONFLICT (key, at) DO UPDATE SET count = try.count + 1 RETURNING count
            """,
            key,
            window,
        )
        for _turn in range(TRIES):
            try:
                with self.env.registry.cursor() as cr:
                    cr.execute(statement, log_exceptions=False)
                    return cr.fetchone()[0]
            except psycopg2.OperationalError:
                continue
        # So many at once are too many.
        return MOST_WRONG_ALL + 1

    @api.autovacuum
    def _gc_old(self):
        """What is older than the limit looks back is thrown away."""
        self.flush_model()
        limit = fields.Datetime.now() - timedelta(minutes=2 * MINUTES)
        self.env.execute_query(
            SQL("DELETE FROM lapor_tracking_try WHERE at < %s RETURNING id", limit)
        )
