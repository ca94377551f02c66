from odoo import api, fields, models
from odoo.tools import SQL


class LaporEscalation(models.Model):
    """A level that has fired for a clock. The unique index decides who fires it: of two jobs
    at once, and after one was killed, exactly one inserts the row and tells the people, in
    the same transaction."""

    _name = "lapor.escalation"
    _description = "Fired Reminder or Escalation"
    _order = "fired_at desc, id desc"
    _rec_name = "rule_id"

    clock_id = fields.Many2one("lapor.clock", required=True, ondelete="restrict", index=True)
    rule_id = fields.Many2one(
        "lapor.escalation.rule", string="Level", required=True, ondelete="restrict", index=True
    )
    complaint_id = fields.Many2one(
        "lapor.complaint", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    method = fields.Char(required=True)
    fired_at = fields.Datetime(required=True)
    user_ids = fields.Many2many("res.users", string="Told")
    activity_ids = fields.Many2many("mail.activity", string="Activities")

    _level_uniq = models.UniqueIndex("(clock_id, rule_id)", "A level fires once for each clock.")

    @api.model
    def _claim(self, pairs, at):
        """Take levels that nobody has fired yet.

        :param pairs: list of (clock, rule)
        :param at: naive UTC
        :returns: the rows that are ours to fire
        """
        if not pairs:
            return self
        rows = self.env.execute_query(
            SQL(
                """INSERT INTO lapor_escalation
                       (clock_id, rule_id, complaint_id, company_id, method, fired_at,
                        create_uid, create_date, write_uid, write_date)
                   VALUES %s ON CONFLICT (clock_id, rule_id) DO NOTHING RETURNING id""",
                SQL(", ").join(
                    SQL(
                        "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                        clock.id,
                        rule.id,
                        clock.complaint_id.id,
                        clock.company_id.id,
                        rule.method,
                        at,
                        self.env.uid,
                        at,
                        self.env.uid,
                        at,
                    )
                    for clock, rule in pairs
                ),
            )
        )
        return self.browse([row[0] for row in rows])

    def _fire(self):
        """Tell the people of each level, and log it."""
        activities = []
        for escalation in self:
            users = escalation._recipients()
            escalation.user_ids = users
            if escalation.method == "note":
                escalation._notify(users)
            elif escalation.method == "activity":
                activities += [(escalation, user) for user in users]
        made = (
            self.env["mail.activity"]
            .with_context(mail_activity_quick_update=True)
            .create([escalation._activity_values(user) for escalation, user in activities])
        )
        for (escalation, _user), activity in zip(activities, made, strict=True):
            escalation.activity_ids |= activity
        self.env["lapor.event"]._log(
            [
                {
                    "complaint": escalation.complaint_id,
                    "code": "escalated",
                    "visit": escalation.clock_id.visit_id,
                    "data": {
                        "clock": escalation.clock_id.id,
                        "level": escalation.rule_id.id,
                        "told": escalation.user_ids.ids,
                    },
                }
                for escalation in self
            ]
        )

    # ------------------------------------------------------------
    # TO WHOM
    # ------------------------------------------------------------

    def _recipients(self):
        """Users to tell; only such as may read the case; somebody in any event.

        :rtype: res.users
        """
        self.ensure_one()
        complaint, rule = self.complaint_id, self.rule_id
        visit = self.clock_id.visit_id or complaint.current_step_id
        users = self.env["res.users"]
        part = self.clock_id.line_id.position_id
        owner = part.holder_id if part else visit.user_id
        superiors = part._superiors() if part else visit._superiors()
        if rule.to_owner:
            users |= owner or superiors[:1].holder_id
        if rule.superior_levels:
            users |= superiors[: rule.superior_levels].holder_id
        if rule.to_coordinator:
            users |= complaint._coordinators()
        users |= complaint._holders(rule.role_ids)
        readers = self._readers(users)
        if readers:
            return readers
        # Nobody holds the position or stands above it: the coordinator watches the queue, at
        # last the administrators.
        fallback = self._readers(complaint._coordinators())
        if fallback:
            return fallback
        group = self.env.ref("lapor_base.group_lapor_admin")
        return self._readers(group.all_user_ids.filtered(lambda user: not user.share))

    def _readers(self, users):
        complaint = self.complaint_id
        return users.filtered(
            lambda user: (
                user.active
                and complaint.with_user(user)
                .with_context(allowed_company_ids=user.company_ids.ids)
                .has_access("read")
            )
        )

    # ------------------------------------------------------------
    # HOW
    # ------------------------------------------------------------

    def _sentence(self, user):
        """What is said to a user, in the user's language; without the complaint's title."""
        escalation = self.with_context(lang=user.lang or self.env.lang)
        clock, complaint = escalation.clock_id, escalation.complaint_id
        return escalation.env._(
            "%(number)s, %(deadline)s: %(time)s (due %(due)s). In charge: %(who)s.",
            number=complaint.number,
            deadline=clock.display_name,
            time=clock.unit_id._due_text(clock.due_at, fields.Datetime.now()),
            due=clock._print(clock.due_at, clock.unit_id._get_tz()),
            who=clock.line_id.position_id.display_name
            or (clock.visit_id or complaint.current_step_id)._who(),
        )

    def _notify(self, users):
        """A note in the thread that notifies these users; the complainant never sees it."""
        self.ensure_one()
        reader = users[:1] or self.env.user
        complaint = self.complaint_id.with_context(lang=reader.lang)
        complaint.message_post(
            body=self._sentence(reader),
            subject=self.rule_id.with_context(lang=reader.lang).name,
            subtype_xmlid="mail.mt_note",
            message_type="notification",
            partner_ids=users.partner_id.ids,
        )

    def _activity_values(self, user):
        return {
            "res_model_id": self.env["ir.model"]._get_id("lapor.complaint"),
            "res_id": self.complaint_id.id,
            "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
            "summary": self.rule_id.with_context(lang=user.lang).name,
            "note": self._sentence(user),
            "user_id": user.id,
            "date_deadline": self.clock_id._local(
                fields.Datetime.now(), self.clock_id.unit_id._get_tz()
            ).date(),
            "automated": True,
        }
