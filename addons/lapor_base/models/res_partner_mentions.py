from odoo import api, models
from odoo.fields import Domain

from odoo.addons.mail.tools.discuss import Store

# So many are looked at for one word that somebody types.
MOST_CANDIDATES = 200


class ResPartner(models.Model):
    """Who may be mentioned: in a case, those who may read it; elsewhere, nobody of another
    government."""

    _inherit = "res.partner"

    @api.model
    def get_mention_suggestions_of_case(self, search, thread_model, thread_id, limit=8):
        """Colleagues who may be mentioned in the thread of a case.

        :param str search: part of a name or an address
        :param str thread_model: model of the case
        :param int thread_id: its id
        :returns: as ``get_mention_suggestions``
        :raises AccessError: when the user may not read the case himself
        """
        case = self.env[thread_model].browse(thread_id)
        case.check_access("read")
        domain = self._get_mention_suggestions_domain(search) & Domain("partner_share", "=", False)
        found = self._search_mention_suggestions(domain, MOST_CANDIDATES)
        # Whether they may read it is asked for each, with his own rights.
        readers = case._reading_partners(found.sudo()).with_env(self.env)[:limit]
        return Store().add(readers, extra_fields=readers._get_store_mention_fields()).get_result()

    @api.model
    def _search_mention_suggestions(self, domain, limit, extra_domain=None):
        if self.env.user._is_internal():
            own = Domain("user_ids.company_ids", "in", self.env.companies.ids)
            domain = Domain(domain) & (Domain("user_ids", "=", False) | own)
        return super()._search_mention_suggestions(domain, limit, extra_domain=extra_domain)
