"""Figures of a period, by one query over events and clocks, as things stood at its end."""

import datetime
from collections import Counter, namedtuple

import pytz

from odoo.tools import SQL

Case = namedtuple(
    "Case",
    "id number name received_at channel_id classification category_id place unit_id status "
    "closed_at outcome is_new is_closed answered_at due_at late_days is_secret",
)

STATUSES = {
    "waiting": "Belum terdisposisi",
    "disposed": "Terdisposisi, belum ditindaklanjuti",
    "process": "Sedang diproses",
    "pending": "Tertunda (menunggu pelapor)",
    "done": "Selesai",
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
    Where a complaint stood is read from its events before ``end``, deadlines as they were before
    they were moved later, and what has been changed since as it was (``lapor.figure.past``), so
    that the same period gives the same figures later.

    :param env: as the system; who may read the figures is checked by the caller
    :param unit: managing office (``lapor.unit``)
    :param start, end: naive UTC
    :rtype: list[Case]
    """
    env.flush_all()
    # At equal moments the last event counts, which the chain's own order says.
    query = SQL(
        """
        WITH cases AS (
            SELECT c.id, c.number, c.name, c.received_at, c.channel_id, c.classification,
                   c.category_id, c.place, c.unit_id, COALESCE(c.is_secret, FALSE) AS is_secret
              FROM lapor_complaint c
             WHERE c.managing_unit_id = %(unit)s
               AND c.received_at < %(end)s
               AND NOT COALESCE(c.is_misconduct, FALSE)
        ), ends AS (
            SELECT DISTINCT ON (e.complaint_id) e.complaint_id, e.code, e.at, e.data
              FROM lapor_event e JOIN cases c ON c.id = e.complaint_id
             WHERE e.code IN ('closed', 'reopened') AND e.at < %(end)s
             ORDER BY e.complaint_id, e.sequence DESC
        ), holds AS (
            SELECT DISTINCT ON (e.complaint_id) e.complaint_id, e.code
              FROM lapor_event e JOIN cases c ON c.id = e.complaint_id
             WHERE e.code IN ('held', 'resumed') AND e.at < %(end)s
             ORDER BY e.complaint_id, e.sequence DESC
        ), given AS (
            SELECT DISTINCT ON (e.complaint_id) e.complaint_id, (e.data->>'unit')::int AS unit_id
              FROM lapor_event e JOIN cases c ON c.id = e.complaint_id
             WHERE e.code = 'disposition' AND e.at < %(end)s AND e.data->>'unit' IS NOT NULL
             ORDER BY e.complaint_id, e.sequence DESC
        ), acts AS (
            SELECT e.complaint_id,
                   MIN(e.at) FILTER (
                       WHERE e.code = 'response_delivered' AND e.data->>'kind' != 'ack'
                   ) AS answered_at,
                   BOOL_OR(e.code = 'disposition') AS disposed,
                   BOOL_OR(e.code IN ('response_drafted', 'inspection')
                       OR (e.code = 'response_delivered' AND e.data->>'kind' != 'ack')) AS handled
              FROM lapor_event e JOIN cases c ON c.id = e.complaint_id
             WHERE e.at < %(end)s
             GROUP BY e.complaint_id
        ), moved AS (
            SELECT DISTINCT ON ((m.clock->>'clock')::int)
                   (m.clock->>'clock')::int AS clock_id, (m.clock->>'from')::timestamp AS due_at
              FROM lapor_event e
              JOIN cases c ON c.id = e.complaint_id,
                   jsonb_array_elements(
                       CASE e.code WHEN 'clock_moved' THEN e.data->'clocks'
                                   ELSE jsonb_build_array(e.data) END
                   ) AS m(clock)
             WHERE e.code IN ('clock_moved', 'clock_extended') AND e.at >= %(end)s
             ORDER BY (m.clock->>'clock')::int, e.sequence
        ), clocks AS (
            SELECT k.complaint_id,
                   MIN(CASE WHEN moved.clock_id IS NULL THEN k.due_at ELSE moved.due_at END)
                   FILTER (
                       WHERE k.stopped_at IS NULL OR k.stopped_at >= %(end)s
                   ) AS due_at
              FROM lapor_clock k
              JOIN cases c ON c.id = k.complaint_id
              LEFT JOIN moved ON moved.clock_id = k.id
             WHERE k.started_at < %(end)s AND NOT COALESCE(k.on_complainant, FALSE)
             GROUP BY k.complaint_id
        )
        SELECT c.id, c.number, CASE WHEN c.is_secret THEN '(rahasia)' ELSE c.name END,
               c.received_at, c.channel_id, c.classification, c.category_id,
               CASE WHEN c.is_secret THEN NULL ELSE c.place END,
               COALESCE(given.unit_id, c.unit_id),
               CASE WHEN ends.code = 'closed' THEN 'done'
                    WHEN holds.code = 'held' THEN 'pending'
                    WHEN acts.handled THEN 'process'
                    WHEN acts.disposed THEN 'disposed'
                    ELSE 'waiting' END,
               CASE WHEN ends.code = 'closed' THEN ends.at END,
               CASE WHEN ends.code = 'closed' THEN ends.data->>'outcome' END,
               c.received_at >= %(start)s,
               COALESCE(ends.code = 'closed' AND ends.at >= %(start)s, FALSE),
               acts.answered_at,
               CASE WHEN ends.code = 'closed' OR holds.code = 'held' THEN NULL
                    ELSE clocks.due_at END,
               CASE WHEN ends.code IS DISTINCT FROM 'closed'
                     AND holds.code IS DISTINCT FROM 'held' AND clocks.due_at < %(end)s
                    THEN EXTRACT(EPOCH FROM %(end)s - clocks.due_at) / 86400 END,
               c.is_secret
          FROM cases c
          LEFT JOIN ends ON ends.complaint_id = c.id
          LEFT JOIN holds ON holds.complaint_id = c.id
          LEFT JOIN given ON given.complaint_id = c.id
          LEFT JOIN acts ON acts.complaint_id = c.id
          LEFT JOIN clocks ON clocks.complaint_id = c.id
         WHERE c.received_at >= %(start)s
            OR ends.code IS DISTINCT FROM 'closed'
            OR ends.at >= %(start)s
         ORDER BY c.received_at, c.id
        """,
        unit=unit.id,
        start=start,
        end=end,
    )
    found = [Case(*row) for row in env.execute_query(query)]
    return _as_it_was(env, found, end)


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

    :returns: list of (complaint, kind of clock, step, rule, whether in time)
    """
    return env.execute_query(
        SQL(
            """
            SELECT k.complaint_id, k.kind, k.sop_step_id, k.rule_id,
                   COALESCE(k.stopped_at < %(end)s AND k.result = 'on_time', FALSE)
              FROM lapor_clock k JOIN lapor_complaint c ON c.id = k.complaint_id
             WHERE c.managing_unit_id = %(unit)s
               AND NOT COALESCE(c.is_misconduct, FALSE)
               AND NOT COALESCE(k.on_complainant, FALSE)
               AND COALESCE(k.result, '') != 'void'
               AND k.started_at < %(end)s
               AND ((k.stopped_at >= %(start)s AND k.stopped_at < %(end)s)
                    OR ((k.stopped_at IS NULL OR k.stopped_at >= %(end)s)
                        AND k.due_at < %(end)s AND k.due_at >= %(start)s))
             ORDER BY k.id
            """,
            unit=unit.id,
            start=start,
            end=end,
        )
    )


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
