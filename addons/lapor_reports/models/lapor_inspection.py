import base64

from odoo import models

from ..tools.signature import nip_spaced


class LaporInspection(models.Model):
    """A field visit as surat tugas and berita acara."""

    _name = "lapor.inspection"
    _inherit = ["lapor.inspection", "lapor.paper.mixin"]

    def _paper_unit(self):
        # The office whose letterhead is on the report.
        unit = self[:1].sudo().visit_id.unit_id
        return unit.office_id or unit

    def _members(self):
        """The team, as it stands in the papers.

        :returns: list of dicts with ``name``, ``nip``, ``rank``, ``title`` (as it was when the
            member signed), ``task``, ``signed_at`` and ``excuse``
        """
        self.ensure_one()
        members = []
        # Titles and NIP of the team stand in its papers; whoever prints need not read users.
        for member in self.sudo().member_ids.sorted(lambda item: (item.sequence, item.id)):
            signing = (
                member.appointment_id._signing()
                if member.appointment_id
                else member.position_id._signing_as(member.user_id)
            )
            members.append(
                {
                    "name": signing["name"],
                    "nip": nip_spaced(signing["nip"]),
                    "rank": signing["rank"],
                    "title": member.signed_title or signing["title"],
                    "task": ", ".join(
                        filter(None, ["ketua tim" if member.is_head else "", member.task])
                    ),
                    "signed_at": member.signed_at,
                    "excuse": member.excuse_reason if member.state == "excused" else "",
                }
            )
        return members

    def _people(self):
        """Who was asked, as the report tells it: a name to be kept secret is on no paper, which
        goes from hand to hand.

        :returns: list of dicts with ``name``, ``kind`` and ``statement``
        """
        self.ensure_one()
        people = self.person_ids.with_context(lang="id_ID")
        words = dict(people._fields["kind"]._description_selection(people.env))
        return [
            {
                "name": f"{words[person.kind]} (nama dirahasiakan)"
                if person.is_name_secret
                else person.name,
                "kind": words[person.kind]
                if not person.is_name_secret and person.name != words[person.kind]
                else "",
                "statement": person.statement,
            }
            for person in people.sorted(lambda item: (item.sequence, item.id))
        ]

    def _hour_words(self, paper):
        """The hour of the visit with its zone ("09.30 WITA")."""
        minutes = round(self.hour * 60)
        return f"{minutes // 60:02d}.{minutes % 60:02d} {paper.zone}"

    def _basis(self):
        """The disposition on which the visit rests; may be empty."""
        self.ensure_one()
        # The number and date of the disposition stand in the report, whoever prints it.
        return self.sudo().complaint_id.disposition_ids.sorted("id")[-1:]

    def _printed_photos(self, paper):
        """Photos of the visit, and its files that are pictures; others are left out.

        :param paper: the sheet that they are printed on
        :returns: list of dicts with ``src``, ``caption`` and ``when``
        """
        self.ensure_one()
        # Photos belong to the case, which this user reads.
        inspection = self.sudo().with_context(bin_size=False)
        sources = {"camera": "menurut kamera", "upload": "saat diunggah"}
        shown = [
            {
                "src": paper.picture(base64.b64decode(photo.image or b"")),
                "caption": photo.name,
                "when": f"{paper.date_time(photo.taken_at)} ({sources[photo.time_source]})"
                if photo.taken_at
                else "",
            }
            for photo in inspection.photo_ids
        ]
        shown += [
            {"src": paper.picture(file.raw), "caption": "", "when": paper.date(self.date)}
            for file in inspection.attachment_ids.sorted("id")
        ]
        return [photo for photo in shown if photo["src"]]
