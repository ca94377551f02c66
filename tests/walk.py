"""A world with planted words, everybody who could ask for them, and dice that ask.

Everything goes by the registry and by the table of routes: a new model, method, field, report or
route is asked by itself. Who may know a word is asked of the record (``has_access``), once, before
the walk; that this is what the table of roles says is another test (``test_access.py``).
"""

import inspect
import json
import os
import random
from collections import Counter
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import new_test_user
from odoo.tools import SQL, mute_logger

from odoo.addons.lapor_base.tests.leaks import LeaksCase

SEED = int(os.environ.get("LAPOR_WALK_SEED", "1"))
IDENTITY = "Zqxidentitas"
WORDS = {"misconduct": "Zqxpengawasan", "secret": "Zqxterbatas", "open": "Zqxterbuka"}
#: What is tried by nobody: it ends the database or the session, or opens an identity by right.
NOT_TRIED = ("action_reveal_identity", "action_hide_identity", "init", "fetch_mail", "browse")
#: Models of the core that hang on cases.
OF_THE_CORE = (
    *("mail.message", "mail.activity", "mail.followers", "mail.notification", "ir.attachment"),
    *(
        "mail.scheduled.message",
        "mail.tracking.value",
        "res.users",
        "res.partner",
        "mail.compose.message",
    ),
    *(
        "ir.actions.report",
        "mail.message.subtype",
        "bus.bus",
        "snailmail.letter",
        "mail.activity.schedule",
    ),
)
ROLES_THERE = ("admin_layanan", "kepala_dinas", "tim_koordinasi", "apip", "admin_opd")


class Undone(Exception):
    """Takes back what a call did."""


