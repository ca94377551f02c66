from odoo import api, fields, models


class ResCompany(models.Model):
    """A government (pemerintah kabupaten/kota): its complaints are numbered together."""

    _inherit = "res.company"

    lapor_code = fields.Char(
        string="Complaint Code", help="Starts the numbers of complaints: BTL-2026-00001."
    )

    def _complaint_numbering(self, date):
        """What counts the complaints of a year; its ``_next()`` takes a number, such as
        "BTL-2026-00001". Asked for once, many numbers cost one query each.

        :param datetime.date date: local date of receipt at the managing office
        :rtype: ir.sequence or ir.sequence.date_range
        """
        self.ensure_one()
        Sequence = self.env["ir.sequence"].with_company(self)
        domain = [("code", "=", "lapor.complaint"), ("company_id", "=", self.id)]
        sequence = Sequence.search(domain, limit=1)
        if not sequence:
            self._create_complaint_sequence()
            sequence = Sequence.search(domain, limit=1)
        if not sequence.use_date_range:
            return sequence
        year = self.env["ir.sequence.date_range"].search(
            [
                ("sequence_id", "=", sequence.id),
                ("date_from", "<=", date),
                ("date_to", ">=", date),
            ],
            limit=1,
        ) or sequence._create_date_range_seq(date)
        return year.with_context(ir_sequence_date_range=year.date_from)

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
