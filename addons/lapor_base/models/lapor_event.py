from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import SQL

from ..tools.case_account import Fact
from ..tools.event_chain import broken_links, event_hash

# Facts in somebody's own words.
FREE_TEXTS = ("note", "reason")
# Events read at once when chains are verified.
BATCH = 5000


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
    _lapor_chain = "complaint_id"

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
            ("part_restored", "Part Waited For Again"),
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
            ("split_off", "Another Matter Split Off"),
            ("split_undone", "Split Taken Back"),
            ("supporter_wrote", "Message of a Supporter Passed On"),
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
            ("hold_reply_refused", "Reply Was Not What Was Asked For"),
            ("hold_reply_told", "Reply by Telephone or at the Counter"),
            ("hold_reminded", "Complainant Reminded"),
            ("hold_expired", "Window of the Hold Passed"),
            ("deemed_withdrawn", "Deemed Withdrawn"),
            ("left_unanswered", "Left Unanswered: Incomplete"),
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
        # What was written before these events is proved by them.
        proofs = self._take_proofs(set(cases))
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
                "proofs": entry.get("proofs") or proofs.pop(complaint.id, None),
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
        facts = {
            "complaint": vals["complaint_id"],
            "sequence": vals["sequence"],
            "code": vals["code"],
            "at": fields.Datetime.to_string(vals["at"]),
            "user": vals["user_id"],
            "position": vals["position_id"] or None,
            "visit": vals["visit_id"] or None,
            "data": vals["data"],
        }
        # Events from before 19.0.1.3.0 prove nothing but themselves.
        return facts | ({"proofs": vals["proofs"]} if vals.get("proofs") else {})

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
                              position_id, visit_id, data, proofs
                         FROM lapor_event
                        WHERE (complaint_id, sequence) > %s AND (%s OR complaint_id = ANY(%s))
                     ORDER BY complaint_id, sequence LIMIT %s""",
                    after,
                    complaints is None,
                    complaints.ids if complaints is not None else [],
                    BATCH,
                )
            )
            for case, sequence, previous, digest, *values in rows:
                code, at, user, position, visit, data, proofs = values
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
                        "proofs": proofs,
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
        broken = broken_links(self._links(complaints))
        return {case: sequence for case, sequence, _why in broken}
