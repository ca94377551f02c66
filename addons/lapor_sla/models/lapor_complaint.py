from collections import defaultdict
from datetime import datetime

from odoo import api, fields, models


class LaporComplaint(models.Model):
    """The clocks of a case: what starts and stops them, and which is due first."""

    _name = "lapor.complaint"
    _inherit = ["lapor.complaint", "lapor.due.mixin", "lapor.extension.mixin"]

    clock_ids = fields.One2many("lapor.clock", "complaint_id", string="Clocks", readonly=True)

    @api.model
    def _engine_fields(self):
        return super()._engine_fields() | {
            "clock_ids",
            "due_clock_id",
            "due_at",
            "due_warn_at",
            "is_paused",
        }

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"classification", "is_misconduct", "category_id"}:
            # The writer may change the class, not the clocks that follow from it. What was late
            # with the class that it had was late.
            self.sudo()._sync_clocks(self.env._("Class or category changed"))
        return result

    def _engine_write(self, vals):
        result = super()._engine_write(vals)
        if "managing_unit_id" in vals:
            # Clocks are the system's, whoever sends the case to another office.
            clocks = self.sudo().clock_ids.filtered(
                lambda clock: clock.state != "stopped" and clock.kind in ("sop", "rule")
            )
            clocks.write({"unit_id": vals["managing_unit_id"]})
            clocks._replan(self.env._("The complaint went to another office"))
        return result

    def _start(self, received=None):
        result = super()._start(received)
        # Without an SOP in force no step is opened, but the rules' time runs.
        self.sudo().filtered(lambda case: not case.sop_id)._sync_clocks()
        return result

    def _close(self, outcome, **details):
        result = super()._close(outcome, **details)
        self._sync_clocks()
        return result

    def _merge_into(self, main, note):
        result = super()._merge_into(main, note)
        # The work is done with the main complaint; but each complainant is owed an answer in the
        # time that the rules give, so the clocks of the rules run on.
        reason = self.env._("Handled together with %s", main.number)
        clocks = self.clock_ids.filtered(
            lambda clock: clock.state == "running" and clock.kind != "rule"
        )
        clocks._pause(reason)
        clocks.complaint_id._log_clocks("clock_paused", {"reason": reason})
        return result

    def _separate(self, note=None):
        result = super()._separate(note)
        self._resume_clocks()
        return result

    def _restart_sop(self, sop, note):
        # The complainant has waited since the beginning: the whole SOP's clock keeps its start
        # and takes the time of the new SOP.
        clocks = self.clock_ids.filtered(
            # What is late already stays late.
            lambda clock: clock.kind == "sop" and clock.state != "stopped" and not clock._is_late()
        )
        for clock in clocks:
            clock.write({"sop_id": sop.id, **clock._allowance_values(sop._allowance())})
        clocks._replan(self.env._("The complaint began anew with another SOP"))
        return super()._restart_sop(sop, note)

    def _reopen(self, note, step, mistake):
        closing = self.closing_ids.filtered(lambda closing: not closing.reopened_at)
        undone = self._undo_closing(closing) if mistake else self.env["lapor.clock"]
        result = super()._reopen(note, step, mistake)
        if not step:
            # Without an SOP no step was opened, but the rules' time runs again.
            self._sync_clocks()
        if mistake:
            self._carry_step_clock(closing)
            # What had happened before the closing has stopped its clocks again.
            open_again = undone.filtered(lambda clock: clock.state != "stopped")
            open_again._follow_due(escalations_too=True)
        return result

    def _true_reopenings(self):
        """Closings of this case that were no mistake and after which it was opened again."""
        return self.closing_ids.filtered(
            lambda closing: closing.reopened_at and not closing.was_mistake
        ).sorted("id")

    def _undo_closing(self, closing):
        """Let the clocks run on that a closing by mistake has stopped, as if it had not been.

        :param closing: ``lapor.closing``
        :returns: the clocks of the SOP and of the rules
        """
        self.ensure_one()
        # Clocks are the system's; the act that undoes the closing was checked as the user.
        stopped = self.sudo().clock_ids.filtered(
            lambda clock: (
                clock.kind in ("sop", "rule")
                and clock.result != "void"
                and clock.stopped_at == closing.closed_at
            )
        )
        before = {clock: clock.due_at for clock in stopped}
        stopped._go_on(self._waited_until(closing))
        moves = stopped._moves(before)
        self._log_clocks("clock_resumed", {"clocks": moves.get(self, []), "undone": stopped.ids})
        return stopped

    def _carry_step_clock(self, closing):
        """Let the clock of the open step go on where that of its last visit was when the case was
        closed by mistake.

        :param closing: ``lapor.closing``
        """
        # As the system: clocks are written by the program.
        visit, before = self.sudo().current_step_id, closing.sudo().visit_id
        clock, former = (
            visit.clock_ids[:1],
            before.clock_ids.filtered(
                lambda clock: clock.kind == "step" and clock.stopped_at == closing.closed_at
            ),
        )
        if clock and former and visit.sop_step_id == before.sop_step_id:
            clock._carry_on(former, self._waited_until(closing))

    def _waited_until(self, closing):
        """Until when the complainant would have been waited for, had a hold not ended with a
        closing by mistake: what was asked for came, or somebody opened the case again."""
        came = self.env["lapor.event"].search(
            [
                ("complaint_id", "=", self.id),
                ("code", "=", "message_received"),
                ("at", ">", closing.closed_at),
            ],
            order="sequence",
            limit=1,
        )
        return came.at or fields.Datetime.now()

    def _begin_hold(self, response, asked, delivery_note):
        hold = super()._begin_hold(response, asked, delivery_note)
        # Waiting for the complainant is a legal reason: the office's time does not run.
        self._pause_clocks(
            self.env._(
                "Tunda: what is missing is asked for until %(date)s",
                date=f"{hold.date_until:%d-%m-%Y}",
            ),
            hold,
        )
        return hold

    def _resume(self):
        result = super()._resume()
        self._resume_clocks()
        return result

    # ------------------------------------------------------------
    # CLOCKS
    # ------------------------------------------------------------

    def _sync_clocks(self, reason=None, new=None):
        """Start and stop the clocks of the SOP and of the rules as the cases stand now. A deadline
        that no longer applies, and was missed already, ends as missed.

        :param str reason: what changed, for the event, when it is not the case that moved
        :param new: ``lapor.clock`` just started whose reminders are not planned yet
        """
        if not self:
            return
        # Clocks are the system's, whoever acts on the cases; rules are the same for everybody.
        Clock = self.env["lapor.clock"].sudo()
        clocks = Clock.search([("complaint_id", "in", self.ids)]).grouped("complaint_id")
        # The rules are few and all apply.
        # pylint: disable-next=no-search-all
        rules = self.env["lapor.time.rule"].sudo().search_fetch([])
        cycles = {case: case._cycle(clocks.get(case, Clock)) for case in self}
        reached = self._clock_events()
        starting, stopping, void = [], {}, Clock.browse()
        for complaint in self:
            own = clocks.get(complaint, Clock)
            sop_clock, begun = cycles[complaint]
            if complaint.phase == "closed":
                stopping.update({clock: complaint.closed_at for clock in own})
            elif complaint.sop_id and not sop_clock:
                starting.append(complaint._sop_clock_values(begun))
            events = {code: at for code, at in reached[complaint].items() if at} | {
                "received": begun
            }
            received_on = complaint._local_received_at().date()
            void |= own.filtered(
                lambda clock: clock.kind == "rule" and clock.rule_id not in rules
            ).filtered(lambda clock: clock.state != "stopped")
            applying = rules._applying_to(complaint, received_on)
            for rule in rules:
                known = own.filtered(
                    lambda clock, rule=rule, begun=begun: (
                        clock.rule_id == rule
                        and clock.started_at >= begun
                        and clock.result != "void"
                    )
                )
                if rule not in applying:
                    void |= known.filtered(lambda clock: clock.state != "stopped")
                elif known:
                    if rule.stop_event in events:
                        stopping.update({clock: events[rule.stop_event] for clock in known})
                elif rule.start_event in events and rule.stop_event not in events:
                    starting.append(
                        Clock._values(
                            complaint,
                            "rule",
                            complaint.managing_unit_id,
                            events[rule.start_event],
                            rule._allowance(),
                            Clock._plan(
                                complaint.managing_unit_id,
                                events[rule.start_event],
                                rule._allowance(),
                                ends_open=rule.ends_open,
                            ),
                            rule_id=rule.id,
                            on_complainant=rule.on_complainant,
                        )
                    )
        void._stop(void=True, keep_late=True)
        Clock.concat(*stopping)._stop(stopping)
        # Before new clocks are inserted, the database must know which ones have stopped.
        Clock.flush_model(["state"])
        started = Clock.create(starting)
        (started | (new or Clock))._schedule_escalation(new=True)
        self._refresh_due(Clock.concat(*clocks.values(), started))
        # Whoever has the case now is who is late with it.
        rung = Clock.concat(*clocks.values()).filtered(
            lambda clock: clock.has_rung and clock.state != "stopped"
        )
        if rung:
            self.env["lapor.escalation"].sudo()._sync_alarms(rung.complaint_id)
        if reason:
            self._log_changed_clocks(reason, started, void)

    def _cycle(self, clocks):
        """The open clock of the whole SOP, and since when the case is handled: since it was
        received, or since it was opened again after a close.

        :returns: (clock or an empty record, naive UTC)
        """
        self.ensure_one()
        sop_clocks = clocks.filtered(lambda clock: clock.kind == "sop")
        running = sop_clocks.filtered(lambda clock: clock.state != "stopped")
        if running:
            return running, running.started_at
        reopened = not self.sop_id and self.phase != "closed" and self._true_reopenings()
        if reopened:
            return running, reopened[-1:].reopened_at
        if sop_clocks and self.phase != "closed":
            return running, self.current_step_id.started_at or fields.Datetime.now()
        return running, sop_clocks[-1:].started_at or self.received_at

    def _sop_clock_values(self, started_at):
        return self.env["lapor.clock"]._values(
            self, "sop", self.managing_unit_id, started_at, self.sop_id._allowance()
        )

    def _clock_events(self):
        """When each of the events happened with which rules start and stop their clocks, as the
        account of each case says; any end of a case ends what is waited for.

        :returns: dict of complaint to dict of event code to naive UTC or False
        """
        events = {}
        for complaint in self:
            closed = complaint.closed_at if complaint.phase == "closed" else False
            events[complaint] = {
                "received": complaint.received_at,
                "forwarded": complaint.forwarded_at or closed,
                "followed_up": complaint.followed_up_at or closed,
                "answered": complaint.answered_at or closed,
                "closed": closed,
            }
        return events

    def _refresh_due(self, clocks=None):
        """Store which running clock is due first; the complainant's own do not count.

        :param clocks: all ``lapor.clock`` of the cases, where the caller has them
        """
        # Of all clocks of the cases, whoever acts on them.
        Clock = self.env["lapor.clock"].sudo()
        first, paused = {}, set()
        if clocks is None:
            clocks = Clock.search([("complaint_id", "in", self.ids), ("state", "!=", "stopped")])
        for clock in clocks.filtered(
            lambda clock: clock.state != "stopped" and not clock.on_complainant
        ).sorted(lambda clock: (clock.due_at or datetime.max, clock.id)):
            if clock.state == "paused":
                paused.add(clock.complaint_id)
            elif clock.due_at:
                first.setdefault(clock.complaint_id, clock)
        for complaint in self:
            clock = first.get(complaint, Clock)
            vals = {
                "due_clock_id": clock.id,
                "due_at": clock.due_at,
                "due_warn_at": clock.warn_at,
                "is_paused": not clock and complaint in paused,
            }
            if any(
                complaint[name] != (clock if name == "due_clock_id" else value)
                for name, value in vals.items()
            ):
                complaint._engine_write(vals)

    def _pause_clocks(self, reason, hold=None):
        """Pause the office's clocks of these cases while the complainant is asked.

        :param str reason: the legal reason, kept with every pause
        :param hold: ``lapor.hold`` that is waited for
        """
        # Clocks are the system's; the act that pauses them was checked as the user.
        cases = self.sudo()
        cases.clock_ids.filtered(lambda clock: clock.state == "running")._pause(reason, hold)
        cases._log_clocks("clock_paused", {"reason": reason})

    def _resume_clocks(self):
        """Let the paused clocks of these cases run on."""
        # Clocks are the system's; the act that goes on was checked as the user.
        cases = self.sudo()
        paused = cases.clock_ids.filtered(lambda clock: clock.state == "paused")
        before = {clock: clock.due_at for clock in paused}
        paused._resume()
        moves = paused._moves(before)
        facts = {case: {"clocks": moves.get(case, [])} for case in cases}
        cases._log_clocks("clock_resumed", facts)

    def _log_changed_clocks(self, reason, started, void):
        """The event of clocks that began or no longer apply because a rule or class changed."""
        changed = defaultdict(list)
        for clock in started:
            due = fields.Datetime.to_string(clock.due_at) or None
            changed[clock.complaint_id].append({"clock": clock.id, "from": None, "to": due})
        for clock in void:
            due = fields.Datetime.to_string(clock.due_at) or None
            changed[clock.complaint_id].append({"clock": clock.id, "from": due, "to": None})
        if not changed:
            return
        self.env["lapor.event"]._log(
            [
                {
                    "complaint": complaint,
                    "code": "clock_moved",
                    "data": {"reason": reason, "clocks": clocks},
                }
                for complaint, clocks in changed.items()
            ]
        )

    def _log_clocks(self, code, data):
        """
        :param dict data: facts for all, or for each complaint
        """
        self.env["lapor.event"]._log(
            [
                {
                    "complaint": complaint,
                    "code": code,
                    "visit": complaint.current_step_id,
                    "data": data.get(complaint, data),
                }
                for complaint in self
            ]
        )
