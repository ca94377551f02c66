from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, split_every

from ..tools.event_chain import event_hash

HEADS = 1000
# No transaction lasts longer: what is older is committed, or never will be.
SETTLED = timedelta(hours=1)
# What the clock of a server may be put back by.
MINUTE = timedelta(minutes=1)
# How fingerprints of anchors are made; those of before 19.0.1.3.0 cover the heads only.
EDITION = 2


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
    edition = fields.Integer(help="How the fingerprint is made.")
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
        self.env.flush_all()
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
        found = {str(row[0]): [row[1], row[2]] for row in rows}
        found = {key: head for key, head in found.items() if known.get(key) != head}
        found |= self._other_heads()
        settled = self.env.execute_query(
            SQL("SELECT id FROM lapor_event WHERE at < %s ORDER BY id DESC LIMIT 1", now - SETTLED)
        )
        newest = max(last.last_event, settled[0][0] if settled else 0)
        anchors = self.browse()
        for keys in split_every(HEADS, found):
            heads = {key: found[key] for key in keys}
            previous = (anchors[-1:] or last).digest or ""
            vals = {
                "at": now,
                "last_event": newest,
                "count": sum(key.isdigit() for key in heads),
                "heads": heads,
                "previous_hash": previous,
                "edition": EDITION,
            }
            anchors += self.sudo().create({**vals, "digest": self._digest(vals)})
        return anchors

    @api.model
    def _other_heads(self):
        """Ends of the other chains, and rows without a case, that no anchor has yet.

        :returns: dict of "model:key" to sequence (0 for rows) and hash
        """
        found = {}
        for name in self.env["lapor.event"]._evidence_models():
            # As the system: fingerprints only.
            model = self.env[name].sudo()
            if model._lapor_chain and name != "lapor.event":
                rows = self.env.execute_query(
                    SQL(
                        "SELECT DISTINCT ON (%(chain)s) %(chain)s, sequence, hash FROM %(table)s "
                        "ORDER BY %(chain)s, sequence DESC",
                        chain=SQL.identifier(model._lapor_chain),
                        table=SQL.identifier(model._table),
                    )
                )
                found |= {f"{name}:{row[0]}": [row[1], row[2]] for row in rows}
            found |= {
                f"{name}:{res_id}": [0, digest] for res_id, digest in model._anchored_rows().items()
            }
        if not found:
            return {}
        known = dict(
            self.env.execute_query(
                SQL(
                    """SELECT DISTINCT ON (key) key, value FROM lapor_event_anchor,
                              jsonb_each(heads) WHERE key = ANY(%s) ORDER BY key, id DESC""",
                    list(found),
                )
            )
        )
        # A row is anchored once: what it is later is compared with that.
        return {
            key: head
            for key, head in found.items()
            if known.get(key) != head and (head[0] or key not in known)
        }

    @api.model
    def _digest(self, vals):
        """The fingerprint of an anchor: what it says and the anchor before."""
        said = vals["heads"] or {}
        if vals["edition"]:
            said = {
                "heads": said,
                "at": fields.Datetime.to_string(vals["at"]),
                "last_event": vals["last_event"],
                "edition": vals["edition"],
            }
        return event_hash(vals["previous_hash"] or "", said)

    @api.model
    def _broken_evidence(self):
        """Anchors that do not hold, and chains that are not what was anchored."""
        for broken in self._broken():
            yield broken if "sentence" in broken else self._describe(broken)

    @api.model
    def _describe(self, broken):
        return self.env["lapor.event"]._describe_break(broken)

    @api.model
    def _broken(self):
        """Check the anchors, and the chains against them.

        :returns: iterable of dicts as of ``lapor.event._describe_break``, with ``anchor`` (id)
            instead of a complaint where an anchor itself is broken
        """
        previous, last_event, at, edition = "", 0, fields.Datetime.to_datetime("1970-01-01"), 0
        # Anchors hold fingerprints only, and all of them have to be proved.
        # pylint: disable-next=no-search-all
        for anchor in self.sudo().search([], order="id"):
            vals = anchor.read(["heads", "at", "last_event", "edition", "previous_hash"])[0]
            if (
                (anchor.previous_hash or "") != previous
                or anchor.digest != self._digest(vals)
                or anchor.last_event < last_event
                or anchor.at < at - MINUTE
                or anchor.edition < edition
            ):
                yield {"anchor": anchor.id, "reason": "anchor"}
            previous, last_event = anchor.digest, anchor.last_event
            at, edition = anchor.at, anchor.edition
            heads = anchor.heads or {}
            cases = {int(key): head for key, head in heads.items() if key.isdigit()}
            for case, sequence, reason in self._broken_heads("lapor.event", cases):
                yield {
                    "complaint_id": case,
                    "sequence": sequence,
                    "reason": reason,
                    "anchor": anchor.id,
                }
            others = {}
            for key, head in heads.items():
                if not key.isdigit():
                    name, _colon, chain = key.rpartition(":")
                    others.setdefault(name, {})[int(chain)] = head
            for name, chains in others.items():
                yield from self._broken_others(name, chains)
            anchor.invalidate_recordset()

    @api.model
    def _broken_heads(self, name, heads):
        """Compare the chains of a model with what was anchored of them.

        :param dict heads: chain to sequence and hash
        :returns: iterable of (chain, sequence, reason)
        """
        if not heads:
            return
        model = self.env[name]
        found = {
            (row[0], row[1]): row[2]
            for row in self.env.execute_query(
                SQL(
                    "SELECT %(chain)s, sequence, hash FROM %(table)s "
                    "WHERE (%(chain)s, sequence) IN %(heads)s",
                    chain=SQL.identifier(model._lapor_chain),
                    table=SQL.identifier(model._table),
                    heads=tuple((chain, head[0]) for chain, head in heads.items()),
                )
            )
        }
        for chain, (sequence, digest) in heads.items():
            hash_now = found.get((chain, sequence))
            if hash_now != digest:
                yield chain, sequence, "cut" if hash_now is None else "rewritten"

    @api.model
    def _broken_others(self, name, heads):
        """What does not hold of other chains, and of rows without a case."""
        if name not in self.env:
            return
        # As the system: fingerprints only.
        model = self.env[name].sudo()
        kind = self.env["ir.model"]._get(name).name
        whys = {
            "cut": self.env._("entries that were anchored are gone"),
            "rewritten": self.env._("the chain was written anew after it was anchored"),
            "changed": self.env._("it is not what was anchored"),
        }
        chains = {key: head for key, head in heads.items() if head[0]}
        broken = list(self._broken_heads(name, chains)) if model._lapor_chain else []
        rows = {key: head[1] for key, head in heads.items() if not head[0]}
        now = model._anchored_rows() if rows else {}
        broken += [(key, 0, "changed") for key, digest in rows.items() if now.get(key) != digest]
        for key, sequence, reason in broken:
            yield {
                "model": name,
                "res_id": key,
                "complaint_id": False,
                "number": False,
                "sequence": sequence,
                "reason": reason,
                "sentence": self.env._(
                    "%(kind)s #%(key)s: %(why)s", kind=kind, key=key, why=whys[reason]
                ),
            }
