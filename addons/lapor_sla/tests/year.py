"""Months of an office, replayed: complaints come, wait, are held, sent back, forgotten and closed,
holidays are announced late. And what must hold at every end.

For the test of a small one and for ``./lapor bench year``.
"""

import random
from datetime import datetime, timedelta

from odoo import fields

#: Hours of the day, in UTC, at which the office acts; they lie in its office hours.
HOURS = (1.5, 3, 6.5)


def ticks(start: datetime, days: int) -> list[datetime]:
    """The moments (naive UTC) at which something happens, weekends left out."""
    dates = (start + timedelta(days=day) for day in range(days))
    return [
        day.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(hours=hour)
        for day in dates
        if day.weekday() < 5
        for hour in HOURS
    ]


class Year:
    """The acts of one office. Each call of :meth:`live` is one moment; the caller holds the time.

    :param env: as the superuser
    :param desk: environment of whoever takes complaints in
    :param values: values of every complaint beside its title and text
    :param early: share of the cases that end at their second step, archived as too general
    """

    def __init__(self, env, desk, values, seed, early=0.0):
        self.env, self.desk, self.values, self.early = env, desk, values, early
        self.rng = random.Random(seed)
        # Its own, so that what people do does not decide whether a holiday is announced.
        self.calendar_rng = random.Random(seed)
        self.cases = self.open = env["lapor.complaint"]
        # Cases that nobody looks after, and such as are archived early. Counted as they come, not
        # by their ids: the same seed lives the same year in every database.
        self.forgotten, self.too_general = set(), set()
        self.holidays = self.waiting = 0

    def live(self, arrivals, at_work=True):
        """One moment: the jobs, then what people do, when the office is open.

        :param bool at_work: whether anybody does something, beside the jobs
        """
        now = fields.Datetime.now()
        self.run_jobs(now)
        # What comes while the office is closed is taken in when it opens.
        self.waiting += arrivals
        office = self.desk["lapor.complaint"]._find_managing_unit(
            self.env["lapor.unit"], self.desk.company
        )
        if not at_work or not office._ask_office_time(now, lambda times: times.is_open(now)):
            return
        if self.waiting:
            self.take_in(self.arrive(self.waiting))
            self.waiting = 0
        if self.calendar_rng.random() < 0.02:
            self.holidays += 1
            day = (now + timedelta(days=self.calendar_rng.randrange(1, 6))).date()
            self.env["lapor.holiday"].create({"date": day, "name": f"Libur {self.holidays}"})
        self.work()

    def run_jobs(self, now):
        """What the jobs of reminders and of moved deadlines do, without their commits."""
        Clock = self.env["lapor.clock"]
        left = [("replan_reason", "!=", False), ("state", "!=", "stopped")]
        while clocks := Clock.search(left, limit=500):
            for reason, group in clocks.grouped("replan_reason").items():
                group._replan(reason)
        due = [("state", "=", "running"), ("next_escalation_at", "<=", now)]
        while clocks := Clock.search(due, limit=100):
            clocks._escalate_page(now)

    def arrive(self, count):
        kinds = self.rng.choices(("complaint", "information"), (8, 2), k=count)
        return (
            self.desk["lapor.complaint"]
            .create(
                [
                    {
                        "name": f"Aduan {number}",
                        "description": "Jalan di depan pasar berlubang.",
                        "is_anonymous": True,
                        "classification": kind,
                        **self.values,
                    }
                    for number, kind in enumerate(kinds)
                ]
            )
            .with_env(self.env)
        )

    def take_in(self, cases):
        """Remember new cases, and what will become of them."""
        for number, case in enumerate(cases, start=len(self.cases)):
            # Every seventh is one that nobody looks after.
            if number % 7 == 0:
                self.forgotten.add(case.id)
            elif number % 100 < 100 * self.early:
                self.too_general.add(case.id)
        self.cases |= cases
        self.open |= cases

    def work(self):
        """Most steps are done, some cases are held or sent back, some are forgotten for long."""
        self.open = self.open.filtered(lambda case: case.phase != "closed")
        for step, cases in self.open.grouped(lambda case: case.current_step_id.sop_step_id).items():
            held = cases.filtered("hold_id")
            back_again = held.filtered(lambda case: self.rng.random() < 0.2)
            self.as_owners(back_again, lambda own: own.action_resume())
            awake = cases - held
            items = self.env["lapor.missing.item"].search([], limit=1).ids
            asking = awake.filtered(lambda case: self.rng.random() < 0.03)
            for case in asking:
                self.as_owners(
                    case,
                    lambda own, items=items: own.action_hold(items, delivery_note="Telepon"),
                )
            awake -= asking
            if awake and step == awake[0].sop_id.step_ids.sorted("sequence")[1]:
                awake -= self.archive(awake)
            back = step.transition_ids.filtered(lambda arrow: arrow.kind == "return")[:1]
            if back:
                sent_back = awake.filtered(lambda case: self.rng.random() < 0.05)
                self.advance(sent_back, back, {"note": "Belum lengkap"})
                awake -= sent_back
            ready = awake.filtered(
                lambda case: self.rng.random() < (0.02 if case.id in self.forgotten else 0.6)
            )
            if ready:
                arrow = ready[0].current_step_id._main_transition()
                self.advance(ready, arrow, self.evidence(ready[0], arrow))

    def archive(self, cases):
        """Those of these cases that are too general to be handled."""
        early = cases.filtered(lambda case: case.id in self.too_general)
        early = early.filtered(lambda case: self.rng.random() < 0.6)
        if early:
            reason = self.env.ref("lapor_base.archive_reason_general")
            early.with_env(self.desk).action_archive_case(reason.id)
        return early

    def as_owners(self, cases, act):
        """Let whoever has the steps do something with all of theirs in one call."""
        for user, own in cases.grouped(lambda case: case.current_step_id.user_id).items():
            if user:
                act(own.with_user(user))

    def advance(self, cases, arrow, evidence):
        self.as_owners(cases, lambda own: own.action_advance(arrow.id, **evidence))

    def evidence(self, case, arrow):
        """What the arrow asks for, as an office would give it."""
        codes = set(arrow._demands().mapped("code"))
        evidence = {"note": "Jelas dan lengkap."}
        if "draft" in codes:
            evidence["response"] = {"body": "<p>Sudah kami tindak lanjuti.</p>"}
        if "sign" in codes:
            evidence["sign"] = True
        if "publish" in codes:
            evidence["delivery"] = {"note": "Disampaikan lewat telepon."}
        if "direct" in codes:
            step = arrow.to_step_id
            unit = case.category_id.with_company(case.company_id).unit_id
            place = unit if unit and step.scope != "managing" else case.managing_unit_id
            lead = place._find_position(step.role_id | step.alternative_role_id)
            evidence["disposition"] = {"lead_position_id": lead.id, "note": "Mohon ditangani"}
        return evidence


