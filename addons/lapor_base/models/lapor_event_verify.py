from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, split_every

from ..tools.event_chain import broken_links

# How long a transaction may last: what an anchor did not see in that time never comes.
SETTLED = "2 hours"
# Of these models the rows that belong to Lapor are evidence: which field says whose they are.
OWNERS = {"ir.attachment": "res_model", "mail.message": "model"}
# Messages and files compared at once.
SEALS = 200


class LaporEventVerify(models.Model):
    """Whether all evidence holds: the chains, the anchors, and every paper that they prove."""

    _inherit = "lapor.event"

    @api.model
    def _evidence_models(self):
        """Names of the models whose rows are evidence, in the order of the alphabet."""
        return sorted(
            name
            for name, model in self.env.registry.items()
            if model._lapor_evidence and not model._abstract
        )

    @api.model
    def _evidence_tables(self):
        """Tables of which the program's own role needs to insert and read only: their triggers
        refuse the rest, and who owns them can switch those off."""
        return sorted(
            model._table
            for model in self.env.registry.values()
            if model._lapor_append_only and not model._abstract
        )

    @api.model
    def _broken_evidence(self):
        """Broken links of the chains, and events whose time cannot be true."""
        for case, sequence, why in broken_links(self._links()):
            yield self._describe_break({"complaint_id": case, "sequence": sequence, "reason": why})
        for case, sequence, why in self._impossible_times():
            yield self._describe_break({"complaint_id": case, "sequence": sequence, "reason": why})

    @api.model
    def _broken_seals(self, key, records, reason):
        """Records that are gone, or differ from the fingerprint that the newest event about them
        holds.

        :param str key: of the events' data, where the fingerprints stand by id
        :param records: any record of their model; it has ``_seal``
        :param str reason: sentence of what is broken
        :returns: iterable of dicts as of ``_broken_evidence``
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT ON (told.key) told.key::int, told.value, event.complaint_id
                     FROM lapor_event event, jsonb_each_text(event.data->%s) told
                    WHERE jsonb_typeof(event.data->%s) = 'object'
                 ORDER BY told.key, event.id DESC""",
                key,
                key,
            )
        )
        for part in split_every(SEALS, rows):
            # As the system: whoever verifies is told numbers, no words.
            found = records.sudo().browse([row[0] for row in part]).exists()
            for record_id, digest, complaint_id in part:
                record = found.browse(record_id)
                # An empty one says that it was taken away by the program.
                if not digest or (record in found and record._seal() == digest):
                    continue
                number = self.env["lapor.complaint"].sudo().browse(complaint_id).number
                yield {
                    "model": records._name,
                    "res_id": record_id,
                    "complaint_id": complaint_id,
                    "number": number,
                    "sequence": 0,
                    "reason": key,
                    "sentence": self.env._("%(number)s: %(reason)s", number=number, reason=reason),
                }
            found.invalidate_recordset(flush=False)

    @api.model
    def _impossible_times(self):
        """The first event of each chain that says it is older than an anchor that did not see it.

        :returns: iterable of (complaint id, sequence, reason)
        """
        # Every event up to an anchor's newest was seen by it or by one before; what comes later
        # is as old as the anchor at most, but for the time that a transaction may last.
        return self.env.execute_query(
            SQL(
                """
                WITH heads AS (
                    SELECT key::int AS complaint_id, MAX((value ->> 0)::int) AS sequence
                      FROM lapor_event_anchor, jsonb_each(heads)
                     WHERE key ~ '^[0-9]+$' GROUP BY 1
                ), spans AS (
                    SELECT last_event AS after, at,
                           LEAD(last_event) OVER (ORDER BY last_event, id) AS until
                      FROM lapor_event_anchor
                ), late AS (
                    SELECT complaint_id, sequence FROM lapor_event
                     WHERE id <= (SELECT MAX(last_event) FROM lapor_event_anchor)
                    UNION
                    SELECT e.complaint_id, e.sequence FROM spans s JOIN lapor_event e
                        ON e.id > s.after AND (s.until IS NULL OR e.id <= s.until)
                     WHERE e.at < s.at - %s::interval
                )
                SELECT late.complaint_id, MIN(late.sequence), 'time'
                  FROM late LEFT JOIN heads USING (complaint_id)
                 WHERE late.sequence > COALESCE(heads.sequence, 0)
              GROUP BY late.complaint_id ORDER BY late.complaint_id
                """,
                SETTLED,
            )
        )

    @api.model
    def _verify(self, told=None):
        """Check all evidence of the database: chains, anchors, and what they speak of.

        What it cannot see: events and their papers cut off, or a chain rewritten as a whole,
        after the newest anchor; and anything at all where the anchors were rewritten, too, unless
        their newest fingerprint is compared with a copy kept elsewhere.

        :param told: called with the name of each kind before it is checked
        :returns: dict with ``complaints`` and ``events`` (numbers), ``checked`` (list of kind and
            number), ``recorded`` (rows that were first recorded by an upgrade), ``skipped``
            (numbers of complaints that none has), ``anchor`` (newest fingerprint or False),
            ``anchored_at``, and ``broken``: list of dicts as of ``_broken_evidence``
        """
        self._prove_rest()
        self._seal_rest()
        self.env.flush_all()
        self.env.invalidate_all()
        found, checked = [], []
        for name in self._evidence_models():
            kind = self.env["ir.model"]._get(name).name
            if told:
                told(kind)
            # As the system: whoever verifies need not see the cases.
            model = self.env[name].sudo()
            found += model._broken_evidence()
            domain = [(OWNERS[name], "=like", "lapor.%")] if name in OWNERS else []
            checked.append((kind, model.with_context(active_test=False).search_count(domain)))
        # Fingerprints only, for whoever may run the command.
        newest = self.env["lapor.event.anchor"].sudo().search([], limit=1)
        counts = dict(checked)
        return {
            "complaints": counts[self.env["ir.model"]._get("lapor.complaint").name],
            "events": counts[self.env["ir.model"]._get(self._name).name],
            "checked": checked,
            "recorded": self._count_upgraded(),
            "skipped": self._count_skipped(),
            "anchor": newest.digest,
            "anchored_at": fields.Datetime.to_string(newest.at) if newest else False,
            "broken": found,
        }

    @api.model
    def _count_upgraded(self):
        """How many rows are older than the proofs: an upgrade recorded them as it found them."""
        ((number,),) = self.env.execute_query(
            SQL(
                """SELECT COUNT(*) FROM lapor_event e, LATERAL (
                       SELECT FROM jsonb_each(e.proofs) m, jsonb_each(m.value)
                        UNION ALL SELECT FROM jsonb_object_keys(e.data -> 'files')) told
                    WHERE e.code = 'recorded' AND e.data ->> 'why' = 'upgrade'"""
            )
        )
        return number

    @api.model
    def _count_skipped(self):
        """How many numbers of complaints between the first and the last of a year none has: an
        intake that failed gives its number to nobody."""
        ((number,),) = self.env.execute_query(
            SQL(
                """SELECT COALESCE(SUM(last - first + 1 - many), 0) FROM (
                       SELECT MIN(running) AS first, MAX(running) AS last, COUNT(*) AS many FROM (
                           SELECT company_id, regexp_replace(number, '[0-9]+$', '') AS series,
                                  substring(number FROM '[0-9]{1,9}$')::int AS running
                             FROM lapor_complaint WHERE number ~ '[0-9]{1,9}$') numbers
                     GROUP BY company_id, series) years"""
            )
        )
        return int(number)

    @api.model
    def _describe_break(self, broken):
        # As the system: whoever verifies need not see the cases; numbers and codes are told.
        complaint = self.env["lapor.complaint"].sudo().browse(broken.get("complaint_id")).exists()
        sequence = broken.get("sequence", 0)
        event = self.sudo().search(
            [("complaint_id", "=", complaint.id), ("sequence", "=", sequence)], limit=1
        )
        labels = dict(self._fields["code"]._description_selection(self.env))
        reasons = {
            "gap": self.env._("an event is missing or was put in"),
            "order": self.env._("it does not follow from the event before"),
            "facts": self.env._("its facts were changed"),
            "time": self.env._("its time cannot be true"),
            "cut": self.env._("events that were anchored are gone"),
            "rewritten": self.env._("the chain was written anew after it was anchored"),
            "anchor": self.env._("the anchor was changed"),
        }
        reason = reasons[broken["reason"]]
        if not complaint:
            sentence = self.env._("Anchor %(id)s: %(reason)s", id=broken["anchor"], reason=reason)
        else:
            sentence = self.env._(
                "%(number)s, event %(sequence)s (%(code)s): %(reason)s",
                number=complaint.number,
                sequence=sequence,
                code=labels.get(event.code, "–"),
                reason=reason,
            )
        return {
            "model": self._name if complaint else "lapor.event.anchor",
            "res_id": event.id if complaint else broken["anchor"],
            "complaint_id": complaint.id,
            "number": complaint.number,
            "sequence": sequence,
            "code": event.code,
            "reason": broken["reason"],
            "sentence": sentence,
        }

    @api.model
    def action_verify(self):
        """Check all evidence, and tell the result on the screen.

        :raises AccessError: for whoever is not an administrator of complaints
        """
        if not self.env.user.has_group("lapor_base.group_lapor_admin"):
            raise AccessError(self.env._("Administrators verify the evidence."))
        result = self._verify()
        broken = [one["sentence"] for one in result["broken"]]
        message = "\n".join(broken[:10]) or self.env._(
            "%(events)s events of %(complaints)s complaints, and all papers that they prove: "
            "everything holds.",
            events=result["events"],
            complaints=result["complaints"],
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if broken else "success",
                "title": self.env._("Evidence"),
                "message": message,
                "sticky": True,
            },
        }
