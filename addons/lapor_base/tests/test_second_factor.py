from unittest.mock import patch

from odoo.exceptions import AccessDenied, UserError, ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..models.res_users_second_factor import DEMANDED, PASSWORD
from . import common

SECRET = "lapor_uji_123"


@tagged("post_install", "-at_install")
class TestSecondFactor(HttpCase, common.LaporCase):
    """In production a password alone opens no account that could do great harm."""

    def _demand(self):
        self.env["ir.config_parameter"].set_param(DEMANDED, "1")
        self.env["ir.mail_server"].create({"name": "Uji", "smtp_host": "surel.example"})

    def test_short_password_is_refused(self):
        self.assertGreaterEqual(int(self.env["ir.config_parameter"].get_param(PASSWORD)), 10)
        for password in ("a", "123456789"):
            with self.assertRaises(UserError):
                self.operator.password = password
        self.operator.password = SECRET
        with self.assertRaises(ValidationError):
            self.env["ir.config_parameter"].set_param(PASSWORD, 3)

    def test_it_is_demanded_of_those_who_could_do_most_harm(self):
        admin = self.env.ref("base.user_admin")
        demanded = (admin, self.administrator, self.operator, self.inspector, self.overseer)
        for user in demanded:
            self.assertIsNone(user._mfa_type(), "Not in the demo.")
        self._demand()
        for user in demanded:
            with self.subTest(user=user.login):
                self.assertEqual(user._mfa_type(), "totp_mail")
                self.assertTrue(user._rpc_api_keys_only())
        self.assertIsNone(self.opd_admin._mfa_type())

    def test_nobody_is_locked_out_before_there_is_a_mail_server(self):
        self.env["ir.config_parameter"].set_param(DEMANDED, "1")
        self.env["ir.mail_server"].search([]).active = False
        self.assertIsNone(self.administrator._mfa_type())

    def test_password_alone_opens_nothing(self):
        self.operator.password = SECRET
        self._demand()
        with patch.object(self.registry["res.users"], "_send_totp_mail_code") as sends:
            page = self.url_open("/web/login")
            token = page.text.partition('csrf_token" value="')[2].partition('"')[0]
            data = {"login": self.operator.login, "password": SECRET, "csrf_token": token}
            page = self.url_open("/web/login", data=data)
        self.assertIn("/web/login/totp", page.url)
        self.assertTrue(sends.called)
        self.assertIn("/web/login", self.url_open("/odoo").url)
        credential = {"login": self.operator.login, "password": SECRET, "type": "password"}
        with self.assertRaises(AccessDenied), mute_logger("odoo.addons.base.models.res_users"):
            self.env["res.users"].authenticate(credential, {"interactive": False})
