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
            self.sudo()._sync_clocks(self.env._("Class or category changed"), keep_late=True)
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
        result = super()._reopen(note, step, mistake)
        if not step:
            # Without an SOP no step was opened, but the rules' time runs again.
            self._sync_clocks()
        return result

    def _hold(self, items, note, date_until, delivery_note):
        hold = super()._hold(items, note, date_until, delivery_note)
        # Waiting for the complainant is a legal reason: the office's time does not run.
        self._pause_clocks(
            self.env._(
                "Tunda: what is missing is asked for until %(date)s",
                date=f"{date_until:%d-%m-%Y}",
            )
        )
        return hold

    def _resume(self):
        result = super()._resume()
        self._resume_clocks()
        return result

    # ------------------------------------------------------------
    # CLOCKS
    # ------------------------------------------------------------

    def _sync_clocks(self, reason=None, new=None, keep_late=False):
        """Start and stop the clocks of the SOP and of the rules as the cases stand now.

        :param str reason: what changed, for the event, when it is not the case that moved
        :param new: ``lapor.clock`` just started whose reminders are not planned yet
        :param bool keep_late: whether a deadline that no longer applies, and was missed already,
            ends as missed
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
                            rule_id=rule.id,
                            on_complainant=rule.on_complainant,
                        )
                    )
        void._stop(void=True, keep_late=keep_late)
        Clock.concat(*stopping)._stop(stopping)
        # Before new clocks are inserted, the database must know which ones have stopped.
        Clock.flush_model(["state"])
        started = Clock.create(starting)
        (started | (new or Clock))._schedule_escalation(new=True)
        self._refresh_due(Clock.concat(*clocks.values(), started))
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
        if self.reopen_count and not self.sop_id and self.phase != "closed":
            return running, self.closing_ids.sorted("id")[-1:].reopened_at
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

    def _pause_clocks(self, reason):
        """Pause the office's clocks of these cases, such as while the complainant is asked.

        :param str reason: the legal reason, kept with every pause
        """
        # Clocks are the system's; the act that pauses them was checked as the user.
        cases = self.sudo()
        cases.clock_ids.filtered(lambda clock: clock.state == "running")._pause(reason)
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
