import hashlib
import hmac
import json
import secrets

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.text_diff import compare_texts

#: Where the key of the fingerprints is: they speak of texts that few may read, and must not be
#: found out by trying names.
KEY = "lapor_base.evidence_key"
#: Words in which somebody may be named; hidden from before a case became anonymous.
WORDS = ("name", "description", "place", "channel_reference")
# Cases compared at once.
BATCH = 500


class LaporComplaintVersion(models.Model):
    """What a complaint said at one time: who wrote it, when, what before and what after.

    The first version is how the complaint came in: ``before`` is what was keyed in or read from
    the mail, word for word, ``after`` what was kept of it (an anonymous complainant's name is
    masked). Each further one is a change. Append-only, in the program and by a trigger; the
    fingerprint of a version stands in the event of the same number.
    """

    _name = "lapor.complaint.version"
    _description = "Version of a Complaint"
    _inherit = ["lapor.acts.mixin"]
    _order = "complaint_id, number"
    _rec_name = "number"
    _lapor_evidence = True
    _lapor_append_only = True

    complaint_id = fields.Many2one(
        "lapor.complaint", required=True, ondelete="restrict", index=True, readonly=True
    )
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    number = fields.Integer(
        string="Event", required=True, readonly=True, help="Number of the event that records it."
    )
    at = fields.Datetime(required=True, readonly=True, string="Time")
    user_id = fields.Many2one("res.users", required=True, ondelete="restrict", readonly=True)
    before = fields.Json(readonly=True, groups=fields.NO_ACCESS, export_string_translation=False)
    after = fields.Json(readonly=True, groups=fields.NO_ACCESS, export_string_translation=False)
    hash = fields.Char(string="Fingerprint", required=True, readonly=True)
    what = fields.Char(string="Changed", compute="_compute_shown")
    changes = fields.Html(compute="_compute_shown", sanitize=False)

    _number_uniq = models.UniqueIndex("(complaint_id, number)")

    def init(self):
        self.env.cr.execute(
            SQL(
                """
                DROP TRIGGER IF EXISTS lapor_complaint_version_append_only
                    ON lapor_complaint_version;
                CREATE TRIGGER lapor_complaint_version_append_only
                    BEFORE UPDATE OR DELETE ON lapor_complaint_version
                    FOR EACH ROW EXECUTE FUNCTION lapor_event_append_only();
                DROP TRIGGER IF EXISTS lapor_complaint_version_no_truncate
                    ON lapor_complaint_version;
                CREATE TRIGGER lapor_complaint_version_no_truncate
                    BEFORE TRUNCATE ON lapor_complaint_version
                    FOR EACH STATEMENT EXECUTE FUNCTION lapor_event_append_only();
                """
            )
        )

    # ------------------------------------------------------------
    # APPEND ONLY
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su or any("hash" not in vals for vals in vals_list):
            raise UserError(self.env._("Versions are written by changing the complaint only."))
        return super().create(vals_list)

    def copy(self, default=None):  # pylint: disable=method-required-super
        raise UserError(self.env._("Versions are written by changing the complaint only."))

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("Versions are evidence and cannot be changed."))

    def unlink(self):  # pylint: disable=method-required-super
        # pylint: disable-next=no-raise-unlink
        raise UserError(self.env._("Versions are evidence and cannot be removed."))

    @api.model
    def _keep(self, changes):
        """Write one version for each complaint; its event follows at once.

        :param changes: dict of ``lapor.complaint`` to (before, after), dicts of values
        :rtype: lapor.complaint.version
        """
        now = fields.Datetime.now()
        vals_list = []
        # As the system: nobody has the right to write versions, only changes do.
        for complaint, (before, after) in changes.items():
            vals = {
                "complaint_id": complaint.id,
                "company_id": complaint.sudo().company_id.id,
                "number": complaint.sudo().event_tip[0] + 1,
                "at": now,
                "user_id": self.env.uid,
                "before": before,
                "after": after,
            }
            vals_list.append({**vals, "hash": self._hash(vals)})
        return self.sudo().create(vals_list)

    @api.model
    def _hash(self, vals):
        return self._seal(
            {
                "complaint": vals["complaint_id"],
                "number": vals["number"],
                "at": fields.Datetime.to_string(vals["at"]),
                "user": vals["user_id"],
                "before": vals["before"] or {},
                "after": vals["after"] or {},
            }
        )

    @api.model
    def _seal(self, facts):
        """Fingerprint of something that may hold an identity: without the key of this database,
        nobody finds out by trying what was fingerprinted.

        :param facts: text, bytes, or plain JSON values
        :returns: 64 hexadecimal digits (HMAC of SHA-256)
        """
        key = self._seal_key()
        if isinstance(facts, bytes):
            text = facts
        elif isinstance(facts, str):
            text = facts.encode()
        else:
            text = json.dumps(
                facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False
            ).encode()
        return hmac.new(key.encode(), text, hashlib.sha256).hexdigest()

    @api.model
    def _seal_key(self):
        # A key that leaves the program as a part of fingerprints only.
        parameters = self.env["ir.config_parameter"].sudo()
        if not (key := parameters.get_param(KEY)):
            key = secrets.token_hex(32)
            parameters.set_param(KEY, key)
        return key

    # ------------------------------------------------------------
    # SHOWN
    # ------------------------------------------------------------

    @api.depends_context("uid", "lang")
    def _compute_shown(self):
        known = {case: case.can_see_complainant for case in self.complaint_id}
        for version in self:
            # As the system: the words are hidden below from whoever may not know the complainant.
            case, values = version.complaint_id.sudo(), version.sudo()
            before, after = values.before or {}, values.after or {}
            hides = case.is_anonymous and not known[version.complaint_id]
            old = hides and version.number <= case.hidden_version
            new = hides and version.number < case.hidden_version
            names = [name for name in case._fields if name in after or name in before]
            rows = [
                version._shown_row(
                    case,
                    name,
                    *(
                        self.env._("(kept with the identity)")
                        if hidden and name in WORDS and side.get(name)
                        else case._shown_value(name, side.get(name))
                        for side, hidden in ((before, old), (after, new))
                    ),
                )
                for name in names
                if before.get(name) or after.get(name)
            ]
            version.what = (
                self.env._("As it came in")
                if version.number == 1
                else ", ".join(case._fields[name]._description_string(self.env) for name in names)
            )
            version.changes = Markup("<dl>%s</dl>") % Markup().join(rows)

    def _shown_row(self, case, name, before, after):
        """A field with its wording, as HTML; what was taken out and put in where it changed."""
        label = case._fields[name]._description_string(self.env)
        if self.number != 1:
            text = compare_texts(*(str(Markup("<p>%s</p>") % side) for side in (before, after)))
        else:
            # What came in stands first; beside it only what differs.
            text = Markup("<p>%s</p>") % (before or "–")
            if before != after:
                text += Markup("<p>%s<br/>%s</p>") % (self.env._("Kept with the case:"), after)
        return Markup("<dt>%s</dt><dd style='white-space: pre-line'>%s</dd>") % (label, text)

    # ------------------------------------------------------------
    # EVIDENCE
    # ------------------------------------------------------------

    @api.model
    def _broken_evidence(self):
        """Versions that were changed, removed or put in, and complaints that say something else
        than what follows from their versions."""
        self.env.flush_all()
        cases = self.env["lapor.complaint"].with_context(active_test=False)
        after = 0
        while batch := cases.search([("id", ">", after)], order="id", limit=BATCH):
            yield from self._broken_of(batch)
            after = batch[-1].id
            self.env.invalidate_all(flush=False)

    @api.model
    def _broken_of(self, cases):
        reasons = {
            "version": self.env._("a version of its text was changed"),
            "version_gone": self.env._("a version of its text is missing"),
            "version_new": self.env._("a version of its text has no event"),
            "words": self.env._("its text is not what was received and changed by name"),
        }
        said = {
            (case, number): digest
            for case, number, digest in self.env.execute_query(
                SQL(
                    """SELECT complaint_id, sequence, data->>'words' FROM lapor_event
                        WHERE complaint_id = ANY(%s) AND data->>'words' IS NOT NULL""",
                    cases.ids,
                )
            )
        }
        words, found = {}, []
        for version in self.search([("complaint_id", "in", cases.ids)]):
            key = (version.complaint_id.id, version.number)
            vals = {name: version[name] for name in ("number", "at", "before", "after")}
            vals |= {"complaint_id": key[0], "user_id": version.user_id.id}
            digest = said.pop(key, None)
            if digest is None:
                found.append((key[0], version.id, "version_new"))
            elif not digest == version.hash == self._hash(vals):
                found.append((key[0], version.id, "version"))
            words.setdefault(key[0], {}).update(version.after or {})
        found += [(case, False, "version_gone") for case, _number in said]
        for case in cases:
            now, then = case._words(), words.get(case.id)
            if then is None or any(now.get(name) != then[name] for name in then):
                found.append((case.id, False, "words"))
        for case, version, reason in found:
            number = cases.browse(case).number
            yield {
                "model": self._name if version else "lapor.complaint",
                "res_id": version or case,
                "complaint_id": case,
                "number": number,
                "sequence": 0,
                "reason": reason,
                "sentence": self.env._(
                    "%(number)s: %(reason)s", number=number, reason=reasons[reason]
                ),
            }
