import hashlib
from datetime import date, datetime

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.fingerprint import fits


class LaporEvidenceMixin(models.AbstractModel):
    """Rows of a case that its events prove.

    What is written into a row waits for its proof: the next event of the case takes the row's
    fingerprint with it (``lapor.event._take_proofs``), and the end of the transaction takes what
    no event took. So a row that was put in, changed or removed behind the program's back does not
    fit its proof: :meth:`_broken_evidence`. Nothing here is ever removed.
    """

    _name = "lapor.evidence.mixin"
    _description = "Proved by Events"
    _inherit = ["lapor.acts.mixin"]
    _lapor_evidence = True

    #: Stored fields that the fingerprint covers; a change of this list needs a migration that
    #: proves all rows anew (``lapor.event._prove_all``).
    _lapor_proved = ()
    #: Whether a row never changes: then every proof of it must fit, not the newest only.
    _lapor_proved_once = False

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        # As the system: only what is recorded of it, nothing is shown.
        rows = records.sudo().filtered(lambda row: row._is_provable())
        self.env["lapor.event"]._await_proofs(rows)
        return records

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & self._proof_triggers():
            # As the system: only what is recorded of it, nothing is shown.
            rows = self.sudo()
            if "state" not in vals:
                rows = rows.filtered(lambda row: row._is_provable())
            self.env["lapor.event"]._await_proofs(rows)
        return result

    def unlink(self):  # pylint: disable=method-required-super
        self.check_access("unlink")
        # pylint: disable-next=no-raise-unlink
        raise UserError(
            self.env._(
                "“%(kind)s” is evidence and is never removed.",
                kind=self.env["ir.model"]._get(self._name).name,
            )
        )

    @api.model
    def _proof_triggers(self):
        """Fields whose change is to be recorded."""
        return set(self._lapor_proved)

    def _is_provable(self):
        """Whether this row is evidence already: not what is still being written."""
        return True

    def _proved_values(self):
        """What the fingerprint covers, as plain JSON values by name."""
        self.ensure_one()
        return {name: _plain(self[name]) for name in self._lapor_proved}

    def _all_proved(self):
        """What the fingerprint covers, also of what was archived since."""
        return self.with_context(active_test=False)._proved_values()

    @api.model
    def _broken_evidence(self):
        """Rows that are not what the events of their case say."""
        yield from super()._broken_evidence()
        labels = {
            "inserted": self.env._("no act of the case has made it"),
            "changed": self.env._("it is not what was recorded"),
            "removed": self.env._("it is gone"),
        }
        for complaint, res_id, name, reason in self._compare_proofs():
            yield self._break(complaint, res_id, name, reason, labels[reason])

    @api.model
    def _break(self, complaint, res_id, name, reason, why):
        """One thing that does not hold, as :meth:`_broken_evidence` tells it.

        Of a case that is shut to whoever asks only its number and the number of the row are told.
        """
        asking = complaint.exists().with_user(self.env.user)
        if asking and not asking.has_access("read"):
            name = None
        return {
            "model": self._name,
            "res_id": res_id,
            "complaint_id": complaint.id,
            "number": complaint.exists().number,
            "reason": reason,
            "sentence": self.env._(
                "%(number)s, %(kind)s %(name)s: %(why)s",
                number=complaint.exists().number or "–",
                kind=self.env["ir.model"]._get(self._name).name,
                name=name or f"#{res_id}",
                why=why,
            ),
        }

    @api.model
    def _evidence_name(self):
        """How a break names the row: a number where it has one."""
        return f"#{self.id}"

    def _evidence_case(self):
        """The case whose events prove this row."""
        return self.complaint_id

    @api.model
    def _evidence_domain(self, complaints):
        """Which rows belong to these cases."""
        return [("complaint_id", "in", complaints.ids)]

    @api.model
    def _compare_proofs(self, pages=None):
        """Compare rows with their proofs, a page of cases at a time.

        :param pages: iterable of complaints; all when None
        :returns: iterable of (complaint, id, name, reason)
        """
        Event = self.env["lapor.event"]
        for complaints in pages or Event._evidence_pages():
            proofs = Event._proofs_of(self._name, complaints)
            rows = self.with_context(active_test=False, bin_size=False).search(
                self._evidence_domain(complaints), order="id"
            )
            for row in rows:
                complaint, known = row._evidence_case(), proofs.pop(row.id, None)
                if known is None:
                    if row._is_provable():
                        yield complaint, row.id, row._evidence_name(), "inserted"
                elif not row._fits(known):
                    yield complaint, row.id, row._evidence_name(), "changed"
            for res_id, known in proofs.items():
                yield complaints.browse(known[0]), res_id, None, "removed"
            self.env.invalidate_all()

    def _is_as_recorded(self):
        self.ensure_one()
        # What is being written now is recorded at its end.
        Event = self.env["lapor.event"]
        if Event._awaits_proof(self):
            return True
        known = Event._proofs_of(self._name, self._evidence_case()).get(self.id)
        return bool(known) and self._fits(known)

    def _fits(self, known):
        """Whether the row is what was recorded of it.

        :param known: list of the case's id and the proofs of this row, the newest last
        """
        self.ensure_one()
        case, *proofs = known
        wanted = proofs if self._lapor_proved_once else proofs[-1:]
        values = self._all_proved()
        return case == self._evidence_case().id and all(fits(proof, values) for proof in wanted)


def _plain(value):
    """A value of a field as JSON keeps it: the same today and whenever it is read again."""
    if isinstance(value, models.BaseModel):
        if value._name == "ir.attachment":
            return sorted(
                [file.id, hashlib.sha256(file.raw or b"").hexdigest(), file.mimetype or ""]
                for file in value
            )
        return sorted(value.ids)
    if isinstance(value, datetime):
        return fields.Datetime.to_string(value)
    if isinstance(value, date):
        return fields.Date.to_string(value)
    return value if isinstance(value, (bool, int, dict, list)) or not value else str(value)
