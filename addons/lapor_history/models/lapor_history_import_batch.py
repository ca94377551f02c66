import base64

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.lapor_base.tools.personal_data import KINDS, mask_personal

from ..tools.register import (
    content_key,
    guess_columns,
    guess_heading_row,
    is_numbering,
    judge,
    plain,
    row_key,
)
from ..tools.sheet import SheetFault, read_table

#: Rows that are judged, and rows that are taken in, in one transaction of the job.
PAGE = 1000
BATCH = 500


class LaporHistoryImport(models.Model):
    """From cells to verdicts, and from verdicts to old cases; all as the system, after
    ``_check_may``."""

    _inherit = "lapor.history.import"

    def _drop_rows(self):
        self.row_ids.unlink()
        self.column_ids.unlink()

    def _read_rows(self):
        """Read the file anew: columns and rows with their verdicts."""
        self.ensure_one()
        content = base64.b64decode(self.with_context(bin_size=False).content or b"")
        try:
            table = read_table(content, self.sheet)
        except SheetFault as fault:
            raise UserError(self._fault_sentence(fault.code)) from fault
        rows = table.rows
        if self.heading_row:
            index = next((i for i, row in enumerate(rows) if row[0] == self.heading_row), None)
            if index is None:
                raise UserError(
                    self.env._(
                        "Row %s, which should hold the headings, is empty.", self.heading_row
                    )
                )
        else:
            index = guess_heading_row(rows)
        number, headings = rows[index]
        self._drop_rows()
        guessed = guess_columns(headings)
        width = max(len(cells) for _number, cells in rows[index:])
        self.env["lapor.history.import.column"].create(
            [
                {
                    "import_id": self.id,
                    "position": position + 1,
                    "header": headings[position][:250] if position < len(headings) else False,
                    "target": guessed.get(position, False),
                }
                for position in range(width)
            ]
        )
        names = [f"{place}. {name}" for place, name in enumerate(table.sheets, 1)]
        self._store(
            {
                "heading_row": number,
                "sheet_names": "\n".join(names)[:10_000],
                "state": "checked",
                "stopped": False,
            }
        )
        below = rows[index + 1 :]
        for start in range(0, len(below), PAGE):
            self.env["lapor.history.import.row"].create(
                [
                    {"import_id": self.id, "number": number, "cells": cells}
                    for number, cells in below[start : start + PAGE]
                ]
            )
        self._judge_all()

    def _judge_all(self):
        """Give every row its verdict, a page at a time."""
        self.ensure_one()
        self._check_columns()
        Row = self.env["lapor.history.import.row"]
        lists, first_of, after = self._lists(), {}, 0
        while rows := Row.search(
            [("import_id", "=", self.id), ("number", ">", after)], order="number", limit=PAGE
        ):
            after = rows[-1].number
            for row, vals, _case in self._judge_rows(rows, lists, first_of):
                row.write(vals)
            self.env.flush_all()
            rows.invalidate_recordset()

    def _check_columns(self):
        """:raises UserError: when two columns mean the same"""
        targets = [column.target for column in self.column_ids if column.target]
        double = next((target for target in targets if targets.count(target) > 1), None)
        if double:
            labels = dict(self.column_ids._fields["target"]._description_selection(self.env))
            raise UserError(
                self.env._("Two columns mean “%s”. Choose one of them.", labels[double])
            )

    def _judge_rows(self, rows, lists, first_of):
        """What each row would become.

        :param lists: as of :meth:`_lists`
        :param dict first_of: {row key: number of the first row of this file that has it}
        :returns: list of (row, values of the row, values of the old case or None)
        """
        columns = {c.position - 1: c.target for c in self.column_ids if c.target}
        today = self.managing_unit_id._local_now().date()
        judged = []
        for row in rows:
            cells = row.cells or []
            if is_numbering(cells):
                judged.append((row, None))
                continue
            judged.append(
                (
                    row,
                    judge(
                        cells,
                        columns,
                        today,
                        year=self.year or None,
                        outcome=self.default_outcome or None,
                        mask=_mask,
                    ),
                )
            )
        keys = {row: row_key(said.values) for row, said in judged if said and not said.refused}
        known = self._known(keys.values())
        found = []
        for row, said in judged:
            if said is None:
                found.append((row, {"verdict": "blank", "reason": False, "name": False}, None))
                continue
            values, key = said.values, keys.get(row)
            case = None
            if said.refused:
                verdict, sentences = "refused", self._sentences(said.refused)
            elif key in known:
                verdict, sentences = self._of_known(known[key], content_key(values))
            elif key in first_of:
                verdict = "known" if first_of[key][1] == content_key(values) else "refused"
                sentences = [
                    self.env._(
                        "The same complaint stands in row %s of this file.", first_of[key][0]
                    )
                    if verdict == "known"
                    else self.env._(
                        "Row %s of this file has the same number and day, but says something "
                        "else. Give one of them another number.",
                        first_of[key][0],
                    )
                ]
            else:
                first_of[key] = (row.number, content_key(values))
                case, unknown = self._case_values(row, values, lists)
                verdict, sentences = "new", self._sentences([*said.noted, *unknown])
            vals = {
                "verdict": verdict,
                "reason": " ".join(sentences)[:500] or False,
                "register_number": values["number"] or False,
                "received_on": values["received_on"],
                "name": values["name"] or False,
                "unit_name": values["unit"] or False,
                "outcome": values["outcome"] or False,
                "is_restricted": values["is_misconduct"] or values["is_secret"] or not _sure(said),
            }
            found.append((row, vals, case))
        return found

    def _of_known(self, known, content):
        file_name, day, same = known[0], known[1], known[2] == content
        if same:
            return "known", [
                self.env._("Taken in on %(day)s with “%(file)s”.", day=day, file=file_name)
            ]
        return "refused", [
            self.env._(
                "A complaint with this number and day was taken in on %(day)s with “%(file)s”, and "
                "says something else. It stays as it is; to correct it, take that file back.",
                day=day,
                file=file_name,
            )
        ]

    def _known(self, keys):
        """Rows of this office's register that are there already.

        :returns: {row key: (name of the file, day, content key)}
        """
        self.env["lapor.history"].flush_model()
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT h.row_key, i.file_name, h.at::date, h.content_key
                     FROM lapor_history h JOIN lapor_history_import i ON i.id = h.import_id
                    WHERE h.managing_unit_id = %s AND i.state != 'withdrawn'
                      AND h.row_key = ANY(%s)""",
                self.managing_unit_id.id,
                list(keys),
            )
        )
        return {row[0]: (row[1] or "–", row[2].strftime("%d/%m/%Y"), row[3]) for row in rows}

    def _lists(self):
        """Names of offices, categories and channels as they are compared: {kind: {words: id}}."""
        env = self.with_context(lang="id_ID", active_test=False).env
        own = [("company_id", "in", [False, self.company_id.id])]

        def names(records, *more):
            found = {}
            for record in records:
                for name in ("name", *more):
                    found.setdefault(plain(record[name] or ""), record.id)
            found.pop("", None)
            return found

        units = env["lapor.unit"].search([("company_id", "=", self.company_id.id)], order="id")
        offices = units.filtered(lambda unit: unit.office_id == unit)
        return {
            "unit": names(offices | units, "code"),
            "category": names(env["lapor.category"].search(own, order="company_id, id")),
            "channel": names(env["lapor.channel"].search(own, order="company_id, id")),
        }

    def _case_values(self, row, values, lists):
        """Values of the old case that a row becomes, and what of it is not known here."""
        unknown, ids = [], {}
        for kind in ("unit", "category", "channel"):
            words = values[kind]
            ids[f"{kind}_id"] = lists[kind].get(plain(words)) or False
            if words and not ids[f"{kind}_id"]:
                unknown.append((f"unknown_{kind}", words))
        taken = {
            name: values[name] or False
            for name in (
                *("number", "name", "description", "place", "classification", "complainant"),
                *("outcome", "outcome_words", "answer", "remark"),
                *("received_on", "answered_on", "closed_on"),
                *("is_anonymous", "is_misconduct", "is_secret"),
            )
        }
        return {
            **taken,
            **ids,
            **{f"{kind}_name": values[kind] or False for kind in ("unit", "category", "channel")},
            "managing_unit_id": self.managing_unit_id.id,
            "import_id": self.id,
            "row_number": row.number,
            "file_digest": self.file_digest,
            "row_key": row_key(values),
            "content_key": content_key(values),
            "user_id": self.user_id.id,
        }, unknown

    def _sentences(self, found):
        """Why a row is refused, or what of it is kept as words only."""
        say = {
            "no_text": lambda _w: self.env._("It has no text and no title."),
            "long": lambda w: self.env._("“%s” is longer than 10,000 characters.", self._label(w)),
            "no_received": lambda _w: self.env._("The date of receipt is missing."),
            "no_day": lambda w: self.env._(
                "“%s” is no date. Write it like 31/12/2024 or 31 Desember 2024.", w
            ),
            "future": lambda w: self.env._("The date “%s” is still to come.", w),
            "too_old": lambda w: self.env._("The date “%s” is before 1990.", w),
            "before": lambda w: self.env._("The date “%s” is before the date of receipt.", w),
            "no_flag": lambda w: self.env._("“%s” is neither yes (ya) nor no (tidak).", w),
            "no_outcome": lambda _w: self.env._(
                "The status is empty. Fill it in, or choose what an empty status means."
            ),
            "unknown_outcome": lambda w: self.env._(
                "The status “%s” is not known. Write for example Selesai, Dijawab, Dicabut, "
                "Diarsipkan, Bukan Wewenang or Duplikat.",
                w,
            ),
            "open": lambda w: self.env._(
                "By its status “%s” the complaint is not finished. Register it as a complaint of "
                "today.",
                w,
            ),
            "class": lambda w: self.env._("The class “%s” is not known; it counts as Aduan.", w),
            "unknown_unit": lambda w: self.env._("The office “%s” is kept as words only.", w),
            "unknown_category": lambda w: self.env._("The category “%s” is kept as words only.", w),
            "unknown_channel": lambda w: self.env._("The channel “%s” is kept as words only.", w),
        }
        return [say[code](words) for code, words in found]

    def _label(self, name):
        return self.env["lapor.history"]._fields[name]._description_string(self.env)

    # ------------------------------------------------------------
    # TAKING IN
    # ------------------------------------------------------------

    def _import_batch(self, limit=BATCH):
        """Take in the next rows that are new.

        Each is judged once more: what another import has taken in since is there already. When two
        do so at once, the chain refuses the second, which begins anew (``lapor.history._append``).

        :returns: how many rows are left
        """
        self.ensure_one()
        Row = self.env["lapor.history.import.row"]
        waiting = [("import_id", "=", self.id), ("verdict", "=", "new")]
        rows = Row.search(waiting, order="number", limit=limit)
        taken = []
        for row, vals, case in self._judge_rows(rows, self._lists(), {}):
            if case:
                taken.append((row, case))
            else:
                row.write(vals)
        if taken:
            cases = self.env["lapor.history"]._append(
                self.company_id, [case for _row, case in taken]
            )
            for (row, _vals), case in zip(taken, cases, strict=True):
                row.write({"verdict": "imported", "history_id": case.id, "cells": False})
        self.env.flush_all()
        left = Row.search_count(waiting)
        if not left:
            self.row_ids.filtered(lambda row: row.verdict in ("known", "blank")).cells = False
            self._store({"state": "done", "done_at": fields.Datetime.now(), "content": False})
        return left

    @api.model
    def _cron_import(self):
        """Go on with what is being taken in, some hundred rows in one transaction."""
        cron = self.env["ir.cron"]
        for record in self.search([("state", "=", "importing")], order="id"):
            own = record.with_context(lang=record.user_id.lang)
            left = 1
            while left:
                try:
                    # Whoever began it must still be the one who may.
                    own.with_user(record.user_id)._check_may("importing")
                except UserError as error:
                    own._store({"state": "checked", "stopped": str(error)[:500]})
                    cron._commit_progress(1)
                    break
                left = own._import_batch()
                if not cron._commit_progress(1, remaining=left):
                    return
                self.env.invalidate_all()


def _mask(text, name):
    """What an anonymous complainant's row says, without whatever could tell who that is."""
    return mask_personal(text or "", [name] if name else [], KINDS)


def _sure(said):
    """Whether it is known that nothing of a row has to be hidden."""
    return all(code != "no_flag" for code, _words in said.refused)
