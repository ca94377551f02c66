from datetime import timedelta

from markupsafe import Markup
from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..tools.appointments import Assignment, changes, replay
from ..tools.event_chain import broken_links, event_hash

BATCH = 5000
#: What is hashed as it is; the rest are ids, days and moments.
WORDS = ("code", "capacity", "title", "unit_name", "user_name", "user_rank", "user_nip")
IDS = (
    *("position_id", "role_id", "unit_id", "user_id"),
    *("stands_for_id", "appointed_by_id", "entered_by_id"),
)
DAYS = ("day", "date_from", "date_to")


class LaporAppointment(models.Model):
    """Who held which position, from when to when, as what, and who appointed him.

    The evidence behind every signature: name, rank and NIP as they were. Append-only, in the
    program and by a database trigger; the entries of a government are chained by their hashes. An
    end is an entry of its own. Written wherever holders change (``lapor.position._apply_holders``)
    by comparing what is so with what the entries say, so no way of changing it can be forgotten.
    """

    _name = "lapor.appointment"
    _description = "Appointment to a Position"
    _inherit = ["lapor.acts.mixin"]
    _order = "company_id, sequence desc"
    _rec_name = "title"
    _lapor_evidence = True
    _lapor_append_only = True
    _lapor_chain = "company_id"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True, ondelete="restrict"
    )
    sequence = fields.Integer(string="No.", required=True, readonly=True)
    position_id = fields.Many2one(
        "lapor.position", required=True, ondelete="restrict", index=True, readonly=True
    )
    code = fields.Selection(
        [
            ("appointed", "Appointed"),
            ("begun", "Begins to Act"),
            ("restated", "Particulars Changed"),
            ("ended", "Ceases to Act"),
            ("revoked", "Appointment Revoked"),
        ],
        string="Fact",
        required=True,
        readonly=True,
    )
    capacity = fields.Selection(
        [
            ("definitive", "Definitive"),
            ("plt", "Plt."),
            ("plh", "Plh."),
            ("leave", "Plh. (leave)"),
        ],
        string="As",
        required=True,
        readonly=True,
    )
    user_id = fields.Many2one(
        "res.users", string="Who", required=True, ondelete="restrict", index=True, readonly=True
    )
    user_name = fields.Char(string="Name", readonly=True, help="As it was then.")
    user_rank = fields.Char(string="Pangkat / Golongan", readonly=True)
    user_nip = fields.Char(string="NIP", readonly=True)
    title = fields.Char(string="Position Title", readonly=True, help="As it was then.")
    role_id = fields.Many2one("lapor.role", required=True, ondelete="restrict", readonly=True)
    unit_id = fields.Many2one("lapor.unit", required=True, ondelete="restrict", readonly=True)
    unit_name = fields.Char(readonly=True)
    stands_for_id = fields.Many2one(
        "res.users", string="Stands In For", ondelete="restrict", readonly=True
    )
    day = fields.Date(string="Counts From", required=True, readonly=True)
    date_from = fields.Date(string="First Day", readonly=True)
    date_to = fields.Date(string="Last Day", readonly=True)
    at = fields.Datetime(string="Entered On", required=True, readonly=True)
    appointed_by_id = fields.Many2one(
        "res.users", required=True, ondelete="restrict", readonly=True
    )
    entered_by_id = fields.Many2one(
        "res.users",
        required=True,
        ondelete="restrict",
        readonly=True,
        help="Whose act it was; the program's own where a day came or passed.",
    )
    previous_hash = fields.Char(readonly=True)
    hash = fields.Char(string="Fingerprint", required=True, readonly=True)

    _sequence_uniq = models.UniqueIndex("(company_id, sequence)")

    def init(self):
        # The program already refuses to change entries; the trigger refuses it to everybody
        # who reaches the table in another way.
        self.env.cr.execute(
            SQL(
                """
                CREATE OR REPLACE FUNCTION lapor_appointment_append_only() RETURNS trigger AS $$
                BEGIN
                    RAISE EXCEPTION 'lapor_appointment is append-only';
                END $$ LANGUAGE plpgsql;
                DROP TRIGGER IF EXISTS lapor_appointment_append_only ON lapor_appointment;
                CREATE TRIGGER lapor_appointment_append_only
                    BEFORE UPDATE OR DELETE ON lapor_appointment
                    FOR EACH ROW EXECUTE FUNCTION lapor_appointment_append_only();
                DROP TRIGGER IF EXISTS lapor_appointment_no_truncate ON lapor_appointment;
                CREATE TRIGGER lapor_appointment_no_truncate BEFORE TRUNCATE ON lapor_appointment
                    FOR EACH STATEMENT EXECUTE FUNCTION lapor_appointment_append_only();
                """
            )
        )

    def copy(self, default=None):  # pylint: disable=method-required-super
        raise UserError(self.env._("Appointments are entered at the position only."))

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("Appointments are evidence and cannot be changed."))

    def unlink(self):  # pylint: disable=method-required-super
        # pylint: disable-next=no-raise-unlink
        raise UserError(self.env._("Appointments are evidence and cannot be removed."))

    @api.model_create_multi
    def create(self, vals_list):
        if any("hash" not in vals for vals in vals_list):
            raise UserError(self.env._("Appointments are entered at the position only."))
        return super().create(vals_list)

    # ------------------------------------------------------------
    # WRITING (as the system)
    # ------------------------------------------------------------

    @api.model
    def _record(self, positions):
        """Enter what has changed in these positions since their last entries.

        :rtype: lapor.appointment
        """
        # Written as the system: nobody has the right to create entries, only holders' changes do.
        positions = positions.sudo().with_context(active_test=False)
        known = self._known(positions)
        vals_list = []
        for position in positions:
            vals_list += self._new_entries(position, *known[position.id])
        entries = self._append(vals_list)
        entries._tell_inspectorate()
        return entries

    @api.model
    def _known(self, positions):
        """What the entries say of positions.

        :returns: dict of position id to what :func:`replay` returns
        """
        # As the system: all entries are compared, whoever changed a holder.
        entries = self.sudo().search([("position_id", "in", positions.ids)], order="sequence")
        grouped = entries.grouped("position_id")
        return {
            position.id: replay(
                (entry.code, entry._assignment(), entry)
                for entry in grouped.get(position, self.browse())
            )
            for position in positions
        }

    def _assignment(self):
        return Assignment(
            self.capacity,
            self.user_id.id,
            self.role_id.id,
            self.unit_id.id,
            fields.Date.to_string(self.date_from) or None,
            fields.Date.to_string(self.date_to) or None,
        )

    @api.model
    def _new_entries(self, position, known, acting):
        """Values of the entries that a position lacks, in their order."""
        today = position._today()
        now = fields.Datetime.now()
        appointed = position._assignments()
        acts = position._acting_assignment()
        known_acting, last = acting
        found = changes(known, known_acting, appointed, acts, fields.Date.to_string(today))
        started = today
        vals_list = []
        for code, one in found:
            source = known.get(one) or (last if one == known_acting else None)
            vals = self._values(position, one, source if code in ("ended", "revoked") else None)
            # A day that came while the job did not run counts from that day.
            day = today
            if code == "ended" and one.is_over(fields.Date.to_string(today)):
                day = started = fields.Date.to_date(one.date_to) + timedelta(days=1)
            elif code == "begun":
                since = position._local_day(source.at) if source else today
                day = max(fields.Date.to_date(one.date_from) or started, since)
            by = self.env.uid
            if source and code != "appointed":
                by = source.appointed_by_id.id
            vals.update(code=code, day=min(day, today), at=now, appointed_by_id=by)
            vals_list.append(vals)
        if acts and acts == known_acting:
            vals = self._values(position, acts)
            differs = {name for name in WORDS if name in vals and vals[name] != last[name]}
            # What somebody writes about himself is no particular of his appointment.
            if self.env.uid == acts.user:
                differs -= {"user_name", "user_rank", "user_nip"}
                vals.update({name: last[name] for name in ("user_name", "user_rank", "user_nip")})
            if differs:
                by = last.appointed_by_id.id
                vals.update(code="restated", day=today, at=now, appointed_by_id=by)
                vals_list.append(vals)
        return vals_list

    @api.model
    def _values(self, position, one, source=None):
        """Values of an entry about an assignment.

        :param source: the entry from which the words are, where it ends; else as they are now
        """
        # As the system: particulars of the appointed, whoever may read users.
        user = self.env["res.users"].sudo().browse(one.user)
        unit = self.env["lapor.unit"].sudo().browse(one.unit)
        stands_for = position.user_id if one.capacity in ("plh", "leave") else user.browse()
        if one.capacity == "leave":
            stands_for = position._absent_on_leave(one) or stands_for
        words = {
            "title": position.name,
            "unit_name": unit.name,
            "user_name": user.name,
            "user_rank": user.lapor_rank,
            "user_nip": user.lapor_nip,
            "stands_for_id": stands_for.id,
        }
        if source:
            words = {
                name: getattr(source[name], "id", source[name]) if name in IDS else source[name]
                for name in words
            }
        return {
            **words,
            "company_id": unit.company_id.id,
            "position_id": position.id,
            "capacity": one.capacity,
            "user_id": one.user,
            "role_id": one.role,
            "unit_id": one.unit,
            "date_from": one.date_from,
            "date_to": one.date_to,
            "entered_by_id": self.env.uid,
        }

    @api.model
    def _append(self, vals_list):
        """Add entries to the chains of their governments."""
        tips = self._tips({vals["company_id"] for vals in vals_list}) if vals_list else {}
        for vals in vals_list:
            sequence, previous = tips.get(vals["company_id"], [0, ""])
            vals.update(sequence=sequence + 1, previous_hash=previous)
            vals["hash"] = event_hash(previous, self._facts(vals))
            tips[vals["company_id"]] = [sequence + 1, vals["hash"]]
        try:
            # As the system, as in :meth:`_record`.
            return self.sudo().create(vals_list)
        except UniqueViolation as error:
            raise ConcurrencyError(
                self.env._("Somebody else has just changed a position.")
            ) from error

    def _tell_inspectorate(self):
        """Tell those who inspect a government who was appointed to coordinate, oversee or inspect
        there; also whoever lost that task by the same act."""
        # While addons are installed nobody is there to be told.
        if not self.env.registry.ready:
            return
        for company, entries in self.grouped("company_id").items():
            told = entries.filtered(
                lambda entry: entry.code == "appointed" and entry.role_id._watches()
            )
            if not told:
                continue
            # As the system: whom to tell; nothing of them is shown.
            inspectors = (
                self.env["lapor.position"]
                .sudo()
                .search([("company_id", "=", company.id), ("role_id.inspects", "=", True)])
                .holder_id
                | entries.filtered(
                    lambda entry: entry.code == "ended" and entry.role_id.inspects
                ).user_id
            )
            for entry in told if inspectors else ():
                # A notice of the program about an act, from whoever did it.
                self.env["mail.thread"].sudo().message_notify(
                    model="lapor.position",
                    res_id=entry.position_id.id,
                    partner_ids=inspectors.partner_id.ids,
                    author_id=self.env.user.partner_id.id,
                    subject=self.env._("Appointment: %s", entry.title),
                    body=Markup("<p>%s</p>") % entry._sentence(),
                    email_add_signature=False,
                    notify_author=True,
                )

    def _sentence(self):
        """The entry in words."""
        self.ensure_one()
        capacity = dict(self._fields["capacity"]._description_selection(self.env))[self.capacity]
        days = [format_date(self.env, day) for day in (self.date_from, self.date_to) if day]
        return self.env._(
            "%(by)s appointed %(name)s to “%(title)s”, %(unit)s (%(capacity)s%(days)s).",
            by=self.appointed_by_id.name,
            name=self.user_name,
            title=self.title,
            unit=self.unit_name,
            capacity=capacity,
            days="".join(f", {part}" for part in [" – ".join(days)] if part),
        )

    # ------------------------------------------------------------
    # READING
    # ------------------------------------------------------------

    @api.model
    def _at(self, position, moment):
        """The entry by which somebody acted in a position at a moment; empty where nobody did.

        :rtype: lapor.appointment
        """
        # Who acted stands on every paper; whoever prints it need not read positions.
        Appointment = self.sudo()
        if not position:
            return Appointment
        entry = Appointment.search_fetch(
            [
                ("position_id", "=", position.id),
                ("code", "in", ["begun", "restated", "ended"]),
                ("at", "<=", moment),
            ],
            [name for name, field in self._fields.items() if field.store],
            order="sequence desc",
            limit=1,
        )
        return entry.filtered(lambda entry: entry.code != "ended")

    @api.model
    def _of_user(self, user, moment):
        """The entry with the particulars of somebody at a moment; empty where he held nothing.

        :rtype: lapor.appointment
        """
        # Names stand on every paper; whoever prints it need not read positions.
        return self.sudo().search(
            [
                ("user_id", "=", user.id),
                ("code", "in", ["begun", "restated"]),
                ("at", "<=", moment),
            ],
            order="at desc, sequence desc",
            limit=1,
        )

    def _signing(self):
        """How whoever acts by this entry signs, see ``lapor.position._signing_as``."""
        self.ensure_one()
        prefix = {"plt": "Plt. ", "plh": "Plh. ", "leave": "Plh. "}.get(self.capacity, "")
        return {
            "appointment": self,
            "title": f"{prefix}{self.title}",
            "own_title": self.title,
            "name": self.user_name or "",
            "rank": self.user_rank or "",
            "nip": self.user_nip or "",
        }

    # ------------------------------------------------------------
    # PROVING
    # ------------------------------------------------------------

    @api.model
    def _tips(self, companies=None):
        """Read the ends of chains.

        :param companies: ids of governments; all when None
        :returns: dict of company id to [sequence, hash]
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT ON (company_id) company_id, sequence, hash
                     FROM lapor_appointment WHERE %s OR company_id = ANY(%s)
                 ORDER BY company_id, sequence DESC""",
                companies is None,
                list(companies or []),
            )
        )
        return {row[0]: [row[1], row[2]] for row in rows}

    @api.model
    def _facts(self, vals):
        """The part of an entry that its hash covers, as plain JSON values."""
        facts = {name: vals.get(name) or None for name in (*WORDS, *IDS)}
        days = {name: fields.Date.to_date(vals.get(name)) for name in DAYS}
        facts.update({name: fields.Date.to_string(day) or None for name, day in days.items()})
        return {
            **facts,
            "company_id": vals["company_id"],
            "sequence": vals["sequence"],
            "at": fields.Datetime.to_string(vals["at"]),
        }

    @api.model
    def _links(self):
        """The links of all chains, read in batches, as :func:`broken_links` takes them."""
        self.flush_model()
        names = ["company_id", "sequence", "previous_hash", "hash", "at", *WORDS, *IDS, *DAYS]
        after = (0, 0)
        while True:
            rows = self.env.execute_query_dict(
                SQL(
                    """SELECT %s FROM lapor_appointment WHERE (company_id, sequence) > %s
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
        """Broken links of the chains, and positions that say something else than their entries."""
        # As the system: whoever verifies need not see every government.
        Appointment = self.sudo()
        reasons = {
            "gap": self.env._("an entry is missing or was put in"),
            "order": self.env._("it does not follow from the entry before"),
            "facts": self.env._("its facts were changed"),
        }
        for company_id, sequence, why in broken_links(Appointment._links()):
            entry = Appointment.search(
                [("company_id", "=", company_id), ("sequence", "=", sequence)], limit=1
            )
            yield self._break(
                entry,
                why,
                self.env._(
                    "Appointments of %(government)s, entry %(sequence)s: %(reason)s",
                    government=self.env["res.company"].sudo().browse(company_id).name,
                    sequence=sequence,
                    reason=reasons[why],
                ),
            )
        # All of them have to be proved, archived ones too.
        positions = self.env["lapor.position"].sudo().with_context(active_test=False)
        positions = positions.search([])  # pylint: disable=no-search-all
        for position, (known, (acting, _entry)) in zip(
            positions, Appointment._known(positions).values(), strict=True
        ):
            said = acting.user if acting else False
            if said != position.holder_id.id:
                yield self._break(
                    position,
                    "holder",
                    self.env._(
                        "%(position)s: by its appointments %(said)s acts in it, not %(now)s",
                        position=position.name,
                        said=self._person(said),
                        now=self._person(position.holder_id.id),
                    ),
                )
            today = fields.Date.to_string(position._today())
            meant = {one for one in known if not one.is_over(today)}
            # Past days count until the job or somebody moves the holder on.
            if meant != set(position._assignments()):
                yield self._break(
                    position,
                    "appointed",
                    self.env._(
                        "%(position)s: who is appointed to it is not what its appointments say",
                        position=position.name,
                    ),
                )

    @api.model
    def _person(self, user_id):
        # As the system: whoever verifies is told who acts where.
        user = self.env["res.users"].sudo().browse(user_id or [])
        return user.name or self.env._("nobody")

    @api.model
    def _break(self, record, reason, sentence):
        return {
            "model": record._name,
            "res_id": record.id,
            "complaint_id": False,
            "reason": reason,
            "sentence": sentence,
        }
