import contextlib

from odoo import api, models


class ResUsers(models.Model):
    """How accounts come into being and are entered: by invitation, and without telling who has
    one."""

    _inherit = "res.users"

    @api.model
    def _get_signup_invitation_scope(self):
        # Whatever a setting or another addon says.
        return "b2b"

    @contextlib.contextmanager
    def _assert_can_auth(self, user=None):
        with super()._assert_can_auth(user=user):
            # The log-in asks before anybody is known; the time alone would tell who is not there.
            known = self.sudo().search_count(self._get_login_domain(user), limit=1)
            if isinstance(user, str) and not known:
                self._crypt_context().hash("as long as for an account")
            yield
