import pytest

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from . import common
from .samples import BOOKKEEPING, sample

VALUES = {"name": "Jalan", "description": "Rusak"}

# What a caller may put in the context: none of it opens anything.
CONTEXT = {
    "install_mode": True,
    "import_file": True,
    "tracking_disable": True,
    "mail_notrack": True,
    "active_test": False,
    "lapor_engine": True,
    "force_write": True,
    "uid": 1,
    "su": True,
}


@tagged("post_install", "-at_install")
class TestGuards(common.LaporCase):
    """Where a complaint stands changes by doing its step, whoever tries what."""

    def _users(self):
        return (
            self.env.ref("base.user_root"),
            self.administrator,
            self.operator,
            self.head,
            self.engineer,
        )

    def test_fields_that_say_where_a_case_stands_are_all_guarded(self):
        """A new readonly field is guarded, or computed from guarded ones."""
        Complaint = self.env["lapor.complaint"]
        readonly = {
            name
            for name, field in Complaint._fields.items()
            if field.store
            and field._module == "lapor_base"
            and (field.readonly or field.type == "one2many")
            and name not in BOOKKEEPING
            and not name.startswith(("message_", "activity_", "website_"))
        }
        self.assertLessEqual(readonly, Complaint._engine_fields())

    def test_no_guarded_field_can_be_written_by_anybody(self):
        complaint = self._make_complaint()
        names = complaint._engine_fields() | {"received_at", "intake_unit_id"}
        for user in self._users():
            for case in (
                complaint.with_user(user),
                complaint.with_user(user).with_context(CONTEXT),
            ):
                for name in sorted(names):
                    with self.subTest(name, user=user.login), self.assertRaises(UserError):
                        case.write({name: sample(complaint, name)})
        self.assertEqual((complaint.phase, complaint.outcome), ("intake", False))

    def test_superuser_mode_opens_no_guarded_field(self):
        complaint = self._make_complaint()
        for name in complaint._engine_fields():
            with self.subTest(name), self.assertRaises(UserError):
                complaint.with_user(self.operator).sudo().write({name: False})

    def test_no_guarded_field_can_be_given_to_a_new_complaint(self):
        Complaint = self.env["lapor.complaint"]
        for user in (self.env.ref("base.user_root"), self.administrator, self.operator):
            for context in ({}, CONTEXT):
                for name in sorted(Complaint._engine_fields() - {"company_id"}):
                    own = Complaint.with_user(user).with_context(**context)
                    given = {**VALUES, name: sample(Complaint, name)}
                    with self.subTest(name, user=user.login), self.assertRaises(UserError):
                        own.create([given])

    def _defaults(self, other):
        """Values that a caller would like to see in new records, by model."""
        when = "2020-01-01 00:00:00"
        return {
            "lapor.complaint": {
                "phase": "closed",
                "outcome": "handled",
                "closed_at": when,
                "current_step_id": other.step_ids[0].id,
                "current_user_id": self.head.id,
                "sp4n_status": "done",
                "involved_unit_ids": self.other_opd.ids,
                "unit_id": self.other_opd.id,
                "sop_id": other.sop_id.id,
                "number": "UJI-1",
                "tracking_code": "AAAA-AAAA-AAAA",
                "step_ids": other.step_ids.ids,
                "response_ids": other.response_ids.ids,
                "event_ids": other.event_ids.ids,
            },
            "lapor.complaint.step": {
                "state": "done",
                "done_at": when,
                "done_by_id": self.head.id,
                "visit": 9,
                "note": "palsu",
                "started_at": when,
            },
            "lapor.response": {
                "state": "signed",
                "number": "1/2020",
                "signed_by_id": self.opd_head.id,
                "signed_at": when,
                "version": 9,
                "return_note": "palsu",
            },
            "lapor.event": {"at": when, "user_id": self.head.id, "hash": "0" * 64},
        }

    @pytest.mark.slow
    def test_defaults_of_the_caller_reach_nothing_that_acts_write(self):
        """Any caller may set default_… in the context, and store defaults for any field."""
        other = self._make_complaint()
        self._walk_to(other, None)
        self.sop.action_retire()
        self._make_sop(name="SOP Baru")
        for model, values in self._defaults(other).items():
            for name, value in values.items():
                with self.subTest(model=model, field=name):
                    with self.env.cr.savepoint() as savepoint:
                        self._assert_unmoved_by(model, name, value)
                        savepoint.rollback()
                    self.env.invalidate_all()
        self.assertEqual(other.outcome, "handled")
        self.assertEqual(len(other.step_ids), 5)

    def _assert_unmoved_by(self, model, name, value):
        before = fields.Datetime.now()
        for user in (self.operator, self.engineer):
            if self.env[model]._fields[name].type not in ("one2many", "many2many"):
                self.env["ir.default"].with_user(user).set(model, name, value, user_id=True)
        complaint = (
            self.env["lapor.complaint"]
            .with_user(self.operator)
            .with_context(**{f"default_{name}": value})
            .create([{**VALUES, "category_id": self.category.id}])
        )
        complaint = self.env["lapor.complaint"].browse(complaint.id)
        self._assert_fresh(complaint)
        complaint.is_anonymous = True
        self._walk_to(complaint, "3")
        self._advance(
            complaint.with_context(**{f"default_{name}": value}),
            self.engineer,
            response={"body": "<p>Sudah</p>"},
        )
        self.env.invalidate_all()
        response = {"state": "submitted", "number": False, "signed_by_id": False, "version": 1}
        self.assertRecordValues(
            complaint.response_ids, [{**response, "signed_at": False, "return_note": False}]
        )
        visit = {"state": "open", "done_at": False, "done_by_id": False, "note": False, "visit": 1}
        self.assertRecordValues(complaint.current_step_id, [{**visit, "user_id": self.opd_head.id}])
        self.assertGreaterEqual(min(complaint.step_ids.mapped("started_at")), before)
        self.assertGreaterEqual(min(complaint.event_ids.mapped("at")), before)
        self.assertFalse(self.env["lapor.event"]._verify_chains(complaint))

    def _assert_fresh(self, complaint):
        self.env.invalidate_all()
        self.assertRecordValues(
            complaint,
            [
                {
                    "phase": "intake",
                    "outcome": False,
                    "closed_at": False,
                    "unit_id": False,
                    "sp4n_status": "waiting",
                    "current_user_id": self.operator.id,
                    "involved_unit_ids": self.manager.ids,
                    "response_ids": [],
                }
            ],
        )
        self.assertEqual(complaint.sop_id.name, "SOP Baru")
        self.assertRegex(complaint.number, r"^UJI-\d{4}-\d{5}$")
        self.assertNotEqual(complaint.tracking_code, "AAAA-AAAA-AAAA")
        self.assertRecordValues(
            complaint.step_ids,
            [
                {
                    "state": "open",
                    "done_at": False,
                    "done_by_id": False,
                    "visit": 1,
                    "note": False,
                    "user_id": self.operator.id,
                }
            ],
        )
        self.assertEqual(complaint.current_step_id, complaint.step_ids)
        self.assertEqual(len(complaint.activity_ids), 1)

    def test_archived_documents_and_positions_stay_out_whatever_the_caller_says(self):
        archived = self._make_sop(name="Arsip", valid_from="2020-01-01")
        archived.active = False
        self.opd_head_position.active = False
        self._make_position("Kepala Baru", self.opd, "kepala_opd", self.outsider)
        complaint = self._make_complaint().with_context(active_test=False)
        self.assertEqual(complaint.sop_id, self.sop)
        complaint = complaint.create([{**VALUES, "category_id": self.category.id}])
        self.assertEqual(complaint.sop_id, self.sop)
        complaint.is_anonymous = True
        self._walk_to(complaint, "4")
        self.assertEqual(complaint.current_user_id, self.outsider)

    def test_no_paper_of_a_case_can_be_made_or_changed_apart_from_its_step(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, None)
        papers = (
            complaint.step_ids[0],
            complaint.disposition_ids,
            complaint.disposition_ids.line_ids,
            complaint.response_ids,
            complaint.response_ids.version_ids,
            complaint.response_ids.agenda_id,
            complaint.event_ids[0],
        )
        for paper in papers:
            for user in self._users()[1:]:
                own = paper.with_user(user)
                with self.subTest(paper._name, user=user.login):
                    for attempt in (
                        lambda own=own: own.write({"create_date": "2020-01-01 00:00:00"}),
                        lambda own=own: own.unlink(),
                        lambda own=own: own.create([{"complaint_id": complaint.id}]),
                        lambda own=own: own.copy(),
                    ):
                        with self.assertRaises(UserError):
                            attempt()

    def test_papers_cannot_be_reached_through_the_complaint(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, None)
        for name in ("step_ids", "disposition_ids", "response_ids", "event_ids"):
            for command in (
                Command.delete(complaint[name][0].id),
                Command.update(complaint[name][0].id, {"create_date": "2020-01-01 00:00:00"}),
                Command.clear(),
                Command.create({}),
            ):
                for case in (complaint.with_user(self.operator), complaint.sudo()):
                    with self.assertRaises(UserError):
                        case.write({name: [command]})

    def test_complaint_is_neither_deleted_nor_duplicated_by_anybody(self):
        complaint = self._make_complaint()
        for case in [complaint.with_user(user) for user in self._users()] + [complaint.sudo()]:
            with self.assertRaises(UserError):
                case.unlink()
            with self.assertRaises(UserError):
                case.copy()
            with self.assertRaises(UserError):
                case.copy({"name": "Lain"})
        self.assertTrue(complaint.exists())

    def test_import_and_form_go_the_same_way(self):
        complaint = self._make_complaint().with_user(self.operator)
        with self.assertRaises(UserError):
            complaint.web_save({"phase": "closed"}, {})
        result = complaint.load(
            ["name", "description", "phase", "outcome"], [["Jalan", "Rusak", "Closed", "Handled"]]
        )
        self.assertFalse(result["ids"])
        self.assertTrue(result["messages"])
        result = complaint.load([".id", "phase"], [[str(complaint.id), "Closed"]])
        self.assertFalse(result["ids"])
        self.assertEqual(complaint.phase, "intake")
