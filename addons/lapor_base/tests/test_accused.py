from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .papers import PapersCase


@tagged("post_install", "-at_install")
class TestAccused(PapersCase):
    """The accused are shut out whatever their role, and the inspectorate decides about the end."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.second_inspector,) = cls._make_officers(inspector2="Inspektur Pembantu")
        cls._make_position("Inspektur Pembantu", cls.other_opd, "apip", cls.second_inspector)

    def _misconduct(self, **values):
        return self._make_complaint(
            is_misconduct=True, name="Pungutan", description="Diminta uang.", **values
        )

    def _readers(self, complaint):
        """Who of the office sees the case."""
        self.env.invalidate_all()
        people = {
            "operator": self.operator,
            "operator2": self.operator2,
            "head": self.head,
            "inspector": self.inspector,
            "inspector2": self.second_inspector,
            "overseer": self.overseer,
            "administrator": self.administrator,
            "opd_head": self.opd_head,
        }
        return {name for name, user in people.items() if self._sees(complaint, user)}

    def test_each_way_of_naming_shuts_out_each_role(self):
        """Units with their parts, positions, persons; whoever inspects or coordinates, too."""
        everybody = {"operator", "operator2", "head", "inspector", "inspector2"}
        inspectorate = {"inspector", "inspector2"}
        inspector_position = self.inspector.lapor_position_ids
        cases = [
            ({"accused_unit_ids": self.opd}, everybody),
            ({"accused_user_ids": self.opd_head}, everybody),
            ({"accused_unit_ids": self.manager}, inspectorate),
            ({"accused_position_ids": self.head_position}, inspectorate),
            ({"accused_user_ids": self.operator}, inspectorate),
            ({"accused_user_ids": self.inspector}, everybody - {"inspector"}),
            ({"accused_position_ids": inspector_position}, everybody - {"inspector"}),
            ({"accused_unit_ids": self.other_opd}, everybody - inspectorate),
            (
                {"accused_user_ids": self.inspector | self.head},
                {"inspector2"},
            ),
        ]
        for accused, readers in cases:
            with self.subTest(accused=accused):
                complaint = self._misconduct()
                self.assertEqual(self._readers(complaint), everybody)
                complaint.sudo().write(
                    {name: [Command.set(records.ids)] for name, records in accused.items()}
                )
                self.assertEqual(self._readers(complaint), readers)

    def test_papers_and_thread_follow(self):
        complaint = self._mark(self._case())
        papers = self._papers(complaint)
        complaint.sudo().write({"accused_user_ids": [Command.set(self.head.ids)]})
        self.env.invalidate_all()
        for model, paper in papers.items():
            for user in (self.head, self.operator):
                with self.subTest(model=model, user=user.login):
                    self.assertFalse(self._sees(paper, user))
        messages = complaint.sudo().message_ids.filtered(
            lambda message: message.author_id != self.head.partner_id
        )
        self.assertTrue(messages)
        self.assertFalse(messages.with_user(self.head)._filtered_access("read"))

    def test_accused_are_told_nothing_any_more(self):
        complaint = self._misconduct()
        self._walk_to(complaint, "2")
        self.assertIn(self.head.partner_id, complaint.sudo().message_partner_ids)
        complaint.sudo().write({"accused_user_ids": [Command.set(self.head.ids)]})
        self.env.invalidate_all()
        case = complaint.sudo()
        self.assertNotIn(self.head.partner_id, case.message_partner_ids)
        activities = self.env["mail.activity"].search(
            [("res_model", "=", "lapor.complaint"), ("res_id", "=", case.id)]
        )
        self.assertFalse(activities.user_id & (self.head | self.operator | self.operator2))
        self.assertFalse(case._coordinating_positions().holder_id & (self.head | self.operator))

    def test_inspectorate_leads_where_the_managing_office_is_accused(self):
        complaint = self._misconduct()
        self._walk_to(complaint, "2")
        complaint.with_user(self.operator).action_name_accused(unit_ids=self.manager.ids)
        case = complaint.sudo()
        self.assertTrue(case.is_led_by_inspectorate)
        self.assertIn(case.current_user_id, self.inspector | self.second_inspector)
        for user in (self.operator, self.head, self.operator2):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._advance(complaint, user, "return", note="Kembali")
        leader = case.current_user_id
        inspectorate = leader.lapor_position_ids
        self._advance(
            complaint, leader, disposition={"lead_position_id": inspectorate.id, "note": "Tinjau"}
        )
        self._advance(complaint, case.current_user_id, response={"body": "<p>Terbukti.</p>"})
        author = case.response_ids.filtered(lambda item: item.kind == "final").author_id
        self.assertNotEqual(case.current_user_id, author)
        self._advance(complaint, case.current_user_id, sign=True)
        self._advance(complaint, case.current_user_id, "close", delivery={"note": "Diantar"})
        self.assertEqual((case.phase, case.outcome), ("closed", "handled"))
        self.assertTrue(case.end_agreed_at)
        # It opens it again, too, and nobody else does.
        with self.assertRaises(AccessError):
            complaint.with_user(self.head).action_reopen("Keberatan")
        complaint.with_user(self.second_inspector).action_reopen("Ada bukti baru")
        self.assertFalse(case.end_agreed_at)
        self.assertIn(case.current_user_id, self.inspector | self.second_inspector)

    def test_every_end_needs_the_inspectorate(self):
        reason = self.env["lapor.archive.reason"].search([], limit=1)
        ends = {
            "archive": lambda case, user: case.with_user(user).action_archive_case(reason.id),
            "withdraw": lambda case, user: case.with_user(user).action_withdraw("Surat pelapor"),
            "arrow": lambda case, user: self._walk_to(case, None),
        }
        for name, end in ends.items():
            with self.subTest(name):
                complaint = self._misconduct()
                if name == "arrow":
                    complaint = self._mark(self._case())
                with self.assertRefused("inspectorate agrees"):
                    end(complaint, self.operator)
                self.env.invalidate_all()
                complaint.with_user(self.operator).action_ask_end("Sudah selesai diperiksa")
                task = complaint.sudo()._tasks(["end_asked"])
                self.assertIn(task.user_id, self.inspector | self.second_inspector)
                with self.assertRaises(AccessError):
                    complaint.with_user(self.operator).action_agree_end()
                complaint.with_user(self.inspector).action_agree_end("Setuju")
                self.assertFalse(complaint.sudo()._tasks(["end_asked"]))
                end(complaint, self.operator)
                self.assertEqual(complaint.sudo().phase, "closed")

    def test_marking_tells_the_inspectorate(self):
        complaint = self._make_complaint()
        for make in (lambda: self._misconduct(), lambda: self._mark(complaint)):
            case = make().sudo()
            told = (
                case.message_ids.notified_partner_ids
                | self.env["mail.message"]
                .search([("model", "=", case._name), ("res_id", "=", case.id)])
                .notified_partner_ids
            )
            self.assertLessEqual(self.inspector.partner_id | self.second_inspector.partner_id, told)
            self.assertTrue(case._tasks(["misconduct_marked"]))

    def _mark(self, complaint):
        complaint.with_user(self.operator).is_misconduct = True
        return complaint

    def test_only_the_inspectorate_unmarks(self):
        complaint = self._misconduct()
        for way in (
            lambda: complaint.with_user(self.operator).write({"is_misconduct": False}),
            lambda: (
                complaint.with_user(self.operator)
                .with_context(tracking_disable=True)
                .write({"is_misconduct": False, "name": "Lain"})
            ),
            lambda: complaint.with_user(self.operator).action_unmark_misconduct("Salah"),
            lambda: complaint.with_user(self.head).action_unmark_misconduct("Salah"),
        ):
            with self.assertRaises(AccessError):
                way()
        with self.assertRefused("why"):
            complaint.with_user(self.inspector).action_unmark_misconduct(" ")
        complaint.with_user(self.inspector).action_unmark_misconduct("Bukan pengawasan")
        case = complaint.sudo()
        self.assertFalse(case.is_misconduct)
        self.assertIn("misconduct_unmarked", case.event_ids.mapped("code"))
        self.assertTrue(self._sees(complaint, self.overseer))

    def test_accusation_is_taken_back_by_the_inspectorate_only(self):
        complaint = self._misconduct(accused_unit_ids=[Command.set(self.opd.ids)])
        for commands in ([Command.clear()], [Command.set(self.other_opd.ids)]):
            with self.assertRefused("takes an accusation back"):
                complaint.with_user(self.operator).write({"accused_unit_ids": commands})
        complaint.with_user(self.operator).write(
            {"accused_user_ids": [Command.link(self.opd_head.id)]}
        )
        self.assertEqual(complaint.sudo().accused_user_ids, self.opd_head)

    def test_accused_are_named_in_misconduct_cases_only(self):
        complaint = self._make_complaint()
        with self.assertRefused("no misconduct case"):
            complaint.with_user(self.operator).action_name_accused(unit_ids=self.opd.ids)
        with self.assertRefused("mark"):
            complaint.with_user(self.operator).write(
                {"accused_unit_ids": [Command.set(self.opd.ids)]}
            )
        with self.assertRefused("at least one"):
            complaint.with_user(self.operator).action_name_accused()

    def test_nobody_is_accused_where_nobody_could_lead(self):
        complaint = self._misconduct()
        complaint.sudo().write({"accused_unit_ids": [Command.set(self.other_opd.ids)]})
        with self.assertRefused("filled first"):
            complaint.sudo().write({"accused_unit_ids": [Command.link(self.manager.id)]})

    def test_end_of_a_case_against_the_whole_inspectorate_is_the_coordinators(self):
        """But not of the one who accused the inspectorate: he would be rid of it."""
        accused = [Command.set(self.other_opd.ids)]
        first, second, third = (
            self._misconduct(accused_unit_ids=accused),
            *(self._misconduct() for _ in range(2)),
        )
        second.with_user(self.operator).write({"accused_unit_ids": accused})
        third.with_user(self.operator).action_name_accused(unit_ids=self.other_opd.ids)
        for complaint in (first, second, third):
            with self.assertRefused("Whoever named"):
                complaint.with_user(self.operator).action_withdraw("Surat pelapor")
            complaint.with_user(self.operator2).action_withdraw("Surat pelapor")
            self.assertEqual(complaint.sudo().outcome, "withdrawn")

    def test_inspectorate_takes_in_misconduct_cases_only(self):
        own = self.env["lapor.complaint"].with_user(self.inspector)
        self.assertTrue(own.default_get(["is_misconduct"])["is_misconduct"])
        complainant = (
            self.env["lapor.complainant"].with_user(self.inspector).create({"name": "Sari"})
        )
        values = {"name": "Pungutan", "description": "Uang", "complainant_id": complainant.id}
        complaint = own.create({**values, "is_misconduct": True})
        self.assertTrue(self._sees(complaint, self.inspector))
        self.assertTrue(complaint.tracking_code)
        with self.assertRaises(AccessError):
            own.create({"name": "Jalan", "description": "Rusak", "is_misconduct": False})
        with self.assertRaises(AccessError):
            complaint.write({"description": "Lain"})

    def test_accused_taken_out_behind_the_program_is_noticed(self):
        complaint = self._misconduct()
        self.head_position.active = False
        complaint.with_user(self.operator).action_name_accused(
            unit_ids=self.opd.ids, position_ids=self.head_position.ids, user_ids=self.overseer.ids
        )

        def told():
            self.env.invalidate_all()
            broken = self.env["lapor.event"]._verify()["broken"]
            return {one["reason"] for one in broken if one["complaint_id"] == complaint.id}

        self.assertEqual(told(), set())
        # Who is archived since is still accused.
        self.overseer.active = False
        self.assertEqual(told(), set())
        for kind in ("unit", "position", "user"):
            with self.subTest(kind), self.env.cr.savepoint() as savepoint:
                self.env.cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE lapor_complaint_id = %s",
                        SQL.identifier(f"lapor_complaint_accused_{kind}_rel"),
                        complaint.id,
                    )
                )
                self.assertIn("words", told())
                savepoint.rollback()
        with self.env.cr.savepoint() as savepoint:
            self.env.cr.execute(
                "UPDATE lapor_complaint SET has_accused = FALSE WHERE id = %s", [complaint.id]
            )
            self.assertIn("changed", told())
            savepoint.rollback()
