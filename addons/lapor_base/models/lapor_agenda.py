from odoo import api, fields, models
from odoo.tools import SQL


class LaporAgenda(models.Model):
    """The running number of an office's agenda: per office, kind and year, without gaps.

    Taken inside the transaction of the act that uses it: the row is locked until that act
    is committed, so two acts at once wait for each other and none gets the other's number.
    """

    _name = "lapor.agenda"
    _description = "Agenda Counter"
    _order = "unit_id, kind, year desc"

    unit_id = fields.Many2one("lapor.unit", required=True, ondelete="restrict", readonly=True)
    company_id = fields.Many2one(related="unit_id.company_id", store=True, index=True)
    kind = fields.Selection(
        [("disposition", "Dispositions"), ("letter", "Letters")], required=True, readonly=True
    )
    year = fields.Integer(required=True, readonly=True)
    last = fields.Integer(string="Last Number", required=True, default=0, readonly=True)

    _agenda_uniq = models.UniqueIndex("(unit_id, kind, year)")

    @api.model
    def _next(self, unit, kind, year):
        """Take the next number.

        :param unit: office (``lapor.unit``)
        :param str kind: "disposition" or "letter"
        :param int year: local year at the office
        :rtype: int
        """
        self.flush_model()
        ((number,),) = self.env.execute_query(
            SQL(
                """INSERT INTO lapor_agenda
                       (unit_id, company_id, kind, year, last,
                        create_uid, create_date, write_uid, write_date)
                   VALUES (%(unit)s, %(company)s, %(kind)s, %(year)s, 1,
                           %(uid)s, now() at time zone 'UTC', %(uid)s, now() at time zone 'UTC')
                   ON CONFLICT (unit_id, kind, year) DO UPDATE SET last = lapor_agenda.last + 1
                   RETURNING last""",
                unit=unit.id,
                company=unit.company_id.id,
                kind=kind,
                year=year,
                uid=self.env.uid,
            )
        )
        self.invalidate_model(["last"])
        return number
