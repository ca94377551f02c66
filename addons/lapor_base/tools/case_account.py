"""The account of a case: what has happened to it, read from its events alone.

Every screen, list, clock, paper and figure asks here; what restates it in a stored field or in SQL
is compared with it by ``tests/test_account.py``. What the words mean, and from where, is written
in ``docs/istilah.md``.

An account is folded over the facts of one case in their order (:func:`after`), so it can be kept
and continued, or computed anew for any moment (:func:`replay`).
"""

from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import NamedTuple

#: How a case ends that the office has handled: SP4N's "selesai".
DONE = frozenset({"handled", "answered", "scheduled", "not_proven"})
#: Ends that are "selesai" only when the complainant has got an answer before.
DONE_IF_ANSWERED = frozenset({"insufficient"})
#: Kinds of responses that answer a complaint. A receipt, a request for data, a reminder, a notice
#: and a letter to a body outside answer nothing.
ANSWERS = frozenset({"interim", "final"})
#: Phases of steps in which whoever handles a case has it, where the SOP has no disposition.
WITH_HANDLER = frozenset({"handling", "response"})
#: Events that change the account.
CODES = frozenset(
    {
        "received",
        "sop_missing",
        "step_opened",
        "step_done",
        "disposition",
        "part_returned",
        "office_succeeded",
        "response_delivered",
        "held",
        "resumed",
        "authority_refused",
        "category_disputed",
        "misroute_rejected",
        "promise_kept",
        "closed",
        "reopened",
    }
)


class Fact(NamedTuple):
    """An event of a case: its code, its moment (naive UTC) and its data."""

    code: str
    at: datetime
    data: dict


@dataclass(frozen=True)
class Account:
    """Where a case stands. Offices are ids of ``lapor.unit``, moments naive UTC.

    A *round* is what happens between the receipt, or a reopening, and the end. A closing by
    mistake never was: the round goes on.
    """

    phase: str = "intake"
    unit: int | None = None
    given: bool = False  # whoever handles it has it, and has not given it back
    forwarded_at: datetime | None = None  # first in this round
    worked_at: datetime | None = None  # first step of follow-up done since it was given last
    replied_at: datetime | None = None  # first answer in this round, interim or final
    answered_at: datetime | None = None  # first final answer in this round
    answered_by: int | None = None  # lapor.response
    held_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: str | None = None
    rounds: int = 1
    round_at: datetime | None = None  # when it was opened again; None in the first round
    earlier_follow_up: datetime | None = None  # in a round before this one
    earlier_answer: datetime | None = None
    unforwarded: tuple = ()  # steps (lapor.sop.step) that it came to before it was forwarded

    @property
    def is_closed(self):
        return self.ended_at is not None

    @property
    def is_done(self):
        """Whether it ended handled ("selesai"). All other ends are ends of their own."""
        return self.is_closed and is_done(self.outcome, self.answered_at)

    @property
    def followed_up_at(self):
        """First follow-up in this round: an answer, a step of follow-up done by the office that
        has it (what an office did before giving it back does not count), or its handled end."""
        moments = (self.replied_at, self.worked_at, self.is_done and self.ended_at)
        return min((moment for moment in moments if moment), default=None)

    @property
    def first_followed_up_at(self):
        """First follow-up in any round."""
        return self.earlier_follow_up or self.followed_up_at

    @property
    def first_answered_at(self):
        """First final answer in any round."""
        return self.earlier_answer or self.answered_at

    @property
    def status(self):
        """The status that SP4N-LAPOR! would show; a code of ``sp4n_status``."""
        if self.is_closed:
            return "done" if self.is_done else "archived"
        if self.held_at:
            return "pending"
        if not self.given:
            return "waiting"
        return "process" if self.followed_up_at else "disposed"

    def is_late(self, due_at, moment):
        """Whether it is late at a moment.

        :param due_at: the first due date of its running clocks; None without any
        """
        return bool(due_at) and not self.is_closed and not self.held_at and due_at < moment

    def to_json(self):
        """As plain values for JSON, without those that say nothing; never empty."""
        return {
            name: _to_json(value)
            for name, value in asdict(self).items()
            if name == "phase" or value != _DEFAULTS[name]
        }

    @classmethod
    def from_json(cls, values):
        """The account that :meth:`to_json` wrote."""
        return cls(**{name: _from_json(name, value) for name, value in (values or {}).items()})


def _to_json(value):
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return list(value) if isinstance(value, tuple) else value


