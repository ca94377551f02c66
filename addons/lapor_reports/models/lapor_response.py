import re

from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext

from odoo.addons.lapor_base.models.lapor_response import LaporResponse as LaporResponseBase

from ..tools import terbilang
from ..tools.addressee import addressed, copies
from ..tools.pdf import EngineMissing
from .lapor_letter_template import SECURITIES, URGENCIES

REPORT = "lapor_reports.action_report_letter"
WATERMARKS = {"draft": "KONSEP", "submitted": "KONSEP", "void": "BATAL"}
THANKS = ("demikian", "terima kasih")


class LaporResponse(models.Model):
    """A response as a letter (surat): particulars, sentences around the text, frozen PDF."""

    _name = "lapor.response"
    _inherit = ["lapor.response", "lapor.paper.mixin"]

    _lapor_proved = (
        *LaporResponseBase._lapor_proved,
        "letter_security",
        "letter_urgency",
        "enclosures",
        "copies_to",
        "addressee",
    )

    letter_security = fields.Selection(SECURITIES, string="Confidentiality (Sifat)", readonly=True)
    letter_urgency = fields.Selection(URGENCIES, readonly=True)
    enclosures = fields.Integer(readonly=True)
    copies_to = fields.Text(string="Tembusan", readonly=True)
    addressee = fields.Text(
        readonly=True, help="To whom the letter goes when it is not the complainant."
    )
    paper_ids = fields.One2many("lapor.paper", "response_id", string="Frozen Letters")

    def _paper_unit(self):
        # The office whose letterhead is on the letter.
        response = self[:1].sudo()
        position_unit = response.visit_id.unit_id
        return (
            response.signing_office_id
            or position_unit.office_id
            or response.complaint_id.managing_unit_id
        )

    def action_open_letter(self):
        """The dialog of the letter's particulars (sifat, lampiran, tembusan)."""
        self.ensure_one()
        self._check_letter_is_open()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Letter"),
            "res_model": "lapor.letter.edit",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_response_id": self.id, "dialog_size": "extra-large"},
        }

    def action_preview_letter(self):
        """Show the letter as it would be printed now; a draft says so on every sheet."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/report/pdf/lapor_reports.letter/{self.id}",
            "target": "new",
        }

    def _check_letter_is_open(self):
        """Whether this user may change the particulars of this letter now.

        :raises UserError: when it is signed or sent
        :raises AccessError: when the case's step is somebody else's
        """
        self.check_access("read")
        if self.state not in ("draft", "submitted"):
            raise UserError(self.env._("The letter is signed or sent; it stays as it is."))
        if self.author_id != self.env.user:
            self.complaint_id._check_step_is_mine()

    def _set_letter(self, values):
        """Store the particulars of a letter, after checks as the user."""
        self.complaint_id._lock_cases()
        self._check_letter_is_open()
        # Nobody has the right to write responses; the step is this user's.
        self.sudo().write(values)

    # ------------------------------------------------------------
    # THE LETTER
    # ------------------------------------------------------------

    def _letter(self):
        """Everything that the letter shows; see ``report/letter_templates.xml``."""
        self.ensure_one()
        complaint = self.complaint_id
        # What the letter says of its case is meant for its complainant.
        case = complaint.sudo()
        unit = self._paper_unit()
        template = self.env["lapor.letter.template"]._find(unit, self.kind)
        is_letter = self._is_letter()
        local = fields.Datetime.context_timestamp(
            self.with_context(tz=case.managing_unit_id._get_tz()), case.received_at
        )
        values = {
            "nomor": complaint.number,
            "tanggal": terbilang.long_date(local),
            "kanal": case.channel_id.with_context(lang="id_ID").name,
            "hal": complaint.name,
            "unit": unit.name,
            "tempat": unit._place(),
        }
        words = html2plaintext(str(self.body or "")).lower()
        moment = self.signed_at or self._left_at()
        return {
            "number": self.number or "……………………",
            "security": self._word("letter_security", template.security),
            "urgency": self._word("letter_urgency", template.urgency),
            "enclosures": terbilang.counted(self.enclosures, "berkas"),
            "subject": self.subject,
            "addressee": self._addressee(),
            "opening": []
            if (complaint.number or "").lower() in words
            else template._paragraphs("opening", values),
            "body": self._letter_text(),
            "closing": []
            if any(word in words[-300:] for word in THANKS)
            else template._paragraphs("closing", values),
            "copies": copies(self.copies_to) or template._paragraphs("copies_to", values)
            if is_letter
            else [],
            "somewhere": not self._knows_place(),
            "block": self._letter_position()._signature(self._signed()) if is_letter else None,
            "date": moment,
            "parafs": self._letter_parafs(),
            "watermark": "" if self._left_at() else WATERMARKS.get(self.state, ""),
            "electronic": False,
            "system": None if is_letter else self._system_facts(unit),
        }

    def _signed(self):
        """How the letter was signed; None while it is not."""
        # Who signed stands on the letter.
        response = self.sudo()
        if not response.signed_by_id:
            return None
        if response.signer_appointment_id:
            return response.signer_appointment_id._signing()
        user = response.signed_by_id
        return {
            "title": response.signer_title or "",
            "own_title": response.signer_position_id.name or "",
            "name": user.name,
            "rank": user.lapor_rank or "",
            "nip": user.lapor_nip or "",
        }

    def _word(self, name, default):
        words = dict(self._fields[name].selection)
        return words[self[name] or default or "normal"]

    def _letter_position(self):
        """Who signed the letter, or will."""
        # Who signs stands on the letter.
        response = self.sudo()
        if response.signer_position_id:
            return response.signer_position_id
        steps = response.complaint_id.sop_id.step_ids.filtered(lambda step: step.kind == "sign")
        return response.complaint_id._find_owner(steps[:1])[1]

    def _letter_parafs(self):
        """Those who initial a draft: who has done so, and who still will.

        :returns: list of (title, name, date or empty)
        """
        # Who initials stands on the draft.
        response = self.sudo()
        return [
            (
                paraf.title or paraf.position_id.name,
                (paraf.user_id or paraf.position_id.holder_id).name or "",
                paraf.state == "given" and paraf.at,
            )
            for paraf in response.paraf_ids
        ]

    def _names_complainant(self):
        """Whether the letter says who complained: never of an anonymous complainant."""
        self.ensure_one()
        return bool(not self.complaint_id.is_anonymous and self.complaint_id._paper_complainant())

    def _addressee(self):
        """Lines after "Yth."."""
        self.ensure_one()
        if self.addressee:
            return [line.strip() for line in self.addressee.splitlines() if line.strip()]
        if self.kind == "handover":
            # To a body outside, which does not learn who complained.
            head = self._greeting()[0]
            return [self.outside_unit_id.name or re.sub(r"(?i)^yth\.?\s*", "", head) or "–"]
        if self._names_complainant():
            complainant = self.complaint_id._paper_complainant()
            return [addressed(complainant.name), *filter(None, [complainant.address])]
        return ["Sdr. Pelapor", f"Pengaduan nomor {self.complaint_id.number}"]

    def _knows_place(self):
        """Whether the lines of the addressee say where that is."""
        self.ensure_one()
        if self.addressee or self.kind == "handover":
            return len(self._addressee()) > 1
        return self._names_complainant() and bool(self.complaint_id._paper_complainant().address)

    def _greeting(self):
        """The salutation with which the text begins, and the text after it.

        :returns: (text or "", HTML)
        """
        body = str(self.body or "")
        head, sep, rest = body.partition("</p>")
        greeting = html2plaintext(head).strip()
        if sep and greeting.lower().startswith("yth") and len(greeting) < 80:
            return greeting, rest
        return "", body

    def _letter_text(self):
        """The text without the salutation, which stands in the letter's head."""
        return self._greeting()[1]

    # ------------------------------------------------------------
    # FROZEN WHEN IT IS SIGNED, OR WHEN IT LEAVES
    # ------------------------------------------------------------

    def _sign(self, visit):
        result = super()._sign(visit)
        self._freeze_letter()
        return result

    def _freeze_letter(self):
        """Keep the paper as it is printed now.

        Where the printer is not installed, the act does not stop: the first print freezes it.
        """
        self.ensure_one()
        # As the system: whom a letter addresses does not depend on what its signer may read. Who
        # may read the frozen paper is asked of each reader.
        letter = self.with_user(SUPERUSER_ID)
        report = letter.env.ref(REPORT)
        try:
            content = letter.env["ir.actions.report"]._lapor_write_pdf(report, letter.ids, {})
        except UserError as error:
            if isinstance(error.__cause__, EngineMissing):
                return None
            raise
        return self.env["lapor.paper"]._freeze(self, content, letter._tells_identity())

    def _tells_identity(self):
        """Whether the paper says who complained, in its head or in its text; as the system."""
        case = self.complaint_id
        if case.is_anonymous or not case.complainant_id:
            return False
        if self._names_complainant() and not self.addressee and self.kind != "handover":
            return True
        texts = (self.subject or "", str(self.body or ""), self.addressee or "")
        return any(case._without_identity(text) != text for text in texts if text)

    def _mail_files(self):
        """The signed letter. Where no printer is installed the mail leaves without: it has the
        whole text."""
        files = super()._mail_files()
        content = self._letter_to_mail() if self.number and self.signed_at else None
        if content:
            name = re.sub(r"[^\w.-]+", "-", self.number).strip("-")
            files.append((f"{name}.pdf", content, "application/pdf"))
        return files

    def _letter_to_mail(self):
        """The PDF that the complainant gets: as it was signed; printed anew, without the identity,
        when the complainant has become anonymous since.

        :rtype: bytes | None
        """
        self._check_text_unchanged()
        paper = self.paper_ids[:1] or self._freeze_letter()
        if not paper:
            return None
        if paper.names_complainant and self.complaint_id.is_anonymous:
            report = self.env.ref(REPORT)
            return self.env["ir.actions.report"]._lapor_write_pdf(report, self.ids, {})
        return paper._bytes()

    def _frozen_pdf(self, report):
        self.ensure_one()
        # A cancelled letter is printed anew, because it must say so.
        if report.report_name != "lapor_reports.letter" or not self._is_freezable():
            return super()._frozen_pdf(report)
        # Whether this user may see the frozen letter is asked next.
        paper = self.sudo().paper_ids[:1]
        if not paper:
            if self.text_hash and not self._is_as_signed():
                raise UserError(
                    self.env._("The text differs from what was signed. It is not printed.")
                )
            paper = self._freeze_letter()
        if not paper or not paper.with_user(self.env.uid).has_access("read"):
            # Printed anew, without the identity that has been hidden since.
            return None
        return paper.sudo()._bytes()