def faults(env, cases):
    """What must hold and does not, counted by the database and not by the clocks' own code.

    :returns: sentences; empty when everything holds
    """
    env.flush_all()
    now = fields.Datetime.now()
    found = []
    for sentence, query in CHECKS.items():
        env.cr.execute(query, {"cases": cases.ids, "now": now})
        number = env.cr.fetchone()[0]
        if number:
            found.append(f"{sentence}: {number}")
    broken = env["lapor.event"]._verify_chains(cases)
    if broken:
        found.append(f"chains of events that do not fit: {len(broken)}")
    return found


CHECKS = {
    "clocks both open and closed": """
        SELECT COUNT(*) FROM lapor_clock WHERE complaint_id = ANY(%(cases)s)
        AND (state = 'stopped') IS DISTINCT FROM (stopped_at IS NOT NULL AND result IS NOT NULL)""",
    "closed cases with an open clock": """
        SELECT COUNT(*) FROM lapor_clock clock
        JOIN lapor_complaint complaint ON complaint.id = clock.complaint_id
        WHERE complaint.id = ANY(%(cases)s) AND complaint.phase = 'closed'
        AND clock.state != 'stopped'""",
    "open steps without their one open clock": """
        SELECT COUNT(*) FROM (
            SELECT visit.id, COUNT(clock.id) AS clocks FROM lapor_complaint_step visit
            JOIN lapor_sop_step step ON step.id = visit.sop_step_id
            LEFT JOIN lapor_clock clock ON clock.visit_id = visit.id AND clock.state != 'stopped'
            WHERE visit.complaint_id = ANY(%(cases)s) AND step.allowance_amount > 0
            AND visit.state = 'open' GROUP BY visit.id) counted
        WHERE clocks != 1""",
    "done steps with an open clock": """
        SELECT COUNT(*) FROM lapor_clock clock
        JOIN lapor_complaint_step visit ON visit.id = clock.visit_id
        WHERE visit.complaint_id = ANY(%(cases)s) AND visit.state != 'open'
        AND clock.state != 'stopped' AND clock.kind = 'step'""",
    "clocks that used more than elapsed": """
        SELECT COUNT(*) FROM lapor_clock WHERE complaint_id = ANY(%(cases)s)
        AND state = 'stopped'
        AND used_minutes * 60 > EXTRACT(EPOCH FROM stopped_at - started_at)""",
    "clocks that used pauses": """
        SELECT COUNT(*) FROM lapor_clock clock JOIN (
            SELECT clock_id, SUM(EXTRACT(EPOCH FROM ended_at - started_at)) AS seconds
            FROM lapor_clock_pause GROUP BY clock_id) paused ON paused.clock_id = clock.id
        WHERE clock.complaint_id = ANY(%(cases)s) AND state = 'stopped'
        AND used_minutes * 60 > EXTRACT(EPOCH FROM stopped_at - started_at) - seconds""",
    "results that the dates contradict": """
        SELECT COUNT(*) FROM lapor_clock WHERE complaint_id = ANY(%(cases)s)
        AND result IN ('late', 'on_time')
        AND (result = 'late') IS DISTINCT FROM (due_at IS NOT NULL AND stopped_at > due_at)""",
    "pauses outside their clock": """
        SELECT COUNT(*) FROM lapor_clock_pause pause
        JOIN lapor_clock clock ON clock.id = pause.clock_id
        WHERE clock.complaint_id = ANY(%(cases)s) AND (pause.started_at < clock.started_at
            OR COALESCE(pause.ended_at, %(now)s) > COALESCE(clock.stopped_at, %(now)s)
            OR (pause.ended_at IS NULL AND clock.state != 'paused'))""",
    "paused clocks without their one open pause": """
        SELECT COUNT(*) FROM lapor_clock clock WHERE complaint_id = ANY(%(cases)s)
        AND state = 'paused' AND 1 != (SELECT COUNT(*) FROM lapor_clock_pause pause
            WHERE pause.clock_id = clock.id AND pause.ended_at IS NULL)""",
    "pauses that overlap": """
        SELECT COUNT(*) FROM lapor_clock_pause one JOIN lapor_clock_pause other
        ON other.clock_id = one.clock_id AND other.id > one.id
        AND other.started_at < COALESCE(one.ended_at, %(now)s)
        AND one.started_at < COALESCE(other.ended_at, %(now)s)
        WHERE one.complaint_id = ANY(%(cases)s)""",
    "levels fired twice": """
        SELECT COUNT(*) FROM (SELECT 1 FROM lapor_escalation
            WHERE complaint_id = ANY(%(cases)s) GROUP BY clock_id, rule_id
            HAVING COUNT(*) > 1) twice""",
    "late clocks that nobody was told of": """
        SELECT COUNT(*) FROM lapor_clock clock JOIN lapor_escalation_rule rule
        ON rule.basis = 'due' AND rule.active AND COALESCE(rule.kind, clock.kind) = clock.kind
        WHERE clock.complaint_id = ANY(%(cases)s) AND clock.on_complainant IS NOT TRUE
        AND (clock.result = 'late' OR (clock.state = 'running'
             AND clock.due_at < %(now)s AND clock.next_escalation_at <= %(now)s))
        AND NOT EXISTS (SELECT 1 FROM lapor_escalation fired
            WHERE fired.clock_id = clock.id AND fired.rule_id = rule.id)""",
    "clocks that were in time and yet escalated as late": """
        SELECT COUNT(*) FROM lapor_escalation fired
        JOIN lapor_escalation_rule rule ON rule.id = fired.rule_id AND rule.basis = 'after'
        JOIN lapor_clock clock ON clock.id = fired.clock_id
        WHERE clock.complaint_id = ANY(%(cases)s) AND clock.result = 'on_time'
        AND NOT EXISTS (SELECT 1 FROM lapor_event moved WHERE moved.code IN
            ('clock_moved', 'clock_extended') AND moved.complaint_id = clock.complaint_id)
        AND NOT EXISTS (SELECT 1 FROM lapor_clock_pause pause WHERE pause.clock_id = clock.id)""",
    "cases with another earliest date than their clocks": """
        SELECT COUNT(*) FROM lapor_complaint complaint WHERE complaint.id = ANY(%(cases)s)
        AND complaint.due_at IS DISTINCT FROM (SELECT MIN(due_at) FROM lapor_clock clock
            WHERE clock.complaint_id = complaint.id AND clock.state = 'running'
            AND clock.on_complainant IS NOT TRUE)""",
    "steps with another date than their clock": """
        SELECT COUNT(*) FROM lapor_complaint_step visit JOIN lapor_clock clock
        ON clock.visit_id = visit.id AND clock.kind = 'step'
        WHERE visit.complaint_id = ANY(%(cases)s) AND visit.state = 'open'
        AND visit.due_at IS DISTINCT FROM clock.due_at""",
}
