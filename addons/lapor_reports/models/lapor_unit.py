from odoo import fields, models


class LaporUnit(models.Model):
    """Letterhead and style of an office's papers; what is empty is as in the unit above."""

    _name = "lapor.unit"
    _inherit = [
        "lapor.unit",
        "lapor.paper.mixin",
        "lapor.live.preview.mixin",
        "lapor.figure.past.mixin",
    ]

    paper_style_id = fields.Many2one(
        "lapor.paper.style",
        check_company=True,
        ondelete="restrict",
        help="Sheet, margins and letters. Empty: as the unit above, and at last the standard.",
    )
    paper_place = fields.Char(
        string="Place on Letters",
        help="Before the date, such as “Paringin”. Empty: the city of the address.",
    )
    letterhead_contact = fields.Char(
        string="Last Line of the Letterhead",
        help="Address, telephone, website. Empty: written from the address below.",
    )

    def _past_fields(self):
        return super()._past_fields() | {"split_counting"}

    def _paper_unit(self):
        return self[:1]

    def _above(self):
        """This unit and those above it, the nearest first."""
        self.ensure_one()
        units = unit = self
        while unit.parent_id:
            unit = unit.parent_id
            units += unit
        return units

    def _paper_style(self):
        """The style of this unit's papers.

        :rtype: lapor.paper.style
        """
        # Read as the system: whoever prints need not have a right on settings.
        for unit in self.sudo()._above() if self else self:
            if unit.paper_style_id:
                return unit.paper_style_id
        return self.env.ref("lapor_reports.paper_style_a4").sudo()

    def _letterhead(self):
        """What the letterhead of this unit shows.

        :returns: dict with ``lines`` (above the office), ``office``, ``contact`` and ``logo``
            (base64 or False)
        """
        self.ensure_one()
        # What stands on every letter of the office.
        units = self.sudo()._above()
        bearer = next((unit for unit in units if (unit.letterhead or "").strip()), units[:1])
        lines = [line.strip() for line in (bearer.letterhead or "").splitlines() if line.strip()]
        if not lines:
            lines = [self.company_id.name.upper(), (self.office_id or self).name.upper()]
        return {
            "lines": lines[:-1],
            "office": lines[-1],
            "contact": bearer.letterhead_contact or bearer._contact_line(),
            "logo": next((unit.logo for unit in units if unit.logo), False),
        }

    def _contact_line(self):
        parts = [", ".join(filter(None, (self.street, self.city)))]
        for label, value in (
            ("Telepon", self.phone),
            ("Laman", self.website),
            ("Pos-el", self.email),
        ):
            if value:
                parts.append(f"{label} {value}")
        return "  ".join(filter(None, parts))

    def _place(self):
        """The place written before the date of a letter."""
        self.ensure_one()
        # What stands on every letter of the office.
        for unit in self.sudo()._above():
            if unit.paper_place or unit.city:
                return unit.paper_place or unit.city
        # Offices of one government mostly sit in its capital.
        manager = self.sudo().search(
            [
                ("company_id", "=", self.company_id.id),
                ("kind", "=", "manager"),
                "|",
                ("paper_place", "!=", False),
                ("city", "!=", False),
            ],
            limit=1,
        )
        return manager.paper_place or manager.city or ""

    def _head_position(self):
        """Who leads this office: its position without a superior in the same office.

        :rtype: lapor.position
        """
        self.ensure_one()
        office = self.office_id or self
        # What stands on every letter of the office.
        positions = self.env["lapor.position"].sudo().search([("unit_id", "=", office.id)])
        return positions.filtered(lambda position: position.parent_id.unit_id.office_id != office)[
            :1
        ]

    def _preview_fields(self):
        return {"name", "letterhead", "letterhead_contact", "logo", "paper_place"} | {
            "paper_style_id",
            "street",
            "city",
            "phone",
            "website",
            "email",
        }

    def _preview_paper(self):
        return "lapor_reports.letterhead_sample", self

    def action_preview_letterhead(self):
        """Show a sheet with this unit's letterhead, as it would be printed now."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/report/pdf/lapor_reports.letterhead_sample/{self.id}",
            "target": "new",
        }