def _from_json(name, value):
    if isinstance(value, list):
        return tuple(value)
    moment = name.endswith("_at") or name.startswith("earlier")
    return datetime.fromisoformat(value) if value and moment else value


_DEFAULTS = {field.name: field.default for field in fields(Account)}


def is_done(outcome, answered_at):
    """Whether an end counts as "selesai"."""
    return outcome in DONE or (outcome in DONE_IF_ANSWERED and bool(answered_at))


def replay(facts, before=None):
    """The account of a case after its facts.

    :param facts: iterable of :class:`Fact` of one case, in their order
    :param before: only facts before this moment count
    :rtype: Account
    """
    account = Account()
    for fact in facts:
        if before is None or fact.at < before:
            account = after(account, fact)
    return account


def after(account, fact):
    """The account of a case once one more fact has happened.

    :rtype: Account
    """
    act = _ACTS.get(fact.code)
    return act(account, fact.at, fact.data or {}) if act else account


def _received(account, _at, data):
    # Taken in by another office than the managing one, which has it until it is disposed of.
    return replace(account, unit=data.get("unit"))


def _step_opened(account, at, data):
    account, step = replace(account, phase=data["phase"]), data["step"]
    if account.given:
        return account
    if data["phase"] in WITH_HANDLER:
        return _forward(account, at, account.unit)
    if account.round_at and account.forwarded_at is None and step not in account.unforwarded:
        # Opened again where the office that handles it had it: it is there again.
        return _forward(account, at, account.unit)
    if step in account.unforwarded or account.forwarded_at:
        return account
    return replace(account, unforwarded=(*account.unforwarded, step))


def _step_done(account, at, data):
    # An arrow of return, or none (given back, begun anew), has not done the step; one that ends
    # the case is judged by how it ends.
    leads_on = data["to"] if "to" in data else data.get("kind") != "close"
    if (
        account.phase != "handling"
        or data.get("kind") in (None, "return")
        or not leads_on
        or account.worked_at
    ):
        return account
    return replace(account, worked_at=at)


def _disposition(account, at, data):
    unit = data.get("unit")
    return _forward(account, at, unit) if unit else account


def _forward(account, at, unit):
    return replace(account, unit=unit, given=True, forwarded_at=account.forwarded_at or at)


def _part_returned(account, _at, data):
    # Only where the case itself came back to whoever had it before.
    if "unit" not in data:
        return account
    if data["unit"]:
        return replace(account, unit=data["unit"])
    return _given_back(account)


def _given_back(account, _at=None, _data=None):
    return replace(account, unit=None, given=False, worked_at=None)


def _sent_back(account, at, data):
    return _forward(account, at, data["unit"])


def _succeeded(account, _at, data):
    return replace(account, unit=data["to"])


def _delivered(account, at, data):
    kind = data.get("kind")
    if kind not in ANSWERS:
        return account
    account = replace(account, replied_at=account.replied_at or at)
    if kind == "final" and not account.answered_at:
        account = replace(account, answered_at=at, answered_by=data.get("response"))
    return account


def _held(account, at, _data):
    return replace(account, held_at=at)


def _resumed(account, _at, _data):
    return replace(account, held_at=None)


def _promise_kept(account, _at, data):
    outcome = data.get("outcome")
    return replace(account, outcome=outcome) if outcome and account.is_closed else account


def _closed(account, at, data):
    # A hold ends with its case.
    return replace(account, phase="closed", ended_at=at, outcome=data["outcome"], held_at=None)


def _reopened(account, at, data):
    opened = replace(account, phase=data["phase"], ended_at=None, outcome=None)
    if data.get("mistake"):
        return opened
    return replace(
        opened,
        given=False,
        forwarded_at=None,
        worked_at=None,
        replied_at=None,
        answered_at=None,
        answered_by=None,
        rounds=account.rounds + 1,
        round_at=at,
        earlier_follow_up=account.first_followed_up_at,
        earlier_answer=account.first_answered_at,
    )


_ACTS = {
    "received": _received,
    "sop_missing": _received,
    "step_opened": _step_opened,
    "step_done": _step_done,
    "disposition": _disposition,
    "part_returned": _part_returned,
    "office_succeeded": _succeeded,
    "response_delivered": _delivered,
    "held": _held,
    "resumed": _resumed,
    "authority_refused": _given_back,
    "category_disputed": _given_back,
    "misroute_rejected": _sent_back,
    "promise_kept": _promise_kept,
    "closed": _closed,
    "reopened": _reopened,
}
