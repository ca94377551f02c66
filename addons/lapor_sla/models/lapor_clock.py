from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError

KINDS = [
    ("step", "Step"),
    ("part", "Part of a Disposition"),
    ("sop", "Whole SOP"),
    ("rule", "Rule"),
]


class LaporClock(models.Model):
    """One deadline of a case: of a step, of a unit's part of a disposition, of its SOP as a whole,
    or of a rule.

    It runs in the office time of its unit from ``started_at``; ``due_at`` is computed when it
    starts and again when calendars, rules or pauses change (``lapor.clock.plan.mixin``).
    A stopped clock never changes any more. Written by the engine only.
    """

    _name = "lapor.clock"
    _description = "Clock of a Complaint"
    _inherit = ["lapor.clock.plan.mixin", "lapor.escalation.mixin", "lapor.office.time.mixin"]
    _order = "complaint_id, started_at, id"
    _check_company_auto = True

    complaint_id = fields.Many2one(
        "lapor.complaint", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, precompute=True, index=True
    )
    kind = fields.Selection(KINDS, required=True)
    visit_id = fields.Many2one("lapor.complaint.step", ondelete="restrict", index="btree_not_null")
    sop_step_id = fields.Many2one(
        "lapor.sop.step", string="Step", ondelete="restrict", index="btree_not_null"
    )
    role_id = fields.Many2one("lapor.role", ondelete="restrict")
    sop_id = fields.Many2one("lapor.sop", string="SOP", ondelete="restrict")
    line_id = fields.Many2one(
        "lapor.disposition.line", string="Part", ondelete="restrict", index="btree_not_null"
    )
    rule_id = fields.Many2one("lapor.time.rule", ondelete="restrict", index="btree_not_null")
    on_complainant = fields.Boolean(string="For the Complainant")
    unit_id = fields.Many2one("lapor.unit", required=True, ondelete="restrict", index=True)
    calendar_id = fields.Many2one("resource.calendar", string="Office Hours", ondelete="restrict")
    calendar_days = fields.Integer()
    working_days = fields.Integer()
    minutes = fields.Integer(help="Minutes and hours of the time standard, in minutes.")
    allowance_text = fields.Char(compute="_compute_allowance_text", string="Time Standard")
    started_at = fields.Datetime(string="From", required=True)
    fixed_due_at = fields.Datetime(
        string="Due as Ordered", help="A date that somebody set; only pauses move it."
    )
    due_at = fields.Datetime(string="Due", help="Empty: no date within 60 years.")
    warn_at = fields.Datetime(help="When three quarters of the office time have run.")
    total_minutes = fields.Integer(
        string="Office Minutes", help="Office time between start and due date."
    )
    state = fields.Selection(
        [("running", "Running"), ("paused", "Paused"), ("stopped", "Stopped")],
        required=True,
        default="running",
    )
    stopped_at = fields.Datetime(string="Stopped")
    result = fields.Selection(
        [("on_time", "On Time"), ("late", "Late"), ("void", "No Longer Applies")]
    )
    used_minutes = fields.Integer(help="Office time used, without pauses.")
    pause_ids = fields.One2many("lapor.clock.pause", "clock_id", string="Pauses")
    extended_by_id = fields.Many2one("res.users", ondelete="restrict")
    extension_reason = fields.Char()
    basis = fields.Json(help="What the due date was computed from.")
    explanation = fields.Text(compute="_compute_explanation", string="Why This Date")
    escalation_ids = fields.One2many("lapor.escalation", "clock_id", string="Reminders")
    replan_reason = fields.Char(help="Set: waits for the background job that moves it.")

    _step_uniq = models.UniqueIndex("(visit_id) WHERE kind = 'step'")
    _sop_uniq = models.UniqueIndex("(complaint_id) WHERE kind = 'sop' AND state != 'stopped'")
    _part_uniq = models.UniqueIndex("(line_id) WHERE kind = 'part' AND state != 'stopped'")
    _rule_uniq = models.UniqueIndex(
        "(complaint_id, rule_id) WHERE kind = 'rule' AND state != 'stopped'"
    )
    _running_idx = models.Index("(complaint_id, due_at) WHERE state = 'running'")
    _calendar_idx = models.Index("(calendar_id) WHERE state != 'stopped'")
    _open_due_idx = models.Index("(due_at) WHERE state != 'stopped'")
    _next_escalation_idx = models.Index("(next_escalation_at) WHERE state = 'running'")
    _replan_idx = models.Index("(id) WHERE replan_reason IS NOT NULL")
    _stopped_check = models.Constraint(
        "CHECK ((state = 'stopped') = (result IS NOT NULL AND stopped_at IS NOT NULL))",
        "A stopped clock has an end and a result, an open one has none.",
    )

    @api.depends("kind", "sop_step_id", "rule_id", "line_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for clock in self:
            # Names of rules and steps are public, their records may not be readable.
            named = clock.sudo()
            if clock.kind == "sop":
                clock.display_name = self.env._("Whole SOP")
            elif clock.kind == "part":
                clock.display_name = self.env._("Part of %s", named.line_id.position_id.name)
            else:
                clock.display_name = (named.rule_id.name or named.sop_step_id.display_name) or ""

    @api.depends("calendar_days", "working_days", "minutes")
    @api.depends_context("lang")
    def _compute_allowance_text(self):
        for clock in self:
            hours, minutes = divmod(clock.minutes, 60)
            # A standard of 60 or 90 minutes is printed in minutes, as SOPs do.
            if clock.minutes < 120:
                hours, minutes = 0, clock.minutes
            parts = [
                (clock.calendar_days, self.env._("%s calendar days", clock.calendar_days)),
                (clock.working_days, self.env._("%s working days", clock.working_days)),
                (hours, self.env._("%s hours", hours)),
                (minutes, self.env._("%s minutes", minutes)),
            ]
            clock.allowance_text = " ".join(text for amount, text in parts if amount)

    @api.depends("basis", "due_at", "pause_ids.ended_at")
    @api.depends_context("lang")
    def _compute_explanation(self):
        for clock in self:
            clock.explanation = clock._explain()

    def _explain(self):
        """Why the clock is due when it is, in the reader's words."""
        self.ensure_one()
        basis = self.basis or {}
        zone = basis.get("zone") or "UTC"
        if self.fixed_due_at:
            return self._explain_order(zone)
        lines = [
            self.env._(
                "%(standard)s from %(start)s, by the office hours “%(calendar)s” (%(zone)s).",
                standard=self.allowance_text,
                start=self._print(self.started_at, zone),
                calendar=basis.get("calendar") or self.env._("Perpres 21/2023"),
                zone=zone,
            )
        ]
        if self.working_days and basis.get("counting") != "same_hour":
            lines.append(
                self.env._("Working days end at the close of office; the day of receipt counts.")
                if basis.get("counting") == "including"
                else self.env._(
                    "Working days end at the close of office; the day of receipt does not count."
                )
            )
        # As the system: how a date is counted is told to whoever sees it.
        if self.rule_id.sudo().ends_open and self.calendar_days:
            lines.append(self.env._("An end on a closed day moves to the next open one."))
        if basis.get("closed"):
            days = [
                f"{self._print_day(date.fromisoformat(day))} {name}"
                for day, name in basis["closed"]
            ]
            lines.append(self.env._("Closed in between: %(days)s.", days="; ".join(days)))
        lines += self._explain_pauses(zone)
        if self.extension_reason:
            lines.append(
                self.env._(
                    "Extended by %(user)s: %(reason)s.",
                    # a name only, perhaps of another government
                    user=self.extended_by_id.sudo().name,
                    reason=self.extension_reason,
                )
            )
        if self.due_at:
            lines.append(self.env._("So it is due %(due)s.", due=self._print(self.due_at, zone)))
        return "\n".join(lines)

    def _explain_order(self, zone):
        """As :meth:`_explain`, where somebody set the date."""
        lines = [
            self.env._(
                "The disposition of %(start)s says %(due)s.",
                start=self._print(self.started_at, zone),
                due=self._print(self.fixed_due_at, zone),
            ),
            *self._explain_pauses(zone),
        ]
        if self.due_at and self.due_at != self.fixed_due_at:
            lines.append(self.env._("So it is due %(due)s.", due=self._print(self.due_at, zone)))
        return "\n".join(lines)

    def _explain_pauses(self, zone):
        lines = []
        for pause in self.pause_ids:
            lines.append(
                self.env._(
                    "Paused from %(start)s to %(stop)s: %(reason)s.",
                    start=self._print(pause.started_at, zone),
                    stop=self._print(pause.ended_at, zone) if pause.ended_at else "…",
                    reason=pause.reason,
                )
            )
        return lines

    def _print(self, moment, zone):
        local = self._local(moment, zone)
        return f"{self._print_day(local.date())} {local:%H:%M %Z}"

    def _print_day(self, day):
        weekday = self.env["resource.calendar.attendance"]._fields["dayofweek"]
        names = dict(weekday._description_selection(self.env))
        return f"{names[str(day.weekday())]} {day:%d-%m-%Y}"

    # ------------------------------------------------------------
    # STARTING AND STOPPING (called by the engine, as the system)
    # ------------------------------------------------------------

    @api.model
    def _values(self, complaint, kind, unit, started_at, allowance, plan=None, **values):
        """Values of a new clock."""
        plan = plan or self._plan(unit, started_at, allowance)
        return {
            "complaint_id": complaint.id,
            "kind": kind,
            "unit_id": unit.id,
            "started_at": started_at,
            "sop_id": complaint.sop_id.id,
            **self._allowance_values(allowance),
            **plan,
            **values,
        }

    def _spans(self):
        """The pauses as pairs for ``tools/office_time.py``; an open one ends in None."""
        return [(pause.started_at, pause.ended_at or None) for pause in self.pause_ids]

    def _is_late(self):
        """Whether it is open and past its date now, or was so when it was paused."""
        self.ensure_one()
        if self.state == "stopped" or not self.due_at:
            return False
        paused = self.pause_ids.filtered(lambda pause: not pause.ended_at).mapped("started_at")
        return self.due_at < min(paused, default=fields.Datetime.now())

    def _stop(self, moments=None, void=False, keep_late=False):
        """Stop clocks, for good.

        :param dict moments: clock to the naive UTC moment at which it stopped; now without
        :param bool void: the deadline no longer applies; neither on time nor late
        :param bool keep_late: one that no longer applies, but was missed before, is late: lateness
            that happened stays
        """
        now = fields.Datetime.now()
        paused = self.filtered(lambda clock: clock.state == "paused")
        before = {clock: clock.due_at for clock in paused}
        for clock in self.filtered(lambda clock: clock.state != "stopped"):
            at = max((moments or {}).get(clock) or now, clock.started_at)
            vals = {"state": "stopped", "stopped_at": at, "replan_reason": False}
            if clock.state == "paused":
                # The pause ends with the clock: only now it is known when it was due.
                for pause in clock.pause_ids.filtered(lambda pause: not pause.ended_at):
                    pause.ended_at = pause._over_at(at)
                vals.update(clock._plan_again())
            pauses = clock._spans()
            seconds = clock.unit_id._ask_office_time(
                clock.started_at,
                lambda times, clock=clock, at=at, pauses=pauses: times.elapsed(
                    clock.started_at, at, pauses
                ),
            )
            due_at = vals.get("due_at", clock.due_at)
            late = due_at and at > due_at
            vals["used_minutes"] = (seconds or 0) // 60
            missed = "late" if late else "on_time"
            vals["result"] = "void" if void and not (late and keep_late) else missed
            clock.write(vals)
        self._drop_reminders()
        moves = paused._moves(before)
        if moves:
            # The pause ended with the clock, and moved its date.
            cases = self.env["lapor.complaint"].concat(*moves)
            facts = {case: {"clocks": clocks} for case, clocks in moves.items()}
            cases._log_clocks("clock_resumed", facts)

    def _moves(self, before):
        """Which of these clocks are due at another moment than before, as facts of events.

        :param dict before: clock to when it was due
        :returns: dict of complaint to list of dicts with ``clock``, ``from`` and ``to``
        """
        moves = {}
        for clock in self:
            if clock.due_at != before[clock]:
                moves.setdefault(clock.complaint_id, []).append(
                    {
                        "clock": clock.id,
                        "from": fields.Datetime.to_string(before[clock]) or None,
                        "to": fields.Datetime.to_string(clock.due_at) or None,
                    }
                )
        return moves

    def write(self, vals):
        if any(clock.state == "stopped" for clock in self):
            raise UserError(self.env._("A stopped clock is evidence and cannot be changed."))
        return super().write(vals)

    def _write_stopped(self, vals):
        """Write clocks whose stopping never was (``lapor_clock_undo.py``); they are written by
        nothing else."""
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("Clocks are evidence and are never deleted."))

    # ------------------------------------------------------------
    # PAUSE
    # ------------------------------------------------------------

    def _pause(self, reason, hold=None):
        """Pause running clocks of the office; the complainant's own time goes on.

        :param hold: ``lapor.hold`` that is waited for
        """
        now = fields.Datetime.now()
        clocks = self.filtered(lambda clock: clock.state == "running" and not clock.on_complainant)
        self.env["lapor.clock.pause"].create(
            [
                {
                    "clock_id": clock.id,
                    "started_at": now,
                    "reason": reason,
                    "hold_id": hold and hold.id,
                    "user_id": self.env.uid,
                }
                for clock in clocks
            ]
        )
        clocks.write({"state": "paused"})
        clocks._follow_due()

    def _resume(self):
        """Let paused clocks run on; what they had left runs since the pause was over."""
        now = fields.Datetime.now()
        clocks = self.filtered(lambda clock: clock.state == "paused")
        pauses = clocks.pause_ids.filtered(lambda pause: not pause.ended_at)
        for over_at, over in pauses.grouped(lambda pause: pause._over_at(now)).items():
            over.write({"ended_at": over_at})
        for clock in clocks:
            clock.write({**clock._plan_again(), "state": "running"})
        clocks._follow_due(escalations_too=True)
