from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date


class LaporReopenMixin(models.AbstractModel):
    """Buka kembali: a closed case goes on, within the office's window, counted.

    Also the way to undo a mistaken closing. Whether and until when a complaint can be opened
    again is left to local rules, so the window is a setting of the managing office
    (``lapor.unit.reopen_days``).
    """

    _name = "lapor.reopen.mixin"
    _description = "Reopening of Complaints"
    _inherit = ["lapor.ending.mixin"]

    reopen_count = fields.Integer(
        string="Times Reopened", readonly=True, copy=False, aggregator="sum"
    )

    @api.model
    def _engine_fields(self):
        return super()._engine_fields() | {"reopen_count"}

    def _get_more_acts(self, visit, mine):
        acts = super()._get_more_acts(visit, mine)
        if self.phase == "closed" and self._may_coordinate(self.env.user) and self._may_reopen():
            acts.append(
                {
                    "id": "reopen",
                    "method": "action_open_reopen",
                    "label": self.env._("Reopen"),
                    "kind": "reopen",
                    "help": self.env._(
                        "The complainant objects, something new has come up, or it was closed by "
                        "mistake."
                    ),
                    "primary": False,
                }
            )
        return acts

    def action_reopen(self, note, step_id=None, mistake=False):
        """Open a closed case again.

        :param str note: why
        :param int step_id: ``lapor.sop.step`` at which it goes on, one where it was before; by
            default the SOP's
        :param bool mistake: the closing itself was wrong: answers already sent stay valid
        :raises UserError: when it is open, the window has passed, or without a reason
        :raises AccessError: when the user does not coordinate it
        """
        self.ensure_one()
        self.check_access("read")
        self._lock_cases()
        self._check_may_reopen()
        note = self._clean(note or "").strip()
        if not note:
            raise UserError(self.env._("Say why the complaint is opened again."))
        # Checked above as the user; what follows is written as the system.
        case = self.sudo()
        step = case.env["lapor.sop.step"].browse(step_id or []).exists()
        if step_id and step not in case._reopen_steps():
            raise UserError(
                self.env._("A reopened complaint goes on at a step where it was before.")
            )
        # What the user may do is checked; what follows is written as the system.
        case._reopen(note, step or case._default_reopen_step(mistake), bool(mistake))
        return True

    def action_open_reopen(self):
        """The dialog of :meth:`action_reopen`."""
        self.ensure_one()
        self.check_access("read")
        self._check_may_reopen()
        return self._open_dialog("lapor.reopen.ask", self.env._("Reopen"))

    def _check_may_reopen(self):
        """Whether this user may open this case again now.

        :raises UserError: when it is open, or the window has passed
        :raises AccessError: when the user does not coordinate it
        """
        self.ensure_one()
        # Facts of the case that this check needs; the user learns yes or no.
        case = self.sudo()
        if case.phase != "closed":
            raise UserError(self.env._("Complaint %s is not closed.", self.number))
        if not self._may_coordinate(self.env.user):
            raise AccessError(
                self.env._(
                    "Only whoever coordinates complaints in %(unit)s may reopen %(number)s.",
                    unit=case.managing_unit_id.name,
                    number=self.number,
                )
            )
        if not self._may_reopen():
            raise UserError(
                self.env._(
                    "Complaint %(number)s could be reopened until %(date)s. Register a new "
                    "complaint instead, and mention this number.",
                    number=self.number,
                    date=format_date(self.env, case._reopen_until()),
                )
            )

    def _may_reopen(self):
        """Whether the window for reopening this case is open."""
        self.ensure_one()
        # Facts of the case that this check needs; the user learns yes or no.
        case = self.sudo()
        return case.managing_unit_id._local_now().date() <= case._reopen_until()

    def _reopen_until(self):
        """Last local day on which this case can be opened again.

        :rtype: datetime.date
        """
        self.ensure_one()
        unit = self.managing_unit_id
        closed = fields.Datetime.context_timestamp(
            self.with_context(tz=unit._get_tz()), self.closed_at
        )
        return unit._add_workdays(closed.date(), unit.reopen_days)

    def _reopen_steps(self):
        """Steps of the SOP at which this case may go on: those where an office had it."""
        self.ensure_one()
        visited = self.step_ids.sop_step_id.filtered(lambda step: step.kind != "intake")
        return visited.sorted("sequence")

    def _default_reopen_step(self, mistake=False):
        """Where this case goes on unless somebody chooses: where it stood when it was closed by
        mistake or beside its SOP; else the step that the SOP names; else the last follow-up.

        :rtype: lapor.sop.step
        """
        self.ensure_one()
        steps = self._reopen_steps()
        closing = self.closing_ids.sorted("id")[-1:]
        last = self.step_ids.sorted("id").sop_step_id.filtered(lambda step: step in steps)[-1:]
        if closing.visit_id.sop_step_id in steps:
            last = closing.visit_id.sop_step_id
        if mistake or closing.beside_sop:
            return last
        named = self.sop_id.step_ids.filtered("is_reopen_target")[:1]
        return named or steps.filtered(lambda step: step.phase == "handling")[-1:] or last

    def _reopen(self, note, step, mistake):
        """Open a closed case again, as the system."""
        self.ensure_one()
        closing = self.closing_ids.filtered(lambda closing: not closing.reopened_at)
        closing.write(
            {
                "reopened_at": fields.Datetime.now(),
                "reopened_by_id": self.env.uid,
                "reopen_note": note,
                "was_mistake": mistake,
            }
        )
        # Before the next closing is inserted, the database must know that this one is over.
        closing.flush_recordset()
        # Whoever was to look at what the complainant wrote after the closing has done so.
        self._drop_tasks(["closed_reply"])
        if not mistake:
            self.response_ids.filtered(lambda response: response.state == "delivered").write(
                {"before_reopening": True}
            )
        self._engine_write(
            {
                "phase": step.phase or "intake",
                "outcome": False,
                "closed_at": False,
                "reopen_count": self.reopen_count + 1,
            }
        )
        self.env["lapor.event"]._log(
            [
                {
                    "complaint": self,
                    "code": "reopened",
                    "data": {
                        "closing": closing.id,
                        "count": self.reopen_count,
                        "mistake": mistake,
                        "phase": self.phase,
                        "note": note,
                    },
                }
            ]
        )
        if step:
            self.env["lapor.complaint.step"]._open([(self, step)])
        next_step = (
            self.env._(
                "Next: %(step)s, %(who)s.",
                step=step.display_name,
                who=self.current_step_id._who(),
            )
            if step
            else ""
        )
        self._message_log(
            body=Markup("<p><b>%s</b></p><p class='o_lapor_said'>%s</p><p>%s</p>")
            % (self.env._("Reopened"), note, next_step),
            author_id=self._acting_partner().id,
        )
        self._tell_reopening()

    def _tell_reopening(self):
        """Tell the complainant, unless the closing itself was never told."""
        if self._give_up_notices("notice", self.env._("Reopened before it was passed on.")):
            return
        self._notify_complainant(
            f"Aduan {self.number} dibuka kembali", "lapor_base.notice_reopened", {}
        )
