import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

#: One mail for a login in so many minutes, however often it is asked for.
MINUTES = 15
#: More that wait at once are not taken.
MOST_WAITING = 500


class LaporPasswordRequest(models.Model):
    """Somebody, perhaps a stranger, asked for a new password by the log-in page.

    Kept for some minutes, so that a job sends the mail: what the page says, and how long it
    takes, must not depend on whether there is such an account. Written and read by the system only.
    """

    _name = "lapor.password.request"
    _description = "Request for a New Password"
    _order = "id"

    login = fields.Char(required=True)
    at = fields.Datetime(required=True, default=fields.Datetime.now)
    is_done = fields.Boolean()

    _login_uniq = models.UniqueIndex("(login)", "A mail for this login was asked for already.")

    @api.model
    def _note(self, login):
        """Let the job look for the account.

        :param str login: login or mail address, as somebody has typed it
        """
        login = (login or "").strip()[:250]
        # The public has no right on the table, and learns nothing of it.
        waiting = self.sudo().search_count([("is_done", "=", False)], limit=MOST_WAITING)
        if not login or waiting >= MOST_WAITING:
            return
        self.flush_model()
        now = fields.Datetime.now()
        self.env.execute_query(
            SQL(
                "INSERT INTO lapor_password_request (login, at, is_done) VALUES (%s, %s, FALSE)"
                " ON CONFLICT (login) DO UPDATE SET at = EXCLUDED.at, is_done = FALSE"
                " WHERE lapor_password_request.at < %s RETURNING id",
                login,
                now,
                now - timedelta(minutes=MINUTES),
            )
        )
        self.invalidate_model()
        # Wakes a job only; the job does what is in the table.
        self.env.ref("lapor_base.ir_cron_send_passwords").sudo()._trigger()

    @api.model
    def _cron_send(self):
        """Send the mails that were asked for."""
        self._forget()
        asked = self.search([("is_done", "=", False)])
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(asked))
        for request in asked:
            request.is_done = True
            try:
                with self.env.cr.savepoint():
                    self.env["res.users"].reset_password(request.login)
            except UserError as error:
                # No address, or no mail server: only the log may say so.
                _logger.warning("No mail for a new password: %s", error)
            except Exception as error:
                # Most of all: there is no such account. The core has no error of its own for it.
                _logger.info("No mail for a new password: %s", error)
            if not cron._commit_progress(1):
                break

    @api.autovacuum
    def _gc_old(self):
        self._forget()

    @api.model
    def _forget(self):
        """Forget what was asked for longer ago than the limit."""
        self.flush_model()
        limit = fields.Datetime.now() - timedelta(minutes=MINUTES)
        self.env.execute_query(
            SQL("DELETE FROM lapor_password_request WHERE at < %s RETURNING id", limit)
        )
