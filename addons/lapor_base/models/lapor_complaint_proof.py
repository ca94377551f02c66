from odoo import api, models
from odoo.tools import SQL

from ..tools.case_account import Account, replay
from .lapor_complaint_account import MOMENTS
from .lapor_complaint_misconduct import ACCUSED


class LaporComplaint(models.Model):
    """Where a case stands, whose it is and who may see it is proved by its events."""

    _name = "lapor.complaint"
    _inherit = ["lapor.complaint", "lapor.evidence.mixin"]

    _lapor_proved = (
        "number",
        "tracking_code",
        "company_id",
        "managing_unit_id",
        "intake_unit_id",
        "unit_id",
        "involved_unit_ids",
        "sop_id",
        "phase",
        "outcome",
        "closed_at",
        "current_step_id",
        "received_at",
        "classification",
        "category_id",
        "channel_id",
        "channel_reference",
        "is_anonymous",
        "is_secret",
        "is_misconduct",
        "complainant_id",
        "main_id",
        "split_from_id",
        "split_undone_at",
        "hold_id",
        "promise_id",
        "misroute_id",
        "merged_at",
        "hidden_version",
        "anonymous_version",
        "has_accused",
        "end_agreed_by_id",
        "end_agreed_at",
    )

    def _evidence_case(self):
        return self

    def _evidence_domain(self, complaints):
        return [("id", "in", complaints.ids)]

    def _evidence_name(self):
        return ""

    @api.model
    def _proof_triggers(self):
        # ``has_accused`` follows from these.
        return super()._proof_triggers() | set(ACCUSED)

    @api.model
    def _broken_evidence(self):
        yield from super()._broken_evidence()
        yield from self._broken_conclusions()
        yield from self._broken_governments()

    @api.model
    def _broken_conclusions(self):
        """Cases whose figures, or whose closing to others, do not follow from what is proved."""
        why = self.env._("what follows from its events was changed")
        for complaints in self.env["lapor.event"]._evidence_pages():
            facts = complaints._account_facts()
            for case in complaints:
                try:
                    account = replay(facts[case.id]).to_json()
                except (AttributeError, KeyError, TypeError, ValueError):
                    # Of events that were changed nothing follows; their chain tells it.
                    continue
                told = Account.from_json(account)
                if (
                    case.account != account
                    or case.sp4n_status != told.status
                    or any((case[name] or None) != getattr(told, name) for name in MOMENTS)
                    or case.is_restricted != (case.is_secret or case.is_misconduct)
                ):
                    yield self._break(case, case.id, "", "conclusion", why)
            self.env.invalidate_all()

    @api.model
    def _broken_governments(self):
        """Rows of a case that are said to be another government's, whose people would see them."""
        why = self.env._("it is not of the government of its complaint")
        for name in self.env["lapor.event"]._evidence_models():
            model = self.env[name]
            columns = [model._fields.get(column) for column in ("company_id", "complaint_id")]
            if not all(column and column.store for column in columns):
                continue
            rows = self.env.execute_query(
                SQL(
                    """SELECT row.id, row.complaint_id FROM %s row
                         JOIN lapor_complaint kase ON kase.id = row.complaint_id
                        WHERE row.company_id IS DISTINCT FROM kase.company_id ORDER BY row.id""",
                    SQL.identifier(model._table),
                )
            )
            for res_id, complaint_id in rows:
                case = self.browse(complaint_id)
                found = self._break(case, res_id, f"{name} #{res_id}", "government", why)
                yield found | {"model": name}
