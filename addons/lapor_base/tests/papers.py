from collections import defaultdict
from pathlib import Path

from odoo.modules.module import get_module_path
from odoo.tests import new_test_user

from . import common, samples
from .role_table import PEOPLE, read_rights

ROLES = tuple(person for people in PEOPLE.values() for person in people)


class PapersCase(common.LaporCase):
    """A case that has every kind of paper, and one user of every kind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee = cls._make_officer("employee", "Pegawai Biasa")
        cls.portal = new_test_user(cls.env, "lapor_portal", groups="base.group_portal")
        cls.public = cls.env.ref("base.public_user")

    @classmethod
    def _models(cls):
        """Names of all models of Lapor's addons that have records."""
        return {
            name
            for name, model in cls.env.registry.items()
            if name.startswith("lapor.") and not model._abstract
        }

    @classmethod
    def _role_table(cls):
        """All addons' tables of roles, as one: {(model, scope): {role: operations}}."""
        addons = sorted({cls.env.registry[name]._original_module for name in cls._models()})
        return read_rights(Path(get_module_path(addon)) for addon in addons)

    @classmethod
    def _scopes(cls):
        """{model: its scopes in the table of roles}."""
        scopes = defaultdict(set)
        for model, scope in cls._role_table():
            scopes[model].add(scope)
        return scopes

    def _case(self, **values):
        """A complaint at its last step, after a hold; as the system."""
        complaint = self._make_complaint(**values)
        items = self.env["lapor.missing.item"].search([], limit=1)
        complaint.with_user(self.operator).action_hold(items.ids, delivery_note="Ditelepon")
        complaint.with_user(self.operator).action_resume()
        self._walk_to(complaint, "5")
        inspection = self.env["lapor.inspection"]._record(
            complaint.sudo().current_step_id,
            {"date": "2026-01-05", "place": "Pasar", "findings": "Benar", "conclusion": "Benar"},
        )
        parts = {"inspection_id": inspection.id}
        self.env["lapor.inspection.photo"].create({**parts, "image": samples.PHOTO})
        self.env["lapor.inspection.person"].create(parts)
        self.env.invalidate_all()
        return self.env["lapor.complaint"].browse(complaint.id)

    def _papers(self, complaint):
        """One record of each model that belongs to the case: what :meth:`_case` made, or else
        one of samples."""
        case = complaint.sudo()
        papers = {"lapor.complaint": case, "lapor.complainant": case.complainant_id}
        for model, scopes in sorted(self._scopes().items()):
            if model in papers or "case" not in scopes or model not in self.env:
                continue
            # The team of an inspection writes its draft: nobody of the table is in it.
            user = self.env.user if model == "lapor.inspection.member" else self.head
            papers[model] = self.env[model].sudo().search(
                [("complaint_id", "=", case.id)], order="id", limit=1
            ) or samples.make(
                self.env[model].sudo(),
                {**papers, "res.users": user},
                company_id=case.company_id.id,
            )
        return {model: paper.with_env(complaint.env) for model, paper in papers.items()}

    def _records(self, complaint):
        """One record of each model; dialogs are the operator's, or else the administrator's."""
        draft = self._make_sop(name="Konsep", activate=False)
        records = {
            **self._papers(complaint),
            "lapor.unit": self.opd,
            "lapor.position": self.opd_head_position,
            "lapor.role": self.env.ref("lapor_base.role_operator"),
            "lapor.category": self.category,
            "lapor.sop": self.sop,
            "lapor.sop.line": self.env["lapor.sop.line"].create(
                {"sop_id": draft.id, "section": "warning", "text": "Awas"}
            ),
            "lapor.sop.actor": self.sop.actor_ids[0],
            "lapor.sop.step": self.sop.step_ids[0],
            "lapor.sop.transition": self.sop.transition_ids[0],
            "lapor.paraf.rule": self.env["lapor.paraf.rule"].create(
                {"unit_id": self.opd.id, "position_id": self.opd_admin_position.id}
            ),
            "lapor.mail.address": self.env["lapor.mail.address"].create(
                {"name": "uji@alamat.example", "unit_id": self.opd.id}
            ),
            # A rule needs a method of its code; only some can be switched off.
            "lapor.mail.rule": self.env.ref("lapor_base.mail_rule_list"),
            "lapor.mail.held": self.env["lapor.mail.held"]
            .sudo()
            .create(
                {
                    "name": "Surel",
                    "rule_id": self.env.ref("lapor_base.mail_rule_list").id,
                    "company_id": self.company.id,
                }
            ),
            "lapor.mail.rule.off": self.env["lapor.mail.rule.off"].create(
                {
                    "rule_id": self.env.ref("lapor_base.mail_rule_list").id,
                    "unit_id": self.manager.id,
                }
            ),
            "lapor.advance": self.env["lapor.advance"]
            .with_user(self.operator)
            .create(
                {
                    "complaint_ids": complaint.ids,
                    "transition_id": self._arrow(complaint, "close").id,
                }
            ),
        }
        if "lapor.history.import" in self.env:
            # A register is of an office that manages complaints.
            records["lapor.history.import"] = self.env["lapor.history.import"].create(
                {"managing_unit_id": self.manager.id, "file_name": "lama.csv"}
            )
        known = {
            "res.company": self.company,
            "res.users": self.opd_head,
            "resource.calendar": self.company.resource_calendar_id,
        }
        for model in sorted(self._models() - records.keys()):
            own = self.env[model]
            if own._transient:
                own = own.with_user(self.operator)
                if not own.has_access("create"):
                    own = own.with_user(self.administrator)
            parts, values = {**records, **known}, {"company_id": self.company.id}
            if model == "lapor.history":
                # Handled by a part of the OPD, from the register of the managing office.
                parts["lapor.unit"], values["unit_id"] = self.manager, self.bidang.id
            if model in ("lapor.periodic", "lapor.periodic.schedule"):
                # Periodic reports are of an office that coordinates, and for those who do so there.
                parts.update({"lapor.unit": self.manager, "lapor.position": self.head_position})
            records[model] = samples.make(own, parts, **values)
        return records

    def _common(self, model, records):
        """A record for all governments, of a list that has such.

        :param dict records: as :meth:`_records` makes them
        """
        if model == "lapor.mail.rule":
            return records[model]
        calendar = self.env["resource.calendar"].create({"name": "Jam", "company_id": False})
        parts = {**records, "resource.calendar": calendar, "res.users": self.opd_head}
        return samples.make(self.env[model], parts, company_id=False)

    def _sees(self, record, user):
        """Whether a user finds this record and may read it: one without the other is a leak."""
        own = record.with_user(user)
        if not own.browse().has_access("read"):
            self.assertFalse(own.has_access("read"))
            return False
        found = record.with_user(user).search([("id", "in", record.ids)])
        self.assertEqual(bool(found), own.has_access("read"), f"{record} for {user.login}")
        return bool(found)
