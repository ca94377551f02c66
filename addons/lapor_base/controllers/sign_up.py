from odoo.http import request, route

from odoo.addons.auth_signup.controllers.main import AuthSignupHome


class SignUp(AuthSignupHome):
    """Nobody makes himself an account, and nobody learns here who has one."""

    @route(max_content_length=64 * 1024)
    def web_auth_reset_password(self, *args, **kw):
        context = self.get_auth_signup_qcontext()
        asks = request.httprequest.method == "POST" and not context.get("token")
        if not asks or not context.get("reset_password_enabled"):
            return super().web_auth_reset_password(*args, **kw)
        # The same words in the same time, whoever asks for whom: a job looks for the account.
        request.env["lapor.password.request"]._note(context.get("login"))
        context["message"] = request.env._(
            "If there is an account with this login or address, a mail with a link is on its way "
            "to it. If nothing arrives, ask your administrator."
        )
        response = request.render("auth_signup.reset_password", context)
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
        response.headers["Content-Security-Policy"] = "frame-ancestors 'self'"
        return response

    def get_auth_signup_qcontext(self):
        context = super().get_auth_signup_qcontext()
        # The core leads on to the login when an account has this address, and so tells.
        context.pop("signup_email", None)
        return context
