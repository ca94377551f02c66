from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import samples
from .governments import GovernmentsCase


class _Undone(Exception):
    """Thrown after an attempt that went well, so that nothing of it stays."""


@tagged("post_install", "-at_install")
class TestSharedLists(GovernmentsCase):
    """The administrator of one government changes nothing that others use, and nothing of theirs:
    tried for every model of the registry, with every field that leads there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.known = {
            "res.company": cls.neighbour,
            "res.users": cls.their_operator,
            "lapor.unit": cls.their_office,
            "lapor.position": cls.their_operator.lapor_position_ids,
        }

    def _attempt(self, act):
        """Really do it, and take it back.

        :returns: what it came to (the result of ``act``), or None when it was refused
        """
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                result = act()
                self.env.flush_all()
                raise _Undone
        except _Undone:
            return result if result is not None else True
        except (AccessError, UserError, IntegrityError, ValueError):
            return None
        finally:
            self.env.invalidate_all()

    def _assert_refused(self, act, words):
        with self.subTest(words):
            self.assertIsNone(self._attempt(act))

    def _of_both(self):
        """Records of all models: {model: of the first government}, {model: common}."""
        records = self._records(self._case())
        calendars = self.env["resource.calendar"]
        records["resource.calendar"] = calendars.create(
            {"name": "Jam mereka", "company_id": self.company.id}
        )
        shift = {"name": "Pagi", "dayofweek": "0", "hour_from": 8, "hour_to": 12}
        common_calendar = calendars.create({"name": "Jam umum", "company_id": False})
        common = {"resource.calendar": common_calendar}
        for calendar, of in ((records["resource.calendar"], records), (common_calendar, common)):
            calendar.attendance_ids = False
            of["resource.calendar.attendance"] = self.env["resource.calendar.attendance"].create(
                {**shift, "calendar_id": calendar.id}
            )
        for model in sorted(self._models()):
            if self.env[model]._may_be_common():
                common[model] = self._common(model, records)
        for model in ("lapor.role", "lapor.step.kind"):
            common[model] = self.env[model].search([], limit=1)
        return records, common

    def _writable(self, record):
        """A value for each field that a person could write."""
        return {
            name: record._fields[name].convert_to_write(record[name], record)
            for name in samples.own_fields(record)
            if record._fields[name].type not in ("one2many", "binary")
        }

    def test_no_list_without_government_is_written_by_administrators(self):
        """Where records have no government at all, only the system administrator writes."""
        rows = self.env["ir.model.access"].search(
            [("model_id.model", "=like", "lapor.%"), ("perm_write", "=", True)]
        )
        system = self.env.ref("base.group_system")
        for row in rows:
            model = self.env.get(row.model_id.model)
            if model is None or model._transient or row.group_id == system:
                continue
            followed = "complaint_id" in model._fields or any(
                "company_id" in (rule.domain_force or "")
                for rule in self.env["ir.rule"]._get_rules(model._name, "write")
            )
            with self.subTest(model=model._name):
                self.assertTrue(model._government_path() or followed)

    def test_common_records_are_read_only_below_the_system_administrator(self):
        _records, common = self._of_both()
        admin = self.env.ref("base.user_admin")
        admin.company_ids |= self.company | self.neighbour
        for model, record in common.items():
            own = self._from_there(record, self.their_admin)
            for name, value in self._writable(record.sudo()).items():
                if name == "unit_id" and model == "lapor.category":
                    continue
                self._assert_refused(
                    lambda own=own, name=name, value=value: own.write({name: value}),
                    f"{model}.{name}",
                )
            if "company_id" in record._fields:
                self._assert_refused(
                    lambda own=own: own.write({"company_id": self.neighbour.id}), f"{model} taken"
                )
                self._assert_refused(
                    lambda own=own: own.create(
                        [{**self._writable(own.sudo()), "company_id": False}]
                    ),
                    f"{model} made common",
                )
            self._assert_refused(own.unlink, f"{model} unlink")
            if "active" in own._fields:
                self._assert_refused(own.action_archive, f"{model} archive")
            boss = record.with_user(admin).with_context(allowed_company_ids=admin.company_ids.ids)
            self.assertTrue(boss.has_access("write"), model)

    def test_common_record_is_duplicated_for_the_own_government(self):
        _records, common = self._of_both()
        for model, record in common.items():
            if record._government_path() != "company_id":
                continue
            own = self._from_there(record, self.their_admin)
            with self.subTest(model=model):
                self.assertTrue(own.has_access("read"))
                copy = own.copy()
                self.assertEqual(copy.company_id, self.neighbour)
                if "active" in copy._fields:
                    copy.active = False
                defaults = own.browse().default_get(["company_id"])
                self.assertEqual(defaults["company_id"], self.neighbour.id)

    def test_nothing_of_another_government_is_reached_by_any_field(self):
        records, common = self._of_both()
        mine = self._own_records()
        tried = 0
        for record in mine.values():
            own = self._from_there(record, self.their_admin)
            for name, field in record._fields.items():
                if field.readonly and not field.related:
                    continue
                theirs = records.get(field.comodel_name)
                targets = [theirs] if theirs else []
                if field.comodel_name == "res.company":
                    targets = [self.company, self.company.browse()]
                if field.comodel_name == "res.users":
                    continue
                if field.type == "one2many" and field.comodel_name in common:
                    targets.append(common[field.comodel_name])
                shared = field.comodel_name in ("lapor.role", "lapor.step.kind")
                for target in () if shared and field.type != "one2many" else targets:
                    for values in self._leading(field, target.sudo()):
                        tried += 1
                        self._assert_untouched(own, name, values, target, field)
        self.assertGreater(tried, 60)

    def _own_records(self):
        """A record of the other government of each list that its administrator edits."""
        own_calendar = self.env["resource.calendar"].create(
            {"name": "Jam sendiri", "company_id": self.neighbour.id}
        )
        known = {**self.known, "resource.calendar": own_calendar}
        sop = self.env["lapor.sop"].create(
            {
                "name": "SOP Sebelah",
                "unit_id": self.their_office.id,
                "company_id": self.neighbour.id,
            }
        )
        known["lapor.sop"] = sop
        made = {**known}
        for model in sorted(self._models() - known.keys()):
            own = self._from_there(self.env[model], self.their_admin)
            if "government" not in self._scopes()[model] or own._is_paper():
                continue
            if not own.has_access("create") or not own.has_access("write"):
                continue
            parts = {**made, "lapor.role": self.env.ref("lapor_base.role_operator")}
            parts["lapor.step.kind"] = self.env["lapor.step.kind"].search([], limit=1)
            special = {
                "lapor.mail.address": {"name": "lain@sebelah.example"},
                "lapor.paraf.rule": {"position_id": self.known["lapor.position"].id},
                "lapor.sop.actor": {"name": "Lain"},
                "lapor.sop.transition": {"outcome": "handled"},
            }
            made[model] = samples.make(
                own.sudo(), parts, company_id=self.neighbour.id, **special.get(model, {})
            )
        return {model: made[model] for model in made if model not in ("res.company", "res.users")}

    def _leading(self, field, target):
        """Values by which a field would come to a record."""
        if field.type == "many2one":
            return [target.id]
        if field.type == "many2many":
            return [[Command.link(target.id)], [Command.set(target.ids)]]
        if field.type != "one2many":
            return []
        changes = {
            name: value
            for name, value in self._writable(target).items()
            if target._fields[name].type in ("char", "text")
        }
        return [
            [Command.link(target.id)],
            [Command.set(target.ids)],
            [Command.update(target.id, changes)],
            [Command.delete(target.id)],
        ]

    def _assert_untouched(self, own, name, values, target, field):
        # As in _compare: what a record of others says may not change, and none may be pointed to.
        before = self._said(target)

        def act():
            own.write({name: values})
            self.env.flush_all()
            self.env.invalidate_all()
            if field.type in ("many2one", "many2many"):
                now = own.sudo()[name]
                return bool(target <= now) if target else not now
            return self._said(target) != before

        with self.subTest(model=own._name, field=name, values=values):
            self.assertFalse(self._attempt(act))

    def _said(self, target):
        system = target.sudo().exists()
        return system.read(samples.own_fields(system)) if system else []

    def test_own_value_of_a_common_category_stays_each_government_s(self):
        common = self._common("lapor.category", {})
        own = self._from_there(common, self.their_admin)
        own.write({"unit_id": self.their_office.id})
        self.assertEqual(common.with_company(self.neighbour).unit_id, self.their_office)
        self.assertFalse(common.with_company(self.company).unit_id)
        with self.assertRaises(UserError):
            own.write({"unit_id": self.opd.id})
        with self.assertRaises(AccessError):
            own.write({"unit_id": self.their_office.id, "name": "Lain"})
        with self.assertRaises(AccessError):
            common.with_user(self.their_operator).write({"unit_id": self.their_office.id})
