from datetime import timedelta

import pytest
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import samples
from .papers import ROLES, PapersCase
from .role_table import ADD_A_LINE, CASES, OPERATIONS, PEOPLE, read_legend, rights_in


class _Undone(Exception):
    """Thrown after an attempt that went well, so that nothing of it stays."""


@tagged("post_install", "-at_install")
class TestAccess(PapersCase):
    """Access follows the position: every cell of the tables of roles, for every model."""

    def test_every_model_has_its_line(self):
        missing = self._models() - self._scopes().keys()
        self.assertFalse(missing, ADD_A_LINE % ", ".join(sorted(missing)))
        unknown = {name for name in self._scopes() if name not in self.env}
        self.assertFalse(unknown, "These models are in a roles.csv, but there are none such.")

    def test_table_speaks_the_words_of_its_legend(self):
        legend = read_legend()
        self.assertEqual(set(PEOPLE), legend["role"])
        for (model, scope), rights in self._role_table().items():
            with self.subTest(model=model, scope=scope):
                self.assertEqual(set(rights), legend["role"])
                self.assertIn(scope, legend["scope"])
                self.assertLessEqual(set("".join(rights.values())), legend["operation"])

    @pytest.mark.slow
    def test_rights_on_a_case_and_its_papers_are_those_of_the_table(self):
        for scope in CASES:
            complaint = self._case_of(scope)
            for model, paper in self._papers(complaint).items():
                self._assert_rights(paper, model, scope)

    def test_opened_identity_is_read_by_whom_it_is_for_as_the_table_says(self):
        complaint = self._case(is_anonymous=True)
        case = complaint.sudo()
        for person in ROLES:
            self.env["lapor.reveal"].create(
                {
                    "complaint_id": case.id,
                    "user_id": getattr(self, person).id,
                    "opened_by_id": self.head.id,
                    "reason": "Uji",
                    "date_until": fields.Datetime.now() + timedelta(hours=1),
                }
            )
        self._assert_rights(case.complainant_id, "lapor.complainant", "revealed")
        case.reveal_ids.date_until = fields.Datetime.now()
        self._assert_rights(case.complainant_id, "lapor.complainant", "anonymous")

    def test_rights_on_settings_are_those_of_the_table(self):
        records = self._records(self._case())
        self.assertEqual(set(records), self._models())
        for model, scopes in self._scopes().items():
            for scope in scopes & {"government", "common"}:
                record = records[model]
                if scope == "common" and record._may_be_common():
                    record = self._common(model, records)
                self._assert_rights(record, model, scope)

    def test_dialog_is_its_users_own(self):
        records = self._records(self._case())
        table = self._role_table()
        dialogs = {model for model in records if self.env[model]._transient}
        # Print jobs are their user's own too, but no dialogs: nobody creates one by hand.
        own_models = {model for model, scope in table if scope == "own"}
        self.assertEqual(dialogs, {model for model in own_models if self.env[model]._transient})
        for model in dialogs:
            for person, letters in self._by_person(table[model, "own"]).items():
                user = getattr(self, person)
                own = records[model].with_user(user)
                is_own = records[model].sudo().create_uid == user
                with self.subTest(model=model, person=person):
                    self.assertEqual(self._letters(own.browse()), letters)
                    self.assertEqual(self._letters(own), letters if is_own else "")

    def _case_of(self, scope):
        """A complaint of this kind, with every paper that it can have."""
        if scope == "new":
            return self._make_complaint().sudo()
        complaint = self._case(is_anonymous=scope == "anonymous", is_secret=scope == "secret")
        if scope == "misconduct":
            complaint.with_user(self.operator).is_misconduct = True
        return complaint.sudo()

    def _by_person(self, rights):
        return {person: rights[role] for role, people in PEOPLE.items() for person in people}

    def _letters(self, own):
        return "".join(letter for letter, name in OPERATIONS.items() if own.has_access(name))

    def _assert_rights(self, record, model, scope):
        """What the table says is what happens: asked for, searched for, and really done."""
        self.env.invalidate_all()
        table = self._role_table()
        rights = self._by_person(rights_in(table, model, scope))
        for person, letters in rights.items():
            own = record.with_user(getattr(self, person))
            with self.subTest(model=model, scope=scope, person=person):
                self.assertEqual(self._letters(own), letters)
                self.assertEqual(self._sees(record, own.env.user), "r" in letters)
                for letter, operation in self._to_attempt(table, model, scope):
                    if operation == "create" and person == "inspector":
                        # Whatever the record: it takes in new misconduct cases, and only these
                        # (test_accused.py).
                        continue
                    result = self._attempt(own, operation)
                    refused = "denied" if letter in letters else "done"
                    self.assertNotEqual(result, refused, operation)

    def _to_attempt(self, table, model, scope):
        """Operations to be really done: those of lines of their own. What is new belongs to no
        case yet, so that creating is no matter of an anonymous or a misconduct case."""
        if (model, scope) not in table:
            return []
        hidden = scope in ("secret", "anonymous", "misconduct", "revealed")
        return [(key, name) for key, name in OPERATIONS.items() if key != "c" or not hidden]

    def _attempt(self, own, operation):
        """Really do it.

        :returns: "done", "denied" for lack of rights, or "guarded": forbidden to everybody by
            the model itself (a rule of the domain, a constraint)
        """
        values = self._values(own)
        attempt = {
            "read": lambda: own.read(["display_name"]),
            "write": lambda: own.write(values),
            "create": lambda: own.create([values]),
            "unlink": own.unlink,
        }[operation]
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                attempt()
                self.env.flush_all()
                raise _Undone
        except _Undone:
            return "done"
        except AccessError:
            return "denied"
        except (UserError, IntegrityError):
            return "guarded"
        finally:
            self.env.invalidate_all()

    def _values(self, own):
        """What the record says, as values to write or to create another one with."""
        record = own.sudo()
        values = {}
        for name in samples.own_fields(record):
            field = record._fields[name]
            if field.type in ("many2many", "one2many", "binary") or not (
                field.required or field.type in ("char", "text")
            ):
                continue
            values[name] = field.convert_to_write(record[name], record)
        if record._common_records() and "company_id" in record._fields:
            values["company_id"] = False
        return values

    def test_portal_and_public_users_reach_no_model_at_all(self):
        for model in self._models():
            for user in (self.portal, self.public):
                own = self.env[model].with_user(user)
                with self.subTest(model=model, user=user.login):
                    self.assertFalse(self._letters(own))

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
                "note": "Tinjau",
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
