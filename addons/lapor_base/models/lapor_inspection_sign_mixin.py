from markupsafe import Markup

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command


class LaporInspectionSignMixin(models.AbstractModel):
    """How the report of an inspection is signed: each member by himself, all the same text."""

    _name = "lapor.inspection.sign.mixin"
    _description = "Signatures of an Inspection"

    def action_submit(self):
        """Close the draft: from here on the members sign it. The caller, if a member, signs.

        :raises UserError: when a part is missing, or it is no draft any more
        :raises AccessError: for others than the team and the step's owner
        """
        self.ensure_one()
        self._lock_inspection()
        self._check_team()
        # Checked above as the user; what follows is written as the system.
        inspection = self.sudo()
        if inspection.state != "draft":
            raise UserError(self.env._("This report is no draft any more. Reload the page."))
        inspection._submit()
        own = inspection._own_signature()
        if own:
            inspection._sign_member(own)
        return True

    def action_sign(self):
        """Sign the report as the member of the team that this user is.

        :raises UserError: when it is not being signed, or this user has signed
        :raises AccessError: for others than its members
        """
        self.ensure_one()
        self._lock_inspection()
        # Who belongs to the team is asked below; signatures are written as the system.
        inspection = self.sudo()
        if inspection.state != "signing":
            raise UserError(self.env._("This report is not waiting for signatures."))
        if self.env.user not in inspection.member_ids.user_id:
            raise AccessError(self.env._("This report is signed by the members of its team."))
        own = inspection._own_signature()
        if not own:
            raise UserError(self.env._("You have signed this report already."))
        inspection._sign_member(own)
        return True

    def action_excuse(self, member_id, reason):
        """Note that a member cannot or will not sign.

        :param int member_id: ``lapor.inspection.member``
        :param str reason: why
        :raises UserError: without a reason, or when the member has signed
        :raises AccessError: for others than the team's head and the step's owner
        """
        self.ensure_one()
        self._lock_inspection()
        # The right to do it is checked below; signatures are written as the system.
        inspection = self.sudo()
        self._check_head()
        reason = self.env["lapor.complaint"]._clean(reason or "")
        if not reason:
            raise UserError(self.env._("Say why this member does not sign."))
        member = inspection.member_ids.filtered(
            lambda item: item.id == member_id and item.state == "waiting"
        )
        if not member or inspection.state != "signing":
            raise UserError(self.env._("This member's signature is not waited for."))
        if not (inspection.member_ids - member).filtered(lambda item: item.state != "excused"):
            raise UserError(self.env._("Somebody of the team has to sign the report."))
        member.write({"state": "excused", "excuse_reason": reason})
        inspection._record_act("inspection_excused", {"member": member.user_id.id})
        inspection._settle_signatures()
        return True

    def action_reopen(self, reason):
        """Take a report that is being signed back into draft; signatures given are void.

        :param str reason: what has to be changed
        :raises UserError: without a reason, or when it is not being signed
        :raises AccessError: for others than the team and the step's owner
        """
        self.ensure_one()
        self._lock_inspection()
        self._check_team()
        # Checked above as the user; what follows is written as the system.
        inspection = self.sudo()
        reason = self.env["lapor.complaint"]._clean(reason or "")
        if inspection.state != "signing":
            raise UserError(self.env._("Only a report that is being signed can be reopened."))
        if not reason:
            raise UserError(self.env._("Say what has to be changed."))
        inspection.write({"state": "draft", "text_hash": False, "sealed_content": False})
        inspection.member_ids.write(
            {"state": "waiting", "signed_at": False, "text_hash": False, "excuse_reason": False}
        )
        inspection.member_ids._sync_turns()
        inspection._record_act("inspection_reopened", {})
        inspection.complaint_id._message_log(
            body=Markup("<p>%s</p><p class='o_lapor_said'>%s</p>")
            % (self.env._("The inspection report is a draft again."), reason),
            author_id=self.env.user.partner_id.id,
        )
        return True

    def action_open_reopen(self):
        """The dialog of :meth:`action_reopen`."""
        return self._ask_action("reopen", self.env._("Back to Draft"))

    def _ask_action(self, mode, name, **values):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "lapor.inspection.ask",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_inspection_id": self.id,
                "default_mode": mode,
                **{f"default_{key}": value for key, value in values.items()},
            },
        }

    # ------------------------------------------------------------
    # AS THE SYSTEM
    # ------------------------------------------------------------

    def _check_head(self):
        # Answers whether this user leads the team.
        inspection = self.sudo()
        head = inspection.member_ids.filtered("is_head")
        user = self.env.user
        if user not in head.user_id and not inspection.visit_id._may_act(user):
            raise AccessError(self.env._("Only the head of the team may say so."))

    def _own_signature(self):
        return self.member_ids.filtered(
            lambda member: member.user_id == self.env.user and member.state == "waiting"
        )

    def _submit(self):
        """Freeze the text and ask the members for their signatures."""
        self._check_complete(self)
        members = self.member_ids
        if not members:
            raise UserError(self.env._("Name the team that made the visit."))
        if not members.filtered("is_head"):
            members[0].is_head = True
        units = members.position_id.unit_id
        missing = (units | units.office_id) - self.complaint_id.involved_unit_ids
        if missing:
            self.complaint_id._engine_write(
                {"involved_unit_ids": [Command.link(unit.id) for unit in missing]}
            )
        for member in members:
            if not self.complaint_id.with_user(member.user_id).has_access("read"):
                raise UserError(
                    self.env._(
                        "%(name)s may not see this complaint and cannot sign its report.",
                        name=member.user_id.name,
                    )
                )
        self.write({"state": "signing", "text_hash": self._content_hash()})
        members._sync_turns()

    def _sign_member(self, member):
        """Sign for one member; with the last one the report is complete."""
        if not self._is_as_signed():
            raise UserError(
                self.env._("The report differs from what was submitted. It cannot be signed.")
            )
        member._sign(self.text_hash)
        self._record_act("inspection_signed", {"hash": self.text_hash})
        self._settle_signatures()

    def _settle_signatures(self):
        """Complete the report when nobody's signature is waited for any more."""
        self.member_ids._sync_turns()
        if self.member_ids.filtered(lambda member: member.state == "waiting"):
            return
        vals = {"state": "done"}
        office = self._office()
        if "report" in office.letter_series_ids.mapped("document"):
            line = self.env["lapor.agenda"]._take_number(
                office,
                "report",
                self.complaint_id,
                f"Berita acara pemeriksaan aduan {self.complaint_id.number}",
            )
            vals.update(number=line.number, agenda_id=line.id)
        self.write(vals)
        self._record_act("inspection", {"hash": self.text_hash, "number": self.number or None})

    def _record_act(self, code, data):
        self.env["lapor.event"]._log(
            [
                {
                    "complaint": self.complaint_id,
                    "code": code,
                    "visit": self.visit_id,
                    "position": self.visit_id._doing_position(),
                    "data": {"inspection": self.id, **data},
                }
            ]
        )
