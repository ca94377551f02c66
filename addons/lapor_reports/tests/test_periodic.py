import base64
import io
import random
from datetime import date

import openpyxl
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from . import pdfa
from .common import PaperCase


@tagged("post_install", "-at_install")
class TestPeriodic(PaperCase):
    """Figures of a day, month, quarter and year."""

    def _report(self, first, last, kind="custom", user=None):
        report = (
            self.env["lapor.periodic"]
            .with_user(user or self.head)
            .create({"kind": kind, "unit_id": self.manager.id, "date_from": first, "date_to": last})
        )
        report.action_compute()
        return report

    def _amounts(self, report, section="summary"):
        lines = report.line_ids.filtered(lambda line: line.section == section)
        return {line.label: line.amount for line in lines}

    def _book(self, report):
        return openpyxl.load_workbook(io.BytesIO(report._xlsx_bytes()))

    @freeze_time("2026-03-02 03:00:00")
    def test_empty_period(self):
        report = self._report("2026-01-01", "2026-01-31", "monthly")
        self.assertEqual(self._amounts(report)["Aduan masuk"], 0)
        text = self._printed("periodic", report, self.head)
        self.assertIn("LAPORAN IDENTIFIKASI PERMASALAHAN BULANAN", text)
        self.assertIn("JANUARI 2026", text.upper())
        self.assertEqual(self._book(report)["Daftar"].max_row, 4)

    def test_past_month_stays_as_it_was(self):
        with freeze_time("2026-01-05 03:00:00"):
            complaint = self._make_complaint(received_at="2026-01-05 02:00:00")
            self._walk_to(complaint, "3")
        with freeze_time("2026-01-20 03:00:00"):
            held = self._make_complaint(received_at="2026-01-20 02:00:00")
            items = self.env["lapor.missing.item"].search([], limit=1)
            held.with_user(self.operator).action_hold(items.ids, delivery_note="Ditelepon")
        with freeze_time("2026-02-03 03:00:00"):
            self._walk_to(complaint, "0")
        with freeze_time("2026-03-02 03:00:00"):
            january = self._report("2026-01-01", "2026-01-31", "monthly")
            february = self._report("2026-02-01", "2026-02-28", "monthly")
            self.assertEqual(
                self._amounts(january, "status"),
                {
                    "Belum terdisposisi": 0,
                    "Terdisposisi, belum ditindaklanjuti": 1,
                    "Sedang diproses": 0,
                    "Tertunda (menunggu pelapor)": 1,
                    "Selesai": 0,
                    "Berakhir tanpa ditangani": 0,
                },
            )
            self.assertEqual(self._amounts(january)["Aduan masuk"], 2)
            self.assertEqual(self._amounts(january)["Aduan selesai"], 0)
            self.assertEqual(self._amounts(february)["Aduan masuk"], 0)
            self.assertEqual(self._amounts(february)["Aduan selesai"], 1)
            self.assertEqual(self._amounts(january)["Melewati batas waktu"], 1)
            draft = self._printed("periodic", january, self.head)
            self.assertIn("SEMENTARA", draft)
            self.assertIn("Angka sementara, dihitung 2 Maret 2026", draft)
            january.action_finalize()
            pdf, xlsx = self._print("periodic", january, self.head), january._xlsx_bytes()
            self.assertEqual(pdfa.faults(pdf), [])
            self.assertNotIn("sementara", self._text(pdf).lower())
            self.category.name = "Nama Baru"
            self.opd.name = "Dinas Baru"
            january.invalidate_recordset()
            self.assertEqual(self._print("periodic", january, self.head), pdf)
            self.assertEqual(january._xlsx_bytes(), xlsx)
            self.assertIn("Dinas PUPR", self._text(pdf))
            with self.assertRaises(UserError):
                january.action_compute()
            with self.assertRaises(UserError):
                january.unlink()
            with self.assertRaises(UserError):
                january.problems = "x"

    def _cells(self, report):
        return [
            [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
            for sheet in self._book(report)
        ]

    def test_past_month_knows_nothing_of_later_changes(self):
        """Computed anew after names, facts and holidays changed: the same, cell for cell."""
        with freeze_time("2026-01-05 03:00:00"):
            complaint = self._make_complaint(received_at="2026-01-05 02:00:00", place="Pasar RT 02")
            self._make_complaint(received_at="2026-01-05 02:30:00", place="pasar rt 02")
            self._walk_to(complaint, "3")
        with freeze_time("2026-01-30 03:00:00"):
            self._make_complaint(received_at="2026-01-30 02:00:00", place="Terminal")
        with freeze_time("2026-03-02 03:00:00"):
            before = self._report("2026-01-01", "2026-01-31", "monthly")
            cells, figures = self._cells(before), self._figures(before)
            self.assertIn("Pasar RT 02", self._amounts(before, "place"))
            other = self.env["lapor.category"].create({"name": "Lain"})
            complaint.sudo().write(
                {"place": "Tempat lain", "name": "Judul lain", "category_id": other.id}
            )
            complaint.sudo().channel_id = self.env["lapor.channel"].search(
                [("id", "!=", complaint.channel_id.id)], limit=1
            )
            for record in (
                self.category,
                self.opd,
                *self.env["lapor.channel"].search([]),
                *self.env["lapor.time.rule"].search([]),
            ):
                record.with_context(lang="id_ID").name = f"Nama baru {record.id}"
            self.env["lapor.holiday"].create({"name": "Libur susulan", "date": "2026-02-02"})
            after = self._report("2026-01-01", "2026-01-31", "monthly")
            self.assertEqual(self._figures(after), figures)
            self.assertEqual(self._cells(after), cells)
            self.assertNotIn("Nama baru", str(cells))
        with freeze_time("2026-04-02 03:00:00"):
            march = self._report("2026-03-01", "2026-03-31", "monthly")
            self.assertIn("Nama baru", str(self._cells(march)))

    def _figures(self, report):
        return [
            (line.section, line.label, line.value, line.extra) for line in report.line_ids.sorted()
        ]

    def test_former_words_of_a_hidden_case_are_not_kept(self):
        complaint = self._make_complaint(name="Pak Lurah memungut", place="Rumah Bu Ani")
        complaint.with_user(self.operator).name = "Pungutan"
        Past = self.env["lapor.figure.past"]
        kept = [("model", "=", "lapor.complaint"), ("res_id", "=", complaint.id)]
        self.assertEqual(Past.search(kept).mapped("value"), ["Pak Lurah memungut"])
        complaint.with_user(self.operator).is_anonymous = True
        complaint.with_user(self.operator).place = "Kantor desa"
        self.assertFalse(Past.search(kept))
        with self.assertRaises(AccessError):
            Past.with_user(self.administrator).search([])

    @freeze_time("2026-02-10 03:00:00")
    def test_period_that_is_not_over_cannot_be_final(self):
        report = self._report("2026-02-01", "2026-02-28", "monthly")
        with self.assertRaisesRegex(UserError, "28 Februari 2026"):
            report.action_finalize()

    def test_day_is_the_offices_day(self):
        """18:30 UTC is already the next day in Jakarta."""
        with freeze_time("2026-01-05 18:30:00"):
            self._make_complaint(received_at="2026-01-05 18:30:00")
        with freeze_time("2026-02-01 03:00:00"):
            self.assertEqual(
                self._amounts(self._report("2026-01-05", "2026-01-05", "daily"))["Aduan masuk"], 0
            )
            self.assertEqual(
                self._amounts(self._report("2026-01-06", "2026-01-06", "daily"))["Aduan masuk"], 1
            )

    def test_figures_are_those_of_a_count_by_hand(self):
        """Random cases on random days, recounted in SQL of another make."""
        source = random.Random(7)
        channels = self.env["lapor.channel"].search([], limit=3)
        for number in range(14):
            day = source.randrange(1, 28)
            with freeze_time(f"2026-01-{day:02} 0{source.randrange(1, 8)}:00:00") as clock:
                complaint = self._make_complaint(
                    received_at=str(clock()),
                    name=f"Aduan {number}",
                    channel_id=source.choice(channels).id,
                    place=source.choice(["Pasar", "pasar ", "Terminal"]),
                )
                stop = source.choice("1345")
                self._walk_to(complaint, stop)
            if stop == "5":
                with freeze_time(f"2026-0{source.choice('12')}-28 05:00:00"):
                    self._walk_to(complaint, "0")
        with freeze_time("2026-03-02 03:00:00"):
            report = self._report("2026-01-01", "2026-01-31", "monthly")
        self.env.flush_all()
        bounds = ("2025-12-31 17:00:00", "2026-01-31 17:00:00")
        count = """SELECT count(*) FROM lapor_complaint c
                   WHERE managing_unit_id = %s AND received_at >= %s AND received_at < %s"""
        closed = """SELECT count(DISTINCT complaint_id) FROM lapor_event e
                    JOIN lapor_complaint c ON c.id = e.complaint_id
                    WHERE managing_unit_id = %s AND code = 'closed' AND at >= %s AND at < %s"""
        disposed = """SELECT count(DISTINCT complaint_id) FROM lapor_event e
                      JOIN lapor_complaint c ON c.id = e.complaint_id
                      WHERE managing_unit_id = %s AND code = 'disposition'
                        AND at >= %s AND at < %s"""
        figures = {}
        for name, query in (("new", count), ("closed", closed), ("disposed", disposed)):
            self.env.cr.execute(query, (self.manager.id, *bounds))
            figures[name] = self.env.cr.fetchone()[0]
        amounts, status = self._amounts(report), self._amounts(report, "status")
        self.assertEqual(figures["new"], 14)
        self.assertEqual(amounts["Aduan masuk"], figures["new"])
        self.assertEqual(amounts["Aduan selesai"], figures["closed"])
        self.assertEqual(status["Selesai"], figures["closed"])
        self.assertEqual(status["Belum terdisposisi"], figures["new"] - figures["disposed"])
        self.assertEqual(sum(status.values()), figures["new"])
        for section in ("channel", "classification", "category", "unit", "place"):
            self.assertEqual(sum(self._amounts(report, section).values()), figures["new"], section)
        for line in report.line_ids.filtered(lambda line: line.unit == "aduan"):
            self.assertEqual(len(line.complaint_ids_json or []), line.amount)
            action = line.action_open_complaints()
            found = self.env["lapor.complaint"].with_user(self.head).search(action["domain"])
            self.assertEqual(len(found), line.amount)
        for line in report.line_ids:
            ids = line.complaint_ids_json or []
            action = line.action_open_complaints()
            found = self.env[action["res_model"]].with_user(self.head).search(action["domain"])
            if line.unit == "batas waktu":
                # Deadlines are counted, and listed.
                self.assertEqual(len(found), line.amount, line.label)
                found = found.complaint_id
            self.assertEqual(set(found.ids), set(ids), line.label)
            self.assertTrue(ids or not line.amount, line.label)
        for section, name in (
            ("channel", "ch.name"),
            ("category", "ca.name"),
            ("place", "lower(trim(c.place))"),
        ):
            self.env.cr.execute(
                f"""SELECT {name}, count(*) FROM lapor_complaint c
                      JOIN lapor_channel ch ON ch.id = c.channel_id
                      JOIN lapor_category ca ON ca.id = c.category_id
                     WHERE managing_unit_id = %s AND received_at >= %s AND received_at < %s
                     GROUP BY 1""",
                (self.manager.id, *bounds),
            )
            amounts_of = self._amounts(report, section)
            if section == "place":
                amounts_of = {place.lower(): count for place, count in amounts_of.items()}
            self.assertEqual(dict(self.env.cr.fetchall()), amounts_of)
        self.env.cr.execute(
            """SELECT round(avg(extract(epoch FROM last.at - c.received_at)) / 86400, 1)
                 FROM lapor_complaint c
                 JOIN (SELECT complaint_id, max(at) AS at FROM lapor_event
                        WHERE code = 'closed' AND at >= %s AND at < %s GROUP BY 1) last
                   ON last.complaint_id = c.id
                WHERE managing_unit_id = %s""",
            (*bounds, self.manager.id),
        )
        self.assertAlmostEqual(
            float(self.env.cr.fetchone()[0]),
            amounts["Laju tindak lanjut (rata-rata sampai selesai)"],
            places=1,
        )
        self.assertEqual(self._book(report)["Daftar"].max_row, 4 + figures["new"])

    def test_misconduct_cases_are_in_no_figure(self):
        complaint = self._make_complaint(name="Pungli rahasia")
        complaint.with_user(self.operator).is_misconduct = True
        today = self.manager._local_now().date()
        for user in (self.operator, self.overseer, self.administrator):
            report = self._report(today, today, "daily", user)
            self.assertEqual(self._amounts(report)["Aduan masuk"], 0)
            self.assertNotIn("Pungli", self._printed("periodic", report, user))
            cells = [cell.value for sheet in self._book(report) for row in sheet for cell in row]
            self.assertNotIn("Pungli rahasia", cells)

    def test_confidential_cases_are_counted_without_what_they_say(self):
        complaint = self._make_complaint(name="Isi rahasia", place="Rumah Pak Lurah")
        complaint.with_user(self.operator).is_secret = True
        today = self.manager._local_now().date()
        report = self._report(today, today, "daily", self.overseer)
        self.assertEqual(self._amounts(report)["Aduan masuk"], 1)
        text = self._printed("periodic", report, self.overseer)
        cells = str([cell.value for sheet in self._book(report) for row in sheet for cell in row])
        for words in ("Isi rahasia", "Lurah"):
            self.assertNotIn(words, text)
            self.assertNotIn(words, cells)
        self.assertIn("(rahasia)", cells)

    def test_identity_is_in_no_report(self):
        self._make_complaint()
        today = self.manager._local_now().date()
        report = self._report(today, today, "daily")
        text = self._printed("periodic", report, self.head)
        cells = " ".join(
            str(cell.value) for sheet in self._book(report) for row in sheet for cell in row
        )
        for words in ("Budi", "081234567890"):
            self.assertNotIn(words, text)
            self.assertNotIn(words, cells)

    def test_who_may_read_and_make_reports(self):
        today = self.manager._local_now().date()
        report = self._report(today, today, "daily")
        for user in (self.engineer, self.outsider, self.inspector):
            with self.assertRaises(AccessError):
                report.with_user(user).read(["name"])
            with self.assertRaises(AccessError):
                report.with_user(user)._xlsx_bytes()
            with self.assertRaises(AccessError):
                self._report(today, today, "daily", user)
        with self.assertRaises(UserError):
            report.write({"pdf": base64.b64encode(b"x")})
        with self.assertRaises(UserError):
            self.env["lapor.periodic"].with_user(self.head).create(
                {"unit_id": self.manager.id, "state": "final"}
            )

    @freeze_time("2026-03-02 03:00:00")
    def test_spreadsheet_runs_nothing_and_is_typed(self):
        nasty = ("=1+1", "+A1", "-2+3", "@SUM(A1)", "{=1}", "http://x.example", "=HYPERLINK(1)")
        for text in nasty:
            self._make_complaint(name=text, place=text, received_at="2026-03-01 03:00:00")
        book = self._book(self._report("2026-03-01", "2026-03-01", "daily"))
        sheet = book["Daftar"]
        rows = list(sheet.iter_rows(min_row=5))
        self.assertEqual({row[2].value for row in rows}, set(nasty))
        for found in book:
            for row in found:
                for cell in row:
                    self.assertNotEqual(cell.data_type, "f", cell.coordinate)
                    self.assertIsNone(cell.hyperlink)
        self.assertTrue(all(row[1].is_date for row in rows))
        self.assertTrue(all(row[index].alignment.wrap_text for row in rows for index in (2, 6)))
        for page in book:
            self.assertEqual((page.freeze_panes, page.print_title_rows), ("A5", "$4:$4"))
            self.assertEqual(page.page_setup.orientation, "landscape")
            self.assertTrue(page.sheet_properties.pageSetUpPr.fitToPage)
        self.assertEqual(sheet.freeze_panes, "A5")
        self.assertEqual(sheet.page_setup.orientation, "landscape")
        self.assertEqual(sheet.page_setup.paperSize, 9)
        self.assertEqual(book["Ringkasan"]["B5"].value, len(nasty))

    def test_default_periods(self):
        range_of = self.env["lapor.periodic"].with_user(self.head)._default_range
        today = date(2026, 5, 4)
        self.assertEqual(range_of("monthly", today), (date(2026, 4, 1), date(2026, 4, 30)))
        self.assertEqual(range_of("quarterly", today), (date(2026, 1, 1), date(2026, 3, 31)))
        self.assertEqual(range_of("yearly", today), (date(2025, 1, 1), date(2025, 12, 31)))
        self.assertEqual(
            range_of("quarterly", date(2026, 1, 4)), (date(2025, 10, 1), date(2025, 12, 31))
        )

    @freeze_time("2026-04-02 03:00:00")
    def test_chapters_of_the_quarterly_report(self):
        report = self._report("2026-01-01", "2026-03-31", "quarterly")
        report.problems = "Anggaran belum tersedia"
        text = self._printed("periodic", report, self.head)
        places = [
            text.index(words)
            for words in (
                "BAB I. PENDAHULUAN",
                "BAB II. KELEMBAGAAN",
                "BAB III. DATA",
                "BAB IV. KINERJA",
                "BAB V. KENDALA",
                "Anggaran belum",
                "BAB VI. REKOMENDASI",
            )
        ]
        self.assertEqual(places, sorted(places))
        self.assertIn("TRIWULAN I 2026", text.upper())

    # By itself

    @freeze_time("2026-03-02 03:00:00")
    def test_schedule_makes_and_mails_once(self):
        overseer = self.env["lapor.position"].search([("holder_id", "=", self.overseer.id)])
        schedule = self.env["lapor.periodic.schedule"].create(
            {
                "unit_id": self.manager.id,
                "kind": "monthly",
                "position_ids": (overseer | self.head_position).ids,
            }
        )
        mails = self.env["mail.mail"].search([])
        report = schedule._send_due()
        self.assertEqual((report.date_from, report.state), (date(2026, 2, 1), "final"))
        sent = self.env["mail.mail"].search([]) - mails
        self.assertEqual(
            set(sent.mapped("email_to")),
            {self.overseer.email_formatted, self.head.email_formatted},
        )
        names = sent[:1].attachment_ids.mapped("name")
        self.assertEqual({name.rsplit(".")[-1] for name in names}, {"pdf", "xlsx"})
        self.assertFalse(schedule._send_due())
        self.assertEqual(self.env["mail.mail"].search([]) - mails, sent)

    def test_schedule_is_for_those_who_may_read_it(self):
        with self.assertRaises(ValidationError):
            self.env["lapor.periodic.schedule"].create(
                {
                    "unit_id": self.manager.id,
                    "kind": "daily",
                    "position_ids": self.engineer_position.ids,
                }
            )
