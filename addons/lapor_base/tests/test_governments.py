from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .governments import GovernmentsCase

OPERATIONS = ("read", "write", "create", "unlink")


@tagged("post_install", "-at_install")
class TestGovernments(GovernmentsCase):
    """Several governments run side by side in one installation, and see nothing of each other."""

    def test_no_record_of_a_government_is_reached_from_another(self):
        complaint = self._case()
        records = self._records(complaint)
        scopes = self._scopes()
        self.assertEqual(set(records), self._models())
        for model, record in records.items():
            if scopes[model] == {"common"}:
                self.assertIsNone(record._government_path(), model)
                continue
            for user in self.strangers:
                own = self._from_there(record, user)
                with self.subTest(model=model, user=user.login):
                    self.assertFalse([name for name in OPERATIONS if own.has_access(name)])
                    if own.browse().has_access("read"):
                        self.assertFalse(own.search([("id", "=", record.id)]))

    def test_misconduct_case_is_reached_by_no_other_inspectorate(self):
        complaint = self._make_complaint(is_misconduct=True)
        for user in self.strangers:
            self.assertFalse(self._sees(self._from_there(complaint, user), user))

    def test_choosing_the_other_government_in_the_context_opens_nothing(self):
        complaint = self._make_complaint()
        own = (
            self.env["lapor.complaint"]
            .with_user(self.their_operator)
            .with_context(allowed_company_ids=(self.neighbour | self.company).ids)
        )
        with self.assertRaises(AccessError):
            own.search([("id", "=", complaint.id)])

    def test_officer_of_both_sees_both_but_chooses(self):
        complaint = self._make_complaint()
        self.their_operator.company_ids += self.company
        self._make_position("Admin", self.manager, "admin_layanan", self.their_operator)
        own = complaint.with_user(self.their_operator)
        both = own.with_context(allowed_company_ids=(self.neighbour | self.company).ids)
        self.assertTrue(both.search([("id", "=", complaint.id)]))
        theirs = own.with_context(allowed_company_ids=self.neighbour.ids)
        self.assertFalse(theirs.search([("id", "=", complaint.id)]))

    def test_nobody_files_a_complaint_into_another_government(self):
        own = self._from_there(self.env["lapor.complaint"], self.their_operator)
        for values in ({"company_id": self.company.id}, {"intake_unit_id": self.manager.id}):
            with self.subTest(values), self.assertRaises(UserError):
                own.create([{"name": "X", "description": "Y", **values}])
        mine = own.create([{"name": "X", "description": "Y"}])
        self.assertEqual(mine.company_id, self.neighbour)
        self.assertEqual(mine.managing_unit_id, self.their_office)
        self.assertTrue(mine.number.startswith("SBL-"))

    def test_each_government_counts_its_own_complaints(self):
        first = self._make_complaint()
        theirs = self._from_there(self.env["lapor.complaint"], self.their_operator).create(
            [{"name": "X", "description": "Y"}]
        )
        second = self._make_complaint()
        self.assertEqual(
            [case.number[-5:] for case in (first, theirs, second)], ["00001", "00001", "00002"]
        )

    def test_units_and_positions_stay_inside_their_government(self):
        for attempt in (
            lambda: self.their_office.write({"parent_id": self.manager.id}),
            lambda: self.operator_position.write(
                {"parent_id": self.their_office.position_ids[0].id}
            ),
            lambda: self.category.with_company(self.company).write(
                {"unit_id": self.their_office.id}
            ),
            lambda: self.env["lapor.sop"].create(
                {
                    "name": "Salah",
                    "company_id": self.company.id,
                    "unit_id": self.their_office.id,
                }
            ),
        ):
            with self.assertRaises(UserError):
                attempt()
