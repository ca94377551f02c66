from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, split_every

from ..tools.event_chain import event_hash

HEADS = 1000
# No transaction lasts longer: what is older is committed, or never will be.
SETTLED = timedelta(hours=1)


class LaporEventAnchor(models.Model):
    """The newest hash of every chain of events that has grown since the anchor before.

    A chain does not show by itself that its end was cut off, or that it was written anew as a
    whole; the anchor does. Anchors are chained, too: whoever keeps the newest fingerprint
    outside the database (on paper, with the inspectorate) can prove by it everything before.
    What happened after the newest anchor is not covered yet.
    """

    _name = "lapor.event.anchor"
    _description = "Anchor of the Evidence"
    _inherit = ["lapor.acts.mixin"]
    _order = "id desc"
    _rec_name = "digest"
    _lapor_evidence = True
    _lapor_append_only = True

    at = fields.Datetime(required=True, default=fields.Datetime.now, string="Time")
    last_event = fields.Integer(
        required=True, help="Id of the newest event before which none can come in any more."
    )
    count = fields.Integer(string="Complaints")
    heads = fields.Json(groups="base.group_system", help="Per complaint: sequence and hash.")
    previous_hash = fields.Char()
    digest = fields.Char(string="Fingerprint", required=True)

    def init(self):
        self.env.cr.execute(
            SQL(
                """
                DROP TRIGGER IF EXISTS lapor_event_anchor_append_only ON lapor_event_anchor;
                CREATE TRIGGER lapor_event_anchor_append_only
                    BEFORE UPDATE OR DELETE ON lapor_event_anchor
                    FOR EACH ROW EXECUTE FUNCTION lapor_event_append_only();
                DROP TRIGGER IF EXISTS lapor_event_anchor_no_truncate ON lapor_event_anchor;
                CREATE TRIGGER lapor_event_anchor_no_truncate
                    BEFORE TRUNCATE ON lapor_event_anchor
                    FOR EACH STATEMENT EXECUTE FUNCTION lapor_event_append_only();
                """
            )
        )

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("Anchors are evidence and cannot be changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("Anchors are evidence and cannot be removed."))

    @api.model
    def _cron_anchor(self):
        """Anchor what has grown since the last time."""
        self._anchor()

    @api.model
    def _anchor(self):
        """Write anchors, each of at most ``HEADS`` chains.

        :rtype: lapor.event.anchor
        """
        # One at a time, or two of them would follow the same one.
        self.env.cr.execute(SQL("LOCK TABLE lapor_event_anchor IN SHARE ROW EXCLUSIVE MODE"))
        last = self.sudo().search([], limit=1)
        self.env["lapor.event"].flush_model()
        now = fields.Datetime.now()
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT ON (complaint_id) complaint_id, sequence, hash
                     FROM lapor_event
                    WHERE complaint_id IN (SELECT complaint_id FROM lapor_event WHERE id > %s)
                 ORDER BY complaint_id, sequence DESC""",
                last.last_event,
            )
        )
        # An event gets its id before its transaction ends: one with a smaller id than the newest
        # may appear later. So the newest hour is looked through again, without what is anchored.
        known = {}
        if last:
            for anchor in self.sudo().search([("at", ">=", last.at - 2 * SETTLED)], order="id"):
                known.update(anchor.heads or {})
        rows = [row for row in rows if known.get(str(row[0])) != [row[1], row[2]]]
        settled = self.env.execute_query(
            SQL("SELECT id FROM lapor_event WHERE at < %s ORDER BY id DESC LIMIT 1", now - SETTLED)
        )
        newest = max(last.last_event, settled[0][0] if settled else 0)
        anchors = self.browse()
        for part in split_every(HEADS, rows):
            heads = {str(row[0]): [row[1], row[2]] for row in part}
            previous = (anchors[-1:] or last).digest or ""
            anchors += self.sudo().create(
                {
                    "last_event": newest,
                    "count": len(heads),
                    "heads": heads,
                    "previous_hash": previous,
                    "digest": event_hash(previous, heads),
                }
            )
        return anchors

    @api.model
    def _broken_evidence(self):
        """Anchors that do not hold, and chains that are not what was anchored."""
        for broken in self._broken():
            yield self.env["lapor.event"]._describe_break(broken)

    @api.model
    def _broken(self):
        """Check the anchors, and the chains against them.

        :returns: iterable of dicts as of ``lapor.event._broken_links``, with ``anchor`` (id)
            instead of a complaint where an anchor itself is broken
        """
        previous = ""
        # Anchors hold fingerprints only, and all of them have to be proved.
        # pylint: disable-next=no-search-all
        for anchor in self.sudo().search([], order="id"):
            heads = anchor.heads or {}
            if (anchor.previous_hash or "") != previous or anchor.digest != event_hash(
                previous, heads
            ):
                yield {"anchor": anchor.id, "reason": "anchor"}
            previous = anchor.digest
            found = {
                (row[0], row[1]): row[2]
                for row in self.env.execute_query(
                    SQL(
                        """SELECT complaint_id, sequence, hash FROM lapor_event
                            WHERE (complaint_id, sequence) IN %s""",
                        tuple((int(key), head[0]) for key, head in heads.items()) or ((0, 0),),
                    )
                )
            }
            for key, (sequence, digest) in heads.items():
                hash_now = found.get((int(key), sequence))
                if hash_now != digest:
                    yield {
                        "complaint_id": int(key),
                        "sequence": sequence,
                        "reason": "cut" if hash_now is None else "rewritten",
                        "anchor": anchor.id,
                    }
            anchor.invalidate_recordset()
