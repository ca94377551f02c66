import tempfile
from pathlib import Path
from statistics import median

from odoo import api, fields, models

from ..report import figures
from ..tools.xlsx_book import Book, Column

MOST_LISTED = 30
# After how many complaints a spreadsheet tells how far it is.
PAGE = 2000
SECTIONS = {
    "summary": "Ringkasan",
    "status": "Status pada akhir periode",
    "end": "Berakhir dalam periode tanpa ditangani",
    "channel": "Menurut kanal",
    "classification": "Menurut klasifikasi",
    "category": "Menurut kategori",
    "unit": "Menurut perangkat daerah",
    "place": "Menurut lokasi",
    "repeated": "Permasalahan berulang",
    "step": "Ketepatan waktu menurut langkah SOP",
    "rule": "Ketepatan waktu menurut ketentuan",
}
# What is said of measures that take in what ended unhandled.
ALL = ", termasuk yang berakhir tanpa ditangani"
# Sections whose lines are groups of complaints.
GROUPS = ("channel", "classification", "category", "unit", "place")


class LaporPeriodicFiguresMixin(models.AbstractModel):
    """How the figures of a periodic report are computed, and written as a spreadsheet."""

    _name = "lapor.periodic.figures.mixin"
    _description = "Figures of a Periodic Report"

    def _compute_lines(self):
        """Compute the figures anew, as the system."""
        self.ensure_one()
        start, end = self._bounds()
        found = figures.cases(self.env, self.unit_id, start, end)
        results = figures.clock_results(self.env, self.unit_id, start, end)
        lines = [
            *self._summary_lines(found, results, start, end),
            *self._group_lines(found, end),
            *self._time_lines(found, results, end),
        ]
        lines += self._more_lines(lines)
        self.line_ids.unlink()
        self.env["lapor.periodic.line"].create(
            [
                {**line, "periodic_id": self.id, "sequence": index}
                for index, line in enumerate(lines)
            ]
        )
        self._store({"computed_at": fields.Datetime.now()})

    @api.model
    def _sections(self):
        """The tables of a report in their order, for addons that add to them: {key: heading}.

        :rtype: dict[str, str]
        """
        return SECTIONS

    def _more_lines(self, lines):
        """Lines that addons add, of sections of their own; called as the system whenever the
        figures are computed.

        :param lines: those computed so far, as of :meth:`_line`
        :returns: list of dicts as of :meth:`_line`
        """
        return []

    def _write_more(self, book):
        """Sheets that addons add to the spreadsheet, after the list of complaints."""

    def _line(self, section, label, counted, amount=None, unit="", **extra):
        """One line; it counts complaints, or tells an amount of them."""
        ids = [getattr(case, "id", case) for case in counted]
        return {
            "section": section,
            "label": label,
            "amount": len(ids) if amount is None else amount,
            "unit": unit,
            "extra": extra,
            "complaint_ids_json": ids,
        }

    def _summary_lines(self, found, results, start, end):
        new = [case for case in found if case.is_new]
        closed = [case for case in found if case.is_closed]
        done = [case for case in closed if case.status == "done"]
        ended = [case for case in closed if case.status == "archived"]
        open_now = [case for case in found if case.closed_at is None]
        late = [case for case in open_now if case.late_days is not None]
        waiting = [case for case in open_now if case.status == "waiting"]
        due = [case for case in open_now if case.due_at and start <= case.due_at < end]
        lines = [
            ("Aduan masuk", new),
            ("Aduan selesai", done),
            ("Berakhir tanpa ditangani", ended),
            ("Masih terbuka pada akhir periode", open_now),
            ("Belum terdisposisi", waiting),
            ("Jatuh tempo dalam periode dan masih terbuka", due),
            ("Melewati batas waktu", late),
        ]
        names = self._names_of(found, end)
        return [
            *(
                self._line("summary", label, counted, unit="aduan", listed=_listing(counted, names))
                for label, counted in lines
            ),
            *self._measure_lines(found, new, closed, results),
            *(
                self._line(
                    "status", words, [case for case in found if case.status == status], unit="aduan"
                )
                for status, words in figures.STATUSES.items()
            ),
            *(
                self._line(
                    "end", words, [case for case in ended if case.outcome == outcome], unit="aduan"
                )
                for outcome, words in figures.ENDS.items()
            ),
        ]

    def _measure_lines(self, found, new, closed, results):
        """Share, speed and punctuality: of what the office had to handle, and of everything. What
        was withdrawn or archived makes no office faster or more punctual.
        """
        unhandled = {case.id for case in found if case.status == "archived"}
        whole = [row for row in results if row.kind == "sop"]
        lines = []
        for words, left_out in (("", unhandled), (ALL, set())):
            received = [case for case in new if case.id not in left_out]
            followed_up = [case for case in received if case.followed_up_at]
            ended = [case for case in closed if case.id not in left_out]
            lengths = [
                (case.closed_at - case.received_at).total_seconds() / 86400 for case in ended
            ]
            decided = [row for row in whole if row.complaint_id not in left_out]
            kept = [row for row in decided if row.kept]
            lines += [
                (
                    f"Aduan masuk yang telah ditindaklanjuti{words}",
                    followed_up,
                    figures.share(len(followed_up), len(received)),
                    "%",
                ),
                (
                    f"Laju tindak lanjut (rata-rata sampai selesai){words}",
                    ended,
                    round(sum(lengths) / len(lengths), 1) if lengths else None,
                    "hari",
                ),
                (
                    f"Median sampai selesai{words}",
                    ended,
                    round(median(lengths), 1) if lengths else None,
                    "hari",
                ),
                (
                    f"Ketepatan waktu SOP{words}",
                    [row.complaint_id for row in decided],
                    figures.share(len(kept), len(decided)),
                    "%",
                ),
            ]
        return [
            self._line(
                "summary", label, counted, amount=amount or 0.0, unit=unit, empty=amount is None
            )
            for label, counted, amount, unit in lines
        ]

    def _group_lines(self, found, end):
        """Tables over complaints received in the period; of offices over all that concern it."""
        new = [case for case in found if case.is_new]
        names = self._names_of(found, end)
        places = figures.spellings(found)
        tables = (
            ("channel", new, lambda case: names["channel"].get(case.channel_id, "-")),
            ("classification", new, lambda case: names["class"].get(case.classification, "-")),
            (
                "category",
                new,
                lambda case: names["category"].get(case.category_id, "Tanpa kategori"),
            ),
            ("unit", found, lambda case: names["unit"].get(case.unit_id, "Belum diteruskan")),
            (
                "place",
                new,
                lambda case: places.get(figures.plain_place(case.place), "Tanpa lokasi"),
            ),
        )
        lines = []
        for section, cases, key in tables:
            for label, group in figures.grouped(cases, key)[:200]:
                lines.append(self._line(section, label, group, unit="aduan", **self._spread(group)))
        for (category, place), group in figures.repeated(found)[:MOST_LISTED]:
            label = f"{names['category'].get(category, '-')} di {places[place]}"
            lines.append(self._line("repeated", label, group, unit="aduan"))
        return lines

    def _spread(self, group):
        """How many of a group are new, done, ended unhandled, open and late, and the share of done
        ones of those that were to be handled."""
        done = sum(case.status == "done" for case in group)
        ended = sum(case.status == "archived" for case in group)
        return {
            "new": sum(case.is_new for case in group),
            "done": done,
            "ended": ended,
            "open": len(group) - done - ended,
            "late": sum(case.late_days is not None for case in group),
            "unanswered": sum(
                case.closed_at is None and case.answered_at is None for case in group
            ),
            "share": figures.share(done, len(group) - ended),
        }

    def _names_of(self, found, end):
        """Names of what complaints point to, in Indonesian, as they were at the end of the
        period: {kind: {id: name}}.
        """
        env = self.with_context(lang="id_ID", active_test=False).env

        def names(model, ids):
            records = env[model].browse(filter(None, ids)).exists()
            former = env["lapor.figure.past"]._values_at(model, "name", records.ids, end)
            return {record.id: former.get(record.id, record.name) for record in records}

        words = env["lapor.complaint"]._fields["classification"]._description_selection(env)
        return {
            "channel": names("lapor.channel", {case.channel_id for case in found}),
            "category": names("lapor.category", {case.category_id for case in found}),
            "unit": names("lapor.unit", {case.unit_id for case in found}),
            "class": dict(words),
        }

    def _time_lines(self, found, results, end):
        """Deadlines of each step and rule: decided, and how many in time."""
        env = self.with_context(lang="id_ID").env
        unhandled = {case.id for case in found if case.status == "archived"}
        lines = []
        for kind, column, model in (
            ("step", "step_id", "lapor.sop.step"),
            ("rule", "rule_id", "lapor.time.rule"),
        ):
            groups = {}
            for row in results:
                if row.kind == kind and getattr(row, column):
                    groups.setdefault(getattr(row, column), []).append(row)
            former = env["lapor.figure.past"]._values_at(model, "name", groups, end)
            for key, rows in sorted(groups.items()):
                kept = sum(row.kept for row in rows)
                counted = [row for row in rows if row.complaint_id not in unhandled]
                lines.append(
                    {
                        **self._line(
                            kind,
                            former.get(key) or env[model].browse(key).display_name,
                            sorted({row.complaint_id for row in rows}),
                            amount=len(rows),
                            unit="batas waktu",
                            kept=kept,
                            late=len(rows) - kept,
                            share=figures.share(sum(row.kept for row in counted), len(counted)),
                            share_all=figures.share(kept, len(rows)),
                        ),
                        "clock_ids_json": [row.clock_id for row in rows],
                    }
                )
        return lines

    def _tables(self):
        """Lines by section, in the order of the report: list of (key, heading, lines)."""
        groups = self.line_ids.grouped("section")
        return [
            (key, heading, groups[key].sorted("sequence"))
            for key, heading in self._sections().items()
            if key in groups
        ]

    def _measures(self):
        """The lines of the summary that measure (speed, shares) and do not count complaints."""
        return self.line_ids.filtered(
            lambda line: line.section == "summary" and line.unit != "aduan"
        )

    def _listed(self, which):
        """Complaints of a figure, as lines of a list.

        :returns: (list of dicts, at most :data:`MOST_LISTED`; how many there are)
        """
        line = self.line_ids.filtered(
            lambda line: line.section == "summary" and line.label == which
        )[:1]
        listed = (line.extra or {}).get("listed") or []
        # A final report is read by all who may read reports: it tells of no misconduct case, and
        # of a confidential one only that there is one.
        ids = [item["id"] for item in listed]
        cases = self.env["lapor.complaint"].sudo().browse(ids).exists()
        told = {item["id"]: item["name"] for item in listed}
        # The words of an anonymous complaint are those that are left of it.
        told |= {case.id: case.name for case in cases if case.is_anonymous}
        told |= {case.id: "(rahasia)" for case in cases if case.is_secret}
        shown = {case.id for case in cases if not case.is_misconduct}
        return [
            {
                **item,
                "name": told[item["id"]],
                "received_at": fields.Datetime.to_datetime(item["received_at"]),
                "due_at": fields.Datetime.to_datetime(item["due_at"]),
            }
            for item in listed
            if item["id"] in shown
        ], len(line.complaint_ids_json or [])

    # ------------------------------------------------------------
    # SPREADSHEET
    # ------------------------------------------------------------

    def _write_xlsx(self, step=None):
        """The report as a spreadsheet: a sheet for each table, and the list of complaints.

        :param step: called now and then with the number of complaints written so far
        :rtype: bytes
        """
        self.ensure_one()
        with tempfile.NamedTemporaryFile(suffix=".xlsx") as target:
            book = Book(target.name, self.name)
            for key, heading, lines in self._tables():
                self._write_table(book, key, heading, lines)
            self._write_cases(book, step)
            self._write_more(book)
            book.close()
            return Path(target.name).read_bytes()

    def _write_table(self, book, key, heading, lines):
        note = f"{self.unit_id.name}, {self._period_words()}"
        spread = ("new", "done", "ended", "open", "late", "unanswered", "share")
        timed = ("kept", "late", "share", "share_all")
        words = {
            "new": "Masuk dalam periode",
            "done": "Selesai",
            "ended": "Tanpa ditangani",
            "open": "Terbuka",
            "late": "Terlambat",
            "unanswered": "Belum dijawab",
            "share": "% tanpa yang berakhir tanpa ditangani",
            "share_all": "% semua",
            "kept": "Tepat waktu",
        }
        more = timed if key in ("step", "rule") else spread if key in GROUPS else ()
        columns = [Column(heading, 48), Column("Jumlah", 10), Column("Satuan", 12)]
        columns += [Column(words[name], 12) for name in more]
        sheet = book.sheet(heading, f"{heading} – {self.name}", columns, note)
        for line in lines:
            extra = line.extra or {}
            amount = None if extra.get("empty") else _number(line.amount)
            sheet.add([line.label, amount, line.unit, *(extra.get(name) for name in more)])

    def _write_cases(self, book, step):
        start, end = self._bounds()
        found = figures.cases(self.env, self.unit_id, start, end)
        names = self._names_of(found, end)
        outcomes = dict(
            self.env["lapor.complaint"]
            ._fields["outcome"]
            ._description_selection(self.with_context(lang="id_ID").env)
        )
        columns = [
            Column("Nomor", 18, wrap=False),
            Column("Diterima", 16),
            Column("Hal", 44),
            Column("Kanal", 14),
            Column("Klasifikasi", 16),
            Column("Kategori", 26),
            Column("Lokasi", 26),
            Column("Perangkat daerah", 30),
            Column("Status", 24),
            Column("Ditutup", 16),
            Column("Hasil", 22),
            Column("Batas waktu", 16),
            Column("Terlambat (hari)", 10),
        ]
        sheet = book.sheet("Daftar", f"Daftar aduan – {self.name}", columns)
        for number, case in enumerate(found, 1):
            if step and number % PAGE == 0:
                step(number)
            sheet.add(
                [
                    case.number,
                    self._local(case.received_at),
                    case.name,
                    names["channel"].get(case.channel_id),
                    names["class"].get(case.classification),
                    names["category"].get(case.category_id),
                    case.place,
                    names["unit"].get(case.unit_id),
                    figures.STATUSES[case.status],
                    self._local(case.closed_at),
                    outcomes.get(case.outcome),
                    self._local(case.due_at),
                    round(float(case.late_days), 1) if case.late_days is not None else None,
                ]
            )

    def _local(self, moment):
        if not moment:
            return None
        zone = self.unit_id._get_tz()
        return fields.Datetime.context_timestamp(self.with_context(tz=zone), moment)


def _number(amount):
    return int(amount) if float(amount).is_integer() else amount


def _listing(cases, names):
    """The first of some cases as lines of a list, as plain values."""
    return [
        {
            "id": case.id,
            "number": case.number,
            "name": case.name,
            "received_at": fields.Datetime.to_string(case.received_at),
            "unit": names["unit"].get(case.unit_id, "-"),
            "due_at": fields.Datetime.to_string(case.due_at) or False,
        }
        for case in cases[:MOST_LISTED]
    ]
