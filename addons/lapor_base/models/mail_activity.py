from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class MailActivity(models.Model):
    """The activity of an SOP step mirrors the step, that of a required part of a disposition the
    part: it cannot be moved, given away, deleted or ticked off apart from it."""

    _inherit = "mail.activity"

    lapor_step_id = fields.Many2one(
        "lapor.complaint.step",
        string="SOP Step",
        ondelete="restrict",
        index="btree_not_null",
        readonly=True,
        copy=False,
    )

    lapor_task = fields.Char(
        readonly=True, copy=False, help="What a task beside the step is about."
    )
    lapor_position_id = fields.Many2one(
        "lapor.position", ondelete="restrict", index="btree_not_null", readonly=True, copy=False
    )
    lapor_with_step = fields.Boolean(
        readonly=True, copy=False, help="This task goes where the open step goes."
    )
    lapor_line_id = fields.Many2one(
        "lapor.disposition.line",
        string="Part of a Disposition",
        ondelete="restrict",
        index="btree_not_null",
        readonly=True,
        copy=False,
    )

    _lapor_step_uniq = models.UniqueIndex(
        "(lapor_step_id) WHERE lapor_step_id IS NOT NULL", "An SOP step has one activity."
    )

    @api.model_create_multi
    def create(self, vals_list):
        activities = super().create(vals_list)
        activities._check_mirrors_step()
        return activities

    def write(self, vals):
        # Compares with what stands there; nothing is shown.
        if any(
            activity[name].id != vals[name]
            for name in ("lapor_step_id", "lapor_line_id")
            if name in vals
            for activity in self.sudo()
        ):
            # Loosened from its step it could be moved and deleted like any other.
            raise UserError(self.env._("An activity keeps the step of the SOP that it stands for."))
        result = super().write(vals)
        if vals.keys() & self._mirrored_fields() or "active" in vals:
            self._check_mirrors_step()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_open_step(self):
        # Only whether its step is open.
        if any(
            source and source._has_open_activity()
            for activity in self.sudo()
            for source in (activity.lapor_step_id, activity.lapor_line_id)
        ):
            raise UserError(
                self.env._("This is a step of the SOP. It ends by being done, not by deleting it.")
            )

    @api.autovacuum
    def _gc_delete_old_overdue_activities(self):
        """Steps stay however late they are; the core would stop at the first of them."""
        # A setting of the database, read by a job.
        years = int(
            self.env["ir.config_parameter"]
            .sudo()
            .get_param("mail.activity.gc.delete_overdue_years", 0)
        )
        if years <= 0:
            return super()._gc_delete_old_overdue_activities()
        limit = fields.Date.today() - relativedelta(years=years)
        self.search(
            [
                ("date_deadline", "<", limit),
                ("lapor_step_id", "=", False),
                ("lapor_line_id", "=", False),
            ],
            limit=10_000,
        ).unlink()

    @api.model
    def _mirrored_fields(self):
        return {
            "lapor_step_id",
            "lapor_line_id",
            "res_id",
            "res_model_id",
            "res_model",
            "activity_type_id",
            "user_id",
            "date_deadline",
        }

    def _check_mirrors_step(self):
        """Refuse an activity that says something else than its open step.

        :raises UserError: when owner, deadline, document or state differ
        """
        # Compares with the step; nothing is shown.
        mirrors = self.sudo().filtered(lambda item: item.lapor_step_id or item.lapor_line_id)
        for activity in mirrors:
            source = activity.lapor_step_id or activity.lapor_line_id
            if not source._has_open_activity():
                if activity.active:
                    raise UserError(self.env._("This step of the SOP has been done already."))
                continue
            expected = source._activity_values()
            if (
                not activity.active
                or activity.user_id.id != expected["user_id"]
                or activity.res_model_id.id != expected["res_model_id"]
                or activity.res_id != expected["res_id"]
                or activity.activity_type_id.id != expected["activity_type_id"]
                or activity.date_deadline != expected["date_deadline"]
            ):
                raise UserError(
                    self.env._(
                        "This activity is a step of the SOP: its owner, deadline and state "
                        "follow the step. Open the complaint to do the step or hand it over."
                    )
                )

    def _action_done(self, feedback=False, attachment_ids=None):
        """Ticking off the activity of a step does the step (or says what it still needs); that
        of a part reports it, with the feedback as its result."""
        # Which step or part it mirrors; what is done to these is checked as the user.
        steps = self.filtered(lambda activity: activity.sudo().lapor_step_id.state == "open")
        for activity in steps:
            visit = activity.sudo().lapor_step_id.sudo(False)
            visit._finish_from_activity(feedback, attachment_ids)
        parts = (self - steps).filtered(
            lambda activity: (
                activity.sudo().lapor_line_id and activity.sudo().lapor_line_id._has_open_activity()
            )
        )
        for activity in parts:
            line = activity.sudo().lapor_line_id.sudo(False)
            line.action_report(feedback or None, attachment_ids or [])
        return super(MailActivity, self - steps - parts)._action_done(feedback, attachment_ids)

    @api.model
    def _follow_holders(self, positions):
        """Give the open tasks of positions to their holders of today; those of a case whose
        position is vacant now to whoever coordinates it: else nobody would see them."""
        # Tasks follow their position, whoever changed its holder.
        tasks = self.sudo().search(
            [("lapor_position_id", "in", positions.ids), ("lapor_with_step", "=", False)]
        )
        orphans = tasks.browse()
        for task in tasks:
            holder = task.lapor_position_id.holder_id
            if not holder and task.res_model == "lapor.complaint":
                orphans |= task
            elif task.user_id != holder:
                task.user_id = holder
        for case_id, left in orphans.grouped("res_id").items():
            # As the system: whoever changed the holder need not be able to read the case.
            case = self.env["lapor.complaint"].sudo().browse(case_id)
            if case._coordinator().filtered(case._is_open_to).holder_id:
                case._hand_tasks_to_coordinator(left)
            else:
                left.user_id = False
