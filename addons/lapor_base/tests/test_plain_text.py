import random

from odoo.tests import BaseCase, tagged

from ..tools.mail_quotes import split_quoted
from ..tools.plain_text import bare_subject, clean_line, clean_text

OWN = "Yth. Bapak/Ibu,\n\nLampu jalan di RT 03 masih mati.\nTerima kasih."

GMAIL_ID = """Pada Sen, 3 Feb 2025 pukul 10.12 Dinas Kominfo <aduan@uji.example>
menulis:

> Yth. Bapak/Ibu Pelapor,
> Terima kasih."""
GMAIL_EN = """On Mon, Feb 3, 2025 at 10:12 AM Dinas Kominfo <aduan@uji.example> wrote:

> Yth. Bapak/Ibu Pelapor,"""
APPLE_ID = """Pada 3 Feb 2025, pukul 10.12, Dinas Kominfo <aduan@uji.example> menulis:

Yth. Bapak/Ibu Pelapor,"""
APPLE_EN = """On 3 Feb 2025, at 10:12, Dinas Kominfo <aduan@uji.example> wrote:

Yth. Bapak/Ibu Pelapor,"""
OUTLOOK_ID = """Dari: Dinas Kominfo <aduan@uji.example>
Dikirim: Senin, 3 Februari 2025 10:12
Kepada: Budi Santoso
Subjek: Aduan Anda kami terima

Yth. Bapak/Ibu Pelapor,"""
OUTLOOK_EN = """From: Dinas Kominfo <aduan@uji.example>
Sent: Monday, February 3, 2025 10:12 AM
To: Budi Santoso
Subject: Aduan Anda kami terima

Yth. Bapak/Ibu Pelapor,"""
# Inside one organisation Outlook prints names without addresses.
OUTLOOK_NAMES = OUTLOOK_ID.replace(" <aduan@uji.example>", "")
# What Odoo makes of the bold labels in Outlook's HTML.
OUTLOOK_BOLD = OUTLOOK_ID.replace("Dari:", "*Dari:*").replace("Dikirim:", "*Dikirim:*")
OUTLOOK_RULE = "________________________________\n" + OUTLOOK_EN
OUTLOOK_OLD = "-----Original Message-----\n" + OUTLOOK_EN
SAMSUNG_ID = "-------- Pesan asli --------\n" + OUTLOOK_ID
FORWARDED = """---------- Forwarded message ---------
Dari: Siti Aminah <siti@warga.example>
Date: Sen, 3 Feb 2025 pukul 10.12
Subject: Lampu jalan
To: Budi <budi@warga.example>

Lampu jalan di depan sekolah mati."""


@tagged("post_install", "-at_install")
class TestCleanText(BaseCase):
    """What is stored can be stored, and reads as it was written."""

    def test_nul_and_control_characters_go(self):
        self.assertEqual(clean_text("Jalan\x00 rusak\x07\x1b[0m\x85"), "Jalan rusak[0m")
        self.assertEqual(clean_text("\ud800Jalan\udfff"), "Jalan")
        self.assertEqual(clean_text("\x00\x01"), "")

    def test_text_is_always_storable(self):
        chance = random.Random(9)
        for _turn in range(200):
            text = "".join(chr(chance.randrange(0x11000)) for _char in range(50))
            clean = clean_text(text)
            clean.encode()
            self.assertNotIn("\x00", clean)
            self.assertEqual(clean_text(clean), clean)

    def test_line_ends_and_tabs_stay_lines_and_tabs(self):
        self.assertEqual(clean_text("a\r\nb\rc\n\td"), "a\nb\nc\n\td")

    def test_runs_of_empty_lines_shrink_to_one(self):
        self.assertEqual(clean_text("  a\n\n\n \t\n\nb\n\nc\n"), "a\n\nb\n\nc")

    def test_bidirectional_overrides_go(self):
        self.assertEqual(clean_text("bayar \u202e000.01\u202c rupiah"), "bayar 000.01 rupiah")
        self.assertEqual(clean_text("\u2066a\u2067b\u2068c\u2069\u202a\u202b\u202d"), "abc")

    def test_emoji_and_right_to_left_letters_stay(self):
        for text in ("Rusak 😡👨‍👩‍👧🇮🇩", "السلام عليكم 👍🏽", "שלום\u200f", "ꦱꦸꦒꦼꦁ"):
            self.assertEqual(clean_text(text), text)

    def test_letters_come_in_one_form(self):
        self.assertEqual(clean_text("e\u0301"), "\u00e9")

    def test_no_text_is_empty_text(self):
        self.assertEqual(clean_text(None), "")
        self.assertEqual(clean_text(False), "")

    def test_line_is_cut_at_a_word_and_never_longer_than_asked(self):
        self.assertEqual(clean_line("Jalan \n rusak\tparah", 50), "Jalan rusak parah")
        self.assertEqual(clean_line("Jalan rusak parah", 14), "Jalan rusak…")
        self.assertEqual(clean_line("Jalanrusakparahsekali", 10), "Jalanrusa…")
        self.assertEqual(clean_line("Jalan rusak", 11), "Jalan rusak")
        chance = random.Random(7)
        for _turn in range(200):
            text = "".join(chance.choices("ab \n😡", k=chance.randint(0, 60)))
            limit = chance.randint(2, 40)
            self.assertLessEqual(len(clean_line(text, limit)), limit)


