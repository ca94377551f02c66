import logging

from odoo import api, fields, models
from odoo.tools import format_date

_logger = logging.getLogger(__name__)


class LaporDigest(models.Model):
    """One mail a day for each person with work that is late or due: never a mail per case.

    The row is the proof that it was made: of two jobs at once, and after one was killed, the
    unique index lets one through.
    """

    _name = "lapor.digest"
    _description = "Daily Summary of Deadlines"
    _order = "date desc, id desc"
    _rec_name = "user_id"

    user_id = fields.Many2one("res.users", required=True, ondelete="cascade", index=True)
    date = fields.Date(string="Day", required=True)
    mail_id = fields.Many2one("mail.mail", ondelete="set null")

    _day_uniq = models.UniqueIndex("(user_id, date)", "One summary a day for each person.")

    @api.model
    def _cron_send(self):
        """Make the summaries of the day, at the first run in the office hours of each person."""
        cron = self.env["ir.cron"]
        users = self.env["res.users"].browse(
            user.id
            for (user,) in self.env["lapor.position"]._read_group(
                [("holder_id", "!=", False)], ["holder_id"]
            )
        )
        remaining = len(users)
        cron._commit_progress(remaining=remaining)
        for user in users:
            remaining -= 1
            try:
                with self.env.cr.savepoint():
                    self._make(user)
            except Exception:
                _logger.exception("Daily summary of user %s failed", user.id)
            if not cron._commit_progress(1, remaining=remaining):
                return

    @api.model
    def _make(self, user):
        """Make today's summary of a user, when there is something to say and not yet one.

        :returns: the summary or an empty record
        """
        unit = user.lapor_position_ids[:1].unit_id
        now = fields.Datetime.now()
        today = unit._local_now().date()
        if not user.email or not unit._ask_office_time(now, lambda times: times.is_open(now)):
            return self.browse()
        # Made while the machine's clock was ahead: that day has not come yet.
        self.search([("user_id", "=", user.id), ("date", ">", today)]).unlink()
        if self.search_count([("user_id", "=", user.id), ("date", "=", today)], limit=1):
            return self.browse()
        # The list is made as the user: nothing enters the mail that the user may not read.
        reader = self.with_user(user).with_context(
            lang=user.lang, tz=unit._get_tz(), allowed_company_ids=user.company_ids.ids
        )
        groups = reader._cases(now)
        held = reader._held_mails()
        if not held and not any(cases for _title, cases in groups):
            return self.browse()
        late, due = groups[0][1], groups[1][1]
        mail = self.env["mail.mail"].create(
            {
                "subject": reader.env._(
                    "Deadlines of %(day)s: %(late)s late, %(today)s due today",
                    day=format_date(reader.env, today),
                    late=len(late),
                    today=len(due),
                ),
                "email_from": unit._mail_sender() or unit.company_id.email_formatted,
                "email_to": user.email_formatted,
                "body_html": self.env["ir.qweb"]._render(
                    "lapor_sla.digest_mail",
                    {
                        "user": user,
                        "groups": [(title, cases) for title, cases in groups if cases],
                        "held": held,
                        "base_url": self.get_base_url(),
                    },
                    lang=user.lang,
                ),
                "auto_delete": True,
            }
        )
        return self.create({"user_id": user.id, "date": today, "mail_id": mail.id})

    def _held_mails(self):
        """What the summary says of mails that wait for this user's decision; "" for nothing."""
        company = self.env.user.lapor_coordinated_unit_ids.company_id[:1]
        Held = self.env["lapor.mail.held"]
        overdue = Held._overdue_for(self.env.user)
        if overdue:
            return self.env._(
                "Held mails on which nobody has decided for more than a day: %(count)s; the oldest "
                "came on %(date)s. Ask whoever coordinates to decide.",
                count=len(overdue),
                date=format_date(self.env, overdue[0].create_date),
            )
        if not company or not Held.has_access("write"):
            return ""
        waiting = Held._waiting(company)
        return waiting and self.env._(
            "Held mails that wait for your decision: %(count)s; the oldest came on %(date)s.",
            count=len(waiting),
            date=format_date(self.env, waiting[0].create_date),
        )

    def _cases(self, now):
        """What the summary lists: own late ones, own due today, escalated to the user.

        :returns: list of (title, complaints)
        """
        Complaint = self.env["lapor.complaint"]
        mine = [("current_user_id", "=", self.env.uid)]
        late = Complaint.search([*mine, ("due_at", "<", now)], order="due_at")
        due = Complaint.search(
            [*mine, ("due_at", ">=", now), ("due_at", "<", "today +1d")], order="due_at"
        )
        escalations = self.env["lapor.escalation"].search(
            [
                ("user_ids", "in", self.env.uid),
                ("clock_id.state", "=", "running"),
                ("clock_id.due_at", "<", now),
            ]
        )
        escalated = escalations.complaint_id - late
        waiting = Complaint.browse()
        units = self.env.user.lapor_coordinated_unit_ids
        if units:
            waiting = Complaint.search(
                [*Complaint._vacant_queue(), ("managing_unit_id", "in", units.ids)], order="due_at"
            )
        return [
            (self.env._("Late: %s", len(late)), late),
            (self.env._("Due today: %s", len(due)), due),
            (self.env._("Escalated to you: %s", len(escalated)), escalated),
            (self.env._("Waiting at vacant positions: %s", len(waiting)), waiting),
        ]
