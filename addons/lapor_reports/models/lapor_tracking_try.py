import hashlib
import hmac
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

MOST_WRONG = 10
MINUTES = 15


class LaporTrackingTry(models.Model):
    """A wrong pair of number and code on the public page, so that guessing is slowed down.

    Neither the pair nor the address is kept, but a keyed fingerprint of the address. Written and
    read by the system only.
    """

    _name = "lapor.tracking.try"
    _description = "Wrong Tracking Code"
    _order = "id desc"

    sender = fields.Char(required=True, index=True, help="Keyed fingerprint of the address.")
    at = fields.Datetime(required=True, default=fields.Datetime.now)

    @api.model
    def _fingerprint(self, address):
        """What is kept of an address of the Internet."""
        # A key that never leaves the program.
        key = self.env["ir.config_parameter"].sudo().get_param("database.secret", "")
        return hmac.new(key.encode(), (address or "").encode(), hashlib.sha256).hexdigest()

    @api.model
    def _is_too_many(self, address):
        """Whether so many wrong pairs came from an address that it has to wait."""
        since = fields.Datetime.now() - timedelta(minutes=MINUTES)
        domain = [("sender", "=", self._fingerprint(address)), ("at", ">", since)]
        # The public has no right on the table; it learns yes or no.
        return self.sudo().search_count(domain, limit=MOST_WRONG) >= MOST_WRONG

    @api.model
    def _note(self, address):
        """Note a wrong pair."""
        # The public has no right on the table; a fingerprint is all that is kept.
        self.sudo().create({"sender": self._fingerprint(address)})

    @api.autovacuum
    def _gc_old(self):
        """What is older than the limit looks back is thrown away."""
        self.flush_model()
        limit = fields.Datetime.now() - timedelta(minutes=MINUTES)
        self.env.execute_query(
            SQL("DELETE FROM lapor_tracking_try WHERE at < %s RETURNING id", limit)
        )
