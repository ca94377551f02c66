from odoo.tests import BaseCase, tagged

from ..tools.personal_data import MASK, find_personal, mask_html, mask_personal


@tagged("post_install", "-at_install")
class TestPersonalData(BaseCase):
    """What counts as personal data in a text, as Indonesians write it."""

    def _kinds(self, text, own=()):
        return [found.kind for found in find_personal(text, own)]

    def test_nik_and_kk(self):
        for text in (
            "NIK saya 6311014101900001.",
            "nik: 6311 0141 0190 0001",
            "6311.0101.0190.0001",
            "No KTP 63-11-01-010190-0001",
            "KK 6311012503150007",
            "NIK ６３１１０１４１０１９００００１",
            "6311\u200b0141\u200b01900001",
            "NIK 63110l41O1900001",
            "NIK 0000000000000000",
        ):
            with self.subTest(text):
                self.assertEqual(self._kinds(text), ["nik"])
                self.assertNotRegex(mask_personal(text), r"\d{3}")

    def test_phone_numbers(self):
        for text in (
            "Hubungi 081234567890",
            "WA 0812-3456-7890",
            "0812 3456 7890",
            "0812.3456.789",
            "+62 812-3456-7890",
            "+6281234567890",
            "62 812 3456 7890",
            "(+62) 812 3456 7890",
            "O812-3456-789O",
            "telp (0511) 3352131",
            "telp. 021-7654321",
            "0274 367509",
            "+62 511 335 2131",
        ):
            with self.subTest(text):
                self.assertEqual(self._kinds(text), ["phone"])
                self.assertNotRegex(mask_personal(text), r"\d{4}")

    def test_accounts_npwp_and_addresses(self):
        for text, kind in (
            ("No. Rekening 0012-01-000123-50-1", "account"),
            ("rek BRI a.n. Kepala Desa: 001201000123501", "account"),
            ("transfer ke BCA 1234567890", "account"),
            ("norek 1234567890", "account"),
            ("NPWP 09.254.294.3-407.000", "npwp"),
            ("npwp: 092542943407000", "npwp"),
            ("surel siti.aminah+a@warga.co.id", "email"),
        ):
            with self.subTest(text):
                self.assertEqual(self._kinds(text), [kind])
                self.assertIn(MASK, mask_personal(text))

    def test_what_is_no_personal_data(self):
        for text in (
            "Aduan BLG-2026-00012 tanggal 12-01-2026 pukul 08.30",
            "Nomor 555/03/IKP/XII/2018 dan Perpres 76 Tahun 2013",
            "Kerugian Rp 1.500.000.000,00 selama 2020-2025",
            "RT 03 RW 05 Km 12,5 lebar 1200 m",
            "Letaknya -2.3333333, 115.4444444",
            "Kode 9999999999999999 pada meteran",
            "Anggaran 12345678 ribu",
            "",
        ):
            with self.subTest(text):
                self.assertEqual(find_personal(text), [])

    def test_own_name_and_numbers(self):
        own = ("Siti Aminah Rahasia", "081298765432", "Jalan Melati 5")
        for text, masked in (
            ("Saya siti aminah rahasia, warga.", f"Saya {MASK}, warga."),
            ("SITI  AMINAH RAHASIA", MASK),
            ("Terima kasih, Siti", f"Terima kasih, {MASK}"),
            ("tanya saja bu siti di pasar", f"tanya saja bu {MASK} di pasar"),
            ("hubungi +62 812 9876 5432", f"hubungi {MASK}"),
            ("rumah saya jalan melati 5, dekat pasar", f"rumah saya {MASK}, dekat pasar"),
            ("dokumen rahasia di jalan raya", "dokumen rahasia di jalan raya"),
            ("Sitinjau Laut", "Sitinjau Laut"),
        ):
            with self.subTest(text):
                self.assertEqual(mask_personal(text, own), masked)

    def test_only_the_kinds_asked_for(self):
        text = "Budi, 081234567890"
        self.assertEqual(mask_personal(text, ["Budi"], kinds=("own",)), f"{MASK}, 081234567890")
        self.assertEqual(mask_personal(text, ["Budi"], kinds=("phone",)), f"Budi, {MASK}")

    def test_findings_stand_in_order_without_overlap(self):
        text = "a@b.id 081234567890 rek BRI 081234567890 NIK 6311014101900001 " * 20
        found = find_personal(text, ["a@b.id", "081234567890"])
        ends = [0, *(item.end for item in found)]
        self.assertTrue(all(item.start >= end for item, end in zip(found, ends, strict=False)))
        self.assertEqual(len(found), 80)
        self.assertNotRegex(mask_personal(text, ["a@b.id"]), r"\d|@")

    def test_any_text_at_all(self):
        for text in ("\x00\ud800", "0" * 5000, "1 " * 5000, "💧" * 100, "@" * 3000, "nik" * 1000):
            mask_personal(text, [text[:50], "", None])

    def test_html(self):
        html = '<p>Salam, <b>Siti</b><br>WA <a href="tel:081234567890">0812-3456-7890</a></p>'
        masked = mask_html(html, ["Siti"])
        self.assertEqual(
            masked,
            f"<p>Salam, <b>{MASK}</b><br>WA <a>{MASK}</a></p>",
        )
        self.assertEqual(
            mask_html("<p>Tidak ada &amp; <br/>apa-apa</p>", ["Siti"]),
            "<p>Tidak ada &amp; <br/>apa-apa</p>",
        )
        self.assertFalse(mask_html(""))
