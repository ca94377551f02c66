from odoo import api, fields, models
from odoo.orm.models import NO_ACCESS
from odoo.tools import SQL

from ..tools.case_account import CODES, Account, Fact, after, replay

#: Cases whose events are read at once when accounts are computed anew.
PAGE = 1000


class LaporComplaint(models.Model):
    """The account of a case (``tools/case_account.py``), kept and continued with each event, and
    the fields that say parts of it on the screen."""

    _inherit = "lapor.complaint"

    account = fields.Json(
        copy=False,
        groups=NO_ACCESS,
        export_string_translation=False,
        help="What its events say up to now; restated, never written by hand.",
    )
    sp4n_status = fields.Selection(
        [
            ("waiting", "Not Yet Disposed"),
            ("disposed", "Disposed, Not Followed Up"),
            ("process", "In Process"),
            ("pending", "On Hold"),
            ("done", "Completed"),
            ("archived", "Ended Unhandled"),
        ],
        string="SP4N Status",
        compute="_compute_account",
        store=True,
        help="The status that SP4N-LAPOR! would show.",
    )
    forwarded_at = fields.Datetime(
        string="Forwarded",
        compute="_compute_account",
        store=True,
        help="First given to the office that handles it, since it was received or opened again.",
    )
    followed_up_at = fields.Datetime(
        string="Followed Up",
        compute="_compute_account",
        store=True,
        help="First answer, first step of follow-up done, or handled end, since it was received "
        "or opened again. What an office did before it gave the complaint back does not count.",
    )
    answered_at = fields.Datetime(
        string="Answered",
        compute="_compute_account",
        store=True,
        help="First final answer sent since it was received or opened again. A receipt, a request "
        "for data, a reminder and a notice are no answers.",
    )
    first_followed_up_at = fields.Datetime(
        string="First Follow-up",
        compute="_compute_account",
        store=True,
        help="As “Followed Up”, also before it was opened again.",
    )
    first_answered_at = fields.Datetime(
        string="First Answer",
        compute="_compute_account",
        store=True,
        help="As “Answered”, also before it was opened again.",
    )

    @api.depends("account")
    def _compute_account(self):
        for complaint in self:
            # As the system: the account itself is read by the program only.
            account = Account.from_json(complaint.sudo().account)
            complaint.sp4n_status = account.status
            for name in MOMENTS:
                complaint[name] = getattr(account, name) or False

    @api.model
    def _engine_fields(self):
        return super()._engine_fields() | {"account", "sp4n_status", *MOMENTS}

    def _account_facts(self, moment=None):
        """The facts of cases that their accounts are made of, as the system.

        :param moment: only those before it (naive UTC); all without
        :returns: dict of complaint id to list of ``Fact``
        """
        found = {case.id: [] for case in self}
        rows = self.env.execute_query(
            SQL(
                """SELECT complaint_id, code, at, data FROM lapor_event
                    WHERE complaint_id = ANY(%s) AND code = ANY(%s) AND (%s OR at < %s)
                 ORDER BY complaint_id, sequence""",
                self.ids,
                list(CODES),
                moment is None,
                moment or fields.Datetime.now(),
            )
        )
        for complaint_id, code, at, data in rows:
            found[complaint_id].append(Fact(code, at, data or {}))
        for case in self:
            # Events written before 19.0.1.3.0 do not tell which office took a case in.
            first = found[case.id][:1]
            if first and "unit" not in first[0].data:
                unit = case._intake_office().id or None
                found[case.id][0] = first[0]._replace(data={**first[0].data, "unit": unit})
        return found

    def _accounts(self, moment=None):
        """The accounts of cases, read anew from their events, as the system.

        :param moment: as they were just before it (naive UTC); now without
        :returns: dict of complaint to ``Account``
        """
        facts = self._account_facts(moment)
        return {case: replay(facts[case.id]) for case in self}

    def _intake_office(self):
        """The office that took a case in, where it is not the managing one."""
        self.ensure_one()
        return self.intake_unit_id.office_id - self.managing_unit_id

    def _continue_account(self, facts, begins):
        """Go on with the account of a case after new events, as the system.

        :param list facts: ``Fact`` in their order
        :param bool begins: whether these are its first events
        """
        self.ensure_one()
        if not any(fact.code in CODES for fact in facts):
            return
        before = self.account
        if before or begins:
            account = Account.from_json(before)
            for fact in facts:
                account = after(account, fact)
        else:
            # A case from before accounts were kept.
            account = self._accounts()[self]
        values = account.to_json()
        if values != before:
            self._engine_write({"account": values})

    def _compute_accounts_anew(self):
        """Read the accounts of these cases anew from all their events, as the system."""
        for start in range(0, len(self), PAGE):
            cases = self[start : start + PAGE]
            for case, account in cases._accounts().items():
                values = account.to_json()
                if values != case.account:
                    case._engine_write({"account": values})
            self.env.flush_all()
            self.env.invalidate_all()


MOMENTS = (
    "forwarded_at",
    "followed_up_at",
    "answered_at",
    "first_followed_up_at",
    "first_answered_at",
)
