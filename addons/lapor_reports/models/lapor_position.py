from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.signature import full_title, nip_spaced, title_lines


class LaporPosition(models.Model):
    """How a position signs: its printed title, and for whom."""

    _inherit = "lapor.position"

    printed_title = fields.Char(
        string="Title on Letters",
        help="As printed above the signature, such as “Kepala Dinas Komunikasi dan "
        "Informatika”. Empty: the position title, with the unit that it leads.",
    )
    sign_mode = fields.Selection(
        [
            ("own", "In its own name"),
            ("an", "a.n. (for its superior)"),
            ("ub", "u.b. (for a superior who signs a.n.)"),
        ],
        string="Signs",
        required=True,
        default="own",
    )
    signs_for_id = fields.Many2one(
        "lapor.position",
        string="For",
        check_company=True,
        ondelete="restrict",
        help="Whose letters it signs. Empty: its superior.",
    )

    @api.constrains("sign_mode", "signs_for_id", "parent_id")
    def _check_signs_for(self):
        for position in self.filtered(lambda position: position.sign_mode != "own"):
            superior = position.signs_for_id or position.parent_id
            if not superior or superior == position:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” signs for another position: choose which one.",
                        name=position.name,
                    )
                )

    def _letter_title(self):
        """The title of this position as letters print it; empty for no position."""
        if not self:
            return ""
        return self.printed_title or full_title(self.name, self.unit_id.name)

    def _signature(self, signed=None):
        """The block of a signature.

        :param dict signed: how it was signed, as of :meth:`_signing_as`; by default how today's
            holder signs
        :returns: dict with ``titles`` (lines), ``name``, ``rank``, ``nip``
        """
        # Titles, ranks and NIP stand on every letter; whoever prints need not read users.
        position = self.sudo()
        signed = signed or position._signing_as()
        own = signed["title"] or ""
        if position and own.endswith(signed["own_title"]):
            own = own.removesuffix(signed["own_title"]) + position._letter_title()
        superior = position.signs_for_id or position.parent_id
        head = superior.signs_for_id or superior.parent_id
        return {
            "titles": title_lines(
                position.sign_mode or "own", own, superior._letter_title(), head._letter_title()
            ),
            "name": signed["name"],
            "rank": signed["rank"],
            "nip": nip_spaced(signed["nip"]),
        }
