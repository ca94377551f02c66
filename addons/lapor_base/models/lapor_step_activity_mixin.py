from datetime import timedelta

from odoo import fields, models


class LaporStepActivityMixin(models.AbstractModel):
    """What the activity of an open visit says, and by when: it mirrors the visit."""

    _name = "lapor.step.activity.mixin"
    _description = "Activity of a Step"

    def _activity_values(self):
        """What the visit's activity must look like; the activity is held to it."""
        self.ensure_one()
        step = self.sop_step_id
        return {
            "res_model_id": self.env["ir.model"]._get_id("lapor.complaint"),
            "res_id": self.complaint_id.id,
            "lapor_step_id": self.id,
            # Asked for every activity: without env.ref's query whether it exists.
            "activity_type_id": self.env["ir.model.data"]._xmlid_to_res_id(
                "lapor_base.mail_activity_type_step", raise_if_not_found=True
            ),
            "summary": step.display_name,
            "note": step.name,
            "user_id": self.user_id.id,
            "date_deadline": self._activity_deadline(),
            "automated": True,
        }

    def _activity_labels(self):
        """What the core would look up and write after the activity is made."""
        self.ensure_one()
        return {
            "res_model": "lapor.complaint",
            "res_name": self.complaint_id.display_name,
            "user_tz": self.user_id.tz,
        }

    def _activity_deadline(self):
        """Day by which the step should be done: its time standard in days from Monday to
        Friday, counted from the day after it was opened. Office time is lapor_sla's. While the
        complainant is waited for, it is the last day on which the answer may come.

        :rtype: datetime.date
        """
        self.ensure_one()
        if self.complaint_id.hold_id:
            return self.complaint_id.hold_id.date_until
        step = self.sop_step_id
        day = fields.Datetime.context_timestamp(
            self.with_context(tz=self.unit_id._get_tz()), self.started_at
        ).date()
        if step.allowance_unit == "calendar_day":
            return day + timedelta(days=step.allowance_amount)
        left = step.allowance_amount if step.allowance_unit == "working_day" else 0
        while left > 0 or day.weekday() > 4:
            day += timedelta(days=1)
            left -= day.weekday() < 5
        return day

    def _follow_deadline(self):
        """Move the activities of these visits to the days by which they should be done."""
        moved = {}
        for visit in self.filtered(lambda visit: visit.state == "open"):
            deadline = visit._activity_deadline()
            moved[deadline] = moved.get(deadline, self.browse()) | visit
        for deadline, visits in moved.items():
            activities = visits.activity_ids.filtered(
                lambda activity, deadline=deadline: (
                    activity.active and activity.date_deadline != deadline
                )
            )
            if activities:
                activities.write({"date_deadline": deadline})
