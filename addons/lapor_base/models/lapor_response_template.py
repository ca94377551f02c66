from babel.dates import format_date

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import html2plaintext

from ..tools.letter_slots import AUTOMATIC, fill_automatic, find_slots
from .lapor_response import KINDS


class LaporResponseTemplate(models.Model):
    """A text to begin a response with, edited by administrators on the screen.

    Nothing in it is executed: its slots are a few fixed words (``tools/letter_slots.py``).
    """

    _name = "lapor.response.template"
    _description = "Response Template"
    _order = "kind, sequence, id"
    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(KINDS, required=True, default="final")
    category_ids = fields.Many2many(
        "lapor.category", string="Categories", help="Empty: for complaints of every category."
    )
    company_id = fields.Many2one(
        "res.company", string="Government", help="Empty: for every government.", index=True
    )
    unit_id = fields.Many2one(
        "lapor.unit",
        string="Office",
        ondelete="cascade",
        help="Empty: for every office.",
    )
    subject = fields.Char(help="May contain slots that the program fills in.")
    body = fields.Html(
        required=True,
        help="Slots: {{isi: what to write}}, {{pilih: one | or other}}, and filled in by the "
        "program {{nomor_aduan}}, {{tanggal_aduan}}, {{judul_aduan}}, {{kanal}}, {{tempat}}, "
        "{{kantor}}, {{tanggal_hari_ini}}.",
    )
    active = fields.Boolean(default=True)

    @api.constrains("body", "subject")
    def _check_slots(self):
        for template in self:
            slots = find_slots(f"{template.subject or ''}\n{template.body}")
            unknown = [words for kind, words in slots if kind == "unknown"]
            if unknown:
                raise ValidationError(
                    self.env._(
                        "Unknown slots: %(unknown)s. Known: %(known)s, {{isi: …}}, "
                        "{{pilih: … | …}}.",
                        unknown=", ".join(f"{{{{{words}}}}}" for words in unknown),
                        known=", ".join(f"{{{{{name}}}}}" for name in AUTOMATIC),
                    )
                )

    @api.model
    def _domain_for(self, complaint, kinds):
        """Which templates suit a case.

        :param list kinds: kinds of responses
        """
        offices = (complaint.managing_unit_id | complaint.unit_id).ids
        return [
            ("kind", "in", kinds),
            ("company_id", "in", [False, complaint.company_id.id]),
            ("unit_id", "in", [False, *offices]),
            "|",
            ("category_ids", "=", False),
            ("category_ids", "parent_of", complaint.category_id.ids),
        ]

    def _fill(self, complaint):
        """Subject and text for a case, with what the program knows filled in.

        :returns: (str, Markup)
        """
        self.ensure_one()
        values = self._values(complaint)
        subject = html2plaintext(str(fill_automatic(self.subject or "", values)))
        return subject.strip(), fill_automatic(str(self.body), values)

    @api.model
    def _values(self, complaint):
        # Letters are Indonesian, whatever the language of the staff.
        def date(value):
            return format_date(value, "d MMMM y", locale="id")

        return {
            "nomor_aduan": complaint.number,
            "tanggal_aduan": date(complaint._local_received_at()),
            "judul_aduan": complaint.name,
            "kanal": complaint.channel_id.name,
            "tempat": complaint.place,
            "kantor": complaint.managing_unit_id.name,
            "tanggal_hari_ini": date(complaint.managing_unit_id._local_now().date()),
        }
