from odoo import models

from ..tools.signature import nip_spaced


class LaporInspection(models.Model):
    """A field visit as surat tugas and berita acara."""

    _name = "lapor.inspection"
    _inherit = ["lapor.inspection", "lapor.paper.mixin"]

    def _paper_unit(self):
        unit = self[:1].sudo().visit_id.unit_id
        return unit.office_id or unit

    def _members(self):
        """The team, as it stands in the papers.

        :returns: list of dicts with ``name``, ``nip``, ``rank`` and ``title``
        """
        self.ensure_one()
        company = self.sudo().company_id
        members = []
        # Titles and NIP of the team stand in its papers; whoever prints need not read users.
        for user in self.sudo().team_ids:
            positions = user.lapor_position_ids.filtered(
                lambda position: position.company_id == company
            )
            members.append(
                {
                    "name": user.name,
                    "nip": nip_spaced(user.lapor_nip),
                    "rank": user.lapor_rank or "",
                    "title": positions[:1]._title() if positions else "",
                }
            )
        return members

    def _basis(self):
        """The disposition on which the visit rests; may be empty."""
        self.ensure_one()
        return self.sudo().complaint_id.disposition_ids.sorted("id")[-1:]

    def _photos(self):
        """Files of the visit that may be pictures; what cannot be printed is left out later."""
        self.ensure_one()
        # Photos belong to the case, which this user reads.
        inspection = self.sudo()
        taken = inspection.env["ir.attachment"].search(
            [
                ("res_model", "=", "lapor.inspection.photo"),
                ("res_field", "=", "image"),
                ("res_id", "in", inspection.photo_ids.ids),
            ]
        )
        return taken.sorted("id") | inspection.attachment_ids.sorted("id")
