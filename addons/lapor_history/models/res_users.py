from odoo import api, models
from odoo.fields import Domain


class ResUsers(models.Model):
    _inherit = "res.users"

    # Rules call it, as ``lapor_case_domain``; RPC cannot.
    @api.private
    def lapor_history_domain(self):
        """The cases of old registers that this user may read: the same ways lead to them as to
        those of today, and what was taken back is nobody's. Who is accused in a misconduct case is
        not known of an old register, so that nobody is kept out for that.

        :rtype: Domain
        """
        self.ensure_one()
        ways = Domain.OR(self._lapor_case_ways().values())
        return ways & Domain("import_id.state", "!=", "withdrawn")
