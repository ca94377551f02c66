from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import AccessError, UserError

OPEN_STATES = ("open", "accepted")


class LaporDispositionPartMixin(models.AbstractModel):
    """What the addressee of a disposition can do with what was handed to him.

    Each act locks the case, checks as the user, and is then written as the system.
    """

    _name = "lapor.disposition.part.mixin"
    _description = "Acts of the Addressee of a Disposition"

    # ------------------------------------------------------------
    # ACTS OF THE ADDRESSEE
    # ------------------------------------------------------------

    def action_accept(self):
        """Take on what was handed to one.

        :raises UserError: when it has ended or been accepted already
        :raises AccessError: when it is somebody else's
        """
        self._begin(("open",))
        # The part is the user's; nobody has rights to write lines.
        lines = self.sudo()
        lines.write({"state": "accepted", "accepted_at": fields.Datetime.now()})
        lines._mark_read()
        lines._record("part_accepted")
        return True

    def action_return(self, reason):
        """Give it back to the issuer.

        Whoever is in charge gives the case back with it: to the step that issued it, or to
        whoever passed it on.

        :param str reason: why
        :raises UserError: without a reason, or when the case has gone further meanwhile
        :raises AccessError: when it is somebody else's
        """
        self._begin(OPEN_STATES)
        reason = self.env["lapor.complaint"]._clean(reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why you return it."))
        # Checked above as the user; what follows is written as the system.
        for line in self.sudo():
            line._mark_read()
            facts = {}
            if line._carries_case():
                facts = line.complaint_id._give_back(line, reason)
            else:
                line._close_part("returned", reason=reason)
                line._tell_issuer(reason)
            line._record("part_returned", {"reason": reason, **facts})
            parent = line.disposition_id.parent_line_id
            if parent.state == "passed":
                parent._reopen()
            handed = line.disposition_id.line_ids if line._carries_case() else line
            line.complaint_id._release(handed.position_id.unit_id)
        return True

    def action_pass_on(self, values):
        """Hand it on: down as a disposisi, sideways as a teruskan.

        :param dict values: as ``disposition`` of ``action_advance``
        :rtype: lapor.disposition
        :raises UserError: when the addressees are wrong or it has ended
        :raises AccessError: when it is somebody else's
        """
        self.ensure_one()
        self._begin(OPEN_STATES)
        # Checked above as the user; what follows is written as the system.
        line = self.sudo()
        complaint = line.complaint_id
        values = complaint._clean(values or {})
        if values.get("lead_position_id") == line.position_id.id:
            raise UserError(self.env._("Choose somebody else than yourself."))
        line._mark_read()
        visit = complaint.current_step_id
        if line._carries_case():
            complaint._check_not_waiting()
            disposition = complaint._pass_case_on(line, values)
        else:
            disposition = (
                self.env["lapor.disposition"]
                .sudo()
                ._issue(visit, None, values, line, lead_is_part=line.required)
            )
            line._close_part("passed")
        return disposition

    def action_report(self, note=None, attachment_ids=None):
        """Report one's part as done.

        :param str note: what came of it
        :param attachment_ids: ids of ``ir.attachment`` that the user may read
        :raises UserError: with neither note nor file, or when the part is the case itself
        :raises AccessError: when it is somebody else's
        """
        self.ensure_one()
        self._begin(OPEN_STATES)
        complaint = self.complaint_id
        note = complaint._clean(note or "").strip()
        attachments = complaint._check_attachments(attachment_ids)
        # That the part is the user's was checked; what follows is written as the system.
        line = self.sudo()
        if not note and not attachments:
            raise UserError(self.env._("Describe the result in the note, or attach a file."))
        if line._carries_case():
            raise UserError(
                self.env._("You are in charge of this case: do its step, the report is part of it.")
            )
        line._mark_read()
        if attachments:
            line.attachment_ids = complaint.sudo()._keep_files(attachments)
        line._close_part("done", result_note=note)
        line._record("part_done", {"note": note or None})
        line._tell_issuer(note, done=True)
        return True

    def _open_dialog(self, act):
        self.ensure_one()
        self._check_mine(OPEN_STATES)
        names = {
            "return": self.env._("Return to the Issuer"),
            "pass": self.env._("Pass On"),
            "report": self.env._("Report the Result"),
        }
        return {
            "type": "ir.actions.act_window",
            "name": names[act],
            "res_model": "lapor.disposition.act",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_line_id": self.id, "default_act": act},
        }

    def action_open_return(self):
        """The dialog of :meth:`action_return`."""
        return self._open_dialog("return")

    def action_open_pass_on(self):
        """The dialog of :meth:`action_pass_on`."""
        return self._open_dialog("pass")

    def action_open_report(self):
        """The dialog of :meth:`action_report`."""
        return self._open_dialog("report")

    def action_open_complaint(self):
        """The case of this line."""
        self.ensure_one()
        return self.complaint_id._get_form_action()

    # ------------------------------------------------------------
    # CHECKS, AS THE USER
    # ------------------------------------------------------------

    def _begin(self, states):
        """Lock the cases, then check that these lines are this user's to act on.

        :raises UserError: when one has ended
        :raises AccessError: when one is somebody else's
        """
        self.check_access("read")
        self.complaint_id.check_access("read")
        self.complaint_id._lock_cases()
        self.invalidate_recordset()
        for line in self:
            line._check_mine(states)

    def _check_mine(self, states):
        self.ensure_one()
        # Answers whether the part is this user's, by his own position.
        line = self.sudo()
        if line.kind == "copy":
            raise UserError(self.env._("This is a copy for your information."))
        user = self.env.user
        if user.id != SUPERUSER_ID and not line.position_id._is_acted_by(user):
            raise AccessError(
                self.env._("This part is for %(who)s to do.", who=line.position_id.display_name)
            )
        if line.state not in states:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "This part of %(number)s has been settled already: %(state)s. Reload the page.",
                    number=line.complaint_id.number,
                    state=labels[line.state],
                )
            )
