from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_datetime

from .lapor_disposition_part_mixin import OPEN_STATES


class LaporDispositionLine(models.Model):
    """One addressee of a disposition, and what became of the part handed to it.

    The part of whoever is in charge is the case itself: it ends with the step. A *required*
    part of a helper has an activity of its own, and the step of whoever is in charge waits for
    it (``lapor.step.kind.waits_for_parts``). Written by acts only.
    """

    _name = "lapor.disposition.line"
    _description = "Addressee of a Disposition"
    _inherit = ["lapor.evidence.mixin", "lapor.disposition.part.mixin"]
    _order = "disposition_id desc, id"
    _lapor_proved = (
        "disposition_id",
        "position_id",
        "kind",
        "required",
        "date_due",
        "state",
        "accepted_at",
        "done_at",
        "done_by_id",
        "reason",
        "result_note",
        "attachment_ids",
    )

    disposition_id = fields.Many2one(
        "lapor.disposition", required=True, ondelete="cascade", index=True
    )
    complaint_id = fields.Many2one(related="disposition_id.complaint_id", store=True, index=True)
    company_id = fields.Many2one(
        related="disposition_id.company_id", store=True, precompute=True, index=True
    )
    position_id = fields.Many2one("lapor.position", required=True, ondelete="restrict", index=True)
    holder_id = fields.Many2one(related="position_id.holder_id", string="Holder Today")
    kind = fields.Selection(
        [("lead", "In charge"), ("helper", "Helps"), ("copy", "Copy")], required=True
    )
    required = fields.Boolean(
        string="Required Part", help="The step of whoever is in charge waits for this part."
    )
    date_due = fields.Datetime(string="Due")
    state = fields.Selection(
        [
            ("open", "Open"),
            ("accepted", "Accepted"),
            ("returned", "Returned"),
            ("passed", "Passed On"),
            ("done", "Done"),
            ("dropped", "No Longer Needed"),
        ],
        required=True,
        default="open",
        index=True,
    )
    received_at = fields.Datetime(
        string="Received", help="When it reached somebody's inbox; empty while vacant."
    )
    read_at = fields.Datetime(string="Read", help="When its addressee first opened it.")
    accepted_at = fields.Datetime(string="Accepted On")
    done_at = fields.Datetime(string="Ended On")
    done_by_id = fields.Many2one("res.users", string="Ended By", ondelete="restrict")
    reason = fields.Text(help="Why it was returned, or is not waited for.")
    result_note = fields.Text(string="Result")
    attachment_ids = fields.Many2many("ir.attachment", string="Files")
    child_ids = fields.One2many("lapor.disposition", "parent_line_id", string="Passed On As")
    activity_ids = fields.One2many("mail.activity", "lapor_line_id")

    agenda_number = fields.Char(related="disposition_id.agenda_number")
    direction = fields.Selection(related="disposition_id.direction")
    from_title = fields.Char(related="disposition_id.from_title", string="From")
    issued_at = fields.Datetime(related="disposition_id.issued_at", store=True, index=True)
    urgency = fields.Selection(related="disposition_id.urgency", store=True)
    confidentiality = fields.Selection(related="disposition_id.confidentiality")
    instruction_ids = fields.Many2many(related="disposition_id.instruction_ids")
    note = fields.Text(related="disposition_id.note", string="Note to the Addressees")
    complaint_name = fields.Char(related="complaint_id.name", string="Title")
    complaint_text = fields.Text(related="complaint_id.description", string="Complaint Text")
    can_act = fields.Boolean(compute="_compute_can_act", string="Mine to Do")
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late", string="Late")

    @api.depends("disposition_id.display_name", "position_id.name")
    def _compute_display_name(self):
        for line in self:
            # The name of a position, which may be one of another office.
            line.display_name = (
                f"{line.disposition_id.display_name or ''} · {line.position_id.sudo().name or ''}"
            )

    @api.depends("state", "kind", "position_id.holder_id")
    @api.depends_context("uid")
    def _compute_can_act(self):
        for line in self:
            # Answers yes or no about the reader himself.
            line.can_act = (
                line.kind != "copy"
                and line.state in OPEN_STATES
                and line.sudo().position_id._is_acted_by(self.env.user)
            )

    @api.depends("date_due", "state")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for line in self:
            line.is_late = bool(line.date_due and line.date_due < now and line.state in OPEN_STATES)

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = ["&", ("date_due", "<", fields.Datetime.now()), ("state", "in", OPEN_STATES)]
        return late if True in value else ["!", *late]

    # ------------------------------------------------------------
    # THE PARTS, AS THE SYSTEM
    # ------------------------------------------------------------

    def _carries_case(self):
        """Whether the case itself was handed over with this line, not a part of the work."""
        self.ensure_one()
        return self.kind == "lead" and not self.required

    def _open_parts(self):
        """Put new lines into the inboxes; required parts get their activity."""
        now = fields.Datetime.now()
        held = self.filtered(lambda line: line.position_id.holder_id and not line.received_at)
        held.write({"received_at": now})
        parts = self.filtered("required")
        if parts:
            self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
                [line._activity_values() for line in parts]
            )

    def _close_part(self, state, **vals):
        """End parts, and their activities with them.

        :param str state: how they ended
        :param vals: ``reason`` or ``result_note``
        """
        self.write(
            {"state": state, "done_at": fields.Datetime.now(), "done_by_id": self.env.uid, **vals}
        )
        self.flush_recordset(["state"])
        feedback = vals.get("result_note") or vals.get("reason") or False
        self.activity_ids.filtered("active").write({"active": False, "feedback": feedback})

    def _gave_to_office(self):
        """Whether another office got the case with this line."""
        self.ensure_one()
        disposition = self.disposition_id
        return (
            self._carries_case()
            and bool(disposition.unit_id)
            and disposition.unit_id != disposition.unit_before_id
        )

    def _reopen(self):
        """Open parts again that had been handed on or done."""
        self.write(
            {"state": "accepted", "done_at": False, "done_by_id": False, "result_note": False}
        )
        self._open_parts()

    def _drop(self, reason):
        """End parts that are not waited for any more.

        :param str reason: said to their holders and in the event
        """
        if self:
            self._close_part("dropped", reason=reason)
            self._record("part_dropped", {"reason": reason})

    def _restore(self):
        """Let parts go on that a closing by mistake has dropped."""
        for line in self:
            state = "accepted" if line.accepted_at else "open"
            line.write({"state": state, "done_at": False, "done_by_id": False, "reason": False})
        self._open_parts()
        self._record("part_restored")

    def _has_open_activity(self):
        """Whether the activity of this part must be open."""
        self.ensure_one()
        return self.required and self.state in OPEN_STATES

    def _activity_values(self):
        """What the part's activity must look like; the activity is held to it."""
        self.ensure_one()
        day = fields.Datetime.context_timestamp(
            self.with_context(tz=self.position_id.unit_id._get_tz()),
            self.date_due or self.issued_at,
        ).date()
        return {
            "res_model_id": self.env["ir.model"]._get_id("lapor.complaint"),
            "res_id": self.complaint_id.id,
            "lapor_line_id": self.id,
            "activity_type_id": self.env["ir.model.data"]._xmlid_to_res_id(
                "lapor_base.mail_activity_type_part", raise_if_not_found=True
            ),
            "summary": self.disposition_id.display_name,
            "note": self.note or ", ".join(self.instruction_ids.mapped("name")),
            "user_id": self.position_id.holder_id.id,
            "date_deadline": day,
            "automated": True,
        }

    def _follow_holders(self, positions):
        """Give open lines of these positions to the holders of today."""
        lines = self.search([("position_id", "in", positions.ids), ("state", "in", OPEN_STATES)])
        now = fields.Datetime.now()
        lines.filtered(lambda line: line.position_id.holder_id and not line.received_at).write(
            {"received_at": now}
        )
        for line in lines.filtered("required"):
            holder = line.position_id.holder_id
            activity = line.activity_ids.filtered("active")
            if activity.user_id != holder:
                activity.write({"user_id": holder.id})

    def _readdress(self, position, reason, **facts):
        """Give a part that nobody finished to the successor of its addressee.

        :param position: ``lapor.position``, one that may see the case
        :param facts: more for the event
        """
        self.ensure_one()
        before = self.position_id
        now = fields.Datetime.now()
        self.write(
            {
                "position_id": position.id,
                "state": "open",
                "received_at": now if position.holder_id else False,
                "read_at": False,
                "accepted_at": False,
            }
        )
        self.activity_ids.filtered("active").write({"user_id": position.holder_id.id})
        self.complaint_id._involve(position.unit_id)
        self._record(
            "part_readdressed", {"from": before.id, "to": position.id, "reason": reason, **facts}
        )
        self.complaint_id._tell_readdressed(self, before, position, reason)
        self.complaint_id._release(before.unit_id)

    def _mark_read(self):
        """Note the time of reading, once."""
        unread = self.filtered(lambda line: not line.read_at)
        if unread:
            unread.write({"read_at": fields.Datetime.now()})

    @api.model
    def _read_by(self, complaint):
        """Note that the addressee reads the case: only for lines of the reader's own positions,
        so that nobody reads in another's name.

        :param complaint: one ``lapor.complaint`` whose text is being read
        """
        # Nobody has the right to write lines; only the reader's own are found here.
        unread = self.sudo().search(
            [
                ("complaint_id", "=", complaint.id),
                ("read_at", "=", False),
                ("position_id.holder_id", "=", self.env.uid),
            ]
        )
        unread._mark_read()

    def web_read(self, specification):
        """Opening one's line in its form is reading it."""
        result = super().web_read(specification)
        if len(self) == 1 and "complaint_text" in specification:
            self._read_by(self.complaint_id)
        return result

    def _record(self, code, data=None):
        self.env["lapor.event"]._log(
            [
                {
                    "complaint": line.complaint_id,
                    "code": code,
                    "visit": line.complaint_id.current_step_id,
                    "position": line.position_id,
                    "data": {
                        "line": line.id,
                        "disposition": line.disposition_id.id,
                        **(data or {}),
                    },
                }
                for line in self
            ]
        )

    def _tell_issuer(self, text, done=False):
        """Tell in the thread what came of a part, and notify the issuer.

        What was returned waits for the issuer with an activity.
        """
        self.ensure_one()
        disposition = self.disposition_id
        issuer = disposition.from_position_id.holder_id or disposition.from_user_id
        head = (
            self.env._("%(title)s has finished the part:", title=self.position_id._title())
            if done
            else self.env._("%(title)s returns the disposition:", title=self.position_id._title())
        )
        self.complaint_id._post_act(
            body=Markup("<p><b>%s</b></p>") % head
            + (Markup("<p class='o_lapor_said'>%s</p>") % text if text else ""),
            attachment_ids=[],
            partner_ids=issuer.partner_id.ids,
            author_id=self.env.user.partner_id.id,
            subtype_xmlid="lapor_base.mt_disposition",
            message_type="comment",
        )
        if not done and issuer.active:
            self.env["mail.activity"].create(
                {
                    "res_model_id": self.env["ir.model"]._get_id("lapor.complaint"),
                    "res_id": self.complaint_id.id,
                    "activity_type_id": self.env.ref("lapor_base.mail_activity_type_returned").id,
                    "summary": head,
                    "note": text,
                    "user_id": issuer.id,
                }
            )

    def _due_text(self):
        """The due in the zone of the addressee's unit, for the thread."""
        self.ensure_one()
        unit = self.position_id.unit_id
        return format_datetime(
            self.env, self.date_due, tz=unit._get_tz(), dt_format="d MMM y HH:mm"
        )
