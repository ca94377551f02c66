"""Run in Odoo's shell on a new demo database: complaints on their way, so that boards live.

Every case is keyed in and walked by the demo officers through the same acts as in an office,
at times of the last three weeks. All names of people are invented.
"""

from laporctl.inside.demo_acts import Acts
from laporctl.inside.demo_case import Case, Row

JALAN = "infrastruktur_jalan_dan_jembatan"
SAMPAH = "lingkungan_hidup_dan_kehutanan"
WARGA = "Warga yang namanya dirahasiakan"
CASES = [
    Row("balangan", 19, 11, "kesehatan", "whatsapp", "Fitriani",
        "Tanya jadwal imunisasi di Posyandu Melati", "Kapan jadwal imunisasi bulan ini?"),
    Row("balangan", 15, 9, JALAN, "letter", "Syamsul Bahri",
        "Bahu jalan longsor di Desa Mayanau", "Bahu jalan longsor dua meter, belum ada rambu.",
        "Desa Mayanau, Kecamatan Tebing Tinggi"),
    Row("balangan", 12, 7, "air_minum", "phone", "Halimah",
        "Pipa bocor di Jalan A. Yani", "Air mengalir ke jalan siang dan malam.",
        "Jalan A. Yani RT 4, Paringin"),
    Row("balangan", 8, 5, SAMPAH, "counter", WARGA,
        "Sampah tidak diangkut di Desa Batu Piring", "Sudah seminggu sampah tidak diangkut.",
        "Desa Batu Piring, Paringin Selatan", "anonymous", "reveal"),
    Row("balangan", 6, 3, "perhubungan", "whatsapp", "Rusdi Hartono",
        "Rambu penyeberangan hilang di depan SMPN 1", "Rambu hilang sejak perbaikan jalan."),
    Row("balangan", 3, 2, "air_minum", "counter", "Noraini",
        "Air PDAM keruh di Paringin Kota", "Air keruh dan berbau sejak tiga hari lalu.",
        "Jalan Merdeka, Paringin Kota"),
    Row("balangan", 2, 1, "air_minum", "whatsapp", "Misran",
        "Air PDAM di Jalan Merdeka keruh dan bau", "Air keruh, berbau, anak saya gatal-gatal.",
        "Jalan Merdeka, Paringin Kota", then="merge"),
    Row("balangan", 2, 0, "air_minum", "phone", "Rahmawati",
        "Air ledeng kotor di Paringin Kota", "Air ledeng berwarna cokelat sejak kemarin pagi.",
        "Gang Melati, Paringin Kota", then="merge"),
    Row("balangan", 0, 0, "air_minum", "counter", "Sugianoor",
        "Air PDAM keruh di Jalan Merdeka Paringin", "Sejak tiga hari lalu air keruh dan berbau.",
        "Jalan Merdeka, Paringin Kota"),
    Row("balangan", 1, 1, JALAN, "counter", "Ahmad Yani",
        "Jembatan kayu Desa Tebing Tinggi lapuk", "Papan jembatan lapuk, berbahaya untuk anak.",
        "Desa Tebing Tinggi RT 2"),
    Row("balangan", 0, 0, None, "phone", "Jumairi",
        "Pohon tumbang di dekat jembatan Juai", "Pohon besar menutup separuh jalan.",
        "Dekat jembatan Juai"),
    Row("balangan", 5, 1, "penerangan_jalan_umum", "whatsapp", "Hadriansyah",
        "Lampu jalan padam", "Lampu jalan di kampung kami padam.", then="hold"),
    Row("balangan", 10, 1, "air_minum", "phone", "Siti Aminah",
        "Tagihan air bulan ini dua kali lipat", "Tagihan naik padahal pemakaian biasa.",
        then="withdraw"),
    Row("balangan", 9, 0, None, "whatsapp", "Toko Berkah",
        "Jual genteng murah", "Genteng murah kualitas super, hubungi kami.", then="archive"),
    Row("balangan", 18, 6, JALAN, "letter", "Kepala Desa Lampihong",
        "Jalan Desa Lampihong belum diaspal", "Dua kilometer jalan tanah, licin saat hujan.",
        "Desa Lampihong", then="promise"),
    Row("balangan", 7, 3, JALAN, "counter", "Erwan Saputra",
        "Genangan di Pasar Paringin karena saluran tersumbat",
        "Saluran penuh sampah dan bahu jalan rusak; angkot parkir sampai ke badan jalan.",
        "Pasar Paringin", then="dispose_several"),
    Row("balangan", 9, 6, JALAN, "whatsapp", "Mulyadi",
        "Jalan berlubang di depan Pasar Batumandi", "Sudah tiga orang jatuh karena lubang.",
        "Depan Pasar Batumandi", then="draft_again"),
    Row("balangan", 6, 3, "kesehatan", "letter", "Dewi Kartika",
        "Limbah klinik dibuang ke sungai", "Botol dan jarum suntik terlihat di tepi sungai.",
        "Sungai Balangan, Awayan", "secret"),
    Row("balangan", 4, 0, "kepegawaian", "letter", WARGA,
        "Pungutan saat mengurus surat tanah", "Diminta uang tanpa kuitansi oleh petugas.",
        "Kecamatan Halong", "anonymous misconduct"),
    Row("balangan", 7, 5, JALAN, "phone", "Arbainah",
        "Jembatan gantung Desa Mamigang putus", "Tali jembatan putus, warga memutar 5 km.",
        "Desa Mamigang, Halong", then="refuse"),
    Row("balangan", 5, 5, "kesehatan", "counter", "Norhayati",
        "Atap kelas SDN 2 Awayan bocor", "Atap dua kelas bocor, buku basah.",
        "SDN 2 Awayan", then="dispute"),
    Row("balangan", 20, 11, SAMPAH, "local_app", "Gazali Rahman",
        "Bau menyengat dari tempat pembuangan sampah", "Bau sampai ke rumah warga tiap sore.",
        "TPA Batu Merah", then="reopen"),
    Row("balangan", 5, 6, JALAN, "whatsapp", "Suriansyah",
        "Gorong-gorong ambles di Desa Uren", "Jalan turun, mobil tidak dapat lewat.",
        "Desa Uren, Halong", then="extend"),
    Row("balangan", 11, 8, SAMPAH, "counter", "Maisyarah",
        "Bak sampah pasar rusak", "Bak sampah berkarat dan bocor.", "Pasar Halong", then="void"),
    Row("bantul", 14, 6, JALAN, "whatsapp", "Suparti",
        "Jalan Parangtritis km 9 berlubang", "Lubang di jalur kiri, banyak yang jatuh."),
    Row("bantul", 9, 3, "perhubungan", "counter", "Wahyudi",
        "Parkir liar di depan Pasar Bantul", "Trotoar dipakai parkir setiap pagi."),
    Row("bantul", 4, 1, SAMPAH, "phone", "Ngatini",
        "Sampah menumpuk di Pantai Samas", "Sampah menumpuk setelah libur panjang.",
        "Pantai Samas, Sanden"),
    Row("bantul", 3, 1, SAMPAH, "whatsapp", "Sumarno",
        "Pantai Samas penuh sampah plastik", "Sampah plastik menumpuk di tepi pantai.",
        "Pantai Samas, Sanden", then="merge"),
    Row("bantul", 0, 0, None, "local_app", "Budi Raharjo",
        "Apakah Mal Pelayanan Publik buka hari Sabtu?", "Mohon informasi jam layanan."),
    Row("bantul", 6, 0, "bantuan_sosial", "whatsapp", "Tukinem",
        "Bantuan tidak cair", "Bantuan saya belum cair.", then="hold"),
    Row("bantul", 8, 1, "kesehatan", "letter", WARGA,
        "Antrean puskesmas dari subuh", "Pasien lanjut usia menunggu berjam-jam.",
        "Puskesmas Kasihan I", "anonymous secret"),
    Row("bantul", 7, 0, "air_minum", "phone", "Sri Lestari",
        "Air mati di Perumahan Sedayu", "Air mati sejak dua hari.", then="withdraw"),
    Row("bantul", 12, 2, JALAN, "counter", "Haryanto",
        "Talud jalan di Imogiri retak", "Retak makin lebar setelah hujan.", "Imogiri",
        then="promise"),
    Row("kapuas", 16, 3, JALAN, "letter", "Yuliana",
        "Jembatan Desa Anjir rusak", "Dua papan jembatan patah.", "Desa Anjir Serapat"),
    Row("kapuas", 5, 1, "kesehatan", "counter", "Herianto",
        "Obat di Puskesmas Selat habis", "Obat darah tinggi habis sejak dua minggu."),
    Row("kapuas", 0, 0, "perhubungan", "whatsapp", "Marlina",
        "Lampu dermaga padam", "Lampu dermaga penyeberangan padam."),
    Row("kapuas", 8, 2, JALAN, "whatsapp", "Sabran",
        "Jalan Desa Basarang ambles", "Badan jalan turun setengah meter, truk terguling.",
        "Desa Basarang km 3", then="inspect"),
    Row("kapuas", 4, 1, "perhubungan", "phone", "Ruslan",
        "Dermaga tidak aman", "Dermaga tidak aman.", then="hold"),
    Row("kapuas", 2, 0, "perhubungan", "counter", "Mariana",
        "Lampu penyeberangan di dermaga mati", "Gelap saat kapal malam sandar.", "Dermaga Selat",
        then="merge"),
    Row("kapuas", 6, 1, "kesehatan", "letter", WARGA,
        "Petugas meminta uang di loket pendaftaran", "Diminta uang agar didahulukan.",
        "Kuala Kapuas", "anonymous secret"),
    Row("kapuas", 10, 1, JALAN, "phone", "Asmuni",
        "Jalan nasional di Kuala Kapuas berlubang", "Lubang besar di jalan nasional.",
        "Jalan Trans Kalimantan", then="refuse"),
]  # fmt: skip

acts = Acts(env)
acts.prepare()
for row in sorted(CASES, key=lambda row: -row.days):
    case = Case(env, row)
    case.walk()
    if row.then:
        getattr(acts, row.then)(case)
acts.finish()
# What the demo shows must hold: a demo whose evidence is broken is not made.
broken = env["lapor.event"]._verify()["broken"]
if broken:
    raise AssertionError(broken)
env.cr.commit()
