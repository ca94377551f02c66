"""Run in Odoo's shell on a new demo database: complaints on their way, so that boards live.

Every case is keyed in and walked by the demo officers through the same acts as in an office,
at times of the last three weeks. All names of people are invented.
"""

import datetime

from freezegun import freeze_time

OFFICE_OPENS, OFFICE_CLOSES = 1, 8  # UTC: 08:00 to 15:00 in Jakarta
REAL_NOW = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None, microsecond=0)
# government, who keys it in, days ago, steps walked, category, channel, complainant, title, text
CASES = [
    ("balangan", "admin", 19, 11, "kesehatan", "whatsapp", "Fitriani",
     "Tanya jadwal imunisasi di Posyandu Melati", "Kapan jadwal imunisasi bulan ini?"),
    ("balangan", "admin", 15, 9, "infrastruktur_jalan_dan_jembatan", "letter", "Syamsul Bahri",
     "Bahu jalan longsor di Desa Mayanau", "Bahu jalan longsor dua meter, belum ada rambu."),
    ("balangan", "admin", 12, 7, "air_minum", "phone", "Halimah",
     "Pipa bocor di Jalan A. Yani", "Air mengalir ke jalan siang dan malam."),
    ("balangan", "admin", 8, 5, "lingkungan_hidup_dan_kehutanan", "counter", None,
     "Sampah tidak diangkut di Desa Batu Piring", "Sudah seminggu sampah tidak diangkut."),
    ("balangan", "admin", 6, 3, "perhubungan", "whatsapp", "Rusdi Hartono",
     "Rambu penyeberangan hilang di depan SMPN 1", "Rambu hilang sejak perbaikan jalan."),
    ("balangan", "admin", 3, 2, "air_minum", "counter", "Noraini",
     "Air PDAM keruh di Paringin Kota", "Air keruh dan berbau sejak tiga hari lalu."),
    ("balangan", "admin", 1, 1, "infrastruktur_jalan_dan_jembatan", "counter", "Ahmad Yani",
     "Jembatan kayu Desa Tebing Tinggi lapuk", "Papan jembatan lapuk, berbahaya untuk anak."),
    ("balangan", "admin", 0, 0, None, "phone", "Jumairi",
     "Pohon tumbang di dekat jembatan Juai", "Pohon besar menutup separuh jalan."),
    ("bantul", "operator", 14, 6, "infrastruktur_jalan_dan_jembatan", "whatsapp", "Suparti",
     "Jalan Parangtritis km 9 berlubang", "Lubang di jalur kiri, banyak yang jatuh."),
    ("bantul", "operator", 9, 3, "perhubungan", "counter", "Wahyudi",
     "Parkir liar di depan Pasar Bantul", "Trotoar dipakai parkir setiap pagi."),
    ("bantul", "operator", 4, 1, "lingkungan_hidup_dan_kehutanan", "phone", "Ngatini",
     "Sampah menumpuk di Pantai Samas", "Sampah menumpuk setelah libur panjang."),
    ("bantul", "operator", 0, 0, None, "local_app", "Budi Raharjo",
     "Apakah Mal Pelayanan Publik buka hari Sabtu?", "Mohon informasi jam layanan."),
    ("kapuas", "pengelola", 16, 3, "infrastruktur_jalan_dan_jembatan", "letter", "Yuliana",
     "Jembatan Desa Anjir rusak", "Dua papan jembatan patah."),
    ("kapuas", "pengelola", 5, 1, "kesehatan", "counter", "Herianto",
     "Obat di Puskesmas Selat habis", "Obat darah tinggi habis sejak dua minggu."),
    ("kapuas", "pengelola", 0, 0, "perhubungan", "whatsapp", "Marlina",
     "Lampu dermaga padam", "Lampu dermaga penyeberangan padam."),
]  # fmt: skip


