"""Figures of a period, from the accounts of its cases and their clocks, as things stood at its
end."""

import datetime
from collections import Counter, namedtuple

import pytz

from odoo import fields
from odoo.tools import SQL

from odoo.addons.lapor_base.tools.case_account import CODES, Account

Case = namedtuple(
    "Case",
    "id number name received_at channel_id classification category_id place unit_id status "
    "closed_at outcome is_new is_closed followed_up_at answered_at due_at late_days is_secret",
)
# A deadline: its complaint, what it is of, and whether it was kept.
Result = namedtuple("Result", "complaint_id kind step_id rule_id kept clock_id")

STATUSES = {
    "waiting": "Belum terdisposisi",
    "disposed": "Terdisposisi, belum ditindaklanjuti",
    "process": "Sedang diproses",
    "pending": "Tertunda (menunggu pelapor)",
    "done": "Selesai",
    "archived": "Berakhir tanpa ditangani",
}
# Ends of their own: none of them is "selesai".
ENDS = {
    "withdrawn": "Dicabut pelapor",
    "no_response": "Dianggap dicabut",
    "archived": "Diarsipkan",
    "out_of_authority": "Bukan wewenang pemerintah daerah",
    "duplicate": "Dijawab bersama aduan lain (duplikat)",
    "insufficient": "Tidak lengkap, tanpa tanggapan",
}


def bounds(unit, first, last):
    """The moments (naive UTC) between which a range of the office's days lies.

    :param unit: ``lapor.unit``
    :param datetime.date first: first day
    :param datetime.date last: last day
    :returns: (start, end); the end is not part of it
    """
    zone = pytz.timezone(unit._get_tz())

    def moment(day):
        local = zone.localize(datetime.datetime.combine(day, datetime.time()))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    return moment(first), moment(last + datetime.timedelta(days=1))


def cases(env, unit, start, end):
    """The complaints of an office that a period concerns: received in it, or still open.

    Misconduct cases are in no figure: who reads a report need not be allowed to know of them.
    Confidential ones are counted, without their title and place.
    Where a complaint stood is its account (``tools/case_account.py``) as it was before ``end``,
    deadlines as they were then, and what has been changed since as it was
    (``lapor.figure.past``), so that the same period gives the same figures later. A complaint that
    was split counts as the office wants it (``lapor.unit.split_counting``). Of a period
    that is not over, how they stand now: nothing is late before its date.

    :param env: as the system; who may read the figures is checked by the caller
    :param unit: managing office (``lapor.unit``)
    :param start, end: naive UTC
    :rtype: list[Case]
    """
    env.flush_all()
    end = _until(end)
    rows = env.execute_query(
        SQL(
            """
            SELECT c.id, c.number, CASE WHEN c.is_secret THEN '(rahasia)' ELSE c.name END,
                   c.received_at, c.channel_id, c.classification, c.category_id,
                   CASE WHEN c.is_secret THEN NULL ELSE c.place END,
                   COALESCE(c.is_secret, FALSE), c.split_from_id, c.account
              FROM lapor_complaint c
             WHERE c.managing_unit_id = %s AND c.received_at < %s
               AND NOT COALESCE(c.is_misconduct, FALSE)
               AND (c.split_undone_at IS NULL OR c.split_undone_at >= %s)
               AND (c.received_at >= %s OR c.closed_at IS NULL OR c.closed_at >= %s)
             ORDER BY c.received_at, c.id
            """,
            unit.id,
            end,
            end,
            start,
            start,
        )
    )
    accounts = _accounts_at(env, unit, {row[0]: row[-1] for row in rows}, end)
    dues = _dues_at(env, unit, end)
    found, first_of = [], {}
    for *facts, is_secret, split_from_id, _kept in rows:
        if split_from_id:
            first_of[facts[0]] = split_from_id
        account, due_at = accounts[facts[0]], dues.get(facts[0])
        received_at = facts[3]
        if received_at < start and account.is_closed and account.ended_at < start:
            continue
        # A complaint that is closed or waits for its complainant has no date to keep.
        due_at = None if account.is_closed or account.held_at else due_at
        late = account.is_late(due_at, end)
        found.append(
            Case(
                *facts,
                unit_id=account.unit,
                status=account.status,
                closed_at=account.ended_at,
                outcome=account.outcome,
                is_new=received_at >= start,
                is_closed=account.is_closed and account.ended_at >= start,
                followed_up_at=account.first_followed_up_at,
                answered_at=account.answered_at,
                due_at=due_at,
                late_days=(end - due_at).total_seconds() / 86400 if late else None,
                is_secret=is_secret,
            )
        )
    found = _as_it_was(env, found, end)
    return split_once(found, first_of) if first_of and _counts_once(env, unit, end) else found


