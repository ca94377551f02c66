import random

from odoo.tests import BaseCase, tagged

from ..tools.letter_frame import has_pictures, plain_lines, says_nothing
from ..tools.letter_slots import open_slots

FRAME = (
    "<p>Yth. Bapak/Ibu Pelapor,</p><p>Terima kasih atas aduan Anda nomor UJI-2026-00001 tanggal "
    "1 Januari 2026 tentang Lampu mati.</p><p><br></p><p>Demikian disampaikan, atas perhatian "
    "Bapak/Ibu kami ucapkan terima kasih.</p>"
)
TEMPLATE = (
    "<p>Yth. Bapak/Ibu Pelapor,</p><p>Menindaklanjuti aduan Bapak/Ibu nomor UJI-2026-00001, "
    "dengan hormat kami sampaikan hal-hal sebagai berikut.</p><p>Hasil pemeriksaan: "
    "{{isi: fakta yang ditemukan}}.</p><p>Hal yang diadukan {{pilih: terbukti | tidak}} karena "
    "{{isi: alasan}}.</p><p>Demikian disampaikan. Atas perhatian Bapak/Ibu, kami ucapkan terima "
    "kasih.</p>"
)
KNOWN = ["UJI-2026-00001", "Lampu mati", "1 Januari 2026"]


def silent(text):
    return says_nothing(text, [FRAME, TEMPLATE], KNOWN)


@tagged("post_install", "-at_install")
class TestLetterFrame(BaseCase):
    """A letter without words of its own, however it is dressed up; and one that has some."""

    def test_the_frame_says_nothing_however_it_is_dressed(self):
        lines = plain_lines(FRAME)
        dressed = [
            "",
            None,
            "<p><br></p>",
            FRAME,
            FRAME.replace("<p>", "<div>").replace("</p>", "</div>"),
            "<br/>".join(lines),
            " ".join(lines),
            "&nbsp;\n".join(lines),
            FRAME.upper(),
            FRAME.replace("Terima", "Te<b>ri</b>ma").replace("Anda", "A\u200bnda"),
            FRAME.replace(" ", " \u00a0 ").replace("nomor", "<i>nomor</i>"),
            FRAME.replace("<p><br></p>", "<p>-</p><p>…</p><p>a</p>"),
            FRAME.replace("<p><br></p>", "<!-- Sudah kami tambal --><style>p {color: red}</style>"),
            FRAME.replace("Bapak/Ibu Pelapor", "Sdr. Budi Santoso"),
            FRAME.replace("Anda", "Saudara").replace("Demikian disampaikan, ", ""),
            FRAME + FRAME,
            "<p>Dengan hormat,</p>" + FRAME + "<p>Hormat kami,</p><p>Assalamualaikum wr. wb.</p>",
            "<p>Terima kasih atas aduan nomor UJI-2026-00001 tentang Lampu mati.</p>",
            TEMPLATE.replace("{{isi: fakta yang ditemukan}}", "")
            .replace("{{pilih: terbukti | tidak}}", "")
            .replace("{{isi: alasan}}", "-"),
            '<p><img src="data:image/png;base64,AAAA" alt="Sudah"></p>',
            "<p>Hasil pemeriksaan:</p>",
        ]
        for text in dressed:
            with self.subTest(text=text):
                self.assertTrue(silent(text))

    def test_random_dress_of_the_frame(self):
        seeded = random.Random(7)
        words = " ".join(plain_lines(FRAME)).split(" ")
        for _run in range(300):
            text = ""
            for word in words:
                tag = seeded.choice(("b", "i", "span", "u"))
                word = f"<{tag}>{word}</{tag}>" if seeded.random() < 0.3 else word
                text += word + seeded.choice((" ", "\n", "&nbsp;", "<br>", " \t", "</p><p>"))
            # A line break within the salutation parts its name from it; nothing is said by it.
            self.assertTrue(silent(text), text)

    def test_whoever_says_something_is_heard(self):
        for words in (
            "Sudah kami tambal.",
            "Jam layanan: 08.00 sampai 15.00.",
            "Ya.",
            "Rp 5.000",
            "Lampu kami ganti.",
            "Terbukti",
            "Aduan sedang kami tangani.",
            "https://uji.example/jadwal",
            "Jalan rusak di Pasar Baru sedang kami ukur.",
            "ꦱꦸꦣꦃ",
        ):
            for text in (
                f"<p>{words}</p>",
                FRAME.replace("<p><br></p>", f"<p>{words}</p>"),
                "<p>Yth. Bapak/Ibu Pelapor,</p>" + f"<p>{words}</p>",
                TEMPLATE.replace("{{isi: fakta yang ditemukan}}", words),
            ):
                with self.subTest(text=text):
                    self.assertFalse(silent(text))

    def test_a_long_text_is_decided_at_once(self):
        # Comparing it word by word with each sentence would take minutes.
        self.assertFalse(silent(" ".join(f"kata{number}" for number in range(200_000))))
        self.assertTrue(silent(FRAME * 500))

    def test_pictures_are_seen(self):
        for text in ("<p><img src='x'></p>", "<IMG>", "<svg></svg>"):
            self.assertTrue(has_pictures(text), text)
        for text in (None, "", "<p>img</p>", "<p>&lt;img&gt;</p>", "<imgx>"):
            self.assertFalse(has_pictures(text), text)

    def test_slots_of_any_form_are_open(self):
        for text, words in (
            ("{{isi: tanggal}}", "tanggal"),
            ("{{<b>isi</b>: tanggal}}", "tanggal"),
            ("&#123;&#123;isi: tanggal}}", "tanggal"),
            ("{{isi: tanggal", "{{"),
            ("tanggal}}", "}}"),
            ("[isi tanggal]", "[isi tanggal]"),
            ("[ISI: apa yang dikerjakan]", "[ISI: apa yang dikerjakan]"),
            ("[isi <b>tanggal</b>]", "[isi tanggal]"),
            ("[pilih satu]", "[pilih satu]"),
            ("[nama instansi]", "[nama instansi]"),
            ("[…]", "[…]"),
            ("[....]", "…"),
            ("[    ]", "[ ]"),
            ("Pada tanggal ……………", "…"),
            ("Pada tanggal &hellip;&hellip;", "…"),
            ("Pada tanggal ........", "…"),
            ("Pada tanggal . . . . .", "…"),
            ("Pada tanggal ____", "…"),
            ("Yth. …", "…"),
        ):
            with self.subTest(text=text):
                self.assertTrue(open_slots(f"<p>{text} selesai</p>"), text)
                self.assertIn(words, " ".join(open_slots(f"<p>{text} selesai</p>")))

    def test_what_is_no_slot(self):
        for text in (
            "",
            None,
            "Sudah ... selesai",
            "dan lain-lain …",
            "[1] dan [2]",
            "Perda [terlampir]",
            "a_b dan __init",
            "<p>Selesai.</p><p>...</p>",
            "3.500.000,-",
            "{satu}",
        ):
            with self.subTest(text=text):
                self.assertEqual(open_slots(text), [])
