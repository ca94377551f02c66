import logging
from imaplib import IMAP4
from poplib import error_proto

from odoo import fields, models

_logger = logging.getLogger(__name__)


class FetchmailServer(models.Model):
    """Fetching of complaints: a mail counts as read at its mailbox only when it is committed
    here. Whatever breaks in between, it is fetched again, and known by its receipt."""

    _inherit = "fetchmail.server"

    is_lapor = fields.Boolean(
        string="For Complaints",
        default=True,
        help="Mails of this mailbox become complaints, or are held; none is dropped. The mailbox "
        "should be read by nobody else: what is marked as read is not fetched.",
    )
    lapor_unit_id = fields.Many2one(
        "lapor.unit",
        string="Office of the Mailbox",
        help="Gets the mails that are for no address of an office. Empty: those are held.",
    )

    def _fetch_mail(self, batch_limit=50):
        ours = self.filtered(lambda server: server.is_lapor and not server.object_id)
        error = None
        if self - ours:
            error = super(FetchmailServer, self - ours)._fetch_mail(batch_limit)
        for server in ours:
            error = server._fetch_complaints(batch_limit) or error
        return error

    def _fetch_complaints(self, batch_limit):
        """Fetch the new mails of one mailbox, each in a transaction of its own.

        :returns: the error that ended it, or None
        """
        self.ensure_one()
        if self.state != "done" or self.server_type == "local":
            return None
        if not self.try_lock_for_update(allow_referencing=True):
            _logger.info("Somebody else is just fetching mails of server %s.", self.id)
            return None
        failed, error, connection = 0, None, None
        with self.env.registry.cursor() as progress_cr:
            cron = self.env["ir.cron"].with_env(self.env(cr=progress_cr))
            try:
                connection = self._connect__()
                kind = self._get_connection_type()
                box = _ImapBox(connection) if kind == "imap" else _PopBox(connection)
                for name in box.new()[:batch_limit]:
                    failed += not self._take_one(box, name)
                    if not cron._commit_progress(1):
                        break
            except (OSError, IMAP4.error, error_proto) as caught:
                _logger.info("Fetching from mail server %s ended: %s", self.id, caught)
                error = caught
            finally:
                _close(connection)
        vals = {"date": fields.Datetime.now(), "error_date": False, "error_message": False}
        if error or failed:
            vals["error_date"] = self.error_date or fields.Datetime.now()
            vals["error_message"] = (
                str(error)
                if error
                else self.env._(
                    "%s mails could not be taken in; they stay in the mailbox for the next time.",
                    failed,
                )
            )
        self.write(vals)
        return error

    def _take_one(self, box, name):
        """Take in one mail, then mark it as read.

        :returns: whether it was taken in; if not, it stays as it is at its mailbox
        """
        raw = box.fetch(name)
        if raw is None:
            return True
        try:
            self.env["lapor.mail.gateway"]._receive_now(raw, unit=self.lapor_unit_id)
        except Exception:
            # Whatever it is: this mail stays in the mailbox, the next one may be all right.
            _logger.exception("A mail of server %s was not taken in", self.id)
            return False
        box.done(name)
        return True


class _ImapBox:
    """The inbox of an IMAP account. Reading marks nothing (``BODY.PEEK``)."""

    def __init__(self, connection):
        self.connection = connection
        connection.select()

    def new(self):
        _status, data = self.connection.uid("SEARCH", None, "UNSEEN")
        return data[0].split() if data and data[0] else []

    def fetch(self, name):
        _status, data = self.connection.uid("FETCH", name.decode(), "(BODY.PEEK[])")
        return next((part[1] for part in data if isinstance(part, tuple)), None)

    def done(self, name):
        self.connection.uid("STORE", name.decode(), "+FLAGS.SILENT", "(\\Seen)")


class _PopBox:
    """The mails of a POP account. What is taken in is deleted there, when the session ends."""

    def __init__(self, connection):
        self.connection = connection

    def new(self):
        _answer, lines, _size = self.connection.list()
        return [int(line.split()[0]) for line in lines]

    def fetch(self, name):
        _answer, lines, _size = self.connection.retr(name)
        return b"\r\n".join(lines) + b"\r\n"

    def done(self, name):
        self.connection.dele(name)


def _close(connection):
    if connection is None:
        return
    try:
        connection.quit() if hasattr(connection, "quit") else connection.logout()
    except (OSError, IMAP4.error, error_proto) as error:
        _logger.info("A mail server did not end the session properly: %s", error)
