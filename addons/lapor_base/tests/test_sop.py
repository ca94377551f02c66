from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import common
from .samples import own_fields, sample

PARTS = ("lapor.sop.line", "lapor.sop.actor", "lapor.sop.step", "lapor.sop.transition")


@tagged("post_install", "-at_install")
class TestSopDocument(common.LaporCase):
    """A document in force cannot change, in no part and for nobody; a draft can."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.regulation = cls.env["lapor.regulation"].create({"name": "Perbup Uji 1/2020"})
        cls.draft = cls._make_sop(name="SOP Lengkap", activate=False)
        cls.line = cls.env["lapor.sop.line"].create(
            {
                "sop_id": cls.draft.id,
                "section": "legal_basis",
                "label": "1.",
                "text": "Perbup Uji",
                "regulation_id": cls.regulation.id,
            }
        )

    def _parts(self, sop):
        return {
            "lapor.sop.line": sop.line_ids[0],
            "lapor.sop.actor": sop.actor_ids[0],
            "lapor.sop.step": sop.step_ids[0],
            "lapor.sop.transition": sop.transition_ids[0],
        }

    def _users(self):
        return (self.env.ref("base.user_root"), self.administrator)

    def test_draft_may_be_edited_in_every_part(self):
        draft = self.draft.with_user(self.administrator)
        draft.write({"name": "Nama Baru", "printed_total": "9 hari"})
        draft.step_ids[0].write({"name": "Terima aduan", "allowance_amount": 7})
        draft.transition_ids[0].name = "Teruskan"
        draft.line_ids[0].text = "Perbup lain"
        draft.actor_ids[0].name = "Pelaksana"
        draft.line_ids.unlink()
        draft.step_ids[-1].unlink()
        self.assertEqual(draft.step_ids[0].allowance_amount, 7)
        self.assertEqual(len(draft.step_ids), 4)
        self.assertFalse(draft.line_ids)

    def test_no_field_of_a_document_in_force_can_be_written(self):
        self.draft.action_activate()
        names = own_fields(self.draft, without=self.draft._editable_fields())
        self.assertIn("printed_total", names)
        self.assertIn("step_ids", names)
        for user in self._users():
            for name in names:
                with self.subTest(field=name, user=user.login), self.assertRaises(UserError):
                    self.draft.with_user(user).write({name: sample(self.draft, name)})

    def test_no_field_of_a_part_in_force_can_be_written(self):
        self.draft.action_activate()
        for model, part in self._parts(self.draft).items():
            for user in self._users():
                for name in own_fields(part):
                    case = {"model": model, "field": name, "user": user.login}
                    with self.subTest(**case), self.assertRaises(UserError):
                        part.with_user(user).write({name: sample(part, name)})

    def test_no_part_of_a_document_in_force_can_be_removed(self):
        self.draft.action_activate()
        for model, part in self._parts(self.draft).items():
            for user in self._users():
                with self.subTest(model=model, user=user.login), self.assertRaises(UserError):
                    part.with_user(user).unlink()
        with self.assertRaises(UserError):
            self.draft.with_user(self.administrator).unlink()

    def test_no_part_can_be_added_to_a_document_in_force(self):
        self.draft.action_activate()
        for model, part in self._parts(self.draft).items():
            values = part.copy_data()[0]
            for user in self._users():
                with self.subTest(model=model, user=user.login), self.assertRaises(UserError):
                    self.env[model].with_user(user).create([values])
                with self.subTest(model=model, user=user.login), self.assertRaises(UserError):
                    part.with_user(user).copy()

    def test_no_part_can_be_carried_into_or_out_of_a_document_in_force(self):
        draft = self._make_sop(name="SOP Lain", activate=False)
        line = self.line.copy({"sop_id": draft.id})
        active = self.draft
        active.action_activate()
        for move in (
            lambda: active.step_ids[0].write({"sop_id": draft.id}),
            lambda: draft.step_ids[0].write({"sop_id": active.id}),
            lambda: active.line_ids[0].write({"sop_id": draft.id}),
            lambda: line.write({"sop_id": active.id}),
            lambda: active.actor_ids[0].write({"sop_id": draft.id}),
            lambda: draft.actor_ids[0].write({"sop_id": active.id}),
            lambda: active.transition_ids[0].write({"step_id": draft.step_ids[0].id}),
            lambda: draft.transition_ids[0].write({"step_id": active.step_ids[0].id}),
            lambda: draft.write({"step_ids": [Command.link(active.step_ids[0].id)]}),
            lambda: draft.write(
                {"step_ids": [Command.update(active.step_ids[0].id, {"name": "Lain"})]}
            ),
            lambda: draft.write({"actor_ids": [Command.delete(active.actor_ids[0].id)]}),
            lambda: draft.step_ids[0].write(
                {"transition_ids": [Command.link(active.transition_ids[0].id)]}
            ),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                move()
            self.env.invalidate_all()

    def test_arrow_cannot_lead_into_another_document_or_back_to_its_step(self):
        other = self._make_sop(name="SOP Lain", activate=False)
        arrow, step = self.draft.transition_ids[0], self.draft.step_ids[0]
        for target in (other.step_ids[1], step):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                arrow.to_step_id = target
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            step.actor_id = other.actor_ids[0]

    @mute_logger("odoo.sql_db")
    def test_arrow_leads_to_a_step_or_to_an_outcome_never_both_or_none(self):
        arrow = self.draft.transition_ids[0]
        for values in ({"outcome": "handled"}, {"to_step_id": False}):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                arrow.write(values)
                arrow.flush_recordset()
            arrow.invalidate_recordset()

    @mute_logger("odoo.sql_db")
    def test_what_a_document_in_force_refers_to_cannot_be_deleted(self):
        role = self.env.ref("lapor_base.role_admin_layanan").copy({"code": "uji", "name": "Uji"})
        category = self.category.copy({"name": "Kategori uji"})
        kind = self.env.ref("lapor_base.kind_confirm").copy({"code": "uji"})
        self.draft.category_ids = category
        self.draft.actor_ids[0].role_id = role
        self.draft.transition_ids[0].demand_ids = kind
        self.draft.action_activate()
        for record in (role, category, kind, self.regulation):
            refused = self.assertRaises(IntegrityError)
            with self.subTest(record._name), refused, self.env.cr.savepoint():
                record.unlink()
            self.env.invalidate_all()

    def test_kind_of_a_step_in_force_keeps_its_meaning(self):
        """The code of a kind says which evidence completes the step."""
        kind = self.env.ref("lapor_base.kind_sign")
        with self.assertRaises(UserError):
            kind.code = "intake"
        kind.call_to_action = "Bubuhkan tanda tangan"
        # All governments share it: below the system administrator nobody changes it.
        with self.assertRaises(AccessError):
            kind.with_user(self.administrator).call_to_action = "Tanda tangani"
        unused = self.env["lapor.step.kind"].create(
            {"name": "Uji", "code": "uji", "call_to_action": "Uji"}
        )
        unused.code = "uji2"

    def test_last_day_and_archive_stay_editable_in_force(self):
        self.draft.action_activate()
        self.draft.write({"valid_to": "2030-12-31", "active": False})
        self.assertEqual(self.draft.valid_to, date(2030, 12, 31))

    def test_last_day_before_the_first_is_refused(self):
        with self.assertRaises(ValidationError):
            self.draft.write({"valid_from": "2026-02-01", "valid_to": "2026-01-31"})

    def test_negative_time_is_refused(self):
        for name in ("allowance_amount", "extension_amount"):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.draft.step_ids[0][name] = -1

    # State and versions

    def test_state_changes_by_its_buttons_only(self):
        contexts = ({}, {"install_mode": True}, {"state": "active"}, {"force": True})
        for context in contexts:
            for user in self._users():
                sop = self.draft.with_user(user).with_context(**context)
                for values in ({"state": "active"}, {"version": 9}, {"previous_id": self.sop.id}):
                    with self.assertRaises(UserError):
                        sop.write(values)
                for values in ({"state": "active"}, {"previous_id": self.sop.id}, {"version": 9}):
                    with self.assertRaises(UserError):
                        sop.create([{"name": "Baru", "unit_id": self.manager.id, **values}])
        self.assertEqual(self.draft.state, "draft")

    def test_only_administrators_activate_retire_and_revise(self):
        for user in (self.operator, self.head):
            with self.assertRaises(AccessError):
                self.draft.with_user(user).action_activate()
            with self.assertRaises(AccessError):
                self.sop.with_user(user).action_retire()
            with self.assertRaises(AccessError):
                self.sop.with_user(user).action_revise()
        self.draft.with_user(self.administrator).action_activate()
        self.assertEqual(self.draft.state, "active")

    def test_buttons_refuse_the_wrong_state(self):
        with self.assertRaises(UserError):
            self.sop.action_activate()
        with self.assertRaises(UserError):
            self.draft.action_retire()
        with self.assertRaises(UserError):
            self.draft.action_revise()
        self.sop.action_retire()
        with self.assertRaises(UserError):
            self.sop.action_retire()

    def test_document_that_cannot_run_is_not_activated(self):
        empty = self.env["lapor.sop"].create({"name": "Kosong", "unit_id": self.manager.id})
        with self.assertRefused("no steps"):
            empty.action_activate()
        self.draft.step_ids[2].role_id = False
        with self.assertRefused("No role is known for step 3"):
            self.draft.action_activate()
        self.draft.step_ids[2].role_id = self.env.ref("lapor_base.role_admin_opd")
        self.draft.step_ids[4].transition_ids.unlink()
        with self.assertRefused("No way leads from step 5"):
            self.draft.action_activate()
        self.assertEqual(self.draft.state, "draft")

    def test_second_revision_is_refused_while_one_is_open(self):
        revision = self.env["lapor.sop"].browse(self.sop.action_revise()["res_id"])
        with self.assertRefused("newer version"):
            self.sop.action_revise()
        revision.action_activate()
        self.assertEqual((self.sop.state, revision.state), ("retired", "active"))
        third = self.env["lapor.sop"].browse(revision.action_revise()["res_id"])
        self.assertEqual((third.version, third.previous_id), (3, revision))

    def test_retired_document_stays_immutable(self):
        self.sop.action_retire()
        with self.assertRaises(UserError):
            self.sop.name = "Lain"
        with self.assertRaises(UserError):
            self.sop.step_ids[0].name = "Lain"
        with self.assertRaises(UserError):
            self.sop.unlink()

    def test_revision_copies_every_cell(self):
        sop = self._filled_sop()
        sop.action_activate()
        revision = self.env["lapor.sop"].browse(sop.action_revise()["res_id"])
        self.assertEqual((revision.state, revision.version), ("draft", 2))
        self.assertFalse(revision.valid_from or revision.valid_to)
        new = {"state", "version", "previous_id", "valid_from", "valid_to", "sop_id", "step_id"}
        self.assertEqual(self._cells(revision, new), self._cells(sop, new))
        for name in ("line_ids", "actor_ids", "step_ids", "transition_ids"):
            self.assertEqual(len(revision[name]), len(sop[name]), name)
            self.assertFalse(revision[name] & sop[name], name)
            for copied, original in zip(revision[name], sop[name], strict=True):
                self.assertEqual(self._cells(copied, new), self._cells(original, new))
        self.assertEqual(
            [(arrow.step_id.number, arrow.to_step_id.number) for arrow in revision.transition_ids],
            [(arrow.step_id.number, arrow.to_step_id.number) for arrow in sop.transition_ids],
        )

    def _filled_sop(self):
        """A draft with something in every cell."""
        sop = self._make_sop(name="SOP Penuh", activate=False)
        self.line.copy({"sop_id": sop.id})
        company = {"company_id", "unit_id", "active", "classification", "total_style"}
        for record in (sop, sop.line_ids, sop.actor_ids[0], sop.step_ids[0], sop.transition_ids[0]):
            for name in own_fields(record):
                field = record._fields[name]
                if name in company or field.required or field.relational or record[name]:
                    continue
                if name not in ("state", "valid_to", "outcome"):
                    record[name] = sample(record, name)
        sop.category_ids = self.category
        step = sop.step_ids[0]
        step.alternative_role_id = self.env.ref("lapor_base.role_operator")
        step.actor_note_actor_id = sop.actor_ids[1]
        sop.transition_ids[0].demand_ids = self.env.ref("lapor_base.kind_confirm")
        return sop

    def _cells(self, record, without):
        """What stands in each cell; parts of the document by their place, not their id."""
        cells = {}
        for name in own_fields(record, without):
            field, value = record._fields[name], record[name]
            if field.comodel_name in (*PARTS, "lapor.sop"):
                value = [(part._name, part.display_name) for part in value]
            cells[name] = value
        self.assertGreater(len(cells), 4)
        return cells

    # Total and oddities

    def test_total_is_added_in_the_document_s_own_manner(self):
        self.assertEqual(self.draft.computed_total, "7 hari 2 jam 30 menit")
        self.draft.step_ids.filtered(lambda step: step.number in ("3", "4")).write(
            {"allowance_unit": "hour"}
        )
        self.draft.total_style = "minutes"
        self.assertEqual(self.draft.computed_total, str(60 + 60 + 5 * 60 + 2 * 60 + 30))

    def test_oddities_follow_the_document(self):
        self.draft.printed_total = "8 hari"
        self.draft.step_ids[1].number = "1"
        self.regulation.replaced_by_id = self.env["lapor.regulation"].create({"name": "Baru"})
        self.env.invalidate_all()
        codes = [oddity["code"] for oddity in self.draft.oddity_ids]
        self.assertEqual(codes, ["number_double", "number_missing", "total_differs", "superseded"])
        self.assertEqual(self.draft.oddity_count, 4)
        self.assertFalse(any(oddity["blocking"] for oddity in self.draft.oddity_ids))
        self.draft.printed_total = "7 HARI  2 jam 30 menit"
        self.draft.step_ids[1].number = "2"
        self.assertEqual([oddity["code"] for oddity in self.draft.oddity_ids], ["superseded"])

    def test_every_oddity_has_a_sentence(self):
        sop = self.draft
        sop.step_ids[0].write({"number": "7", "role_id": False, "allowance_amount": 0})
        sop.step_ids[1].number = ""
        sop.step_ids[2].number = "5"
        sop.transition_ids.filtered(lambda arrow: arrow.kind == "close").outcome = "insufficient"
        sop.step_ids[3].transition_ids.unlink()
        self.regulation.replaced_by_id = self.env["lapor.regulation"].create({"name": "Baru"})
        self.env.invalidate_all()
        found = {oddity["code"]: oddity["text"] for oddity in sop.oddity_ids}
        self.assertEqual(
            set(found),
            {
                "number_double",
                "number_empty",
                "number_missing",
                "number_order",
                "no_role",
                "no_allowance",
                "total_not_printed",
                "rejects_incomplete",
                "unreachable",
                "dead_end",
                "superseded",
            },
        )
        for text in found.values():
            self.assertRegex(text, r"^[A-Z\d].*\.$")
            self.assertNotIn("%(", text)

    def test_unsaved_document_can_be_checked(self):
        """The form asks while the document is being typed."""
        kind = self.env.ref("lapor_base.kind_register")
        virtual = self.env["lapor.sop"].new(
            {
                "name": "Baru",
                "step_ids": [
                    Command.create({"number": number, "short_name": "Uji", "kind_id": kind.id})
                    for number in ("1", "1", False)
                ],
            }
        )
        codes = {oddity["code"] for oddity in virtual.oddity_ids}
        self.assertLessEqual({"number_double", "number_empty", "no_role", "dead_end"}, codes)
