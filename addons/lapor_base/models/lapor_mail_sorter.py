import hashlib
import logging
from dataclasses import dataclass, field, replace
from email.errors import MessageError
from email.message import Message
from email.parser import BytesHeaderParser

from psycopg2 import DataError

from odoo import api, models
from odoo.tools import hmac, ormcache

from ..tools import mail_bounds, mail_reader, mail_thread_key
from ..tools.mail_auth import is_authentic
from ..tools.mail_sameness import gist
from ..tools.mail_source import MACHINES, person_behind
from ..tools.tracking_code import normal_tracking_code

_logger = logging.getLogger(__name__)

# What the mail package, lxml and the database driver raise on hopeless mails.
UNREADABLE = (
    MessageError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    RecursionError,
    AssertionError,
    OverflowError,
    DataError,
)
#: Bytes of a Message-Id that an index takes without complaint.
MAX_KEY = 900
#: End of what stands for Message-Ids that may tell who wrote the mail.
HIDDEN_ID = "@tersembunyi.lapor.invalid>"


def _key(message_id):
    """A Message-Id as an index takes it; a monstrous one is told by its hash."""
    raw = message_id.encode(errors="replace")
    return message_id if len(raw) <= MAX_KEY else f"hash:{hashlib.sha256(raw).hexdigest()}"


@dataclass
class SortedMail:
    """A mail with what it is for.

    ``key`` enters it once; ``units`` are those it is addressed to, one of each office; ``case``
    is the complaint that it seems to belong to, by ``proof``: "thread" (it answers ``parent``),
    "token" (signed address), "code" (number and tracking code) or "number" (anybody can write
    one). ``tokened_case`` is the case of a signed address, whatever else says. ``source`` is the
    kind of the office's own machine that sent it for somebody (``lapor.mail.address``), ``through``
    that machine's address.

    What hinders it: ``bound`` that it exceeds (``mail_bounds``) and ``is_read``; for the office
    that it is just taken in for ``is_known``, ``is_reused`` (another mail has its Message-Id),
    ``refusal`` and ``failure`` of an attempt to take it in, ``left``, files that stay outside, and
    ``lost``, how many words cannot be shown.
    """

    mail: mail_reader.ReadMail
    raw: bytes
    key: str
    fingerprint: str
    sender_key: str
    gist: str
    units: models.Model
    case: models.Model
    tokened_case: models.Model
    parent: models.Model
    company: models.Model
    proof: str = ""
    is_own: bool = False
    source: str = ""
    through: str = ""
    bound: str = ""
    is_read: bool = True
    is_known: bool = False
    is_reused: bool = False
    refusal: str = ""
    failure: str = ""
    left: list = field(default_factory=list)
    lost: int = 0
    # What the rules have found out so far, for those that ask the same.
    marks: dict | None = None
    recent: tuple | None = None
    writer: tuple | None = None
    _offices: dict = field(default_factory=dict)

    def office(self, unit):
        """The managing office that decides on it.

        :param unit: ``lapor.unit`` that it is for, or none
        :rtype: lapor.unit
        """
        if self.case:
            return self.case.managing_unit_id
        if unit.id not in self._offices:
            self._offices[unit.id] = unit._managing_office() if unit else unit
        return self._offices[unit.id]

    def doors(self):
        """For what units it is to be taken in: those it is addressed to, the office of its case, or
        one empty record."""
        units = self.case.managing_unit_id or self.units
        return list(units) or [units]

    def begin(self):
        """Forget what was so for another office."""
        self.is_known = self.is_reused = False
        self.refusal = self.failure = ""
        self.left, self.lost = [], 0

    def channel(self):
        """The channel by which its complaint came: of what was scanned, paper."""
        return "channel_letter" if self.source == "scanner" else "channel_email"

    def taken_mail(self):
        """The mail with those of its files that can be kept."""
        return replace(self.mail, files=[file for file in self.mail.files if file not in self.left])


