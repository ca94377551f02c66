from odoo import api, fields, models


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
        """Take cases that have become misconduct or confidential cases away from those who may no
        longer see them: they follow them no more, and the open step of a misconduct case goes
        to the managing office."""
        # As the system: whoever marks a case need not have a right on its steps.
        for complaint in self.sudo():
            # Whoever was notified of a message may go on reading it.
            messages = complaint.env["mail.message"].search(
                [("model", "=", self._name), ("res_id", "=", complaint.id)]
            )
            told = complaint.message_partner_ids | messages.notified_partner_ids
            blind = (told | messages.partner_ids).user_ids.filtered(
                lambda user, case=complaint: not case.with_user(user).has_access("read")
            )
            complaint.message_unsubscribe(blind.partner_id.ids)
            messages.notification_ids.filtered(
                lambda one, gone=blind.partner_id: one.res_partner_id in gone
            ).unlink()
            for message in messages.filtered(
                lambda one, gone=blind: one.partner_ids & gone.partner_id
            ):
                message.partner_ids -= blind.partner_id
            # What somebody was reminded of speaks of the case, too, and an activity that is done
            # keeps the title.
            activities = (
                complaint.env["mail.activity"]
                .with_context(active_test=False)
                .search([("res_model", "=", self._name), ("res_id", "=", complaint.id)])
                .filtered(
                    lambda one, case=complaint: (
                        one.user_id and not case.with_user(one.user_id).has_access("read")
                    )
                )
            )
            mirrors = activities.filtered(
                lambda one: one.lapor_step_id or one.lapor_line_id or one.lapor_turn_id
            )
            mirrors.res_name = complaint.number
            (activities - mirrors).unlink()
            visit = complaint.current_step_id
            if (
                complaint.is_misconduct
                and visit
                and (
                    visit.unit_id.office_id != complaint.managing_unit_id
                    or not complaint._is_open_to(visit.position_id)
                )
            ):
                visit._move(*complaint._find_owner(visit.sop_step_id))
