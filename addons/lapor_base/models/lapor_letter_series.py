from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.letter_number import check_pattern


class LaporLetterSeries(models.Model):
    """How an office numbers one kind of document, where it differs from its letters.

    Offices differ here: some keep one agenda for all outgoing letters, others a book of their
    own for surat tugas and berita acara, each with its code of classification.
    """

    _name = "lapor.letter.series"
    _description = "Letter Series"
    _order = "unit_id, document"
    _rec_name = "document"

    unit_id = fields.Many2one("lapor.unit", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="unit_id.company_id", store=True, index=True)
    document = fields.Selection(
        [
            ("letter", "Responses to complainants"),
            ("assignment", "Letters of assignment (surat tugas)"),
            ("report", "Inspection reports (berita acara)"),
        ],
        required=True,
    )
    archive_code = fields.Char(help="Code of classification, if another than the office's.")
    pattern = fields.Char(
        required=True,
        default="{code}/{seq:02}/{unit}/{roman}/{year}",
        help="Slots as in the office's pattern of letters.",
    )
    own_book = fields.Boolean(
        string="Book of Its Own",
        help="Its numbers run by themselves. Otherwise they run with the office's letters.",
    )

    _document_uniq = models.UniqueIndex(
        "(unit_id, document)", "An office numbers each kind of document in one way."
    )

    @api.constrains("pattern", "own_book", "document")
    def _check_pattern(self):
        for series in self:
            unit = series.unit_id
            try:
                check_pattern(series.pattern)
            except ValueError as error:
                raise ValidationError(unit._pattern_error(error)) from error
            others = (unit.letter_series_ids - series).filtered(
                lambda other, own=series: other.own_book or own.own_book
            )
            taken = others.mapped("pattern")
            if series.own_book and series.document != "letter":
                taken.append(unit.letter_pattern)
            if series.pattern in taken and series.archive_code in (False, unit.archive_code):
                raise ValidationError(
                    self.env._(
                        "Two books with the same pattern would give the same number twice. "
                        "Change the pattern or the code."
                    )
                )
