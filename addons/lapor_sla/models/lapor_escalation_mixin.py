import logging

from odoo import api, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

PAGE = 100


class LaporEscalationMixin(models.AbstractModel):
    """The reminding side of a clock: when its next level fires, and the job that fires it.

    ``next_escalation_at`` is the moment of the next level; the job is woken at exactly the
    earliest of them and looks at nothing else.
    """

    _name = "lapor.escalation.mixin"
    _description = "Reminders of Clocks"

    next_escalation_at = fields.Datetime(readonly=True)
    has_rung = fields.Boolean(
        readonly=True, help="A level of it has given people a task, which follows their positions."
    )

    def _schedule_escalation(self, new=False):
        """Store when the next level of each clock fires, and wake the job in time.

        :param bool new: the clocks have just been started: none has fired a level
        """
        if not self:
            return
        # The levels are few and all apply.
        # pylint: disable-next=no-search-all
        rules = self.env["lapor.escalation.rule"].sudo().search_fetch([])
        fired = {}
        known = self.browse() if new else self
        for escalation in self.env["lapor.escalation"]._fired(known):
            fired.setdefault(escalation.clock_id, set()).add(escalation.rule_id)
        for clock in self:
            moments = clock._levels(rules, fired.get(clock, ()))
            following = min((at for at, _rule in moments), default=False)
            if clock.next_escalation_at != following:
                clock.next_escalation_at = following
        self._wake_escalation()

    def _wake_escalation(self):
        moments = [at for at in self.mapped("next_escalation_at") if at]
        if moments:
            self._wake_job("ir_cron_escalate", min(moments))

    def _levels(self, rules, fired):
        """Levels still to fire, with their moments.

        :param rules: ``lapor.escalation.rule``
        :param fired: rules that have fired for this clock
        :returns: list of (naive UTC, rule)
        """
        self.ensure_one()
        if self.state != "running" or not self.due_at or self.on_complainant:
            return []
        levels = []
        for rule in rules._applying_to(self):
            if rule in fired:
                continue
            moment = self.unit_id._ask_office_time(
                self.started_at, lambda times, rule=rule: rule._moment(self, times)
            )
            if moment:
                levels.append((moment, rule))
        return levels

    @api.model
    def _cron_escalate(self):
        """Fire the levels that are due, in pages, each committed on its own."""
        cron = self.env["ir.cron"]
        now = fields.Datetime.now()
        domain = [("state", "=", "running"), ("next_escalation_at", "<=", now)]
        self.env["lapor.escalation"]._forget_future(now)
        while True:
            clocks = self.search(domain, order="next_escalation_at, id", limit=PAGE)
            # Another job may be firing some of them at this moment.
            clocks = clocks.try_lock_for_update()
            if not clocks:
                break
            clocks._escalate_page(now)
            if not cron._commit_progress(len(clocks), remaining=self.search_count(domain)):
                break
        following = self.search(
            [("state", "=", "running"), ("next_escalation_at", "!=", False)],
            order="next_escalation_at",
            limit=1,
        )
        following._wake_escalation()

    def _escalate_page(self, now):
        try:
            with self.env.cr.savepoint():
                self._escalate(now)
        except Exception:
            _logger.exception("Reminders of %s clocks failed; each is tried alone", len(self))
            for clock in self:
                clock._escalate_alone(now)

    def _escalate_alone(self, now):
        try:
            with self.env.cr.savepoint():
                self._escalate(now)
        except Exception:
            _logger.exception("Reminder of clock %s failed; tried again in an hour", self.id)
            self.next_escalation_at = fields.Datetime.add(now, hours=1)

    def _escalate(self, now):
        """Fire what is due for these clocks, or put it off to the opening of the office."""
        rules = self.env["lapor.escalation.rule"].search([])  # pylint: disable=no-search-all
        Escalation = self.env["lapor.escalation"]
        fired = {}
        for escalation in Escalation._fired(self):
            fired.setdefault(escalation.clock_id, set()).add(escalation.rule_id)
        pairs, came_in = [], self._came_in()
        free = self.complaint_id.try_lock_for_update()
        for clock in self:
            if clock.complaint_id not in free:
                # Somebody is working on the case at this moment.
                clock.next_escalation_at = fields.Datetime.add(now, minutes=1)
                continue
            opening = clock.unit_id._ask_office_time(now, lambda times: times.next_open(now))
            if opening and opening > now:
                clock.next_escalation_at = opening
                continue
            levels = clock._levels(rules, fired.get(clock, ()))
            pairs += clock._reached(levels, now, came_in.get(clock.complaint_id.id, now))
            clock.next_escalation_at = min((at for at, _rule in levels if at > now), default=False)
        Escalation._claim(pairs, now).filtered(lambda row: not row.silent)._fire()

    def _reached(self, levels, now, came_in):
        """Which levels this clock has reached: the highest is told, unless it was passed before
        the case came in; the others are recorded only.

        :param list levels: as of :meth:`_levels`
        :param now: naive UTC
        :param came_in: naive UTC moment at which the case was entered here
        :returns: list of (clock, rule, whether it is recorded only)
        """
        self.ensure_one()
        reached = sorted(
            ((at, rule) for at, rule in levels if at <= now),
            key=lambda level: (level[0], level[1].sequence, level[1].id),
        )
        return [(self, rule, (at, rule) != reached[-1] or at < came_in) for at, rule in reached]

    def _came_in(self):
        """When the cases of these clocks were entered here, whenever they were received: the
        moments of their first events, by complaint id."""
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT complaint_id, MIN(at) FROM lapor_event WHERE complaint_id = ANY(%s) "
                    "GROUP BY complaint_id",
                    self.complaint_id.ids,
                )
            )
        )

    def _drop_reminders(self):
        """Take back the tasks that levels of clocks gave which have stopped; where another clock of
        the case has reached the level, its task goes on with that."""
        rung = self.filtered("has_rung")
        if rung:
            self.env["lapor.escalation"]._sync_alarms(rung.complaint_id)
