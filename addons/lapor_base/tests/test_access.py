from odoo.exceptions import AccessError
from odoo.tests import tagged

from .papers import ROLES, PapersCase

OPERATIONS = {"read": "r", "write": "w", "create": "c", "unlink": "u"}

# Who may read, write, create and unlink (r w c u) one record of each model, of a case that
# the managing office (operator, head) gave to the engineer of an OPD (opd_admin, opd_head).
# The guards of the models come on top: an SOP in force, a field that only acts may write.
RIGHTS = """
                       operator head opd_admin opd_head engineer outsider inspector overseer administrator employee portal public
lapor.complaint        rwc      r    r         r        r        -        -         r        rwc           -        -      -
lapor.complainant      rwc      r    r         r        r        -        -         -        rwc           -        -      -
lapor.complaint.step   r        r    r         r        r        -        -         r        r             -        -      -
lapor.disposition      r        r    r         r        r        -        -         r        r             -        -      -
lapor.disposition.line r        r    r         r        r        -        -         r        r             -        -      -
lapor.response         r        r    r         r        r        -        -         r        r             -        -      -
lapor.inspection       r        r    r         r        r        -        -         r        r             -        -      -
lapor.event            r        r    r         r        r        -        -         r        r             -        -      -
lapor.hold             r        r    r         r        r        -        -         r        r             -        -      -
lapor.unit             r        r    r         r        r        r        r         r        rwcu          -        -      -
lapor.position         r        r    r         r        r        r        r         r        rwcu          -        -      -
lapor.role             r        r    r         r        r        r        r         r        rwcu          -        -      -
lapor.category         r        r    r         r        r        r        r         r        rwcu          -        -      -
lapor.channel          r        r    r         r        r        r        r         r        rwcu          -        -      -
lapor.instruction      r        r    r         r        r        r        r         r        rwcu          -        -      -
lapor.missing.item     r        r    r         r        r        r        r         r        rwcu          -        -      -
lapor.regulation       r        r    r         r        r        r        r         r        rwcu          -        -      -
lapor.step.kind        r        r    r         r        r        r        r         r        rwcu          -        -      -
lapor.sop              r        r    r         r        r        r        r         r        rwcu          -        -      -
lapor.sop.line         r        r    r         r        r        r        r         r        rwcu          -        -      -
lapor.sop.actor        r        r    r         r        r        r        r         r        rwcu          -        -      -
lapor.sop.step         r        r    r         r        r        r        r         r        rwcu          -        -      -
lapor.sop.transition   r        r    r         r        r        r        r         r        rwcu          -        -      -
lapor.agenda           -        -    -         -        -        -        -         -        r             -        -      -
lapor.mail.held        r        -    -         -        -        -        -         -        rwc           -        -      -
lapor.advance          rwcu     -    -         -        -        -        -         -        -             -        -      -
lapor.hold.ask         rwcu     -    -         -        -        -        -         -        -             -        -      -
"""  # noqa: E501


def read_table(text):
    """{model: {role: rights}} of the table above."""
    head, *rows = (line.split() for line in text.strip().split("\n"))
    return {name: dict(zip(head, rights, strict=True)) for name, *rights in rows}