@tagged("post_install", "-at_install")
class TestSplitQuoted(BaseCase):
    """A reply's own words, and the quoted tail below them."""

    def test_tail_of_each_mail_program_is_parted(self):
        for name, tail in (
            ("Gmail, Indonesian, folded", GMAIL_ID),
            ("Gmail, English", GMAIL_EN),
            ("Apple, Indonesian", APPLE_ID),
            ("Apple, English", APPLE_EN),
            ("Outlook, Indonesian", OUTLOOK_ID),
            ("Outlook, English", OUTLOOK_EN),
            ("Outlook, names only", OUTLOOK_NAMES),
            ("Outlook, out of HTML", OUTLOOK_BOLD),
            ("Outlook on the web", OUTLOOK_RULE),
            ("Outlook, old", OUTLOOK_OLD),
            ("Samsung", SAMSUNG_ID),
            ("forwarded below own words", FORWARDED),
            ("quote marks only", "> Yth. Bapak/Ibu Pelapor,\n>\n> Terima kasih."),
        ):
            with self.subTest(name):
                self.assertEqual(split_quoted(f"{OWN}\n\n{tail}"), (OWN, tail))

    def test_own_line_above_the_head_stays_own(self):
        own = "Pada tahun 2020 pukul 10.00 kami melapor."
        for tail in (GMAIL_ID, GMAIL_EN, OUTLOOK_ID):
            self.assertEqual(split_quoted(f"{own}\n{tail}"), (own, tail))

    def test_mail_that_only_forwards_or_quotes_is_all_own_words(self):
        for mail in (FORWARDED, GMAIL_EN, OUTLOOK_ID):
            self.assertEqual(split_quoted(mail), (mail, ""))
            self.assertEqual(split_quoted(f"\n\n{mail}\n"), (mail, ""))

    def test_mail_without_quote_is_all_own_words(self):
        self.assertEqual(split_quoted(OWN), (OWN, ""))
        self.assertEqual(split_quoted(""), ("", ""))

    def test_answers_between_quoted_lines_stay(self):
        mail = "> Di mana?\nDi RT 03.\n> Sejak kapan?\nSejak Senin."
        self.assertEqual(split_quoted(mail), (mail, ""))

    def test_sentences_that_look_like_a_reply_s_head_stay(self):
        for line in (
            "Pada papan pengumuman petugas menulis:",
            "Pada hari Senin, petugas parkir di pasar menulis:",
            "On the notice board the clerk wrote:",
            "Dari: pasar sampai jembatan, semua lampu mati.",
            "From: the market, to: the bridge.",
            "-- Budi",
            "_____",
        ):
            with self.subTest(line):
                text = f"Ada masalah.\n{line}\nKarcis 5.000 rupiah."
                self.assertEqual(split_quoted(text), (text, ""))


@tagged("post_install", "-at_install")
class TestBareSubject(BaseCase):
    """The title of a complaint is what the mail is about, not how it was sent."""

    def test_marks_of_replying_and_forwarding_go(self):
        for subject in ("RE: Fw: Sampah", "  Fwd : Sampah", "Balas: TRS: Sampah", "Sampah"):
            with self.subTest(subject):
                self.assertEqual(bare_subject(subject), "Sampah")

    def test_words_that_begin_like_a_mark_stay(self):
        for subject in ("Retribusi: terlalu mahal", "Rekening: salah", "Re"):
            with self.subTest(subject):
                self.assertEqual(bare_subject(subject), subject)
