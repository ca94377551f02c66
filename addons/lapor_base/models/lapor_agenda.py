from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.letter_number import format_number

BOOKS = [
    ("disposition", "Dispositions"),
    ("letter", "Letters"),
    ("assignment", "Letters of Assignment"),
    ("report", "Inspection Reports"),
]


class LaporAgenda(models.Model):
    """One line of an office's agenda book: a running number that was taken, and for what.

    Numbers run per office, book and year, without gaps. A number is taken inside the transaction
    of the act that uses it: whoever wants the same number at the same moment waits for that
    act, and gets the number itself when the act fails. A cancelled letter keeps its line, with
    the reason; its number is never given again (PerANRI 5/2021).
    """

    _name = "lapor.agenda"
    _description = "Agenda Book"
    _inherit = ["lapor.evidence.mixin"]
    _order = "year desc, unit_id, kind, seq desc"
    _rec_name = "number"
    _lapor_proved = (
        "unit_id",
        "kind",
        "year",
        "seq",
        "number",
        "date",
        "subject",
        "complaint_id",
        "state",
        "void_reason",
        "voided_by_id",
        "voided_at",
    )

    unit_id = fields.Many2one("lapor.unit", required=True, ondelete="restrict", readonly=True)
    company_id = fields.Many2one(related="unit_id.company_id", store=True, index=True)
    kind = fields.Selection(BOOKS, string="Book", required=True, readonly=True)
    year = fields.Integer(required=True, readonly=True)
    seq = fields.Integer(string="No.", required=True, readonly=True)
    number = fields.Char(string="Letter Number", readonly=True, index="btree_not_null")
    date = fields.Date(readonly=True, help="Local date at the office.")
    subject = fields.Char(readonly=True)
    complaint_id = fields.Many2one(
        "lapor.complaint", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    state = fields.Selection(
        [("used", "Used"), ("void", "Cancelled")], required=True, default="used", readonly=True
    )
    void_reason = fields.Text(string="Reason of Cancelling", readonly=True)
    voided_by_id = fields.Many2one("res.users", string="Cancelled By", readonly=True)
    voided_at = fields.Datetime(string="Cancelled On", readonly=True)

    _agenda_uniq = models.UniqueIndex("(unit_id, kind, year, seq)")
    _number_uniq = models.UniqueIndex(
        "(unit_id, number) WHERE number IS NOT NULL", "This letter number is taken."
    )

    def init(self):
        # The unique index decides: an insert waits for another transaction that holds the same
        # number, and tries the next one only when that was committed. A counter that is
        # updated would instead fail, at Odoo's isolation level, for all who waited.
        self.env.cr.execute(
            SQL(
                """
                CREATE OR REPLACE FUNCTION lapor_agenda_take(
                    office integer, government integer, book text, of_year integer,
                    complaint integer, taker integer
                ) RETURNS integer AS $$
                DECLARE
                    following integer;
                    line integer;
                BEGIN
                    SELECT COALESCE(MAX(seq), 0) + 1 INTO following FROM lapor_agenda
                     WHERE unit_id = office AND kind = book AND year = of_year;
                    LOOP
                        BEGIN
                            INSERT INTO lapor_agenda
                                (unit_id, company_id, kind, year, seq, state, complaint_id,
                                 create_uid, create_date, write_uid, write_date)
                            VALUES
                                (office, government, book, of_year, following, 'used', complaint,
                                 taker, now() at time zone 'UTC', taker, now() at time zone 'UTC')
                            RETURNING id INTO line;
                            RETURN line;
                        EXCEPTION WHEN unique_violation THEN
                            following := following + 1;
                        END;
                    END LOOP;
                END $$ LANGUAGE plpgsql
                """
            )
        )

    @api.model
    def _next(self, unit, kind, year, complaint=None):
        """Take the next number of a book.

        :param unit: office (``lapor.unit``)
        :param str kind: the book, see ``BOOKS``
        :param int year: local year at the office
        :param complaint: the case it is taken for, or None
        :rtype: int
        """
        return self._take_line(unit, kind, year, complaint).seq

    @api.model
    def _take_number(self, unit, document, complaint, subject):
        """Take and write the number of a letter by the office's pattern.

        :param unit: office (``lapor.unit``)
        :param str document: "letter", "assignment" or "report"
        :rtype: lapor.agenda
        """
        series = unit.letter_series_ids.filtered(lambda item: item.document == document)[:1]
        now = unit._local_now()
        line = self._take_line(unit, document if series.own_book else "letter", now.year, complaint)
        secret = complaint.is_secret or complaint.is_misconduct
        line.write(
            {
                "number": format_number(
                    series.pattern or unit.letter_pattern or "{seq}/{year}",
                    seq=line.seq,
                    year=now.year,
                    month=now.month,
                    code=series.archive_code or unit.archive_code or "",
                    unit=unit.code,
                    security="R" if secret else "B",
                ),
                "date": now.date(),
                "subject": subject,
            }
        )
        return line

    @api.model
    def _take_line(self, unit, kind, year, complaint=None):
        """Insert the line of the next number."""
        self.flush_model()
        ((line_id,),) = self.env.execute_query(
            SQL(
                "SELECT lapor_agenda_take(%s, %s, %s, %s, %s, %s)",
                unit.id,
                unit.company_id.id,
                kind,
                year,
                complaint.id if complaint else None,
                self.env.uid,
            )
        )
        line = self.browse(line_id)
        self.env["lapor.event"]._await_proofs(line)
        return line

    def _void(self, reason):
        """Cancel numbers that were taken; they stay in the book.

        :raises UserError: without a reason
        """
        if not reason:
            raise UserError(self.env._("Say why the letter is cancelled."))
        self.write(
            {
                "state": "void",
                "void_reason": reason,
                "voided_by_id": self.env.uid,
                "voided_at": fields.Datetime.now(),
            }
        )

    def _evidence_name(self):
        return f"{self.unit_id.exists().code or '–'} {self.number or self.seq}/{self.year}"

    @api.model
    def _broken_evidence(self):
        """Lines that are not what was recorded, lines that no case has taken, and gaps."""
        yield from super()._broken_evidence()
        nobody = self.env["lapor.complaint"]
        why = self.env._("no act of a case has made it")
        for line in self.search([("complaint_id", "=", False)], order="id"):
            yield self._break(nobody, line.id, line._evidence_name(), "inserted", why)
        books = dict(self._fields["kind"]._description_selection(self.env))
        gaps = self.env.execute_query(
            SQL(
                """
                SELECT unit_id, kind, year, before + 1, seq - 1 FROM (
                    SELECT unit_id, kind, year, seq,
                           COALESCE(LAG(seq) OVER (
                               PARTITION BY unit_id, kind, year ORDER BY seq, id), 0) AS before
                      FROM lapor_agenda) AS line
                 WHERE seq != before + 1
                """
            )
        )
        for unit, kind, year, first, last in gaps:
            yield {
                "model": self._name,
                "res_id": False,
                "complaint_id": False,
                "number": False,
                "reason": "gap",
                "sentence": self.env._(
                    "Agenda book “%(book)s” %(year)s of %(unit)s: number %(numbers)s is missing "
                    "or stands there twice",
                    book=books[kind],
                    year=year,
                    unit=self.env["lapor.unit"].browse(unit).name,
                    numbers=first if first >= last else f"{first}–{last}",
                ),
            }