@tagged("post_install", "-at_install")
class TestAccess(PapersCase):
    """Access follows the position, for every model of the addon."""

    def test_every_model_has_its_line(self):
        table = read_table(RIGHTS)
        self.assertEqual(set(table), self._models())
        for rights in table.values():
            self.assertEqual(tuple(rights), ROLES)

    def test_rights_are_those_of_the_table(self):
        complaint = self._case()
        records = self._records(complaint)
        self.assertEqual(set(records), self._models())
        for model, rights in read_table(RIGHTS).items():
            self.assertEqual(len(records[model]), 1, model)
            for role, expected in rights.items():
                own = records[model].with_user(getattr(self, role))
                found = "".join(
                    letter for name, letter in OPERATIONS.items() if own.has_access(name)
                )
                with self.subTest(model=model, role=role):
                    self.assertEqual(found or "-", expected)

    def test_no_record_of_a_case_is_read_by_searching_only(self):
        """Finding and reading go by the same rules, for everybody and every model."""
        complaint = self._case()
        for model, record in self._records(complaint).items():
            for role, rights in read_table(RIGHTS)[model].items():
                with self.subTest(model=model, role=role):
                    self.assertEqual(self._sees(record, getattr(self, role)), "r" in rights)

    def test_portal_and_public_users_and_plain_employees_reach_no_model_at_all(self):
        for model in self._models():
            for user in (self.employee, self.portal, self.public):
                own = self.env[model].with_user(user)
                for operation in OPERATIONS:
                    with self.subTest(model=model, user=user.login, operation=operation):
                        self.assertFalse(own.has_access(operation))

    # Complaints

    def _seers(self, complaint):
        return {role for role in ROLES if self._sees(complaint, getattr(self, role))}

    def test_new_complaint_is_seen_by_the_managing_office(self):
        self.assertEqual(
            self._seers(self._make_complaint()),
            {"operator", "head", "overseer", "administrator"},
        )

    def test_complaint_is_seen_by_the_units_it_was_given_to(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, "3")
        self.assertEqual(
            self._seers(complaint),
            {
                "operator",
                "head",
                "opd_admin",
                "opd_head",
                "engineer",
                "overseer",
                "administrator",
            },
        )

    def test_complaint_is_seen_by_helpers_and_those_who_get_a_copy(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, "2")
        self._advance(
            complaint,
            self.head,
            disposition={
                "lead_position_id": self.engineer_position.id,
                "copy_position_ids": self.outsider_position.ids,
            },
        )
        # The inspector and the coordination team sit in the same OPD as the outsider.
        self.assertEqual(set(ROLES) - self._seers(complaint), {"employee", "portal", "public"})

    def test_part_of_an_office_sees_only_its_own(self):
        other = self._make_unit("Bidang Cipta Karya", "CK", "bidang", parent_id=self.opd.id)
        self.outsider_position.unit_id = other
        complaint = self._make_complaint()
        self._walk_to(complaint, "3")
        self.assertFalse(self._sees(complaint, self.outsider))
        self.assertTrue(self._sees(complaint, self.engineer))
        self.assertTrue(self._sees(complaint, self.opd_head))

    def test_coordinating_role_outside_the_managing_office_coordinates_nothing(self):
        self.outsider_position.role_id = self.env.ref("lapor_base.role_operator")
        complaint = self._make_complaint()
        self.assertFalse(self._sees(complaint, self.outsider))
        own = self.env["lapor.complaint"].with_user(self.outsider)
        # Whoever takes complaints in at an OPD sees what is taken in there.
        taken = own.create(
            [{"name": "Obat", "description": "Habis", "intake_unit_id": self.other_opd.id}]
        )
        self.assertEqual(taken.unit_id, self.other_opd)
        self.assertFalse(self._sees(complaint, self.outsider))

    def test_nobody_files_a_complaint_at_an_office_of_others(self):
        self.outsider_position.role_id = self.env.ref("lapor_base.role_operator")
        own = self.env["lapor.complaint"].with_user(self.outsider)
        for unit in (self.opd, self.manager):
            with self.subTest(unit.code), self.assertRaises(AccessError):
                own.create([{"name": "X", "description": "Y", "intake_unit_id": unit.id}])

    def test_misconduct_case_is_seen_by_coordinator_and_inspectorate_only(self):
        complaint = self._make_complaint(is_misconduct=True)
        self.assertEqual(self._seers(complaint), {"operator", "head", "inspector"})

    def test_rights_on_a_case_are_rights_on_its_papers(self):
        """Each paper is seen by exactly those who see its case, misconduct or not."""
        complaint = self._case()
        for misconduct in (False, True):
            complaint.with_user(self.operator).is_misconduct = misconduct
            seers = self._seers(complaint)
            papers = self._papers(complaint)
            papers.pop("lapor.complainant")
            for model, paper in papers.items():
                for role in ROLES:
                    with self.subTest(model=model, role=role, misconduct=misconduct):
                        self.assertEqual(self._sees(paper, getattr(self, role)), role in seers)
