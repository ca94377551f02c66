from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from .lapor_complaint_misconduct import ACCUSED


class LaporComplaint(models.Model):
    """Misconduct cases: an accusation stays with people when positions, offices and cases move.

    - Whoever held an accused position, or one in an accused unit, when it was named stays shut
      out after he has another position, or the unit has become a part of another.
    - Where an accused comes into the managing office, the inspectorate leads from then on.
    - Cases that are answered together accuse the same: the answer of one tells of the others.
    - Who accuses the whole inspectorate does not end the case himself.
    """

    _inherit = "lapor.complaint"

    shut_out_user_ids = fields.Many2many(
        "res.users",
        "lapor_complaint_shut_out_user_rel",
        string="Holders When Accused",
        copy=False,
        readonly=True,
        help="Who held an accused position, or one in an accused unit, when it was named: shut "
        "out also in another position.",
    )

    @api.model
    def _engine_fields(self):
        return super()._engine_fields() | {"shut_out_user_ids"}

    # ------------------------------------------------------------
    # NAMING
    # ------------------------------------------------------------

    def _accused_changed(self, before, may_remove):
        for case in self:
            case._keep_shut_out()
        result = super()._accused_changed(before, may_remove)
        for case in self.filtered("is_misconduct"):
            added = [new - old for old, new in zip(before[case], case._accused(), strict=True)]
            if any(added):
                (case._answered_together() - case)._accuse(added)
        return result

    def _keep_shut_out(self):
        """Note who holds the accused positions, and those in accused units, as the system."""
        self.ensure_one()
        if not (self.has_accused or self.shut_out_user_ids):
            return
        positions = self.accused_position_ids | self.env["lapor.position"].with_context(
            active_test=False
        ).search([("unit_id", "child_of", self.accused_unit_ids.ids)])
        # A substitute of somebody on leave is shut out for as long as he stands in.
        acting = positions.filtered(lambda one: one.holder_id == one.acting_user_id)
        holders = positions.user_id | acting.holder_id
        kept = self.shut_out_user_ids & positions.appointment_ids.user_id
        if kept | holders != self.shut_out_user_ids:
            self._engine_write({"shut_out_user_ids": [Command.set((kept | holders).ids)]})

    def _accused_people(self):
        """Who is accused in person, or by a position that he held when it was named."""
        return self.accused_user_ids | (
            self.shut_out_user_ids & self.accused_position_ids.appointment_ids.user_id
        )

    def _accuse(self, accused):
        """Name further accused in these cases, as the system.

        :param accused: records in the order of ``ACCUSED``
        """
        for case in self:
            vals = {
                name: [Command.link(key) for key in (records - case[name]).ids]
                for name, records in zip(ACCUSED, accused, strict=True)
            }
            if vals := {name: commands for name, commands in vals.items() if commands}:
                case.write(vals)

    # ------------------------------------------------------------
    # CASES THAT ARE ANSWERED TOGETHER
    # ------------------------------------------------------------

    def _answered_together(self):
        """The misconduct cases of the same main case, with it."""
        self.ensure_one()
        main = self.main_id or self
        return (main | main.supporter_ids).filtered("is_misconduct")

    def _merge_into(self, main, note):
        result = super()._merge_into(main, note)
        if main.is_misconduct:
            cases = main._answered_together()
            cases._accuse([cases[name] for name in ACCUSED])
            if main.end_agreed_at and not main._inspects(self.env.user):
                # The inspectorate agreed to the end of what the case was without these.
                main._engine_write({"end_agreed_at": False, "end_agreed_by_id": False})
        return result

    # ------------------------------------------------------------
    # ACCUSED WHO COME INTO THE MANAGING OFFICE
    # ------------------------------------------------------------

    def _follow_accused(self, users):
        """Let the inspectorate lead the cases in which these people are accused, where they have
        come into the managing office; as the system."""
        if not users:
            return
        self._lead_again(
            Domain("accused_user_ids", "in", users.ids)
            | Domain("shut_out_user_ids", "in", users.ids)
        )

    def _follow_moved_units(self, units):
        """The same for units that have become a part of another: they, their positions or the
        holders of these may be accused."""
        below = self.env["lapor.unit"].with_context(active_test=False)
        below = below.search([("id", "child_of", units.ids)])
        positions = self.env["lapor.position"].search([("unit_id", "in", below.ids)])
        self._lead_again(
            Domain("accused_unit_ids", "in", below.ids)
            | Domain("accused_position_ids", "in", positions.ids)
            | Domain("accused_user_ids", "in", positions.holder_id.ids)
            | Domain("shut_out_user_ids", "in", positions.holder_id.ids)
        )

    def _lead_again(self, domain):
        """Let the inspectorate lead those of these cases in which the managing office is accused
        now; as the system."""
        cases = self.search(
            Domain("has_accused", "=", True) & Domain("is_led_by_inspectorate", "=", False) & domain
        )
        if not cases:
            return
        self.env.add_to_compute(self._fields["is_led_by_inspectorate"], cases)
        led = cases.filtered("is_led_by_inspectorate")
        if led:
            led._withdraw_from_blind()
            led._tell_lead()

    # ------------------------------------------------------------
    # WHO ACCUSES THE INSPECTORATE
    # ------------------------------------------------------------

    def _check_end_without_inspectorate(self):
        """
        :raises UserError: when the user himself named the accused
        """
        named = self.event_ids.filtered(
            lambda event: (
                event.code == "accused_named"
                or (
                    event.code == "data_changed"
                    and set(ACCUSED) & set((event.data or {}).get("fields") or ())
                )
            )
        )
        if self.env.user in (named.user_id or self.create_uid):
            raise UserError(
                self.env._(
                    "The whole inspectorate is accused in %s, so that it cannot agree to the end. "
                    "Whoever named the accused does not end the case: somebody else who "
                    "coordinates it does.",
                    self.number,
                )
            )


class LaporUnit(models.Model):
    _inherit = "lapor.unit"

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"parent_id", "kind"}:
            self.env.flush_all()
            # Whoever moves a unit need not know of the cases that accuse it.
            self.env["lapor.complaint"].sudo()._follow_moved_units(self.sudo())
        return result
