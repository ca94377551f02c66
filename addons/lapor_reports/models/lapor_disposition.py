from odoo import models

from ..tools.signature import nip_spaced


class LaporDisposition(models.Model):
    """A disposition as a sheet (lembar disposisi)."""

    _name = "lapor.disposition"
    _inherit = ["lapor.disposition", "lapor.paper.mixin"]

    def _paper_unit(self):
        disposition = self[:1].sudo()
        unit = disposition.from_position_id.unit_id or disposition.visit_id.unit_id
        return unit.office_id or unit

    def _sheet(self):
        """What the sheet shows besides plain fields.

        :returns: dict with ``instructions`` (pairs of name and whether ticked), ``lines``,
            ``chain`` (dispositions up to this one), ``block`` and ``complainant``
        """
        self.ensure_one()
        disposition = self.sudo()
        asked = disposition.instruction_ids
        listed = self.env["lapor.instruction"].search(
            [("company_id", "in", [disposition.company_id.id, False])]
        )
        instructions = (listed | asked).sorted(lambda item: (item.sequence, item.id))
        chain = self.browse()
        link = disposition.parent_id
        while link:
            chain = link + chain
            link = link.parent_id
        issuer, position = disposition.from_user_id, disposition.from_position_id
        title = disposition.from_title or issuer.name
        if position:
            title = title.replace(position.name, position._letter_title())
        return {
            "instructions": [(item.name, item in asked) for item in instructions],
            "lines": [self._addressee(line) for line in disposition.line_ids],
            "chain": chain,
            "block": {
                "titles": [f"{title},"],
                "name": issuer.name,
                "rank": issuer.lapor_rank or "",
                "nip": nip_spaced(issuer.lapor_nip),
            },
            "complainant": self.complaint_id._paper_complainant(),
        }

    def _addressee(self, line):
        """One addressee: title, holder, what for, and until when."""
        words = {"lead": "penanggung jawab", "helper": "membantu", "copy": "tembusan"}
        position = line.position_id
        # Receipts and dates of each addressee, where the office keeps them.
        kept = {
            name: line[name] if name in line._fields else False
            for name in ("date_due", "received_at", "read_at", "done_at")
        }
        return {
            "title": position._title()
            if position.unit_id.name in position._letter_title()
            else f"{position._title()}, {position.unit_id.name}",
            "name": position.holder_id.name or "",
            "kind": words[line.kind],
            **kept,
            "date_due": kept["date_due"] or line.disposition_id.date_due,
        }
