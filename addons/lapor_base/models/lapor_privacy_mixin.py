from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import html2plaintext

from ..tools.personal_data import (
    KINDS,
    count_personal,
    find_personal,
    mask_html,
    mask_personal,
)
from ..tools.program import as_program
from .lapor_complainant import IDENTITY_FIELDS

COMPLAINT_TEXTS = ("name", "description", "place")
# The number in another channel may be a telephone number.
MASKED_FIELDS = (*COMPLAINT_TEXTS, "channel_reference")

# Telephone numbers, addresses and the like that somebody who may not know the complainant of an
# anonymous case may write into one text of it.
MAX_PERSONAL = 10

# Texts of the parts of a case that are left as they are when it becomes anonymous; all others
# are masked. Whole models:
LEFT_MODELS = {
    # Append-only; no identity comes into it (``lapor.event._log``).
    "lapor.event",
    # Hidden by its own way: the original is sealed.
    "lapor.mail.held",
    # Fingerprints of mails, no words.
    "lapor.mail.receipt",
    # Append-only; shown without names (``hidden_version``).
    "lapor.complaint.version",
    # The bytes of a signed letter; record rules take it away with the name in it.
    "lapor.paper",
}
# Fields, of any model:
LEFT_FIELDS = {
    # Of officers, as they were on that day: a namesake of the complainant keeps his name.
    *("from_title", "from_name", "from_rank", "from_nip", "signer_title", "signed_title"),
    *("author_title", "returned_title", "title"),
    # Numbers from agenda books, fingerprints, fixed words of the program.
    *("number", "agenda_number", "text_hash", "sha256", "method"),
}
# Fields of one model:
LEFT_OF = {
    # Frozen or not is told apart, and what was signed is sealed (``lapor.response.seal.mixin``).
    "lapor.response": {"subject", "body", "sealed_subject", "sealed_body"},
    "lapor.response.version": {"subject", "body", "sealed_subject", "sealed_body"},
    # Its words: why the law gives this time.
    "lapor.clock": {"basis"},
}
# What stands around a case by name of its model and id.
AROUND = {
    "mail.activity": ("res_model", {"summary", "note", "feedback", "res_name"}),
    "mail.scheduled.message": ("model", {"subject", "body"}),
    "ir.attachment": ("res_model", {"name", "description", "index_content"}),
}


