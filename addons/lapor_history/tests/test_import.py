import base64
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .books import HEADINGS, csv_file, line, xlsx_file
from .common import HistoryCase

REGISTER = [line("1"), line("2", "4 Januari 2022"), line("3", "5/1/2022", Status="proses")]


@tagged("post_install", "-at_install")
class TestImport(HistoryCase):
    """An old register comes in as history: every row accounted for, nothing set in motion."""

    def test_preview_takes_nothing_in(self):
        record = self._import(csv_file(REGISTER))
        self.assertEqual(record.state, "checked")
        self.assertEqual(self._verdicts(record), ["new", "new", "refused"])
        self.assertFalse(self._cases())
        self.assertIn("proses", record.row_ids[2].reason)
        self.assertEqual((record.count_all, record.count_new, record.count_refused), (3, 2, 1))

    def test_new_rows_become_closed_cases(self):
        record = self._import(xlsx_file([["BUKU REGISTER 2022"], HEADINGS, *REGISTER]))
        record.action_import()
        self.assertEqual(record.state, "done")
        self.assertEqual(self._verdicts(record), ["imported", "imported", "refused"])
        case = self._cases(number="1")
        self.assertEqual(case.received_on, fields.Date.to_date("2022-01-03"))
        self.assertEqual(case.unit_id, self.opd)
        self.assertEqual(case.unit_name, "Dinas PUPR")
        self.assertEqual(case.complainant, "Siti Rahmah")
        self.assertEqual((case.outcome, case.row_number), ("handled", 3))
        self.assertEqual(case.file_digest, record.file_digest)
        self.assertEqual(case.user_id, self.operator)
        # What it holds is not kept any longer than needed.
        own = record.sudo()
        self.assertFalse(own.content)
        self.assertFalse(self._cells(record.row_ids[0]))
        self.assertTrue(self._cells(record.row_ids[2]))

    def _cells(self, row):
        self.env.flush_all()
        return self.env.execute_query(
            SQL("SELECT cells FROM lapor_history_import_row WHERE id = %s", row.id)
        )[0][0]

    def test_nothing_is_set_in_motion(self):
        def counts():
            self.env.flush_all()
            tables = ["mail_mail", "mail_message", "mail_activity", "lapor_complaint"]
            tables += ["lapor_event", "lapor_complaint_step", "mail_notification"]
            if "lapor.clock" in self.env:
                tables += ["lapor_clock", "lapor_escalation"]
            return [
                self.env.execute_query(SQL("SELECT COUNT(*) FROM %s", SQL.identifier(table)))
                for table in tables
            ]

        before = counts()
        self._import(csv_file(REGISTER)).action_import()
        jobs = self.env["ir.cron"].search([("model_id.model", "=like", "lapor.%")])
        jobs = jobs.filtered(
            lambda job: job.model_id.model in ("lapor.clock", "lapor.complaint", "lapor.promise")
        )
        with patch.object(type(jobs), "_commit_progress", lambda *_args, **_kwargs: 1000):
            for job in jobs:
                job.ir_actions_server_id.run()
        self.assertEqual(counts(), before)

    def test_same_file_twice_changes_nothing(self):
        self._import(csv_file(REGISTER)).action_import()
        cases = self._cases()
        again = self._import(csv_file(REGISTER), name="lagi.csv")
        self.assertTrue(again.same_file)
        self.assertEqual(self._verdicts(again), ["known", "known", "refused"])
        with self.assertRaises(UserError):
            again.action_import()
        self.assertEqual(self._cases(), cases)

    def test_corrected_file_brings_only_what_is_new(self):
        self._import(csv_file(REGISTER)).action_import()
        corrected = [*REGISTER[:2], line("3", "5/1/2022", Status="Selesai")]
        record = self._import(csv_file(corrected))
        self.assertEqual(self._verdicts(record), ["known", "known", "new"])
        record.action_import()
        self.assertEqual(self._cases().mapped("number"), ["3", "2", "1"])

    def test_refused_rows_are_handed_in_again_from_their_own_file(self):
        record = self._import(csv_file([*REGISTER, line("4", "6/1/2022", Isi_Aduan="")]))
        record.action_import()
        content = base64.b64decode(record.refused_file)
        self.assertIn(b"proses", content)
        again = self._import(content.replace(b";proses;", b";Selesai;"), name="perbaikan.csv")
        self.assertEqual(self._verdicts(again), ["new", "refused"])

    def test_cell_like_a_formula_stays_words(self):
        formula = '=HYPERLINK("http://x")'
        record = self._import(
            csv_file([line("1", Status="?", Isi_Aduan=formula), line("2", Keterangan="+62")])
        )
        content = base64.b64decode(record.refused_file).decode()
        self.assertIn("\"'=HYPERLINK", content)
        again = self._import(content.replace(";?;", ";Selesai;").encode())
        again.action_import()
        self.assertEqual(self._cases(number="1").description, formula)

    def test_other_words_under_a_known_number_and_day_are_refused(self):
        self._import(csv_file(REGISTER)).action_import()
        record = self._import(csv_file([line("1", Isi_Aduan="Lain sama sekali")]))
        self.assertEqual(self._verdicts(record), ["refused"])
        self.assertIn("register.csv", record.row_ids.reason)

    def test_row_twice_in_a_file_is_taken_in_once(self):
        record = self._import(csv_file([line("1"), line("1"), line("1", Isi_Aduan="Lain")]))
        self.assertEqual(self._verdicts(record), ["new", "known", "refused"])
        record.action_import()
        self.assertEqual(len(self._cases()), 1)

    def test_every_row_is_accounted_for(self):
        rows = [[str(n) for n in range(1, 13)], *REGISTER, line("9", "9/1/2022"), ["sampah"]]
        record = self._import(csv_file(rows))
        self.assertEqual(
            self._verdicts(record), ["blank", "new", "new", "refused", "new", "refused"]
        )
        self.assertEqual(record.count_all, len(rows))
        self.assertTrue(
            all(record.row_ids.filtered(lambda r: r.verdict == "refused").mapped("reason"))
        )

    def test_column_that_was_guessed_wrong_is_corrected(self):
        rows = [["7", "3/1/2022", "Jalan rusak", "Selesai"]]
        record = self._import(csv_file(rows, ["Kode", "Tgl", "Hal yang diadukan", "Status"]))
        self.assertEqual(self._verdicts(record), ["refused"])
        column = record.column_ids.filtered(lambda c: c.header == "Hal yang diadukan")
        record.write({"column_ids": [fields.Command.update(column.id, {"target": "description"})]})
        self.assertEqual(self._verdicts(record), ["new"])
        with self.assertRaises(UserError):
            record.write({"column_ids": [fields.Command.update(column.id, {"target": "outcome"})]})

    def test_empty_status_and_day_without_year_as_the_office_says(self):
        record = self._import(csv_file([line("1", "3 Januari", Status="", Tgl_Tindak_Lanjut="")]))
        self.assertEqual(self._verdicts(record), ["refused"])
        record.write({"default_outcome": "answered", "year": 2021})
        self.assertEqual(self._verdicts(record), ["new"])
        record.action_import()
        self.assertEqual(self._cases().outcome, "answered")

    def test_anonymous_complainant_is_nowhere(self):
        headings = [*HEADINGS, "Anonim"]
        row = [
            *line("1", Isi_Aduan="Saya Siti Rahmah, 081234567890", Keterangan="a.n. Siti Rahmah")
        ]
        record = self._import(csv_file([[*row, "Ya"]], headings))
        record.action_import()
        case = self._cases()
        self.assertTrue(case.is_anonymous)
        values = str(case.read()) + str(record.read()) + str(record.row_ids.read())
        for word in ("Siti", "Rahmah", "081234567890"):
            self.assertNotIn(word, values)
        self.assertFalse(self._cells(record.row_ids))

    def test_file_that_was_a_mistake_is_taken_back(self):
        record = self._import(csv_file(REGISTER))
        record.action_import()
        with self.assertRaises(UserError):
            record.action_withdraw()
        record.withdraw_reason = "Salah berkas"
        record.action_withdraw()
        own = self.env["lapor.history"].with_user(self.operator)
        self.assertFalse(own.search([("managing_unit_id", "=", self.manager.id)]))
        again = self._import(csv_file(REGISTER))
        self.assertEqual(self._verdicts(again), ["new", "new", "refused"])
        again.action_import()
        self.assertEqual(own.search_count([("managing_unit_id", "=", self.manager.id)]), 2)

    def test_what_stood_in_refused_rows_is_thrown_away(self):
        with freeze_time("2026-01-05"):
            record = self._import(csv_file(REGISTER))
            record.action_import()
            left = self._import(csv_file([line("9", "9/1/2022")]), name="tertinggal.csv")
            self.env.flush_all()
        self.env.cr.execute(
            "UPDATE lapor_history_import SET write_date = '2026-01-05' WHERE id = %s", [left.id]
        )
        self.env.invalidate_all()
        for day, kept in (("2026-02-01", True), ("2026-02-05", False)):
            with freeze_time(day):
                self.env["lapor.history.import"]._gc_cells()
            self.assertEqual(bool(self._cells(record.row_ids[2])), kept)
            self.assertEqual(bool(left.exists()), kept)
        self.assertEqual(len(self._cases()), 2)

    def test_file_that_cannot_be_read_says_why(self):
        for content in (b"%PDF-1.7", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
            with self.assertRaises(UserError):
                self._import(content)

    def test_old_cases_are_changed_by_nobody(self):
        self._import(csv_file(REGISTER)).action_import()
        case = self._cases()[0]
        for user in (self.operator, self.administrator, self.env.user):
            own = case.with_user(user)
            for attempt in (
                lambda own=own: own.write({"name": "x"}),
                own.unlink,
                own.copy,
                lambda own=own: own.create({"name": "x"}),
            ):
                with self.assertRaises(UserError):
                    attempt()

    def test_how_far_an_import_is_is_not_written(self):
        record = self._import(csv_file(REGISTER))
        for values in ({"state": "done"}, {"file_digest": "x"}, {"user_id": self.head.id}):
            with self.assertRaises(UserError):
                record.write(values)
        with self.assertRaises(UserError):
            record.column_ids[0].write({"header": "x"})
        record.action_import()
        for values in ({"year": 2020}, {"upload": base64.b64encode(b"a;b")}, {"sheet": 2}):
            with self.assertRaises(UserError):
                record.write(values)
        with self.assertRaises(UserError):
            record.unlink()

    def test_evidence_shows_what_was_changed_behind_the_program(self):
        self._import(csv_file(REGISTER)).action_import()
        broken = self.env["lapor.history"]._broken_evidence
        self.assertFalse(list(broken()))
        case = self._cases(number="1")
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE lapor_history DISABLE TRIGGER USER")
        self.env.cr.execute("UPDATE lapor_history SET answer = 'Lain' WHERE id = %s", [case.id])
        self.env.invalidate_all()
        self.assertEqual([found["res_id"] for found in broken()], case.ids)
