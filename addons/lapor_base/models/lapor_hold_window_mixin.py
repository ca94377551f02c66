from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date


class LaporHoldWindowMixin(models.AbstractModel):
    """The window of a hold: a longer one, the complainant's reply, and what follows when it
    passes in silence (dianggap mencabut).

    UU 25/2009: whoever does not complete a complaint within 30 days is deemed to have withdrawn
    it. It is never closed silently: a person does it, or the office has chosen that it happens
    by itself (``lapor.unit.deems_by_itself``); the complainant is told either way.
    """

    _name = "lapor.hold.window.mixin"
    _description = "Window of Holds"
    _inherit = ["lapor.hold.mixin", "lapor.notice.mixin"]

    hold_passed = fields.Boolean(
        compute="_compute_hold_passed",
        search="_search_hold_passed",
        string="Window Passed",
        help="On hold, and the complainant's last day is over.",
    )
    hold_replied_at = fields.Datetime(related="hold_id.replied_at", string="Reply During the Hold")
    hold_reply_waits_at = fields.Datetime(
        related="hold_id.reply_waits_at", string="Reply to Check Since"
    )

    @api.depends("hold_id.date_until")
    def _compute_hold_passed(self):
        for complaint in self:
            complaint.hold_passed = complaint._is_window_over()

    def _search_hold_passed(self, operator, value):
        if operator != "in":
            return NotImplemented
        # Each office by its own calendar day; there are few managing offices.
        managers = self.env["lapor.unit"].sudo().search([("kind", "=", "manager")])
        found = (
            self.env["lapor.hold"]
            .sudo()
            .search(
                [
                    ("ended_at", "=", False),
                    ("date_until", "<=", fields.Date.today()),
                    ("complaint_id.managing_unit_id", "in", managers.ids),
                ]
            )
        )
        passed = found.filtered(lambda hold: hold.complaint_id._is_window_over())
        return [("hold_id", "in" if True in value else "not in", passed.ids)]

    def _is_window_over(self):
        """Whether this case is on hold and the last day given has passed, at the office."""
        # A date, compared with the office's own day.
        case = self.sudo()
        if not case.hold_id:
            return False
        return case.hold_id.date_until < case.managing_unit_id._local_now().date()

    def _get_more_acts(self, visit, mine):
        acts = super()._get_more_acts(visit, mine)
        # Only whether the case waits.
        if not self.sudo().hold_id or not (mine or self._may_coordinate(self.env.user)):
            return acts
        acts.append(
            {
                "id": "extend_hold",
                "method": "action_open_extend_hold",
                "label": self.env._("Give the complainant more time"),
                "kind": "hold",
                "help": self.env._("The complaint stays on hold until a later day."),
                "primary": False,
            }
        )
        if self._reply_waits():
            acts.append(
                {
                    "id": "refuse_reply",
                    "method": "action_open_refuse_reply",
                    "label": self.env._("Not what was asked for"),
                    "kind": "hold",
                    "help": self.env._(
                        "The complaint goes on waiting; say why what came is not enough."
                    ),
                    "primary": False,
                }
            )
        elif self._is_window_over():
            acts.append(
                {
                    "id": "deem_withdrawn",
                    "method": "action_deem_withdrawn",
                    "label": self.env._("Close: deemed withdrawn"),
                    "kind": "end",
                    "help": self.env._(
                        "The window has passed without what was asked for. The complainant is told."
                    ),
                    "primary": False,
                }
            )
        return acts

    # ------------------------------------------------------------
    # ACTS
    # ------------------------------------------------------------

    def action_extend_hold(self, date_until, note):
        """Give the complainant of a held case more time.

        :param date_until: the new last day, after the present one and in the future
        :param str note: why
        :raises UserError: when the case is not on hold, or date or reason are missing
        :raises AccessError: when the user neither has the step nor coordinates
        """
        self.ensure_one()
        self.check_access("read")
        self._lock_cases()
        self._check_may_end_hold()
        # The hold is the system's; whether the user may change it is checked.
        case = self.sudo()
        hold = case.hold_id
        note = self._clean(note or "").strip()
        date_until = case.managing_unit_id._near_day(date_until)
        today = case.managing_unit_id._local_now().date()
        if not date_until or date_until <= max(hold.date_until, today):
            raise UserError(
                self.env._(
                    "The new last day lies after %(date)s.",
                    date=format_date(self.env, max(hold.date_until, today)),
                )
            )
        if not note:
            raise UserError(self.env._("Say why the complainant gets more time."))
        before = hold.date_until
        hold.write(
            {
                "date_until": date_until,
                "extension_count": hold.extension_count + 1,
                "expired_at": False,
            }
        )
        hold.visit_id._follow_deadline()
        hold._plan_reminder()
        case._drop_tasks(["hold_expired"])
        self._log_hold(
            "hold_extended",
            hold,
            {
                "from": fields.Date.to_string(before),
                "until": fields.Date.to_string(date_until),
                "note": note,
            },
        )
        case._message_log(
            body=Markup("<p>%s</p><p class='o_lapor_said'>%s</p>")
            % (
                self.env._(
                    "The complainant has time until %(date)s.",
                    date=format_date(self.env, date_until),
                ),
                note,
            ),
            author_id=self.env.user.partner_id.id,
        )
        case._notify_complainant(
            f"Batas waktu kelengkapan aduan {case.number} diperpanjang",
            "lapor_base.notice_hold_extended",
            {"until": hold._letter_date()},
        )
        return True

    def action_deem_withdrawn(self):
        """Close held cases whose window has passed: their complainants are deemed to have
        withdrawn them.

        :raises UserError: when a case is not on hold, its window is open, a reply waits to be
            looked at, or the request never reached its complainant
        :raises AccessError: when the user neither has the step nor coordinates
        """
        self.check_access("read")
        self._lock_cases()
        for complaint in self:
            complaint._check_may_end_hold()
            complaint._check_may_deem()
        # Checked above as the user; what follows is written as the system.
        self.sudo()._deem_withdrawn()
        return True

    def action_open_extend_hold(self):
        """The dialog of :meth:`action_extend_hold`."""
        self.ensure_one()
        self.check_access("read")
        self._check_may_end_hold()
        return self._open_dialog("lapor.hold.extend", self.env._("Give the Complainant More Time"))

    def _check_may_end_hold(self):
        """Whether this case is on hold and this user may decide about it.

        :raises UserError: when it is not on hold
        :raises AccessError: when the user neither has the step nor coordinates
        """
        self.ensure_one()
        # Facts of the case that this check needs; the user learns yes or no.
        case = self.sudo()
        if not case.hold_id:
            raise UserError(self.env._("Complaint %s is not on hold.", self.number))
        if self._may_coordinate(self.env.user) or case.current_step_id._may_act(self.env.user):
            return
        raise AccessError(
            self.env._(
                "%(number)s waits for its complainant; %(who)s or the coordinator decides.",
                number=self.number,
                who=case.current_step_id._who(),
            )
        )

    def _check_may_deem(self):
        """Whether the window of this held case has passed in silence, and its complainant knew
        of it.

        :raises UserError: when not
        """
        # Facts of the case that this check needs; the user learns yes or no.
        case = self.sudo()
        case._check_no_reply_waits()
        if not case._is_window_over():
            raise UserError(
                self.env._(
                    "The complainant of %(number)s has time until %(date)s.",
                    number=self.number,
                    date=format_date(self.env, case.hold_id.date_until),
                )
            )
        if case.hold_id._request_failed():
            raise UserError(
                self.env._(
                    "The request to the complainant of %(number)s was never delivered. Reach the "
                    "complainant in another way and give more time, or resume.",
                    number=self.number,
                )
            )

    # ------------------------------------------------------------
    # AS THE SYSTEM
    # ------------------------------------------------------------

    def _deem_withdrawn(self):
        """Close held cases as withdrawn by silence, and tell their complainants."""
        for case in self:
            case._check_no_reply_waits()
            hold = case.hold_id
            case._log_hold("deemed_withdrawn", hold, {})
            until = format_date(self.env, hold.date_until)
            if hold.replied_at:
                note = self.env._(
                    "Deemed withdrawn: what came until %(date)s was not what was asked for.",
                    date=until,
                )
            else:
                note = self.env._("Deemed withdrawn: no completion until %(date)s.", date=until)
            case._end("no_response", note=note)
            case._notify_complainant(
                f"Aduan {case.number} dianggap dicabut",
                "lapor_base.notice_deemed_withdrawn",
                {"until": hold._letter_date(), "replied": bool(hold.replied_at)},
            )

    def _close(self, outcome, **details):
        result = super()._close(outcome, **details)
        held = self.filtered("hold_id")
        if held:
            held.hold_id.write(
                {
                    "ended_at": fields.Datetime.now(),
                    "ended_by_id": self.env.uid,
                    "next_reminder_on": False,
                }
            )
            held._engine_write({"hold_id": False})
        return result

    def _resume(self):
        self.hold_id.write({"next_reminder_on": False})
        self._drop_tasks(self._tasks_of_holds())
        # A reminder that nobody has passed on yet would come too late.
        self._give_up_notices("reminder", self.env._("Resumed before it was passed on."))
        return super()._resume()

    def _begin_hold(self, response, asked, delivery_note):
        hold = super()._begin_hold(response, asked, delivery_note)
        hold._plan_reminder()
        return hold

    @api.model
    def _tasks_of_holds(self):
        return {"hold_expired", "hold_reply"}

    @api.model
    def _tasks_of_open_cases(self):
        return super()._tasks_of_open_cases() | self._tasks_of_holds()

    def _note_reply(self, message, came_at=None):
        """A message during a hold may be what was asked for: somebody looks."""
        result = super()._note_reply(message, came_at)
        hold = self.hold_id
        if hold:
            now = fields.Datetime.now()
            came_at = max(came_at or now, hold.started_at)
            hold.write(
                {
                    "replied_at": now,
                    "reply_waits_at": min(came_at, hold.reply_waits_at or came_at),
                }
            )
            self._add_task(
                "hold_reply",
                self._task_owner(),
                self.env._("Check whether this is what was asked for, then resume"),
            )
        return result

    def _log_hold(self, code, hold, data):
        visit = hold.visit_id
        self.env["lapor.event"]._log(
            [
                {
                    "complaint": hold.complaint_id,
                    "code": code,
                    "visit": visit,
                    "position": visit.position_id,
                    "data": {"hold": hold.id, **data},
                }
            ]
        )
