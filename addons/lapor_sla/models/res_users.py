from odoo import fields, models

from odoo.addons.mail.tools.discuss import Store

#: Lines of the activity menu: what is due first.
DUE_LINES = 5


class ResUsers(models.Model):
    """The activity menu says what is due when, to the minute."""

    _inherit = "res.users"

    def _get_activity_groups(self):
        groups = super()._get_activity_groups()
        for group in groups:
            if group["model"] == "lapor.complaint":
                group.update(self._get_due_group(group))
        return groups

    def _get_due_group(self, group):
        """What the menu says of complaints: a step whose hour has passed is late, not "today".

        :param dict group: as the core counted it, by days
        :returns: dict of what to add to it and what to replace
        """
        now = fields.Datetime.now()
        cases = self.env["lapor.complaint"].search(
            [("current_user_id", "=", self.env.uid), ("current_step_id.due_at", "!=", False)]
        )
        # The steps are the user's own; it is their time that counts here, not a rule's.
        visits = cases.current_step_id.sudo().sorted("due_at")
        passed = visits.filtered(
            lambda visit: visit.due_at < now and "today" in visit.activity_ids.mapped("state")
        )
        moved = min(len(passed), group["today_count"])
        return {
            "overdue_count": group["overdue_count"] + moved,
            "today_count": group["today_count"] - moved,
            "lapor_due": [
                visit.complaint_id.sudo(False)._get_due_line(now) for visit in visits[:DUE_LINES]
            ],
        }

    def _tell_reminders(self, messages):
        """Tell a user who is at work in the program of reminders that were just posted.

        :param messages: ``mail.message`` of cases that the user may read
        """
        self.ensure_one()
        if self.notification_type != "inbox":
            # Without an inbox a short notice on the screen, one for all.
            user = self.with_context(lang=self.lang)
            text = messages[:1].preview
            if len(messages) > 1:
                text = user.env._("%s deadlines need you.", len(messages))
            title = user.env._("Deadlines")
            self._bus_send(
                "simple_notification", {"type": "warning", "title": title, "message": text}
            )
            return
        own = messages.with_user(self).with_context(allowed_company_ids=[])
        data = Store(bus_channel=self).add(own, add_followers=True).get_result()
        for message in messages:
            self._bus_send("mail.message/inbox", {"message_id": message.id, "store_data": data})
            # The first has brought them all.
            data = {}
