from odoo import api, fields, models


class ResCompany(models.Model):
    """A government (pemerintah kabupaten/kota): its complaints are numbered together."""

    _inherit = "res.company"

    lapor_code = fields.Char(
        string="Complaint Code", help="Starts the numbers of complaints: BTL-2026-00001."
    )

    def _next_complaint_number(self, date):
        """Take the next complaint number of a year.

        :param datetime.date date: local date of receipt at the managing office
        :returns: such as "BTL-2026-00001"
        """
        self.ensure_one()
        Sequence = self.env["ir.sequence"].with_company(self)
        if not Sequence.search_count(
            [("code", "=", "lapor.complaint"), ("company_id", "=", self.id)], limit=1
        ):
            self._create_complaint_sequence()
        return Sequence.next_by_code("lapor.complaint", sequence_date=date)

    def _create_complaint_sequence(self):
        for company in self:
            code = (company.lapor_code or company.name[:3]).upper()
            self.env["ir.sequence"].create(
                {
                    "name": f"{company.name}: aduan",
                    "code": "lapor.complaint",
                    "company_id": company.id,
                    "prefix": f"{code}-%(range_year)s-",
                    "padding": 5,
                    "use_date_range": True,
                }
            )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies.sudo()._create_complaint_sequence()
        return companies

    def write(self, vals):
        result = super().write(vals)
        if vals.get("lapor_code"):
            for company in self:
                sequences = (
                    self.env["ir.sequence"]
                    .sudo()
                    .search([("code", "=", "lapor.complaint"), ("company_id", "=", company.id)])
                )
                sequences.prefix = f"{company.lapor_code.upper()}-%(range_year)s-"
        return result
