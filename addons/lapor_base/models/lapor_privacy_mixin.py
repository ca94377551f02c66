from odoo import api, fields, models, tools
from odoo.fields import Domain
from odoo.tools import html2plaintext

from ..tools.personal_data import KINDS, find_personal, mask_html, mask_personal
from .lapor_complainant import IDENTITY_FIELDS

COMPLAINT_TEXTS = ("name", "description", "place")
# The number in another channel may be a telephone number.
MASKED_FIELDS = (*COMPLAINT_TEXTS, "channel_reference")

# Texts of the parts of a case that are left as they are when it becomes anonymous; all others
# are masked. Whole models:
LEFT_MODELS = {
    # Append-only; no identity comes into it (``lapor.event._log``).
    "lapor.event",
    # Hidden by its own way: the original is sealed.
    "lapor.mail.held",
    # Fingerprints of mails, no words.
    "lapor.mail.receipt",
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

    What leaves the circle of those who work on a case goes through :meth:`_public_text`. The
    texts of an anonymous case never hold the complainant's own name, numbers and addresses:
    they are masked when they come in, and the original is kept with the identity, which is
    opened with a reason (``lapor.identity.mixin``).
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

    def _public_text(self, text):
        """A text of this case as it may leave the circle of those who work on it: without NIK,
        telephone, account numbers, addresses and the complainant's own name.

        :param text: plain text, or HTML as ``Markup``
        :returns: the same type
        """
        self.ensure_one()
        mask = mask_html if hasattr(text, "__html__") else mask_personal
        return type(text or "")(mask(text or "", self._own_identity(), KINDS))

    def _without_identity(self, text):
        """A text without what tells who the complainant is; other numbers, which may be what
        the complaint is about, stay. Plain text, or HTML as ``Markup``."""
        self.ensure_one()
        mask = mask_html if hasattr(text, "__html__") else mask_personal
        return type(text)(mask(text, self._own_identity(), ("own",)))

    def _mask_identity(self):
        """Keep the complainant out of the texts of anonymous cases; the originals go to where
        the identity is."""
        # As the system: whoever writes the text need not know who complained.
        for complaint in self.sudo().filtered(lambda case: case.is_anonymous):
            if not complaint.complainant_id:
                continue
            masked = {
                name: text
                for name in MASKED_FIELDS
                if complaint[name]
                and (text := complaint._without_identity(complaint[name])) != complaint[name]
            }
            if masked:
                complaint.complainant_id._keep_original(complaint[name] for name in masked)
                complaint._engine_write(masked)

    def _message_track(self, fields_iter, initial_values_dict):
        """The thread tells what a title was before; not so of an anonymous complainant's name."""
        # Takes names out of what the thread will tell.
        for complaint in self.sudo().filtered(lambda case: case.is_anonymous):
            before = initial_values_dict.get(complaint.id) or {}
            if before.get("name"):
                before["name"] = complaint._without_identity(before["name"])
        return super()._message_track(fields_iter, initial_values_dict)

    def _mask_thread(self):
        """Keep the complainant out of what a case that becomes anonymous has in its thread."""
        # What hides an identity reaches everything, whoever made the case anonymous.
        for complaint in self.sudo().filtered(lambda case: case.complainant_id):
            # Notices to single users, too, which ``message_ids`` leaves out.
            messages = self.env["mail.message"].sudo()
            thread = [("model", "=", self._name), ("res_id", "=", complaint.id)]
            for message in messages.search(thread):
                body = complaint._without_identity(message.body)
                if body != message.body:
                    complaint.complainant_id._keep_original([html2plaintext(message.body)])
                    message.body = body
                for value in message.tracking_value_ids:
                    for name in ("old_value_char", "new_value_char"):
                        value[name] = value[name] and complaint._without_identity(value[name])
                if message.subject:
                    message.subject = complaint._without_identity(message.subject)
        held = self.env["lapor.mail.held"].sudo()
        held.search([("complaint_id", "in", self.ids)])._seal()

    def _hide_identity(self):
        """Take the complainant out of all that anonymous cases say so far."""
        # As the system: hidden everywhere, whatever whoever made the case anonymous may write.
        cases = self.sudo().filtered(lambda case: case.is_anonymous and case.complainant_id)
        cases._mask_identity()
        cases._mask_thread()
        cases._mask_responses()
        cases.env["lapor.inspection"].search([("complaint_id", "in", cases.ids)])._seal_content()
        for complaint in cases:
            complaint._mask_parts()

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
