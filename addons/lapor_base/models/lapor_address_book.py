import ast
from dataclasses import dataclass

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize

from ..tools.mail_source import MACHINES
from ..tools.mail_thread_key import split_extra


def address_key(address):
    """What two ways of writing one address have in common: neither case nor what follows a plus
    makes another mailbox of it."""
    plain = email_normalize(address or "") or (address or "").strip()
    return split_extra(plain.casefold())[0]


@dataclass(frozen=True)
class Entry:
    """An address in use. ``address`` is what the sorter compares with, "" where only the part
    before the @ counts (``local``); ``unit`` and ``company`` say whose it is, 0 for the mail
    system itself or another part of the installation."""

    address: str
    local: str
    unit: int = 0
    company: int = 0

    @property
    def key(self):
        return address_key(self.address)

    def meets(self, address):
        """Whether mail to an address could come by this entry, or the other way round."""
        other = address_key(address)
        if not self.address:
            return self.local == other.partition("@")[0]
        return self.key == other


class LaporAddressBook(models.AbstractModel):
    """Whose address is this: asked by the sorter of mails, and by whoever enters an address.

    Addresses are those of units (sender, alias, further ones), of mailboxes of an office, of
    governments and their staff, and those from which the mail system itself writes.
    """

    _name = "lapor.address.book"
    _description = "Addresses of the Offices"

    @api.model
    def _system(self):
        # Whatever user, whose records he may not read: an address is taken or free for all.
        return self.with_user(SUPERUSER_ID).with_context(active_test=True).env

    @api.model
    def _entries(self):
        """The addresses of offices, the surest first: where two clash since earlier, mail goes to
        the first.

        :rtype: list[Entry]
        """
        env = self._system()
        aliases = env["mail.alias"].search([("alias_name", "!=", False)], order="id")
        cases = env["ir.model"]._get_id("lapor.complaint")
        found = []
        for alias in aliases.filtered(lambda alias: alias.alias_model_id.id == cases):
            unit = ast.literal_eval(alias.alias_defaults or "{}").get("intake_unit_id") or 0
            address = "" if alias.alias_incoming_local else alias.alias_full_name or ""
            found.append(Entry(address.casefold(), alias.alias_name.casefold(), unit))
        # Few units have an address of their own; how it is written is the office's choice.
        for unit in env["lapor.unit"].search([("email", "!=", False)], order="id"):
            found.append(self._entry(unit.email, unit.id))
        received = [("name", "!=", False), ("kind", "not in", MACHINES)]
        for further in env["lapor.mail.address"].search(received, order="id"):
            found.append(self._entry(further.name, further.unit_id.id))
        return found

    @api.model
    def _entry(self, address, unit=0, company=0):
        address = (email_normalize(address or "") or address or "").casefold()
        return Entry(address, address.partition("@")[0], unit, company)

    @api.model
    def _other_entries(self):
        """Addresses in use that bring no mail to an office.

        :rtype: list[Entry]
        """
        env = self._system()
        cases = env["ir.model"]._get_id("lapor.complaint")
        found = []
        for alias in env["mail.alias"].search(
            [("alias_name", "!=", False), ("alias_model_id", "!=", cases)]
        ):
            address = "" if alias.alias_incoming_local else alias.alias_full_name or ""
            found.append(Entry(address.casefold(), alias.alias_name.casefold()))
        for domain in env["mail.alias.domain"].search([("name", "!=", False)]):
            for own in (domain.bounce_email, domain.catchall_email, domain.default_from_email):
                found.append(self._entry(own))
        for server in env["fetchmail.server"].search([("lapor_unit_id", "!=", False)]):
            found.append(self._entry(server.user, server.lapor_unit_id.id))
        for company in env["res.company"].search([("email", "!=", False)]):
            found.append(self._entry(company.email, company=company.id))
        return [entry for entry in found if entry.address or entry.local]

    @api.model
    def _check_free(self, unit, addresses):
        """Refuse addresses of others: of another office, government or of the mail system.

        :param unit: ``lapor.unit`` that is to have them
        :param addresses: as they are written; empty ones are left out
        :raises ValidationError: when one is another's
        """
        wanted = [address for address in addresses if address]
        if not wanted:
            return
        unit = unit.with_env(self._system())
        entries = self._entries() + self._other_entries()
        for address in wanted:
            if any(
                entry.meets(address) and not self._is_of(entry, unit) for entry in entries
            ) or self._is_of_staff(address, unit):
                raise ValidationError(
                    self.env._(
                        "“%(address)s” is another office's, or the mail system's own. Enter an "
                        "address that only this office uses.",
                        address=address,
                    )
                )

    @api.model
    def _check_local_free(self, unit, local):
        """Like :meth:`_check_free`, for an alias that is for every domain."""
        unit = unit.with_env(self._system())
        entries = self._entries() + self._other_entries()
        if any(entry.local == local and not self._is_of(entry, unit) for entry in entries):
            raise ValidationError(
                self.env._(
                    "“%(address)s” is another office's, or the mail system's own. Enter an "
                    "address that only this office uses.",
                    address=local,
                )
            )

    @api.model
    def _is_of(self, entry, unit):
        """Whether an entry is of this unit, of its office, or of its government."""
        owner = unit.browse(entry.unit).exists()
        if owner:
            return owner == unit or (owner.office_id == unit.office_id and bool(unit.office_id))
        return bool(entry.company) and entry.company == unit.company_id.id

    @api.model
    def _is_of_staff(self, address, unit):
        """Whether somebody who works for another government has this address."""
        key = address_key(address)
        users = unit.env["res.users"].search(
            ["|", ("login", "=ilike", key), ("email", "=ilike", key), ("share", "=", False)]
        )
        return any(
            unit.company_id not in user.company_ids
            and key in (address_key(user.login), address_key(user.email))
            for user in users
        )
