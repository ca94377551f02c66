"""Three governments with somebody in every position, for tests of whole flows."""

from odoo.fields import Command

from odoo.addons.lapor_base.tests.mail_case import PostCase

GOVERNMENTS = ("lapor_bantul", "lapor_balangan", "lapor_kapuas")
OPD_ROLES = {
    "lapor_bantul": ("operator", "sekretaris_dinas", "kepala_dinas"),
    "lapor_balangan": ("admin_opd", "sekretaris_opd", "kepala_opd"),
    "lapor_kapuas": ("pejabat_penghubung",),
}
BIDANG_ROLES = {
    "lapor_bantul": "kepala_bidang_seksi",
    "lapor_balangan": "unit_teknis",
    "lapor_kapuas": "unit_teknis",
}


class OfficesCase(PostCase):
    """The offices of the three SOPs as shipped, each with an OPD for roads added."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, lang="en_US"))
        cls.companies = cls.env["res.company"].union(
            *(cls.env.ref(f"{addon}.company") for addon in GOVERNMENTS)
        )
        cls.env.user.company_ids = [Command.link(company.id) for company in cls.companies]
        cls.env = cls.env(context=dict(cls.env.context, allowed_company_ids=cls.companies.ids))
        cls.opd, cls.bidang = {}, {}
        for addon in GOVERNMENTS:
            cls._fill_offices(addon)

    @classmethod
    def _fill_offices(cls, addon):
        company = cls.env.ref(f"{addon}.company")
        Unit = cls.env["lapor.unit"]
        cls.opd[addon] = opd = Unit.create(
            {"name": "Dinas Jalan", "code": "DJLN", "kind": "opd", "company_id": company.id}
        )
        cls.bidang[addon] = bidang = Unit.create(
            {
                "name": "Bidang Jalan",
                "code": "BJLN",
                "kind": "bidang",
                "parent_id": opd.id,
                "company_id": company.id,
            }
        )
        for role in OPD_ROLES[addon]:
            cls._make_position(opd, role)
        cls._make_position(bidang, BIDANG_ROLES[addon])
        vacant = cls.env["lapor.position"].search(
            [("company_id", "=", company.id), ("holder_id", "=", False)]
        )
        cls._fill(vacant)

    @classmethod
    def _fill(cls, positions):
        """Give each position a holder."""
        people = [
            {
                "login": f"{company.lapor_code}_{position.unit_id.code}_{position.id}",
                "name": f"{position.name} {position.unit_id.code}",
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
            }
            for position in positions
            for company in position.company_id
        ]
        for position, user in zip(positions, cls._make_users(*people), strict=True):
            position.user_id = user

    @classmethod
    def _make_position(cls, unit, role):
        return cls.env["lapor.position"].create(
            {
                "name": f"{role} {unit.code}",
                "unit_id": unit.id,
                "role_id": cls.env.ref(f"lapor_base.role_{role}").id,
            }
        )

    @staticmethod
    def _as(records, user):
        """The same records, seen by a user who works in one government."""
        return records.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)

    def _file(self, addon, **values):
        """A complaint on a road, keyed in by the government's intake."""
        company = self.env.ref(f"{addon}.company")
        manager = self.env.ref(f"{addon}.unit_diskominfo")
        intake = (
            self.env["lapor.position"]
            .search([("unit_id", "child_of", manager.id), ("role_id.coordinates", "=", True)])
            .filtered(
                lambda position: (
                    self.env.ref("lapor_base.group_lapor_intake")
                    in position.role_id.group_id.all_implied_ids
                )
            )[:1]
        )
        complainant = self._as(self.env["lapor.complainant"], intake.holder_id).create(
            {"name": "Budi", "email": "budi@contoh.example", "company_id": company.id}
        )
        return self._as(self.env["lapor.complaint"], intake.holder_id).create(
            {
                "name": "Jalan rusak",
                "description": "Jalan desa rusak berat.",
                "category_id": self.env.ref(
                    "lapor_base.category_infrastruktur_jalan_dan_jembatan"
                ).id,
                "channel_id": self.env.ref("lapor_base.channel_email").id,
                "complainant_id": complainant.id,
                "intake_unit_id": manager.id,
                **values,
            }
        )

    def _arrow(self, complaint, name=None, kind=None):
        arrows = complaint.sudo().current_step_id.sop_step_id.transition_ids
        if name:
            arrows = arrows.filtered(lambda arrow: name in arrow.name)
        if kind:
            arrows = arrows.filtered(lambda arrow: arrow.kind == kind)
        return arrows[:1]

    def _evidence(self, complaint, arrow):
        """What an officer would fill in for this arrow, as ``action_advance`` takes it."""
        case = complaint.sudo()
        codes = set(arrow._demands().mapped("code"))
        evidence = {"note": "Sudah diperiksa."}
        final = case._final_response("submitted")
        if "inspect" in codes:
            evidence["inspection"] = {
                "date": "2026-01-05",
                "place": "Desa Makmur",
                "findings": "Aspal terkelupas.",
                "conclusion": "Perlu perbaikan.",
            }
        if "interim" in codes:
            evidence["response"] = {"kind": "interim", "body": "<p>Sedang kami teruskan.</p>"}
            evidence["delivery"] = {}
        if "draft" in codes or ("publish" in codes and not final):
            evidence["response"] = {"body": "<p>Telah kami perbaiki.</p>"}
        if "sign" in codes:
            evidence["sign"] = True
        if "publish" in codes and (not final or final.state != "delivered"):
            evidence["delivery"] = {}
        if "direct" in codes:
            evidence["disposition"] = {
                "lead_position_id": self._lead(case, arrow).id,
                "note": "Mohon ditindaklanjuti.",
            }
        return evidence

    def _lead(self, case, arrow):
        step = arrow.to_step_id
        roles = step.role_id | step.alternative_role_id
        addon = next(a for a in GOVERNMENTS if self.env.ref(f"{a}.company") == case.company_id)
        unit = case.managing_unit_id if step.scope == "managing" else self.opd[addon]
        return unit._find_position(roles)

    def _step(self, complaint, name=None, kind=None):
        """Let whoever has the step take an arrow (the main one by default)."""
        visit = complaint.sudo().current_step_id
        arrow = self._arrow(complaint, name, kind) if name or kind else visit._main_transition()
        self.assertTrue(arrow, f"no such arrow at {visit.sop_step_id.display_name}")
        self.assertTrue(visit.user_id, f"nobody has {visit.sop_step_id.display_name}")
        evidence = self._evidence(complaint, arrow)
        self._as(complaint, visit.user_id).action_advance(arrow.id, **evidence)
        return arrow

    def _walk(self, complaint):
        """Walk the main path to the end; return the printed numbers of the steps taken."""
        for _turn in range(20):
            if not complaint.sudo().current_step_id:
                break
            self._step(complaint)
        return complaint.sudo().step_ids.mapped("sop_step_id.number")
