"""The list of rules by which mails are taken in or held."""

import ast
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..models.lapor_mail_rule import LaporMailRule
from ..tools import mail_bounds
from .mails import CITIZEN, MailIntakeCase


@tagged("post_install", "-at_install")
class TestMailRules(MailIntakeCase):
    """Each rule catches what it is for, lets the next one pass, and is silent when switched off."""

    def setUp(self):
        super().setUp()
        self.rules = self.env["lapor.mail.rule"].search([])

    def _rule(self, code):
        return self.env.ref(f"lapor_base.mail_rule_{code}")

    # ------------------------------------------------------------
    # FIXTURES: one mail that each rule catches, and one that it lets pass
    # ------------------------------------------------------------

    def _case(self):
        if not hasattr(self, "_known_case"):
            self._known_raw = self._mail(text="Selokan mampet.", subject="Selokan")
            self._known_case = self._take_in(self._known_raw)
        return self._known_case

    def _answer(self, **values):
        case = self._case()
        return self._mail(**{"text": "Tambahan.", "subject": f"Re: [{case.number}]", **values})

    def _pair(self, code):
        return getattr(self, f"_fixture_{code}")()

    def _fixture_known(self):
        self._case()
        return self._known_raw, self._mail()

    def _fixture_reused(self):
        self._take_in(self._mail(message_id="<sama@warga.example>"))
        other = self._mail(text="Lain sama sekali.", message_id="<sama@warga.example>")
        return other, self._mail(text="Lain sama sekali.")

    def _fixture_excess(self):
        deep = b"X-A: " + b"a" * (mail_bounds.MAX_HEADERS + 9) + b"\n" + self._mail()
        return deep, self._mail()

    def _fixture_unreadable(self):
        return bytes(range(256)), self._mail()

    def _fixture_report(self):
        return self._mail(sender="MAILER-DAEMON@x.example"), self._mail(Return_Path="<>")

    def _fixture_automatic(self):
        caught = self._mail(Auto_Submitted="auto-replied")
        return caught, self._mail(Auto_Submitted="no", subject="Di luar kantor lurah gelap")

    def _fixture_own(self):
        return self._mail(sender=self.office_address), self._mail(
            sender=self.office_address, Reply_To=CITIZEN
        )

    def _fixture_list(self):
        caught = self._mail(List_Id="<warga.milis.example>")
        return caught, self._mail(List_Id=f"<{self.office_address.replace('@', '.')}>")

    def _fixture_noreply(self):
        return self._mail(sender="no-reply@x.example"), self._mail(sender="noreplyanto@x.example")

    def _fixture_scanner(self):
        self.env["lapor.mail.address"].create(
            {"name": "mesin@desa.example", "kind": "scanner", "unit_id": self.manager.id}
        )
        return self._mail(sender="mesin@desa.example"), self._mail(sender="scanner@desa.example")

    def _fixture_unrouted(self):
        return self._mail(to="siapa@lain.example"), self._mail()

    def _fixture_encrypted(self):
        caught = self._mail().replace(b"text/plain", b"multipart/encrypted; boundary=x")
        return caught, self._mail(text="-----BEGIN PGP SIGNED MESSAGE-----\n\nLampu mati\n")

    def _fixture_cut(self):
        return self._mail(text="kata " * 30_000), self._mail(text="kata " * 3_000)

    def _fixture_no_text(self):
        return self._mail(text="", subject=""), self._mail(text="", subject="Lampu mati")

    def _fixture_repeat(self):
        for _turn in range(self.manager.mail_repeat_limit):
            self._take_in(self._mail(text="Tiket Anda kami terima", sender="m@x.example"))
        caught = self._mail(text="Tiket Anda kami terima", sender="m@x.example")
        return caught, self._mail(text="Jembatan putus", subject="Lain", sender="m@x.example")

    def _fixture_flood(self):
        self.manager.mail_hour_limit = 2
        for turn in ("satu", "dua"):
            self._take_in(self._mail(text=f"Surat {turn}", sender="b@x.example"))
        return self._mail(text="tiga", sender="b@x.example"), self._mail(text="tiga")

    def _fixture_unproven(self):
        case = self._case()
        case.with_user(self.operator).is_anonymous = True
        proven = self._acknowledgement(case).mail_id.message_id
        return self._answer(), self._answer(answers=proven)

    def _fixture_staff(self):
        return self._answer(sender=self.operator.email_formatted), self._answer()

    def _fixture_other_sender(self):
        return self._answer(sender="tetangga@x.example"), self._answer()

    def _fixture_note(self):
        case = self._case()
        internal = case.sudo().message_post(
            body="Tolong dicek", subtype_xmlid="mail.mt_note", message_type="comment"
        )
        caught = self._answer(sender=self.operator.email_formatted, answers=internal.message_id)
        return caught, self._answer(answers=internal.message_id)

    def _fixture_reply(self):
        return self._answer(), self._mail()

    # ------------------------------------------------------------
    # THE WALK OVER ALL
    # ------------------------------------------------------------

    def _foreseen(self, raw):
        return self.env["lapor.mail.gateway"]._foresee(raw)[0]

    def test_every_rule_has_words_in_both_languages(self):
        terms = (Path(__file__).parents[1] / "i18n/id.po").read_text()
        for rule in self.rules:
            with self.subTest(rule.code):
                self.assertTrue(rule.name and rule.reason and rule.help)
                self.assertTrue(hasattr(rule, f"_catches_{rule.code}"))
                self.assertTrue(0 <= rule.likelihood <= 100)
                for name in ("name", "reason", "help", "keep_on"):
                    term = f"model:lapor.mail.rule,{name}:lapor_base.mail_rule_{rule.code}\n"
                    # That no term lacks its translation is what test_translations asks.
                    self.assertTrue(not rule[name] or term in terms, term)

    def test_every_rule_catches_its_mail_and_lets_the_other_pass(self):
        # What fails when it is tried has no mail of its own: see the tests below.
        # What only takes a file out decides nothing.
        for rule in self.rules.filtered(
            lambda rule: rule.code not in ("refused", "attachment", "words")
        ):
            with self.subTest(rule.code), self.env.cr.savepoint() as point:
                caught, passed = self._pair(rule.code)
                self.assertEqual(self._foreseen(caught)["rule"], rule)
                self.assertNotEqual(self._foreseen(passed)["rule"], rule)
                before = self._held()
                result = self._process(caught)
                if result["status"] == "held":
                    self.assertNotEqual(self._held(), before)
                    self.assertEqual((self._held().rule_id, result["rule"]), (rule, rule.code))
                    self.assertIn(rule.reason, self._held().reason)
                point.rollback()
                self.env.registry.clear_cache()
                self.env.invalidate_all()
                self.__dict__.pop("_known_case", None)

    def test_every_rule_that_can_be_switched_off_is_silent_then(self):
        free = self.rules.filtered(lambda rule: not rule.keep_on)
        self.assertTrue(free)
        for rule in free:
            with self.subTest(rule.code), self.env.cr.savepoint() as point:
                caught, _passed = self._pair(rule.code)
                rule.with_user(self.administrator).action_switch()
                self.assertFalse(rule.with_company(self.company).is_on)
                self.assertNotEqual(self._foreseen(caught)["rule"], rule)
                self.assertNotIn(rule, self._asked_rules(self.manager))
                rule.with_user(self.administrator).action_switch()
                self.assertTrue(rule.with_company(self.company).is_on)
                self.assertEqual(self._foreseen(caught)["rule"], rule)
                point.rollback()
                self.env.registry.clear_cache()
                self.env.invalidate_all()
                self.__dict__.pop("_known_case", None)

    def _asked_rules(self, office):
        return self.rules.browse([rule.id for rule in self.rules._walk(office.id)])

    def test_rules_that_protect_cannot_be_switched_off(self):
        protecting = self.rules.filtered("keep_on")
        for code in ("automatic", "own", "report", "repeat", "flood", "staff", "unproven"):
            self.assertIn(self._rule(code), protecting)
        for rule in protecting:
            with self.subTest(rule.code), self.assertRaises(ValidationError) as caught:
                rule.with_user(self.administrator).action_switch()
            self.assertIn(rule.keep_on, str(caught.exception))
        for user in (self.operator, self.head, self.engineer):
            with self.assertRaises(AccessError):
                self._rule("list").with_user(user).action_switch()

    def test_rule_is_off_at_one_office_only(self):
        neighbour = self.env["res.company"].create({"name": "Sebelah", "lapor_code": "SBL"})
        office = self.env["lapor.unit"].create(
            {"name": "Sebelah", "code": "SBL", "kind": "manager", "company_id": neighbour.id}
        )
        rule = self._rule("list")
        rule.with_user(self.administrator).action_switch()
        self.assertNotIn(rule, self._asked_rules(self.manager))
        self.assertIn(rule, self._asked_rules(office))
        raw = self._mail(List_Id="<warga.milis.example>", text="Lampu di balai padam.")
        self.assertEqual(self._process(raw)["status"], "new")

    def test_what_is_refused_names_the_rule_too(self):
        with patch.object(
            type(self.env["lapor.complaint"]),
            "_new_from_mail",
            lambda *_args, **_values: (_ for _ in ()).throw(ValidationError("Tidak bisa")),
        ):
            result = self._process(self._mail())
        self.assertEqual((result["status"], result["rule"]), ("held", "refused"))
        self.assertIn("Tidak bisa", self._held().reason)

    def test_file_that_cannot_be_kept_names_its_rule(self):
        raw = self._mail(photo=b"\xff\xd8\xff foto").replace(b"lampu.jpg", b"lampu.exe")
        told = self._foreseen(raw)
        self.assertEqual((told["status"], told["left"]), ("new", ["lampu.exe"]))
        self.assertEqual(self._process(raw)["status"], "new")
        self.assertEqual(self._held().kind, "attachment")

    # ------------------------------------------------------------
    # AN ADDON'S OWN RULE
    # ------------------------------------------------------------

    def test_addon_adds_a_rule_by_a_record_and_a_method(self):
        def catches(rules, post, unit):
            return "kata jorok" if "jorok" in post.mail.words() else None

        with self.assertRaises(ValidationError):
            self._make_rule()
        with patch.object(LaporMailRule, "_catches_rude", catches, create=True):
            rule = self._make_rule()
            raw = self._mail(text="Ini jorok sekali")
            self.assertEqual(self._process(raw)["status"], "held")
            held = self._held()
            self.assertEqual((held.rule_id, held.reason), (rule, "Rude words (kata jorok)"))
            self.assertEqual(self._process(self._mail(text="Ini sopan sekali"))["status"], "new")
            rule.with_user(self.administrator).action_switch()
            self.assertEqual(self._process(self._mail(text="Juga jorok"))["status"], "new")
            rule.with_user(self.administrator).action_switch()
        # Its addon is gone: mails go on coming in.
        self.env.registry.clear_cache()
        with self.assertLogs("odoo.addons.lapor_base.models.lapor_mail_rule", "ERROR"):
            self.assertEqual(self._process(self._mail(text="Jorok lagi"))["status"], "new")

    def _make_rule(self):
        with self.env.cr.savepoint():
            return self.env["lapor.mail.rule"].create(
                {
                    "name": "Rude",
                    "code": "rude",
                    "reason": "Rude words",
                    "help": "Held is what is rude.",
                    "likelihood": 50,
                }
            )

    # ------------------------------------------------------------
    # THE GATEWAY ASKS NOTHING ELSE
    # ------------------------------------------------------------

    def test_gateway_holds_by_rules_only(self):
        """No other place of the program decides to hold a mail."""
        path = Path(__file__).parents[1] / "models/lapor_mail_gateway.py"
        tree = ast.parse(path.read_text())
        callers = {
            function.name
            for function in ast.walk(tree)
            if isinstance(function, ast.FunctionDef)
            for call in ast.walk(function)
            if isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and call.func.attr == "_hold"
        }
        self.assertEqual(callers, {"_act", "_deliver_once", "_take_report"})

    def test_asking_writes_nothing(self):
        counts = [
            self.env[model].search_count([])
            for model in ("lapor.mail.receipt", "lapor.mail.held", "lapor.complaint", "mail.mail")
        ]
        raw = self._mail()
        self.assertEqual(self._foreseen(raw)["status"], "new")
        self.assertEqual(self._foreseen(raw)["receipt"], CITIZEN)
        after = [
            self.env[model].search_count([])
            for model in ("lapor.mail.receipt", "lapor.mail.held", "lapor.complaint", "mail.mail")
        ]
        self.assertEqual(counts, after)
        self.assertEqual(self._process(raw)["status"], "new")
        self.assertEqual(self._foreseen(raw)["status"], "duplicate")
