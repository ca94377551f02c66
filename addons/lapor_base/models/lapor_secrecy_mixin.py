from odoo import api, fields, models
from odoo.fields import Command


class LaporSecrecyMixin(models.AbstractModel):
    """Misconduct cases (berkadar pengawasan) are the coordinator's and the inspectorate's alone;
    confidential ones (rahasia) the coordinator's and the handlers'.

    Record rules hide them; here is what follows for the work on them.
    """

    _name = "lapor.secrecy.mixin"
    _description = "Secrecy of Complaints"
    _inherit = ["lapor.case.mixin"]

    is_restricted = fields.Boolean(
        compute="_compute_is_restricted",
        store=True,
        help="Hidden from whoever only watches over cases: the coordination team and "
        "administrators.",
    )

    @api.depends("is_misconduct", "is_secret")
    def _compute_is_restricted(self):
        for complaint in self:
            complaint.is_restricted = complaint.is_misconduct or complaint.is_secret

    @api.model
    def _engine_fields(self):
        return super()._engine_fields() | {"is_restricted"}

    def _is_open_to(self, positions):
        """Whether whoever holds these positions may be given this case: as record rules say it of
        users (``res_users_access.py``)."""
        self.ensure_one()
        return all(self.filtered_domain(position._case_domain()) for position in positions)

    def _withdraw_from_blind(self):
        """Take cases away from whoever may no longer read them, because they have become misconduct
        or confidential cases or because the office has them no more: they follow them no longer,
        what they were told of them goes, their tasks go to the coordinator, and the open step of a
        misconduct case goes to the managing office."""
        # As the system: whoever marks a case or gives it back need not have a right on its steps.
        cases = self.sudo()
        # Whoever was notified of a message may go on reading it.
        messages = cases.env["mail.message"].search(
            [("model", "=", self._name), ("res_id", "in", cases.ids)]
        )
        activities = (
            cases.env["mail.activity"]
            .with_context(active_test=False)
            .search([("res_model", "=", self._name), ("res_id", "in", cases.ids)])
        )
        followers, notifications = cases.message_follower_ids, messages.notification_ids
        # Known for all cases at once, before each of them is looked at.
        (followers.partner_id | notifications.res_partner_id | messages.partner_ids).mapped(
            "user_ids"
        )
        said, reminded = messages.grouped("res_id"), activities.grouped("res_id")
        unfollowed, untold = followers.browse(), notifications.browse()
        named = {}
        for case in cases:
            own = said.get(case.id, messages.browse())
            tasks = reminded.get(case.id, activities.browse())
            told = case.message_follower_ids.partner_id | own.notification_ids.res_partner_id
            users = (told | own.partner_ids).user_ids | tasks.user_id
            blind = users - case._readers(users)
            gone = blind.partner_id
            unfollowed |= case.message_follower_ids.filtered(
                lambda one, gone=gone: one.partner_id in gone
            )
            untold |= own.notification_ids.filtered(
                lambda one, gone=gone: one.res_partner_id in gone
            )
            for message in own.filtered(lambda one, gone=gone: one.partner_ids & gone):
                shut = message.partner_ids & gone
                named[shut] = named.get(shut, message.browse()) | message
            case._withdraw_activities(tasks.filtered(lambda one, blind=blind: one.user_id in blind))
        for shut, mentioning in named.items():
            mentioning.write({"partner_ids": [Command.unlink(partner.id) for partner in shut]})
        unfollowed.unlink()
        untold.unlink()
        for case in cases.filtered("is_misconduct"):
            visit = case.current_step_id
            if visit and (
                visit.unit_id.office_id != case.managing_unit_id
                or not case._is_open_to(visit.position_id)
            ):
                visit._move(*case._find_owner(visit.sop_step_id))

    def _withdraw_activities(self, activities):
        """Take activities of this case from whoever may not read it: what somebody was reminded of
        speaks of the case, too, and an activity that is done keeps the title."""
        self.ensure_one()
        tasks = activities.filtered(lambda one: one.active and one.lapor_task)
        self._hand_tasks_to_coordinator(tasks)
        # Those of a step, a part or a paper end with these.
        mirrors = activities.filtered(
            lambda one: one.lapor_step_id or one.lapor_line_id or one.lapor_turn_id
        )
        mirrors.res_name = self.number
        (activities - mirrors - tasks).unlink()
