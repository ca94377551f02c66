from odoo import models

from ..tools.signature import nip_spaced


class LaporComplaint(models.Model):
    """A complaint on paper: receipt, file, line of the register."""

    _name = "lapor.complaint"
    _inherit = [
        "lapor.complaint",
        "lapor.paper.mixin",
        "lapor.figure.past.mixin",
        "lapor.tracking.mixin",
    ]

    def _past_fields(self):
        return {"category_id", "channel_id", "classification", "name", "place"}

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"is_anonymous", "is_secret", "is_misconduct"}:
            self._forget_past()
        return result

    def _keep_past(self, before):
        if not before:
            return
        hidden = self._hidden_cases().ids
        super()._keep_past(
            {
                (res_id, name): value
                for (res_id, name), value in before.items()
                if res_id not in hidden or name not in ("name", "place")
            }
        )

    def _hidden_cases(self):
        """Those whose former words are not kept: they might say who complained."""
        # Called to forget words, whoever made the case secret.
        return self.sudo().filtered(
            lambda case: case.is_anonymous or case.is_secret or case.is_misconduct
        )

    def _forget_past(self):
        """What has been hidden is hidden in reports of the past, too."""
        domain = [
            ("model", "=", self._name),
            ("res_id", "in", self._hidden_cases().ids),
            ("field", "in", ["name", "place"]),
        ]
        # As the system: nobody has a right on former values.
        self.env["lapor.figure.past"].sudo().search(domain).unlink()

    def _paper_unit(self):
        # Settings of offices are no secret; whoever may print a case may see its letterhead.
        return self[:1].sudo().managing_unit_id

    def _paper_tracking_url(self):
        """Where the complainant follows the complaint; neither number nor code is in it."""
        # The public address of the program.
        base = self.env["ir.config_parameter"].sudo().get_param("web.base.url", "")
        return f"{base.rstrip('/')}/aduan"

    def _receipt(self):
        """What the receipt (tanda terima) shows besides plain fields.

        :returns: dict with ``tracking`` (code, or False for those who may not know it),
            ``officer`` (name of who took it in), ``nip`` of his and ``complainant``
        """
        self.ensure_one()
        # The name of who took the complaint in stands on its receipt.
        officer = self.sudo().create_uid
        entry = self.env["lapor.appointment"]._of_user(officer, self.create_date)
        # A page of the portal prints as the system, for whoever asks.
        own = self.with_user(self.env.uid)
        can_read_code = own._has_field_access(self._fields["tracking_code"], "read")
        return {
            "tracking": can_read_code and self.tracking_code,
            "officer": entry.user_name or officer.name,
            "nip": nip_spaced(entry.user_nip if entry else officer.lapor_nip),
            "complainant": self._paper_complainant(),
        }

    def _paper_complainant(self):
        """The identity for a paper: the record if this user may read it, else an empty one."""
        self.ensure_one()
        # Many2one values are read as the system, so that the right is asked for here.
        return self.complainant_id.with_user(self.env.uid)._filtered_access("read")

    # ------------------------------------------------------------
    # REGISTER AND FILE
    # ------------------------------------------------------------

    def _register_lines(self):
        """The lines of the register (buku register), oldest first.

        Who complained is told to those only who may read it: asked once for all lines.

        :returns: list of dicts
        """
        complaints = self.sorted(lambda complaint: (complaint.received_at, complaint.id))
        words = self._paper_words("classification", "phase", "outcome")
        known = complaints.complainant_id.with_user(self.env.uid)._filtered_access("read")
        lines = []
        for complaint in complaints.with_context(lang="id_ID"):
            # Facts of cases that the user may read; the complainant only where he may know him.
            case = complaint.sudo()
            complainant = case.complainant_id & known.sudo()
            hidden = "Dirahasiakan" if case.complainant_id else "Tanpa nama"
            lines.append(
                {
                    "number": complaint.number,
                    "received_at": complaint.received_at,
                    "channel": case.channel_id.name,
                    "name": complainant.name or hidden,
                    "address": complainant.address or "",
                    "occupation": complainant.occupation or "",
                    "subject": complaint.name,
                    "place": complaint.place or "",
                    "class": words["classification"][complaint.classification],
                    "category": case.category_id.name or "",
                    "unit": case.unit_id.name or "",
                    "status": words["outcome"].get(complaint.outcome)
                    or words["phase"][complaint.phase],
                    "closed_at": complaint.closed_at,
                }
            )
        return lines

    def _paper_words(self, *names):
        """Words of selections in Indonesian: {field: {value: word}}."""
        env = self.with_context(lang="id_ID").env
        return {name: dict(self._fields[name]._description_selection(env)) for name in names}

    def _dossier(self):
        """The whole file of a case, of what this user may read.

        :returns: dict of records and of ``steps``, each planned against real
        """
        self.ensure_one()
        events = self.event_ids.sorted("sequence")
        return {
            "complainant": self._paper_complainant(),
            "steps": [visit._dossier_line() for visit in self.step_ids.sorted("id")],
            "dispositions": self.disposition_ids.sorted("id"),
            "inspections": self.inspection_ids.sorted("id"),
            # The acknowledgement only says that it was sent.
            "responses": self.response_ids.filtered(lambda item: item.kind != "ack").sorted("id"),
            "events": events,
            "broken": events._verify_chains(self).get(self.id),
        }
