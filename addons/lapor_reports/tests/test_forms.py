import base64
import io

from PIL import Image

from odoo.fields import Command
from odoo.tests import tagged

from . import pdfa
from .common import PaperCase


@tagged("post_install", "-at_install")
class TestForms(PaperCase):
    """Lembar disposisi, berita acara, surat tugas, register, file, SOP."""

    def test_disposition_sheet(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, "2")
        asked = self.env["lapor.instruction"].search([], limit=2)
        self._advance(
            complaint,
            self.head,
            disposition={
                "lead_position_id": self.engineer_position.id,
                "copy_position_ids": self.opd_admin_position.ids,
                "instruction_ids": asked.ids,
                "note": "Segera ditinjau",
                "urgency": "urgent",
                "date_due": "2030-02-01",
            },
        )
        text = self._printed("disposition_sheet", complaint.sudo().disposition_ids, self.engineer)
        for words in (
            "LEMBAR",
            "Surat dari",
            "Budi Santoso",
            "Diterima tgl.",
            "No. Agenda",
            "Tgl. Surat",
            "Sifat :",
            "Jalan berlubang",
            "Diteruskan kepada Sdr.",
            "Kabid Bina Marga",
            "tembusan",
            "Dengan hormat harap",
            "Segera ditinjau",
            "1 Februari 2030",
            "Kepala Dinas Kominfo,",
            "Kepala Kominfo",
        ):
            self.assertIn(words, text)
        self.assertEqual(text.count("✓"), len(asked) + 1)
        for item in self.env["lapor.instruction"].search([("company_id", "=", False)]):
            self.assertIn(item.name, text)

    def test_minutes_and_assignment(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, "3")
        photo = self.env["ir.attachment"].create(
            {"name": "a.png", "datas": base64.b64encode(self._png())}
        )
        inspection = (
            self.env["lapor.inspection"]
            .with_user(self.engineer)
            .sudo()
            ._begin(
                complaint.sudo().current_step_id,
                {
                    "date": "2026-01-05",
                    "place": "Pasar Lama",
                    "findings": "Lubang satu meter",
                    "conclusion": "Benar",
                    "attachment_ids": photo.ids,
                    "assignment_number": "800/1/2026",
                },
            )
        )
        inspection.member_ids = [Command.create({"user_id": self.opd_admin.id})]
        content = self._print("minutes", inspection, self.engineer)
        text = self._text(content)
        for words in (
            "BERITA ACARA",
            "Senin, tanggal lima bulan Januari tahun dua ribu dua puluh enam (05-01-2026)",
            "Surat Tugas nomor 800/1/2026",
            "Lubang satu meter",
            "Pihak yang dikonfirmasi",
            "Tanda tangan",
            "LAMPIRAN: FOTO",
            "Foto 1. Pasar Lama 5 Januari 2026",
        ):
            self.assertIn(words, text)
        self.assertEqual(text.count("Kabid Bina Marga"), 4)
        self.assertIn(b"/Subtype /Image", content)
        self.assertEqual(pdfa.faults(content), [])
        text = self._printed("assignment", inspection, self.engineer)
        for words in ("SURAT TUGAS", "NOMOR 800/1/2026", "MENUGASKAN", "Admin DPUPR"):
            self.assertIn(words, text)

    def test_minutes_have_a_blank_for_the_number_where_the_office_numbers_by_hand(self):
        texts = []
        series = Command.create({"document": "report", "pattern": "BA-{seq:03}/{year}"})
        for letter_series in ([], [series]):
            self.opd.letter_series_ids = letter_series
            complaint = self._make_complaint()
            self._walk_to(complaint, "3")
            inspection = (
                self.env["lapor.inspection"]
                .with_user(self.engineer)
                .sudo()
                ._record(
                    complaint.sudo().current_step_id,
                    {
                        "date": "2026-01-05",
                        "place": "Pasar",
                        "findings": "Lubang",
                        "conclusion": "Benar",
                    },
                )
            )
            texts.append(self._printed("minutes", inspection, self.engineer))
        self.assertIn("BERITA ACARA NOMOR …", texts[0])
        self.assertNotIn("KONSEP", texts[0])
        self.assertRegex(texts[1], r"BERITA ACARA NOMOR BA-\d{3}/\d{4} TENTANG")

    def _png(self):
        output = io.BytesIO()
        Image.new("RGB", (30, 20), "blue").save(output, "PNG")
        return output.getvalue()

    def test_register_hides_who_is_hidden(self):
        open_case = self._make_complaint()
        hidden = self._make_complaint(is_anonymous=True, name="Pungli parkir")
        hidden.sudo().complainant_id.name = "Siti Rahasia"
        for complaint in (open_case, hidden):
            self._walk_to(complaint, "3")
        both = open_case | hidden
        text = self._printed("register", both, self.operator)
        self.assertIn("Budi", text)
        self.assertNotIn("Siti", text)
        text = self._printed("register", both, self.engineer)
        self.assertNotIn("Siti", text)
        self.assertIn("Dirahasiakan", text)
        self.assertIn("Pungli parkir", text)
        self.assertIn("Nihil", self._printed("register", both.browse(), self.operator))

    def test_file_shows_planned_against_real_and_the_chain(self):
        complaint = self._make_complaint()
        self._walk_to(complaint, "5")
        text = self._printed("dossier", complaint, self.head)
        for words in (
            "Mutu baku",
            "60 menit",
            "5 hari kerja",
            "tepat waktu",
            "(berjalan)",
            "Sudah kami tambal.",
            "Disposisi",
            "utuh",
        ):
            self.assertIn(words, text)
        last = complaint.sudo().event_ids.sorted("sequence")[-1:]
        self.assertIn(last.hash, text.replace(" ", ""))

    def test_sop_is_printed_back_in_its_layout(self):
        draft = self._make_sop(name="SOP Konsep", activate=False)
        draft.write({"label_activity": "Uraian Prosedur", "label_endorsement": "Pengesahan"})
        text = self._printed("sop_sheet", draft, self.administrator)
        for words in (
            "KONSEP",
            "Nomor SOP",
            "Pengesahan",
            "Nama SOP",
            "Uraian Prosedur",
            "Kepala OPD",
            "Mutu Baku",
            "Susun tanggapan aduan",
        ):
            self.assertIn(words, text)
