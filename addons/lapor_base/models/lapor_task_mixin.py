from odoo import SUPERUSER_ID, fields, models


class LaporTaskMixin(models.AbstractModel):
    """Activities of a case beside the one of its step: something to check, to tell or to decide.

    A task reminds; what it reminds of is recorded elsewhere (hold, notice, promise). Each is
    known by its code; those of a position go on to its next holder.
    """

    _name = "lapor.task.mixin"
    _description = "Tasks of a Complaint"
    _inherit = ["lapor.case.mixin"]

    def _add_task(self, code, position, summary, note=False, user=None, date=None):
        """Give a position something to do with this case, once at a time per code.

        :param str code: what it is about, such as "hold_expired"
        :param position: ``lapor.position``; its holder of today gets the activity
        :param str summary: what to do; read by the assignee, so without any identity
        :param note: more about it, HTML
        :param user: who gets it where no position is meant
        :param date: day by which it is due; today without
        :rtype: mail.activity
        """
        self.ensure_one()
        known = self._tasks([code]).filtered(lambda task: task.lapor_position_id == position)
        if known:
            return known[:1]
        unit = position.unit_id or self.managing_unit_id
        # Who has the open step, to give the task to.
        visit = self.sudo().current_step_id
        if not user and visit and position == visit.position_id:
            # A colleague may have taken the step over.
            user = visit.user_id
        return (
            self.env["mail.activity"]
            .sudo()
            # No mail per activity: the systray counts.
            .with_context(mail_activity_quick_update=True)
            .create(
                {
                    "res_model_id": self.env["ir.model"]._get_id(self._name),
                    "res_id": self.id,
                    "activity_type_id": self.env.ref("lapor_base.mail_activity_type_task").id,
                    "lapor_task": code,
                    "lapor_position_id": position.id,
                    "lapor_with_step": bool(visit) and position == visit.position_id,
                    "summary": summary,
                    "note": note,
                    "user_id": (user or position.holder_id).id,
                    "date_deadline": date or unit._local_now().date(),
                    "automated": True,
                }
            )
        )

    def _tasks(self, codes=None):
        """Open tasks of these cases.

        :param codes: those with one of these codes only
        """
        # Tasks of colleagues too: an act ends them whoever had them.
        domain = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        domain.append(("lapor_task", "in", list(codes)) if codes else ("lapor_task", "!=", False))
        return self.env["mail.activity"].sudo().search(domain)

    def _drop_tasks(self, codes=None):
        """End open tasks that are done or no longer needed."""
        tasks = self._tasks(codes)
        if tasks:
            tasks.write({"active": False, "date_done": fields.Date.today()})

    def _hand_over_tasks(self):
        """Let tasks of the open step follow it to another person or position.

        :returns: the open tasks of the cases
        """
        known = self._tasks()
        tasks = known.filtered("lapor_with_step")
        for visit in self.current_step_id if tasks else ():
            tasks.filtered(lambda task, visit=visit: task.res_id == visit.complaint_id.id).write(
                {"lapor_position_id": visit.position_id.id, "user_id": visit.user_id.id}
            )
        return known

    def _hand_tasks_to_coordinator(self, tasks):
        """What these tasks remind of still waits: whoever coordinates the case is asked instead of
        those who may no longer read it.

        :param tasks: ``mail.activity`` of this case
        """
        if not tasks:
            return
        owner = self._coordinator()
        owner = owner.filtered(self._is_open_to)
        # No mail per activity: the systray counts.
        tasks.with_context(mail_activity_quick_update=True).write(
            {
                "lapor_position_id": owner.id,
                "lapor_with_step": False,
                "user_id": owner.holder_id.id,
            }
        )

    def _task_owner(self):
        """Who is given the tasks of these cases: the position of the open step, else whoever
        coordinates in the managing office.

        :rtype: lapor.position
        """
        self.ensure_one()
        # Positions to give a task to; nothing of them is shown.
        return self.sudo().current_step_id.position_id or self._coordinator()

    def _coordinating_positions(self):
        """Positions that coordinate this case, held or vacant: in its managing office.

        :rtype: lapor.position
        """
        self.ensure_one()
        # Positions to give work to or to tell something; nothing of them is shown.
        return (
            self.env["lapor.position"]
            .sudo()
            .search(
                [
                    ("unit_id.office_id", "=", self.managing_unit_id.id),
                    ("role_id.coordinates", "=", True),
                ]
            )
        )

    def _coordinator(self):
        """Whoever coordinates the complaints of this case's managing office.

        :rtype: lapor.position
        """
        intake = self.env.ref("lapor_base.group_lapor_intake")
        return self._coordinating_positions().sorted(
            lambda position: (
                not position.holder_id,
                intake not in position.role_id.group_id.all_implied_ids,
            )
        )[:1]

    def _may_coordinate(self, user):
        """Whether this user coordinates the complaints of these cases' managing offices."""
        # Answers yes or no about a user.
        return self.sudo().managing_unit_id <= user.lapor_coordinated_unit_ids

    def _acting_partner(self):
        """Author of what is told in the thread: what the program does by itself comes from the
        government, not from a robot."""
        self.ensure_one()
        if self.env.uid == SUPERUSER_ID:
            return self.company_id.partner_id
        return self.env.user.partner_id
