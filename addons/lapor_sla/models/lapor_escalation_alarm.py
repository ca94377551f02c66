from odoo import api, models
from odoo.fields import Command
from odoo.tools import SQL

from .lapor_escalation import ALARM


class LaporEscalation(models.Model):
    """The tasks that levels give: one for each person, case and level, of the worst clock.

    :meth:`_sync_alarms` says who has one at this moment, from the clocks, the positions and the
    right to read; everything that changes one of these asks it again.
    """

    _inherit = "lapor.escalation"

    def _first_told(self, concerned):
        """Who hears of each level for the first time: not of another clock of the case before, as
        long as that runs; of several at once, of the worst.

        :param dict concerned: escalation to the ``res.users`` whom it concerns
        :returns: dict of escalation to ``res.users``
        """
        heard = {}
        for earlier in self.search(
            [
                ("complaint_id", "in", self.complaint_id.ids),
                ("rule_id", "in", self.rule_id.ids),
                ("silent", "=", False),
                ("clock_id.state", "!=", "stopped"),
                ("id", "not in", self.ids),
            ]
        ):
            key = (earlier.complaint_id, earlier.rule_id)
            heard[key] = heard.get(key, self.env["res.users"]) | earlier.user_ids
        told = {}
        for escalation in self.sorted(self._worst_first):
            key = (escalation.complaint_id, escalation.rule_id)
            known = heard.get(key, self.env["res.users"])
            told[escalation] = concerned[escalation] - known
            heard[key] = known | concerned[escalation]
        return told

    @api.model
    def _worst_first(self, escalation):
        """Key by which levels of a case are sorted: what was due first."""
        return (escalation.clock_id.due_at, escalation.id)

    @api.model
    def _sync_alarms(self, cases):
        """Give each person whom a reached level of these cases concerns one task for it, and take
        back those that concern nobody any more; as the system.

        :param cases: ``lapor.complaint``
        """
        ever = self.search(
            [
                ("complaint_id", "in", cases.ids),
                ("method", "=", "activity"),
                ("silent", "=", False),
            ]
        ).sorted(self._worst_first)
        reached = ever.filtered(lambda escalation: escalation.clock_id.state != "stopped")
        wanted = {}
        concerned = reached._tell_whom()
        for escalation in reached:
            for user in concerned[escalation]:
                key = (escalation.complaint_id, escalation.rule_id, user)
                wanted.setdefault(key, escalation)
        surplus = self.env["mail.activity"]
        given = ever._given()
        for escalation in reached | ever:
            for activity in given.get(escalation, ()):
                key = (escalation.complaint_id, escalation.rule_id, activity.user_id)
                worst = wanted.get(key)
                if worst and (activity.active or escalation._overlaps(worst)):
                    activity._follow_worst(escalation, wanted.pop(key))
                elif activity.active:
                    surplus |= activity
        surplus.unlink()
        made = (
            self.env["mail.activity"]
            # No mail per activity: the systray counts.
            .with_context(mail_activity_quick_update=True)
            .create([worst._activity_values(key[-1]) for key, worst in wanted.items()])
        )
        for worst, activity in zip(wanted.values(), made, strict=True):
            worst.activity_ids = [Command.link(activity.id)]

    def _given(self):
        """The tasks that these levels have given, also those that were ticked off: dict of
        escalation to ``mail.activity``."""
        field = self._fields["activity_ids"]
        # Not read as a field: what is kept of it leaves out the archived ones, or does not.
        rows = self.env.execute_query(
            SQL(
                "SELECT %s, %s FROM %s WHERE %s = ANY(%s) ORDER BY 1, 2",
                SQL.identifier(field.column1),
                SQL.identifier(field.column2),
                SQL.identifier(field.relation),
                SQL.identifier(field.column1),
                self.ids,
            )
        )
        given, activities = {}, self.env["mail.activity"]
        for escalation_id, activity_id in rows:
            escalation = self.browse(escalation_id)
            given[escalation] = given.get(escalation, activities) | activities.browse(activity_id)
        return given

    def _overlaps(self, other):
        """Whether what was ticked off for this level holds for that of another clock, too: it had
        been reached while this one's clock ran. A later lateness is told anew."""
        self.ensure_one()
        return self.clock_id.state != "stopped" or other.fired_at <= self.clock_id.stopped_at


class LaporComplaint(models.Model):
    """Alarms follow the case to whoever has it, and vanish with the right to read."""

    _inherit = "lapor.complaint"

    def _hand_over_tasks(self):
        tasks = super()._hand_over_tasks()
        if ALARM in tasks.mapped("lapor_task"):
            self._sync_alarms()
        return tasks

    def _withdraw_activities(self, activities):
        alarms = activities.filtered(lambda one: one.lapor_task == ALARM)
        alarms.unlink()
        return super()._withdraw_activities(activities - alarms)

    def _withdraw_from_blind(self):
        result = super()._withdraw_from_blind()
        self._sync_alarms()
        return result

    def _sync_alarms(self):
        # Alarms are the system's, whoever changes what they follow.
        rung = self.sudo().filtered(lambda case: any(case.clock_ids.mapped("has_rung")))
        if rung:
            self.env["lapor.escalation"].sudo()._sync_alarms(rung)


class MailActivity(models.Model):
    """Alarms follow the holders of positions."""

    _inherit = "mail.activity"

    @api.model
    def _follow_holders(self, positions):
        result = super()._follow_holders(positions)
        # Levels look at whole lines of superiors and at roles: all alarms of the governments.
        clocks = (
            self.env["lapor.clock"]
            .sudo()
            .search(
                [
                    ("has_rung", "=", True),
                    ("state", "!=", "stopped"),
                    ("company_id", "in", positions.company_id.ids),
                ]
            )
        )
        if clocks:
            self.env["lapor.escalation"].sudo()._sync_alarms(clocks.complaint_id)
        return result

    def _follow_worst(self, escalation, worst):
        """Let the task of a level speak of the worst clock that has reached it.

        :param escalation: ``lapor.escalation`` that it belongs to
        :param worst: the one that it is to speak of
        """
        if escalation == worst:
            return
        escalation.activity_ids = [Command.unlink(self.id)]
        worst.activity_ids = [Command.link(self.id)]
        if self.active:
            self.note = worst._sentence(self.user_id)
