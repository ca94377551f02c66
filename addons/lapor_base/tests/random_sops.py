"""SOPs made at random, and officers who do right and wrong things with them."""

import random
from datetime import timedelta

from odoo import fields

# In the order in which an office works; a random SOP takes some of them.
KINDS = (
    "register",
    "verify",
    "report",
    "direct",
    "receive",
    "handle",
    "inspect",
    "draft",
    "sign",
    "send",
    "publish",
    "confirm",
)
PHASES = ("intake", "verification", "disposition", "handling", "response")
OUTCOMES = ("handled", "answered", "out_of_authority")
ACTORS = {
    "managing": ("admin_layanan", "kepala_dinas"),
    "handling": ("admin_opd", "kepala_opd", "unit_teknis"),
}
# What must stand before a step of this kind, or the SOP could never be walked.
NEEDS = {"sign": ("draft",), "send": ("draft", "sign"), "publish": ("draft",)}


class RandomOffice:
    """One SOP and the acts on its cases, all drawn from one seed.

    :param case: a test case on :class:`~.common.LaporCase`
    :param int seed: the same seed makes the same SOP and the same acts
    """

    def __init__(self, case, seed):
        self.case = case
        self.random = random.Random(seed)
        self.sop = self._make_sop(seed)
        self.officers = [
            case.operator,
            case.operator2,
            case.head,
            case.opd_admin,
            case.opd_head,
            case.engineer,
            case.outsider,
            case.administrator,
        ]
        self.cases = case.env["lapor.complaint"]

    # ------------------------------------------------------------
    # THE SOP
    # ------------------------------------------------------------

    def _kinds(self):
        chosen = set(self.random.sample(KINDS, self.random.randint(1, 6)))
        for kind, needed in NEEDS.items():
            if kind in chosen:
                chosen.update(needed)
        return [kind for kind in KINDS if kind in chosen]

    def _make_sop(self, seed):
        case = self.case
        case.env["lapor.sop"].search([("company_id", "=", case.company.id)]).filtered(
            lambda sop: sop.state == "active"
        ).action_retire()
        sop = case.env["lapor.sop"].create(
            {"name": f"SOP acak {seed}", "unit_id": case.manager.id, "company_id": case.company.id}
        )
        actors = {
            role: case._make_actor(sop, role, role, scope)
            for scope, roles in ACTORS.items()
            for role in roles
        }
        kinds = self._kinds()
        steps = [
            case._make_step(
                sop,
                str(number),
                f"Langkah {number}",
                actors[self._doer(kinds, number - 1)],
                kind,
                PHASES[min(len(PHASES) - 1, number * len(PHASES) // (len(kinds) + 1))],
                self.random.randint(1, 5),
                self.random.choice(["minute", "hour", "working_day"]),
            )
            for number, kind in enumerate(kinds, 1)
        ]
        for position, step in enumerate(steps):
            if step == steps[-1]:
                case._make_arrow(step, None, "Selesai", kind="close")
                step.transition_ids.demand_ids = step.kind_id
            else:
                case._make_arrow(step, steps[position + 1], "Lanjut")
                if self.random.random() < 0.3:
                    target = self.random.choice(steps[position + 1 :])
                    case._make_arrow(step, target, "Cepat", kind="quick")
            if position and self.random.random() < 0.5:
                case._make_arrow(
                    step,
                    self.random.choice(steps[:position]),
                    "Kembalikan",
                    kind="return",
                    requires_note=self.random.random() < 0.7,
                )
            if self.random.random() < 0.3:
                case._make_arrow(
                    step,
                    None,
                    "Tutup",
                    kind="close",
                    outcome=self.random.choice(OUTCOMES),
                    requires_note=True,
                )
        sop.action_activate()
        return sop

    def _doer(self, kinds, place):
        """A role for this step: an OPD has the case only after a disposition, and whoever drafts
        must not be the only one who could sign."""
        scope = "handling" if "direct" in kinds[:place] else "managing"
        roles = ACTORS[scope]
        fixed = {"draft": roles[0], "sign": roles[1]}
        return fixed.get(kinds[place]) or self.random.choice(roles)

    # ------------------------------------------------------------
    # THE ACTS
    # ------------------------------------------------------------

    def act(self):
        """Draw one act, legal or not, and return it to be called.

        :returns: pair (complaint or none, callable without arguments)
        """
        alive = self.cases.sudo().filtered("current_step_id").sudo(False)
        if not alive or self.random.random() < 0.05:
            return self.case.env["lapor.complaint"], self._file
        if self.random.random() < 0.06:
            several = self._several(alive)
            return several, self._several_at_once(several)
        complaint = self.random.choice(alive if self.random.random() < 0.8 else self.cases)
        if complaint not in alive and self.random.random() < 0.5:
            return complaint, self._reopen(complaint)
        draw = self.random.choices(
            (
                self._advance,
                self._hold,
                self._resume,
                self._give_back,
                self._decide,
                self._merge,
                self._separate,
                self._replace_holder,
                self._write,
                self._other,
                self._part,
                self._interim,
                self._paraf,
                self._succession,
                self._outside,
            ),
            (20, 2, 3, 2, 2, 2, 1, 1, 1, 8, 6, 3, 2, 1, 1),
        )[0]
        return complaint, draw(complaint)

    def _file(self):
        self.cases |= self.case._make_complaint(
            user=self.random.choice([self.case.operator, self.case.env.user])
        ).with_user(self.case.env.user)

    def _officer(self, complaint):
        """Mostly whoever has the step, or when nobody has, somebody who may do it."""
        visit = complaint.sudo().current_step_id
        owner = visit.user_id or next(
            (user for user in self.officers if visit and visit._may_act(user)),
            self.case.administrator,
        )
        return owner if self.random.random() < 0.8 else self.random.choice(self.officers)

    def _advance(self, complaint):
        step = complaint.sudo().current_step_id.sop_step_id
        own = step and self.random.random() < 0.9
        arrow = self.random.choice(step.transition_ids if own else self.sop.step_ids.transition_ids)
        note = self.random.choice([None, "Sudah diperiksa di tempat.", "Alasan yang jelas."])
        evidence = self._evidence(arrow)
        officer = self._officer(complaint)
        return lambda: complaint.with_user(officer).action_advance(arrow.id, note=note, **evidence)

    def _evidence(self, arrow):
        """What the arrow demands, sometimes less, sometimes more."""
        case = self.case
        leads = (
            case.engineer_position | case.opd_admin_position | case.opd_head_position
        ) | case.operator_position
        complete = {
            "direct": {
                "disposition": {
                    "lead_position_id": self.random.choice(leads).id,
                    "note": "Tindak lanjuti",
                }
            },
            "inspect": {
                "inspection": {
                    "date": "2026-01-05",
                    "place": "Pasar",
                    "findings": "Benar",
                    "conclusion": "Terbukti",
                }
            },
            "draft": {"response": {"body": "<p>Sudah kami tangani.</p>"}},
            "sign": {"sign": True},
            "publish": {"delivery": {"note": "Diterima sendiri"}},
        }
        codes = [code for code in arrow._demands().mapped("code") if code in complete]
        if self.random.random() < 0.1:
            codes = codes[1:]
        if self.random.random() < 0.05:
            codes.append(self.random.choice(list(complete)))
        evidence = {}
        for code in codes:
            evidence |= complete[code]
        return evidence

    def _hold(self, complaint):
        officer, item = self._officer(complaint), self.random.random() < 0.8
        items = self.case.env["lapor.missing.item"].search([], limit=1) if item else []
        return lambda: complaint.with_user(officer).action_hold(
            items.ids if items else [], delivery_note="Ditelepon"
        )

    def _resume(self, complaint):
        officer = self._officer(complaint)
        return lambda: complaint.with_user(officer).action_resume()

    def _give_back(self, complaint):
        officer = self._officer(complaint)
        reason = self.random.choice(["", "Bukan wewenang kami."])
        if self.random.random() < 0.6:
            return lambda: complaint.with_user(officer).action_refuse_authority(reason)
        return lambda: complaint.with_user(officer).action_dispute_category(
            reason, classification="information"
        )

    def _decide(self, complaint):
        officer = self._officer(complaint)
        if self.random.random() < 0.5:
            return lambda: complaint.with_user(officer).action_send_back("Wewenang Anda.")
        return lambda: complaint.with_user(officer).action_confirm_category(
            classification=self.random.choice([None, "aspiration"])
        )

    def _merge(self, complaint):
        officer, main = self._officer(complaint), self.random.choice(self.cases)
        return lambda: complaint.with_user(officer).action_merge(main.id)

    def _separate(self, complaint):
        supporters = self.cases.sudo().filtered("main_id").sudo(False)
        case = self.random.choice(supporters) if supporters else complaint
        officer = self._officer(case)
        return lambda: case.with_user(officer).action_separate()

    def _replace_holder(self, complaint):
        """Another holder for the position that has the step, or none."""
        position = complaint.sudo().current_step_id.position_id
        officer = self.random.choice([*self.officers, self.case.env["res.users"]])

        def replace():
            if position:
                position.user_id = officer

        return replace

    def _other(self, complaint):
        """One of the acts that the rules give every office, beside the SOP."""
        env, draw = self.case.env, self.random
        day = fields.Date.today() + timedelta(days=draw.randint(-2, 40))
        reason = draw.choice(["", "Alasan yang jelas.", "Alasan yang lain."])
        positions = env["lapor.position"].search([("company_id", "=", self.case.company.id)])
        archive = env["lapor.archive.reason"].search([], limit=1).id
        name, arguments = draw.choice(
            [
                ("action_withdraw", (reason,)),
                ("action_archive_case", (archive, reason)),
                ("action_reopen", (reason, None, draw.random() < 0.5)),
                ("action_reopen", (reason,)),
                ("action_promise", ("Perbaikan jalan", day)),
                ("action_keep_promise", (reason,)),
                ("action_drop_promise", (reason,)),
                ("action_extend_hold", (day, reason)),
                ("action_deem_withdrawn", ()),
                ("action_hand_over", (draw.choice(positions).id, reason)),
                ("action_take_over", (reason,)),
            ]
        )
        officer = self._officer(complaint)
        return lambda: getattr(complaint.with_user(officer), name)(*arguments)

    def _outside(self, complaint):
        """Nobody here has the authority."""
        officer = self._officer(complaint)
        return lambda: complaint.with_user(officer).action_close_outside(
            "Bukan wewenang pemerintah daerah.",
            "<p>Silakan menghubungi PLN.</p>",
            body="PLN",
            delivery_note="Ditelepon",
        )

    def _reopen(self, complaint):
        """A closed case goes on, where it stood or at another step where it was."""
        steps = complaint.sudo().step_ids.sop_step_id
        step = self.random.choice([None, *steps.ids])
        mistake = self.random.random() < 0.4
        officer = self.random.choice([self.case.operator, self.case.head, *self.officers])
        return lambda: complaint.with_user(officer).action_reopen("Masih rusak.", step, mistake)

    def _several(self, alive):
        chosen = self.random.sample(list(alive), min(len(alive), self.random.randint(2, 4)))
        return alive.browse([case.id for case in chosen])

    def _several_at_once(self, complaints):
        """One act on several cases, which does all of them or none."""
        env, draw = self.case.env, self.random
        archive = env["lapor.archive.reason"].search([], limit=1).id
        positions = env["lapor.position"].search([("company_id", "=", self.case.company.id)])
        name, arguments = draw.choice(
            [
                ("action_archive_case", (archive, "Rangkap")),
                ("action_refuse_authority", ("Bukan wewenang kami.",)),
                ("action_hand_over", (draw.choice(positions).id, "Rapat")),
                ("action_take_over", ("Mendesak",)),
                ("action_resume", ()),
            ]
        )
        officer = self._officer(complaints[0])
        return lambda: getattr(complaints.with_user(officer), name)(*arguments)

    def _interim(self, complaint):
        """An interim answer beside the arrows, or the end of one that still waits."""
        officer = self._officer(complaint)
        text = self.random.choice(["", "<p>Sedang kami periksa.</p>"])
        note = self.random.choice([None, "Ditelepon"])
        return lambda: complaint.with_user(officer).action_interim(text, delivery_note=note)

    def _paraf(self, complaint):
        """The initial that a response waits for, given or refused, or none."""
        responses = complaint.sudo().response_ids
        if not responses:
            return self._interim(complaint)
        response = self.random.choice(responses)
        officer = response.next_paraf_id.position_id.holder_id or self._officer(complaint)
        own = response.sudo(False).with_user(officer)
        note = self.random.choice(["", "Perbaiki kalimatnya."])
        return self.random.choice([own.action_paraf, lambda: own.action_refuse_paraf(note)])

    def _succession(self, complaint):
        """The position that has the step is archived and gives its work away, or it is active
        again and takes it back."""
        case = self.case
        positions = case.engineer_position | case.opd_admin_position | case.operator2_position
        position = complaint.sudo().current_step_id.position_id & positions
        same = [("role_id", "=", position.role_id.id), ("company_id", "=", case.company.id)]
        heirs = positions.search(same) - position
        archived = positions.filtered(lambda one: not one.active)

        def succeed():
            if archived:
                archived[0].action_unarchive()
                archived[0].with_user(case.administrator).action_take_back("Batal")
            elif position and heirs:
                position.with_user(case.administrator)._hand_work_to(heirs[0], "Digabung")
                position.with_user(case.administrator).active = False

        return succeed

    def _part(self, complaint):
        """What an addressee does with a part of a disposition."""
        lines = complaint.sudo().disposition_line_ids
        if not lines:
            return self._other(complaint)
        line = self.random.choice(lines)
        holder = line.position_id.holder_id
        officer = holder if holder and self.random.random() < 0.8 else self._officer(complaint)
        lead = self.random.choice(self.case.engineer_position | self.case.opd_admin_position)
        name, arguments = self.random.choice(
            [
                ("action_accept", ()),
                ("action_return", (self.random.choice(["", "Bukan tugas kami."]),)),
                ("action_pass_on", ({"lead_position_id": lead.id, "note": "Teruskan"},)),
                ("action_report", ("Sudah selesai.",)),
            ]
        )
        line = line.sudo(False)
        return lambda: getattr(line.with_user(officer), name)(*arguments)

    def _write(self, complaint):
        """A write past the acts."""
        officer = self.random.choice(self.officers)
        vals = self.random.choice(
            [
                {"phase": "closed"},
                {"outcome": "handled"},
                {"current_step_id": False},
                {"hold_id": False},
                {"number": "X"},
            ]
        )
        return lambda: complaint.with_user(officer).write(vals)
