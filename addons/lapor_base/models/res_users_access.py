from odoo import api, models
from odoo.fields import Domain

# To overseers a case is open without its complainant.
IDENTITY_WAYS = ("coordinates", "handles", "inspects", "administers")


class ResUsers(models.Model):
    """Which cases a user may read: the one answer that record rules and acts of the suite go by.

    Whoever needs to know asks for the record itself (``has_access("read")``) or, to search, for
    :meth:`lapor_case_domain`. A new way to a case is added to :meth:`_lapor_case_ways`, a new
    reason to be kept out of it to :meth:`_lapor_kept_out`; every rule follows.
    """

    _inherit = "res.users"

    # Rules call it, and cannot call names with an underscore of other models; RPC cannot.
    @api.private
    def lapor_case_domain(self, path="", ways=None):
        """The cases that this user may read; governments are kept apart by rules of their own.

        :param str path: field that leads to the case, such as "complaint_id"; a domain for
            ``lapor.complaint`` itself without
        :param ways: only those to which one of these ways leads, see :meth:`_lapor_case_ways`
        :rtype: Domain
        """
        self.ensure_one()
        known = self._lapor_case_ways()
        domain = Domain.OR(known[way] for way in (known if ways is None else ways))
        domain &= ~self._lapor_kept_out()
        return Domain(path, "any", domain) if path else domain

    @api.private
    def lapor_nobodys_mails(self):
        """Of which governments this user sees the mails that were sent to none: of none, that is
        [False], if all governments of the database are this user's, and else []. Such a mail may
        have been meant for any of them.

        :rtype: list
        """
        self.ensure_one()
        # As the system: how many governments there are is asked, nothing of them is told.
        others = [("lapor_code", "!=", False), ("id", "not in", self.sudo().company_ids.ids)]
        return [] if self.env["res.company"].sudo().search_count(others, limit=1) else [False]

    @api.private
    def lapor_identity_domain(self, path="", ways=IDENTITY_WAYS):
        """The cases whose complainant this user may know; of an anonymous case nobody but for whom
        it has been opened, for as long as that lasts, and administrators never.

        :param str path: as in :meth:`lapor_case_domain`
        :param ways: as in :meth:`lapor_case_domain`
        :rtype: Domain
        """
        self.ensure_one()
        named = Domain("is_anonymous", "=", False)
        opened = Domain("reveal_ids", "any", self._lapor_opened())
        domain = Domain.OR(
            self.lapor_case_domain(ways=(way,))
            & (named if way == "administers" else named | opened)
            for way in ways
        )
        return Domain(path, "any", domain) if path else domain

    def _lapor_opened(self):
        """Openings of an identity that last for this user."""
        return Domain("user_id", "=", self.id) & Domain("date_until", ">", "now")

    def _lapor_case_ways(self):
        """The ways by which a user comes to read a case.

        :rtype: dict[str, Domain]
        """
        self.ensure_one()
        return {
            "administers": Domain("is_restricted", "=", False)
            if self.has_group("lapor_base.group_lapor_admin")
            else Domain.FALSE,
            **_ways(
                coordinated=self.lapor_coordinated_unit_ids,
                handled=Domain("involved_unit_ids", "in", self.lapor_unit_ids.ids),
                overseen=self.lapor_overseen_company_ids,
                inspected=self.lapor_inspected_company_ids,
            ),
        }

    def _lapor_kept_out(self):
        """The cases that this user may not read whatever way leads to them.

        :rtype: Domain
        """
        return Domain.FALSE


class LaporPosition(models.Model):
    _inherit = "lapor.position"

    def _case_domain(self):
        """The cases that this position may be given: its holder will be able to read them.

        :rtype: Domain
        """
        self.ensure_one()
        nobody = self.env["res.company"]
        role, office = self.role_id, self.unit_id.office_id
        ways = _ways(
            coordinated=office if role.coordinates else self.env["lapor.unit"],
            # Whoever is given a case is involved in it by that.
            handled=Domain.TRUE,
            overseen=nobody,
            inspected=self.company_id if role.inspects else nobody,
        )
        return Domain.OR(ways.values()) & ~self._kept_out()

    def _kept_out(self):
        """The cases that this position may not be given, as :meth:`_lapor_kept_out` of users.

        :rtype: Domain
        """
        return Domain.FALSE


def _ways(coordinated, handled, overseen, inspected):
    """The ways to a case, of users as of positions."""
    return {
        "coordinates": Domain("managing_unit_id", "in", coordinated.ids),
        "handles": Domain("is_misconduct", "=", False) & handled,
        "oversees": Domain("is_restricted", "=", False) & Domain("company_id", "in", overseen.ids),
        "inspects": Domain("is_misconduct", "=", True) & Domain("company_id", "in", inspected.ids),
    }
