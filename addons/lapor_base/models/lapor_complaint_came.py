from datetime import datetime, time

import pytz
from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class LaporComplaint(models.Model):
    """What was asked for may come by telephone or at the counter, and be recorded later: the hold
    ends when it came, as with a mail, not when somebody found the time to record it."""

    _inherit = "lapor.complaint"

    def action_open_came(self):
        """The dialog of :meth:`action_resume` for what did not come in writing."""
        self.ensure_one()
        self.check_access("read")
        self._check_step_is_mine()
        # Only whether the case waits.
        if not self.sudo().hold_id:
            raise UserError(self.env._("Complaint %s is not on hold.", self.number))
        return self._open_dialog(
            "lapor.hold.extend", self.env._("Resume: It Came Otherwise"), default_act="came"
        )

    def _get_more_acts(self, visit, mine):
        acts = super()._get_more_acts(visit, mine)
        # Only whether the case waits.
        if mine and self.sudo().hold_id:
            acts.append(
                {
                    "id": "came",
                    "method": "action_open_came",
                    "label": self.env._("Resume: it came by telephone or at the counter"),
                    "kind": "resume",
                    "help": self.env._("Say on which day; the office's time runs from then on."),
                    "primary": False,
                }
            )
        return acts

    def _note_came_on(self, came_on, note):
        """Record on which day what was asked for came beside the program, as the system.

        :param came_on: a date
        :param str note: how it came, and what was said
        :raises UserError: as :meth:`action_resume`
        """
        note = self._clean(note or "").strip()
        if not note:
            raise UserError(self.env._("Say how it came, and what the complainant said."))
        for case in self:
            unit, hold = case.managing_unit_id, case.hold_id
            day = unit._past_day(came_on)
            zone = pytz.timezone(unit._get_tz())
            began = pytz.utc.localize(hold.started_at).astimezone(zone).date()
            if day < began:
                raise UserError(
                    self.env._(
                        "%(number)s has been on hold since %(date)s. What was asked for cannot "
                        "have come before that.",
                        number=case.number,
                        date=format_date(self.env, began),
                    )
                )
            morning = zone.localize(datetime.combine(day, time())).astimezone(pytz.utc)
            came_at = max(morning.replace(tzinfo=None), hold.started_at)
            hold.write(
                {
                    "replied_at": hold.replied_at or came_at,
                    "reply_waits_at": min(came_at, hold.reply_waits_at or came_at),
                }
            )
            case._log_hold(
                "hold_reply_told", hold, {"came": fields.Date.to_string(day), "note": note}
            )
            case._message_log(
                body=Markup("<p>%s</p><p class='o_lapor_said'>%s</p>")
                % (
                    self.env._(
                        "What was asked for came on %(date)s.", date=format_date(self.env, day)
                    ),
                    note,
                ),
                author_id=self.env.user.partner_id.id,
            )
