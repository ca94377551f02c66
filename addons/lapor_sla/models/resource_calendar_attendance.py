from odoo import api, models


class ResourceCalendarAttendance(models.Model):
    """A changed shift moves the open clocks of its calendar."""

    _inherit = "resource.calendar.attendance"
    _lapor_government = "calendar_id.company_id"

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows.calendar_id._lapor_replan()
        return rows

    def write(self, vals):
        calendars = self.calendar_id
        result = super().write(vals)
        (calendars | self.calendar_id)._lapor_replan()
        return result

    def unlink(self):
        calendars = self.calendar_id
        result = super().unlink()
        calendars.exists()._lapor_replan()
        return result
