from odoo import models
from odoo.fields import Domain


class ResUsers(models.Model):
    """Whoever is accused in a misconduct case is kept out of it, whatever way leads to it; and the
    managing office out of those that the inspectorate leads."""

    _inherit = "res.users"

    def _lapor_kept_out(self):
        # A user's own positions, also where he may not read positions.
        positions = self.sudo().lapor_position_ids
        return super()._lapor_kept_out() | _kept_out(
            self, positions, self.lapor_inspected_company_ids
        )


class LaporPosition(models.Model):
    _inherit = "lapor.position"

    def _kept_out(self):
        nobody = self.env["res.company"]
        inspected = self.company_id if self.role_id.inspects else nobody
        return super()._kept_out() | _kept_out(self.holder_id, self, inspected)

    def _apply_holders(self, before):
        result = super()._apply_holders(before)
        # As the system: whoever appoints somebody may not know of what he is accused.
        self.env["lapor.complaint"].sudo()._follow_accused(self.holder_id)
        return result


def _kept_out(users, positions, inspected):
    """The misconduct cases from which these are shut out.

    :param users: ``res.users``
    :param positions: ``lapor.position`` that they hold
    :param inspected: ``res.company`` that they inspect
    :rtype: Domain
    """
    units = positions.unit_id
    lineage = units.browse().union(*(unit._lineage() for unit in units))
    accused = (
        Domain("accused_user_ids", "in", users.ids)
        | Domain("shut_out_user_ids", "in", users.ids)
        | Domain("accused_position_ids", "in", positions.ids)
        | Domain("accused_unit_ids", "in", lineage.ids)
    )
    led = Domain("is_led_by_inspectorate", "=", True)
    led &= Domain("company_id", "not in", inspected.ids)
    return Domain("has_accused", "=", True) & (accused | led)
