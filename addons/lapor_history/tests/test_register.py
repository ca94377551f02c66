from datetime import date

from odoo.tests import BaseCase, tagged

from ..tools import register
from ..tools.register import (
    guess_columns,
    guess_heading_row,
    judge,
    read_day,
    read_outcome,
    row_key,
)
from .books import HEADINGS, line

TODAY = date(2026, 1, 1)
COLUMNS = guess_columns(HEADINGS)


@tagged("post_install", "-at_install")
class TestRegister(BaseCase):
    """What headings, dates and statuses of old registers mean."""

    def _judge(self, cells, **options):
        return judge(cells, COLUMNS, TODAY, **options)

    def _codes(self, **cells):
        return [code for code, _words in self._judge(line(**cells)).refused]

    def test_headings_as_offices_write_them(self):
        for headings, fields in (
            (
                HEADINGS,
                "number received_on complainant description place category channel unit outcome "
                "answered_on answer remark",
            ),
            (
                ["NO.", "TANGGAL", "PELAPOR", "ISI ADUAN", "OPD", "TINDAK LANJUT", "STATUS"],
                "number received_on complainant description unit answer outcome",
            ),
            (
                ["No", "Nomor Agenda", "Tgl Terima", "Perihal", "Uraian Pengaduan", "Ket."],
                "- number received_on name description remark",
            ),
            (
                ["Tracking ID", "Tanggal Laporan Masuk", "Judul Laporan", "Isi Laporan"],
                "number - name description",
            ),
            (["NIK", "No. HP", "Alamat", "Tanggal Selesai"], "- - - closed_on"),
        ):
            found = guess_columns(headings)
            self.assertEqual(
                " ".join(found.get(column, "-") for column in range(len(headings))), fields
            )

    def test_headings_stand_below_titles(self):
        rows = [(1, ["BUKU REGISTER PENGADUAN"]), (2, ["TAHUN 2022"]), (4, HEADINGS), (5, line())]
        self.assertEqual(guess_heading_row(rows), 2)

    def test_days(self):
        for text in (
            *("03/01/2022", "3-1-2022", "3.1.22", "3 Januari 2022", "Senin, 3 Januari 2022"),
            *("3 Jan 22", "03-Jan-2022", "2022-01-03", "2022-01-03 10:15:00", "44564", "44564.5"),
            *("3/1/2022 10.15", "SENIN / 3 JANUARI 2022", "03 JAN 2022 pukul 10.00"),
        ):
            self.assertEqual(read_day(text), "2022-01-03", text)
        self.assertEqual(read_day("12 Agt 2021"), "2021-08-12")
        self.assertEqual(read_day("12 Nopember 2021"), "2021-11-12")
        self.assertEqual(read_day("Jum'at, 5 Peb 2021"), "2021-02-05")
        self.assertEqual(read_day("12 Maret", 2020), "2020-03-12")
        self.assertEqual(read_day("12/3", 2020), "2020-03-12")
        for text in ("", "2022", "31/02/2022", "12 Maret", "13/13/2022", "besok", "1/2/3/4", "7"):
            self.assertIsNone(read_day(text), text)

    def test_statuses(self):
        for text, code in (
            ("Selesai", "handled"),
            ("SUDAH DITINDAKLANJUTI", "handled"),
            ("Tuntas", "handled"),
            ("Sudah dijawab", "answered"),
            ("Dicabut oleh pelapor", "withdrawn"),
            ("Diarsipkan", "archived"),
            ("Bukan kewenangan Pemkab", "out_of_authority"),
            ("Tidak terbukti", "not_proven"),
            ("Duplikat", "duplicate"),
            ("Belum dijawab", "open"),
            ("Dalam proses", "open"),
            ("Belum selesai", "open"),
            ("tidak ditindaklanjuti", None),
            ("sudah diterima", None),
            ("xyz", None),
        ):
            self.assertEqual(read_outcome(text), code, text)

    def test_row_says_all_it_says(self):
        values = self._judge(line()).values
        self.assertEqual(self._judge(line()).refused, [])
        self.assertEqual(
            (values["number"], values["received_on"], values["outcome"], values["answered_on"]),
            ("1", "2022-01-03", "handled", "2022-01-10"),
        )
        self.assertEqual(values["closed_on"], "2022-01-10")
        self.assertEqual(values["complainant"], "Siti Rahmah")

    def test_reasons_to_refuse(self):
        self.assertEqual(self._codes(day=""), ["no_received"])
        self.assertEqual(self._codes(day="kemarin"), ["no_day"])
        self.assertEqual(self._codes(day="1/1/2027", Tgl_Tindak_Lanjut=""), ["future"])
        self.assertEqual(self._codes(day="1/1/1899"), ["too_old"])
        self.assertEqual(self._codes(Tgl_Tindak_Lanjut="2/1/2022"), ["before"])
        self.assertEqual(self._codes(Status="proses"), ["open"])
        self.assertEqual(self._codes(Status="zzz"), ["unknown_outcome"])
        self.assertEqual(self._codes(Status=""), ["no_outcome"])
        self.assertEqual(self._codes(Isi_Aduan=""), ["no_text"])
        self.assertEqual(self._codes(Isi_Aduan="a" * 10_001), ["long"])
        self.assertEqual(self._judge(line(Status=""), outcome="answered").refused, [])

    def test_anonymous_complainant_leaves_no_name(self):
        for name in ("Anonim", "ANONYMOUS", "N.N.", "Hamba Allah"):
            values = self._judge(line(Nama_Pelapor=name)).values
            self.assertTrue(values["is_anonymous"])
            self.assertEqual(values["complainant"], "")
        columns = {0: "received_on", 1: "description", 2: "complainant", 3: "is_anonymous"}
        cells = ["3/1/2022", "Saya Budi Santoso", "Budi Santoso", "Ya"]
        told = []

        def mask(text, name):
            told.append(name)
            return text.replace(name, "•")

        values = judge(cells, columns, TODAY, mask=mask).values
        self.assertNotIn("Budi", str(values))
        self.assertEqual(set(told), {"Budi Santoso"})

    def test_what_may_have_to_be_hidden_is_not_guessed(self):
        columns = {0: "received_on", 1: "description", 2: "outcome", 3: "is_misconduct"}
        cells = ["3/1/2022", "Pungli", "Selesai", "mungkin"]
        self.assertEqual(judge(cells, columns, TODAY).refused, [("no_flag", "mungkin")])

    def test_key_of_a_row(self):
        one, again, february = (
            row_key(self._judge(cells).values)
            for cells in (
                line(),
                line(Keterangan="lain", number=" 1 "),
                line(day="3/2/2022", Tgl_Tindak_Lanjut=""),
            )
        )
        self.assertEqual(one, again)
        self.assertNotEqual(one, february)
        without = [row_key(self._judge(line(number="", Isi_Aduan=text)).values) for text in "ab"]
        self.assertNotEqual(*without)

    def test_numbering_below_the_headings_is_no_case(self):
        self.assertTrue(register.is_numbering(["(1)", "(2)", "3"]))
        self.assertFalse(register.is_numbering(line()))