def _counts_once(env, unit, end):
    """Whether the office counted a split complaint once, by the rule that it had then."""
    past = env["lapor.figure.past"]._values_at("lapor.unit", "split_counting", unit.ids, end)
    return past.get(unit.id, unit.split_counting) == "once"


def split_once(found, first_of):
    """Cases of which those that are matters of one complaint are counted as one.

    It stands where its first case stands. It is open as long as one of them is, and done, followed
    up and answered when all are; what ended unhandled is left out of that while another did not.

    :param list found: list of :class:`Case`
    :param dict first_of: id of a split-off case to that of the case from which it was split
    :rtype: list[Case]
    """
    groups = {}
    for case in found:
        groups.setdefault(first_of.get(case.id, case.id), []).append(case)
    return [
        _joined(sorted(group, key=lambda case: (case.id in first_of, case.id)))
        if len(group) > 1
        else group[0]
        for group in groups.values()
    ]


def _joined(group):
    still_open = [case for case in group if case.closed_at is None]
    counted = [case for case in group if case.status != "archived"] or group
    last = max(counted, key=lambda case: case.closed_at or datetime.datetime.min)
    order = list(STATUSES)

    def all_at(name):
        moments = [getattr(case, name) for case in counted]
        return max(moments) if all(moments) else None

    return group[0]._replace(
        status=min((case.status for case in still_open or counted), key=order.index),
        closed_at=None if still_open else last.closed_at,
        outcome=None if still_open else last.outcome,
        is_closed=not still_open and any(case.is_closed for case in group),
        followed_up_at=all_at("followed_up_at"),
        answered_at=all_at("answered_at"),
        due_at=min((case.due_at for case in group if case.due_at), default=None),
        late_days=max((case.late_days for case in group if case.late_days), default=None),
        is_secret=any(case.is_secret for case in group),
    )


def _until(end):
    """The end of a period, or now when that is earlier; what happens now is before it."""
    return min(end, fields.Datetime.now() + datetime.timedelta(seconds=1))


def _accounts_at(env, unit, kept, moment):
    """The accounts of cases just before a moment: {id: Account}.

    :param dict kept: the account that each case keeps, of now, as JSON
    """
    changed = {
        row[0]
        for row in env.execute_query(
            SQL(
                """SELECT DISTINCT complaint_id FROM lapor_event
                    WHERE company_id = %s AND code = ANY(%s) AND at >= %s""",
                unit.company_id.id,
                list(CODES),
                moment,
            )
        )
    }
    accounts = {
        case_id: Account.from_json(account)
        for case_id, account in kept.items()
        if case_id not in changed
    }
    older = env["lapor.complaint"].browse(case_id for case_id in kept if case_id in changed)
    accounts |= {case.id: account for case, account in older._accounts(moment).items()}
    return accounts


def _clocks_at(unit, moment):
    """The office's clocks that ran or stood still at a moment, with the dates that they had then.

    A clock whose date has been moved after the moment had the date from which it was moved first;
    one that began later, for a time before (another class), was not there: its date was none.
    """
    return SQL(
        """
        SELECT k.id, k.complaint_id, k.kind, k.sop_step_id, k.rule_id,
               CASE WHEN moved.clock_id IS NULL THEN k.due_at ELSE moved.due_at END AS due_at,
               EXISTS (SELECT 1 FROM lapor_clock_pause p
                        WHERE p.clock_id = k.id AND p.started_at < %(moment)s
                          AND (p.ended_at IS NULL OR p.ended_at >= %(moment)s)) AS is_paused
          FROM lapor_clock k
          JOIN lapor_complaint c ON c.id = k.complaint_id
          LEFT JOIN (
            SELECT DISTINCT ON ((m.clock->>'clock')::int)
                   (m.clock->>'clock')::int AS clock_id, (m.clock->>'from')::timestamp AS due_at
              FROM lapor_event e,
                   jsonb_array_elements(
                       COALESCE(e.data->'clocks', jsonb_build_array(e.data))
                   ) AS m(clock)
             WHERE e.company_id = %(company)s AND e.at >= %(moment)s
               AND e.code IN ('clock_moved', 'clock_extended', 'clock_resumed')
               AND (e.data ? 'clocks' OR e.data ? 'clock')
             ORDER BY (m.clock->>'clock')::int, e.at, e.sequence
          ) moved ON moved.clock_id = k.id
         WHERE c.managing_unit_id = %(unit)s
           AND NOT COALESCE(c.is_misconduct, FALSE)
           AND NOT COALESCE(k.on_complainant, FALSE)
           AND k.started_at < %(moment)s
           AND (k.stopped_at IS NULL OR k.stopped_at >= %(moment)s)
        """,
        unit=unit.id,
        company=unit.company_id.id,
        moment=moment,
    )