class WalkCase(LeaksCase):
    """Plants a case of each kind and asks for it; ``SEED`` makes each walk repeatable."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = {
            **cls.people,
            "opd_admin": cls.opd_admin,
            "opd_head": cls.opd_head,
            **cls._neighbours(),
        }
        cls("run")._planted()
        cls.env.invalidate_all()
        #: Words that each person may not read, and cases that he may not read.
        cls.hidden, cls.shut = {}, {}
        for person, user in cls.people.items():
            model = cls._own("lapor.complaint", user)
            may = {
                kind
                for kind, case in cls.cases.items()
                if model.has_access("read") and model.browse(case.id).has_access("read")
            }
            cls.shut[person] = {case.id for kind, case in cls.cases.items() if kind not in may}
            cls.hidden[person] = [IDENTITY] + [
                word for kind, word in WORDS.items() if kind not in may
            ]
        cls.rows = cls._rows_of_cases()

    @classmethod
    def _own(cls, model, user):
        """A model as a person meets it, in all of his own governments."""
        return cls.env[model].with_user(user).with_context(allowed_company_ids=user.company_ids.ids)

    @classmethod
    def _neighbours(cls):
        company = cls.env["res.company"].create({"name": "Pemkab Sebelah", "lapor_code": "SBL"})
        cls.env.user.company_ids += company
        office = cls.env["lapor.unit"].create(
            {"name": "Sebelah", "code": "SBLH", "kind": "manager", "company_id": company.id}
        )
        own = {"company_id": company.id, "company_ids": [Command.set(company.ids)]}
        people = {}
        for role in ROLES_THERE:
            people[f"their {role}"] = user = new_test_user(
                cls.env, f"walker_{role}", groups="base.group_user", **own
            )
            cls._make_position(role, office, role, user)
        people["their administrator"] = new_test_user(
            cls.env, "walker_admin", groups="base.group_user,lapor_base.group_lapor_admin", **own
        )
        return people

    def _planted(self):
        cls = type(self)
        cls.cases = {kind: self._plant_case(word) for kind, word in WORDS.items()}
        cls.cases["misconduct"].with_user(self.operator).is_misconduct = True
        cls.cases["secret"].with_user(self.operator).is_secret = True
        complainant = self.env["lapor.complainant"].create(
            {"name": f"{IDENTITY} Sari", "email": f"{IDENTITY}@warga.example"}
        )
        cls.cases["anonymous"] = self._walk_to(
            self._make_complaint(complainant_id=complainant.id, is_anonymous=True), "5"
        ).sudo()
        self._plant(complainant.sudo(), IDENTITY)
        self.flush_tracking()
        self.env.flush_all()

    @classmethod
    def _rows_of_cases(cls):
        """{model: {id of a row: id of its case}}, of every model that holds or points to them."""
        rows = {"lapor.complaint": {case.id: case.id for case in cls.cases.values()}}
        ids = list(rows["lapor.complaint"])
        for name, model in cls.env.registry.items():
            own = cls.env[name].sudo().with_context(active_test=False)
            if model._abstract or model._transient:
                continue
            if "complaint_id" in model._fields and name.startswith("lapor."):
                found = own.search([("complaint_id", "in", ids)])
                rows[name] = {record.id: record.complaint_id.id for record in found}
            for field in ("model", "res_model"):
                if (
                    field in model._fields
                    and "res_id" in model._fields
                    and name.startswith("mail.")
                ):
                    found = own.search([(field, "=", "lapor.complaint"), ("res_id", "in", ids)])
                    rows[name] = {record.id: record.res_id for record in found}
        messages = rows["mail.message"]
        for name in ("mail.notification", "mail.tracking.value"):
            found = cls.env[name].sudo().search([("mail_message_id", "in", list(messages))])
            rows[name] = {record.id: messages[record.mail_message_id.id] for record in found}
        return rows

    # ------------------------------------------------------------
    # WHAT MUST NOT BE
    # ------------------------------------------------------------

    def leaked(self, person, shown):
        """Words in what came out that this person may not know."""
        text = shown if isinstance(shown, str) else json.dumps(shown, default=str)
        return [word for word in self.hidden[person] if word in text]

    def found_rows(self, person, model, shown):
        """Rows of shut cases whose existence a search or a reading told."""
        shut, rows = self.shut[person], self.rows.get(model, {})
        items = shown if isinstance(shown, list) else ()
        ids = {item.get("id") for item in items if isinstance(item, dict)}
        ids |= {item for item in items if isinstance(item, int)}
        return {row for row in ids if isinstance(row, int) and rows.get(row) in shut}

    def let_in(self):
        """Partners that follow, are told of or have a task in a case that they may not read."""
        wrong = []
        by_partner = {user.partner_id.id: name for name, user in self.people.items()}
        self.env.flush_all()
        for what, query in (
            ("follows", "SELECT partner_id, res_id FROM mail_followers WHERE res_model = %s"),
            (
                "is told of",
                "SELECT n.res_partner_id, m.res_id FROM mail_notification n "
                "JOIN mail_message m ON m.id = n.mail_message_id WHERE m.model = %s",
            ),
            (
                "has a task in",
                "SELECT u.partner_id, a.res_id FROM mail_activity a "
                "JOIN res_users u ON u.id = a.user_id WHERE a.active AND a.res_model = %s",
            ),
        ):
            for partner_id, res_id in self.env.execute_query(SQL(query, "lapor.complaint")):
                person = by_partner.get(partner_id)
                if person and res_id in self.shut[person]:
                    wrong.append(f"{person} {what} a case that is shut")
        return wrong

    def mailed(self):
        """Mails to staff about hidden cases that tell more than their number."""
        wrong = []
        hushed = [self.cases[kind].id for kind in ("misconduct", "secret", "anonymous")]
        mails = (
            self.env["mail.mail"]
            .sudo()
            .search(
                [
                    ("model", "=", "lapor.complaint"),
                    ("res_id", "in", hushed),
                    ("id", ">", self.mail_floor),
                    ("recipient_ids", "!=", False),
                ]
            )
        )
        for mail in mails:
            for values in mail._prepare_outgoing_list():
                text = str({name: value for name, value in values.items() if name != "partner_id"})
                if "Zqx" in text or "X-Odoo" in text:
                    wrong.append("a mail to staff tells of a hidden case")
        return wrong

    # ------------------------------------------------------------
    # CALLS
    # ------------------------------------------------------------

    def methods(self):
        """Every public method of every model that holds or points to cases: (model, name)."""
        found = []
        for name, model in sorted(self.env.registry.items()):
            if model._abstract or not (name.startswith("lapor.") or name in OF_THE_CORE):
                continue
            for attribute in sorted(dir(model)):
                if attribute.startswith("_") or attribute in NOT_TRIED:
                    continue
                function = inspect.getattr_static(model, attribute)
                function = getattr(function, "__func__", function)
                if inspect.isfunction(function) and not getattr(function, "_api_private", False):
                    found.append((name, attribute, function))
        return found

    def walk(self, size):
        """Make ``size`` calls, of random persons with random values, each taken back.

        :returns: (Counter of what became of them, set of what must not be)
        """
        dice = random.Random(SEED)
        methods = self.methods()
        wrong, fates = set(), Counter()
        mail_ids = self.env.execute_query(SQL("SELECT COALESCE(MAX(id), 0) FROM mail_mail"))
        self.mail_floor = mail_ids[0][0]
        people = sorted(self.people)
        plan = self._plan(methods)
        for turn in range(size):
            name, attribute, function = plan[turn] if turn < len(plan) else dice.choice(methods)
            person = people[turn % len(people)] if turn < len(plan) else dice.choice(people)
            fate = self._call(dice, person, name, attribute, function, wrong)
            fates[fate] += 1
        fates["methods"] = len(methods)
        return fates, wrong

    def _plan(self, methods):
        """The first calls: each method of the core that people let others in by, many times."""
        ways = {
            ("lapor.complaint", "message_post"),
            ("lapor.complaint", "message_subscribe"),
            ("lapor.complaint", "message_notify"),
            ("lapor.complaint", "activity_schedule"),
            ("mail.followers", "search_read"),
            ("mail.followers", "read"),
            ("mail.notification", "search_read"),
            ("lapor.complaint", "message_get_followers"),
        }
        return [method for method in methods if method[:2] in ways] * (2 * len(self.people))

    def _call(self, dice, person, name, attribute, function, wrong):
        user = self.people[person]
        args, kwargs = self.arguments(dice, name, attribute, function)
        place = f"{person}: {name}.{attribute}"
        fate = "refused"
        try:
            with (
                self.env.cr.savepoint(flush=False),
                mute_logger("odoo.sql_db", "odoo.models", "odoo.addons.base.models.ir_rule"),
            ):
                own = self._own(name, user)
                try:
                    shown = call_kw(own, attribute, args, kwargs)
                    self.env.flush_all()
                except Exception as error:  # whatever is said is looked through
                    shown = str(error)
                    fate = "refused" if isinstance(error, AccessError) else "failed"
                    raise
                finally:
                    for word in self.leaked(person, self._told_by(shown)):
                        wrong.add(f"{place} tells {word}")
                fate = "done"
                if self.found_rows(person, name, shown) and attribute not in ECHOES:
                    wrong.add(f"{place} tells that rows of a shut case exist")
                if attribute not in READING:
                    wrong.update(f"{place}: {one}" for one in self.let_in() + self.mailed())
                    if changed := self._changed(person):
                        wrong.add(f"{place} writes to {changed}")
                raise Undone
        except Undone:
            pass
        except Exception:
            # The database may have ended its transaction's part; nothing of it stays.
            pass
        self.env.invalidate_all(flush=False)
        self.env.transaction.clear()
        if self.env.registry.cache_invalidated:
            self.env.registry.clear_all_caches()
            self.env.registry.cache_invalidated.clear()
        return fate

    def _told_by(self, shown):
        return getattr(shown, "decode", lambda *_a: shown)() if isinstance(shown, bytes) else shown

    def _changed(self, person):
        """Tables in which a call changed rows of cases that this person may not read."""
        before, now = self.first_marks[person], self._marks(person)
        return sorted(name for name, mark in now.items() if mark != before[name])

    def _marks(self, person):
        """A fingerprint of the rows that are shut to a person: {model: fingerprint}."""
        self.env.flush_all()
        parts = []
        for name, rows in self.rows.items():
            ids = tuple(row for row, case in rows.items() if case in self.shut[person])
            if ids and name.startswith("lapor.") and self.env[name]._auto:
                parts.append(
                    SQL(
                        "SELECT %s, md5(string_agg(t::text, '|' ORDER BY id)) FROM %s t "
                        "WHERE id IN %s",
                        name,
                        SQL.identifier(self.env[name]._table),
                        ids,
                    )
                )
        return dict(self.env.execute_query(SQL(" UNION ALL ").join(parts))) if parts else {}

    def keep_marks(self):
        """Note how the rows of cases are, before the walk."""
        self.first_marks = {person: self._marks(person) for person in self.people}

    # ------------------------------------------------------------
    # VALUES
    # ------------------------------------------------------------

    def arguments(self, dice, name, attribute, function):
        """Values for a call: by the names of its parameters, else at random."""
        rows = list(self.rows.get(name, ()))
        args = []
        if not getattr(function, "_api_model", False):
            args.append([dice.choice(rows)] if rows and dice.random() < 0.9 else rows[:3])
        kwargs = {}
        parameters = list(inspect.signature(function).parameters.values())[1:]
        for parameter in parameters:
            if parameter.kind is parameter.VAR_POSITIONAL:
                continue
            if parameter.kind is parameter.VAR_KEYWORD:
                if attribute in ("message_post", "message_notify", "activity_schedule"):
                    kwargs.update(self._of_message(dice, attribute))
                continue
            if parameter.default is not parameter.empty and dice.random() < 0.4:
                continue
            kwargs[parameter.name] = self.value(dice, name, parameter.name)
        return args, kwargs

    def _of_message(self, dice, attribute):
        if attribute == "activity_schedule":
            return {"user_id": self.someone(dice).id}
        return {"body": "halo", "partner_ids": self.someone(dice).partner_id.ids}

    def someone(self, dice):
        return self.people[dice.choice(sorted(self.people))]

    def value(self, dice, model, name):
        own = self.env.registry[model]
        names = sorted(own._fields)
        case = dice.choice(sorted(self.cases.values(), key=lambda one: one.id))
        some = dice.sample(names, min(6, len(names)))
        values = {
            "partner_ids": lambda: self.someone(dice).partner_id.ids,
            "user_id": lambda: self.someone(dice).id,
            "user_ids": lambda: self.someone(dice).ids,
            "partner_id": lambda: self.someone(dice).partner_id.id,
            "act_type_xmlid": lambda: "mail.mail_activity_data_todo",
            "domain": lambda: dice.choice(
                [[], [("id", ">", 0)], [("id", "in", list(self.rows.get(model, ())))]]
            ),
            "body": lambda: "halo",
            "reason": lambda: "Alasan yang cukup panjang",
            "note": lambda: "Catatan",
            "vals": lambda: self.written(dice, model),
            "values": lambda: self.written(dice, model),
            "vals_list": lambda: [self.written(dice, model)],
            "specification": lambda: {field: {} for field in some},
            "fields_spec": lambda: {field: {} for field in some},
            "fields": lambda: some,
            "field_names": lambda: some,
            "fnames": lambda: some,
            "fields_to_export": lambda: ["id", *some[:2]],
            "groupby": lambda: dice.sample(names, 1),
            "aggregates": lambda: ["__count"],
            "field_name": lambda: dice.choice(names),
            "name": lambda: "Zqx",
            "search": lambda: "Zqx",
            "limit": lambda: 80,
            "offset": lambda: 0,
            "order": lambda: "id",
            "report_name": lambda: dice.choice(self.reports()),
            "report_ref": lambda: dice.choice(self.reports()),
            "res_ids": lambda: case.ids,
            "docids": lambda: case.ids,
            "res_id": lambda: case.id,
            "complaint_id": lambda: case.id,
            "thread_id": lambda: case.id,
            "model": lambda: "lapor.complaint",
            "res_model": lambda: "lapor.complaint",
            "thread_model": lambda: "lapor.complaint",
            "transition": lambda: case.sudo().current_step_id.sop_step_id.transition_ids[:1].id,
            "operation": lambda: "read",
        }
        if name in values:
            return values[name]()
        if name.endswith("_ids"):
            return case.ids
        if name.endswith("_id"):
            return case.id
        return dice.choice([None, False, 1, "x", [], {}, case.ids])

    def written(self, dice, model):
        """Values to write, of a field or two."""
        found = {}
        fields = self.env.registry[model]._fields
        for name in dice.sample(sorted(fields), min(2, len(fields))):
            field = fields[name]
            found[name] = {
                "many2one": lambda f=field: (
                    dice.choice(list(self.rows.get(f.comodel_name, ())) or [1])
                    if f.comodel_name != "res.users"
                    else self.someone(dice).id
                ),
                "boolean": lambda: dice.random() < 0.5,
                "integer": lambda: 1,
            }.get(field.type, lambda: "x")()
        return found

    def reports(self):
        if not hasattr(self, "_reports_kept"):
            found = self.env["ir.actions.report"].sudo().search([("model", "=like", "lapor.%")])
            type(self)._reports_kept = found.mapped("report_name") or ["x"]
        return self._reports_kept

    def no_printer(self):
        """Papers as they are laid out, without the time that it takes to print them."""
        try:
            from odoo.addons.lapor_reports.models import ir_actions_report
        except ImportError:
            return patch.object(type(self), "walk_without", True, create=True)
        return patch.object(
            ir_actions_report, "write_pdf", lambda html, _assets: str(html).encode()
        )


#: They answer with what they were given or have just made.
ECHOES = {"create", "copy", "get_metadata", "get_empty_list_help"}
READING = {
    *(
        "read",
        "search",
        "search_read",
        "search_count",
        "web_read",
        "web_search_read",
        "name_search",
    ),
    *("formatted_read_group", "web_read_group", "read_group", "export_data", "fields_get"),
    *("default_get", "get_views", "get_view", "has_access", "check_access", "exists", "mapped"),
    *("filtered", "filtered_domain", "sorted", "onchange", "name_create", "search_fetch", "fetch"),
}
