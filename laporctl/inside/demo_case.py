"""One complaint of the demo, walked by the demo officers through the same acts as in an office."""

import datetime
from typing import NamedTuple

from freezegun import freeze_time

OFFICE_OPENS, OFFICE_CLOSES = 1, 8  # UTC: 08:00 to 15:00 in Jakarta
REAL_NOW = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None, microsecond=0)
KEYS_IN = {"balangan": "admin", "bantul": "operator", "kapuas": "pengelola"}
ANSWER = (
    "<p>Yth. Bapak/Ibu Pelapor,</p><p>Aduan Anda telah kami periksa di lapangan bersama perangkat "
    "desa dan kami tindak lanjuti. Terima kasih atas perhatian Anda.</p>"
)


class Row(NamedTuple):
    """What is known of a complaint of the demo before it is walked."""

    government: str
    days: int
    steps: int
    category: str | None
    channel: str
    complainant: str
    title: str
    text: str
    place: str | None = None
    flags: str = ""  # of "anonymous", "secret", "misconduct"
    then: str | None = None  # an act of demo_acts.py, after the last step


class Case:
    """One complaint, moved by whoever has its step."""

    def __init__(self, env, row):
        self.env, self.row = env, row
        self.clock = self._working(REAL_NOW - datetime.timedelta(days=row.days, hours=4))
        desk = self.user(KEYS_IN[row.government])
        category, channel = row.category, row.channel
        with freeze_time(self.clock):
            complainant = self.sees("lapor.complainant", desk).create(
                {
                    "name": row.complainant,
                    "phone": "0812-0000-0000",
                    "address": "Data contoh, bukan orang sebenarnya",
                }
            )
            self.record = self.sees("lapor.complaint", desk).create(
                {
                    "name": row.title,
                    "description": row.text,
                    "place": row.place,
                    "incident_date": self.clock.date() - datetime.timedelta(days=2),
                    "category_id": category and env.ref(f"lapor_base.category_{category}").id,
                    "channel_id": env.ref(f"lapor_base.channel_{channel}").id,
                    "complainant_id": complainant.id,
                    **{f"is_{flag}": True for flag in row.flags.split()},
                }
            )
            env.flush_all()

    def walk(self, steps=None):
        """Take as many steps of the main path as the case is to have behind it."""
        for _step in range(self.row.steps if steps is None else steps):
            visit = self.record.sudo().current_step_id
            officer = visit.user_id or visit.position_id.parent_id.holder_id
            if not officer:
                return
            self.wait(3.4)
            with freeze_time(self.clock):
                arrow = visit._main_transition()
                self._initial()
                self.by(officer).action_advance(arrow.id, **self.evidence(arrow))
                self.env.flush_all()

    def _initial(self):
        """Have a draft initialled by those who must read it before it is signed."""
        draft = self.record.sudo()._final_response("submitted")
        while draft and draft.next_paraf_id:
            self.sees(draft, draft.next_paraf_position_id.holder_id).action_paraf()

    def act(self, login, method, *args, on=None, **kwargs):
        """An act of an officer a little later, on the case or on a paper of it."""
        self.wait(1.2)
        with freeze_time(self.clock):
            record = self.record if on is None else on
            result = getattr(self.sees(record, self.user(login)), method)(*args, **kwargs)
            self.env.flush_all()
        return result

    def wait(self, hours):
        """Let working time go by."""
        self.clock = self._working(self.clock + datetime.timedelta(hours=hours))

    def evidence(self, arrow, **disposition):
        """What the arrow demands, as an officer would give it."""
        case = self.record.sudo()
        codes = set(arrow._demands().mapped("code"))
        final = case._final_response("submitted")
        evidence = {}
        if codes & {"verify", "handle"}:
            evidence["note"] = "Identitas dan lokasi jelas. Sudah dicek bersama unit terkait."
        if "inspect" in codes:
            evidence["inspection"] = {
                "date": self.clock.date().isoformat(),
                "place": case.place or case.name,
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
            evidence["response"] = {"body": ANSWER}
        if "sign" in codes:
            evidence["sign"] = True
        if codes & {"interim", "publish"}:
            evidence["delivery"] = {"note": "Disampaikan lewat telepon dan diterima pelapor."}
        if "direct" in codes:
            evidence["disposition"] = {**self._disposition(arrow.to_step_id), **disposition}
        return evidence

    def _disposition(self, step):
        case = self.record.sudo()
        unit = case.managing_unit_id
        if step.scope != "managing":
            usual = case.category_id.with_company(case.company_id).unit_id
            unit = case.unit_id or usual or unit
        lead = unit._find_position(step.role_id | step.alternative_role_id)
        return {
            "lead_position_id": lead.id,
            "note": "Mohon ditangani sesuai ketentuan dan dilaporkan hasilnya.",
            "instruction_ids": self.env["lapor.instruction"].search([], limit=2).ids,
        }

    def user(self, login):
        return self.env["res.users"].search([("login", "=", f"{login}.{self.row.government}")])

    def ref(self, name):
        """A record of the addon of this government."""
        return self.env.ref(f"lapor_{self.row.government}.{name}")

    def by(self, user):
        return self.sees(self.record, user)

    def sees(self, records, user):
        records = self.env[records] if isinstance(records, str) else records
        return records.with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids, lang="id_ID"
        )

    @staticmethod
    def _working(moment):
        """The first moment in office hours from here on, but never one still to come."""
        while moment.weekday() > 4 or not OFFICE_OPENS <= moment.hour < OFFICE_CLOSES:
            moment += datetime.timedelta(hours=1)
        return min(moment, REAL_NOW)
