import base64
import datetime
import io
import random
from pathlib import Path

from PIL import Image

from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_path

from ..tools import letter_body, line_break, pdf, pictures, terbilang
from ..tools.signature import full_title, nip_spaced, title_lines


@tagged("post_install", "-at_install")
class TestTerbilang(TransactionCase):
    """Numbers and dates in words."""

    def test_known_numbers(self):
        for number, words in (
            (0, "nol"),
            (10, "sepuluh"),
            (11, "sebelas"),
            (17, "tujuh belas"),
            (20, "dua puluh"),
            (100, "seratus"),
            (111, "seratus sebelas"),
            (1000, "seribu"),
            (1001, "seribu satu"),
            (2026, "dua ribu dua puluh enam"),
            (100000, "seratus ribu"),
            (1000000, "satu juta"),
            (21000000, "dua puluh satu juta"),
            (-5, "minus lima"),
        ):
            self.assertEqual(terbilang.terbilang(number), words)

    def test_words_are_read_back(self):
        """Against a reader of Indonesian numbers that works the other way round."""
        ones = list(terbilang._ONES[:10])
        scales = {"ribu": 1000, "juta": 10**6, "miliar": 10**9, "triliun": 10**12}

        def read(words):
            total = part = 0
            for word in words.split():
                if word == "seribu":
                    total, part = total + 1000, 0
                elif word in scales:
                    total, part = total + part * scales[word], 0
                elif word == "belas":
                    part += 10
                elif word == "puluh":
                    part += part % 10 * 9
                elif word == "ratus":
                    part += part % 10 * 99
                else:
                    part += {"sepuluh": 10, "sebelas": 11, "seratus": 100}.get(
                        word, ones.index(word) if word in ones else 0
                    )
            return total + part

        source = random.Random(4)
        numbers = [
            *range(2200),
            *(source.randrange(10 ** source.randrange(4, 15)) for _i in range(800)),
        ]
        for number in numbers:
            self.assertEqual(read(terbilang.terbilang(number)), number)

    def test_too_large(self):
        with self.assertRaises(ValueError):
            terbilang.terbilang(10**15)

    def test_dates(self):
        date = datetime.date(2026, 11, 22)
        self.assertEqual(terbilang.long_date(date), "22 November 2026")
        self.assertEqual(
            terbilang.date_in_words(date),
            "Minggu, tanggal dua puluh dua bulan November tahun dua ribu dua puluh enam",
        )
        self.assertEqual(terbilang.counted(1, "berkas"), "1 (satu) berkas")
        self.assertEqual(terbilang.counted(0, "berkas"), "-")


@tagged("post_install", "-at_install")
class TestSignatureLines(TransactionCase):
    """Who signs for whom."""

    def test_modes(self):
        self.assertEqual(title_lines("own", "Kepala Dinas"), ["Kepala Dinas,"])
        self.assertEqual(
            title_lines("an", "Sekretaris", "Kepala Dinas"), ["a.n. Kepala Dinas", "Sekretaris,"]
        )
        self.assertEqual(
            title_lines("ub", "Plt. Kabid", "Sekretaris Daerah", "Bupati"),
            ["a.n. Bupati", "Sekretaris Daerah,", "u.b.", "Plt. Kabid,"],
        )
        with self.assertRaises(ValueError):
            title_lines("x", "Kepala")

    def test_title_with_the_unit_that_it_leads(self):
        for title, unit, expected in (
            ("Kepala Dinas", "Dinas Kesehatan", "Kepala Dinas Kesehatan"),
            ("Kepala Seksi", "Seksi Aduan", "Kepala Seksi Aduan"),
            ("Direktur", "Perumda Air Minum", "Direktur"),
            ("", "Dinas", ""),
        ):
            self.assertEqual(full_title(title, unit), expected)

    def test_nip(self):
        self.assertEqual(nip_spaced("196704031994032008"), "19670403 199403 2 008")
        self.assertEqual(nip_spaced("19670403 199403 2 008"), "19670403 199403 2 008")
        self.assertEqual(nip_spaced("12"), "12")
        self.assertEqual(nip_spaced(False), "")


@tagged("post_install", "-at_install")
class TestLetterBody(TransactionCase):
    """What of a text reaches paper."""

    def test_emphasis_lists_and_tables_stay(self):
        for text in (
            "<p>Satu <b>dua</b> <i>tiga</i></p>",
            "<ol><li>a</li></ol>",
            '<table><tr><td colspan="2">x</td></tr></table>',
        ):
            self.assertEqual(letter_body.clean_body(text), text)

    def test_nothing_that_loads_or_styles_stays(self):
        for text in (
            '<p>a<img src="file:///etc/passwd"></p>',
            '<p style="background:url(http://x)">a</p>',
            '<p>a<svg><image href="http://x"/></svg></p>',
            '<p>a</p><link rel="attachment" href="file:///etc/passwd">',
            "<style>@import url(http://x)</style><p>a</p>",
            '<p>a<object data="file:///etc/passwd">file:///etc/passwd</object></p>',
            "<p>a<!-- file:///etc/passwd --></p>",
            '<base href="file:///"><p>a</p>',
        ):
            self.assertEqual(letter_body.clean_body(text), "<p>a</p>", text)

    def test_text_after_what_is_removed_stays(self):
        self.assertEqual(
            letter_body.clean_body("a &amp; <script>x</script>b<!--c-->d"), "a &amp; bd"
        )

    def test_depth_and_spans_are_bounded(self):
        deep = "<div>" * 500 + "x" + "</div>" * 500
        self.assertNotIn("div", letter_body.clean_body(deep))
        table = letter_body.clean_body('<table><tr><td colspan="99999999">x</td></tr></table>')
        self.assertIn('colspan="50"', table)

    def test_empty(self):
        self.assertEqual(letter_body.clean_body("<p><br></p>"), "")
        self.assertEqual(letter_body.clean_body(False), "")


