import re
from unittest.mock import patch

from odoo.exceptions import AccessDenied, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.auth_signup.models.res_partner import SignupError

SCOPE = "auth_signup.invitation_scope"


@tagged("post_install", "-at_install")
class TestSignUp(HttpCase):
    """Accounts are by invitation only, and no page tells who has one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.known = new_test_user(
            cls.env,
            "sudah.ada",
            groups="base.group_user",
            email="sudah.ada@kab.example",
            password="sudah.ada-kata-sandi",
        )
        cls.mute = new_test_user(cls.env, "tanpa.surel", groups="base.group_user", email=False)

    def _token(self, path):
        page = self.url_open(path)
        self.assertEqual(page.status_code, 200)
        return re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]

    def _ask(self, login):
        """What the page answers to a request for a new password, without what was typed."""
        data = {"login": login, "csrf_token": self._token("/web/reset_password")}
        page = self.url_open("/web/reset_password", data=data)
        text = re.sub(r'csrf_token[^>]*>|csrf_token: "[^"]*"', "", page.text)
        text = re.sub(r"/web/assets/[0-9a-f]+/", "", text)
        return page.status_code, text.replace(login, "")

    def _run_job(self):
        self.env.ref("lapor_base.ir_cron_send_passwords").method_direct_trigger()

    def test_setting_is_invitation_and_stays_so(self):
        parameters = self.env["ir.config_parameter"]
        self.assertEqual(parameters.get_param(SCOPE), "b2b")
        with self.assertRaises(ValidationError):
            parameters.set_param(SCOPE, "b2c")
        with self.assertRaises(ValidationError):
            self.env["res.config.settings"].create({"auth_signup_uninvited": "b2c"}).execute()

    def test_open_way_does_not_exist_even_where_the_setting_was_forced(self):
        self.env.cr.execute("UPDATE ir_config_parameter SET value = 'b2c' WHERE key = %s", [SCOPE])
        self.env.registry.clear_cache()
        self.env.invalidate_all()
        self.assertNotIn("/web/signup", self.url_open("/web/login").text)
        self.assertEqual(self.url_open("/web/signup").status_code, 404)
        before = self.env["res.users"].with_context(active_test=False).search_count([])
        data = {
            "login": "orang.asing@luar.example",
            "name": "Orang Asing",
            "password": "orang.asing-kata-sandi",
            "confirm_password": "orang.asing-kata-sandi",
            "csrf_token": self._token("/web/login"),
        }
        with mute_logger("odoo.http", "odoo.addons.auth_signup.controllers.main"):
            for token in ({}, {"token": "palsu"}):
                self.url_open("/web/signup", data={**data, **token})
        after = self.env["res.users"].with_context(active_test=False).search_count([])
        self.assertEqual(after, before)
        with self.assertRaises(SignupError), mute_logger("odoo.sql_db"):
            values = {key: data[key] for key in ("login", "name", "password")}
            self.env["res.users"].sudo().signup(values)

    def test_request_for_a_password_says_the_same_words_for_everybody(self):
        logins = ("sudah.ada", "tanpa.surel", "tidak.ada", "sudah.ada@kab.example")
        with patch.object(self.registry["res.users"], "reset_password") as sends:
            answers = {self._ask(login) for login in logins}
        self.assertEqual(len(answers), 1)
        self.assertEqual(answers.pop()[0], 200)
        self.assertFalse(sends.called, "A page that sends takes longer, and fails where mail does.")
        with patch.object(self.registry["res.users"], "reset_password") as sends:
            self._run_job()
        self.assertEqual([call.args[0] for call in sends.call_args_list], list(logins))

    def test_account_gets_one_mail_and_nobody_else_any(self):
        Request = self.env["lapor.password.request"]
        for login in ("sudah.ada", "sudah.ada", "tanpa.surel", "tidak.ada"):
            Request._note(login)
        with (
            patch.object(self.registry["mail.mail"], "send") as sends,
            mute_logger("odoo.addons.lapor_base.models.lapor_password_request"),
        ):
            self._run_job()
            Request._note("sudah.ada")
            self._run_job()
        self.assertEqual(sends.call_count, 1)

    def test_no_page_leads_to_the_login_because_an_address_is_known(self):
        for path in (
            "/web/reset_password",
            "/web/reset_password?token=palsu",
            "/web/signup?token=x",
        ):
            joint = "&" if "?" in path else "?"
            for address in ("sudah.ada@kab.example", "tidak.ada@kab.example"):
                url = f"{path}{joint}signup_email={address}"
                page = self.url_open(url, allow_redirects=False)
                with self.subTest(url=url):
                    self.assertEqual(page.status_code, 200)

    def test_log_in_does_the_same_work_for_a_login_that_does_not_exist(self):
        hashed = []
        context = type(self.env["res.users"]._crypt_context())
        plain = {name: getattr(context, name) for name in ("hash", "verify_and_update")}

        def counted(name):
            def count(*args, **kwargs):
                hashed.append(name)
                return plain[name](*args, **kwargs)

            return count

        for login in ("sudah.ada", "tidak.ada"):
            hashed.clear()
            with (
                patch.object(context, "hash", counted("hash")),
                patch.object(context, "verify_and_update", counted("verify_and_update")),
                mute_logger("odoo.addons.base.models.res_users"),
                self.assertRaises(AccessDenied),
            ):
                credential = {"login": login, "password": "salah", "type": "password"}
                self.env["res.users"].authenticate(credential, {"interactive": True})
            self.assertEqual(len(hashed), 1, login)
