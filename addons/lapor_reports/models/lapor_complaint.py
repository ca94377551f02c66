from odoo import models

from ..tools.signature import nip_spaced


class LaporComplaint(models.Model):
    """A complaint on paper: receipt, file, line of the register."""

    _name = "lapor.complaint"
    _inherit = ["lapor.complaint", "lapor.paper.mixin"]

    def _paper_unit(self):
        # Settings of offices are no secret; whoever may print a case may see its letterhead.
        return self[:1].sudo().managing_unit_id

    def _paper_tracking_url(self):
        """Where the complainant follows the complaint; the code is not in it."""
        self.ensure_one()
        base = self.env["ir.config_parameter"].sudo().get_param("web.base.url", "")
        return f"{base.rstrip('/')}/aduan"

    def _receipt(self):
        """What the receipt (tanda terima) shows besides plain fields.

        :returns: dict with ``tracking`` (code, or False for those who may not know it),
            ``officer`` (``res.users`` who took it in), ``nip`` of his and ``complainant``
        """
        self.ensure_one()
        officer = self.sudo().create_uid
        can_read_code = self._has_field_access(self._fields["tracking_code"], "read")
        return {
            "tracking": can_read_code and self.tracking_code,
            "officer": officer,
            "nip": nip_spaced(officer.lapor_nip),
            "complainant": self._paper_complainant(),
        }

    def _paper_complainant(self):
        """The identity for a paper: the record if this user may read it, else an empty one."""
        self.ensure_one()
        # Many2one values are read as the system, so that the right is asked for here.
        return self.complainant_id.with_user(self.env.uid)._filtered_access("read")
