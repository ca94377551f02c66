from odoo.tests import new_test_user

from . import common

ROLES = (
    "operator",
    "head",
    "opd_admin",
    "opd_head",
    "engineer",
    "outsider",
    "inspector",
    "overseer",
    "administrator",
    "employee",
    "portal",
    "public",
)


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
        """Names of all models of this addon that have records."""
        return {
            name
            for name, model in cls.env.registry.items()
            if name.startswith("lapor.")
            and model._original_module == "lapor_base"
            and not model._abstract
        }

    def _case(self, **values):
        """A complaint at its last step, after a hold; as the system."""
        complaint = self._make_complaint(**values)
        items = self.env["lapor.missing.item"].search([], limit=1)
        complaint.with_user(self.operator).action_hold(items.ids, delivery_note="Ditelepon")
        complaint.with_user(self.operator).action_resume()
        self._walk_to(complaint, "5")
        self.env["lapor.inspection"]._record(
            complaint.sudo().current_step_id,
            {"date": "2026-01-05", "place": "Pasar", "findings": "Benar", "conclusion": "Benar"},
        )
        self.env.invalidate_all()
        return self.env["lapor.complaint"].browse(complaint.id)

    def _papers(self, complaint):
        """One record of each model that belongs to the case."""
        return {
            "lapor.complaint": complaint,
            "lapor.complainant": complaint.complainant_id,
            "lapor.complaint.step": complaint.step_ids[0],
            "lapor.disposition": complaint.disposition_ids,
            "lapor.disposition.line": complaint.disposition_ids.line_ids,
            "lapor.response": complaint.response_ids[0],
            "lapor.inspection": complaint.inspection_ids,
            "lapor.event": complaint.event_ids[0],
            "lapor.hold": complaint.hold_ids,
        }

    def _records(self, complaint):
        """One record of each model of the addon; dialogs are the operator's."""
        own = self.env(user=self.operator)
        held = self.env["lapor.mail.held"].create({"reason": "Uji", "company_id": self.company.id})
        instruction = self.env["lapor.instruction"].create(
            {"name": "Uji", "company_id": self.company.id}
        )
        line = self.env["lapor.sop.line"].search([("sop_id.company_id", "=", self.company.id)])
        if not line:
            draft = self._make_sop(name="Konsep", activate=False)
            line = self.env["lapor.sop.line"].create(
                {"sop_id": draft.id, "section": "warning", "text": "Awas"}
            )
        return {
            **self._papers(complaint),
            "lapor.unit": self.opd,
            "lapor.position": self.opd_head_position,
            "lapor.role": self.env.ref("lapor_base.role_operator"),
            "lapor.category": self.category,
            "lapor.channel": self.env.ref("lapor_base.channel_counter"),
            "lapor.instruction": instruction,
            "lapor.missing.item": self.env["lapor.missing.item"].search([], limit=1),
            "lapor.regulation": self.env["lapor.regulation"].create({"name": "Perbup Uji"}),
            "lapor.step.kind": self.env.ref("lapor_base.kind_sign"),
            "lapor.sop": self.sop,
            "lapor.sop.line": line[:1],
            "lapor.sop.actor": self.sop.actor_ids[0],
            "lapor.sop.step": self.sop.step_ids[0],
            "lapor.sop.transition": self.sop.transition_ids[0],
            "lapor.agenda": self.env["lapor.agenda"].search([("unit_id", "=", self.opd.id)]),
            "lapor.mail.held": held,
            "lapor.advance": own["lapor.advance"].create(
                {
                    "complaint_ids": complaint.ids,
                    "transition_id": self._arrow(complaint, "close").id,
                }
            ),
            "lapor.hold.ask": own["lapor.hold.ask"].create({"complaint_id": complaint.id}),
        }

    def _sees(self, record, user):
        """Whether a user finds this record and may read it: one without the other is a leak."""
        own = record.with_user(user)
        if not own.browse().has_access("read"):
            self.assertFalse(own.has_access("read"))
            return False
        found = record.with_user(user).search([("id", "in", record.ids)])
        self.assertEqual(bool(found), own.has_access("read"), f"{record} for {user.login}")
        return bool(found)
