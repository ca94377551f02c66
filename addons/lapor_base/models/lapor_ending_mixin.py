from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command


class LaporEndingMixin(models.AbstractModel):
    """Ends beside the SOP: dicabut (the complainant takes it back) and arsip (not handled).

    The open step is left undone, the complainant is told, and the closing stays in evidence
    (``lapor.closing``). A mistake is undone by opening the case again.
    """

    _name = "lapor.ending.mixin"
    _description = "Ends Beside the SOP"
    _inherit = ["lapor.notice.mixin"]

    closing_ids = fields.One2many("lapor.closing", "complaint_id", string="Closings")

    @api.model
    def _engine_fields(self):
        return super()._engine_fields() | {"closing_ids"}

    def _get_more_acts(self, visit, mine):
        acts = super()._get_more_acts(visit, mine)
        if self.phase == "closed" or not self.id:
            return acts
        coordinates = self._may_coordinate(self.env.user)
        if mine or coordinates:
            acts.append(
                {
                    "id": "withdraw",
                    "method": "action_open_withdraw",
                    "label": self.env._("Withdrawn by the complainant"),
                    "kind": "end",
                    "help": self.env._("The complainant takes the complaint back."),
                    "primary": False,
                }
            )
        if coordinates:
            acts.append(
                {
                    "id": "archive",
                    "method": "action_open_archive",
                    "label": self.env._("Archive"),
                    "kind": "end",
                    "help": self.env._("It is not handled, for one of the reasons of the list."),
                    "primary": False,
                }
            )
        return acts

    # ------------------------------------------------------------
    # ACTS
    # ------------------------------------------------------------

    def action_withdraw(self, note, attachment_ids=None):
        """Close a case that its complainant takes back.

        :param str note: how and why: when, in which way, in whose presence
        :param list attachment_ids: the proof, such as the letter or a picture of the message
        :raises UserError: when the case is closed, or nothing says how it was withdrawn
        :raises AccessError: when the user neither has the step nor coordinates
        """
        self.ensure_one()
        self.check_access("read")
        self._lock_cases()
        self._check_may_end("withdraw")
        note = self._clean(note or "").strip()
        if not note:
            raise UserError(
                self.env._("Say how and why the complainant withdrew: when, in which way.")
            )
        attachments = self._check_attachments(attachment_ids)
        # What the user may do is checked; what follows is written as the system.
        case = self.sudo()
        case._end("withdrawn", note=note, attachments=case._keep_files(attachments))
        case._notify_complainant(
            f"Pencabutan aduan {case.number}", "lapor_base.notice_withdrawn", {}
        )
        return True

    def action_archive_case(self, reason_id, note=None):
        """Archive cases that are not to be handled.

        :param int reason_id: ``lapor.archive.reason``; the complainant is told its sentence
        :param str note: what the reason does not say; for the file only
        :raises UserError: when a case is closed, or without a reason
        :raises AccessError: when the user does not coordinate the cases
        """
        self.check_access("read")
        self._lock_cases()
        reason = self.env["lapor.archive.reason"].browse(reason_id or []).exists()
        note = self._clean(note or "").strip()
        if not reason:
            raise UserError(self.env._("Choose the reason for archiving."))
        for complaint in self:
            complaint._check_may_end("archive")
        # Checked above as the user; what follows is written as the system.
        self.sudo()._end("archived", note=note, reason=reason)
        for case in self.sudo():
            case._notify_complainant(
                f"Pengarsipan aduan {case.number}",
                "lapor_base.notice_archived",
                {"reason": reason.notice},
            )
        return True

    def action_open_withdraw(self):
        """The dialog of :meth:`action_withdraw`."""
        self.ensure_one()
        self.check_access("read")
        self._check_may_end("withdraw")
        return self._open_dialog(
            "lapor.end.ask", self.env._("Withdrawn by the Complainant"), default_act="withdraw"
        )

    def action_open_archive(self):
        """The dialog of :meth:`action_archive_case`, for one case or for several."""
        self.check_access("read")
        for complaint in self:
            complaint._check_may_end("archive")
        return {
            **self[:1]._open_dialog("lapor.end.ask", self.env._("Archive")),
            "context": {"default_complaint_ids": self.ids, "default_act": "archive"},
        }

    def _check_may_end(self, act):
        """Whether this user may end this case beside its SOP.

        Archiving is the coordinator's (in LAPOR! the Admin Instansi's): an office that a
        complaint is about does not put it aside by itself.

        :param str act: "withdraw" or "archive"
        :raises UserError: when it is closed already
        :raises AccessError: when it is for somebody else to do
        """
        self.ensure_one()
        # Facts of the case that this check needs; the user learns yes or no.
        if self.sudo().phase == "closed":
            raise UserError(self.env._("Complaint %s is closed already.", self.number))
        if act == "archive":
            self._check_no_reply_waits()
        if self._may_coordinate(self.env.user):
            return
        visit = self.sudo().current_step_id
        if act == "withdraw" and visit and visit._may_act(self.env.user):
            return
        raise AccessError(
            self.env._(
                "Only whoever coordinates complaints in %(unit)s may archive %(number)s.",
                unit=self.sudo().managing_unit_id.name,
                number=self.number,
            )
            if act == "archive"
            else self.env._(
                "Whoever has the step, or coordinates complaints in %(unit)s, records that "
                "%(number)s is withdrawn.",
                unit=self.sudo().managing_unit_id.name,
                number=self.number,
            )
        )

    # ------------------------------------------------------------
    # CLOSING, AS THE SYSTEM
    # ------------------------------------------------------------

    def _end(self, outcome, note=None, reason=None, attachments=None):
        """Leave the open step undone and close the case beside its SOP.

        :param str outcome: one of ``OUTCOMES``
        :param str note: why, in words
        :param reason: ``lapor.archive.reason``
        :param attachments: files of the case that prove it
        """
        labels = dict(self._fields["outcome"]._description_selection(self.env))
        visits = self.current_step_id
        if visits:
            visits._leave(
                self.env["lapor.sop.transition"], note, self.env["ir.attachment"], state="stopped"
            )
        self._close(outcome, reason=reason, note=note, attachments=attachments, beside=True)
        body = Markup("<p><b>%s</b>%s</p>") % (
            self.env._("Closed: %(outcome)s.", outcome=labels[outcome]),
            f" {reason.name}." if reason else "",
        ) + (Markup("<p class='o_lapor_said'>%s</p>") % note if note else "")
        for partner, cases in self.grouped(lambda case: case._acting_partner()).items():
            cases._message_log_batch(bodies=dict.fromkeys(cases.ids, body), author_id=partner.id)

    def _close(self, outcome, **details):
        """As the engine's, and keep how it ended.

        :param details: ``reason``, ``note``, ``attachments`` and ``beside`` (beside the SOP)
        """
        attachments = details.get("attachments") or self.env["ir.attachment"]
        result = super()._close(outcome, **details)
        self._drop_tasks(self._tasks_of_open_cases())
        self.env["lapor.closing"].create(
            [
                {
                    "complaint_id": case.id,
                    "outcome": case.outcome,
                    "visit_id": case.step_ids.sorted("id")[-1:].id,
                    "closed_at": case.closed_at,
                    "closed_by_id": self.env.uid,
                    "beside_sop": bool(details.get("beside")),
                    "reason_id": (details.get("reason") or self.env["lapor.archive.reason"]).id,
                    "note": details.get("note") or False,
                    "attachment_ids": [Command.set(attachments.ids)],
                }
                for case in self
            ]
        )
        return result

    @api.model
    def _tasks_of_open_cases(self):
        """Codes of the tasks that end with the case."""
        return super()._tasks_of_open_cases() | {"fill_position"}
