from datetime import timedelta

from babel.dates import format_date as format_letter_date
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools.letter_frame import says_nothing
from ..tools.letter_slots import open_slots


class LaporHoldMixin(models.AbstractModel):
    """Tunda: an incomplete complaint is not ignored, what is missing is asked for.

    The case stays at its step; it cannot be moved on before it is resumed. How long the
    complainant has is a setting of the managing office (``lapor.unit.completion_days``).
    """

    _name = "lapor.hold.mixin"
    _description = "Hold of Complaints"
    _inherit = ["lapor.case.mixin"]

    hold_id = fields.Many2one("lapor.hold", readonly=True, copy=False)
    is_on_hold = fields.Boolean(compute="_compute_is_on_hold", store=True, string="On Hold")
    hold_until = fields.Date(related="hold_id.date_until", store=True, string="Held Until")
    hold_ids = fields.One2many("lapor.hold", "complaint_id", string="Holds")

    @api.depends("hold_id")
    def _compute_is_on_hold(self):
        for complaint in self:
            complaint.is_on_hold = bool(complaint.hold_id)

    @api.model
    def _engine_fields(self):
        return super()._engine_fields() | {"hold_id", "hold_ids", "hold_until", "is_on_hold"}

    def _get_more_acts(self, visit, mine):
        acts = super()._get_more_acts(visit, mine)
        # Only whether the case waits.
        if mine and not self.sudo().hold_id:
            acts.append(
                {
                    "id": "hold",
                    "method": "action_open_hold",
                    "label": self.env._("Put on hold: ask the complainant"),
                    "kind": "hold",
                    "help": self.env._(
                        "The complaint lacks something that only its complainant has."
                    ),
                    "primary": False,
                }
            )
        return acts

    def _check_not_waiting(self, transition=None):
        result = super()._check_not_waiting(transition)
        # That a case waits, and until when, is no secret to whoever acts on it.
        hold = self.sudo().hold_id
        if hold and not self._ends_by_silence(transition):
            raise UserError(
                self.env._(
                    "Complaint %(number)s waits for its complainant until %(date)s. Resume it "
                    "first.",
                    number=self.number,
                    date=format_date(self.env, hold.date_until),
                )
            )
        return result

    def action_hold(self, item_ids, note=None, date_until=None, delivery_note=None):
        """Ask the complainant for what is missing, and wait.

        What stands in the list of the office is asked at once. Own words leave only as an answer
        may: where the SOP has a signature, whoever signs agrees first
        (``lapor_complaint_agreement``).

        :param item_ids: ids of ``lapor.missing.item``
        :param str note: what else is missing, in own words; goes into the request
        :param date_until: last day to complete it; by default the office's window
        :param str delivery_note: proof that the request reached the complainant, where the
            channel is not mail and nobody has to agree first
        :raises UserError: when nothing is asked for, the case is held or closed already, or the
            last day is not in the future
        :raises AccessError: when the step is somebody else's
        """
        self.ensure_one()
        self.check_access("read")
        self._lock_cases()
        self._check_step_is_mine()
        # The step is the user's; what follows is written as the system.
        case = self.sudo()
        if case.hold_id:
            raise UserError(self.env._("Complaint %s is on hold already.", self.number))
        items = self.env["lapor.missing.item"].browse(item_ids or []).exists()
        note = self._clean(note or "").strip()
        unit = case.managing_unit_id
        date_until = unit._near_day(date_until) or case._default_hold_until()
        missing, slots = [], open_slots(note)
        if not items and says_nothing(note, []):
            missing.append(self.env._("Say what is missing."))
        if slots:
            missing.append(self.env._("Fill in or choose in the note: %s.", "; ".join(slots)))
        if date_until <= unit._local_now().date():
            missing.append(self.env._("The complainant needs at least until tomorrow."))
        if not (note and case._needs_signature()):
            missing += case.env["lapor.response"]._missing_to_deliver(case, delivery_note)
        case.env["lapor.response"]._refuse(missing)
        case._hold(items, note, date_until, delivery_note)
        return True

    def action_resume(self, came_on=None, note=None):
        """Go on with held cases.

        :param came_on: day on which what was asked for came by telephone or at the counter; the
            office's time runs again from the beginning of that day
        :param str note: how it came, and what was said; needed with ``came_on``
        :raises UserError: when a case is not on hold, when the day has not come yet or lies before
            the hold, or when nothing says how it came
        :raises AccessError: when the step is somebody else's
        """
        self.check_access("read")
        self._lock_cases()
        for complaint in self:
            complaint._check_step_is_mine()
            # Only whether the case waits.
            if not complaint.sudo().hold_id:
                raise UserError(self.env._("Complaint %s is not on hold.", complaint.number))
        # The step is the user's; what follows is written as the system.
        cases = self.sudo()
        if came_on:
            cases._note_came_on(came_on, note)
        cases._resume()
        return True

    def action_open_hold(self):
        """The dialog of :meth:`action_hold`."""
        self.ensure_one()
        self.check_access("read")
        self._check_step_is_mine()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Put on Hold: Ask the Complainant"),
            "res_model": "lapor.hold.ask",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_complaint_id": self.id},
        }

    def _default_hold_until(self):
        self.ensure_one()
        unit = self.managing_unit_id
        return unit._local_now().date() + timedelta(days=unit.completion_days)

    def _hold(self, items, note, date_until, delivery_note):
        """Ask and hold at once, or ask for the agreement that own words need first, as the
        system."""
        self.ensure_one()
        # Letters to citizens are Indonesian, whatever the language of the staff.
        subject = f"Permintaan kelengkapan aduan {self.number}"
        body = self.env["ir.qweb"]._render(
            "lapor_base.request_for_data",
            {
                "complaint": self,
                "items": items,
                "note": note,
                "until": format_letter_date(date_until, "d MMMM y", locale="id"),
            },
            minimal_qcontext=True,
        )
        asked = {"items": items.ids, "note": note, "until": fields.Date.to_string(date_until)}
        if note and self._needs_signature():
            response = self._submit_beside("request", subject, body)
            response.pending_act = asked
            if response._is_approved():
                self._hold_agreed(response, delivery_note)
            return
        self._drop_texts(["request"])
        response = self.env["lapor.response"].create(
            {
                "complaint_id": self.id,
                "visit_id": self.current_step_id.id,
                "kind": "request",
                "subject": subject,
                "body": body,
                "state": "submitted",
                "author_id": self.env.uid,
            }
        )
        self._begin_hold(response, asked, delivery_note)

    def _hold_agreed(self, response, delivery_note=None):
        """
        :raises UserError: when the day that the text names has passed meanwhile
        """
        until = fields.Date.to_date(response.pending_act["until"])
        if until <= self.managing_unit_id._local_now().date():
            raise UserError(
                self.env._(
                    "The day until which the complainant of %s has time has passed meanwhile. The "
                    "request is written anew.",
                    self.number,
                )
            )
        self._begin_hold(response, response.pending_act, delivery_note)

    def _agreement_of_request(self, user):
        """Whose agreement own words of a request need, and whether it is there.

        :param user: ``res.users`` who writes them
        :returns: dict with ``approver``, ``agreed``, ``asked`` and ``return_note``
        """
        self.ensure_one()
        try:
            approver = self._find_interim_approver(self.current_step_id, user).display_name
        except UserError as error:
            # Said when own words are handed in; what stands in the list needs nobody.
            approver = error.args[0]
        response = self._open_response("request")
        asked = response.pending_act
        return {
            "approver": approver,
            "agreed": bool(asked) and response.state == "submitted" and response._is_approved(),
            "asked": asked,
            "return_note": response.return_note,
        }

    def _begin_hold(self, response, asked, delivery_note):
        """Called when the request may leave, as the system: send it and hold the case.

        :param dict asked: ``items`` (ids), ``note`` and ``until`` (ISO date)
        :rtype: lapor.hold
        """
        visit = self.current_step_id
        response._deliver(visit, delivery_note)
        hold = self.env["lapor.hold"].create(
            {
                "complaint_id": self.id,
                "visit_id": visit.id,
                "item_ids": asked["items"],
                "note": asked["note"],
                "response_id": response.id,
                "started_by_id": self.env.uid,
                "date_until": asked["until"],
            }
        )
        self._engine_write({"hold_id": hold.id})
        visit._follow_deadline()
        self.env["lapor.event"]._log(
            [
                {
                    "complaint": self,
                    "code": "held",
                    "visit": visit,
                    "position": visit.position_id,
                    "data": {
                        "hold": hold.id,
                        "items": asked["items"],
                        "until": asked["until"],
                    },
                }
            ]
        )
        return hold

    def _resume(self):
        """End the holds of cases, as the system."""
        holds = self.hold_id
        holds.write({"ended_at": fields.Datetime.now(), "ended_by_id": self.env.uid})
        self._engine_write({"hold_id": False})
        holds.visit_id._follow_deadline()
        self.env["lapor.event"]._log(
            [
                {
                    "complaint": hold.complaint_id,
                    "code": "resumed",
                    "visit": hold.visit_id,
                    "position": hold.visit_id.position_id,
                    "data": {"hold": hold.id},
                }
                for hold in holds
            ]
        )
        self._message_log_batch(
            bodies={
                complaint.id: Markup("<p>%s</p>") % self.env._("Resumed after the hold.")
                for complaint in self
            },
            author_id=self.env.user.partner_id.id,
        )
