"""What goes sideways in the demo: asking back, merging, giving back, promising, inspecting."""

import base64
import datetime
import io

from PIL import Image, ImageDraw

from odoo.fields import Command

from laporctl.inside.demo_case import REAL_NOW

# Who coordinates, and who decides at the step where a case is held.
COORDINATOR = {"balangan": "kabid", "bantul": "sekretaris", "kapuas": "pengelola"}
HEARD = (
    ("witness", "Ardiansyah", "Jalan mulai turun setelah hujan dua minggu lalu."),
    ("official", "Kepala Desa Basarang", "Warga sudah memasang tanda darurat."),
)


def photo(caption):
    """A drawn road with a hole, so that a report has pictures without anybody's photo.

    :rtype: bytes
    """
    image = Image.new("RGB", (800, 500), "#bcd6e8")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 210, 800, 500), fill="#7f9b64")
    draw.polygon(((330, 210), (470, 210), (720, 500), (80, 500)), fill="#6f7074")
    draw.polygon(((396, 210), (404, 210), (416, 500), (384, 500)), fill="#e8e2cf")
    draw.ellipse((250, 350, 430, 430), fill="#3c3431")
    draw.text((20, 465), f"Gambar contoh: {caption}", fill="#ffffff", font_size=22)
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=70)
    return stream.getvalue()


