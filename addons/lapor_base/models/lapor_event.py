from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.tools import SQL, split_every

from ..tools.case_account import Fact
from ..tools.event_chain import broken_links, event_hash

# Facts in somebody's own words.
FREE_TEXTS = ("note", "reason")
# Events read at once when chains are verified.
BATCH = 5000
# Messages and files compared at once.
SEALS = 200


class LaporEvent(models.Model):
    """A fact about a case, written once: the evidence, and the source of all figures.

    Append-only, in the program and by a database trigger. The events of a case are chained
    by their hashes (``tools/event_chain.py``), so that a change behind the program's back
    shows: :meth:`_verify_chains`.
    """

    _name = "lapor.event"
    _description = "Complaint Event"
    _inherit = ["lapor.acts.mixin"]
    _order = "complaint_id, sequence"
    _rec_name = "code"
    _lapor_evidence = True
    _lapor_append_only = True

    complaint_id = fields.Many2one(
        "lapor.complaint", required=True, ondelete="restrict", index=True, readonly=True
    )
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    sequence = fields.Integer(required=True, readonly=True)
    code = fields.Selection(
        [
            ("received", "Received"),
            ("sop_missing", "No SOP in Force"),
            ("step_opened", "Step Opened"),
            ("step_done", "Step Done"),
            ("step_stopped", "Step Left Undone"),
            ("reassigned", "Handed Over"),
            ("office_succeeded", "Handled by the Successor"),
            ("disposition", "Disposition"),
            ("part_accepted", "Part Accepted"),
            ("part_returned", "Disposition Returned"),
            ("part_done", "Part Done"),
            ("part_dropped", "Part Not Waited For"),
            ("part_readdressed", "Part Handed to the Successor"),
            ("turn_readdressed", "Initial or Promise Handed to the Successor"),
            ("response_drafted", "Response Drafted"),
            ("response_returned", "Response Returned"),
            ("response_initialled", "Response Initialled"),
            ("response_signed", "Response Signed"),
            ("response_voided", "Letter Cancelled"),
            ("response_delivered", "Response Sent"),
            ("delivery_failed", "Delivery Failed"),
            ("inspection_signed", "Inspection Report Signed"),
            ("inspection_excused", "Signature Excused"),
            ("inspection_reopened", "Inspection Report Reopened"),
            ("inspection", "Field Inspection"),
            ("held", "Put on Hold"),
            ("resumed", "Resumed"),
            ("authority_refused", "Given Back: Out of Authority"),
            ("category_disputed", "Given Back: Wrong Category"),
            ("category_confirmed", "Category Decided"),
            ("misroute_rejected", "Sent Back to the Office"),
            ("sop_changed", "Begun Anew with Another SOP"),
            ("handed_outside", "Forwarded to a Body Outside"),
            ("merged", "Merged into Another Complaint"),
            ("separated", "Separated Again"),
            ("supporters_added", "Supporters Added"),
            ("supporters_removed", "Supporters Separated"),
            ("message_received", "Message from the Complainant"),
            ("data_changed", "Data Changed"),
            ("identity_revealed", "Identity Opened"),
            ("identity_refused", "Opening the Identity Refused"),
            ("identity_hidden", "Identity Taken Out of What Was Written"),
            ("identity_concealed", "Identity Hidden Again"),
            ("accused_named", "Accused Named"),
            ("misconduct_unmarked", "No Misconduct Case After All"),
            ("end_asked", "Inspectorate Asked to Agree"),
            ("end_agreed", "Inspectorate Agreed to the End"),
            ("hold_extended", "More Time for the Complainant"),
            ("hold_reminded", "Complainant Reminded"),
            ("hold_expired", "Window of the Hold Passed"),
            ("deemed_withdrawn", "Deemed Withdrawn"),
            ("promised", "Promised"),
            ("promise_moved", "Promised Date Moved"),
            ("promise_due", "Promise Due"),
            ("promise_kept", "Promise Kept"),
            ("promise_dropped", "Promise Dropped"),
            ("delivery_given_up", "Complainant Could Not Be Told"),
            ("closed", "Closed"),
            ("reopened", "Reopened"),
        ],
        string="Event",
        required=True,
        readonly=True,
    )
    at = fields.Datetime(required=True, readonly=True, string="Time")
    user_id = fields.Many2one("res.users", required=True, ondelete="restrict", readonly=True)
    position_id = fields.Many2one("lapor.position", ondelete="restrict", readonly=True)
    visit_id = fields.Many2one("lapor.complaint.step", ondelete="restrict", readonly=True)
    data = fields.Json(readonly=True, help="Details of the fact, without any identity.")
    previous_hash = fields.Char(readonly=True)
    hash = fields.Char(required=True, readonly=True)

    _sequence_uniq = models.UniqueIndex("(complaint_id, sequence)")
    _code_at_idx = models.Index("(company_id, code, at)")

    def init(self):
        # The program already refuses to change events; the trigger refuses it to everybody
        # who reaches the table in another way.
        self.env.cr.execute(
            SQL(
                """
                CREATE OR REPLACE FUNCTION lapor_event_append_only() RETURNS trigger AS $$
                BEGIN
                    RAISE EXCEPTION 'lapor_event is append-only';
                END $$ LANGUAGE plpgsql;
                DROP TRIGGER IF EXISTS lapor_event_append_only ON lapor_event;
                CREATE TRIGGER lapor_event_append_only BEFORE UPDATE OR DELETE ON lapor_event
                    FOR EACH ROW EXECUTE FUNCTION lapor_event_append_only();
                DROP TRIGGER IF EXISTS lapor_event_no_truncate ON lapor_event;
                CREATE TRIGGER lapor_event_no_truncate BEFORE TRUNCATE ON lapor_event
                    FOR EACH STATEMENT EXECUTE FUNCTION lapor_event_append_only();
                """
            )
        )

    def copy(self, default=None):  # pylint: disable=method-required-super
        raise UserError(self.env._("Events are written by the acts on a complaint only."))

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("Events are evidence and cannot be changed."))

    def unlink(self):  # pylint: disable=method-required-super
        # pylint: disable-next=no-raise-unlink
        raise UserError(self.env._("Events are evidence and cannot be removed."))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if "hash" not in vals:
                raise UserError(self.env._("Events are written by the acts on a complaint only."))
        return super().create(vals_list)

    @api.model
    def _log(self, entries):
        """Write one event per entry. The complaints' rows must be locked or new.

        :param entries: list of dicts with ``complaint`` and ``code``, and as needed
            ``visit``, ``position`` and ``data`` (JSON facts without any identity)
        :rtype: lapor.event
        """
        if not entries:
            return self.browse()
        # Written as the system: nobody has the right to create events, only acts do.
        Event = self.sudo()
        ids = dict.fromkeys(entry["complaint"].id for entry in entries)
        cases = {case.id: case for case in self.env["lapor.complaint"].sudo().browse(ids)}
        now = fields.Datetime.now()
        vals_list = []
        for entry in entries:
            complaint = entry["complaint"]
            case = cases[complaint.id]
            sequence, previous = case.event_tip
            vals = {
                "complaint_id": complaint.id,
                "company_id": complaint.company_id.id,
                "sequence": sequence + 1,
                "code": entry["code"],
                "at": now,
                "user_id": self.env.uid,
                "position_id": entry["position"].id if entry.get("position") else False,
                "visit_id": entry["visit"].id if entry.get("visit") else False,
                "data": self._wordless(entry.get("data") or {}),
            }
            vals["hash"] = event_hash(previous, self._facts(vals))
            vals["previous_hash"] = previous
            case._set_event_tip(sequence + 1, vals["hash"])
            vals_list.append(vals)
        try:
            events = Event.create(vals_list)
        except UniqueViolation as error:
            # A job that only locks has written the next event since this act began to read:
            # the server tries the act anew.
            raise ConcurrencyError(
                self.env._("Somebody else has just written this case.")
            ) from error
        facts = {}
        for vals in vals_list:
            fact = Fact(vals["code"], now, vals["data"])
            facts.setdefault(vals["complaint_id"], []).append(fact)
        begun = {vals["complaint_id"] for vals in vals_list if vals["sequence"] == 1}
        for complaint_id, new in facts.items():
            cases[complaint_id]._continue_account(new, complaint_id in begun)
        return events

    @api.model
    def _wordless(self, facts):
        """Facts without anybody's own words: what is written here can never be masked, and what
        would be masked by comparing it with the complainant would tell who that is. The words
        are in the record of the act; the fingerprint proves them."""
        seal = self.env["lapor.complaint.version"]._seal
        return {
            key: {"hash": seal(value), "length": len(value)}
            if isinstance(value, str) and key in FREE_TEXTS
            else value
            for key, value in facts.items()
        }

    @api.model
    def _tips(self, complaints):
        """Read the ends of chains.

        :returns: dict of complaint id to [sequence, hash]; of a case without events [0, ""]
        """
        tips = {complaint.id: [0, ""] for complaint in complaints}
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT ON (complaint_id) complaint_id, sequence, hash
                   FROM lapor_event WHERE complaint_id = ANY(%s)
                   ORDER BY complaint_id, sequence DESC""",
                complaints.ids,
            )
        )
        return tips | {row[0]: [row[1], row[2]] for row in rows}

    @api.model
    def _facts(self, vals):
        """The part of an event that its hash covers, as plain JSON values."""
        return {
            "complaint": vals["complaint_id"],
            "sequence": vals["sequence"],
            "code": vals["code"],
            "at": fields.Datetime.to_string(vals["at"]),
            "user": vals["user_id"],
            "position": vals["position_id"] or None,
            "visit": vals["visit_id"] or None,
            "data": vals["data"],
        }

    @api.model
    def _links(self, complaints=None):
        """The links of all chains, or of some complaints', read in batches: memory does not grow
        with the number of events.

        :returns: iterable as :func:`broken_links` takes it
        """
        self.flush_model()
        after = (0, 0)
        while True:
            rows = self.env.execute_query(
                SQL(
                    """SELECT complaint_id, sequence, previous_hash, hash, code, at, user_id,
                              position_id, visit_id, data
                         FROM lapor_event
                        WHERE (complaint_id, sequence) > %s AND (%s OR complaint_id = ANY(%s))
                     ORDER BY complaint_id, sequence LIMIT %s""",
                    after,
                    complaints is None,
                    complaints.ids if complaints is not None else [],
                    BATCH,
                )
            )
            for case, sequence, previous, digest, code, at, user, position, visit, data in rows:
                facts = self._facts(
                    {
                        "complaint_id": case,
                        "sequence": sequence,
                        "code": code,
                        "at": at,
                        "user_id": user,
                        "position_id": position,
                        "visit_id": visit,
                        "data": data or {},
                    }
                )
                yield case, sequence, previous or "", digest, facts
            if len(rows) < BATCH:
                return
            after = rows[-1][:2]

    @api.model
    def _verify_chains(self, complaints=None):
        """Check the hash chains.

        :param complaints: ``lapor.complaint`` to check; all when None
        :returns: dict of complaint id to the sequence at which its chain breaks
        """
        return {case: sequence for case, sequence, _why in broken_links(self._links(complaints))}

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
        """Broken links of the chains."""
        for case, sequence, why in broken_links(self._links()):
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
    def _verify(self):
        """Check all evidence of the database: chains, anchors, and what they speak of.

        What it cannot see: events cut off, or a chain rewritten as a whole, after the newest
        anchor; and anything at all where the anchors were rewritten, too, unless their newest
        fingerprint is compared with a copy kept elsewhere.

        :returns: dict with ``complaints`` and ``events`` (numbers), ``anchor`` (newest
            fingerprint or False), ``anchored_at``, and ``broken``: list of dicts with
            ``number``, ``sequence``, ``code``, ``reason`` and ``sentence``, complaints in the
            order in which they came in
        """
        found = []
        for name in self._evidence_models():
            # As the system: whoever verifies need not see the cases.
            found += self.env[name].sudo()._broken_evidence()
        counts = self.env.execute_query(
            SQL("SELECT COUNT(DISTINCT complaint_id), COUNT(*) FROM lapor_event")
        )[0]
        # Fingerprints only, for whoever may run the command.
        newest = self.env["lapor.event.anchor"].sudo().search([], limit=1)
        return {
            "complaints": counts[0],
            "events": counts[1],
            "anchor": newest.digest,
            "anchored_at": fields.Datetime.to_string(newest.at) if newest else False,
            "broken": found,
        }

    @api.model
    def _describe_break(self, broken):
        # As the system: whoever verifies need not see the cases; numbers and codes are told.
        complaint = self.env["lapor.complaint"].sudo().browse(broken.get("complaint_id")).exists()
        sequence = broken.get("sequence", 0)
        event = complaint.event_ids.filtered(lambda event: event.sequence == sequence)[:1]
        labels = dict(self._fields["code"]._description_selection(self.env))
        reasons = {
            "gap": self.env._("an event is missing or was put in"),
            "order": self.env._("it does not follow from the event before"),
            "facts": self.env._("its facts were changed"),
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
            "%(events)s events of %(complaints)s complaints: every chain holds.",
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
