import re
from pathlib import Path

from odoo.modules.module import get_module_path
from odoo.tests import tagged

from .papers import PapersCase

# What a rule that follows the case asks.
HOME = re.compile(r"user\.lapor_(case|identity)_domain\(")
# Words that only the home itself compares a case with.
SCOPE = re.compile(
    r"lapor_(unit|coordinated_unit|inspected_company|overseen_company)_ids|is_restricted"
)
# Rules that use these words for something else than a case.
NO_CASES = {
    "lapor.periodic": "figures of an office",
    "lapor.periodic.line": "figures of an office",
    "lapor.mail.held": "mails that became no case, by office",
    "lapor.history.import": "files of an old register, by the office that keeps it",
    "lapor.history.import.column": "headings of such a file",
    "lapor.history.import.row": "lines of such a file, for whom what they become is open, too",
}
# Models of others that speak of cases, and where what they tell is decided.
ELSEWHERE = {
    "mail.activity": "mail.activity asks its document; mail_activity.py",
    "mail.message": "mail.message asks its document",
    "mail.followers": "mail_followers.py",
    "mail.scheduled.message": "asks its document; mail_outside.py",
    "ir.attachment": "ir.attachment asks its document",
    "snailmail.letter": "prints a report as its user",
    "res.users.settings.embedded.action": "a user's own screens, without a word of a record",
    "ir.ui.menu": "points to actions",
}
# Models that point to any record and that only the system writes.
SYSTEM_ONLY = {
    *("ir.actions.act_window", "ir.actions.server", "ir.model.data"),
    *("lapor.figure.past", "mail.mail"),
}


@tagged("post_install", "-at_install")
class TestAccessHome(PapersCase):
    """Which cases a user may read is said in one place, and everything that belongs to a case
    asks there."""

    def _records_of_cases(self):
        """Models whose records belong to a case, however far from it."""
        found, grew = {"lapor.complaint"}, True
        while grew:
            more = {
                name
                for name, model in self.env.registry.items()
                if not model._abstract and not model._transient
                for field in model._fields.values()
                if field.type == "many2one" and field.store and field.comodel_name in found
            }
            grew = not more <= found
            found |= more
        return found | {"lapor.complainant"}

    def test_whatever_belongs_to_a_case_is_ruled_by_the_home(self):
        rules = self.env["ir.rule"].search([])
        for name in sorted(self._records_of_cases() - ELSEWHERE.keys()):
            own = rules.filtered(lambda rule, name=name: rule.model_id.model == name)
            reading = own.filtered("perm_read")
            with self.subTest(name):
                general = reading.filtered(lambda rule: not rule.groups)
                of_groups = reading - general
                self.assertTrue(
                    any(map(self._asks, general))
                    # Rules of groups are added up: each of them has to ask.
                    or (of_groups and all(map(self._asks, of_groups))),
                    f"Add a rule without groups to security/: {name} asks "
                    "user.lapor_case_domain(<field of the case>).",
                )

    def _asks(self, rule):
        return bool(HOME.search(rule.domain_force or ""))

    def test_rules_that_ask_hold_for_everybody_and_every_act(self):
        for rule in self.env["ir.rule"].search([("domain_force", "like", "lapor_case_domain('")]):
            with self.subTest(rule.name):
                self.assertFalse(rule.groups)
                self.assertTrue(rule.perm_read and rule.perm_write and rule.perm_unlink)

    def test_nothing_else_says_which_cases_are_whose(self):
        for rule in self.env["ir.rule"].search([("model_id.model", "=like", "lapor.%")]):
            model = rule.model_id.model
            if model not in NO_CASES and SCOPE.search(rule.domain_force or ""):
                self.fail(f"{rule.name}: ask user.lapor_case_domain() instead")

    def test_models_that_point_to_any_record_are_known(self):
        known = ELSEWHERE.keys() | SYSTEM_ONLY
        pointing = {
            name
            for name, model in self.env.registry.items()
            if not model._abstract
            and not model._transient
            and (
                "res_id" in model._fields
                or any(
                    field.store and field.type in ("reference", "many2one_reference")
                    for field in model._fields.values()
                )
            )
        }
        self.assertLessEqual(pointing, known, "Say here who reads it, or rule it by its case.")
        for name in SYSTEM_ONLY & pointing:
            with self.subTest(name):
                self.assertFalse(self.env[name].with_user(self.operator).has_access("create"))

    def test_home_cannot_be_called_from_outside(self):
        for name in ("lapor_case_domain", "lapor_identity_domain"):
            self.assertTrue(getattr(self.env["res.users"], name)._api_private)

    def test_security_files_are_updated_with_the_code(self):
        for addon in ("lapor_base", "lapor_sla", "lapor_reports"):
            path = get_module_path(addon, display_warning=False)
            for file in Path(path, "security").glob("*rules.xml") if path else ():
                self.assertNotIn('noupdate="1"', file.read_text(), file)

    def test_a_position_may_be_given_what_its_holder_will_read(self):
        positions = (
            self.operator_position
            | self.head_position
            | self.opd_head_position
            | self.inspector.lapor_position_ids
        )
        for values in ({}, {"is_secret": True}, {"is_misconduct": True}):
            case = self._case().sudo()
            case.with_user(self.operator).write(values)
            for position in positions:
                holder = position.holder_id
                if not case.is_misconduct and position.role_id.inspects:
                    # Only what it is given makes it a handler.
                    continue
                with self.subTest(values=values, position=position.display_name):
                    self.assertEqual(
                        case._is_open_to(position), case.with_user(holder).has_access("read")
                    )