class Case:
    """One complaint, moved by whoever has its step."""

    def __init__(self, row):
        (self.government, login, days, self.steps, category, channel, name, title, text) = row
        self.clock = self._working(REAL_NOW - datetime.timedelta(days=days, hours=4))
        officer = self._user(login)
        with freeze_time(self.clock):
            complainant = self._as("lapor.complainant", officer).create(
                {"name": name, "phone": "0812-0000-0000"} if name else {"name": "Pelapor"}
            )
            self.record = self._as("lapor.complaint", officer).create(
                {
                    "name": title,
                    "description": text,
                    "category_id": category and env.ref(f"lapor_base.category_{category}").id,
                    "channel_id": env.ref(f"lapor_base.channel_{channel}").id,
                    "complainant_id": complainant.id,
                    "is_anonymous": not name,
                }
            )
            env.flush_all()

    def walk(self):
        """Take as many steps of the main path as the case is to have behind it."""
        for _step in range(self.steps):
            case = self.record.sudo()
            visit = case.current_step_id
            officer = visit.user_id or visit.position_id.parent_id.holder_id
            if not officer:
                return
            self.clock = self._working(self.clock + datetime.timedelta(hours=3, minutes=20))
            with freeze_time(self.clock):
                arrow = visit._main_transition()
                self._as(self.record, officer).action_advance(arrow.id, **self._evidence(arrow))
                env.flush_all()

    def _evidence(self, arrow):
        case = self.record.sudo()
        codes = set(arrow._demands().mapped("code"))
        final = case._final_response("submitted")
        evidence = {}
        if codes & {"verify", "handle"}:
            evidence["note"] = "Identitas dan lokasi jelas. Sudah dicek bersama unit terkait."
        if "inspect" in codes:
            evidence["inspection"] = {
                "date": self.clock.date().isoformat(),
                "place": case.name,
                "heard": "Ketua RT dan dua orang warga",
                "findings": "Keadaan sesuai dengan aduan.",
                "conclusion": "Perlu perbaikan segera.",
                "recommendation": "Perbaikan dijadwalkan bulan ini.",
            }
        if "interim" in codes:
            evidence["response"] = {
                "kind": "interim",
                "body": "<p>Aduan Anda sedang kami teruskan kepada dinas yang berwenang.</p>",
            }
        elif "draft" in codes or ("publish" in codes and not final):
            evidence["response"] = {
                "body": "<p>Yth. Bapak/Ibu Pelapor,</p><p>Aduan Anda telah kami tindak lanjuti. "
                "Terima kasih atas perhatian Anda.</p>"
            }
        if "sign" in codes:
            evidence["sign"] = True
        if codes & {"interim", "publish"}:
            evidence["delivery"] = {"note": "Disampaikan lewat telepon dan diterima pelapor."}
        if "direct" in codes:
            evidence["disposition"] = self._disposition(case, arrow.to_step_id)
        return evidence

    def _disposition(self, case, step):
        unit = case.managing_unit_id
        if step.scope != "managing":
            usual = case.category_id.with_company(case.company_id).unit_id
            unit = case.unit_id or usual or unit
        lead = unit._find_position(step.role_id | step.alternative_role_id)
        return {
            "lead_position_id": lead.id,
            "note": "Mohon ditangani sesuai ketentuan dan dilaporkan hasilnya.",
            "instruction_ids": env["lapor.instruction"].search([], limit=2).ids,
        }

    def _user(self, login):
        return env["res.users"].search([("login", "=", f"{login}.{self.government}")])

    @staticmethod
    def _as(records, user):
        records = env[records] if isinstance(records, str) else records
        return records.with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids, lang="id_ID"
        )

    @staticmethod
    def _working(moment):
        """The first moment in office hours from here on, but never one still to come."""
        while moment.weekday() > 4 or not OFFICE_OPENS <= moment.hour < OFFICE_CLOSES:
            moment += datetime.timedelta(hours=1)
        return min(moment, REAL_NOW)


for row in sorted(CASES, key=lambda row: -row[2]):
    Case(row).walk()
env.cr.commit()
