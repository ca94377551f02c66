from contextlib import contextmanager

from odoo.exceptions import UserError
from odoo.fields import Command

from .mail_case import PostCase


class LaporCase(PostCase):
    """A small government with a managing office, an OPD with a bidang, and an SOP of four
    steps that uses most kinds: register → direct → draft → sign → publish."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, lang="en_US"))
        cls.company = cls.env["res.company"].create(
            {
                "name": "Pemkab Uji",
                "lapor_code": "UJI",
                "alias_domain_id": cls.mail_alias_domain.id,
            }
        )
        cls.env.user.company_ids = [Command.link(cls.company.id)]
        cls.env = cls.env(context=dict(cls.env.context, allowed_company_ids=cls.company.ids))
        cls.manager = cls._make_unit("Dinas Kominfo", "KOMINFO", "manager", alias_name="uji-aduan")
        cls.opd = cls._make_unit("Dinas PUPR", "DPUPR", "opd")
        cls.bidang = cls._make_unit("Bidang Bina Marga", "BM", "bidang", parent_id=cls.opd.id)
        cls.other_opd = cls._make_unit("Dinas Kesehatan", "DINKES", "opd")

        (
            cls.operator,
            cls.operator2,
            cls.head,
            cls.opd_admin,
            cls.opd_head,
            cls.engineer,
            cls.outsider,
            cls.inspector,
            cls.overseer,
        ) = cls._make_officers(
            operator="Operator Uji",
            operator2="Operator Dua",
            head="Kepala Kominfo",
            opd_admin="Admin DPUPR",
            opd_head="Kepala DPUPR",
            engineer="Kabid Bina Marga",
            outsider="Admin Dinkes",
            inspector="Inspektur",
            overseer="Ketua Tim",
        )
        cls.administrator = cls._make_officer(
            "administrator",
            "Administrator Aduan",
            groups="base.group_user,lapor_base.group_lapor_admin",
        )

        cls.head_position = cls._make_position(
            "Kepala Dinas", cls.manager, "kepala_dinas", cls.head
        )
        cls.operator_position = cls._make_position(
            "Admin Layanan", cls.manager, "admin_layanan", cls.operator, cls.head_position
        )
        cls.operator2_position = cls._make_position(
            "Admin Layanan 2", cls.manager, "admin_layanan", cls.operator2, cls.head_position
        )
        cls.opd_head_position = cls._make_position(
            "Kepala DPUPR", cls.opd, "kepala_opd", cls.opd_head
        )
        cls.opd_admin_position = cls._make_position(
            "Admin DPUPR", cls.opd, "admin_opd", cls.opd_admin, cls.opd_head_position
        )
        cls.engineer_position = cls._make_position(
            "Kabid Bina Marga", cls.bidang, "unit_teknis", cls.engineer, cls.opd_head_position
        )
        cls.outsider_position = cls._make_position(
            "Admin Dinkes", cls.other_opd, "admin_opd", cls.outsider
        )
        cls._make_position("Inspektur", cls.other_opd, "apip", cls.inspector)
        cls._make_position("Ketua Tim Koordinasi", cls.other_opd, "tim_koordinasi", cls.overseer)

        cls.category = cls.env["lapor.category"].create(
            {"name": "Jalan Uji", "company_id": cls.company.id, "unit_id": cls.opd.id}
        )
        cls.sop = cls._make_sop()

    def _sealed(self, text):
        """What an event tells of somebody's words."""
        return {"hash": self.env["lapor.complaint.version"]._seal(text), "length": len(text)}

    @classmethod
    def _make_unit(cls, name, code, kind, **values):
        return cls.env["lapor.unit"].create(
            {
                "name": name,
                "code": code,
                "kind": kind,
                "company_id": cls.company.id,
                # So that each test knows who gets a step.
                "assignment": "order",
                **values,
            }
        )

    @classmethod
    def _make_officer(cls, login, name, groups="base.group_user"):
        return cls._make_officers(groups, **{login: name})

    @classmethod
    def _make_officers(cls, groups="base.group_user", **names):
        """Users of the government, in one go.

        :param names: name of each by login (without its prefix)
        """
        return cls._make_users(
            *(
                {
                    "login": f"lapor_{login}",
                    "name": name,
                    "email": f"{login}@uji.example",
                    "company_id": cls.company.id,
                    "company_ids": [Command.set(cls.company.ids)],
                }
                for login, name in names.items()
            ),
            groups=groups,
        )

    @classmethod
    def _make_position(cls, name, unit, role, user=None, parent=None):
        return cls.env["lapor.position"].create(
            {
                "name": name,
                "unit_id": unit.id,
                "role_id": cls.env.ref(f"lapor_base.role_{role}").id,
                "user_id": user.id if user else False,
                "parent_id": parent.id if parent else False,
            }
        )

    @classmethod
    def _make_sop(cls, activate=True, **values):
        sop = cls.env["lapor.sop"].create(
            {
                "name": "SOP Uji",
                "unit_id": cls.manager.id,
                "company_id": cls.company.id,
                **values,
            }
        )
        managing = cls._make_actor(sop, "Admin", "admin_layanan", "managing")
        head = cls._make_actor(sop, "Kepala Dinas", "kepala_dinas", "managing")
        opd_head = cls._make_actor(sop, "Kepala OPD", "kepala_opd", "handling")
        opd_admin = cls._make_actor(sop, "Admin OPD", "admin_opd", "handling")
        register = cls._make_step(sop, "1", "Catat", managing, "register", "intake", 60, "minute")
        direct = cls._make_step(sop, "2", "Disposisi", head, "direct", "disposition", 60, "minute")
        draft = cls._make_step(
            sop,
            "3",
            "Susun tanggapan",
            opd_admin,
            "draft",
            "handling",
            5,
            "working_day",
            role_id=cls.env.ref("lapor_base.role_unit_teknis").id,
            alternative_role_id=cls.env.ref("lapor_base.role_admin_opd").id,
        )
        sign = cls._make_step(
            sop, "4", "Tanda tangan", opd_head, "sign", "response", 2, "working_day"
        )
        publish = cls._make_step(sop, "5", "Kirim", managing, "publish", "response", 30, "minute")
        cls._make_arrow(register, direct, "Laporkan")
        cls._make_arrow(direct, draft, "Disposisikan")
        cls._make_arrow(direct, register, "Kembalikan", kind="return", requires_note=True)
        cls._make_arrow(draft, sign, "Ajukan")
        cls._make_arrow(sign, publish, "Tanda tangani")
        cls._make_arrow(sign, draft, "Kembalikan konsep", kind="return", requires_note=True)
        cls._make_arrow(publish, None, "Kirim dan tutup", kind="close", demands="publish")
        if activate:
            sop.action_activate()
        return sop

    @classmethod
    def _make_actor(cls, sop, name, role, scope):
        return cls.env["lapor.sop.actor"].create(
            {
                "sop_id": sop.id,
                "name": name,
                "role_id": cls.env.ref(f"lapor_base.role_{role}").id,
                "scope": scope,
            }
        )

    @classmethod
    def _make_step(cls, sop, number, name, actor, kind, phase, amount, unit, **values):
        return cls.env["lapor.sop.step"].create(
            {
                "sop_id": sop.id,
                "number": number,
                "sequence": 10 * (len(sop.step_ids) + 1),
                "name": f"{name} aduan",
                "short_name": name,
                "actor_id": actor.id,
                "kind_id": cls.env.ref(f"lapor_base.kind_{kind}").id,
                "phase": phase,
                "allowance_amount": amount,
                "allowance_unit": unit,
                **values,
            }
        )

    @classmethod
    def _make_arrow(cls, step, target, name, kind="forward", demands=None, **values):
        return cls.env["lapor.sop.transition"].create(
            {
                "step_id": step.id,
                "to_step_id": target.id if target else False,
                "outcome": False if target else "handled",
                "name": name,
                "kind": kind,
                "demand_ids": [Command.set(cls.env.ref(f"lapor_base.kind_{demands}").ids)]
                if demands
                else False,
                **values,
            }
        )

    @contextmanager
    def assertRefused(self, pattern, error=UserError):
        """Refused with a sentence that says why; like ``assertRaises``, without a trace left."""
        with self.assertRaises(error) as caught:
            yield
        self.assertRegex(str(caught.exception.args[0]), pattern)

    def _make_complaint(self, user=None, **values):
        """A complaint keyed in at the counter, by the operator unless said otherwise."""
        complainant = (
            self.env["lapor.complainant"]
            .with_user(user or self.operator)
            .create({"name": "Budi Santoso", "phone": "081234567890"})
        )
        return (
            self.env["lapor.complaint"]
            .with_user(user or self.operator)
            .create(
                {
                    "name": "Jalan berlubang",
                    "description": "Jalan di depan pasar berlubang besar.",
                    "category_id": self.category.id,
                    "complainant_id": complainant.id,
                    **values,
                }
            )
        )

    def _arrow(self, complaint, kind="forward"):
        """The first arrow of a kind that leaves the complaint's step."""
        return complaint.sudo().current_step_id.sop_step_id.transition_ids.filtered(
            lambda arrow: arrow.kind == kind
        )[:1]

    def _advance(self, complaint, user, kind="forward", note=None, **evidence):
        return complaint.with_user(user).action_advance(
            self._arrow(complaint, kind).id, note=note, **evidence
        )

    def _items(self):
        """What the list of an office says can be missing: asked without anybody's agreement."""
        return self.env["lapor.missing.item"].search([], limit=1).ids

    def _agree(self, complaint):
        """Let everybody whose initial or agreement is waited for give it, one after the other."""
        for _turn in range(10):
            waiting = complaint.sudo().response_ids.filtered("next_paraf_id")[:1]
            if not waiting:
                return
            holder = waiting.next_paraf_id.position_id.holder_id
            waiting.with_user(holder).sudo(False).action_paraf()

    def _walk_to(self, complaint, number):
        """Walk a complaint along the main path until its step has this printed number."""
        moves = {
            "1": lambda: self._advance(complaint, self.operator),
            "2": lambda: self._advance(
                complaint,
                self.head,
                disposition={"lead_position_id": self.engineer_position.id, "note": "Tinjau"},
            ),
            "3": lambda: self._advance(
                complaint, self.engineer, response={"body": "<p>Sudah kami tambal.</p>"}
            ),
            "4": lambda: self._advance(complaint, self.opd_head, sign=True),
            "5": lambda: self._advance(
                complaint, self.operator, "close", delivery={"note": "Diambil sendiri"}
            ),
        }
        case = complaint.sudo()
        while case.current_step_id and case.current_step_id.sop_step_id.number != number:
            moves[case.current_step_id.sop_step_id.number]()
        return complaint
