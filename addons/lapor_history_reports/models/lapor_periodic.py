from odoo import models
from odoo.fields import Domain

from odoo.addons.lapor_base.tools.case_account import is_done
from odoo.addons.lapor_reports.report import figures
from odoo.addons.lapor_reports.tools.xlsx_book import Column

SECTIONS = {
    "history": "Register lama (tidak termasuk dalam angka lain)",
    "history_unit": "Register lama menurut perangkat daerah",
    "history_category": "Register lama menurut kategori",
}
RECEIVED = "Aduan masuk menurut register lama"
TOTAL = "Aduan masuk seluruhnya, termasuk register lama"
#: Most groups of one table, as in the others.
MOST_GROUPS = 200


class LaporPeriodic(models.Model):
    """The old register in a report: what was received and what ended in its period, as the
    register tells it. Old registers know no deadlines, so that nothing of them is late or in time,
    and no figure of the complaints of today changes."""

    _inherit = "lapor.periodic"

    def _sections(self):
        return {**super()._sections(), **SECTIONS}

    def _more_lines(self, lines):
        more = super()._more_lines(lines)
        if not self.unit_id.history_in_reports:
            return more
        received, ended = self._history("received_on"), self._history("closed_on")
        done = ended.filtered(lambda case: is_done(case.outcome, case.answered_on))
        new = sum(
            line["amount"]
            for line in lines
            if line["section"] == "summary" and line["label"] == "Aduan masuk"
        )
        return [
            *more,
            self._history_line("history", RECEIVED, received),
            self._history_line("history", "Selesai dalam periode menurut register lama", done),
            self._history_line(
                "history", "Berakhir tanpa ditangani menurut register lama", ended - done
            ),
            self._history_line(
                "history",
                "Masuk dalam periode, hari selesainya tidak tercatat",
                received.filtered(lambda case: not case.closed_on),
            ),
            {**self._history_line("history", TOTAL, received), "amount": new + len(received)},
            *self._history_groups("history_unit", received, "unit_name", "Tidak tercatat"),
            *self._history_groups("history_category", received, "category_name", "Tanpa kategori"),
        ]

    def _history(self, day):
        """Old cases of this office and period, without misconduct, as the system.

        :param str day: field of the day that lies in the period
        """
        return self.env["lapor.history"].search(
            Domain("managing_unit_id", "=", self.unit_id.id)
            & Domain(day, ">=", self.date_from)
            & Domain(day, "<=", self.date_to)
            & Domain("is_misconduct", "=", False)
            & Domain("import_id.state", "!=", "withdrawn"),
            order="received_on, id",
        )

    def _history_line(self, section, label, cases):
        return self._line(section, label, [], len(cases), "aduan", history=cases.ids)

    def _history_groups(self, section, cases, name, nothing):
        groups = figures.grouped(cases, lambda case: case[name] or nothing)
        return [
            self._history_line(section, label, cases.browse(case.id for case in group))
            for label, group in groups[:MOST_GROUPS]
        ]

    def _write_more(self, book):
        super()._write_more(book)
        line = self.line_ids.filtered(
            lambda line: line.section == "history" and line.label == RECEIVED
        )
        if not line:
            return
        env = self.with_context(lang="id_ID").env
        outcomes = dict(env["lapor.history"]._fields["outcome"]._description_selection(env))
        sheet = book.sheet(
            "Register lama",
            f"Register lama – {self.name}",
            [
                Column("Nomor lama", 18, wrap=False),
                Column("Diterima", 12),
                Column("Hal", 44),
                Column("Kategori", 26),
                Column("Perangkat daerah", 30),
                Column("Hasil", 22),
                Column("Dijawab", 12),
                Column("Ditutup", 12),
            ],
        )
        # The list is what the figure counts.
        for case in env["lapor.history"].browse((line.extra or {}).get("history") or []).exists():
            sheet.add(
                [
                    case.number,
                    case.received_on,
                    "(rahasia)" if case.is_secret else case.name,
                    case.category_name,
                    case.unit_name,
                    outcomes.get(case.outcome),
                    case.answered_on or None,
                    case.closed_on or None,
                ]
            )
