from odoo import models


class LaporDisposition(models.Model):
    """A disposition as a sheet (lembar disposisi)."""

    _name = "lapor.disposition"
    _inherit = ["lapor.disposition", "lapor.paper.mixin"]

    def _paper_unit(self):
        # The office whose letterhead is on the sheet.
        disposition = self[:1].sudo()
        unit = disposition._issued_for().unit_id or disposition.visit_id.unit_id
        return unit.office_id or unit

    def _paper_sheet(self):
        """What the sheet shows: the facts of ``_sheet``, and what is drawn of them.

        :returns: dict of those facts, with ``ticks`` (pairs of instruction and whether ticked),
            ``lines``, ``chain`` (dispositions up to this one), ``block`` and ``hidden``
            (whether the sender is not named)
        """
        self.ensure_one()
        # Titles and names stand on the sheet; whoever prints it need not read them elsewhere.
        facts = self.with_context(lang="id_ID")._sheet()
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
        position = disposition.from_position_id
        signed = {
            "title": facts["title"] or facts["name"] or "",
            "own_title": position.name or "",
            "name": facts["name"] or "",
            "rank": facts["rank"] or "",
            "nip": facts["nip"] or "",
        }
        case = disposition.complaint_id
        return {
            **facts,
            "hidden": case.is_anonymous or case.is_secret or case.is_misconduct,
            "ticks": [(item.name, item in asked) for item in instructions],
            "lines": [self._paper_addressee(line) for line in disposition.line_ids],
            "chain": chain,
            "block": position._signature(signed),
        }

    def _paper_addressee(self, line):
        """One addressee: title, holder, what for, until when, and how far it is."""
        words = {"lead": "penanggung jawab", "helper": "membantu", "copy": "tembusan"}
        position = line.position_id
        title, unit = position._title(), position.unit_id.name
        return {
            "title": title if unit in position._letter_title() else f"{title}, {unit}",
            "name": position.holder_id.name or "",
            "kind": words[line.kind],
            "date_due": line.date_due or line.disposition_id.date_due,
            "received_at": line.received_at,
            "read_at": line.read_at,
            "done_at": line.done_at,
        }
