from odoo import api, fields, models
from odoo.tools import SQL

#: Code of the tasks that levels give.
ALARM = "alarm"


class LaporEscalation(models.Model):
    """A level that has fired for a clock. The unique index decides who fires it: of two jobs
    at once, and after one was killed, exactly one inserts the row and tells the people, in
    the same transaction.

    Of several levels of a clock that are due at once, such as after an outage, the highest is told
    and the others are recorded only (``silent``); so is what had passed when the case came in. Of
    several clocks of a case that reach a level, each person hears once, of the worst.
    """

    _name = "lapor.escalation"
    _description = "Fired Reminder or Escalation"
    _inherit = ["lapor.office.time.mixin"]
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
    fired_at = fields.Datetime(required=True, index=True)
    silent = fields.Boolean(
        string="Recorded Only",
        help="Told to nobody: a higher level was reached at once, or it had passed when the "
        "complaint came in.",
    )
    user_ids = fields.Many2many("res.users", string="Told")
    activity_ids = fields.Many2many("mail.activity", string="Activities")

    _level_uniq = models.UniqueIndex("(clock_id, rule_id)", "A level fires once for each clock.")

    def _office_time_unit(self):
        return self.clock_id.unit_id

    @api.model
    def _claim(self, pairs, at):
        """Take levels that nobody has fired yet.

        :param pairs: list of (clock, rule, whether it is recorded only)
        :param at: naive UTC
        :returns: the rows that are ours; those to tell are to be fired
        """
        if not pairs:
            return self
        rows = self.env.execute_query(
            SQL(
                """INSERT INTO lapor_escalation
                       (clock_id, rule_id, complaint_id, company_id, method, fired_at, silent,
                        create_uid, create_date, write_uid, write_date)
                   VALUES %s ON CONFLICT (clock_id, rule_id) DO UPDATE
                      SET method = EXCLUDED.method, fired_at = EXCLUDED.fired_at,
                          silent = EXCLUDED.silent, write_date = EXCLUDED.write_date
                    WHERE lapor_escalation.fired_at > %s
                   RETURNING id""",
                SQL(", ").join(
                    SQL(
                        "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                        clock.id,
                        rule.id,
                        clock.complaint_id.id,
                        clock.company_id.id,
                        rule.method,
                        at,
                        silent,
                        self.env.uid,
                        at,
                        self.env.uid,
                        at,
                    )
                    for clock, rule, silent in pairs
                ),
                self._not_yet(at),
            )
        )
        ours = self.browse([row[0] for row in rows])
        ours.invalidate_recordset()
        return ours

    @api.model
    def _not_yet(self, now):
        """After which moment a level cannot have fired: the machine's clock was ahead when it
        did, and has been set back since.

        :param now: naive UTC
        :returns: naive UTC; two machines may differ by a little
        """
        return fields.Datetime.add(now, hours=1)

    @api.model
    def _fired(self, clocks):
        """The levels of these clocks that have fired."""
        now = fields.Datetime.now()
        return self.search([("clock_id", "in", clocks.ids), ("fired_at", "<=", self._not_yet(now))])

    @api.model
    def _forget_future(self, now):
        """Plan anew the clocks of levels that fired while the machine's clock was ahead: they fire
        when they are really due."""
        ahead = self.search(
            [("fired_at", ">", self._not_yet(now)), ("clock_id.state", "=", "running")]
        )
        ahead.clock_id._schedule_escalation()

    def _fire(self):
        """Tell the people of each level, and log it."""
        told = self._first_told(self._tell_whom())
        for users, escalations in self.grouped(told.get).items():
            escalations.user_ids = users
        self.filtered(lambda one: one.method == "note" and one.user_ids)._post_notes()
        ringing = self.filtered(lambda escalation: escalation.method == "activity")
        if ringing:
            ringing.clock_id.has_rung = True
            self._sync_alarms(ringing.complaint_id)
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

    def _tell_whom(self):
        """Users to tell; only such as may read the case; somebody in any event.

        :returns: dict of escalation to ``res.users``
        """
        # Many levels fire at once, for the same few people of the same few offices: each is asked
        # for once.
        known = {}

        def once(key, ask):
            if key not in known:
                known[key] = ask()
            return known[key]

        def coordinators(case):
            return once(case.managing_unit_id, case._coordinators)

        def holders(case, roles):
            return once((case.managing_unit_id, roles), lambda: case._holders(roles))

        def administrators():
            group = self.env.ref("lapor_base.group_lapor_admin")
            return group.all_user_ids.filtered(lambda user: not user.share)

        def readers(case, users):
            return users.filtered(
                lambda user: user.active and case in once(user, lambda: self._readable_by(user))
            )

        told = {}
        for escalation in self:
            case, rule = escalation.complaint_id, escalation.rule_id
            users = escalation._in_line()
            if rule.to_coordinator:
                users |= coordinators(case)
            if rule.role_ids:
                users |= holders(case, rule.role_ids)
            # Where nobody holds the position or stands above it, the coordinator watches the
            # queue, at last the administrators.
            told[escalation] = (
                readers(case, users)
                or readers(case, coordinators(case))
                or readers(case, once("administrators", administrators))
            )
        return told

    def _in_line(self):
        """Of whom a level tells: who must act, and the superiors.

        :rtype: res.users
        """
        self.ensure_one()
        rule, part = self.rule_id, self.clock_id.line_id.position_id
        visit = self.clock_id.visit_id or self.complaint_id.current_step_id
        owner = part.holder_id if part else visit.user_id
        superiors = part._superiors() if part else visit._superiors()
        users = self.env["res.users"]
        if rule.to_owner:
            users |= owner or superiors[:1].holder_id
        if rule.superior_levels:
            users |= superiors[: rule.superior_levels].holder_id
        return users

    def _readable_by(self, user):
        """Cases of these levels that a user may read, in whichever government.

        :rtype: lapor.complaint
        """
        cases = self.complaint_id.with_user(user)
        cases = cases.with_context(allowed_company_ids=user.company_ids.ids)
        return cases._filtered_access("read").with_env(self.env)

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

    def _post_notes(self):
        """Notes in the threads, and notices of them inside the program; the complainant never
        sees them. None goes by mail, whatever people chose for messages: what is late or due
        reaches them by mail once a day (``lapor.digest``)."""
        if not self:
            return
        author_id, email_from = self.complaint_id._message_compute_author()
        subtype_id = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note")
        messages = self.complaint_id._message_create(
            [
                {
                    **escalation._note_values(),
                    "author_id": author_id,
                    "email_from": email_from,
                    "reply_to": False,
                    "subtype_id": subtype_id,
                }
                for escalation in self
            ]
        )
        self.env["mail.notification"].create(
            [
                {
                    "author_id": author_id,
                    "mail_message_id": message.id,
                    "notification_status": "sent",
                    "notification_type": "inbox",
                    "res_partner_id": partner.id,
                }
                for message in messages
                for partner in message.partner_ids
            ]
        )
        for user in self.user_ids:
            user._tell_reminders(
                messages.filtered(lambda message, user=user: user.partner_id in message.partner_ids)
            )

    def _note_values(self):
        """What the note of a level says, in the language of the first of its readers."""
        self.ensure_one()
        reader = self.user_ids[:1] or self.env.user
        return {
            "model": "lapor.complaint",
            "res_id": self.complaint_id.id,
            "subject": self.rule_id.with_context(lang=reader.lang).name,
            "body": self._sentence(reader),
            "message_type": "notification",
            "is_internal": True,
            "partner_ids": self.user_ids.partner_id.ids,
        }

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
            "lapor_task": ALARM,
            "automated": True,
        }
