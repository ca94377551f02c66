from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import MissingError
from odoo.tools import SQL

from ..tools.fingerprint import proof

PENDING = "lapor.event.proofs"
# Cases whose papers are compared at once.
PAGE = 300


class LaporEventProof(models.Model):
    """What events prove of the papers of their case (``lapor.evidence.mixin``)."""

    _inherit = "lapor.event"

    code = fields.Selection(
        selection_add=[("recorded", "Papers Recorded")], ondelete={"recorded": "cascade"}
    )
    proofs = fields.Json(
        groups=fields.NO_ACCESS,
        help="Fingerprints of the rows that were written: by model and id.",
    )

    @api.model
    def _await_proofs(self, records):
        """Let the next event of their case prove these rows."""
        # As the system: events are written by acts, whoever does them.
        precommit = self.env.cr.precommit
        pending = precommit.data.get(PENDING)
        if pending is None:
            pending = precommit.data[PENDING] = {}
            precommit.add(self.sudo()._prove_rest)
        for record in records.sudo():
            pending[record._name, record.id] = record._evidence_case().id

    @api.model
    def _awaits_proof(self, record):
        """Whether a row was written in this transaction and is not proved yet."""
        pending = self.env.cr.precommit.data.get(PENDING) or {}
        return (record._name, record.id) in pending

    @api.model
    def _take_proofs(self, cases):
        """The proofs of all rows of these cases that wait for one.

        :param cases: ids of complaints
        :returns: dict of complaint id to proofs, as the field keeps them
        """
        pending = self.env.cr.precommit.data.get(PENDING) or {}
        taken = [key for key, case in pending.items() if case in cases]
        found = {}
        by_model = {}
        for name, res_id in taken:
            by_model.setdefault(name, []).append(res_id)
        # As the system: a proof covers the whole row and shows nothing of it.
        for name, ids in by_model.items():
            for row in self.env[name].sudo().browse(ids):
                case = pending.pop((name, row.id))
                try:
                    given = proof(row.with_context(bin_size=False)._all_proved())
                except MissingError:
                    # Its savepoint was rolled back.
                    continue
                found.setdefault(case, {}).setdefault(name, {})[str(row.id)] = given
        return found

    @api.model
    def _prove_rest(self):
        """Prove what no event of this transaction has proved."""
        pending = self.env.cr.precommit.data.get(PENDING)
        if pending:
            cases = self.env["lapor.complaint"].browse({case for case in pending.values() if case})
            self._log_recorded(cases.exists())
            pending.clear()
        self.env.cr.precommit.data.pop(PENDING, None)

    @api.model
    def _log_recorded(self, cases, data=None):
        """An event of its own for rows that were written beside any other.

        :param dict data: why
        """
        proofs = self._take_proofs(set(cases.ids))
        self._log(
            [
                {"complaint": case, "code": "recorded", "proofs": proofs[case.id], "data": data}
                for case in cases
                if case.id in proofs
            ]
        )

    @api.model
    def _prove_all(self, names=None):
        """Prove every row that has no proof yet, after an upgrade.

        :param names: models whose rows are proved anew whether or not they have proofs
        """
        for complaints in self._evidence_pages():
            for name in self._evidence_models():
                if not self.env[name]._lapor_proved:
                    continue
                known = self._proofs_of(name, complaints) if name not in (names or ()) else {}
                rows = self.env[name].with_user(SUPERUSER_ID).with_context(active_test=False)
                rows = rows.search(rows._evidence_domain(complaints))
                self._await_proofs(
                    rows.filtered(
                        lambda row, known=known: row.id not in known and row._is_provable()
                    )
                )
            self._log_recorded(complaints, {"why": "upgrade"})
            self.env.flush_all()
            self.env.invalidate_all()

    @api.model
    def _evidence_pages(self):
        """All cases, a page at a time."""
        # As the system: whoever verifies need not see the cases.
        Complaint = self.env["lapor.complaint"].sudo()
        last = 0
        while True:
            page = Complaint.search([("id", ">", last)], order="id", limit=PAGE)
            if not page:
                return
            last = page.ids[-1]
            yield page

    @api.model
    def _proofs_of(self, name, complaints):
        """The proofs of the rows of one model in some cases.

        :returns: dict of id to a list of the case's id and the proofs, the newest last
        """
        found = {}
        self.flush_model(["proofs"])
        rows = self.env.execute_query(
            SQL(
                """SELECT complaint_id, proofs -> %(name)s FROM lapor_event
                    WHERE complaint_id = ANY(%(cases)s) AND proofs ? %(name)s
                 ORDER BY complaint_id, sequence""",
                name=name,
                cases=complaints.ids,
            )
        )
        for case, proofs in rows:
            for res_id, given in proofs.items():
                found.setdefault(int(res_id), [case]).append(given)
        return found
