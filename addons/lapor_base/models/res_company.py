import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.file_check import BLOCKED, clean_name, file_ending, file_fault


class ResCompany(models.Model):
    """A government (pemerintah kabupaten/kota): its complaints are numbered together."""

    _inherit = "res.company"

    lapor_code = fields.Char(
        string="Complaint Code",
        help="Starts the numbers of complaints: BTL-2026-00001. No two governments have the same.",
    )

    lapor_file_limit = fields.Integer(
        string="Largest File (MB)",
        default=20,
        required=True,
        help="Larger files are not taken as evidence or by mail.",
    )
    lapor_file_blocked = fields.Char(
        string="Files Not Taken",
        default=BLOCKED,
        required=True,
        help="Endings of the names of files that are not taken, such as programs.",
    )

    _lapor_file_limit_check = models.Constraint(
        "CHECK (lapor_file_limit BETWEEN 1 AND 100)",
        "The largest file is one of 1 to 100 MB.",
    )

    _lapor_code_uniq = models.UniqueIndex(
        "(upper(lapor_code)) WHERE lapor_code IS NOT NULL",
        "Another government has this complaint code.",
    )

    @api.constrains("lapor_code")
    def _check_lapor_code(self):
        # As the system: codes and numbers of governments that the editor may not see count, too.
        everywhere = self.sudo().with_context(active_test=False)
        for company in everywhere:
            code = company.lapor_code
            if not code:
                company._check_lapor_code_set()
                continue
            if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]{1,9}", code):
                raise ValidationError(
                    self.env._(
                        "“%(code)s” is no complaint code: it has two to ten letters and digits and "
                        "begins with a letter, such as BTL.",
                        code=code,
                    )
                )
            others = [("id", "!=", company.id), ("lapor_code", "=ilike", code)]
            numbers = [("company_id", "!=", company.id), ("number", "=ilike", f"{code}-%")]
            if everywhere.search_count(others, limit=1) or self.env[
                "lapor.complaint"
            ].sudo().search_count(numbers, limit=1):
                raise ValidationError(
                    self.env._(
                        "Another government has the complaint code “%(code)s”, or has had it: two "
                        "complaints would have the same number. Choose another code.",
                        code=code,
                    )
                )

    def _check_lapor_code_set(self):
        """A government that takes in complaints has a code of its own."""
        # Only whether there is an office.
        offices = self.env["lapor.unit"].sudo()
        for company in self.filtered(lambda company: not company.lapor_code):
            if offices.search_count(
                [("kind", "=", "manager"), ("company_id", "=", company.id)], limit=1
            ):
                raise ValidationError(
                    self.env._(
                        "%(government)s needs a complaint code, with which the numbers of its "
                        "complaints begin: the system administrator fills it in under Settings, "
                        "Companies.",
                        government=company.name,
                    )
                )

    def _lapor_file_fault(self, name, content):
        """Why a file is not taken as evidence.

        :param str name: its name
        :param bytes content: all of it
        :returns: a sentence that says what to do, or False
        """
        self.ensure_one()
        fault = file_fault(
            name, content, self.lapor_file_limit * 1024**2, self.lapor_file_blocked or ""
        )
        if not fault:
            return False
        values = {
            "name": clean_name(name),
            "size": f"{len(content) / 1024**2:.1f}",
            "limit": self.lapor_file_limit,
            "ending": file_ending(name),
        }
        sentences = {
            "empty": self.env._("“%(name)s” is empty. Choose the file again."),
            "big": self.env._(
                "“%(name)s” is too large (%(size)s MB). At most %(limit)s MB: make the picture "
                "smaller or split the file."
            ),
            "blocked": self.env._(
                "“%(name)s” is not taken: files of the kind .%(ending)s can do harm. Save it as "
                "PDF or picture."
            ),
            "program": self.env._(
                "“%(name)s” is not taken: it is a program, whatever its name says."
            ),
            "false": self.env._(
                "“%(name)s” is not what its name says. Open it, save it anew as PDF or picture, "
                "and choose it again."
            ),
        }
        return sentences[fault] % values

    def _complaint_numbering(self, date):
        """What counts the complaints of a year; its ``_next()`` takes a number, such as
        "BTL-2026-00001". Asked for once, many numbers cost one query each.

        :param datetime.date date: local date of receipt at the managing office
        :rtype: ir.sequence or ir.sequence.date_range
        """
        self.ensure_one()
        Sequence = self.env["ir.sequence"].with_company(self)
        domain = [("code", "=", "lapor.complaint"), ("company_id", "=", self.id)]
        sequence = Sequence.search_fetch(domain, limit=1)
        if not sequence:
            self._create_complaint_sequence()
            sequence = Sequence.search(domain, limit=1)
        if not sequence.use_date_range:
            return sequence
        year = self.env["ir.sequence.date_range"].search_fetch(
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
        # Each government gets its running numbers, whoever may create it.
        companies.sudo()._create_complaint_sequence()
        return companies

    def cache_invalidation_fields(self):
        # Rules ask which companies are governments.
        return super().cache_invalidation_fields() | {"lapor_code"}

    def write(self, vals):
        result = super().write(vals)
        if vals.get("lapor_code"):
            for company in self:
                # The code is in the numbers; whoever may change it needs no right on sequences.
                sequences = (
                    self.env["ir.sequence"]
                    .sudo()
                    .search([("code", "=", "lapor.complaint"), ("company_id", "=", company.id)])
                )
                sequences.prefix = f"{company.lapor_code.upper()}-%(range_year)s-"
        return result
