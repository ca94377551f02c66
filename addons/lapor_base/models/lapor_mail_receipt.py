import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

FATES = [
    ("new", "New complaint"),
    ("reply", "Message of the complainant"),
    ("note", "Note of a colleague"),
    ("report", "Delivery report"),
    ("held", "Held"),
]


class LaporMailReceipt(models.Model):
    """That a mail has been received for an office, once.

    The unique index decides, not a search: of two processes that take in the same mail at once,
    the second waits for the first, and takes it in itself only if the first fails. Names nobody:
    the sender is a keyed hash, to count mails of one sender.
    """

    _name = "lapor.mail.receipt"
    _description = "Received Mail"
    _order = "id desc"
    _rec_name = "message_id"
    _lapor_evidence = True

    # Who could be the sender is told by none of these to whoever administers.
    key = fields.Char(
        required=True,
        readonly=True,
        groups=fields.NO_ACCESS,
        export_string_translation=False,
        help="Message-Id, or the hash of the content where it has none.",
    )
    message_id = fields.Char(
        string="Message-Id", compute="_compute_message_id", search="_search_message_id"
    )
    unit_id = fields.Many2one(
        "lapor.unit", string="Office", readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", string="Government", readonly=True, index=True)
    fingerprint = fields.Char(
        readonly=True,
        groups=fields.NO_ACCESS,
        export_string_translation=False,
        help="SHA-256 of what the writer sent; with it a sender could be found out by trying.",
    )
    sender_key = fields.Char(
        readonly=True,
        groups=fields.NO_ACCESS,
        export_string_translation=False,
        help="Keyed hash of the sender's address.",
    )
    gist = fields.Char(
        readonly=True,
        groups=fields.NO_ACCESS,
        export_string_translation=False,
        help="Hash of the text without numbers and codes.",
    )
    fate = fields.Selection(FATES, readonly=True)
    complaint_id = fields.Many2one("lapor.complaint", readonly=True, index="btree_not_null")
    held_id = fields.Many2one("lapor.mail.held", readonly=True, index="btree_not_null")

    # The mail of a complainant as it came in: evidence, which no user reads.
    raw = fields.Binary(attachment=True, groups=fields.NO_ACCESS, export_string_translation=False)

    _key_uniq = models.UniqueIndex("(key, COALESCE(unit_id, 0))")
    _sender_idx = models.Index("(sender_key, create_date)")

    @api.depends("complaint_id.is_anonymous")
    def _compute_message_id(self):
        # As the system: of anonymous cases it may name the sender.
        for receipt in self.sudo():
            receipt.message_id = "••••••" if receipt.complaint_id.is_anonymous else receipt.key

    @api.model
    def _search_message_id(self, operator, value):
        """Whoever has a Message-Id finds what became of the mail; no part of one is enough."""
        if operator not in ("in", "ilike"):
            return NotImplemented
        values = [value] if isinstance(value, str) else list(value)
        # As the system: the rules of the receipts still hold for what is found.
        return [("id", "in", self.sudo()._search([("key", "in", values)]))]

    @api.model
    def _claim(self, key, unit, values):
        """Enter a mail for an office, unless it has been.

        Waits for another process that is just taking in the same mail.

        :param str key: see the field
        :param unit: ``lapor.unit`` (an office), or empty when it is for none
        :param dict values: further columns
        :returns: the new receipt; empty when the mail has been received before
        :raises psycopg2.errors.SerializationFailure: when another process has just entered it;
            the whole transaction is to be tried again
        """
        self.flush_model()
        columns = {
            "key": key,
            "unit_id": unit.id or None,
            "company_id": unit.company_id.id or None,
            "create_uid": self.env.uid,
            "write_uid": self.env.uid,
            "create_date": self.env.cr.now(),
            "write_date": self.env.cr.now(),
            **values,
        }
        names = SQL(", ").join(SQL.identifier(name) for name in columns)
        rows = self.env.execute_query(
            SQL(
                "INSERT INTO lapor_mail_receipt (%s) VALUES %s ON CONFLICT DO NOTHING RETURNING id",
                names,
                tuple(columns.values()),
            )
        )
        return self.browse(rows[0][0] if rows else ())

    @api.model
    def _find(self, key, unit):
        """The receipt of a mail for an office."""
        return self.search_fetch([("key", "=", key), ("unit_id", "=", unit.id or False)], limit=1)

    @api.model
    def _recent(self, sender_key, gist, key):
        """How much of a sender came in lately, beside the mail that is entered as ``key``.

        :returns: tuple (mails of the last hour, of the last day, mails of the last week that say
            the same, mails held for their number that nobody has decided on)
        """
        now = self.env.cr.now()
        return self.env.execute_query(
            SQL(
                """
                SELECT count(*) FILTER (WHERE r.create_date > %(now)s - interval '1 hour'),
                       count(*) FILTER (WHERE r.create_date > %(now)s - interval '1 day'),
                       count(*) FILTER (WHERE r.gist = %(gist)s),
                       count(*) FILTER (WHERE h.state = 'held' AND u.code IN ('flood', 'repeat'))
                  FROM lapor_mail_receipt r LEFT JOIN lapor_mail_held h ON h.id = r.held_id
                       LEFT JOIN lapor_mail_rule u ON u.id = h.rule_id
                 WHERE r.sender_key = %(sender)s AND r.key <> %(key)s
                   AND r.create_date > %(now)s - interval '7 days'
                """,
                now=now,
                gist=gist,
                key=key,
                sender=sender_key,
            )
        )[0]

    def write(self, vals):
        if not self.env.su:
            raise UserError(self.env._("Receipts of mails are written by the mail gateway only."))
        return super().write(vals)

    @api.model
    def _broken_evidence(self):
        """Mails of complainants that are not kept as they came in."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT complaint_id, data->>'mail' FROM lapor_event
                    WHERE data->>'mail' IS NOT NULL ORDER BY complaint_id"""
            )
        )
        seal = self.env["lapor.complaint.version"]._seal
        told = {}
        for case_id, digest in rows:
            told.setdefault(case_id, set()).add(digest)
        for case_id, digests in told.items():
            # As the system: fingerprints are compared, nothing of the mails is told.
            receipts = self.sudo().with_context(bin_size=False)
            kept = receipts.search([("complaint_id", "=", case_id)])
            raws = [base64.b64decode(receipt.raw) for receipt in kept if receipt.raw]
            raws += [held._raw_bytes() for held in kept.held_id]
            known = {seal(hashlib.sha256(raw).hexdigest()) for raw in raws}
            self.env.invalidate_all(flush=False)
            if digests <= known:
                continue
            number = self.env["lapor.complaint"].sudo().browse(case_id).number
            yield {
                "model": self._name,
                "res_id": kept[:1].id,
                "complaint_id": case_id,
                "number": number,
                "sequence": 0,
                "reason": "mail",
                "sentence": self.env._(
                    "%(number)s: %(reason)s",
                    number=number,
                    reason=self.env._("a received mail is not there as it came in"),
                ),
            }
