from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import format_date


class LaporPromiseMixin(models.AbstractModel):
    """Dijadwalkan / menunggu anggaran: the case is answered and closed, its promise comes back.

    In the national count such a case is answered ("selesai"), though nothing is mended yet. So
    the outcome says it, the clocks stop, and the promise stays open with its date until it is
    kept.
    """

    _name = "lapor.promise.mixin"
    _description = "Promises of Complaints"
    _inherit = ["lapor.reopen.mixin"]

    promise_ids = fields.One2many("lapor.promise", "complaint_id", string="Promises")
    promise_id = fields.Many2one(
        "lapor.promise", string="Open Promise", readonly=True, copy=False, index="btree_not_null"
    )
    promise_date = fields.Date(
        related="promise_id.date_promised", store=True, string="Promised For"
    )

    @api.model
    def _engine_fields(self):
        return super()._engine_fields() | {"promise_ids", "promise_id", "promise_date"}

    def _get_more_acts(self, visit, mine):
        acts = super()._get_more_acts(visit, mine)
        # What is promised, to whoever may read the case.
        promise = self.sudo().promise_id
        if not promise:
            if self.phase != "closed" and self.id and self._may_promise(mine):
                acts.append(
                    self._promise_act(
                        "action_open_promise",
                        self.env._("Record a promise (scheduled, awaiting budget)"),
                        self.env._("It will be done later: the date brings it back."),
                    )
                )
            return acts
        if self._may_promise(mine):
            acts += [
                self._promise_act(
                    "action_open_keep_promise",
                    self.env._("The promise is kept"),
                    promise.what,
                ),
                self._promise_act(
                    "action_open_move_promise",
                    self.env._("Move the promised date"),
                    self.env._(
                        "Promised until %(date)s", date=format_date(self.env, promise.date_promised)
                    ),
                ),
            ]
            if self.phase != "closed":
                acts.append(
                    self._promise_act(
                        "action_open_drop_promise",
                        self.env._("Drop the promise"),
                        self.env._("It is done at once, or was recorded by mistake."),
                    )
                )
        return acts

    @api.model
    def _promise_act(self, method, label, text):
        return {
            "id": method,
            "method": method,
            "label": label,
            "kind": "promise",
            "help": text,
            "primary": False,
        }

    # ------------------------------------------------------------
    # ACTS
    # ------------------------------------------------------------

    def action_promise(self, what, date, position_id=None):
        """Record what will be done later; the case then ends as scheduled.

        :param str what: what is promised
        :param date: until when, in the future
        :param int position_id: ``lapor.position`` that answers for it; the step's by default
        :raises UserError: when the case is closed or has a promise, the date is not in the
            future, or the position has no part in the case
        :raises AccessError: when the user neither has the step nor coordinates
        """
        self.ensure_one()
        self.check_access("read")
        self._lock_cases()
        self._check_may_promise()
        # Checked above as the user; what follows is written as the system.
        case = self.sudo()
        if case.phase == "closed":
            raise UserError(
                self.env._("Complaint %s is closed. Reopen it to promise something.", self.number)
            )
        if case.promise_id:
            raise UserError(self.env._("Complaint %s has an open promise already.", self.number))
        what = self._clean(what or "").strip()
        if not what:
            raise UserError(self.env._("Say what is promised."))
        date = case._check_promised_date(date)
        position = case.env["lapor.position"].browse(position_id or []).exists()
        position = position or case._task_owner()
        case._check_promise_position(position)
        promise = (
            self.env["lapor.promise"]
            .sudo()
            .create(
                {
                    "complaint_id": case.id,
                    "visit_id": case.current_step_id.id,
                    "position_id": position.id,
                    "what": what,
                    "date_promised": date,
                    "first_date": date,
                    "made_by_id": self.env.uid,
                }
            )
        )
        case._engine_write({"promise_id": promise.id})
        case._log_promise(
            "promised", promise, {"until": fields.Date.to_string(date), "position": position.id}
        )
        case._tell_promise(
            self.env._("Promised until %(date)s", date=format_date(self.env, date)), what
        )
        return True

    def action_move_promise(self, date, note):
        """Move the date of the open promise; counted, and told when the case is closed.

        :param date: the new date, in the future
        :param str note: why
        :raises UserError: without an open promise, a future date or a reason
        :raises AccessError: when the promise is not this user's
        """
        case, promise, note = self._start_promise_act(note)
        if not note:
            raise UserError(self.env._("Say why the date moves."))
        date = case._check_promised_date(date)
        before = promise.date_promised
        if date == before:
            raise UserError(self.env._("This is the promised date already."))
        promise.write(
            {
                "date_promised": date,
                "moved_count": promise.moved_count + 1,
                "reminded_at": False,
            }
        )
        case._log_promise(
            "promise_moved",
            promise,
            {
                "from": fields.Date.to_string(before),
                "until": fields.Date.to_string(date),
                "count": promise.moved_count,
                "note": note,
            },
        )
        case._tell_promise(
            self.env._("The promised date moves to %(date)s", date=format_date(self.env, date)),
            note,
        )
        if case.phase == "closed":
            case._notify_of_promise(
                "Perubahan jadwal tindak lanjut aduan %s",
                "lapor_base.notice_promise_moved",
                {"until": promise._letter_date()},
            )
        return True

    def action_keep_promise(self, note, attachment_ids=None):
        """Record that the open promise is kept; a case closed as scheduled is handled now.

        :param str note: what was done
        :param list attachment_ids: the proof, such as photos
        :raises UserError: without an open promise or without words
        :raises AccessError: when the promise is not this user's
        """
        case, promise, note = self._start_promise_act(note)
        if not note:
            raise UserError(self.env._("Say what was done."))
        attachments = self._check_attachments(attachment_ids)
        case._end_promise("kept", note, case._keep_files(attachments))
        return True

    def action_drop_promise(self, note):
        """Drop the promise of an open case.

        :param str note: why
        :raises UserError: without an open promise or a reason, or when the case is closed
        :raises AccessError: when the promise is not this user's
        """
        case, _promise, note = self._start_promise_act(note)
        if case.phase == "closed":
            raise UserError(
                self.env._(
                    "The complainant of %s has been told. Move the date, or reopen the complaint.",
                    self.number,
                )
            )
        if not note:
            raise UserError(self.env._("Say why the promise is dropped."))
        case._end_promise("dropped", note, self._no_files())
        return True

    def action_open_promise(self):
        """The dialog of :meth:`action_promise`."""
        return self._open_promise_dialog("make", self.env._("Record a Promise"))

    def action_open_move_promise(self):
        """The dialog of :meth:`action_move_promise`."""
        return self._open_promise_dialog("move", self.env._("Move the Promised Date"))

    def action_open_keep_promise(self):
        """The dialog of :meth:`action_keep_promise`."""
        return self._open_promise_dialog("keep", self.env._("The Promise Is Kept"))

    def action_open_drop_promise(self):
        """The dialog of :meth:`action_drop_promise`."""
        return self._open_promise_dialog("drop", self.env._("Drop the Promise"))

    def _open_promise_dialog(self, act, name):
        self.ensure_one()
        self.check_access("read")
        self._check_may_promise()
        return self._open_dialog("lapor.promise.ask", name, default_act=act)

    # ------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------

    def _may_promise(self, mine):
        """Whether this user may make or change the promise of this case.

        :param bool mine: whether the open step is this user's
        """
        user = self.env.user
        # Facts of the case that this check needs; the user learns yes or no.
        responsible = self.sudo().promise_id.position_id.holder_id
        return mine or responsible == user or self._may_coordinate(user)

    def _check_may_promise(self):
        # Facts of the case that this check needs; the user learns yes or no.
        visit = self.sudo().current_step_id
        if not self._may_promise(bool(visit) and visit._may_act(self.env.user)):
            raise AccessError(
                self.env._(
                    "Whoever has the step or answers for the promise, or coordinates the "
                    "complaint, may do this."
                )
            )

    def _start_promise_act(self, note):
        """Lock and check for an act on the open promise.

        :returns: (case and promise as the system, the note without blanks around it)
        """
        self.ensure_one()
        self.check_access("read")
        self._lock_cases()
        self._check_may_promise()
        case = self.sudo()
        if not case.promise_id:
            raise UserError(self.env._("Complaint %s has no open promise.", self.number))
        return case, case.promise_id, self._clean(note or "").strip()

    def _check_promised_date(self, date):
        unit = self.managing_unit_id
        date = unit._near_day(date)
        if not date or date <= unit._local_now().date():
            raise UserError(self.env._("A promised date lies in the future."))
        return date

    def _check_promise_position(self, position):
        """Refuse a position whose holder could not see the case.

        :raises UserError: when it has no part in the case
        """
        inside = self.env["lapor.unit"].search([("id", "child_of", position.unit_id.ids)])
        if (
            not position.active
            or not inside & self.involved_unit_ids
            or not self._is_open_to(position)
        ):
            raise UserError(
                self.env._(
                    "%(position)s has no part in this complaint. Give it to that unit first, or "
                    "choose another position.",
                    position=position.display_name or "–",
                )
            )

    def _may_reopen(self):
        # As long as something is promised, the case can go on.
        return super()._may_reopen() or bool(self.sudo().promise_id)

    # ------------------------------------------------------------
    # AS THE SYSTEM
    # ------------------------------------------------------------

    def _end_promise(self, state, note, attachments):
        self.ensure_one()
        promise = self.promise_id
        promise.write(
            {
                "state": state,
                "ended_at": fields.Datetime.now(),
                "ended_by_id": self.env.uid,
                "end_note": note,
                "attachment_ids": [Command.set(attachments.ids)],
            }
        )
        vals = {"promise_id": False}
        handled = state == "kept" and self.outcome == "scheduled"
        if handled:
            vals["outcome"] = "handled"
        self._engine_write(vals)
        self._drop_tasks(["promise_due"])
        self._log_promise(
            f"promise_{state}", promise, {"note": note, "outcome": vals.get("outcome")}
        )
        labels = dict(promise._fields["state"]._description_selection(self.env))
        self._tell_promise(
            self.env._("Promise: %(state)s", state=labels[state]), note, promise.what
        )
        if state == "kept" and (handled or self.outcome == "duplicate"):
            self._notify_of_promise(
                "Tindak lanjut aduan %s telah dilaksanakan", "lapor_base.notice_promise_kept", {}
            )

    def _notify_of_promise(self, subject, template, values):
        """Tell all who were promised it what becomes of the promise of this closed case.

        :param str subject: Indonesian, with a place for the number
        :param str template: as of :meth:`_notify_complainant`, and ``values``
        """
        for case in self._promised_together():
            case._notify_complainant(subject % case.number, template, values)

    def _promised_together(self):
        """The cases whose complainants were told of this closed case's promise."""
        self.ensure_one()
        return self

    def _close(self, outcome, **details):
        """A case that ends with an answer while something is promised ends as scheduled."""
        promised = self.filtered("promise_id")
        if outcome == "scheduled" and self - promised:
            raise UserError(
                self.env._(
                    "Record first what is promised and until when (“Other ways”): %(numbers)s.",
                    numbers=", ".join((self - promised).mapped("number")),
                )
            )
        if outcome not in ("handled", "answered") or not promised:
            result = super()._close(outcome, **details)
            # Answered with another complaint, its complainant still waits for what was promised.
            if outcome not in ("scheduled", "duplicate"):
                # Nobody waits for it any more.
                for case in promised:
                    case._end_promise("dropped", details.get("note") or "", self._no_files())
            return result
        rest = self - promised
        if rest:
            super(LaporPromiseMixin, rest)._close(outcome, **details)
        return super(LaporPromiseMixin, promised)._close("scheduled", **details)

    @api.model
    def _no_files(self):
        return self.env["ir.attachment"]

    def _tell_promise(self, title, *texts):
        self._message_log(
            body=Markup("<p><b>%s</b></p>") % title
            + Markup("").join(
                Markup("<p class='o_lapor_said'>%s</p>") % text for text in texts if text
            ),
            author_id=self._acting_partner().id,
        )

    def _log_promise(self, code, promise, data):
        self.env["lapor.event"]._log(
            [
                {
                    "complaint": self,
                    "code": code,
                    "visit": self.current_step_id,
                    "position": promise.position_id,
                    "data": {"promise": promise.id, **data},
                }
            ]
        )
