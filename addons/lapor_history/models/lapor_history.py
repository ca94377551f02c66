from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import SQL

from odoo.addons.lapor_base.models.lapor_sop import CLASSIFICATIONS
from odoo.addons.lapor_base.models.lapor_sop_transition import OUTCOMES
from odoo.addons.lapor_base.tools.event_chain import broken_links, event_hash

BATCH = 2000
#: What a row of the register says, as it is hashed.
WORDS = (
    *("number", "name", "description", "place", "classification", "complainant"),
    *("category_name", "channel_name", "unit_name", "outcome", "outcome_words"),
    *("answer", "remark", "row_key", "content_key", "file_digest"),
)
FLAGS = ("is_anonymous", "is_misconduct", "is_secret")
IDS = ("managing_unit_id", "unit_id", "category_id", "channel_id", "import_id", "user_id")
DAYS = ("received_on", "answered_on", "closed_on")


class LaporHistory(models.Model):
    """A finished case of an office's old register, as the register tells it.

    It is no ``lapor.complaint``: it has no SOP, no step, no activity, no clock and no complainant
    to be told anything, so that nothing can ever come of it; and the account of a case, which is
    read from events that never were, stays true. It keeps its number from the old register.

    Written once, by an import only, and never changed: append-only in the program and by a trigger
    of the database. The rows of a government are chained by their hashes, each with the fingerprint
    of the file and the number of its row. An import that was a mistake is taken back as a whole
    (``lapor.history.import``).
    """

    _name = "lapor.history"
    _description = "Case of an Old Register"
    _inherit = ["lapor.acts.mixin"]
    _order = "received_on desc, id desc"
    _rec_names_search = ["number", "name"]
    _lapor_evidence = True
    _lapor_append_only = True
    _lapor_chain = "company_id"

    company_id = fields.Many2one(
        "res.company",
        string="Government",
        required=True,
        index=True,
        readonly=True,
        ondelete="restrict",
    )
    sequence = fields.Integer(required=True, readonly=True)
    import_id = fields.Many2one(
        "lapor.history.import", required=True, index=True, readonly=True, ondelete="restrict"
    )
    row_number = fields.Integer(
        string="Row", required=True, readonly=True, help="Number of its row in the file."
    )
    file_digest = fields.Char(string="Fingerprint of the File", required=True, readonly=True)
    row_key = fields.Char(required=True, readonly=True, export_string_translation=False)
    content_key = fields.Char(required=True, readonly=True, export_string_translation=False)

    number = fields.Char(
        string="Old Number", readonly=True, index="trigram", help="As the old register has it."
    )
    name = fields.Char(string="Title", required=True, readonly=True, index="trigram")
    description = fields.Text(string="Complaint Text", readonly=True)
    received_on = fields.Date(string="Received", required=True, readonly=True, index=True)
    place = fields.Char(readonly=True)
    classification = fields.Selection(
        CLASSIFICATIONS, string="Class", required=True, readonly=True, default="complaint"
    )
    category_id = fields.Many2one("lapor.category", readonly=True, ondelete="restrict")
    category_name = fields.Char(string="Category in the Register", readonly=True)
    channel_id = fields.Many2one("lapor.channel", readonly=True, ondelete="restrict")
    channel_name = fields.Char(string="Channel in the Register", readonly=True)
    managing_unit_id = fields.Many2one(
        "lapor.unit",
        string="Managing Office",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    unit_id = fields.Many2one(
        "lapor.unit",
        string="Handled By",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    unit_name = fields.Char(string="Office in the Register", readonly=True)
    is_anonymous = fields.Boolean(string="Anonymous", readonly=True)
    is_misconduct = fields.Boolean(string="Misconduct Case", readonly=True)
    is_secret = fields.Boolean(string="Confidential", readonly=True)
    complainant = fields.Char(
        readonly=True,
        groups="lapor_base.group_lapor_intake,lapor_base.group_lapor_inspect",
        help="Of an anonymous complainant nothing is taken in.",
    )
    outcome = fields.Selection(OUTCOMES, required=True, readonly=True)
    outcome_words = fields.Char(string="Status in the Register", readonly=True)
    answered_on = fields.Date(string="Answered", readonly=True)
    closed_on = fields.Date(string="Closed", readonly=True)
    answer = fields.Text(string="Answer or Follow-up", readonly=True)
    remark = fields.Text(readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Taken In By", required=True, readonly=True, ondelete="restrict"
    )
    at = fields.Datetime(string="Taken In On", required=True, readonly=True)
    previous_hash = fields.Char(readonly=True)
    hash = fields.Char(required=True, readonly=True)

    # By these names the one answer to who may read what asks (``res.users.lapor_case_domain``).
    is_restricted = fields.Boolean(
        compute="_compute_is_restricted", search="_search_is_restricted", readonly=True
    )
    involved_unit_ids = fields.Many2many(
        "lapor.unit",
        compute="_compute_involved_unit_ids",
        search="_search_involved_unit_ids",
        compute_sudo=True,
    )

    _sequence_uniq = models.UniqueIndex("(company_id, sequence)")
    _row_key_idx = models.Index("(managing_unit_id, row_key)")

    def init(self):
        # The program already refuses to change rows; the trigger refuses it to everybody who
        # reaches the table in another way.
        self.env.cr.execute(
            SQL(
                """
                CREATE OR REPLACE FUNCTION lapor_history_append_only() RETURNS trigger AS $$
                BEGIN
                    RAISE EXCEPTION 'lapor_history is append-only';
                END $$ LANGUAGE plpgsql;
                DROP TRIGGER IF EXISTS lapor_history_append_only ON lapor_history;
                CREATE TRIGGER lapor_history_append_only BEFORE UPDATE OR DELETE ON lapor_history
                    FOR EACH ROW EXECUTE FUNCTION lapor_history_append_only();
                DROP TRIGGER IF EXISTS lapor_history_no_truncate ON lapor_history;
                CREATE TRIGGER lapor_history_no_truncate BEFORE TRUNCATE ON lapor_history
                    FOR EACH STATEMENT EXECUTE FUNCTION lapor_history_append_only();
                """
            )
        )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("number", "name")
    def _compute_display_name(self):
        for case in self:
            case.display_name = f"{case.number or '–'} {case.name or ''}".strip()

    @api.depends("is_misconduct", "is_secret")
    def _compute_is_restricted(self):
        for case in self:
            case.is_restricted = case.is_misconduct or case.is_secret

    @api.model
    def _search_is_restricted(self, operator, value):
        if operator != "in":
            return NotImplemented
        either = fields.Domain("is_misconduct", "=", True) | fields.Domain("is_secret", "=", True)
        parts = [either] if True in value else []
        parts += [~either] if False in value else []
        return fields.Domain.OR(parts)

    @api.depends("unit_id")
    def _compute_involved_unit_ids(self):
        for case in self:
            case.involved_unit_ids = case.unit_id

    @api.model
    def _search_involved_unit_ids(self, operator, value):
        return [("unit_id", operator, value)] if operator == "in" else NotImplemented

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if any("hash" not in vals for vals in vals_list):
            raise UserError(self.env._("Old cases come from the file of a register only."))
        return super().create(vals_list)

    def copy(self, default=None):  # pylint: disable=method-required-super
        raise UserError(self.env._("Old cases come from the file of a register only."))

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(
            self.env._(
                "An old case stays as the register has it. Take the whole file back instead."
            )
        )

    def unlink(self):  # pylint: disable=method-required-super
        # pylint: disable-next=no-raise-unlink
        raise UserError(
            self.env._(
                "An old case stays as the register has it. Take the whole file back instead."
            )
        )

    @api.model
    def _append(self, company, vals_list):
        """Add rows to the chain of a government, as the system.

        :param company: ``res.company``
        :param vals_list: values but those of the chain
        :raises ConcurrencyError: when another import has added to it; the act is tried anew, and
            looks again which rows are there already
        :rtype: lapor.history
        """
        sequence, previous = self._tips([company.id]).get(company.id, (0, ""))
        now = fields.Datetime.now()
        for vals in vals_list:
            sequence += 1
            vals.update(company_id=company.id, sequence=sequence, at=now, previous_hash=previous)
            vals["hash"] = previous = event_hash(previous, self._facts(vals))
        try:
            return self.create(vals_list)
        except UniqueViolation as error:
            raise ConcurrencyError(
                self.env._("Somebody else is taking in a register just now.")
            ) from error

    # ------------------------------------------------------------
    # PROVING
    # ------------------------------------------------------------

    @api.model
    def _tips(self, companies):
        """The ends of chains: {company id: (sequence, hash)}."""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT ON (company_id) company_id, sequence, hash FROM lapor_history
                    WHERE company_id = ANY(%s) ORDER BY company_id, sequence DESC""",
                list(companies),
            )
        )
        return {row[0]: row[1:] for row in rows}

    @api.model
    def _facts(self, vals):
        """The part of a row that its hash covers, as plain JSON values."""
        days = {name: fields.Date.to_date(vals.get(name)) for name in DAYS}
        return {
            **{name: vals.get(name) or None for name in (*WORDS, *IDS)},
            **{name: bool(vals.get(name)) for name in FLAGS},
            **{name: fields.Date.to_string(day) or None for name, day in days.items()},
            "company_id": vals["company_id"],
            "sequence": vals["sequence"],
            "row_number": vals["row_number"],
            "at": fields.Datetime.to_string(vals["at"]),
        }

    @api.model
    def _links(self):
        """The links of all chains, read in batches, as ``broken_links`` takes them."""
        self.flush_model()
        names = [
            *("company_id", "sequence", "previous_hash", "hash", "at", "row_number"),
            *WORDS,
            *IDS,
            *DAYS,
            *FLAGS,
        ]
        after = (0, 0)
        while True:
            rows = self.env.execute_query_dict(
                SQL(
                    """SELECT %s FROM lapor_history WHERE (company_id, sequence) > %s
                     ORDER BY company_id, sequence LIMIT %s""",
                    SQL(", ").join(map(SQL.identifier, names)),
                    after,
                    BATCH,
                )
            )
            for row in rows:
                chain, sequence = row["company_id"], row["sequence"]
                yield chain, sequence, row["previous_hash"] or "", row["hash"], self._facts(row)
            if len(rows) < BATCH:
                return
            after = (rows[-1]["company_id"], rows[-1]["sequence"])

    @api.model
    def _broken_evidence(self):
        """Broken links of the chains."""
        # As the system: whoever verifies need not see every government.
        History = self.sudo()
        reasons = {
            "gap": self.env._("a row is missing or was put in"),
            "order": self.env._("it does not follow from the row before"),
            "facts": self.env._("its facts were changed"),
            "time": self.env._("its time cannot be true"),
        }
        for company_id, sequence, why in broken_links(History._links()):
            case = History.search(
                [("company_id", "=", company_id), ("sequence", "=", sequence)], limit=1
            )
            yield {
                "model": self._name,
                "res_id": case.id,
                "complaint_id": False,
                "reason": why,
                "sentence": self.env._(
                    "Old register of %(government)s, entry %(sequence)s: %(reason)s",
                    government=self.env["res.company"].sudo().browse(company_id).name,
                    sequence=sequence,
                    reason=reasons[why],
                ),
            }