class Acts:
    """One method for each odd end; each takes a case that was walked to where it begins."""

    def __init__(self, env):
        self.env = env
        self.to_merge = []

    def prepare(self):
        """Settings with which the screens of a demo office show what they can."""
        office = self.env.ref("lapor_balangan.unit_dpupr")
        role = self.env.ref("lapor_base.role_sekretaris_opd")
        office.write(
            {"paraf_source": "list", "paraf_rule_ids": [Command.create({"role_id": role.id})]}
        )
        # The administrator begins in the government with the most to see.
        self.env.ref("base.user_admin").company_id = office.company_id
        today = REAL_NOW.date()
        self.env["lapor.leave"].create(
            {
                "user_id": self._person("sekretaris.dishub.balangan").id,
                "company_id": office.company_id.id,
                "date_from": today + datetime.timedelta(days=9),
                "date_to": today + datetime.timedelta(days=13),
                "note": "Diklat kepemimpinan",
            }
        )

    def finish(self):
        """Merge what was found to be the same."""
        for case in self.to_merge:
            words = {"balangan": "Air PDAM keruh", "bantul": "Sampah menumpuk"}
            title = words.get(case.row.government, "Lampu dermaga padam")
            main = self.env["lapor.complaint"].search(
                [
                    ("name", "=like", f"{title}%"),
                    ("company_id", "=", case.record.sudo().company_id.id),
                    ("phase", "!=", "closed"),
                ],
                order="id",
                limit=1,
            )
            # Both go on from the later of what happened to them.
            newest = (main | case.record).sudo().event_ids.mapped("at")
            case.clock = max(case.clock, *newest)
            case.act(self._coordinator(case), "action_merge", main.id, "Tempat dan keluhan sama.")

    def merge(self, case):
        self.to_merge.append(case)

    def hold(self, case):
        items = [self._ref(f"missing_item_{name}").id for name in ("di_mana", "kapan", "bukti")]
        case.act(
            self._owner(case),
            "action_hold",
            items,
            delivery_note="Ditanyakan lewat telepon.",
        )

    def withdraw(self, case):
        case.act(
            self._owner(case),
            "action_withdraw",
            "Pelapor menelepon: masalahnya sudah selesai dan aduan dicabut.",
        )

    def archive(self, case):
        reason = self._ref("archive_reason_spam")
        case.act(self._coordinator(case), "action_archive_case", reason.id, "Pesan iklan.")

    def promise(self, case):
        date = REAL_NOW.date() + datetime.timedelta(days=120)
        case.act(
            self._owner(case), "action_promise", "Dikerjakan setelah anggaran perubahan.", date
        )
        case.walk(steps=8)

    def reveal(self, case):
        case.act(
            self._coordinator(case),
            "action_reveal_identity",
            "Petugas harus menelepon pelapor untuk memastikan letak rumah.",
        )

    def dispose_several(self, case):
        arrow = case.record.sudo().current_step_id._main_transition()
        parts = [
            {"position_id": case.ref(name).id, "required": True}
            for name in ("position_dlh_kepala", "position_dishub_sekretaris")
        ]
        copy = case.ref("position_inspektur").id
        evidence = case.evidence(arrow, parts=parts, copy_position_ids=[copy], urgency="urgent")
        case.act(self._owner(case), "action_advance", arrow.id, **evidence)
        lines = case.record.sudo().disposition_line_ids.filtered("required")
        case.act("kepala.dlh", "action_accept", on=lines[:1])
        case.act(
            "sekretaris.dishub",
            "action_return",
            "Penertiban parkir di pasar adalah wewenang UPT Pasar.",
            on=lines[1:2],
        )

    def draft_again(self, case):
        case.walk(steps=1)
        response = case.record.sudo().response_ids
        case.act(
            "sekretaris.dpupr",
            "action_refuse_paraf",
            "Sebutkan panjang jalan dan tanggal mulai perbaikan.",
            on=response,
        )
        visit = case.record.sudo().current_step_id
        arrow = visit._main_transition()
        body = (
            "<p>Yth. Bapak/Ibu Pelapor,</p><p>Lubang sepanjang 40 meter di depan Pasar Batumandi "
            "kami tambal mulai Senin depan. Terima kasih atas perhatian Anda.</p>"
        )
        case.act(self._owner(case), "action_advance", arrow.id, response={"body": body})

    def refuse(self, case):
        case.act(
            self._owner(case),
            "action_refuse_authority",
            "Jalan dan jembatan ini dikelola pemerintah di atas kabupaten.",
            body="Balai Pelaksanaan Jalan Nasional",
        )

    def dispute(self, case):
        case.act(
            self._owner(case),
            "action_dispute_category",
            "Bangunan sekolah adalah urusan pendidikan.",
            self._ref("category_pendidikan").id,
        )

    def reopen(self, case):
        case.act(
            self._coordinator(case),
            "action_reopen",
            "Pelapor memberi tahu bahwa bau muncul kembali dua hari setelah dijawab.",
        )

    def extend(self, case):
        case.act(
            self._owner(case),
            "action_ask_extension",
            "Perlu pengukuran di lapangan bersama konsultan.",
        )

    def void(self, case):
        response = case.record.sudo().response_ids.filtered("number")
        signer = response.signed_by_id.login.rsplit(".", 1)[0]
        case.act(signer, "action_void", "Nama pasar pada surat keliru.", on=response)

    def inspect(self, case):
        owner = self._owner(case)
        action = case.act(owner, "action_open_inspection")
        report = self.env["lapor.inspection"].browse(action["res_id"])
        colleague = case.user("binamarga")
        pictures = ("Badan jalan ambles", "Lubang di sisi kiri")
        case.act(
            owner,
            "write",
            {
                "date": case.clock.date(),
                "hour": 9.5,
                "place": case.row.place,
                "latitude": -2.9873,
                "longitude": 114.3371,
                "assignment_number": "800/014/PUPR/2026",
                "assignment_date": case.clock.date(),
                "findings": "Badan jalan turun 50 cm sepanjang 12 meter; gorong-gorong tersumbat.",
                "conclusion": "Aduan sesuai dengan keadaan di lapangan.",
                "recommendation": "Pasang rambu segera; bersihkan gorong-gorong, lalu timbun.",
                "member_ids": [Command.create({"user_id": colleague.id})],
                "person_ids": [
                    Command.create(
                        {
                            "kind": kind,
                            "name": name,
                            "is_name_secret": False,
                            "statement": statement,
                        }
                    )
                    for kind, name, statement in HEARD
                ],
                "photo_ids": [
                    Command.create({"name": name, "image": base64.b64encode(photo(name))})
                    for name in pictures
                ],
            },
            on=report,
        )
        case.act(owner, "action_submit", on=report)

    def _person(self, login):
        return self.env["res.users"].search([("login", "=", login)])

    def _ref(self, name):
        return self.env.ref(f"lapor_base.{name}")

    @staticmethod
    def _coordinator(case):
        return COORDINATOR[case.row.government]

    @staticmethod
    def _owner(case):
        return case.record.sudo().current_step_id.user_id.login.rsplit(".", 1)[0]