@tagged("post_install", "-at_install")
class TestPictures(TransactionCase):
    """Photos on paper."""

    def _jpeg(self, size=(3000, 2000)):
        picture = Image.new("RGB", size, "red")
        exif = picture.getexif()
        exif[0x010F] = "KameraRahasia"
        exif.get_ifd(0x8825)[1] = "S"
        output = io.BytesIO()
        picture.save(output, "JPEG", exif=exif)
        return output.getvalue()

    def test_photo_is_made_small_and_tells_nothing(self):
        content = self._jpeg()
        self.assertIn(b"KameraRahasia", content)
        printed, mimetype = pictures.printable(content)
        self.assertEqual(mimetype, "image/jpeg")
        self.assertNotIn(b"KameraRahasia", printed)
        with Image.open(io.BytesIO(printed)) as picture:
            self.assertEqual(max(picture.size), pictures.LONGEST_SIDE)
            self.assertFalse(picture.getexif())

    def test_what_is_no_picture_is_refused(self):
        bomb = io.BytesIO()
        Image.new("1", (20000, 20000)).save(bomb, "PNG")
        for content in (
            b"",
            b"%PDF-1.4",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            bomb.getvalue(),
            self._jpeg()[:300],
        ):
            with self.assertRaises(ValueError):
                pictures.printable(content)


@tagged("post_install", "-at_install")
class TestEngineReadsNothing(TransactionCase):
    """The printer shows what it is given and asks for nothing else."""

    def _images(self, html, assets=None):
        content = pdf.write_pdf(
            f"<!DOCTYPE html><html lang='id'><body>{html}x</body></html>", assets or pdf.Assets()
        )
        return content.count(b"/Subtype /Image"), content

    def test_only_own_assets_are_shown(self):
        secret = file_path("web/static/img/logo.png")
        picture = Path(secret).read_bytes()
        encoded = base64.b64encode(picture).decode()
        for source in (
            f"file://{secret}",
            secret,
            f"../../../../..{secret}",
            "http://127.0.0.1:1/a.png",
            f"data:image/png;base64,{encoded}",
            "lapor-asset:00",
            f"lapor-asset:../{secret}",
            f"FILE://{secret}",
        ):
            with self.subTest(source=source[:40]):
                self.assertEqual(self._images(f'<img src="{source}">')[0], 0)
                self.assertEqual(
                    self._images(
                        f'<div style="width:9cm;height:9cm;background:url({source})"></div>'
                    )[0],
                    0,
                )
        assets = pdf.Assets()
        shown = self._images(f'<img src="{assets.add(picture, "image/png")}">', assets)
        self.assertTrue(shown[0])

    def test_files_are_not_attached_nor_imported(self):
        for html in (
            '<link rel="attachment" href="file:///etc/passwd">',
            '<a rel="attachment" href="file:///etc/passwd">x</a>',
            '<link rel="stylesheet" href="file:///etc/passwd">',
            "<style>@import url(file:///etc/passwd)</style>",
            '<object data="file:///etc/passwd"></object>',
            '<svg><image href="file:///etc/passwd"/></svg>',
        ):
            content = self._images(html)[1]
            self.assertNotIn(b"EmbeddedFile", content, html)
            self.assertNotIn(b"root:", content, html)


@tagged("post_install", "-at_install")
class TestLineBreak(TransactionCase):
    """Where lines of paper break."""

    def test_long_names_of_offices_are_lines_of_like_length(self):
        name = "DINAS KOMUNIKASI, INFORMATIKA, STATISTIK DAN PERSANDIAN"
        self.assertEqual(
            line_break.balanced(name, 11.4, 16),
            ["DINAS KOMUNIKASI, INFORMATIKA,", "STATISTIK DAN PERSANDIAN"],
        )
        self.assertEqual(line_break.balanced("DINAS KESEHATAN", 11.4, 16), ["DINAS KESEHATAN"])
        self.assertEqual(line_break.balanced("", 11.4, 16), [])
        self.assertEqual(line_break.balanced("SEKRETARIAT", 1, 28), ["SEKRETARIAT"])

    def test_points_of_a_list_are_lines(self):
        self.assertEqual(
            line_break.points("- Satu hal - Dua-dua hal"), ["- Satu hal", "- Dua-dua hal"]
        )
        self.assertEqual(line_break.points("Dokumen, Disposisi"), ["Dokumen, Disposisi"])
        self.assertEqual(line_break.points("A\n\nB"), ["A", "B"])
        self.assertEqual(line_break.points("LAPOR! – SP4N - telaah"), ["LAPOR! – SP4N - telaah"])
        self.assertEqual(line_break.points(None), [])