class LaporPrivacyMixin(models.AbstractModel):
    """Personal data inside the texts of a case.

    What leaves the circle of those who work on a case goes through :meth:`_public_text`. What
    an anonymous complainant wrote never holds his own name, numbers and addresses: they are masked
    when it comes in, or when the case becomes anonymous, and the original is kept with the
    identity, which is opened with a reason (``lapor.identity.mixin``).

    What is typed by somebody who may not know the complainant is never compared with the identity,
    or it could be found out by writing: of such texts all numbers and addresses are masked,
    whosever they are (:meth:`_without_numbers`).
    """

    _name = "lapor.privacy.mixin"
    _description = "Personal Data in Texts"
    _inherit = ["lapor.case.mixin"]

    personal_hint = fields.Char(compute="_compute_personal_hint")

    @api.depends("name", "description", "place")
    @api.depends_context("lang")
    def _compute_personal_hint(self):
        labels = {
            "nik": self.env._("NIK or KK"),
            "npwp": "NPWP",
            "email": self.env._("e-mail address"),
            "phone": self.env._("telephone number"),
            "account": self.env._("account number"),
        }
        for complaint in self:
            text = "\n".join(complaint[name] or "" for name in COMPLAINT_TEXTS)
            kinds = {found.kind for found in find_personal(text)}
            complaint.personal_hint = bool(kinds) and self.env._(
                "The text holds personal data (%(kinds)s). Outside those who work on the "
                "complaint they are masked.",
                kinds=", ".join(label for kind, label in labels.items() if kind in kinds),
            )

    def _own_identity(self):
        """What tells who the complainant is, as texts to look for.

        :rtype: list[str]
        """
        self.ensure_one()
        # As the system: masking is for those who may not know what is masked.
        complainant = self.sudo().complainant_id
        return [complainant[name] for name in IDENTITY_FIELDS if complainant[name]]

    def _knows_identity(self):
        """Whether this user may know who complained: by what he writes he learns nothing."""
        self.ensure_one()
        return self.with_user(self.env.uid).can_see_complainant

    def _public_text(self, text):
        """A text of this case as it may leave the circle of those who work on it: without NIK,
        telephone, account numbers, addresses and the complainant's own name.

        The texts of an anonymous case are compared with the complainant when they come from him
        (:meth:`_without_identity`), and never again: somebody who does not know the name could
        write a thousand, and see which one is missing.

        :param text: plain text, or HTML as ``Markup``
        :returns: the same type
        """
        self.ensure_one()
        mask = mask_html if hasattr(text, "__html__") else mask_personal
        own = [] if self.is_anonymous else self._own_identity()
        return type(text or "")(mask(text or "", own, KINDS))

    def _without_identity(self, text):
        """A text without what tells who the complainant is; other numbers, which may be what
        the complaint is about, stay. Plain text, or HTML as ``Markup``.

        The result tells whether a name or number was the complainant's. So it is only for texts
        that come from the complainant, or from somebody who may know who that is, and for what
        stands in a case at the moment when it becomes anonymous.
        """
        self.ensure_one()
        mask = mask_html if hasattr(text, "__html__") else mask_personal
        return type(text)(mask(text, self._own_identity(), ("own",)))

    def _without_numbers(self, text, known="", own=()):
        """A text without whatever could tell who somebody is, the complainant or not: the same
        for every complainant. Plain text, or HTML as ``Markup``.

        :param str known: what stands there already; its numbers stay
        :param own: further words to leave out, which do not come from the identity
        """
        mask = mask_html if hasattr(text, "__html__") else mask_personal
        return type(text)(mask(text, own, KINDS, stands=known or ""))

    def _as_typed(self, vals):
        """Values as this user may write them into these cases, checked and masked.

        :param dict vals: of ``write``
        :returns: list of pairs (cases, values)
        :raises UserError: when a text of an anonymous case holds too many personal data
        """
        names = set(MASKED_FIELDS) & {name for name, value in vals.items() if value}
        # Only that there is a complainant, not who.
        hidden = self.filtered(lambda case: case._is_hidden()) if names else self.browse()
        plain = self - hidden
        return [(plain, vals)] * bool(plain) + [
            (case, {**vals, **{name: case._typed_text(vals[name], case[name]) for name in names}})
            for case in hidden
        ]

    def _typed_text(self, text, before=""):
        """A text that this user writes into an anonymous case, in place of another one."""
        self.ensure_one()
        self._check_no_probing(text, before)
        if not self._knows_identity():
            return self._without_numbers(text, before)
        masked = self._without_identity(text)
        if masked != text:
            # As the system: whoever knows the identity may not be able to write it.
            self.sudo().complainant_id._keep_original([text])
        return masked

    def _check_no_probing(self, text, before=""):
        """Refuse a text with many numbers and addresses, by somebody who may not know the
        complainant of this anonymous case; the attempt is recorded, and told to a superior.

        :raises UserError: naming how many are allowed
        """
        if (
            not self._is_hidden()
            or count_personal(text, before) <= MAX_PERSONAL
            or self._knows_identity()
        ):
            return
        self._record_probing()
        raise UserError(
            self.env._(
                "The complainant is anonymous: a text here may hold at most %(count)s telephone "
                "numbers, e-mail addresses, NIK or account numbers. Leave them out. Your attempt "
                "has been recorded.",
                count=MAX_PERSONAL,
            )
        )

    def _record_probing(self):
        """Record an attempt to find out who complained. The error that follows takes back
        everything else; so it is written after that, in a transaction of its own."""
        registry, uid, case_id = self.env.registry, self.env.uid, self.id

        def record():
            with registry.cursor() as cr:
                env = api.Environment(cr, uid, self.env["lapor.mail.gateway"]._staff_context())
                # As the system: nobody has the right to write records of attempts.
                case = env["lapor.complaint"].sudo().browse(case_id)
                case._lock_cases()
                case._refuse_reveal(
                    env._("A text with many telephone numbers, addresses or account numbers.")
                )

        self.env.cr.postrollback.add(record)

    def _masked_words(self):
        """What is to be masked in the complaint's own texts, the originals kept with the identity.

        :returns: dict of case to masked values
        """
        # As the system: whoever writes the text need not know who complained.
        found = {}
        for complaint in self.sudo().filtered(lambda case: case._is_hidden()):
            masked = {
                name: text
                for name in MASKED_FIELDS
                if complaint[name]
                and (text := complaint._without_identity(complaint[name])) != complaint[name]
            }
            if masked:
                complaint.complainant_id._keep_original(complaint[name] for name in masked)
                found[complaint] = masked
        return found

    def _mask_tracking(self):
        """The thread will tell what a title was before; not so of an anonymous complainant's
        name."""
        initial = self.env.cr.precommit.data.get(f"mail.tracking.{self._name}") or {}
        for complaint in self.filtered("complainant_id"):
            before = initial.get(complaint.id) or {}
            if before.get("name"):
                before["name"] = complaint._without_identity(before["name"])

    def _mask_thread(self, only_own=False):
        """Keep the complainant out of what stands in the threads of anonymous cases.

        :param bool only_own: only what the complainant wrote
        """
        own = self.env["ir.model.data"]._xmlid_to_res_id("lapor_base.partner_complainant")
        # What hides an identity reaches everything, whoever made the case anonymous.
        for complaint in self.sudo().filtered(lambda case: case.complainant_id):
            # Notices to single users, too, which ``message_ids`` leaves out.
            messages = self.env["mail.message"].sudo()
            thread = [("model", "=", self._name), ("res_id", "=", complaint.id)]
            if only_own:
                thread.append(("author_id", "=", own))
            for message in messages.search(thread):
                complaint._mask_message(message)
        held = self.env["lapor.mail.held"].sudo()
        held.search([("complaint_id", "in", self.ids)])._seal()

    def _mask_message(self, message):
        body = self._without_identity(message.body)
        if body != message.body:
            self.complainant_id._keep_original([html2plaintext(message.body)])
            message.body = body
        for value in message.tracking_value_ids:
            for name in ("old_value_char", "new_value_char"):
                value[name] = value[name] and self._without_identity(value[name])
        if message.subject:
            message.subject = self._without_identity(message.subject)
        if message.message_type == "email":
            # It may name its sender; answers to it still find their case.
            sorter = self.env["lapor.mail.sorter"]
            message.message_id = sorter._hidden_id(message.message_id)

    def _hide_identity(self, becoming=()):
        """Take the complainant out of what anonymous cases say so far.

        Of cases that are anonymous already, and whose identity has been corrected, only what the
        complainant said: what others wrote meanwhile, without knowing the name, is never compared
        with it.

        :param becoming: those that were not anonymous before
        """
        # As the system: hidden everywhere, whatever whoever made the case anonymous may write.
        cases = self.sudo().filtered("is_anonymous")
        new = cases & cases.browse([case.id for case in becoming])
        with as_program():
            masked = cases._masked_words()
            for case in cases - new:
                # What was typed since is not the complainant's.
                typed = case._typed_since_hidden() if case in masked else ()
                texts = {
                    name: text for name, text in masked.get(case, {}).items() if name not in typed
                }
                if texts:
                    case._hide(texts)
            (cases - new)._mask_thread(only_own=True)
            new._mask_tracking()
            for case in new:
                case._hide(masked.get(case, {}), first=True)
            new._mask_thread()
            new._mask_responses()
            inspections = new.env["lapor.inspection"]
            inspections.search([("complaint_id", "in", new.ids)])._seal_content()
            for case in new.filtered("complainant_id"):
                case._mask_parts()
                case._strip_files()
            cases._seal_anew()

    def _strip_files(self):
        """What tells who sent the files of a case, and the mails in its thread."""
        files = self.env["ir.attachment"].search(
            [("res_model", "=", self._name), ("res_id", "=", self.id), ("res_field", "=", False)]
        )
        files._strip_identity()

    def _seal_anew(self):
        """Say in the chains what messages and files look like now from which the identity has
        been taken: they differ from what was received, by the program."""
        entries = []
        for case in self.filtered("complainant_id"):
            facts = {}
            for key, model in (("messages", "mail.message"), ("files", "ir.attachment")):
                known = {}
                for event in case.event_ids:
                    known |= (event.data or {}).get(key) or {}
                records = self.env[model].browse([int(record_id) for record_id in known]).exists()
                changed = {
                    str(record.id): digest
                    for record in records
                    if (digest := record._seal()) != known[str(record.id)]
                }
                if key == "files":
                    # The originals of those that were stripped.
                    changed |= {
                        str(file.id): file._seal()
                        for file in case.complainant_id.file_ids
                        if str(file.id) not in known
                    }
                if changed:
                    facts[key] = changed
            if facts:
                entries.append({"complaint": case, "code": "identity_hidden", "data": facts})
        self.env["lapor.event"]._log(entries)

    def _hide(self, masked, first=False):
        """Write masked texts into a case, and say from where on its wordings are hidden."""
        self._engine_write(masked)
        self._hide_versions(self.event_tip[0], first)

    def _mask_parts(self):
        """Keep the complainant out of the free texts of all parts of a case, as the system: notes,
        reasons, results, findings, what is planned, names of files."""
        self.ensure_one()
        places = [(self._name, self.ids)]
        for model, names in self._texts_of_parts().items():
            parts = (
                self.env[model]
                .with_context(active_test=False)
                .search([("complaint_id", "=", self.id)])
            )
            self._mask_records(parts, names)
            places.append((model, parts.ids))
        for model, (reference, names) in AROUND.items():
            domain = Domain.OR(
                Domain(reference, "=", place) & Domain("res_id", "in", ids) for place, ids in places
            )
            around = self.env[model].with_context(active_test=False).search(domain)
            self._mask_records(around, names)

    def _mask_records(self, records, names):
        """Mask texts of records, past what guards them from being changed: what they say of the
        case stays."""
        for record in records:
            masked = {
                name: text
                for name in names
                if record[name] and (text := self._without_identity(record[name])) != record[name]
            }
            if masked:
                self.complainant_id._keep_original(
                    html2plaintext(record[name])
                    if hasattr(record[name], "__html__")
                    else record[name]
                    for name in masked
                )
                models.Model.write(record, masked)

    @api.model
    @tools.ormcache()
    def _texts_of_parts(self):
        """Where people write about a case: a new field of a new model is found by itself.

        :returns: {model of a part of a case: names of its free texts}
        """
        found = {}
        for model, part in self.env.registry.items():
            case = part._fields.get("complaint_id")
            if (
                not part._auto
                or part._abstract
                or part._transient  # a dialog is seen by nobody but who fills it in
                or model in LEFT_MODELS
                or not (case and case.store and case.comodel_name == self._name)
            ):
                continue
            names = {
                name
                for name, field in part._fields.items()
                if field.type in ("char", "text", "html")
                and field.store
                and not field.compute
                and not field.translate
                and name not in LEFT_FIELDS | LEFT_OF.get(model, set())
            }
            if names:
                found[model] = names
        return found