def _dues_at(env, unit, moment):
    """When each case was due first, of its clocks that ran at a moment: {id: naive UTC}."""
    return dict(
        env.execute_query(
            SQL(
                """SELECT complaint_id, MIN(due_at) FROM (%s) AS clocks
                    WHERE NOT is_paused AND due_at IS NOT NULL GROUP BY complaint_id""",
                _clocks_at(unit, moment),
            )
        )
    )


def _as_it_was(env, found, end):
    """Cases with those facts that have been changed after ``end`` as they were then."""
    Past = env["lapor.figure.past"]
    changes = {}
    for name in ("category_id", "channel_id", "classification", "name", "place"):
        for res_id, value in Past._values_at("lapor.complaint", name, None, end).items():
            changes.setdefault(res_id, {})[name] = value or None
    for index, case in enumerate(found):
        former = changes.get(case.id)
        if former and case.is_secret:
            former = {key: former[key] for key in former if key not in ("name", "place")}
        if former:
            found[index] = case._replace(**former)
    return found


def clock_results(env, unit, start, end):
    """Deadlines that were decided in a period, or missed at its end.

    :rtype: list[Result]
    """
    end = _until(end)
    rows = env.execute_query(
        SQL(
            """
            SELECT k.complaint_id, k.kind, k.sop_step_id, k.rule_id, k.result = 'on_time', k.id
              FROM lapor_clock k JOIN lapor_complaint c ON c.id = k.complaint_id
             WHERE c.managing_unit_id = %(unit)s
               AND NOT COALESCE(c.is_misconduct, FALSE)
               AND NOT COALESCE(k.on_complainant, FALSE)
               AND k.result != 'void'
               AND k.stopped_at >= %(start)s AND k.stopped_at < %(end)s
            UNION ALL
            SELECT complaint_id, kind, sop_step_id, rule_id, FALSE, id
              FROM (%(clocks)s) AS clocks
             WHERE NOT is_paused AND due_at < %(end)s AND due_at >= %(start)s
             ORDER BY 6
            """,
            unit=unit.id,
            start=start,
            end=end,
            clocks=_clocks_at(unit, end),
        )
    )
    return _results_of_split([Result(*row) for row in rows], env, unit, end)


def _results_of_split(results, env, unit, end):
    """Deadlines without those of cases whose split was taken back; where the office counts a split
    complaint once, those of its other matters are its own."""
    split = {
        case_id: (first, undone_at)
        for case_id, first, undone_at in env.execute_query(
            SQL(
                """SELECT id, split_from_id, split_undone_at FROM lapor_complaint
                    WHERE split_from_id IS NOT NULL AND managing_unit_id = %s""",
                unit.id,
            )
        )
    }
    if not split:
        return results
    once = _counts_once(env, unit, end)
    found = []
    for row in results:
        first, undone_at = split.get(row.complaint_id, (None, None))
        if not (undone_at and undone_at < end):
            found.append(row._replace(complaint_id=first) if first and once else row)
    return found


def share(part, whole):
    """Percentage with one decimal; None of nothing."""
    return round(100 * part / whole, 1) if whole else None


def grouped(found, key):
    """Cases by a key, the most frequent first: list of (value, cases)."""
    groups = {}
    for case in found:
        groups.setdefault(key(case), []).append(case)
    return sorted(groups.items(), key=lambda item: (-len(item[1]), str(item[0])))


def plain_place(place):
    """A place as it is compared: without capitals and double spaces."""
    return " ".join((place or "").lower().split())


def spellings(found):
    """How each place is mostly written: {plain place: as it is written}."""
    counts = Counter(" ".join(case.place.split()) for case in found if case.place)
    words = {}
    for place, _count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        words.setdefault(plain_place(place), place)
    return words


def repeated(found):
    """Where the same category came back at the same place: list of ((category, place), cases);
    the place is as :func:`plain_place` gives it.
    """
    named = [case for case in found if case.category_id and plain_place(case.place)]
    groups = grouped(named, lambda case: (case.category_id, plain_place(case.place)))
    return [item for item in groups if len(item[1]) > 1]