class LaporMailSorter(models.AbstractModel):
    """Finds what a mail is for: the offices by its addresses, the case by its thread."""

    _name = "lapor.mail.sorter"
    _description = "Sorting of Mails"

    @api.model
    def _sort(self, mail, raw, addresses, unit):
        """Look up whom a mail is for.

        :param ReadMail mail: the mail
        :param bytes raw: the same as received
        :param list addresses: where it was sent, those of the envelope too
        :param unit: ``lapor.unit`` at whose door it came; empty when at everybody's
        :rtype: SortedMail
        """
        fingerprint, through = mail.fingerprint(), mail.sender
        said = gist(mail.subject, mail.text or mail.html)
        addressed = self._find_units([*addresses, mail.sender])
        is_office = mail.sender in addressed
        if mail.sender not in addresses:
            addressed.pop(mail.sender, None)
        units = self._one_of_each_office(addressed, unit)
        source = self._find_source(mail, units)
        if not source and is_office:
            behind = self._behind_list(mail)
            if behind:
                mail.sender_name, mail.sender = behind
        own = self._find_units([mail.sender]) or self._is_from_us(mail)
        post = SortedMail(
            mail=mail,
            raw=raw,
            key=_key(mail.message_id) or f"content:{fingerprint}",
            fingerprint=fingerprint,
            sender_key=self._sender_key(mail.sender),
            gist=said,
            units=units,
            case=self.env["lapor.complaint"],
            tokened_case=self.env["lapor.complaint"],
            parent=self.env["mail.message"],
            company=units[:1].company_id or self._find_company(addresses),
            is_own=bool(own),
            source=source,
            through=through,
        )
        self._find_case(post, addresses)
        return post

    @api.model
    def _sort_unread(self, raw, bound, recipients, unit):
        """What is known of a mail that is not opened: its heads are read as far as they go.

        :param str bound: which bound it exceeds; "" where it is no readable mail
        :rtype: SortedMail
        """
        digest = hashlib.sha256(raw).hexdigest()
        mail, addresses = mail_reader.ReadMail(message=Message()), list(recipients)
        try:
            heads = BytesHeaderParser(policy=mail_reader.POLICY).parsebytes(
                raw[: mail_bounds.MAX_HEADERS]
            )
            mail.message = heads
            mail.subject = mail_reader.header(heads, "Subject")
            mail.sender_name = mail_reader.header(heads, "From")
            addresses += mail_reader.recipients(heads)
        except UNREADABLE as error:
            _logger.info("A held mail has unreadable heads: %s", error)
        unit = unit or next(iter(self._find_units(addresses).values()), unit)
        return SortedMail(
            mail=mail,
            raw=raw,
            key=f"raw:{digest}",
            fingerprint=digest,
            sender_key="",
            gist="",
            units=unit,
            case=self.env["lapor.complaint"],
            tokened_case=self.env["lapor.complaint"],
            parent=self.env["mail.message"],
            company=unit.company_id or self._find_company(addresses),
            bound=bound,
            is_read=False,
        )

    @api.model
    def _find_source(self, mail, units):
        """Put whoever is behind a mail of an office's own machine in the place of its sender.

        :returns: the kind of machine (``lapor.mail.address``), "" where it is none, or where it
            wrote for itself
        """
        companies = units.company_id.ids
        for company, kind, line in self._sources().get(mail.sender, ()):
            if company not in companies:
                continue
            person = person_behind(kind, line, mail)
            if person is None:
                return ""
            if person[1] and self._find_units([person[1]]):
                # An address of ours is nobody's who complains.
                person = person[0], ""
            mail.sender_name, mail.sender = person
            return kind
        return ""

    @api.model
    @ormcache()
    def _sources(self):
        """The machines of all offices, read once.

        :rtype: dict[str, list[tuple[int, str, str]]]: address to (government, kind, named line)
        """
        # As the system: read for every mail.
        found = {}
        for address in self.env["lapor.mail.address"].sudo().search([("kind", "in", MACHINES)]):
            entry = (address.company_id.id, address.kind, address.line or "")
            found.setdefault(address.name.casefold(), []).append(entry)
        return found

    @api.model
    def _sender_key(self, address):
        """What stands for a sender's address where the address itself must not stand."""
        return hmac(self.env(su=True), "lapor-mail-sender", address or "")[:32]

    @api.model
    def _is_ours(self, raw):
        """Whether a mail is for an office, or answers a message of a complaint."""
        heads = BytesHeaderParser(policy=mail_reader.POLICY).parsebytes(
            raw[: mail_bounds.MAX_HEADERS]
        )
        return bool(
            self._find_units(mail_reader.recipients(heads))
            or self._find_parent(mail_reader.references(heads))
        )

    @api.model
    def _is_from_us(self, mail):
        """Whether a mail of ours comes back: forwarded by a rule, or from an address of which
        only the program writes."""
        _full, _local, senders, domains = self._address_book()
        if mail.sender in senders:
            return True
        # Our Message-Ids have a domain of ours, those of the core its mark: others cost no search.
        domain = mail.message_id.rpartition("@")[2].rstrip(">").casefold()
        if domain not in domains and "-openerp-" not in mail.message_id:
            return False
        return bool(
            self.env["mail.message"].search_count(
                [("message_id", "=", mail.message_id), ("message_type", "!=", "email")], limit=1
            )
        )

    @api.model
    def _ours(self):
        """Our addresses and, with their @, our domains: lists and loops of these are no foreign
        machines.

        :rtype: set[str]
        """
        full, _local, senders, domains = self._address_book()
        return {address for address in (*full, *senders) if address} | {
            f"@{domain}" for domain in domains
        }

    @api.model
    def _behind_list(self, mail):
        """Who wrote a mail that a list of ours passes on in its own name, as lists do for the sake
        of DMARC.

        :returns: (name, address), or None
        """
        for name in ("X-Original-From", "Reply-To", "X-Original-Sender"):
            for shown, address in mail_reader.writers(mail.message, name)[:1]:
                if not self._find_units([address]):
                    return shown or mail.sender_name, address
        return None

    # ------------------------------------------------------------
    # OFFICES
    # ------------------------------------------------------------

    @api.model
    def _find_units(self, addresses):
        """Which of these addresses are ours: {address: unit}, in the order given.

        An address is ours as the alias of a unit (also with something after a plus), as its
        sender, or as one of its further addresses.
        """
        plain = {
            address: mail_thread_key.split_extra(address)[0] for address in addresses if address
        }
        full, local, _senders, _domains = self._address_book()

        def unit_id(address):
            return full.get(address) or local.get(address.partition("@")[0])

        ids = {address: unit_id(address) or unit_id(name) for address, name in plain.items()}
        ids = {address: unit for address, unit in ids.items() if unit}
        if not ids:
            return {}
        active = self.env["lapor.unit"].search_fetch([("id", "in", list(ids.values()))])
        return {address: active.browse(unit) for address, unit in ids.items() if unit in active.ids}

    @api.model
    @ormcache()
    def _address_book(self):
        """The addresses of all offices: read once, not for each mail. Whatever is written there
        clears it (``lapor.mail.address``, ``lapor.unit``, ``mail.alias``, ``mail.alias.domain``).

        :returns: two dicts to ids of units, by whole address, and by what stands before the @
            where an alias is for every domain; the set of addresses of which only the program
            writes; and the set of our domains
        """
        book = self.env["lapor.address.book"]
        system = book._system()
        full, local = {}, {}
        for entry in book._entries():
            # An alias of every domain goes by what stands before the @.
            if entry.address:
                full.setdefault(entry.address, entry.unit)
            else:
                local.setdefault(entry.local, entry.unit)
        senders, domains = set(), {"lapor.invalid"}
        for domain in system["mail.alias.domain"].search([("name", "!=", False)]):
            senders |= {domain.bounce_email, domain.catchall_email, domain.default_from_email}
            domains.add(domain.name.casefold())
        domains |= {address.rpartition("@")[2] for address in full if address}
        return full, local, {address.casefold() for address in senders if address}, domains

    @api.model
    def _one_of_each_office(self, addressed, door):
        """The units addressed, one of each office.

        At the door of an office only its own come in; at that of a managing office all of its
        government. What is for none of them is for the door itself.
        """
        units = self.env["lapor.unit"]
        for unit in addressed.values():
            if door and not (
                unit.company_id == door.company_id
                if door.office_id.kind == "manager"
                else unit.office_id == door.office_id
            ):
                continue
            if unit.office_id not in units.office_id:
                units |= unit
        return units or door

    @api.model
    def _find_company(self, addresses):
        """The government whose mail domain an address has.

        :rtype: res.company
        """
        domains = [address.rpartition("@")[2] for address in addresses]
        # The core gives a domain to companies that have no office, too.
        offices = self.env["lapor.unit"].search(
            [("kind", "=", "manager"), ("company_id.alias_domain_id.name", "in", domains)]
        )
        companies = offices.company_id
        return companies if len(companies) == 1 else companies.browse()

    # ------------------------------------------------------------
    # CASES
    # ------------------------------------------------------------

    @api.model
    def _find_case(self, post, addresses):
        """Which complaint a mail belongs to, and how it shows."""
        mail = post.mail
        for address in addresses:
            number, signature = mail_thread_key.read_extra(mail_thread_key.split_extra(address)[1])
            case = self._by_number([number]) if number else self.env["lapor.complaint"]
            if not case:
                continue
            post.case, post.proof = case, "number"
            if mail_thread_key.same_signature(signature, self._signature(case.number)):
                post.proof, post.tokened_case = "token", case
                break
        parent = self._find_parent(mail.references)
        if parent:
            post.parent = parent
            post.case = self.env["lapor.complaint"].browse(parent.res_id)
            post.proof = "thread"
        elif not post.case:
            self._find_by_words(post)

    @api.model
    def _find_by_words(self, post):
        """When headers and addresses say nothing: number in the subject, or number and tracking
        code anywhere."""
        mail = post.mail
        case = self._by_number(mail_thread_key.numbers_in_subject(mail.subject))
        if case:
            post.case, post.proof = case, "number"
            return
        text = mail.text or mail.html
        for case in self._by_number(mail_thread_key.numbers_in_text(text), limit=5):
            codes = mail_thread_key.codes_in_text(text)
            if case.tracking_code in {normal_tracking_code(code) for code in codes}:
                post.case, post.proof = case, "code"
                return

    @api.model
    def _by_number(self, numbers, limit=1):
        Complaint = self.env["lapor.complaint"]
        if not numbers:
            return Complaint
        return Complaint.search([("number", "in", numbers)], limit=limit, order="id")

    @api.model
    def _find_parent(self, references):
        """The message of a case that a mail answers."""
        Message = self.env["mail.message"]
        if not references:
            return Message
        known = [*references, *map(self._hidden_id, references)]
        found = Message.search(
            [("message_id", "in", known), ("model", "=", "lapor.complaint")],
            order="id desc",
            limit=1,
        )
        return found

    @api.model
    def _hidden_id(self, message_id):
        """What stands for the Message-Id of an anonymous complainant's mail."""
        if not message_id or message_id.endswith(HIDDEN_ID):
            return message_id
        return f"<{self.env['lapor.complaint.version']._seal(message_id)[:40]}{HIDDEN_ID}"

    @api.model
    def _signature(self, number):
        # A key that leaves the program only as a part of signatures.
        key = self.env["ir.config_parameter"].sudo().get_param("database.secret") or ""
        return mail_thread_key.sign(key.encode(), number)

    @api.model
    def _is_proven(self, post):
        """Whether more than an address says that the sender is who got our mail: it answers a
        letter to the complainant, whose Message-Id cannot be guessed, was sent to its signed
        address, or has the tracking code; or the office's own mail server has proved the address
        (``lapor.unit.mail_auth_server``)."""
        case = post.case
        if post.tokened_case == case or post.proof in ("token", "code"):
            return True
        if post.proof == "thread" and not self._is_from_inside(post):
            return True
        office = case.managing_unit_id
        return is_authentic(post.mail.message, office.mail_auth_server, post.mail.sender)

    @api.model
    def _is_from_inside(self, post):
        """Whether the writer answers a message that only colleagues have got.

        The address of a sender proves nothing. The Message-Id of an internal notification does:
        it cannot be guessed, and no complainant has seen it.
        """
        return bool(
            post.parent
            and post.parent.message_type != "email"
            and not self.env["lapor.response"].search_count(
                [("mail_id.mail_message_id", "=", post.parent.id)], limit=1
            )
        )
