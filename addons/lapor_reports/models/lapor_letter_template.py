from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import letter_slots

KINDS = [
    ("request", "Request for Data"),
    ("interim", "Interim Response"),
    ("final", "Final Response"),
    ("out_of_authority", "Out of Authority"),
    ("handover", "Handover"),
]
SECURITIES = [("normal", "Biasa"), ("limited", "Terbatas"), ("secret", "Rahasia")]
URGENCIES = [("normal", "Biasa"), ("urgent", "Segera"), ("very_urgent", "Sangat Segera")]


class LaporLetterTemplate(models.Model):
    """The office's own sentences around the text of a letter: opening, closing, tembusan.

    The most specific one applies: of the unit or the nearest above it, of the kind of letter.
    A text with a slot that does not exist is refused when it is saved, so that the last good
    one stays.
    """

    _name = "lapor.letter.template"
    _description = "Sentences of Letters"
    _inherit = ["lapor.paper.mixin", "lapor.live.preview.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one("res.company", string="Government", index=True)
    unit_id = fields.Many2one(
        "lapor.unit", check_company=True, ondelete="cascade", help="Empty: for all units."
    )
    kind = fields.Selection(KINDS, help="Empty: for all letters.")
    security = fields.Selection(SECURITIES, required=True, default="normal")
    urgency = fields.Selection(URGENCIES, required=True, default="normal")
    opening = fields.Text(
        help="Before the text, unless the text itself names the complaint. Slots: {nomor}, "
        "{tanggal}, {kanal}, {hal}, {unit}, {tempat}.",
    )
    closing = fields.Text(help="After the text, unless the text itself ends with thanks.")
    copies_to = fields.Text(string="Tembusan", help="One line for each addressee of a copy.")
    active = fields.Boolean(default=True)

    @api.constrains("opening", "closing", "copies_to")
    def _check_slots(self):
        for template in self:
            for name in ("opening", "closing", "copies_to"):
                try:
                    letter_slots.check(template[name] or "")
                except ValueError as error:
                    label = self._fields[name]._description_string(self.env)
                    raise ValidationError(template._slot_error(label, error)) from error

    def _slot_error(self, label, error):
        if error.args[0] == "slot":
            return self.env._(
                "“%(field)s” has an unknown slot {%(slot)s}. Known: %(slots)s.",
                field=label,
                slot=error.args[1],
                slots=", ".join(f"{{{slot}}}" for slot in letter_slots.SLOTS),
            )
        return self.env._("The braces in “%(field)s” do not fit together.", field=label)

    def _paper_unit(self):
        return self.unit_id or self.env["lapor.unit"].search([("kind", "=", "manager")], limit=1)

    def _preview_fields(self):
        return {"name", "unit_id", "company_id", "kind", "security", "urgency"} | {
            "opening",
            "closing",
            "copies_to",
        }

    def _preview_paper(self):
        return "lapor_reports.letter_sample", self

    @api.model
    def _find(self, unit, kind):
        """The template for letters of a kind from a unit; empty when there is none.

        :param unit: ``lapor.unit``
        :param str kind: one of :data:`KINDS`
        """
        units = unit._above()
        # Read as the system: the sentences of an office are on every letter it sends.
        found = self.sudo().search(
            [
                ("company_id", "in", [unit.company_id.id, False]),
                ("unit_id", "in", [*units.ids, False]),
                ("kind", "in", [kind, False]),
            ]
        )
        order = list(units.ids)
        return found.sorted(
            lambda template: (
                order.index(template.unit_id.id) if template.unit_id else len(order),
                not template.kind,
                not template.company_id,
                template.sequence,
                template.id,
            )
        )[:1]

    def _paragraphs(self, name, values):
        """One of the texts, filled, as a list of paragraphs."""
        text = letter_slots.fill((self[name] or "") if self else "", values)
        return [line.strip() for line in text.splitlines() if line.strip()]

    def action_preview(self):
        """Show a letter with these sentences and invented facts."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/report/pdf/lapor_reports.letter_sample/{self.id}",
            "target": "new",
        }

    def _sample(self):
        """An invented letter with these sentences, as ``lapor.response._letter`` gives one."""
        self.ensure_one()
        unit = self._paper_unit()
        values = {
            "nomor": "XXX-2026-00001",
            "tanggal": "2 Januari 2026",
            "kanal": "Tatap Muka",
            "hal": "Jalan berlubang di depan pasar",
            "unit": unit.name,
            "tempat": unit._place() if unit else "",
        }
        return {
            "number": "……",
            "security": dict(SECURITIES)[self.security],
            "urgency": dict(URGENCIES)[self.urgency],
            "enclosures": "-",
            "subject": "Tanggapan atas pengaduan",
            "addressee": ["Sdr. Pelapor", "Pengaduan nomor XXX-2026-00001"],
            "opening": self._paragraphs("opening", values),
            "body": "<p>Isi surat ditulis oleh penyusun tanggapan: fakta, tindak lanjut, dasar, "
            "dan rencana beserta waktunya.</p>",
            "closing": self._paragraphs("closing", values),
            "copies": self._paragraphs("copies_to", values),
            "block": (unit._head_position() if unit else self.env["lapor.position"])._signature(),
            "date": None,
            "parafs": [],
            "watermark": "CONTOH",
            "electronic": False,
        }
