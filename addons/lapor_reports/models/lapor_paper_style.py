from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# Width and height in millimetres. F4 is what offices call folio; printers disagree on its width.
PAPERS = {"a4": (210, 297), "f4": (215, 330), "f4_narrow": (210, 330), "legal": (216, 356)}
FONTS = {
    "sans": "'Liberation Sans', Arimo, Arial, sans-serif",
    "serif": "'Liberation Serif', Tinos, 'Times New Roman', serif",
    "bookman": "'URW Bookman', 'Bookman Old Style', 'Liberation Serif', serif",
}


class LaporPaperStyle(models.Model):
    """How the papers of an office look: sheet, margins, letters, rule and signature.

    What Permendagri 1/2023 says (A4, margins 2/2.5/3/2 cm, Arial 12) is the default; regional
    rules differ (F4 in Aceh Tengah), so that all of it is data.
    """

    _name = "lapor.paper.style"
    _description = "Style of Papers"
    _inherit = ["lapor.live.preview.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", string="Government", index=True, help="Empty: for all governments."
    )
    paper = fields.Selection(
        [
            ("a4", "A4 (210 × 297 mm)"),
            ("f4", "F4 (215 × 330 mm)"),
            ("f4_narrow", "F4 (210 × 330 mm)"),
            ("legal", "Legal (216 × 356 mm)"),
            ("custom", "Other"),
        ],
        string="Sheet",
        required=True,
        default="a4",
    )
    width = fields.Integer(string="Width (mm)", default=210)
    height = fields.Integer(string="Height (mm)", default=297)
    margin_top = fields.Float(string="Top Margin (cm)", default=2, digits=(4, 1), required=True)
    margin_bottom = fields.Float(
        string="Bottom Margin (cm)", default=2.5, digits=(4, 1), required=True
    )
    margin_left = fields.Float(string="Left Margin (cm)", default=3, digits=(4, 1), required=True)
    margin_right = fields.Float(string="Right Margin (cm)", default=2, digits=(4, 1), required=True)
    font = fields.Selection(
        [
            ("sans", "Arial (Liberation Sans)"),
            ("serif", "Times New Roman (Liberation Serif)"),
            ("bookman", "Bookman Old Style (URW Bookman)"),
        ],
        required=True,
        default="sans",
    )
    font_size = fields.Float(string="Font Size (pt)", default=12, digits=(4, 1), required=True)
    line_height = fields.Float(string="Line Spacing", default=1.15, digits=(4, 2), required=True)
    letterhead_size = fields.Float(
        string="Office in the Letterhead (pt)",
        default=16,
        digits=(4, 1),
        required=True,
        help="The last line of the letterhead, which names the office.",
    )
    letterhead_ratio = fields.Float(
        string="Government to Office",
        default=0.75,
        digits=(4, 2),
        required=True,
        help="Size of the lines above it, as a share. Rules ask for 3 to 4, which is 0.75.",
    )
    rule = fields.Selection(
        [
            ("double", "Double"),
            ("thick_thin", "Thick above thin"),
            ("single", "Single"),
            ("none", "None"),
        ],
        string="Rule Below the Letterhead",
        required=True,
        default="thick_thin",
    )
    page_numbers = fields.Selection(
        [("top", "- 2 - in the middle of the top"), ("bottom", "2 / 4 at the lower right")],
        required=True,
        default="top",
        help="From the second page on; the first one has the letterhead.",
    )
    show_rank = fields.Boolean(string="Rank Below the Signer", default=True)
    show_nip = fields.Boolean(string="NIP Below the Signer", default=True)
    name_underlined = fields.Boolean(string="Signer's Name Underlined", default=True)
    show_initials = fields.Boolean(
        string="Boxes for Initials",
        help="Boxes for the initials (paraf) of those below the signer, on drafts only.",
        default=True,
    )
    electronic_footer = fields.Text(
        default="Dokumen ini telah ditandatangani secara elektronik menggunakan sertifikat "
        "elektronik yang diterbitkan oleh Balai Besar Sertifikasi Elektronik (BSrE), BSSN.",
        help="Printed below a letter that is signed electronically.",
    )
    active = fields.Boolean(default=True)

    @api.constrains(
        "paper",
        "width",
        "height",
        "margin_top",
        "margin_bottom",
        "margin_left",
        "margin_right",
        "font_size",
        "letterhead_size",
        "letterhead_ratio",
        "line_height",
    )
    def _check_sizes(self):
        for style in self:
            width, height = style._size()
            if not (100 <= width <= 450 and 100 <= height <= 600):
                raise ValidationError(
                    self.env._("A sheet is 100 to 450 mm wide and 100 to 600 mm high.")
                )
            margins = [style[f"margin_{side}"] for side in ("top", "bottom", "left", "right")]
            if min(margins) < 0 or max(margins) > 6:
                raise ValidationError(self.env._("Margins are 0 to 6 cm."))
            if not (6 <= style.font_size <= 16 and 8 <= style.letterhead_size <= 28):
                raise ValidationError(
                    self.env._("Letters are 6 to 16 pt high, the letterhead's 8 to 28 pt.")
                )
            if not (0.4 <= style.letterhead_ratio <= 1 and 0.9 <= style.line_height <= 2.5):
                raise ValidationError(
                    self.env._(
                        "The share of the letterhead's first line is 0.4 to 1, the spacing of "
                        "lines 0.9 to 2.5."
                    )
                )

    def _preview_fields(self):
        return set(self._fields) - set(models.MAGIC_COLUMNS)

    def _preview_paper(self):
        """The letterhead of an office, as if it used this style."""
        domain = [("kind", "=", "manager"), ("company_id", "in", self.env.companies.ids)]
        unit = self.env["lapor.unit"].search(domain, limit=1)
        if not unit:
            raise UserError(self.env._("There is no office yet whose papers could be shown."))
        # Taken back with the rest of the preview; whoever may write styles need not write units.
        unit.sudo().paper_style_id = self
        return "lapor_reports.letterhead_sample", unit

    def _size(self):
        """Width and height of the sheet in millimetres."""
        self.ensure_one()
        return PAPERS.get(self.paper) or (self.width, self.height)

    def _css(self, landscape=False):
        """The part of the style sheet that this style decides."""
        self.ensure_one()
        width, height = self._size()
        if landscape:
            width, height = height, width
            # Bound at the same edge: the left margin moves to the top.
            margin = (self.margin_right, self.margin_right, self.margin_right, self.margin_right)
        else:
            margin = (self.margin_top, self.margin_right, self.margin_bottom, self.margin_left)
        rules = {
            "double": "border-bottom: 3pt double black",
            "thick_thin": "border-top: 2.5pt solid black; border-bottom: .8pt solid black; "
            "height: 1.2pt",
            "single": "border-bottom: 1.5pt solid black",
            "none": "display: none",
        }
        numbers = {
            "top": '@top-center { content: "- " counter(page) " -"; '
            f"font: {self.font_size:g}pt {FONTS[self.font]} }}",
            "bottom": '@bottom-right { content: counter(page) " / " counter(pages); '
            f"font: 8pt {FONTS[self.font]}; color: #555 }}",
        }
        place = numbers[self.page_numbers].split()[0]
        small = self.letterhead_size * self.letterhead_ratio
        return (
            f"@page {{ size: {width}mm {height}mm; margin: "
            f"{' '.join(f'{value:g}cm' for value in margin)}; {numbers[self.page_numbers]} }}\n"
            f"@page :first {{ {place} {{ content: none }} }}\n"
            f"body {{ font: {self.font_size:g}pt/{self.line_height:g} {FONTS[self.font]} }}\n"
            f".kop-rule {{ {rules[self.rule]} }}\n"
            f".kop-office {{ font-size: {self.letterhead_size:g}pt }}\n"
            f".kop-above {{ font-size: {small:g}pt }}\n"
            f".signer-name {{ "
            f"text-decoration: {'underline' if self.name_underlined else 'none'} }}\n"
        )
