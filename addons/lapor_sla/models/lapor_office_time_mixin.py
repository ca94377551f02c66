from odoo import fields, models


class LaporOfficeTimeMixin(models.AbstractModel):
    """What is due is due by the clock on the wall of its office: the screens show its moments in
    that zone and name it (WIB, WITA, WIT), whatever zone the reader's preferences say."""

    _name = "lapor.office.time.mixin"
    _description = "Moments in the Time of an Office"

    due_zone = fields.Char(compute="_compute_due_zone", string="Time Zone of the Office")

    def _compute_due_zone(self):
        # A unit's zone is no secret to whoever sees a moment of it.
        for record, known in zip(self, self.sudo(), strict=True):
            record.due_zone = known._office_time_unit()._get_tz()

    def _office_time_unit(self):
        """The unit in whose time the moments of this record are shown.

        :rtype: lapor.unit
        """
        return self.unit_id
